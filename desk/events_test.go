package desk_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/outbox"
)

// counter is an outbox that counts how often it was told.
type counter struct {
	receivers []string
	written   int
}

func (o *counter) Receivers() []string { return o.receivers }
func (o *counter) Written()            { o.written++ }

// withOutbox starts the desk anew with one.
func (b *bench) withOutbox(receivers ...string) *counter {
	o := &counter{receivers: receivers}
	b.stop()
	b.told = o
	b.start("ana", "ben", "cy")
	return o
}

// queued takes all that waits for a receiver, in order.
func (b *bench) queued(receiver string) []outbox.Delivery {
	b.t.Helper()
	var all []outbox.Delivery
	for {
		list, err := b.store.ClaimDeliveries(b.t.Context(), receiver, time.Now(), time.Now().Add(time.Hour), 100)
		if err != nil {
			b.t.Fatal(err)
		}
		if len(list) == 0 {
			return all
		}
		for _, d := range list {
			d.Status = outbox.Delivered
			if err := b.store.FinishDelivery(b.t.Context(), d, time.Now()); err != nil {
				b.t.Fatal(err)
			}
		}
		all = append(all, list...)
	}
}

// Every receiver has every event of a call, saved with the step it tells of, and
// the people by their names.
func TestEventsAreSaved(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		o := b.withOutbox("A", "B")
		b.available("ana", "ben")
		id := b.arrive("CA-dana")
		if list := b.queued("B"); len(list) != 1 || list[0].Type != "call.started" || o.written != 1 {
			t.Fatalf("as soon as Dana calls: %+v, told %d times", list, o.written)
		}
		b.answer("ana")
		b.forgetful.Store(true) // saved, but who asked does not know
		b.mustFail(b.ask(id, "ana", call.PutOnHold, ""))
		b.forgetful.Store(false)
		time.Sleep(30 * time.Second) // the hold is asked for again
		b.mustAsk(id, "ana", call.Consult, "ben")
		b.answer("ben")
		b.mustAsk(id, "ana", call.HandOver, "")
		time.Sleep(time.Minute)
		b.hangup("CA-dana")
		b.want(id, call.Ended, "ben")
		var types, ids []string
		for _, d := range b.queued("A") {
			types, ids = append(types, string(d.Type)), append(ids, d.Event)
			var sent struct {
				ID, Call string
				People   []struct{ ID, Name string }
			}
			if err := json.Unmarshal(d.Body, &sent); err != nil || sent.ID != d.Event || sent.Call != string(id) || !strings.HasPrefix(d.Event, string(id)+"-") {
				t.Errorf("%v: %s", err, d.Body)
			}
		}
		want := "[call.started call.answered call.held call.transferred call.resumed call.ended]"
		if fmt.Sprint(types) != want || len(slices.Compact(ids)) != len(types) {
			t.Errorf("%v %v, want %s", types, ids, want)
		}
		if n := len(b.queued("B")); n != 5 {
			t.Errorf("the other one has %d more", n)
		}
	})
}

func (b *bench) mustFail(err error) {
	b.t.Helper()
	if err == nil {
		b.t.Fatal("no error")
	}
}

// Where nobody is to be told nothing is written.
func TestNoEventsForNobody(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		o := b.withOutbox()
		b.available("ana")
		id := b.arrive("CA-dana")
		b.answer("ana")
		b.hangup("CA-dana")
		b.want(id, call.Ended, "ana")
		if list := b.queued(""); len(list) > 0 || o.written > 0 {
			t.Errorf("%d queued, told %d times", len(list), o.written)
		}
		if pending, err := b.store.PendingDeliveries(t.Context(), 9); err != nil || len(pending) > 0 {
			t.Errorf("%v, %v", pending, err)
		}
	})
}
