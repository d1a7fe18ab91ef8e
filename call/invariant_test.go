package call

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/google/go-cmp/cmp"

	"warmdesk/agent"
)

// check holds the call against the invariants.
func (w *world) check(e Event) {
	rt, c := w.t, w.c
	fail := func(format string, args ...any) {
		rt.Helper()
		rt.Fatalf("after %T: %s\nstage %s owner %q target %q\n%+v", e, fmt.Sprintf(format, args...), c.Stage, c.Owner, c.Target, c.Legs)
	}
	cust := c.CustomerLeg()
	if c.wanted(cust) == Gone && cust.Status != Over && !w.ended {
		fail("1: the customer is cut off though nobody asked for it")
	}
	w.checkCared(fail)
	w.checkWishes(fail)
	w.checkQuiet(fail)
	claimed := map[agent.ID]bool{}
	for _, cl := range Claims(c) {
		if claimed[cl.Agent] || cl.Agent == "" {
			fail("4: claims %v", Claims(c))
		}
		claimed[cl.Agent] = true
	}
	if cust.Status == Over && c.Stage != Awaiting {
		for i := range c.Legs {
			l := &c.Legs[i]
			if d := c.doing(hangKey(l)); l.SID != "" && l.Status != Over && d == nil {
				fail("5: leg %s goes on after the customer left", l.ID)
			}
		}
	}
	if wake := Wake(c, w.now); !wake.IsZero() && !wake.After(w.now) {
		fail("woken at %v, now %v", wake, w.now)
	}
	if w.repeatable(e) {
		again, err := Step(c, e, w.now)
		if err != nil || len(again.News) > 0 || !reflect.DeepEqual(unheard(again), unheard(c)) {
			fail("7: repeated, it changes: %v %v\n%s", err, again.News, cmp.Diff(unheard(c), unheard(again)))
		}
	}
	if w.steps++; w.rt != nil && w.steps%4 == 0 { // a hundred requests each
		w.checkAllowed(fail)
	}
}

// checkCared: while the customer is there, a person or a deadline owns the next
// step (invariant 2).
func (w *world) checkCared(fail func(string, ...any)) {
	c := w.c
	deadline := !c.Deadline.IsZero()
	switch c.Stage {
	case Queued, Choosing, Ended:
		if deadline {
			fail("2: %s has a deadline", c.Stage)
		}
	case Talking:
		if c.AgentLeg(c.Owner) == nil || deadline != (c.Former != "") {
			fail("2: talking without an owner")
		}
	case Held:
		if c.AgentLeg(c.Owner) == nil || !deadline && c.Reminded < len(holdMarks()) {
			fail("2: on hold without an owner")
		}
	case Private, Swapped:
		if c.AgentLeg(c.Owner) == nil || c.AgentLeg(c.Target) == nil || !deadline && c.Reminded < len(holdMarks()) {
			fail("2: on hold without the two")
		}
	case Together:
		if c.AgentLeg(c.Owner) == nil || c.AgentLeg(c.Target) == nil || deadline {
			fail("2: together without the two")
		}
	default:
		if !deadline {
			fail("2: %s has no deadline", c.Stage)
		}
	}
}

// checkWishes: nobody is told goodbye who has left us nothing, no message is kept
// twice, and nothing that was left is forgotten.
func (w *world) checkWishes(fail func(string, ...any)) {
	if w.c.Stage == Parting && len(w.c.Wishes) == 0 {
		fail("1: goodbye for nothing")
	}
	seen := map[Wish]bool{}
	for _, wish := range w.c.Wishes {
		wish.Length = 0
		if seen[wish] {
			fail("7: kept twice: %v", w.c.Wishes)
		}
		seen[wish] = true
	}
	for wish := range w.wishes {
		if !seen[wish] {
			fail("forgotten: %v of %v", wish, w.wishes)
		}
	}
	w.wishes = seen
}

// checkAllowed: Allowed and Step never disagree (invariant 8).
func (w *world) checkAllowed(fail func(string, ...any)) {
	kinds := append(built(), "dance")
	for _, by := range []agent.ID{"ana", "ben", "cy", "mia", ""} {
		allowed := Allowed(w.c, by)
		if by == "mia" {
			allowed = AllowedLead(w.c, by, true)
		}
		for _, k := range kinds {
			to := agent.ID("dora")
			if k == Remove || k == Consult && w.c.Stage == Together {
				to = w.c.Target
			}
			_, err := Step(w.c, Request{Kind: k, By: by, To: to, Free: true, Lead: by == "mia", Private: true, Phone: "+4930111111"}, w.now)
			if (err == nil) != slices.Contains(allowed, k) {
				fail("8: %q asks %s, allowed %v, Step says %v", by, k, allowed, err)
			}
		}
	}
}

// repeatable: a fact, save an answer of the carrier whose key is in use again:
// answers are our own requests' and come once.
func (w *world) repeatable(e Event) bool {
	if r, ok := e.(Result); ok {
		return !w.c.running(r.Key)
	}
	return !refusable(e)
}

func refusable(e Event) bool {
	switch e.(type) {
	case Request, CallMeBack, Rate:
		return true
	}
	return false
}

func unheard(c Call) Call {
	c.News = nil
	return c
}

// quiet lets nothing more happen, and the carrier obey.
func (w *world) quiet() {
	for len(w.mail) > 0 {
		e := w.mail[0]
		w.mail = w.mail[1:]
		_ = w.step(e)
	}
	_ = w.step(Doubted{}) // the minute's look: callbacks may have been lost
	for round := 0; ; round++ {
		if round == 300 {
			w.t.Fatalf("never at rest: stage %s, under way %v\n%+v", w.c.Stage, w.c.Doing, w.c.Legs)
		}
		for len(w.todo) > 0 {
			a := w.todo[0]
			w.todo = w.todo[1:]
			r, facts := w.carryOut(a)
			_ = w.step(r)
			for _, f := range append(facts, w.mail...) {
				_ = w.step(f)
			}
			w.mail = nil
		}
		at := Wake(w.c, w.now)
		if at.IsZero() {
			break
		}
		w.now = at
		_ = w.step(TimePassed{Generation: w.c.Generation})
	}
	w.checkRest()
	w.checkRecorded()
}

// checkRest: desired = observed = true (invariant 6).
func (w *world) checkRest() {
	c := w.c
	fail := func(l *Leg, format string, args ...any) {
		w.t.Helper()
		w.t.Fatalf("at rest in %s: leg %+v: %s\n%+v", c.Stage, *l, fmt.Sprintf(format, args...), c.Legs)
	}
	for i := range c.Legs {
		l := &c.Legs[i]
		p := w.k.party(l.SID)
		if p == nil {
			if l.Status != Over {
				fail(l, "never dialled, and not over")
			}
			continue
		}
		if (p.status == Over) != (l.Status == Over) || p.in != l.InRoom || p.held != l.Held {
			fail(l, "the carrier has %+v", *p)
		}
		if v := c.watch(l.ID); v != nil && l.InRoom && (p.muted != l.Muted || c.voice(l) != "" || p.coaches != "" != (v.Heard != "")) {
			fail(l, "is to be heard so: %+v, the carrier has %+v", *v, *p)
		}
		switch want := c.wanted(l); {
		case l.Status == Over:
		case want == Gone, want == Rung:
			fail(l, "wanted %s", want)
		case want == Apart:
			if l.InRoom || l.Told != c.saying(l) {
				fail(l, "wanted %s, was told %q", want, l.Told)
			}
		case want == OnHold && (c.discreet() || l.Parked):
			if !c.apart(l) {
				fail(l, "wanted %s", want)
			}
		case !l.InRoom, want == OnHold && !l.Held, want == InRoom && l.Held && (l.Role != Customer || c.accompanied(l)):
			fail(l, "wanted %s", want)
		}
	}
	switch c.Stage {
	case Ending, Offering, Connecting, Inviting, Asking, Sending, HandingOver, Recovering, Awaiting, Recording, Parting:
		w.t.Fatalf("at rest in %s", c.Stage)
	}
	for _, p := range w.k.parties {
		if p.status != Over && c.LegBySID(p.sid) == nil {
			w.t.Fatalf("a leg is left at the carrier: %+v", *p)
		}
	}
}
