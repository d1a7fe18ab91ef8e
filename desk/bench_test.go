package desk_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/outside"
	"warmdesk/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a desk on a real store with a carrier of its own, in a bubble of
// time.
type bench struct {
	t     *testing.T
	store *store.Store
	// forgetful: the store saves and answers with an error.
	forgetful atomic.Bool
	carrier   *carrier
	*desk.Desk

	wrapUp  time.Duration         // of the next start
	teams   map[agent.ID][]string // the same
	told    desk.Outbox           // the same
	shared  bool                  // the same
	stop    func()                // ends Run and the pages
	service agent.Service
	outside outside.Rules
	phones  map[agent.ID]string
}

// inBubble runs a test with a desk whose roster is ana, ben and cy.
func inBubble(t *testing.T, f func(t *testing.T, b *bench)) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "ana", "ben", "cy")
		defer b.end()
		f(t, b)
	})
}

// newBench opens a store and starts a desk on it; end closes both.
func newBench(t *testing.T, roster ...agent.ID) *bench {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{URL: store.Memory})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, store: s, carrier: &carrier{t: t, rooms: map[call.ID]*room{}}}
	b.start(roster...)
	return b
}

func (b *bench) end() {
	b.stop()
	if err := b.store.Close(); err != nil {
		b.t.Error(err)
	}
}

// start begins a desk, the first or the next one on the same store.
func (b *bench) start(roster ...agent.ID) {
	b.t.Helper()
	var people []agent.Agent
	for _, id := range roster {
		people = append(people, agent.Agent{ID: id, Name: string(id), Teams: b.teams[id], Phone: b.phones[id]})
	}
	d, err := desk.New(b.t.Context(), desk.Config{
		Store: &forgetful{b.store, &b.forgetful}, Phone: b.carrier, Feed: nobody{}, Account: "AC1", Recovery: true,
		Outbox: b.told, Shared: b.shared, Rules: desk.Rules{WrapUp: b.wrapUp, Service: b.service, Outside: b.outside}, Roster: people,
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.Desk = d
	b.carrier.mu.Lock()
	b.carrier.desk = d
	b.carrier.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := d.Run(ctx); err != nil {
			b.t.Error("Run:", err)
		}
	})
	running.Go(func() { // every page answers its pings
		for tick := time.NewTicker(3 * time.Second); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
				for _, id := range roster {
					d.PageHeard(id, "page of "+string(id))
				}
			}
		}
	})
	b.stop = func() { cancel(); running.Wait() }
	synctest.Wait()
}

// available opens pages with a registered phone and makes their agents free, in
// this order of idleness.
func (b *bench) available(ids ...agent.ID) {
	b.t.Helper()
	for _, id := range ids {
		b.page(id, "page of "+string(id))
		if err := b.SetPresence(b.t.Context(), id, agent.Available, ""); err != nil {
			b.t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	synctest.Wait()
}

func (b *bench) page(id agent.ID, page string) {
	b.t.Helper()
	if err := b.PageOpened(b.t.Context(), id, desk.Page{ID: page}); err != nil {
		b.t.Fatal(err)
	}
	b.PageDevice(b.t.Context(), id, page, true)
}

// arrive lets a customer call and enter the room.
func (b *bench) arrive(sid string) call.ID {
	b.t.Helper()
	c, err := b.Arrive(b.t.Context(), call.Arrived{Account: "AC1", SID: sid, Name: sid}, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.carrier.join(c.ID, sid)
	synctest.Wait()
	return c.ID
}

// answer lets an agent's ringing phone be picked up; the leg does as it is told.
func (b *bench) answer(id agent.ID) {
	b.t.Helper()
	l := b.carrier.ringing(id)
	if l == nil {
		b.t.Fatalf("%s's phone does not ring", id)
	}
	b.carrier.mu.Lock()
	l.status = call.Answered
	b.carrier.mu.Unlock()
	b.carrier.tell(l.call, call.LegMoved{Leg: l.leg, Account: "AC1", SID: l.sid, Status: call.Answered, Seq: 2})
	if doc := call.DocumentFor(b.call(l.call), l.leg); doc.Kind == call.EnterRoom {
		b.carrier.join(l.call, l.sid)
	} else {
		b.carrier.over(l, call.Completed)
	}
	synctest.Wait()
}

// hangup ends a leg without a word from its agent, or the customer's.
func (b *bench) hangup(sid string) {
	b.t.Helper()
	b.carrier.over(b.carrier.bySID(sid), call.Completed)
	synctest.Wait()
}

func (b *bench) ask(id call.ID, by agent.ID, kind call.RequestKind, to agent.ID) error {
	b.t.Helper()
	_, err := b.Request(b.t.Context(), desk.Request{Call: id, Kind: kind, By: by, To: to})
	synctest.Wait()
	return err
}

func (b *bench) mustAsk(id call.ID, by agent.ID, kind call.RequestKind, to agent.ID) {
	b.t.Helper()
	if err := b.ask(id, by, kind, to); err != nil {
		b.t.Fatalf("%s asks %s: %v", by, kind, err)
	}
}

func (b *bench) call(id call.ID) call.Call {
	b.t.Helper()
	c, err := b.Call(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

func (b *bench) sidOf(id call.ID, who agent.ID) string {
	b.t.Helper()
	c := b.call(id)
	l := c.AgentLeg(who)
	if l == nil {
		b.t.Fatalf("%s has no leg", who)
	}
	return l.SID
}

// want checks stage and owner.
func (b *bench) want(id call.ID, stage call.Stage, owner agent.ID) {
	b.t.Helper()
	if c := b.call(id); c.Stage != stage || c.Owner != owner {
		b.t.Fatalf("stage %s, owner %q; want %s, %q\n%+v", c.Stage, c.Owner, stage, owner, c.Legs)
	}
}

func (b *bench) presence(id agent.ID) agent.Agent {
	b.t.Helper()
	e, ok := b.View().Agent(id)
	if !ok {
		b.t.Fatalf("no agent %s", id)
	}
	return e.Agent
}

type nobody struct{}

func (nobody) Changed() {}
