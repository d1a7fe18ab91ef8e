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
	crash5        // the browser dies without a word, and the carrier notices after 5 s
	crash60       // the same, after 60 s
	asleep        // the laptop is closed, and opened again
	storeOut      // the store fails for a while
	callerReloads // a customer's page is reloaded, or crashes
	regions       // an agent's leg gets into another room of the same name
	faults        // how many there are
)

func (f fault) String() string {
	return [...]string{
		"callback lost", "callback twice", "callback up to 5 s late", "callback up to 60 s late", "document asked for twice",
		"REST 429", "REST 500", "REST connection reset", "REST time-out", "REST outage of up to 30 s", "hold refused", "dial refused",
		"one call created per second", "agent's line lost", "agent's line lost silently", "leg falls out of the room", "conference ends",
		"customer's line lost", "agent declines", "agent does not answer", "page reloaded", "page gone", "a second page opened",
		"desk killed before a save", "desk killed after a save", "desk killed at any time", "clock jumps by up to 60 s",
		"save in conflict", "store busy", "save done, answer lost",
		"browser crashes, noticed after 5 s", "browser crashes, noticed after 60 s", "laptop closed and opened again",
		"store fails for up to 30 s", "customer's page reloaded", "two rooms of one name",
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
	crashTime  = 60 * time.Second // a carrier that is slow to notice
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

// strikes reports whether a fault happens now: once in n times, or where the run
// aims. It concerns a customer, if c is not nil.
func (w *world) strikes(f fault, n int, c *customer, format string, args ...any) bool {
	switch {
	case !w.plan[f] || w.calm:
		return false
	case w.aim != nil:
		if !w.aim.at(w, c) {
			return false
		}
		w.hit(c)
	case w.rng.IntN(n) != 0 || !w.chosen():
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
	for _, o := range unasked() {
		if !w.plan[o.fault] || w.aim != nil {
			continue
		}
		for range 1 + w.rng.IntN(o.most) {
			w.in(w.between(2*time.Second, activeTime), func() {
				if !w.calm && w.chosen() && w.happens(o.fault, nil) {
					w.struck[o.fault]++
				}
			})
		}
	}
}

// occasion is a fault that needs none, and how often it may strike in a run.
type occasion struct {
	fault fault
	most  int
}

// unasked are the faults that need no occasion, and how often each may strike.
func unasked() []occasion {
	return []occasion{
		{outage, 3}, {lineLost, 6}, {lineSilent, 6}, {fallsOut, 6}, {roomEnds, 4}, {customerLost, 2}, {reload, 5}, {pageGone, 3},
		{secondTab, 4}, {killed, 3}, {clockJump, 3}, {crash5, 3}, {crash60, 3}, {asleep, 3}, {storeOut, 2}, {callerReloads, 4},
	}
}

// happens lets such a fault strike, in the call of a customer or anywhere, and
// reports whether there was anything to strike.
func (w *world) happens(f fault, c *customer) bool {
	switch f {
	case outage:
		d := w.between(time.Second, 30*time.Second)
		w.tell("", "! REST is out of reach for %s", seconds(d))
		w.restOut = w.now + d
		w.excuseAll(d + restBack)
	case storeOut:
		d := w.between(time.Second, 30*time.Second)
		w.tell("", "! the store fails for %s", seconds(d))
		w.storeOut = w.now + d
		w.excuseAll(d + lookTime) // what could not be saved is not told again
	case lineLost, lineSilent:
		return w.loseAgent(c, f == lineSilent)
	case fallsOut:
		return w.fallOut(c)
	case roomEnds:
		return w.endRoom(c)
	case callerReloads:
		if c == nil {
			c = w.customers[w.rng.IntN(len(w.customers))]
		}
		return c.reloads(w)
	case customerLost:
		return w.loseCustomer(c)
	case reload:
		return w.worker(c).reload(w.between(500*time.Millisecond, 4*time.Second))
	case pageGone:
		return w.worker(c).reload(w.between(20*time.Second, 100*time.Second))
	case secondTab:
		return w.worker(c).secondTab()
	case crash5:
		return w.worker(c).crashes(silentTime)
	case crash60:
		return w.worker(c).crashes(crashTime)
	case asleep:
		return w.worker(c).sleeps()
	case killed:
		p := w.reached()
		if p == nil {
			return false
		}
		w.tell("", "! desk %d is killed", p.number+1)
		p.kill()
	case clockJump:
		d := w.between(-60*time.Second, 60*time.Second)
		w.tell("", "! the clock jumps by %s", seconds(d))
		w.skew += d
		w.excuseAll(lookTime + d.Abs())
	}
	return true
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
