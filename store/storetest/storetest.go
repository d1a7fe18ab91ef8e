// Package storetest is what every store must pass, whatever database is behind
// it.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
	"warmdesk/outbox"
	"warmdesk/settings"
	"warmdesk/staff"
)

// Store is what is tested: the ports of the desk, of the outbox, of the staff and of the settings.
type Store interface {
	desk.Store
	outbox.Store
	staff.Store
	settings.Store
	Records(ctx context.Context, q history.Query) ([]history.Record, error)
	Tallies(ctx context.Context, q history.Query, at time.Time) ([]history.Tally, error)
}

// Now is the time of what is stored.
func Now() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 123456789, time.UTC) }

// Exercise runs the suite. open returns an empty store.
func Exercise(t *testing.T, open func(t *testing.T) Store) {
	tests := []struct {
		name string
		run  func(*testing.T, Store)
	}{
		{"a call comes back as it was saved", roundTrip},
		{"every field is kept", everyField},
		{"an older version is a conflict", versions},
		{"a failed save changes nothing", allOrNothing},
		{"an agent has one claim", claims},
		{"a carrier id belongs to one call", carrierIDs},
		{"live calls, oldest first", liveCalls},
		{"the timeline keeps its order", timeline},
		{"the roster", roster},
		{"what customers have left", tasks},
		{"settings", settingsVersions},
		{"one of two changes of the settings wins", settingsRace},
		{"music is kept while it may be wanted", sounds},
		{"users", users},
		{"links are used once", links},
		{"sessions", sessions},
		{"failed sign-ins", attempts},
		{"the audit trail is only added to", deeds},
		{"events are saved with their step", events},
		{"deliveries of one call keep their order", deliveryOrder},
		{"a delivery is one desk's at a time", deliveryLease},
		{"deliveries are retried and forgotten", deliveryEnds},
		{"records, newest first", records},
		{"calls are counted, live ones too", tallies},
		{"a filter finds what it takes", filters},
		{"what a customer has called lately", lately},
		{"many at once lose nothing", many},
		{"a cancelled caller is told so", cancelled},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// arrive makes a new call.
func arrive(id string) call.Call {
	return call.Create(call.Arrived{
		Call: call.ID(id), Account: "AC1", SID: "CA-" + id, Number: "+15550001", Name: "Dana", Recovery: true,
	}, Now())
}

func save(t *testing.T, s Store, v desk.Save) {
	t.Helper()
	if err := s.SaveCall(t.Context(), v); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, s Store, id call.ID) (call.Call, int64) {
	t.Helper()
	c, version, err := s.Call(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c, version
}

// failer is what testing.T and rapid.T have in common.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// same fails when two calls differ in anything but News. No list and an empty
// list are the same.
func same(t failer, got, want call.Call) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(call.Call{}, "News"), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("loaded differs from saved (-saved +loaded):\n%s", diff)
	}
}

func wantErr(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got error %v, want %v", err, want)
	}
}

func versions(t *testing.T, s Store) {
	c := arrive("one")
	save(t, s, desk.Save{Call: c})
	wantErr(t, s.SaveCall(t.Context(), desk.Save{Call: c}), desk.ErrConflict)
	c.Name = "first"
	save(t, s, desk.Save{Call: c, Version: 1})
	c.Name = "second"
	wantErr(t, s.SaveCall(t.Context(), desk.Save{Call: c, Version: 1}), desk.ErrConflict)
	got, version := load(t, s, "one")
	if version != 2 || got.Name != "first" {
		t.Fatalf("stored are version %d, name %q", version, got.Name)
	}
	wantErr(t, s.SaveCall(t.Context(), desk.Save{Call: arrive("absent"), Version: 1}), desk.ErrConflict)
	_, _, err := s.Call(t.Context(), "absent")
	wantErr(t, err, desk.ErrNotFound)
}

func allOrNothing(t *testing.T, s Store) {
	save(t, s, desk.Save{Call: arrive("one"), Claims: []call.Claim{{Agent: "ana", Leg: "one-2", Kind: call.ClaimLive}}})
	c := arrive("two")
	save(t, s, desk.Save{Call: c})
	c.Name = "changed"
	err := s.SaveCall(t.Context(), desk.Save{
		Call: c, Version: 1,
		Entries: []desk.Entry{{At: Now(), Kind: call.NewsOffered}},
		Agents:  []agent.Agent{{ID: "ana", Presence: agent.Away}},
		Claims:  []call.Claim{{Agent: "ben", Leg: "two-2", Kind: call.ClaimOffer}, {Agent: "ana", Leg: "two-3", Kind: call.ClaimOffer}},
	})
	wantErr(t, err, desk.ErrConflict)
	got, version := load(t, s, "two")
	same(t, got, arrive("two"))
	entries, err := s.Timeline(t.Context(), "two")
	if err != nil || len(entries) != 0 || version != 1 {
		t.Fatalf("version %d, timeline %v, %v", version, entries, err)
	}
	if agents, err := s.Agents(t.Context()); err != nil || len(agents) != 0 {
		t.Fatalf("roster %v, %v", agents, err)
	}
	// Nor is ben claimed.
	save(t, s, desk.Save{Call: arrive("three"), Claims: []call.Claim{{Agent: "ben", Leg: "three-2", Kind: call.ClaimOffer}}})
}

func claims(t *testing.T, s Store) {
	one, two := arrive("one"), arrive("two")
	save(t, s, desk.Save{Call: one, Claims: []call.Claim{{Agent: "ana", Leg: "one-2", Kind: call.ClaimOffer}}})
	wantErr(t, s.SaveCall(t.Context(), desk.Save{Call: two, Claims: []call.Claim{{Agent: "ana", Leg: "two-2", Kind: call.ClaimOffer}}}), desk.ErrConflict)
	// The holder may change and give back its own claim.
	save(t, s, desk.Save{Call: one, Version: 1, Claims: []call.Claim{{Agent: "ana", Leg: "one-2", Kind: call.ClaimLive}, {Agent: "ben", Leg: "one-3", Kind: call.ClaimOffer}}})
	save(t, s, desk.Save{Call: one, Version: 2, Claims: []call.Claim{{Agent: "ben", Leg: "one-3", Kind: call.ClaimLive}}})
	save(t, s, desk.Save{Call: two, Claims: []call.Claim{{Agent: "ana", Leg: "two-2", Kind: call.ClaimOffer}}})
}

func carrierIDs(t *testing.T, s Store) {
	one := arrive("one")
	save(t, s, desk.Save{Call: one})
	id, err := s.FindCall(t.Context(), "AC1", "CA-one")
	if err != nil || id != "one" {
		t.Fatalf("found %q, %v", id, err)
	}
	for _, absent := range [][2]string{{"AC1", "CA-two"}, {"AC2", "CA-one"}, {"AC1", ""}} {
		_, err := s.FindCall(t.Context(), absent[0], absent[1])
		wantErr(t, err, desk.ErrNotFound)
	}
	stolen := arrive("two")
	stolen.Legs[0].SID = "CA-one"
	wantErr(t, s.SaveCall(t.Context(), desk.Save{Call: stolen}), desk.ErrConflict)
	stolen.Legs[0].Account = "AC2" // another account's ids are its own
	save(t, s, desk.Save{Call: stolen})
	// Any number of legs may be without an id.
	for _, n := range []string{"three", "four"} {
		c := arrive(n)
		c.Legs[0].SID = ""
		save(t, s, desk.Save{Call: c})
	}
}

func liveCalls(t *testing.T, s Store) {
	want := map[call.ID]call.Call{}
	for i := range 5 {
		c := arrive(fmt.Sprintf("call%d", i))
		c.StartedAt = Now().Add(-time.Duration(i) * time.Minute)
		switch i {
		case 2:
			c.Stage = call.Ended
		case 3:
			c.Account = "AC2"
		default:
			c, _ = call.Step(c, call.Offered{Agent: agent.ID(fmt.Sprint("agent", i))}, Now())
			c = call.Begin(c, call.Plan(c, Now()), Now())
			want[c.ID] = c
		}
		save(t, s, desk.Save{Call: c})
	}
	got, err := s.LiveCalls(t.Context(), "AC1")
	if err != nil || len(got) != 3 || got[0].Call.ID != "call4" || got[2].Call.ID != "call0" {
		t.Fatalf("live calls: %v, %v", got, err)
	}
	for _, v := range got {
		same(t, v.Call, want[v.Call.ID])
		if v.Version != 1 {
			t.Fatalf("version %d", v.Version)
		}
	}
	save(t, s, desk.Save{Call: got[0].Call, Version: 1})
	versions, err := s.LiveVersions(t.Context(), "AC1")
	if diff := cmp.Diff(map[call.ID]int64{"call4": 2, "call1": 1, "call0": 1}, versions); diff != "" || err != nil {
		t.Fatal(err, diff)
	}
}

func timeline(t *testing.T, s Store) {
	c := arrive("one")
	want := []desk.Entry{
		{At: Now(), Kind: call.NewsArrived, Raw: url.Values{"CallSid": {"CA1"}, "From": {"+1 & 2", "ü"}}},
		{At: Now().Add(-time.Second), Kind: call.NewsInviteOver, Agent: "ben", Other: "ana", Outcome: call.Busy, Why: "rang out"},
		{At: Now(), Kind: call.NewsEnded},
	}
	save(t, s, desk.Save{Call: c, Entries: want[:1]})
	save(t, s, desk.Save{Call: c, Version: 1, Entries: want[1:]})
	got, err := s.Timeline(t.Context(), "one")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
}

func roster(t *testing.T, s Store) {
	ana := agent.Agent{ID: "ana", Name: "Ana", Presence: agent.Available, Since: Now(), IdleSince: Now(), TokenUntil: Now().Add(time.Hour),
		Until: Now().Add(time.Minute), WrapCall: "one", Next: agent.Away, NextReason: "lunch", Teams: []string{"billing", "tech"}, Phone: "+4930111111", ByPhone: true}
	ben := agent.Agent{ID: "ben", Name: "Ben", Presence: agent.Offline}
	if err := s.SaveAgents(t.Context(), ben, ana); err != nil {
		t.Fatal(err)
	}
	ben.Presence, ben.Reason = agent.Away, "missed a call"
	save(t, s, desk.Save{Call: arrive("one"), Agents: []agent.Agent{ben}})
	got, err := s.Agents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]agent.Agent{ana, ben}, got); diff != "" {
		t.Fatal(diff)
	}
}

func tasks(t *testing.T, s Store) {
	due := func(id string, hours int) agent.Task {
		return agent.Task{
			ID: id, Account: "AC1", Call: "one", Kind: agent.Voicemail, Name: "Dana", Number: "+15550001", Recording: "RE-" + id,
			Length: 12 * time.Second, CreatedAt: Now(), DueAt: Now().Add(time.Duration(hours) * time.Hour), Owner: "ana",
		}
	}
	first, second, other := due("t1", 2), due("t2", 1), due("t3", 3)
	other.Account, other.Call = "AC2", "two"
	called := due("t4", 4)
	called.Kind, called.Recording, called.Length, called.Owner = agent.Callback, "", 0, ""
	save(t, s, desk.Save{Call: arrive("one"), Tasks: []agent.Task{first, called}})
	two := arrive("two")
	save(t, s, desk.Save{Call: two, Tasks: []agent.Task{other}})
	again := first // the same message, told of once more
	again.ID, again.Owner = "t5", "ben"
	save(t, s, desk.Save{Call: arrive("one"), Version: 1, Tasks: []agent.Task{again, second}})
	open := func(want ...agent.Task) {
		t.Helper()
		got, err := s.Tasks(t.Context(), "AC1")
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("%v, -want +got:\n%s", err, diff)
		}
	}
	open(second, first, called)

	// Asked for without a call: the same number twice, because it is not the store that says what is known.
	asked := due("t7", 5)
	asked.Call, asked.Kind, asked.Recording, asked.Length, asked.Topic, asked.When = "", agent.Callback, "", 0, "Invoice", "after 10"
	once := asked
	once.ID = "t8"
	for _, task := range []agent.Task{asked, once} {
		if err := s.SaveTask(t.Context(), desk.TaskSave{Task: task}); err != nil {
			t.Fatal(err)
		}
	}
	open(second, first, called, asked, once)
	for _, task := range []agent.Task{asked, once} {
		over := task
		over.DoneAt, over.DoneBy = Now(), "ana"
		if err := s.SaveTask(t.Context(), desk.TaskSave{Was: task, Task: over}); err != nil {
			t.Fatal(err)
		}
	}
	open(second, first, called)

	// A step that is not saved leaves nothing to do.
	wantErr(t, s.SaveCall(t.Context(), desk.Save{Call: arrive("one"), Version: 1, Tasks: []agent.Task{due("t6", 1)}}), desk.ErrConflict)
	_, err := s.Task(t.Context(), "t6")
	wantErr(t, err, desk.ErrNotFound)

	told := func(id string) []history.Event {
		return []history.Event{{ID: id, Type: history.TaskDone, At: Now(), Call: "one", Version: 1}}
	}
	done := first
	done.Owner, done.DoneAt, done.DoneBy = "ben", Now(), "ben"
	if err := s.SaveTask(t.Context(), desk.TaskSave{Was: first, Task: done, Events: told("done"), Receivers: []string{"A", "B"}}); err != nil {
		t.Fatal(err)
	}
	open(second, called)
	got, err := s.Task(t.Context(), "t1")
	if diff := cmp.Diff(done, got); err != nil || diff != "" {
		t.Fatalf("%v, -want +got:\n%s", err, diff)
	}
	// What is not saved is not told either, and what is saved is told at once.
	wantErr(t, s.SaveTask(t.Context(), desk.TaskSave{Was: first, Task: first, Events: told("not"), Receivers: []string{"A"}}), desk.ErrConflict)
	wantEvents(t, claim(t, s, "A", 0, 9), "done")
	wantEvents(t, claim(t, s, "B", 0, 9), "done")
	if err := s.SaveTask(t.Context(), desk.TaskSave{Was: done, Task: first}); err != nil {
		t.Fatal(err)
	}
	open(second, first, called)
}

func many(t *testing.T, s Store) {
	save(t, s, desk.Save{Call: arrive("one")})
	const writers, steps = 8, 10
	errs := make(chan error, writers)
	var wait sync.WaitGroup
	for range writers {
		wait.Go(func() {
			for range steps {
				for {
					c, version, err := s.Call(t.Context(), "one")
					if err != nil {
						errs <- err
						return
					}
					c.LegSeq++
					err = s.SaveCall(t.Context(), desk.Save{Call: c, Version: version})
					if err == nil {
						break
					}
					if !errors.Is(err, desk.ErrConflict) {
						errs <- err
						return
					}
				}
			}
		})
	}
	wait.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
	if c, _ := load(t, s, "one"); c.LegSeq != 1+writers*steps {
		t.Fatalf("%d changes are left of %d", c.LegSeq-1, writers*steps)
	}
}

func cancelled(t *testing.T, s Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.SaveCall(ctx, desk.Save{Call: arrive("one")}); err == nil {
		if _, _, err := s.Call(t.Context(), "one"); err != nil {
			t.Fatalf("saved without an error, but: %v", err)
		}
		return
	}
	_, _, err := s.Call(t.Context(), "one")
	wantErr(t, err, desk.ErrNotFound)
}
