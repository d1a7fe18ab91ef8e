package desk_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

// The carrier hangs: webhooks are answered from state alone, and deadlines are
// kept, also when there are more requests under way than workers.
func TestCarrierHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const callers = 40
		var roster []agent.ID
		for i := range callers {
			roster = append(roster, agent.ID(fmt.Sprintf("a%02d", i)))
		}
		b := newBench(t, roster...)
		defer b.end()
		b.carrier.refusing(call.Unknown, 30*time.Second)
		b.available(roster...)
		began := time.Now()
		ids := make([]call.ID, callers)
		for i := range ids {
			ids[i] = b.arrive(fmt.Sprintf("CA-c%02d", i))
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("arriving took %v", took)
		}
		for _, id := range ids {
			b.want(id, call.Offering, "")
			if d := call.DocumentFor(b.call(id), b.call(id).Legs[0].ID); d.Kind != call.EnterRoom {
				t.Errorf("document %v", d)
			}
		}
		time.Sleep(call.DialTime + time.Millisecond)
		synctest.Wait()
		for _, id := range ids {
			b.want(id, call.Queued, "")
		}
		b.hangup("CA-c00")
		if c := b.call(ids[0]); c.Stage != call.Ending {
			t.Errorf("stage %s", c.Stage)
		}
	})
}

// Every request fails: customers stay, dials are repeated with back-off, and
// all is well as soon as the carrier is.
func TestCarrierFails(t *testing.T) {
	for _, v := range []call.Verdict{call.TryBack, call.Refused, call.Unknown} {
		t.Run(string(v), func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.carrier.refusing(v, 10*time.Millisecond)
				b.available("ana", "ben")
				id := b.arrive("CA-dana")
				time.Sleep(3 * time.Minute)
				synctest.Wait()
				if c := b.call(id); c.Stage != call.Queued && c.Stage != call.Offering || len(c.Legs) > 3 {
					t.Fatalf("stage %s, legs %+v", c.Stage, c.Legs)
				}
				asked := b.carrier.count(call.Dial) + b.carrier.count(call.Find)
				if asked < 10 || asked > 180 {
					t.Errorf("asked %d times in three minutes", asked)
				}
				if looks := b.carrier.count(call.Look); looks > 90 {
					t.Errorf("looked %d times", looks)
				}
				if a := b.presence("ana"); a.Presence != agent.Available {
					t.Errorf("Ana is %s: the carrier's fault is not hers", a.Presence)
				}
				b.carrier.obey()
				time.Sleep(30 * time.Second)
				synctest.Wait()
				for _, who := range []agent.ID{"ana", "ben"} {
					if b.carrier.ringing(who) != nil {
						b.answer(who)
						b.want(id, call.Talking, who)
						return
					}
				}
				t.Errorf("nobody is rung: %+v", b.call(id))
			})
		})
	}
}

// Deadlines survive a restart: the overdue ring gets a moment, then it is over.
func TestRestart(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana", "ben", "cy")
		dana, dora := b.arrive("CA-dana"), b.arrive("CA-dora")
		b.answer("ben")
		b.want(dora, call.Talking, "ben")
		b.stop()
		time.Sleep(time.Minute)

		b.start("ana", "ben", "cy")
		b.want(dora, call.Talking, "ben")
		b.want(dana, call.Offering, "")
		if n := b.carrier.count(call.Look); n != 2 {
			t.Errorf("looked at %d calls", n)
		}
		b.page("cy", "page of cy")
		time.Sleep(call.ResumeTime - time.Millisecond)
		if c := b.call(dana); c.Target != "ana" {
			t.Errorf("Ana's ring had no moment of grace: %s %s", c.Stage, c.Target)
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if a := b.presence("ana"); a.Presence != agent.Away {
			t.Errorf("Ana is %s", a.Presence)
		}
		b.answer("cy")
		b.want(dana, call.Talking, "cy")
	})
}

// It dies between having decided on a dial and knowing what came of it: the
// carrier is asked before anybody is rung again.
func TestRestartWhileDialling(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.carrier.refusing(call.Unknown, time.Hour)
		b.available("ana")
		id := b.arrive("CA-dana")
		b.stop()
		b.carrier.obey()
		time.Sleep(3 * time.Second)
		b.start("ana", "ben", "cy")
		b.page("ana", "page of ana")
		time.Sleep(2*call.FindPause + time.Second)
		synctest.Wait()
		if finds := b.carrier.count(call.Find); finds != 2 {
			t.Errorf("looked for it %d times", finds)
		}
		b.answer("ana")
		b.want(id, call.Talking, "ana")
	})
}

// A save whose answer is lost: the desk loads the call again, keeps its deadline
// and shows people what is so.
func TestSavedButNotTold(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana")
		id := b.arrive("CA-dana")
		b.answer("ana")
		b.forgetful.Store(true)
		if err := b.ask(id, "ana", call.PutOnHold, ""); err == nil {
			t.Fatal("the answer was to be lost")
		}
		b.forgetful.Store(false)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		b.want(id, call.Held, "ana")
		if v := b.View(); v.Calls[0].Stage != call.Held {
			t.Errorf("people see %s", v.Calls[0].Stage)
		}
		time.Sleep(call.Lease + time.Second) // the hold was saved as under way and never sent
		synctest.Wait()
		if c := b.call(id); b.carrier.count(call.Hold) != 1 || !c.Legs[0].Held {
			t.Errorf("asked %d times to hold; %+v", b.carrier.count(call.Hold), c.Legs[0])
		}
	})
}

// forgetful is a store whose answers may be lost.
type forgetful struct {
	desk.Store
	now *atomic.Bool
}

func (f *forgetful) SaveCall(ctx context.Context, s desk.Save) error {
	err := f.Store.SaveCall(ctx, s)
	if err == nil && f.now.Load() {
		return errors.New("the answer is lost")
	}
	return err
}
