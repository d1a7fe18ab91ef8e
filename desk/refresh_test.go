package desk_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/store"
)

// pair is two desks on one store, and one clock that stands still.
type pair struct {
	t    *testing.T
	now  time.Time
	a, b *desk.Desk
}

func newPair(t *testing.T) *pair {
	s, err := store.Open(t.Context(), store.Config{URL: store.Memory})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	p := &pair{t: t, now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	start := func() *desk.Desk {
		d, err := desk.New(t.Context(), desk.Config{
			Store: s, Phone: silent{}, Feed: nobody{}, Account: "AC1", Recovery: true, Shared: true,
			Roster: []agent.Agent{{ID: "ana"}, {ID: "ben"}}, Logger: slog.New(slog.DiscardHandler),
			Now: func() time.Time { return p.now },
		})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	p.a, p.b = start(), start()
	p.pass(0)
	return p
}

// silent is a carrier that nobody asks: what Turn returns is not carried out.
type silent struct{}

func (silent) Carry(context.Context, call.Call, call.Action) call.Result { return call.Result{} }

// Strangers: nobody is there.
func (silent) Strangers(context.Context, func(string) bool) ([]call.Arrived, error) { return nil, nil }

// pass lets time pass for both desks.
func (p *pair) pass(d time.Duration) {
	p.now = p.now.Add(d)
	p.a.Turn(p.t.Context())
	p.b.Turn(p.t.Context())
}

func (p *pair) fact(d *desk.Desk, id call.ID, e call.Event) call.Call {
	p.t.Helper()
	c, err := d.Fact(p.t.Context(), id, e, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

// What one desk saves the other knows a second later: the call, the agent, and
// what an agent is to be told.
func TestSecondDeskLearns(t *testing.T) {
	p := newPair(t)
	c, err := p.a.Arrive(t.Context(), call.Arrived{Account: "AC1", SID: "CA1", Name: "Dana"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.a.SetPresence(t.Context(), "ben", agent.Away, "lunch"); err != nil {
		t.Fatal(err)
	}
	p.fact(p.a, c.ID, call.Offered{Agent: "ana"})
	p.pass(time.Second)
	seen, ok := p.b.View().Call(c.ID)
	if !ok || seen.Target != "ana" {
		t.Fatalf("the second desk knows %+v", seen)
	}
	if ben, _ := p.b.View().Agent("ben"); ben.Presence != agent.Away || ben.Reason != "lunch" {
		t.Errorf("Ben is %+v", ben)
	}
	if ana, _ := p.b.View().Agent("ana"); !ana.Claimed {
		t.Error("Ana is free at the second desk")
	}
	p.fact(p.a, c.ID, call.LegMoved{Leg: seen.Legs[1].ID, Account: "AC1", SID: "CA2", Status: call.Over, Outcome: call.NoAnswer})
	p.pass(time.Second)
	p.pass(time.Second)
	if told := p.b.View().Told("ana"); len(told) != 1 || told[0].News.Kind != call.NewsMissed {
		t.Errorf("Ana is told %+v", told)
	}
	if told := p.a.View().Told("ana"); len(told) != 1 {
		t.Errorf("Ana is told %+v at the first desk", told)
	}
}

// The second desk keeps the deadlines of the first one, which is dead, and ends
// the time after a call of an agent it never had.
func TestSecondDeskKeepsDeadlines(t *testing.T) {
	p := newPair(t)
	c, err := p.a.Arrive(t.Context(), call.Arrived{Account: "AC1", SID: "CA1"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c = p.fact(p.a, c.ID, call.Offered{Agent: "ana"})
	p.fact(p.a, c.ID, call.LegMoved{Leg: c.Legs[1].ID, Account: "AC1", SID: "CA2", Status: call.Ringing})
	p.pass(time.Second)
	p.a = p.b // the first one is dead
	p.pass(call.RingTime)
	if c, _ := p.b.View().Call(c.ID); c.Stage != call.Queued {
		t.Errorf("after the ring: %s", c.Stage)
	}
	if ana, _ := p.b.View().Agent("ana"); ana.Presence != agent.Away {
		t.Errorf("Ana is %s", ana.Presence)
	}
}

// The second desk tries again what the carrier did not take from the first one,
// which died over it: also what was due before the second had heard of it.
func TestSecondDeskTriesAgain(t *testing.T) {
	p := newPair(t)
	c, err := p.a.Arrive(t.Context(), call.Arrived{Account: "AC1", SID: "CA1"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c = p.fact(p.a, c.ID, call.Offered{Agent: "ana"})
	p.fact(p.a, c.ID, call.Result{Key: c.Doing[0].Key, Kind: call.Dial, Attempt: 1, Verdict: call.TryBack})
	p.a = p.b // the first one is dead
	p.pass(time.Second)
	p.pass(time.Second)
	if seen, _ := p.b.View().Call(c.ID); len(seen.Doing) != 1 || seen.Doing[0].Attempt != 2 {
		t.Errorf("the second desk has under way %+v", seen.Doing)
	}
}

// Who goes away at one desk stays away, though the other has not heard of it when
// their call ends there.
func TestRosterIsReadBeforeItIsChanged(t *testing.T) {
	p := newPair(t)
	for _, d := range []*desk.Desk{p.a, p.b} {
		if err := d.SetPresence(t.Context(), "ana", agent.Available, ""); err != nil {
			t.Fatal(err)
		}
	}
	c, err := p.b.Arrive(t.Context(), call.Arrived{Account: "AC1", SID: "CA1"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c = p.fact(p.b, c.ID, call.Offered{Agent: "ana"})
	c = p.fact(p.b, c.ID, call.LegMoved{Leg: c.Legs[1].ID, Account: "AC1", SID: "CA2", Status: call.Answered})
	p.pass(time.Second)
	if err := p.a.SetPresence(t.Context(), "ana", agent.Away, "lunch"); err != nil {
		t.Fatal(err)
	}
	p.fact(p.b, c.ID, call.LegMoved{Leg: c.Legs[0].ID, SID: "CA1", Status: call.Over, Outcome: call.Completed})
	p.fact(p.b, c.ID, call.LegMoved{Leg: c.Legs[1].ID, SID: "CA2", Status: call.Over, Outcome: call.Completed})
	p.pass(time.Second)
	for _, d := range []*desk.Desk{p.a, p.b} {
		if ana, _ := d.View().Agent("ana"); ana.Presence != agent.Away || ana.Reason != "lunch" {
			t.Errorf("Ana is %s %s", ana.Presence, ana.Reason)
		}
	}
}

// A desk that shares its database keeps deadlines to the second, as any other.
func TestSharedDeskKeepsDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.stop()
		b.shared = true
		b.start("ana", "ben")
		defer b.end()
		b.available("ana", "ben")
		id := b.arrive("CA-dana")
		if b.carrier.ringing("ana") == nil {
			t.Fatal("Ana, the longest idle, is not rung")
		}
		time.Sleep(call.RingTime + time.Millisecond)
		synctest.Wait()
		if a := b.presence("ana"); a.Presence != agent.Away {
			t.Errorf("Ana is %+v", a)
		}
		b.answer("ben")
		b.want(id, call.Talking, "ben")
	})
}
