package simulation

import (
	"fmt"
	"math/rand/v2"
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
	desks   int // how many desks share the store; 0: one
	// tutorial: RECOVERY=off.
	tutorial bool
	aim      *aim
	// leads: one of the agents looks after the others.
	leads bool
	// recorded: the conversations are.
	recorded bool
	// telephones: agents call numbers and have calls by phone, in a run with one kind
	// of fault, too.
	telephones bool
}

func (s setup) String() string {
	if s.desks > 1 {
		return fmt.Sprintf("%d desks: %s", s.desks, s.plan)
	}
	return s.plan.String()
}

// world is everything there is in one run.
type world struct {
	clock
	setup
	rng *rand.Rand
	// mind is what customers do who are asked: apart, so that the other runs are
	// as they were.
	mind    *rand.Rand
	service agent.Service

	shelves   desk.Store
	processes []*process
	skew      time.Duration // how much the desks' clock is ahead

	legs, alive []*leg
	rooms       []*room
	customers   []*customer
	people      []*person
	held        int           // actions that the breaker held back
	restOut     time.Duration // REST is out of reach until then
	storeOut    time.Duration // the store fails until then
	paced       time.Duration
	calm        bool
	alone       bool // one kind of fault at most
	choices     int
	struck      [faults]int

	seen       desk.View                   // by the page before, for a planted bug
	presence   map[agent.ID]agent.Presence // as last saved
	saves      int                         // of calls
	tapes      int                         // recordings of conversations there were
	known      map[call.ID]call.Call       // as last saved
	states     map[call.ID][]call.Call     // how each of its stages began
	ledgers    map[call.ID]*ledger
	hearing    map[pair]time.Duration
	unwanted   map[voice]time.Duration // who hears a supervisor, and since when they are not to; -1: they are
	cause      *call.Call              // what the event under way was decided from
	late       bool
	overtaking bool // one desk's step is between another's loading and saving

	stages  map[[2]call.Stage]int // ways calls have gone
	blows   []*blow
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
		setup: s, rng: rand.New(rand.NewPCG(seed, 2026)), mind: rand.New(rand.NewPCG(seed, 4711)),
		known: map[call.ID]call.Call{}, states: map[call.ID][]call.Call{}, stages: map[[2]call.Stage]int{}, ledgers: map[call.ID]*ledger{}, hearing: map[pair]time.Duration{},
		presence: map[agent.ID]agent.Presence{}, shelves: s.store,
	}
	if w.shelves == nil {
		w.shelves = newMemory()
	}
	w.alone, w.service = s.plan.kinds() < 2, impatient(w.mind)
	w.telephones = !w.alone || s.telephones
	if s.plant.empty {
		w.service.MaxWait = 15 * time.Second
	}
	for n := range max(1, s.desks) {
		w.processes = append(w.processes, &process{w: w, number: n})
	}
	for _, id := range everybody() {
		w.people = append(w.people, &person{w: w, id: id})
	}
	for _, p := range w.processes {
		p.revive()
		defer p.stop()
	}
	if !w.plant.empty {
		w.comeIn()
	}
	w.callers()
	w.scheduled()
	w.in(time.Second, w.tick)
	w.until(activeTime)
	w.calm, w.restOut, w.storeOut = true, 0, 0
	w.tell("", "-- peace")
	w.until(activeTime + peaceTime)
	w.checkPeace()
	for _, b := range w.blows {
		if b.end == "" {
			b.end = stillHere
		}
	}
	for _, c := range w.customers {
		c.hangUp(w)
	}
	w.until(activeTime + peaceTime + goneTime)
	w.checkEmpty()
	return w
}

// comeIn opens the agents' pages.
func (w *world) comeIn() {
	for _, p := range w.people {
		p.open()
		w.in(3*time.Second, p.beat)
		w.in(w.between(time.Second, 10*time.Second), p.acts)
	}
}

// callers are two to four customers, some of whom hang up by themselves.
func (w *world) callers() {
	for i := range 2 + w.rng.IntN(3) {
		c := &customer{name: []string{"dana", "eli", "fay", "gus"}[i], team: []string{"", "billing"}[i%2], silent: -1, lostAt: -1, waiting: -1, owed: -1, unasked: -1, unheard: -time.Minute, loud: -1}
		if (i > 1 || w.rng.IntN(2) == 0) && !w.tutorial {
			c.key = desk.ReturnHash(fmt.Sprintf("%032x", i+1))
		}
		w.customers = append(w.customers, c)
		w.in(w.between(time.Second, 60*time.Second), func() { c.calls(w) })
		if w.aim == nil && w.rng.IntN(3) == 0 {
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
		for _, p := range w.processes {
			p.turn()
			p.reap()
		}
		w.heard()
		w.overheard()
		w.check()
	}
}

// tick makes sure that something happens every second: the checks look then.
func (w *world) tick() {
	w.in(time.Second, w.tick)
	w.checkLine()
	w.checkAsked()
	w.checkDeadlines()
}

// base is when every run begins.
func base() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }

// at is a time of the desk's clock.
func (w *world) at(d time.Duration) time.Time { return base().Add(d + w.skew) }

// saved notes what the desk has decided.
func (w *world) saved(by *process, s desk.Save) {
	c := s.Call
	w.saves++
	w.savedAgents(s.Agents)
	before := w.known[c.ID]
	w.known[c.ID] = c
	if c.Generation != before.Generation {
		w.states[c.ID] = append(w.states[c.ID], c)
	}
	k := w.customerOf(c.Room)
	if c.Room == k.leg.sid {
		k.room = c.Room // of before is over, or the key was not told
	}
	if c.Room == k.room {
		k.call = c.ID
	}
	k.savedAt[by.number] = w.now
	for _, e := range s.Entries {
		w.tell(k.name, "desk: news %s %s %s %s %s", e.Kind, e.Agent, e.Other, e.Outcome, e.Why)
		if e.Kind == call.NewsEnded && e.Why == "" { // by a person, not by a broken line
			k.ended = true
		}
	}
	if before.Stage != c.Stage {
		w.stages[[2]call.Stage{before.Stage, c.Stage}]++
		w.takeAim(k)
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
	w.checkTasks(k, &c)
	w.checkMachines(k, &c)
}

func (w *world) savedAgents(agents []agent.Agent) {
	for _, a := range agents {
		w.presence[a.ID] = a.Presence
		w.tell("", "%s is %s %s", a.ID, a.Presence, a.Reason)
	}
}

// callOf is the customer of a call; nil: not saved yet.
func (w *world) callOf(id call.ID) *customer {
	if c, ok := w.known[id]; ok {
		return w.customerOf(c.Room)
	}
	return nil
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
	case call.Chose:
		return fmt.Sprintf("%s chose %s (%d)", e.SID, e.Digits, e.Question)
	case call.Recorded:
		return fmt.Sprintf("%s recorded %q (%d)", e.SID, e.RecordingSID, e.Question)
	case call.TrackMoved:
		return fmt.Sprintf("%s track %s %s", e.SID, e.Track, e.Status)
	case call.RoomOver:
		return fmt.Sprintf("%s over (%d)", e.RoomSID, e.Seq)
	}
	return fmt.Sprintf("%T", e)
}
