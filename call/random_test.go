package call

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"warmdesk/agent"
)

// TestRandom lets anything happen to a call, in any order, twice, late or never,
// with a carrier that fails at will, and holds it against the invariants of
// docs/transfer.md after every step. Then the carrier obeys and nothing more
// happens: what is wanted, what is observed and what is must become one.
func TestRandom(t *testing.T) {
	drawn := drawnEdges(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt)
		for range rapid.IntRange(1, 60).Draw(rt, "events") {
			w.anything()
		}
		w.quiet()
		for _, e := range w.seen.sorted() {
			if !reaches(drawn, e) {
				rt.Errorf("the way %s is not in docs/transfer.md", e)
			}
		}
	})
}

// world is one call, its carrier and its people.
type world struct {
	t     failer
	rt    *rapid.T // draws; nil: nothing is left to chance
	now   time.Time
	c     Call
	k     *carrier
	todo  []sent
	mail  []Event // callbacks under way
	ended bool    // an End was accepted, or RECOVERY=off took a hang-up for one
	seen  edges
	met   map[string]bool // kinds of events there were; nil: nobody wants to know
	steps int

	wishes map[Wish]bool // what the customer has left so far
}

// failer stops a run that has broken an invariant.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// sent is an action under way, with the call that decided it and all that it has
// become since.
type sent struct {
	Action
	at    time.Time
	since []Call
}

// restTime is how long an action may be under way (desk.Phone).
const restTime = 4 * time.Second

var everybody = []agent.ID{"ana", "ben", "cy"}

// pick draws evenly; rapid's own choices prefer the first, and hardly ever get
// as far as three people on a call.
func pick[T any](w *world, label string, from ...T) T {
	n := 0
	for _, bit := range rapid.SliceOfN(rapid.Bool(), 8, 8).Draw(w.rt, label) {
		n *= 2
		if bit {
			n++
		}
	}
	return from[n*len(from)/256]
}

// chance is true once in n times.
func (w *world) chance(n int, label string) bool {
	return w.rt != nil && pick(w, label, upTo(n)...) == n-1
}

func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func newWorld(rt *rapid.T) *world {
	w := newWorldAt(rt, 0)
	w.begin([]RequestKind{Invite, Consult}, 0, 1, 2, 3, 3, 4, 4, 5)
	return w
}

// newWorldAt is a world that has gone so many steps of a private talk in peace.
func newWorldAt(rt *rapid.T, steps int) *world {
	w := &world{t: rt, rt: rt, k: &carrier{}, seen: edges{}, now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	p := w.k.dial("c-1", false)
	p.status = Answered
	c := Create(Arrived{
		Call: "c", Account: "AC1", SID: p.sid, Name: "Dana", Return: pick(w, "key", "k", "k", ""),
		Recovery: !w.chance(5, "tutorial"), Announcement: pick(w, "announcement", "", Announcement),
		Limits: Limits{Return: pick(w, "return", ReturnOrders()...), Declined: pick(w, "declined", 0, 0, 5*time.Second)},
	}, w.now)
	w.seen.add(Call{}, c)
	w.commit(c)
	w.post(w.k.join(p))
	w.begin([]RequestKind{Consult}, steps)
	return w
}

// begin takes some of the steps of a talk with three.
func (w *world) begin(how []RequestKind, number ...int) {
	ask := func(k RequestKind) func() {
		return func() { _ = w.step(Request{Kind: k, By: "ana", To: "ben", Free: true}) }
	}
	steps := []func(){
		func() { _ = w.step(Offered{Agent: "ana"}) },
		func() { w.answers("ana") },
		ask(pick(w, "how", how...)),
		func() { w.answers("ben") },
		ask(Swap),
	}
	for _, f := range steps[:pick(w, "begin", number...)] {
		f()
		w.obey()
	}
}

func (w *world) answers(id agent.ID) {
	p := w.k.find(w.c.AgentLeg(id).ID)
	w.post(w.k.move(p, Answered, NoOutcome))
	w.obey()
	w.admit(p)
}

// obey delivers everything and carries everything out.
func (w *world) obey() {
	for len(w.mail) > 0 || len(w.todo) > 0 {
		if len(w.mail) > 0 {
			e := w.mail[0]
			w.mail = w.mail[1:]
			_ = w.step(e)
			continue
		}
		a := w.todo[0]
		w.todo = w.todo[1:]
		r, facts := w.carryOut(a)
		w.post(facts)
		_ = w.step(r)
	}
}

// carryOut lets the carrier do an action: the answer, and the callbacks. A leg
// that is sent somewhere asks at once where to.
func (w *world) carryOut(a sent) (Result, []Event) {
	before, voices := w.k.heard(), w.k.voices()
	r, facts := w.k.carry(w.c, a.Action)
	if a.Kind == Dial && w.chance(12, "dialled twice") { // and each tells so
		first := w.k.find(a.Leg)
		both := []*party{first, w.k.dial(a.Leg, true)}
		both[1].watches = first.watches
		if w.chance(2, "the second first") {
			slices.Reverse(both)
		}
		for _, p := range both {
			for _, f := range w.k.move(p, Ringing, NoOutcome) {
				_ = w.step(f)
			}
		}
	}
	w.overhears(before, a.since, a.Action)
	w.speaks(voices, a.since, a.Action)
	rest := facts[:0:0]
	for _, f := range facts {
		if asks, ok := f.(AskedAgain); ok {
			w.post(rest) // it has left, and we may hear of it later
			w.admit(w.k.party(asks.SID))
			rest = nil
			continue
		}
		rest = append(rest, f)
	}
	return r, rest
}

// admit lets a leg ask and do as it is told.
func (w *world) admit(p *party) {
	_ = w.step(question(p))
	w.obeys(p, DocumentFor(w.c, legID(w.c.LegBySID(p.sid))))
}

func (w *world) obeys(p *party, d Document) {
	switch d.Kind {
	case AskKey, AskNumber, AskMessage, AskAccept:
		p.outside, p.question = d.Kind, d.Question
	case EnterRoom:
		before := w.k.heard()
		p.muted = d.Muted && !p.in || p.muted && p.in
		w.post(w.k.join(p))
		w.overhears(before, []Call{w.c}, p.leg)
	case SayGone:
		w.post(w.k.move(p, Over, Completed))
	}
}

// speaks: a supervisor has come to be heard only by whom that was so wanted for when it
// was decided, or at any time since; a listening one by nobody.
func (w *world) speaks(before [][2]*party, since []Call, why any) {
	for _, pair := range w.k.voices() {
		if slices.Contains(before, pair) || slices.ContainsFunc(since, func(c Call) bool {
			l := c.LegBySID(pair[0].sid)
			if l == nil {
				return false
			}
			v := c.watch(l.ID)
			coached := v != nil && c.Leg(v.Coach) != nil && c.Leg(v.Coach).SID == pair[1].sid
			return v != nil && (v.Mode == Joining || v.Mode == Coaching && coached)
		}) {
			continue
		}
		w.t.Fatalf("3: after %v %s hears the supervisor %s\nstage %s, decided in %s\n%+v\n%+v\n%+v",
			why, pair[1].leg, pair[0].leg, w.c.Stage, since[0].Stage, w.c.Watches, w.c.Legs, w.c.Doing)
	}
}

// overhears: nobody has come to hear another who was to be kept apart from the
// others when that was decided, and ever since (invariant 3).
func (w *world) overhears(before [][2]*party, since []Call, why any) {
	for _, pair := range w.k.heard() {
		if slices.Contains(before, pair) {
			continue
		}
		for _, p := range pair {
			if slices.ContainsFunc(since, func(c Call) bool { l := c.LegBySID(p.sid); return l == nil || !c.barred(l) }) {
				continue
			}
			w.t.Fatalf("3: after %v %s and %s hear each other\nstage %s, decided in %s\n%+v\n%+v",
				why, pair[0].leg, pair[1].leg, w.c.Stage, since[0].Stage, w.c.Legs, w.c.Doing)
		}
	}
}

// step applies an event as the desk does and checks what came of it. Where time is
// left to chance no two events come in one instant.
func (w *world) step(e Event) error {
	if w.rt != nil {
		w.now = w.now.Add(time.Millisecond)
	}
	before := w.c
	if w.met != nil {
		w.met[strings.TrimPrefix(fmt.Sprintf("%T", e), "call.")] = true
	}
	next, err := Step(w.c, e, w.now)
	if err != nil {
		if !refusable(e) {
			w.t.Fatalf("a fact was refused: %T %v", e, err)
		}
		if !reflect.DeepEqual(before, next) {
			w.t.Fatalf("a refused request changed the call:\n%s", cmp.Diff(before, next))
		}
		return err
	}
	if r, ok := e.(Request); ok && r.Kind == End {
		w.ended = true
	}
	if _, ok := e.(CustomerLeft); ok {
		w.ended = true
	}
	for _, n := range next.News {
		w.ended = w.ended || n.Kind == NewsLost && !next.Recovery
	}
	if next.Stage != before.Stage && (next.Stage == Ending || next.Stage == Ended && before.Stage != Ending) &&
		!slices.ContainsFunc(next.News, func(n News) bool {
			return n.Kind == NewsCallerLeft || n.Kind == NewsCallerGone || n.Kind == NewsEnded || n.Kind == NewsParted
		}) {
		w.t.Fatalf("the call is over and the timeline does not say so: %v", next.News)
	}
	// Whoever has left us something may be let go.
	w.ended = w.ended || before.Stage == Parting && len(next.Wishes) > 0
	w.seen.add(before, next)
	w.commit(next)
	w.check(e)
	return nil
}

func (w *world) commit(next Call) {
	for i := range w.todo {
		w.todo[i].since = append(w.todo[i].since, next)
	}
	plan := Plan(next, w.now)
	named := map[string]bool{}
	for _, a := range plan {
		about := string(a.Leg) // where it is, and what is recorded of it, are two things
		if a.Kind.Records() {
			about += " recording"
		}
		if a.Leg != "" && named[about] {
			w.t.Fatalf("two actions for leg %s: %v", a.Leg, plan)
		}
		named[about] = true
		w.todo = append(w.todo, sent{a, w.now, []Call{next}})
	}
	w.c = Begin(next, plan, w.now)
	for _, a := range Plan(w.c, w.now) {
		// A leg on its way in may be company for another, whose unsure hold is then
		// to be looked at.
		if a.Kind != Look || slices.ContainsFunc(plan, func(p Action) bool { return p.Key == a.Key }) {
			w.t.Fatalf("what is under way is planned again: %v", a)
		}
	}
}

// TestOrder: the callbacks of one leg end in the same place in whatever order
// they come, as long as each comes (invariant 7).
func TestOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
		c := Create(Arrived{Call: "c", Account: "AC1", SID: "CA1", Recovery: true}, now)
		c, _ = Step(c, RoomMoved{SID: "CA1", RoomSID: "CF1", Seq: 1, Move: Joined}, now)
		c, _ = Step(c, Offered{Agent: "ana"}, now)
		c, _ = Step(c, LegMoved{Leg: "c-2", Account: "AC1", SID: "CA2", Status: Dialled, Seq: 0}, now)

		facts := []Event{LegMoved{Leg: "c-2", SID: "CA2", Status: Ringing, Seq: 1}, LegMoved{Leg: "c-2", SID: "CA2", Status: Answered, Seq: 2}}
		held, in := false, false
		for i := range rapid.IntRange(0, 6).Draw(rt, "moves") {
			moves := []RoomMove{Joined}
			if in {
				moves = []RoomMove{Left, HeldNow, Unheld, MutedNow, Unmuted}
			}
			m := rapid.SampledFrom(moves).Draw(rt, "move")
			in = m != Left
			held = m == HeldNow || held && m != Left && m != Unheld && m != Joined
			facts = append(facts, RoomMoved{SID: "CA2", RoomSID: "CF1", Seq: i + 2, Move: m, Held: held})
		}
		if rapid.Bool().Draw(rt, "ends") {
			facts = append(facts, LegMoved{Leg: "c-2", SID: "CA2", Status: Over, Outcome: Completed, Seq: 3})
		}
		type seen struct {
			Status         Status
			Outcome        Outcome
			InRoom, Held   bool
			Seq            int
			Wanted, Silent bool
		}
		look := func(facts []Event) seen {
			c := c
			for _, f := range facts {
				c, _ = Step(c, f, now)
			}
			l := c.Leg("c-2")
			return seen{l.Status, l.Outcome, l.InRoom, l.Held, l.Seq, c.wanted(l) == Gone, Hears(c, "c-1", "c-2")}
		}
		shuffled := rapid.Permutation(facts).Draw(rt, "order")
		if diff := cmp.Diff(look(facts), look(shuffled)); diff != "" {
			rt.Fatalf("in order - shuffled +\n%s", diff)
		}
	})
}
