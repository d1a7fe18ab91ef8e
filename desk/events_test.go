package desk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/history"
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

// Others are told of each time that a task is done, and of nothing that was not
// saved.
// Who asks without a call is told of as who leaves a number in one, once however
// often they ask.
func TestRequestsAreTold(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		o := b.withOutbox("A")
		wish := agent.Request{Name: "Dana", Number: "+49 30 123456", Topic: "Invoice", When: "after 10"}
		for range 2 {
			if _, err := b.AskCallBack(t.Context(), wish); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := b.AskCallBack(t.Context(), agent.Request{Name: "Eve", Number: "none"}); !errors.Is(err, agent.ErrRequestNumber) {
			t.Error(err)
		}
		tasks, list := b.tasks(), b.queued("A")
		if len(tasks) != 1 || len(list) != 1 || o.written != 1 || list[0].Type != history.TaskCreated ||
			!strings.Contains(string(list[0].Body), `"call":"","customer":{"number":"+4930123456","name":"Dana"}`) || !strings.Contains(string(list[0].Body), `"topic":"Invoice","when":"after 10"`) {
			t.Fatalf("%+v, %+v, told %d times", tasks, list, o.written)
		}
	})
}

func TestTasksAreTold(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		o := b.withOutbox("A", "B")
		id := b.arrive("CA-dana")
		b.pass(agent.NobodyTime + time.Second)
		b.press(id, "2")
		b.press(id, "+4930123456")
		b.queued("A")
		b.queued("B")
		o.written = 0
		task := b.tasks()[0].ID
		for _, kind := range []agent.TaskRequestKind{agent.DoneTask, agent.DoneTask, agent.ReopenTask, agent.TakeTask, agent.DoneTask} {
			time.Sleep(time.Second)
			if _, err := b.RequestTask(t.Context(), task, agent.TaskRequest{Kind: kind, By: "cy"}); err != nil && !errors.Is(err, agent.ErrTaskNotNow) {
				t.Fatal(err)
			}
		}
		for _, receiver := range []string{"A", "B"} {
			list := b.queued(receiver)
			if len(list) != 2 || list[0].Event == list[1].Event || o.written != 2 {
				t.Fatalf("%s: %+v, told %d times", receiver, list, o.written)
			}
			for i, owner := range []string{"ana", "cy"} { // cy has taken it meanwhile
				want := fmt.Sprintf(`"owner":%q`, owner)
				if list[i].Type != history.TaskDone || !strings.Contains(string(list[i].Body), want) || !strings.Contains(string(list[i].Body), `"done_by":"cy"`) {
					t.Errorf("%s, want %s done by cy", list[i].Body, want)
				}
			}
		}
	})
}
