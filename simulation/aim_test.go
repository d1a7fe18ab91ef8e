package simulation

import (
	"slices"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// aim is one fault for one stage: in an aimed run it strikes once, a call that is
// in that stage, and nothing else goes wrong.
type aim struct {
	fault fault
	stage call.Stage
	begun bool // somebody was lost, for the sake of call.Recovering
	done  bool
}

// at reports whether it is time: a customer's call is in the stage.
func (a *aim) at(w *world, c *customer) bool {
	return !a.done && c != nil && w.known[c.call].Stage == a.stage
}

// lets keeps agents from what would hide what came of a blow: once it has fallen,
// they only bring customers back together with somebody.
func (a *aim) lets(k call.RequestKind) bool {
	if !a.done {
		return k != call.End
	}
	return slices.Contains([]call.RequestKind{call.Answer, call.Resume, call.Cancel, call.Merge, call.Take, call.Keep, call.Finish}, k)
}

// towards are requests that lead to a stage, the last step first.
func (a *aim) towards() []call.RequestKind {
	switch a.stage {
	case call.HandingOver:
		return []call.RequestKind{call.HandOver, call.Consult}
	case call.Swapped:
		return []call.RequestKind{call.Swap, call.Consult}
	case call.Together:
		return []call.RequestKind{call.Merge, call.Invite}
	case call.Asking, call.Private:
		return []call.RequestKind{call.Consult}
	case call.Sending:
		return []call.RequestKind{call.Send}
	case call.Held:
		return []call.RequestKind{call.PutOnHold}
	}
	return nil
}

// takeAim lets a fault that needs no occasion strike soon after a call has come
// into the stage.
func (w *world) takeAim(c *customer) {
	a := w.aim
	if a != nil && a.stage == call.Recovering && !a.begun && w.known[c.call].Stage == call.Talking {
		a.begun = true
		w.in(time.Second, func() { w.loseAgent(c, false) }) // or nobody would come into that stage
	}
	if a == nil || !a.at(w, c) || !slices.ContainsFunc(unasked(), func(o occasion) bool { return o.fault == a.fault }) {
		return
	}
	most := 1500 * time.Millisecond
	if a.stage == call.HandingOver { // it is over in a moment
		most = 80 * time.Millisecond
	}
	w.in(w.between(0, most), func() {
		if !w.calm && !c.leg.over() && a.at(w, c) {
			owner := w.known[c.call].Owner
			if w.happens(a.fault, c) {
				w.struck[a.fault]++
				w.hit(c)
				w.blows[0].owner = owner
			}
		}
	})
}

// hit notes whom the blow has fallen on.
func (w *world) hit(c *customer) {
	w.aim.done = true
	stored := w.known[c.call]
	w.blows = append(w.blows, &blow{about: c, at: w.now, owner: stored.Owner, off: -1})
}

// blow is a fault that struck a customer's call, and what came of it.
type blow struct {
	about   *customer
	at      time.Duration
	owner   agent.ID
	off     time.Duration // when the customer was last seen without anybody; -1: never
	silence time.Duration
	end     outcome // empty: still open
}

// outcome is what came of a customer, in a word.
type outcome string

const (
	sameAgent outcome = "same"    // with the agent of before
	newAgent  outcome = "other"   // with another one
	firstOne  outcome = "served"  // had nobody before, and has
	hasLeft   outcome = "left"    // hung up, or was lost by the carrier
	hasEnded  outcome = "ended"   // somebody ended the call
	stillHere outcome = "waiting" // until the end of the run
)

// settledAfter is how long after a blow its consequences are waited for.
const settledAfter = 10 * time.Second

// follow watches what comes of the blows that struck a customer.
func (w *world) follow(c *customer, h hearing) {
	for _, b := range w.blows {
		if b.about != c || b.end != "" {
			continue
		}
		if c.silent >= 0 {
			b.silence = max(b.silence, w.now-max(c.silent, b.at))
		}
		switch {
		case c.leg.over() && c.ended:
			b.end = hasEnded
		case c.leg.over():
			b.end = hasLeft
		case h != talk:
			b.off = w.now
		case w.now >= b.at+settledAfter:
			b.end = b.company(w.known[c.call].Owner)
		}
	}
}

func (b *blow) company(owner agent.ID) outcome {
	switch {
	case b.owner == "":
		return firstOne
	case owner == b.owner:
		return sameAgent
	}
	return newAgent
}

// again is how long it took until the customer was with somebody for good.
func (b *blow) again() time.Duration { return max(b.off-b.at, 0) }
