package desk_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
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
	stop    func()                // ends Run and the pages
	service agent.Service
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
		people = append(people, agent.Agent{ID: id, Name: string(id), Teams: b.teams[id]})
	}
	d, err := desk.New(b.t.Context(), desk.Config{
		Store: &forgetful{b.store, &b.forgetful}, Phone: b.carrier, Feed: nobody{}, Account: "AC1", Recovery: true,
		Outbox: b.told, WrapUp: b.wrapUp, Service: b.service, Roster: people,
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

// carrier is a phone in memory. It obeys unless refuse says otherwise.
type carrier struct {
	t *testing.T

	mu    sync.Mutex
	desk  *desk.Desk
	legs  []*leg
	rooms map[call.ID]*room
	// strangers are customers whom the carrier lists as in progress.
	strangers []call.Arrived

	log    []string                                                      // actions in the order they came
	refuse func(ctx context.Context, a call.Action) (call.Verdict, bool) // may block
}

type leg struct {
	call   call.ID
	leg    call.LegID
	agent  agent.ID
	sid    string
	status call.Status
	in     bool
	held   bool
}

type room struct{ number, seq int }

// Carry implements desk.Phone.
func (k *carrier) Carry(ctx context.Context, c call.Call, a call.Action) call.Result {
	k.mu.Lock()
	refuse := k.refuse
	k.log = append(k.log, string(a.Kind))
	k.mu.Unlock()
	r := call.Result{Key: a.Key, Kind: a.Kind, Attempt: a.Attempt, Verdict: call.Done}
	if refuse != nil {
		if v, ok := refuse(ctx, a); ok {
			r.Verdict, r.Why = v, "refused by the test"
			return r
		}
	}
	switch a.Kind {
	case call.Dial:
		l := k.dial(c, c.Leg(a.Leg))
		r.SID = l.sid
		k.tell(l.call, call.LegMoved{Leg: l.leg, Account: "AC1", SID: l.sid, Status: call.Ringing, Seq: 1})
	case call.Find:
		k.mu.Lock()
		for _, l := range k.legs {
			if l.leg == a.Leg && l.status != call.Over {
				r.SID = l.sid
			}
		}
		k.mu.Unlock()
	case call.Hang:
		k.over(k.bySID(c.Leg(a.Leg).SID), call.Canceled)
	case call.Hold, call.Unhold:
		k.hold(k.bySID(c.Leg(a.Leg).SID), a.Kind == call.Hold)
	case call.Enter:
		k.enter(c.ID, c.Leg(a.Leg))
	case call.Look:
		r.Seen = k.look(c)
	}
	return r
}

// dial rings an agent. Two phones of one agent ringing or live at once would be
// a double claim.
// Strangers are the customers who are there.
func (k *carrier) Strangers(_ context.Context, known func(string) bool) ([]call.Arrived, error) {
	k.mu.Lock()
	waiting := slices.Clone(k.strangers)
	k.mu.Unlock()
	return slices.DeleteFunc(waiting, func(e call.Arrived) bool { return known(e.SID) }), nil
}

func (k *carrier) dial(c call.Call, l *call.Leg) *leg {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, o := range k.legs {
		if o.agent == l.Agent && o.status != call.Over {
			k.t.Errorf("%s is dialled for %s while on %s", l.Agent, c.ID, o.call)
		}
	}
	n := &leg{call: c.ID, leg: l.ID, agent: l.Agent, sid: fmt.Sprintf("CA-%s-%d", l.Agent, len(k.legs)), status: call.Ringing}
	k.legs = append(k.legs, n)
	return n
}

func (k *carrier) bySID(sid string) *leg {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, l := range k.legs {
		if l.sid == sid {
			return l
		}
	}
	k.t.Errorf("the carrier has no leg %s", sid)
	return &leg{status: call.Over}
}

func (k *carrier) ringing(id agent.ID) *leg {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, l := range k.legs {
		if l.agent == id && l.status == call.Ringing {
			return l
		}
	}
	return nil
}

// tell delivers a callback, as soon as the desk is there.
func (k *carrier) tell(id call.ID, e call.Event) {
	k.mu.Lock()
	d := k.desk
	k.mu.Unlock()
	if _, err := d.Fact(context.Background(), id, e, nil); err != nil {
		k.t.Errorf("%T: %v", e, err)
	}
}

func (k *carrier) moved(l *leg, m call.RoomMove) call.Event {
	r := k.rooms[l.call]
	r.seq++
	return call.RoomMoved{SID: l.sid, RoomSID: fmt.Sprintf("CF-%s-%d", l.call, r.number), Seq: r.seq, Move: m, Held: l.held}
}

func (k *carrier) join(id call.ID, sid string) {
	k.mu.Lock()
	i := slices.IndexFunc(k.legs, func(l *leg) bool { return l.sid == sid })
	if i < 0 { // a customer
		k.legs = append(k.legs, &leg{call: id, sid: sid, status: call.Answered})
		i = len(k.legs) - 1
	}
	l := k.legs[i]
	if k.rooms[id] == nil {
		k.rooms[id] = &room{}
	}
	if !slices.ContainsFunc(k.legs, func(o *leg) bool { return o.call == id && o.in }) {
		k.rooms[id].number++
		k.rooms[id].seq = 0
	}
	l.in, l.held = true, false
	e := k.moved(l, call.Joined)
	k.mu.Unlock()
	k.tell(id, e)
}

// enter lets a leg ask where to go. An agent is told the room.
func (k *carrier) enter(id call.ID, at *call.Leg) {
	k.mu.Lock()
	i := slices.IndexFunc(k.legs, func(l *leg) bool { return l.sid == at.SID })
	if i < 0 || at.Role == call.Agent {
		k.mu.Unlock()
		k.join(id, at.SID)
		return
	}
	l := k.legs[i]
	d := k.desk
	var left call.Event
	if l.in {
		l.in, l.held = false, false
		left = k.moved(l, call.Left)
	}
	k.mu.Unlock()
	if left != nil {
		k.tell(l.call, left)
	}
	c, err := d.Fact(context.Background(), l.call, call.AskedAgain{SID: l.sid}, nil)
	if err != nil {
		k.t.Errorf("ask again: %v", err)
		return
	}
	k.does(c, l)
}

// does is a customer's leg that does as it is told.
func (k *carrier) does(c call.Call, l *leg) {
	switch call.DocumentFor(c, c.LegBySID(l.sid).ID).Kind {
	case call.EnterRoom:
		k.join(l.call, l.sid)
	case call.SayGone:
		k.over(l, call.Completed)
	}
}

func (k *carrier) hold(l *leg, held bool) {
	k.mu.Lock()
	l.held = held
	e := k.moved(l, map[bool]call.RoomMove{true: call.HeldNow, false: call.Unheld}[held])
	k.mu.Unlock()
	k.tell(l.call, e)
}

func (k *carrier) over(l *leg, o call.Outcome) {
	k.mu.Lock()
	if l.status == call.Over {
		k.mu.Unlock()
		return
	}
	var facts []call.Event
	if l.in {
		l.in, l.held = false, false
		facts = append(facts, k.moved(l, call.Left))
	}
	l.status = call.Over
	facts = append(facts, call.LegMoved{Leg: l.leg, Account: "AC1", SID: l.sid, Status: call.Over, Outcome: o, Seq: 3})
	k.mu.Unlock()
	for _, f := range facts {
		k.tell(l.call, f)
	}
}

func (k *carrier) look(c call.Call) []call.Seen {
	k.mu.Lock()
	defer k.mu.Unlock()
	var seen []call.Seen
	for _, l := range k.legs {
		if at := c.LegBySID(l.sid); at != nil {
			s := call.Seen{Leg: at.ID, Found: true, Status: l.status, Outcome: call.Completed, Held: l.held}
			if l.in {
				s.RoomSID = fmt.Sprintf("CF-%s-%d", l.call, k.rooms[l.call].number)
			}
			seen = append(seen, s)
		}
	}
	return seen
}

// count says how often an action was carried out so far.
func (k *carrier) count(kind call.ActionKind) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := 0
	for _, a := range k.log {
		if a == string(kind) {
			n++
		}
	}
	return n
}

// refusing makes the carrier answer everything so, after a while.
func (k *carrier) refusing(v call.Verdict, after time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.refuse = func(ctx context.Context, a call.Action) (call.Verdict, bool) {
		select {
		case <-time.After(after):
		case <-ctx.Done():
		}
		return v, true
	}
}

func (k *carrier) obey() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.refuse = nil
}
