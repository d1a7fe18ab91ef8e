package simulation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// fault is a kind of thing that goes wrong.
type fault int

const (
	callbackLost fault = iota
	callbackTwice
	callbackLate   // up to 5 s, so that they overtake one another
	callbackLatest // up to 60 s
	documentTwice  // the answer to a question is lost, and it is asked again
	tooMany        // 429
	serverError    // 500, with or without effect
	reset          // the connection breaks, with or without effect
	timeOut        // 3 s, with effect sooner or later, or without
	outage         // REST refuses connections for a while
	holdRefused
	dialRefused
	pacing // one call created per second
	lineLost
	lineSilent // the carrier learns of it 5 s later
	fallsOut   // out of the room, for no reason of ours
	roomEnds
	customerLost
	declines
	noAnswer
	reload
	pageGone
	secondTab
	killedBefore
	killedAfter
	killed
	clockJump
	conflict
	storeBusy
	savedButFailed
	faults // how many there are
)

func (f fault) String() string {
	return [...]string{
		"callback lost", "callback twice", "callback up to 5 s late", "callback up to 60 s late", "document asked for twice",
		"REST 429", "REST 500", "REST connection reset", "REST time-out", "REST outage of up to 30 s", "hold refused", "dial refused",
		"one call created per second", "agent's line lost", "agent's line lost silently", "leg falls out of the room", "conference ends",
		"customer's line lost", "agent declines", "agent does not answer", "page reloaded", "page gone", "a second page opened",
		"desk killed before a save", "desk killed after a save", "desk killed at any time", "clock jumps by up to 60 s",
		"save in conflict", "store busy", "save done, answer lost",
	}[f]
}

// plan is what goes wrong in a run.
type plan [faults]bool

func only(list ...fault) (p plan) {
	for _, f := range list {
		p[f] = true
	}
	return p
}

// drawPlan: nothing in one run of sixteen, one kind in five, some kinds in the
// others, and everything at once now and then.
func drawPlan(r *rand.Rand) (p plan) {
	n := 0
	switch k := r.IntN(16); {
	case k == 0:
		return p
	case k < 6:
		n = 1
	case k < 15:
		n = 2 + r.IntN(5)
	default:
		n = 20
	}
	for range n {
		p[r.IntN(int(faults))] = true
	}
	return p
}

func (p plan) kinds() (n int) {
	for _, yes := range p {
		if yes {
			n++
		}
	}
	return n
}

func (p plan) String() string {
	var names []string
	for f := range faults {
		if p[f] {
			names = append(names, f.String())
		}
	}
	if names == nil {
		return "nothing goes wrong"
	}
	return strings.Join(names, ", ")
}

// How long something may be otherwise than it should after a fault: the
// assumptions of docs/faults.md.
const (
	lookTime   = 64 * time.Second // nothing told us: the minute's look, and then the request
	restBack   = 12 * time.Second // a request failed: back-off to 10 s, and a second look after 10 s
	silentTime = 5 * time.Second  // the carrier learns of a line that is dead
	laterTime  = 30 * time.Second // the same where only the agent's page can tell
	helloTime  = 4 * time.Second  // from the new page's being there to its hello
	storeTime  = 8 * time.Second
	downTime   = 10 * time.Second // after the desk is back
)

// loneTime is enough where callbacks are lost and nothing else goes wrong: what
// one does not tell, another does, or the carrier's 404.
const loneTime = 12 * time.Second

// lookTime is how long what was not told may go unnoticed.
func (w *world) lookTime() time.Duration {
	if w.alone {
		return loneTime
	}
	return lookTime
}

// strikes reports whether a fault happens now: once in n times.
func (w *world) strikes(f fault, n int, format string, args ...any) bool {
	if !w.plan[f] || w.calm || w.rng.IntN(n) != 0 || !w.chosen() {
		return false
	}
	w.struck[f]++
	if w.tracing {
		w.tell("", "! "+format, args...)
	}
	return true
}

// chosen counts what may happen or not. When a failure is made small, some of it
// is left out.
func (w *world) chosen() bool {
	w.choices++
	return !slices.Contains(w.without, w.choices)
}

// between draws a time.
func (w *world) between(least, most time.Duration) time.Duration {
	return least + time.Duration(w.rng.Int64N(int64(most-least)+1))
}

// scheduled lets faults that need no occasion strike some times in the run.
func (w *world) scheduled() {
	at := func(f fault, most int, do func()) {
		if !w.plan[f] {
			return
		}
		for range 1 + w.rng.IntN(most) {
			w.in(w.between(2*time.Second, activeTime), func() {
				if w.calm || !w.chosen() {
					return
				}
				w.struck[f]++
				do()
			})
		}
	}
	at(outage, 3, func() {
		d := w.between(time.Second, 30*time.Second)
		w.tell("", "! REST is out of reach for %s", seconds(d))
		w.restOut = w.now + d
		w.excuseAll(d + restBack)
	})
	at(lineLost, 6, func() { w.loseAgent(false) })
	at(lineSilent, 6, func() { w.loseAgent(true) })
	at(fallsOut, 6, w.fallOut)
	at(roomEnds, 4, w.endRoom)
	at(customerLost, 2, w.loseCustomer)
	at(reload, 5, func() { w.somebody().reload(w.between(500*time.Millisecond, 4*time.Second)) })
	at(pageGone, 3, func() { w.somebody().reload(w.between(20*time.Second, 100*time.Second)) })
	at(secondTab, 4, func() { w.somebody().secondTab() })
	at(killed, 3, func() {
		if p := w.reached(); p != nil {
			w.tell("", "! desk %d is killed", p.number+1)
			p.kill()
		}
	})
	at(clockJump, 3, func() {
		d := w.between(-60*time.Second, 60*time.Second)
		w.tell("", "! the clock jumps by %s", seconds(d))
		w.skew += d
		w.excuseAll(lookTime + d.Abs())
	})
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
