package desk_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

// press lets a customer who is asked press keys and do as they are told.
func (b *bench) press(id call.ID, digits string) {
	b.t.Helper()
	c := b.call(id)
	sid := c.CustomerLeg().SID
	c, err := b.Fact(b.t.Context(), id, call.Chose{SID: sid, Question: c.Choice.Question, Digits: digits}, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.carrier.does(c, b.carrier.bySID(sid))
	synctest.Wait()
}

// message is what became of a customer's message.
func (b *bench) message(id call.ID, recording string, length time.Duration) {
	b.t.Helper()
	c := b.call(id)
	e := call.Recorded{SID: c.CustomerLeg().SID, Question: c.Choice.Question, RecordingSID: recording, Length: length}
	if _, err := b.Fact(b.t.Context(), id, e, nil); err != nil {
		b.t.Fatal(err)
	}
	synctest.Wait()
}

func (b *bench) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// tasks are the store's open ones.
func (b *bench) tasks() []agent.Task {
	b.t.Helper()
	tasks, err := b.store.Tasks(b.t.Context(), "AC1")
	if err != nil {
		b.t.Fatal(err)
	}
	return tasks
}

// Nobody is signed in: after two minutes, and not before, the customer is asked,
// and again two minutes later; who signs in has them.
func TestNobodyIsThere(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		id := b.arrive("CA-dana")
		b.pass(agent.NobodyTime - time.Second)
		b.want(id, call.Queued, "")
		b.pass(2 * time.Second)
		b.want(id, call.Choosing, "")
		if c := b.call(id); c.Choice.Why != agent.Nobody || c.CustomerLeg().Told == "" {
			t.Errorf("%+v\n%+v", c.Choice, c.Legs)
		}
		b.pass(call.AskPause + time.Second)
		if c := b.call(id); c.Choice.Times != 2 {
			t.Errorf("asked %d times", c.Choice.Times)
		}
		b.pass(time.Hour)
		if c := b.call(id); c.Choice.Times != call.AskMost || c.Stage != call.Choosing {
			t.Errorf("asked %d times, %s", c.Choice.Times, c.Stage)
		}
		if line := b.View().Waiting(); len(line) != 1 || line[0].Call != string(id) {
			t.Errorf("in line: %v", line)
		}
		b.available("ana")
		b.answer("ana")
		b.want(id, call.Talking, "ana")
		if l := b.carrier.bySID("CA-dana"); !l.in {
			t.Error("Dana was not brought back")
		}
	})
}

// The last one signs out while somebody waits, and comes back in time.
func TestTheLastOneLeaves(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana")
		dora := b.arrive("CA-dora")
		b.answer("ana")
		id := b.arrive("CA-dana")
		b.pass(10 * time.Minute)
		b.want(id, call.Queued, "") // Ana is there, if busy
		for _, p := range []agent.Presence{agent.Offline, agent.Away, agent.Offline} {
			if err := b.SetPresence(t.Context(), "ana", p, ""); err != nil {
				t.Fatal(err)
			}
			b.pass(agent.NobodyTime - time.Second)
		}
		b.want(id, call.Queued, "")
		b.pass(2 * time.Second)
		b.want(id, call.Choosing, "")
		b.want(dora, call.Talking, "ana")
	})
}

// Outside business hours the customer is told soon after the welcome; in time,
// at closing time.
func TestClosed(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		hours, err := agent.ParseHours("Sat 01:00-02:00, Mon-Fri 09:00-17:00 UTC")
		if err != nil {
			t.Fatal(err)
		}
		b.service = agent.Service{Hours: hours}
		b.stop()
		b.start("ana")
		b.page("ana", "page") // there, and not free
		if err := b.SetPresence(t.Context(), "ana", agent.Away, ""); err != nil {
			t.Fatal(err)
		}
		// A bubble begins on Saturday, 1 January 2000, at midnight.
		id := b.arrive("CA-dana")
		b.want(id, call.Queued, "")
		b.pass(call.SettleTime + time.Second)
		b.want(id, call.Choosing, "")
		b.hangup("CA-dana")
		b.pass(time.Until(time.Date(2000, 1, 1, 1, 30, 0, 0, time.UTC)))
		id = b.arrive("CA-dora")
		b.pass(29 * time.Minute)
		b.want(id, call.Queued, "")
		b.pass(2 * time.Minute)
		b.want(id, call.Choosing, "")
		b.press(id, "1")
		b.message(id, "RE1", 5*time.Second)
		due := time.Date(2000, 1, 3, 13, 0, 0, 0, time.UTC)
		if list := b.tasks(); len(list) != 1 || !list[0].DueAt.Equal(due) || list[0].Owner != "ana" {
			t.Errorf("tasks %+v, want one due %v", list, due)
		}
	})
}

// A long wait, a message, and what becomes of the task.
func TestVoicemail(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.service = agent.Service{MaxWait: 5 * time.Minute}
		b.stop()
		b.start("ana", "ben")
		b.page("ana", "page")
		if err := b.SetPresence(t.Context(), "ana", agent.Away, ""); err != nil {
			t.Fatal(err)
		}
		id := b.arrive("CA-dana")
		b.pass(5*time.Minute + time.Second)
		b.want(id, call.Choosing, "")
		b.press(id, "1")
		b.want(id, call.Recording, "")
		b.message(id, "RE1", 12*time.Second)
		b.pass(call.PartingTime + call.OwedTime)
		b.want(id, call.Ended, "")
		b.message(id, "RE1", 12*time.Second)
		list := b.tasks()
		if len(list) != 1 || list[0].Recording != "RE1" || list[0].Length != 12*time.Second || list[0].Owner != "ana" || list[0].Name != "CA-dana" {
			t.Fatalf("tasks %+v", list)
		}
		if diff := cmp.Diff(list, b.View().Tasks); diff != "" {
			t.Errorf("-stored +seen:\n%s", diff)
		}
		task := list[0].ID
		step := func(r agent.TaskRequest, want error) {
			t.Helper()
			if _, err := b.RequestTask(t.Context(), task, r); !errors.Is(err, want) {
				t.Errorf("%+v: %v, want %v", r, err, want)
			}
		}
		step(agent.TaskRequest{Kind: agent.TakeTask, By: "ben"}, nil)
		step(agent.TaskRequest{Kind: agent.TakeTask, By: "ben"}, agent.ErrTaskNotNow)
		step(agent.TaskRequest{Kind: agent.AssignTask, By: "ben", To: "zoe"}, agent.ErrTaskTo)
		step(agent.TaskRequest{Kind: agent.DoneTask, By: "ben"}, nil)
		if len(b.tasks()) != 0 || len(b.View().Tasks) != 1 {
			t.Errorf("done: stored %v, seen %v", b.tasks(), b.View().Tasks)
		}
		step(agent.TaskRequest{Kind: agent.ReopenTask, By: "ana"}, nil)
		if list := b.tasks(); len(list) != 1 || list[0].Owner != "ben" {
			t.Errorf("open again: %+v", list)
		}
		step(agent.TaskRequest{Kind: agent.DoneTask, By: "ben"}, nil)
		b.pass(9 * time.Minute)
		if len(b.View().Tasks) != 1 {
			t.Error("what was done lately is not seen any more")
		}
		b.pass(2 * time.Minute)
		if seen := b.View().Tasks; len(seen) != 0 {
			t.Errorf("seen long after it was done: %+v", seen)
		}
		task = "nonsense"
		step(agent.TaskRequest{Kind: agent.DoneTask, By: "ben"}, desk.ErrNoTask)
	})
}

// The store takes the message and its answer is lost: the task is there once, and
// people see it. So it is after a restart.
func TestTaskOnceAndForAll(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		id := b.arrive("CA-dana")
		b.pass(agent.NobodyTime + time.Second)
		b.press(id, "1")
		c := b.call(id)
		e := call.Recorded{SID: "CA-dana", Question: c.Choice.Question, RecordingSID: "RE1", Length: time.Second}
		b.forgetful.Store(true)
		if _, err := b.Fact(t.Context(), id, e, nil); err == nil {
			t.Fatal("nobody noticed that the answer was lost")
		}
		b.forgetful.Store(false)
		if _, err := b.Fact(t.Context(), id, e, nil); err != nil {
			t.Fatal(err)
		}
		b.pass(2 * time.Second)
		if seen := b.View().Tasks; len(seen) != 1 || len(b.tasks()) != 1 {
			t.Errorf("seen %+v, stored %+v", seen, b.tasks())
		}
		b.stop()
		b.start("ana", "ben", "cy")
		if seen := b.View().Tasks; len(seen) != 1 || !slices.Equal(seen, b.tasks()) {
			t.Errorf("after a restart: seen %+v, stored %+v", seen, b.tasks())
		}
	})
}

// The desk is down while a customer leaves a message and hangs up: afterwards the
// carrier is asked for it. Its own word, late, makes no second task of it.
func TestMessageWhileDown(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		id := b.arrive("CA-dana")
		b.pass(agent.NobodyTime + time.Second)
		b.press(id, "1")
		b.want(id, call.Recording, "")
		b.stop()
		b.carrier.messages = map[string][]call.Message{"CA-dana": {{RecordingSID: "RE1", Length: 12 * time.Second}}}
		b.carrier.bySID("CA-dana").status = call.Over
		b.start("ana", "ben", "cy")
		b.pass(call.CollectPause - time.Second)
		b.want(id, call.Ending, "")
		b.pass(2 * time.Second)
		b.want(id, call.Ended, "")
		b.message(id, "RE1", 12*time.Second)
		list := b.tasks()
		if len(list) != 1 || list[0].Recording != "RE1" || list[0].Length != 12*time.Second || !slices.Equal(list, b.View().Tasks) {
			t.Errorf("stored %+v, seen %+v", list, b.View().Tasks)
		}
		if n := b.carrier.count(call.Collect); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

// The desk is away while somebody waits: afterwards they are asked, and a key
// that was pressed before still counts for the question it answers.
func TestAskedAfterARestart(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		id := b.arrive("CA-dana")
		b.stop()
		time.Sleep(10 * time.Minute)
		b.start("ana", "ben", "cy")
		b.pass(agent.NobodyTime + time.Second) // nobody is known to have been signed in
		b.want(id, call.Choosing, "")
		b.stop()
		time.Sleep(time.Minute)
		b.start("ana", "ben", "cy")
		b.want(id, call.Choosing, "")
		if c := b.call(id); c.Choice.Times != 1 {
			t.Errorf("asked %d times", c.Choice.Times)
		}
		b.press(id, "1")
		b.want(id, call.Recording, "")
	})
}

// A customer asks on their own page to be called back, and an agent who spoke
// with them before is the one to do it.
func TestCallMeBack(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana", "ben")
		id := b.arrive("CA-dana")
		b.answer("ana")
		b.mustAsk(id, "ana", call.Invite, "ben")
		b.answer("ben")
		b.mustAsk(id, "ana", call.Leave, "")
		b.pass(call.TakeBackTime + time.Second)
		for _, who := range []agent.ID{"ana", "cy"} {
			if err := b.SetPresence(t.Context(), who, agent.Away, ""); err != nil {
				t.Fatal(err)
			}
		}
		b.mustAsk(id, "ben", call.Requeue, "")
		b.want(id, call.Queued, "")
		var refused *call.RefusedError
		if _, err := b.Fact(t.Context(), id, call.CallMeBack{Number: "12"}, nil); !errors.As(err, &refused) {
			t.Errorf("a bad number: %v", err)
		}
		if _, err := b.Fact(t.Context(), id, call.CallMeBack{Number: "+49 30 123456"}, nil); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		b.want(id, call.Ended, "")
		if list := b.tasks(); len(list) != 1 || list[0].Owner != "ben" || list[0].Number != "+4930123456" {
			t.Errorf("tasks %+v", list)
		}
	})
}
