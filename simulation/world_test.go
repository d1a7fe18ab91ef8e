package simulation

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

// A run: people and faults are active, then there is peace, then the customers
// hang up.
const (
	activeTime = 120 * time.Second
	peaceTime  = 150 * time.Second
	goneTime   = 20 * time.Second
)

// setup is what a run is made of beside its seed.
type setup struct {
	plan    plan
	without []int // choices left out
	tracing bool
	store   desk.Store // nil: in memory
	plant   planted
}

// world is everything there is in one run.
type world struct {
	clock
	setup
	rng *rand.Rand

	shelves desk.Store
	desk    *desk.Desk // nil: it is down
	ctx     context.Context
	cancel  context.CancelFunc
	life    int
	turnAt  time.Duration
	skew    time.Duration // how much the desk's clock is ahead
	running []*carrying

	legs, alive []*leg
	rooms       []*room
	customers   []*customer
	people      []*person
	restOut     time.Duration // REST is out of reach until then
	paced       time.Duration
	calm        bool
	alone       bool // one kind of fault at most
	choices     int
	struck      [faults]int

	seen     desk.View                   // by the page before, for a planted bug
	presence map[agent.ID]agent.Presence // as last saved
	saves    int                         // of calls
	known    map[call.ID]call.Call       // as last saved
	ledgers  map[call.ID]*ledger
	hearing  map[pair]time.Duration
	cause    *call.Call // what the event under way was decided from
	late     bool

	failure *failure
	trace   []string
	asked   int
	stats   stats
}

// failure is a broken invariant.
type failure struct {
	invariant int
	what      string
	about     string // the customer
}

func (f *failure) String() string { return fmt.Sprintf("invariant %d: %s", f.invariant, f.what) }

// stats of a run.
type stats struct {
	customers, served int
	// The longest times (docs/faults.md).
	silence, behind, away, rings time.Duration
}

// run lets a seed happen.
func run(seed uint64, s setup) *world {
	w := &world{
		setup: s, rng: rand.New(rand.NewPCG(seed, 2026)), turnAt: -1,
		known: map[call.ID]call.Call{}, ledgers: map[call.ID]*ledger{}, hearing: map[pair]time.Duration{},
		presence: map[agent.ID]agent.Presence{}, shelves: s.store,
	}
	if w.shelves == nil {
		w.shelves = newMemory()
	}
	w.alone = s.plan.kinds() < 2
	defer w.stop()
	for _, id := range everybody() {
		w.people = append(w.people, &person{w: w, id: id})
	}
	w.revive()
	for _, p := range w.people {
		p.open()
		w.in(3*time.Second, p.beat)
		w.in(w.between(time.Second, 10*time.Second), p.acts)
	}
	w.callers()
	w.scheduled()
	w.in(time.Second, w.tick)
	w.until(activeTime)
	w.calm, w.restOut = true, 0
	w.tell("", "-- peace")
	w.until(activeTime + peaceTime)
	w.checkPeace()
	for _, c := range w.customers {
		c.hangUp(w)
	}
	w.until(activeTime + peaceTime + goneTime)
	w.checkEmpty()
	return w
}

// callers are two to four customers, some of whom hang up by themselves.
func (w *world) callers() {
	for i := range 2 + w.rng.IntN(3) {
		c := &customer{name: []string{"dana", "eli", "fay", "gus"}[i], silent: -1, lostAt: -1, waiting: -1, owed: -1}
		w.customers = append(w.customers, c)
		w.in(w.between(time.Second, 60*time.Second), func() { c.calls(w) })
		if w.rng.IntN(3) == 0 {
			w.in(w.between(5*time.Second, activeTime), func() {
				if w.chosen() {
					c.hangUp(w)
				}
			})
		}
	}
}

// until lets everything happen that happens before t.
func (w *world) until(t time.Duration) {
	for w.failure == nil {
		do := w.next(t)
		if do == nil {
			return
		}
		do()
		w.turn()
		w.reap()
		w.heard()
		w.check()
	}
}

// tick makes sure that something happens every second: the checks look then.
func (w *world) tick() {
	w.in(time.Second, w.tick)
	w.checkLine()
}

// base is when every run begins.
func base() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }

// at is a time of the desk's clock.
func (w *world) at(d time.Duration) time.Time { return base().Add(d + w.skew) }

// turn gives the desk its turn.
func (w *world) turn() {
	d := w.desk
	if d == nil {
		return
	}
	ctx := w.ctx
	carry, next := d.Turn(ctx)
	if w.desk != d {
		return // killed over it
	}
	for _, job := range carry {
		w.spawn(ctx, job)
	}
	at := next.Sub(base()) - w.skew
	if at != w.turnAt {
		w.turnAt = at
		w.in(at-w.now, func() {})
	}
}

// spawn starts an action: it runs until it waits for the carrier.
func (w *world) spawn(ctx context.Context, job func(context.Context)) {
	co := &carrying{}
	co.next, co.stop = iter.Pull(func(yield func(struct{}) bool) {
		co.yield = yield
		job(context.WithValue(ctx, carryingKey{}, co))
	})
	w.running = append(w.running, co)
	co.next()
}

// kill ends the desk as kill -9 does: what it was about to do is not done.
func (w *world) kill() {
	w.life++
	w.desk = nil
	w.cancel()
	away := w.between(0, 120*time.Second)
	if w.rng.IntN(2) == 0 {
		away = w.between(0, 2*time.Second)
	}
	away = max(min(away, activeTime-w.now), 0)
	w.excuseAll(away + downTime)
	w.tell("", "the desk is down for %s", seconds(away))
	w.in(away, w.revive)
}

// reap ends the actions of a desk that is dead; they cannot end themselves.
func (w *world) reap() {
	if w.desk != nil && len(w.running) < 64 {
		return
	}
	if w.desk == nil {
		for _, co := range w.running {
			co.stop()
		}
		w.running = nil
		return
	}
	w.running = slices.DeleteFunc(w.running, func(co *carrying) bool { return co.done })
}

// stop ends what is under way.
func (w *world) stop() {
	w.desk = nil
	w.cancel()
	w.reap()
}

// revive starts the desk, for the first time or on what its store knows.
func (w *world) revive() {
	var roster []agent.Agent
	for _, id := range everybody() {
		roster = append(roster, agent.Agent{ID: id, Name: string(id)})
	}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	d, err := desk.New(w.ctx, desk.Config{
		Store: w.plant.store(&shelf{w.shelves, w, w.life}), Phone: w.plant.phone(line{w}), Feed: nobody{}, Account: account, Recovery: true,
		Roster: roster, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return w.at(w.now) },
	})
	if err != nil {
		panic(err)
	}
	w.desk, w.turnAt = d, -1
	w.tell("", "the desk is up")
	for _, l := range w.alive {
		if l.dead {
			l.customer.excuse(w, call.LinkTime) // silence of pages counts from now
		}
	}
	for _, p := range w.people {
		w.in(w.between(200*time.Millisecond, 2*time.Second), p.hello)
	}
}

// nobody looks at the pages.
type nobody struct{}

func (nobody) Changed() {}

// saved notes what the desk has decided.
func (w *world) saved(s desk.Save) {
	c := s.Call
	w.saves++
	w.savedAgents(s.Agents)
	before := w.known[c.ID]
	w.known[c.ID] = c
	k := w.customerOf(c.Room)
	k.call = c.ID
	for _, e := range s.Entries {
		w.tell(k.name, "desk: news %s %s %s %s %s", e.Kind, e.Agent, e.Other, e.Outcome, e.Why)
		if e.Kind == call.NewsEnded && e.Why == "" { // by a person, not by a broken line
			k.ended = true
		}
	}
	if before.Stage != c.Stage {
		w.tell(k.name, "desk: %s, owner %q target %q", c.Stage, c.Owner, c.Target)
		switch c.Stage {
		case call.Recovering:
			k.lostAt = w.now
		case call.Held, call.Asking, call.Private:
			k.lostAt = -1 // on hold again, as it was
		}
	}
	w.record(&before, &c, s.Entries)
	w.checkCared(k, &c)
}

func (w *world) savedAgents(agents []agent.Agent) {
	for _, a := range agents {
		w.presence[a.ID] = a.Presence
		w.tell("", "%s is %s %s", a.ID, a.Presence, a.Reason)
	}
}

func (w *world) customerOf(room string) *customer {
	return w.leg(room).customer
}

// excuse: until then something may be wrong with a call.
func (w *world) excuse(id call.ID, d time.Duration) {
	c, ok := w.known[id]
	if !ok {
		w.excuseAll(d)
		return
	}
	w.customerOf(c.Room).excuse(w, d)
}

func (w *world) excuseAll(d time.Duration) {
	for _, c := range w.customers {
		c.excuse(w, d)
	}
}

// tell adds a line to the trace, about a customer or everybody.
func (w *world) tell(about, format string, args ...any) {
	if !w.tracing {
		return
	}
	line := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	for id, c := range w.known {
		line = strings.ReplaceAll(line, string(id), w.customerOf(c.Room).name)
	}
	w.trace = append(w.trace, fmt.Sprintf("%8.3f %-5s %s", w.now.Seconds(), about, line))
}

func (w *world) tellCall(id call.ID, format string, args ...any) {
	if !w.tracing {
		return
	}
	about := ""
	if c, ok := w.known[id]; ok {
		about = w.customerOf(c.Room).name
	}
	w.tell(about, format, args...)
}

// word is an event as the trace shows it.
type word struct{ call.Event }

func (e word) String() string {
	switch e := e.Event.(type) {
	case call.LegMoved:
		return fmt.Sprintf("%s %s %s", e.SID, statusName(e.Status), e.Outcome)
	case call.RoomMoved:
		return fmt.Sprintf("%s %s %s (%d)", e.SID, e.Move, e.RoomSID, e.Seq)
	case call.RoomOver:
		return fmt.Sprintf("%s over (%d)", e.RoomSID, e.Seq)
	}
	return fmt.Sprintf("%T", e)
}
