package desk_test

import (
	"errors"
	"fmt"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

// The tutorial's six steps.
func TestTransfer(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana", "ben")
		id := b.arrive("CA-dana")
		b.want(id, call.Offering, "")
		b.answer("ana")
		b.want(id, call.Talking, "ana")
		b.mustAsk(id, "ana", call.Invite, "ben")
		b.answer("ben")
		b.want(id, call.Together, "ana")
		b.mustAsk(id, "ana", call.Leave, "")
		b.want(id, call.Talking, "ben")
		left := time.Now()
		if told := b.View().Told("ana"); len(told) != 1 || told[0].News.Kind != call.NewsHandedOver {
			t.Errorf("Ana was told %v", told)
		}
		time.Sleep(time.Minute)
		b.hangup("CA-dana")
		b.want(id, call.Ended, "ben")
		if told := b.View().Told("ben"); len(told) != 1 || told[0].News.Kind != call.NewsCallerLeft || told[0].Talked < time.Minute {
			t.Errorf("Ben was told %+v", told)
		}
		if v := b.View(); len(v.Calls) != 0 || !v.Roster[0].Free() || !v.Roster[1].Free() {
			t.Errorf("still there: %+v", v)
		}
		lapsed := left.Add(call.TakeBackTime) // she might have taken Dana back
		if ana, ben := b.presence("ana"), b.presence("ben"); !ana.IdleSince.Equal(lapsed) || !ben.IdleSince.Equal(time.Now()) {
			t.Errorf("idle since %v and %v, left at %v, ended at %v", ana.IdleSince, ben.IdleSince, left, time.Now())
		}
	})
}

// A customer leaves while the phone rings: it stops at once, and the agent keeps
// their place.
func TestCallerLeaves(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana")
		id := b.arrive("CA-dana")
		began := time.Now()
		b.hangup("CA-dana")
		if b.carrier.ringing("ana") != nil || !time.Now().Equal(began) {
			t.Error("it rings on")
		}
		b.want(id, call.Ended, "")
		if a := b.presence("ana"); a.Presence != agent.Available {
			t.Errorf("Ana is %s", a.Presence)
		}
	})
}

// Whoever is on the call, or waits for what becomes of it, is told that the
// customer has hung up.
func TestCallerLeavesAndAllAreTold(t *testing.T) {
	for _, how := range []call.RequestKind{call.Consult, call.Invite, call.Send} {
		for _, answered := range []bool{false, true} {
			inBubble(t, func(t *testing.T, b *bench) {
				b.available("ana", "ben")
				id := b.arrive("CA-dana")
				b.answer("ana")
				b.mustAsk(id, "ana", how, "ben")
				if answered {
					b.answer("ben")
				}
				b.hangup("CA-dana")
				for _, who := range []agent.ID{"ana", "ben"} {
					told := b.View().Told(who)
					if len(told) == 0 || told[len(told)-1].News.Kind != call.NewsCallerLeft {
						t.Errorf("%s, answered %v: %s is told %+v", how, answered, who, told)
					}
				}
			})
		}
	}
}

// A ring nobody takes sets its agent away, and the next one is rung.
func TestMissed(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana", "ben")
		id := b.arrive("CA-dana")
		if b.carrier.ringing("ana") == nil {
			t.Fatal("Ana, the longest idle, is not rung")
		}
		time.Sleep(call.RingTime + time.Millisecond)
		synctest.Wait()
		if a := b.presence("ana"); a.Presence != agent.Away || a.Reason != "missed a call" {
			t.Errorf("Ana is %+v", a)
		}
		if stored, err := b.store.Agents(t.Context()); err != nil || stored[0].ID != "ana" || stored[0].Presence != agent.Away {
			t.Errorf("stored: %+v %v", stored, err)
		}
		b.answer("ben")
		b.want(id, call.Talking, "ben")
		if b.carrier.ringing("ana") != nil {
			t.Error("Ana's phone rings on")
		}
	})
}

// Who declines is not asked again at once; with nobody else the call comes back
// after a minute.
func TestPassed(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana")
		id := b.arrive("CA-dana")
		b.mustAsk(id, "ana", call.PassOn, "")
		b.want(id, call.Queued, "")
		time.Sleep(call.PassTime - time.Second)
		b.want(id, call.Queued, "")
		time.Sleep(time.Second + time.Millisecond)
		synctest.Wait()
		b.want(id, call.Offering, "")
		b.answer("ana")
		b.want(id, call.Talking, "ana")
	})
}

// Two customers and three agents whose transfers cross.
func TestCrossing(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana", "ben", "cy")
		dana, dora := b.arrive("CA-dana"), b.arrive("CA-dora")
		b.answer("ana")
		b.answer("ben")
		b.want(dana, call.Talking, "ana")
		b.want(dora, call.Talking, "ben")

		b.mustAsk(dana, "ana", call.Invite, "cy")
		var refused *call.RefusedError
		if err := b.ask(dora, "ben", call.Invite, "cy"); !errors.As(err, &refused) || refused.Code != call.NotFree {
			t.Errorf("Cy rings twice: %v", err)
		}
		if err := b.ask(dora, "ana", call.End, ""); !errors.As(err, &refused) {
			t.Errorf("Ana ended Ben's call: %v", err)
		}
		b.answer("cy")
		b.mustAsk(dana, "ana", call.Leave, "")
		if err := b.ask(dora, "ben", call.Invite, "ana"); !errors.As(err, &refused) || refused.Code != call.NotFree {
			t.Errorf("Ana rings while she may take Dana back: %v", err)
		}
		b.mustAsk(dana, "ana", call.Finish, "")
		b.mustAsk(dora, "ben", call.Invite, "ana") // free again
		b.answer("ana")
		b.mustAsk(dora, "ben", call.Leave, "")
		b.want(dana, call.Talking, "cy")
		b.want(dora, call.Talking, "ana")
		for id, who := range map[call.ID]agent.ID{dana: "cy", dora: "ana"} {
			c := b.call(id)
			for i := range c.Legs {
				if l := &c.Legs[i]; l.Role == call.Agent && l.InRoom != (l.Agent == who) {
					t.Errorf("%s in the room of %s: %v", l.Agent, id, l.InRoom)
				}
			}
		}
		b.hangup("CA-dana")
		b.want(dora, call.Talking, "ana")
	})
}

// One agent and many callers at once: one ring, and one call after the other.
func TestClaimedOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana")
		var wg sync.WaitGroup
		ids := make([]call.ID, 5)
		for i := range ids {
			wg.Go(func() {
				c, err := b.Arrive(t.Context(), call.Arrived{Account: "AC1", SID: fmt.Sprintf("CA-%d", i)}, nil)
				if err != nil {
					t.Error(err)
				}
				ids[i] = c.ID
				b.carrier.join(c.ID, fmt.Sprintf("CA-%d", i))
			})
		}
		wg.Wait()
		synctest.Wait()
		for range ids {
			if n := len(b.View().Waiting()); b.carrier.ringing("ana") == nil {
				t.Fatalf("%d wait and nobody is rung", n)
			}
			on := b.carrier.ringing("ana").call
			b.answer("ana")
			b.want(on, call.Talking, "ana")
			b.mustAsk(on, "ana", call.End, "")
			b.want(on, call.Ended, "ana")
		}
		if n := b.carrier.count(call.Dial); n != len(ids) {
			t.Errorf("%d dials for %d callers", n, len(ids))
		}
	})
}

// A webhook that is repeated makes no second call, also when both come at once.
func TestArriveTwice(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		ids := map[call.ID]bool{}
		for range 8 {
			wg.Go(func() {
				c, err := b.Arrive(t.Context(), call.Arrived{Account: "AC1", SID: "CA-dana"}, url.Values{"CallSid": {"CA-dana"}})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				ids[c.ID] = true
				mu.Unlock()
			})
		}
		wg.Wait()
		if len(ids) != 1 {
			t.Fatalf("calls %v", ids)
		}
		for id := range ids {
			for _, ref := range []string{string(id), "CA-dana"} {
				if got, err := b.Resolve(t.Context(), "AC1", ref); err != nil || got != id {
					t.Errorf("Resolve(%s) = %s, %v", ref, got, err)
				}
			}
			timeline, err := b.Timeline(t.Context(), id)
			if err != nil || len(timeline) != 1 || timeline[0].Raw.Get("CallSid") != "CA-dana" {
				t.Errorf("timeline %+v %v", timeline, err)
			}
		}
		if _, err := b.Resolve(t.Context(), "AC1", "CA-nobody"); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("an unknown leg: %v", err)
		}
	})
}

// The owner's browser dies and comes back: it is rung by itself.
func TestRejoin(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana")
		id := b.arrive("CA-dana")
		b.answer("ana")
		time.Sleep(time.Minute)
		b.PageClosed("ana", "page of ana")
		b.hangup(b.sidOf(id, "ana"))
		b.want(id, call.Recovering, "ana")
		if l := b.call(id).Legs[0]; !l.Held {
			t.Error("the customer hears nobody, and no music")
		}
		time.Sleep(5 * time.Second)
		b.page("ana", "her new page")
		synctest.Wait()
		c := b.call(id)
		l := c.AgentLeg("ana")
		if l == nil || l.Purpose != call.Rejoin || len(l.Key) < 16 {
			t.Fatalf("not rung back: %+v", c.Legs)
		}
		b.answer("ana")
		b.want(id, call.Talking, "ana")
		if l := b.call(id).Legs[0]; l.Held {
			t.Error("the customer is still on hold")
		}
	})
}

// A page is not registered at once: the dial of a rejoin that finds no phone is
// repeated, with a pause.
func TestRejoinAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana")
		id := b.arrive("CA-dana")
		b.answer("ana")
		time.Sleep(time.Minute)
		b.hangup(b.sidOf(id, "ana"))
		for range 3 {
			b.carrier.over(b.carrier.ringing("ana"), call.Unreachable)
			synctest.Wait()
			if b.carrier.ringing("ana") != nil {
				t.Fatal("rung again at once")
			}
			time.Sleep(call.RejoinPause)
			synctest.Wait()
		}
		b.answer("ana")
		b.want(id, call.Talking, "ana")
	})
}

// A page that was reloaded says that it has no call: what the carrier still
// thinks is live is lost, and fetched back.
func TestReload(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana")
		id := b.arrive("CA-dana")
		b.answer("ana")
		old := b.sidOf(id, "ana")
		time.Sleep(time.Minute)
		b.page("ana", "reloaded")
		synctest.Wait()
		if b.carrier.bySID(old).status != call.Over {
			t.Error("the old leg is still there")
		}
		b.answer("ana")
		b.want(id, call.Talking, "ana")
	})
}

// The owner's browser dies for good: the next free agent is offered the customer,
// ahead of a new caller.
func TestReturned(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana")
		id := b.arrive("CA-dana")
		b.answer("ana")
		time.Sleep(time.Minute)
		dora := b.arrive("CA-dora")
		b.PageClosed("ana", "page of ana")
		b.hangup(b.sidOf(id, "ana"))
		time.Sleep(call.RecoverTime + time.Millisecond)
		b.want(id, call.Queued, "")
		b.available("ben")
		b.answer("ben")
		b.want(id, call.Talking, "ben")
		b.want(dora, call.Queued, "")
	})
}

// A page out of reach for a while is not rung; its pong brings the line back.
func TestReachable(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		if err := b.PageOpened(t.Context(), "ben", desk.Page{ID: "ben's"}); err != nil { // no pongs by itself
			t.Fatal(err)
		}
		b.PageDevice(t.Context(), "ben", "ben's", true)
		if err := b.SetPresence(t.Context(), "ben", agent.Available, ""); err != nil {
			t.Fatal(err)
		}
		time.Sleep(desk.PongTime + time.Millisecond)
		id := b.arrive("CA-dana")
		b.want(id, call.Queued, "")
		b.PageHeard("ben", "ben's old one")
		synctest.Wait()
		b.want(id, call.Queued, "")
		b.PageHeard("ben", "ben's")
		synctest.Wait()
		b.want(id, call.Offering, "")
		if err := b.PageOpened(t.Context(), "eve", desk.Page{}); !errors.Is(err, desk.ErrNoAgent) {
			t.Errorf("a stranger's page: %v", err)
		}
	})
}

// Callbacks in a crowd: doubled, at once and crossing requests.
func TestCrowd(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana", "ben")
		id := b.arrive("CA-dana")
		b.answer("ana")
		c := b.call(id)
		sid := c.AgentLeg("ana").SID
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				b.carrier.tell(id, call.LegMoved{SID: sid, Status: call.Answered, Seq: 2})
				b.carrier.tell(id, call.Doubted{})
				if i%10 == 0 {
					_, _ = b.Request(t.Context(), desk.Request{Call: id, Kind: call.Invite, By: "ana", To: "ben"})
				}
			})
		}
		wg.Wait()
		synctest.Wait()
		b.want(id, call.Inviting, "ana")
		if n := b.carrier.count(call.Dial); n != 2 {
			t.Errorf("%d dials", n)
		}
		b.answer("ben")
		b.want(id, call.Together, "ana")
	})
}

func TestTokenWithoutPage(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		if err := b.TokenFetched(t.Context(), "ana", time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		id := b.arrive("CA-dana")
		b.answer("ana")
		b.want(id, call.Talking, "ana")
		if err := b.TokenFetched(t.Context(), "eve", time.Now()); !errors.Is(err, desk.ErrNoAgent) {
			t.Errorf("a stranger's token: %v", err)
		}
		b.page("ben", "page of ben")
		if err := b.TokenFetched(t.Context(), "ben", time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if a := b.presence("ben"); a.Presence != agent.Offline {
			t.Errorf("with a page open a token made Ben %s", a.Presence)
		}
	})
}

func TestUnknownCall(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		if _, err := b.Fact(t.Context(), "nobody", call.Doubted{}, nil); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a fact of an unknown call: %v", err)
		}
		if err := b.ask("nobody", "ana", call.End, ""); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a request for an unknown call: %v", err)
		}
		if err := b.SetPresence(t.Context(), "ana", "asleep", ""); !errors.Is(err, agent.ErrPresence) {
			t.Errorf("an unknown presence: %v", err)
		}
	})
}
