package call

import (
	"fmt"
	"slices"
	"time"

	"warmdesk/agent"
)

// holdMarks are when somebody on hold becomes worth a word: the owner is
// reminded, and reminded once more, and then somebody else should look. The word
// to the customer after five minutes is part of the music (phone, waiting).
func holdMarks() [3]time.Duration {
	return [...]time.Duration{2 * time.Minute, WordTime, 10 * time.Minute}
}

// enterHold enters a stage in which somebody is put on hold just now.
func (c *Call) enterHold(s Stage, now time.Time) {
	c.HoldSince, c.Reminded = now, 0
	c.enter(s, c.holdDeadline(), now)
}

// keepHold enters a stage in which the customer goes on being on hold.
func (c *Call) keepHold(s Stage, now time.Time) {
	if c.HoldSince.IsZero() {
		c.HoldSince = now
	}
	c.enter(s, c.holdDeadline(), now)
}

// holdDeadline is the next thing to happen to a hold; zero: nothing by itself.
func (c *Call) holdDeadline() time.Time {
	var next time.Time
	if marks := holdMarks(); c.Reminded < len(marks) {
		next = c.HoldSince.Add(marks[c.Reminded])
	}
	if !c.BackAt.IsZero() && (next.IsZero() || c.BackAt.Before(next)) {
		next = c.BackAt
	}
	return next
}

// holdExpired is the deadline of Held, Private and Swapped.
func (c *Call) holdExpired(now time.Time) {
	if !c.BackAt.IsZero() && !now.Before(c.BackAt) {
		c.report(now, News{Kind: NewsResumed, Agent: c.Owner})
		c.talk(c.Owner, now)
		return
	}
	n := News{Kind: NewsReminded, Agent: c.Owner, Why: fmt.Sprintf("on hold for %d minutes", int(holdMarks()[c.Reminded].Minutes()))}
	if c.Stage == Swapped {
		n.Other = c.Target
	}
	c.Reminded++
	if c.Reminded == len(holdMarks()) {
		n.Kind = NewsNeedsHelp
	}
	c.report(now, n)
	c.Deadline = c.holdDeadline()
}

// putOnHold: the customer hears music, the owner nothing.
func (c *Call) putOnHold(by agent.ID, now time.Time) {
	c.report(now, News{Kind: NewsHeld, Agent: by})
	c.enterHold(Held, now)
}

// consult begins a private talk: with a target who is rung as soon as the
// customer is seen apart, or with the one who is there.
func (c *Call) consult(r Request, now time.Time) {
	if c.Stage == Together {
		c.report(now, News{Kind: NewsPrivate, Agent: c.Target, Other: r.By})
		c.enterHold(Private, now)
		return
	}
	if c.Stage == Asking {
		c.report(now, News{Kind: NewsCancelled, Agent: c.Target, Other: r.By})
		c.release(c.Target, Dismissed)
	}
	c.aim(r, now)
	c.report(now, News{Kind: NewsConsulting, Agent: r.To, Other: r.By})
	c.keepHold(Asking, now)
	c.Deadline = later(now, c.lateUntil()).Add(c.targetDialTime()) // nobody is rung before that
}

// back returns the owner to the customer from wherever a transfer has got to.
func (c *Call) back(by agent.ID, now time.Time) {
	if c.Stage == Sending {
		c.report(now, News{Kind: NewsCancelled, Agent: c.Target, Other: by})
		c.release(c.Target, Dismissed)
		c.offerFormer(whyNotTaken, now)
		return
	}
	if c.Stage == Held {
		c.report(now, News{Kind: NewsResumed, Agent: by})
	} else {
		c.report(now, News{Kind: NewsCancelled, Agent: c.Target, Other: by})
		c.release(c.Target, Dismissed)
	}
	c.talk(c.Owner, now)
}

// swap puts the one on hold who was spoken to, and the other in their place.
func (c *Call) swap(by agent.ID, now time.Time) {
	to := Swapped
	if c.Stage == Swapped {
		to = Private
	}
	c.report(now, News{Kind: NewsSwapped, Agent: by, Other: c.Target})
	c.enterHold(to, now)
}

// merge lets everyone hear everyone.
func (c *Call) merge(by agent.ID, now time.Time) {
	c.vouch()
	c.report(now, News{Kind: NewsTogether, Agent: c.Target, Other: by})
	c.enter(Together, time.Time{}, now)
}

func (c *Call) settleAsking(now time.Time) {
	t := c.AgentLeg(c.Target)
	switch {
	case c.gone(c.Owner):
		c.ownerLost(now)
	case c.Seeks():
	case t == nil:
		c.inviteOver(c.lastOutcome(c.Target), "", now)
	case c.with(t) && c.Taking:
		c.enter(HandingOver, now.Add(HandOverTime), now)
	case c.with(t):
		c.Notice = nil // of those who were asked before
		c.report(now, News{Kind: NewsPrivate, Agent: c.Target, Other: c.Owner})
		c.keepHold(Private, now)
	}
}

func (c *Call) settlePrivate(now time.Time) {
	switch {
	case c.gone(c.Owner) && !c.gone(c.Target) && !c.Recovery:
		c.takeOver(c.Target, now)
	case c.gone(c.Owner):
		c.ownerLost(now)
	case c.gone(c.Target):
		c.report(now, News{Kind: NewsLost, Agent: c.Target})
		c.leftPrivate(now)
	}
}

// leftPrivate: the target is gone from a private talk. The customer stays on
// hold until the owner has collected their thoughts, but not for long.
func (c *Call) leftPrivate(now time.Time) {
	c.Notice = &Notice{Kind: Completed, Agent: c.Target, At: now}
	c.Target, c.Asked = "", ""
	c.holdFor(c.backTime(), now)
}

// holdFor is Held, and back to the customer by itself after so long; zero: not by itself.
func (c *Call) holdFor(d time.Duration, now time.Time) {
	c.keepHold(Held, now)
	if d > 0 {
		c.BackAt = now.Add(d)
		c.Deadline = c.holdDeadline()
	}
}

// settleLostInPrivate: the owner's line broke while the customer was on hold for
// a talk with the target. The owner has a moment to come back to it.
func (c *Call) settleLostInPrivate(now time.Time) {
	o, t := c.AgentLeg(c.Owner), c.AgentLeg(c.Target)
	switch {
	case t == nil:
		// Nobody is left to wait with: the owner gets the time that is usual.
		c.LostIn, c.Target = "", ""
		c.Deadline = c.Since.Add(RecoverTime)
	case !c.with(o):
	case c.LostIn == Private:
		c.report(now, News{Kind: NewsRejoined, Agent: c.Owner, Other: c.Target})
		c.keepHold(Private, now)
	default:
		c.report(now, News{Kind: NewsRejoined, Agent: c.Owner, Other: c.Target})
		c.keepHold(Asking, now)
		c.Deadline = now.Add(c.RingTime())
	}
}

// lostInPrivate is the end of that moment: the target owns, or what is left of
// the target's ring is an offer of the customer.
func (c *Call) lostInPrivate(now time.Time) {
	if c.withoutProof(now) {
		c.LostIn, c.Target = "", ""
		c.comeBack(whyReturned, now)
		return
	}
	if c.with(c.AgentLeg(c.Target)) {
		c.takeOver(c.Target, now)
		return
	}
	c.ringOn(now)
}

// ringOn makes what is left of the target's ring an offer of the customer.
func (c *Call) ringOn(now time.Time) {
	lost, t := c.Owner, c.AgentLeg(c.Target)
	c.release(lost, Dropped)
	c.returns(whyReturned, now)
	c.report(now, News{Kind: NewsReturned, Agent: lost, Why: whyReturned})
	c.report(now, News{Kind: NewsOffered, Agent: c.Target})
	c.Owner, c.Asked = "", ""
	switch {
	case t.Status == Answered:
		c.enter(Connecting, now.Add(ConnectTime), now)
	case t.Status == Ringing:
		// It may be over already: then it ends in a moment.
		c.enter(Offering, later(c.ringsUntil(t), now.Add(time.Second)), now)
	default:
		c.enter(Offering, now.Add(c.targetDialTime()), now)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// allowedOnHold is what may be asked while somebody is on hold.
func allowedOnHold(c *Call, by agent.ID) []RequestKind {
	switch {
	case by == c.Owner && c.Stage == Held:
		return []RequestKind{Resume, Cancel, Consult, Invite, Send, Requeue, End}
	case c.mayTake(by):
		return []RequestKind{Take}
	case by == c.Owner && c.Stage == Asking:
		return []RequestKind{Cancel, Resume, Consult, End}
	case by == c.Owner:
		return []RequestKind{HandOver, Merge, Swap, Cancel, Resume, End}
	case by == c.Target && c.Stage == Asking:
		return c.rungAt(by)
	case by == c.Target && c.Stage == Swapped && c.suspected(c.Owner):
		return []RequestKind{Take, Leave}
	case by == c.Target:
		return []RequestKind{Leave}
	}
	return nil
}

// takes reports whether the target may have the customer of a lost owner.
func (c *Call) takes(by agent.ID) bool {
	l := c.AgentLeg(by)
	return c.Stage == Recovering && c.LostIn != "" && by == c.Target && l != nil && l.Status == Answered
}

// rings reports whether a request asks for somebody to be rung.
func (c *Call) rings(k RequestKind) bool {
	return k == Invite || k == Send || k == Consult && c.Stage != Together
}

// refuseTarget refuses a request that names nobody, or somebody who will not do.
func (c *Call) refuseTarget(r Request) *RefusedError {
	if c.rings(r.Kind) {
		if err := c.refuseSought(r); err != nil {
			return err
		}
		switch {
		case r.To == "" && len(r.Sought) == 0 || r.To != "" && (r.To == r.By || r.To == c.Target):
			return &RefusedError{Code: BadRequest, Message: "Say who is to be brought in. Nothing has changed."}
		case !r.Free || r.To == "" || len(r.Sought) > 0 && !slices.Contains(r.Sought, r.As):
			return c.refuseBusy(r)
		}
		return nil
	}
	if (r.Kind == Remove || r.Kind == Consult) && r.To != "" && r.To != c.Target {
		return &RefusedError{Code: BadRequest, Message: "That person is not on the call. Nothing has changed."}
	}
	return nil
}
