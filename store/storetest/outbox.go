package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
	"warmdesk/outbox"
)

// tell saves a new call with n events for each receiver.
func tell(t *testing.T, s Store, id string, n int, receivers ...string) {
	t.Helper()
	v := desk.Save{Call: arrive(id), Receivers: receivers}
	for i := range n {
		v.Events = append(v.Events, event(id, i))
	}
	save(t, s, v)
}

func event(id string, i int) history.Event {
	return history.Event{ID: fmt.Sprintf("%s-1-%d", id, i), Type: history.CallStarted, At: Now(), Call: call.ID(id), Version: 1}
}

// claim takes what is due d from now, with a lease of 30 s.
func claim(t *testing.T, s Store, receiver string, d time.Duration, n int) []outbox.Delivery {
	t.Helper()
	list, err := s.ClaimDeliveries(t.Context(), receiver, Now().Add(d), Now().Add(d+30*time.Second), n)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func finish(t *testing.T, s Store, d outbox.Delivery, status outbox.Status, next time.Duration) {
	t.Helper()
	d.Status, d.Next, d.Code, d.Error = status, Now().Add(next), 500, "no"
	if err := s.FinishDelivery(t.Context(), d, Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
}

func eventIDs(list []outbox.Delivery) string {
	ids := make([]string, len(list))
	for i, d := range list {
		ids[i] = d.Event
	}
	return strings.Join(ids, " ")
}

func wantEvents(t *testing.T, list []outbox.Delivery, want string) {
	t.Helper()
	if got := eventIDs(list); got != want {
		t.Fatalf("got deliveries %q, want %q", got, want)
	}
}

func events(t *testing.T, s Store) {
	tell(t, s, "one", 1, "A", "B")
	got := claim(t, s, "A", 0, 9)
	want := []outbox.Delivery{{
		Number: 1, Event: "one-1-0", Type: history.CallStarted, Call: "one", At: Now(), Receiver: "A", Status: outbox.Pending,
		Body:  []byte(`{"id":"one-1-0","type":"call.started","timestamp":"2026-11-22T09:00:00.123456789Z","version":1,"call":"one","customer":{"number":"","name":""},"people":null,"data":null}`),
		Tries: 1, Tried: Now(), Next: Now().Add(30 * time.Second),
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	wantEvents(t, claim(t, s, "B", 0, 9), "one-1-0")
	wantEvents(t, claim(t, s, "C", 0, 9), "")
	// A save that fails queues nothing; nor does one without receivers.
	c := arrive("one")
	err := s.SaveCall(t.Context(), desk.Save{Call: c, Version: 7, Events: []history.Event{event("one", 1)}, Receivers: []string{"A"}})
	wantErr(t, err, desk.ErrConflict)
	tell(t, s, "two", 3)
	pending, err := s.PendingDeliveries(t.Context(), 9)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"A": 1, "B": 1}, pending); diff != "" {
		t.Fatal(diff)
	}
	tell(t, s, "three", 3, "B")
	if pending, err = s.PendingDeliveries(t.Context(), 2); err != nil || pending["A"] != 1 || pending["B"] != 2 {
		t.Fatal(pending, err)
	}
}

func deliveryOrder(t *testing.T, s Store) {
	tell(t, s, "one", 3, "A")
	tell(t, s, "two", 1, "A")
	due := claim(t, s, "A", 0, 9)
	wantEvents(t, due, "one-1-0 two-1-0")
	// A failure holds its own call's events back, and nobody else's.
	finish(t, s, due[0], outbox.Pending, time.Minute)
	finish(t, s, due[1], outbox.Delivered, 0)
	tell(t, s, "three", 2, "A")
	wantEvents(t, claim(t, s, "A", time.Second, 9), "three-1-0")
	if next, err := s.NextDelivery(t.Context(), "A"); err != nil || !next.Equal(Now().Add(31*time.Second)) {
		t.Fatalf("next is due at %v, %v", next, err)
	}
	due = claim(t, s, "A", time.Minute, 1)
	wantEvents(t, due, "three-1-0") // its lease ran out before
	finish(t, s, due[0], outbox.Delivered, 0)
	due = claim(t, s, "A", time.Minute, 9)
	wantEvents(t, due, "three-1-1 one-1-0")
	if due[1].Tries != 2 {
		t.Fatalf("%d tries", due[1].Tries)
	}
	finish(t, s, due[1], outbox.GivenUp, 0) // the next one is not to wait for ever
	due = claim(t, s, "A", time.Minute, 9)
	wantEvents(t, due, "one-1-1")
	finish(t, s, due[0], outbox.Delivered, 0)
	wantEvents(t, claim(t, s, "A", time.Minute, 9), "one-1-2")
	if next, err := s.NextDelivery(t.Context(), "B"); err != nil || !next.IsZero() {
		t.Fatalf("next is due at %v, %v", next, err)
	}
}

func deliveryLease(t *testing.T, s Store) {
	const calls = 20
	for i := range calls {
		tell(t, s, fmt.Sprintf("call%02d", i), 1, "A")
	}
	var mu sync.Mutex
	seen := map[string]int{}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for {
				list, err := s.ClaimDeliveries(t.Context(), "A", Now(), Now().Add(time.Minute), 3)
				if err != nil {
					t.Error(err)
				}
				if len(list) == 0 {
					return
				}
				mu.Lock()
				for _, d := range list {
					seen[d.Event]++
				}
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	if len(seen) != calls {
		t.Errorf("%d of %d were claimed", len(seen), calls)
	}
	for e, n := range seen {
		if n != 1 {
			t.Errorf("%s was claimed %d times", e, n)
		}
	}
	// Who comes back after the lease has no say any more.
	again := claim(t, s, "A", time.Minute, 1)[0]
	old := again
	old.Tries--
	finish(t, s, old, outbox.GivenUp, 0)
	finish(t, s, again, outbox.Delivered, 0)
	list, err := s.Deliveries(t.Context(), 1)
	if err != nil || list[0].Event != again.Event || list[0].Status != outbox.Delivered {
		t.Fatalf("%+v, %v", list, err)
	}
}

func deliveryEnds(t *testing.T, s Store) {
	tell(t, s, "one", 1, "A")
	tell(t, s, "two", 1, "A")
	due := claim(t, s, "A", 0, 9)
	finish(t, s, due[0], outbox.GivenUp, 0)
	finish(t, s, due[1], outbox.Delivered, 0)
	tell(t, s, "three", 1, "A") // not attempted yet
	list, err := s.Deliveries(t.Context(), 9)
	if err != nil {
		t.Fatal(err)
	}
	wantEvents(t, list, "two-1-0 one-1-0")
	if d := list[1]; d.Status != outbox.GivenUp || !d.Next.IsZero() || d.Code != 500 || d.Error != "no" || d.Tries != 1 {
		t.Fatalf("%+v", d)
	}
	if err := s.RetryDelivery(t.Context(), due[0].Number, Now()); err != nil {
		t.Fatal(err)
	}
	if err := s.RetryDelivery(t.Context(), 99, Now()); !errors.Is(err, outbox.ErrNotFound) {
		t.Fatal(err)
	}
	again := claim(t, s, "A", 0, 9)
	wantEvents(t, again, "one-1-0 three-1-0")
	finish(t, s, again[0], outbox.GivenUp, 0)
	for _, test := range []struct {
		status outbox.Status
		before time.Duration
		want   int
	}{{outbox.Delivered, 0, 0}, {outbox.Delivered, time.Second, 1}, {outbox.GivenUp, time.Second, 1}, {outbox.GivenUp, time.Second, 0}} {
		if n, err := s.ForgetDeliveries(t.Context(), test.status, Now().Add(test.before), 5); err != nil || n != test.want {
			t.Fatalf("forgot %d %s, %v; want %d", n, test.status, err, test.want)
		}
	}
	list, err = s.Deliveries(t.Context(), 9)
	if err != nil {
		t.Fatal(err)
	}
	wantEvents(t, list, "three-1-0")
}
