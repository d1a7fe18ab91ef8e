package call

import (
	"fmt"
	"slices"
	"time"

	"warmdesk/agent"
)

// settle moves the stage to where the observations allow or demand it, until
// nothing moves. It looks only at what is, never at what just happened: the
// same facts in another order end in the same place.
func (c *Call) settle(now time.Time) {
	c.expireLeases(now)
	c.giveUpAstray(now)
	for range 8 { // each stage is left at most once per event
		before := c.Generation
		c.forgetUndialled(now)
		c.settleOnce(now)
		if c.Generation == before {
			break
		}
	}
	c.settleWatches(now)
	c.noteAstray(now)
	c.forgetDone()
	c.forgetSuspicions()
	// A leg the carrier never took leaves nothing behind, or a carrier that fails
	// for an hour would leave hundreds. A rejoin's tells when to dial again.
	c.Legs = slices.DeleteFunc(c.Legs, func(l Leg) bool {
		return l.Status == Over && l.SID == "" && l.Purpose != Rejoin
	})
}

func (c *Call) settleOnce(now time.Time) {
	cust := c.CustomerLeg()
	if !cust.alive() && c.Stage != Awaiting && c.Stage != Ending && c.Stage != Ended {
		c.customerLost(now)
		return
	}
	switch c.Stage {
	case Queued, Choosing:
		c.widen(now)
		c.settleLateAnswer(now)
	case Offering:
		c.settleOffer(now)
		if c.Stage == Offering {
			c.settleLateAnswer(now)
		}
	case Connecting:
		c.settleOffer(now)
	case Talking:
		if c.gone(c.Owner) || c.suspected(c.Owner) {
			c.ownerLost(now)
		}
	case Held:
		if c.gone(c.Owner) {
			c.ownerLost(now)
		}
	case Asking:
		c.settleAsking(now)
	case Inviting:
		c.settleInviting(now)
	case Sending:
		c.settleSending(now)
	case Private:
		c.settlePrivate(now)
	case Swapped, Together:
		c.settleTogether(now)
	case HandingOver:
		c.settleHandOver(cust, now)
	case Recovering:
		c.settleRecovering(now)
	case Awaiting:
		c.settleAwaiting(now)
	case Ending:
		for i := range c.Legs {
			if c.Legs[i].alive() {
				return
			}
		}
		if c.EndedAt.IsZero() {
			c.EndedAt, c.Deadline = now, now.Add(CollectTime)
		}
		if c.owing() {
			return
		}
		c.enter(Ended, time.Time{}, now)
	}
}

// with reports whether an agent's leg is in the room, and in the customer's
// where the customer is in one: two rooms may bear one name in two regions.
func (c *Call) with(l *Leg) bool { return l.in() && c.roomOf(l) }

// roomOf reports whether a leg is in the customer's room, or in one that the
// customer may yet come into.
func (c *Call) roomOf(l *Leg) bool {
	cust := c.CustomerLeg()
	return l.InRoom && (!cust.InRoom || cust.RoomSID == l.RoomSID)
}

// gone reports whether an agent has no leg left that is wanted.
func (c *Call) gone(id agent.ID) bool { return c.AgentLeg(id) == nil }

// lateAnswer is a leg whose ring had run out and that answered after all. One
// that answered long ago and never came in is not taken back, nor one whose end
// may be on its way to the carrier: it would be cut off in the middle of a word.
func (c *Call) lateAnswer(now time.Time) *Leg {
	for i := range c.Legs {
		l := &c.Legs[i]
		d := c.doing(hangKey(l))
		if l.Role == Agent && l.Status == Answered && l.Release == Dropped && (d == nil || !d.uncertain()) && c.suspicion(l) == nil && l.proven() &&
			(c.roomOf(l) || now.Before(l.AnsweredAt.Add(ConnectTime))) {
			return l
		}
	}
	return nil
}

// widen lets a customer be offered to anybody who has waited for their team in
// vain: a colleague of another team is better than nobody.
func (c *Call) widen(now time.Time) {
	if c.Team == "" || c.Widened || now.Before(c.WaitingAt.Add(TeamTime)) {
		return
	}
	c.Widened = true
	c.report(now, News{Kind: NewsWidened, Why: fmt.Sprintf("waited %d s for %s", int(TeamTime.Seconds()), agent.TeamTitle(c.Team))})
}

// settleLateAnswer: somebody answered late and the customer has nobody: that one
// owns (transfer.md, What happens to whom).
func (c *Call) settleLateAnswer(now time.Time) {
	l := c.lateAnswer(now)
	if l == nil {
		return
	}
	c.tookIt(l.Agent, now)
	c.release(c.Target, Dropped)
	l.Release = Kept
	c.Target = l.Agent
	c.report(now, News{Kind: NewsAnswered, Agent: l.Agent})
	c.enter(Connecting, now.Add(ConnectTime), now)
}

func (c *Call) settleOffer(now time.Time) {
	l := c.AgentLeg(c.Target)
	switch {
	case l == nil:
		c.offerOver(c.lastOutcome(c.Target), now)
	case c.with(l):
		c.report(now, News{Kind: NewsTalking, Agent: c.Target})
		c.talk(c.Target, now)
	case l.Status == Answered && c.Stage == Offering:
		c.report(now, News{Kind: NewsAnswered, Agent: c.Target})
		c.enter(Connecting, now.Add(ConnectTime), now)
	}
}

// offerOver sends the customer back into the line and says what that means for
// the agent.
func (c *Call) offerOver(o Outcome, now time.Time) {
	id := c.Target
	switch o {
	case NoAnswer, Canceled:
		c.report(now, News{Kind: NewsMissed, Agent: id, Outcome: o})
	case Unreachable:
		c.report(now, News{Kind: NewsNotReached, Agent: id, Outcome: o})
	case Completed, NoOutcome:
		c.report(now, News{Kind: NewsLost, Agent: id, Outcome: o})
	case Failed:
		c.report(now, News{Kind: NewsDialFailed, Agent: id, Outcome: o, Why: c.refusal().Why()})
		c.skip(id, now.Add(FailTime), now)
		c.requeue(now)
		return
	default:
		c.report(now, News{Kind: NewsPassed, Agent: id, Outcome: o})
	}
	c.skip(id, now.Add(PassTime), now)
	c.requeue(now)
}

func (c *Call) settleInviting(now time.Time) {
	t := c.AgentLeg(c.Target)
	switch {
	case c.gone(c.Owner) && c.with(t) && t.proven():
		c.takeOver(c.Target, now)
	case c.gone(c.Owner) || c.suspected(c.Owner):
		c.ownerLost(now)
	case c.Seeks():
	case t == nil:
		c.inviteOver(c.lastOutcome(c.Target), "", now)
	case c.with(t):
		c.Notice = nil // of those who were asked before
		c.report(now, News{Kind: NewsTogether, Agent: c.Target, Other: c.Owner})
		if c.TakingBack || c.Taking {
			c.enter(HandingOver, now.Add(HandOverTime), now)
			return
		}
		c.enter(Together, time.Time{}, now)
	}
}

func (c *Call) settleTogether(now time.Time) {
	switch {
	case c.gone(c.Owner) && c.gone(c.Target):
		c.report(now, News{Kind: NewsLost, Agent: c.Target})
		c.ownerLost(now)
	case c.gone(c.Owner) && c.Recovery && c.withoutProof(now):
		c.ownerLost(now)
	case c.gone(c.Owner):
		c.takeOver(c.Target, now)
	case c.gone(c.Target):
		c.targetLost(now)
	case c.Stage == Together && c.suspected(c.Owner) && c.suspected(c.Target):
		c.ownerLost(now) // whoever is heard of first has the customer
	}
}

func (c *Call) settleHandOver(cust *Leg, now time.Time) {
	switch {
	case c.gone(c.Target):
		c.targetLost(now)
	case c.gone(c.Owner), cust.in() && c.with(c.AgentLeg(c.Target)):
		// An owner whose line ends now wanted to leave and is not fetched back.
		c.handedOver(c.Owner, c.Target, now)
	}
}

func (c *Call) settleRecovering(now time.Time) {
	if c.LostIn != "" {
		c.settleLostInPrivate(now)
		if c.LostIn != "" || c.Stage != Recovering {
			return
		}
	}
	if c.gone(c.Target) {
		c.Target, c.Taking = "", false
		if l := c.lateAnswer(now); l != nil && !c.with(c.AgentLeg(c.Owner)) {
			l.Release = Kept
			if l.Agent != c.Owner {
				c.Target = l.Agent
			}
		}
	}
	o, t := c.AgentLeg(c.Owner), c.AgentLeg(c.Target)
	switch {
	case c.with(o) && !c.suspected(c.Owner):
		c.report(now, News{Kind: NewsRejoined, Agent: c.Owner})
		switch {
		case t == nil:
			c.talk(c.Owner, now)
		case c.Taking && !c.with(t):
			c.ownerFirst(now)
		default:
			c.enter(Inviting, now.Add(c.RingTime()), now)
		}
	case c.with(t) && !c.suspected(c.Target) && !t.proven():
		c.withoutProof(now)
		c.Target, c.Taking = "", false
	case c.with(t) && !c.suspected(c.Target):
		c.takeOver(c.Target, now)
	}
}

// expire is what a stage's deadline means.
func (c *Call) expire(now time.Time) {
	if c.Seeks() { // routing has not answered
		c.foundNobody(now)
		return
	}
	switch c.Stage {
	case Offering:
		c.ringOver(now)
	case Connecting:
		c.release(c.Target, Dropped)
		c.report(now, News{Kind: NewsLost, Agent: c.Target})
		c.skip(c.Target, now.Add(PassTime), now)
		c.requeue(now)
	case Inviting, Asking:
		c.inviteOver(c.overdue(), "", now)
	case Talking:
		c.finish()
	case Sending:
		c.sendOver(c.overdue(), now)
	case Held, Private, Swapped:
		c.holdExpired(now)
	case HandingOver:
		c.Notice = &Notice{Kind: Failed, Agent: c.Target, At: now}
		c.report(now, News{Kind: NewsTogether, Agent: c.Target, Other: c.Owner, Why: whyNotHandedOver})
		c.enter(Together, time.Time{}, now)
	case Recovering:
		if c.LostIn != "" {
			c.lostInPrivate(now)
			return
		}
		if c.Taking {
			c.ringOn(now)
			return
		}
		c.comeHome(c.whyLost(), now)
	case Awaiting:
		c.notBack(now)
	case Recording:
		c.noMessage(now)
	case Parting:
		c.customerLeft(now)
	case Ending:
		if !c.EndedAt.IsZero() && c.owing() {
			c.Tapes = nil // the carrier was asked long enough
			c.giveUpTracks(now)
			return
		}
		c.Doubt, c.Deadline = true, now.Add(EndingTime)
	}
}

// overdue is what a target's ring has come to when its time is up.
func (c *Call) overdue() Outcome {
	l := c.AgentLeg(c.Target)
	switch {
	case l == nil || l.Status == Planned || l.Status == Answered || l.queued():
		return Failed // the carrier would not dial, or the target never came in
	case l.Status == Dialled:
		return Unreachable
	}
	return NoAnswer
}

// ringOver is an offer nobody took in time. Where the carrier never took the
// dial, the agent is not to blame and keeps their presence.
func (c *Call) ringOver(now time.Time) {
	l := c.AgentLeg(c.Target)
	status, why := Planned, c.refusal().Why()
	if l != nil && !l.queued() {
		status = l.Status
	}
	c.release(c.Target, Dropped)
	switch {
	case status >= Ringing:
		c.offerOver(NoAnswer, now)
	case status == Dialled:
		c.offerOver(Unreachable, now)
	default:
		c.report(now, News{Kind: NewsDialFailed, Agent: c.Target, Why: why})
		c.requeue(now)
	}
}

// talk makes id the owner of a customer they are with.
func (c *Call) talk(id agent.ID, now time.Time) {
	if c.TalkedAt.IsZero() {
		c.TalkedAt = now
	}
	if id == c.LostAgent {
		c.LostAgent = ""
	}
	if id != c.Owner {
		c.Notice = nil // it was for the owner of before
	}
	c.Moved = c.Moved || c.LastWith != "" && c.LastWith != id
	c.Owner, c.Target, c.Asked, c.Returned, c.LastWith = id, "", "", "", id
	c.enter(Talking, time.Time{}, now)
}

// takeOver: the owner's line is gone and id is with the customer. The owner may
// come back as a third for a while.
func (c *Call) takeOver(id agent.ID, now time.Time) {
	lost := c.Owner
	c.release(lost, Dropped)
	c.report(now, News{Kind: NewsTookOver, Agent: id, Other: lost})
	c.talk(id, now)
	if c.Recovery && !c.lineClosed(lost) {
		c.LostAgent, c.LostUntil = lost, now.Add(RecoverTime)
	}
}

func (c *Call) ownerLost(now time.Time) {
	if c.gone(c.Owner) {
		n := News{Kind: NewsLost, Agent: c.Owner}
		if c.lineClosed(c.Owner) {
			n.Why = whyClosed
		}
		c.report(now, n)
	}
	if !c.Recovery {
		// The tutorial knows no difference between a hang-up and a crash.
		c.report(now, News{Kind: NewsEnded, Agent: c.Owner, Why: whyReturned})
		c.end(now)
		return
	}
	c.Notice = nil
	patience, taking := RecoverTime, c.Taking // who takes comes to the customer, not to a private talk
	if (c.Stage == Asking || c.Stage == Private) && !c.gone(c.Target) && !taking {
		c.LostIn, patience = c.Stage, PrivateTime
	}
	if c.Former != "" && c.Limits.Return.asksSender() {
		patience = PrivateTime
	}
	if c.lineClosed(c.Owner) && c.LostIn == "" {
		patience = ClosedTime // nobody is waited for; this is to be heard
	}
	c.enter(Recovering, now.Add(c.patience(patience, now)), now)
	c.Taking = taking
}

func (c *Call) targetLost(now time.Time) {
	c.Notice = &Notice{Kind: Completed, Agent: c.Target, At: now}
	c.report(now, News{Kind: NewsLost, Agent: c.Target})
	if c.Stage == HandingOver { // the customer may have been on hold until then
		c.report(now, News{Kind: NewsResumed, Agent: c.Owner})
	}
	c.talk(c.Owner, now)
}

func (c *Call) inviteOver(o Outcome, why string, now time.Time) {
	c.Notice = &Notice{Kind: o, Agent: c.Target, Why: why, At: now}
	if o == Failed {
		c.Notice.Refusal = c.refusal()
		why = c.Notice.Refusal.Why()
	}
	c.report(now, News{Kind: NewsInviteOver, Agent: c.Target, Other: c.Owner, Outcome: o, Why: why})
	c.release(c.Target, Dropped)
	if !c.seekNext(now) {
		c.withoutTarget(now)
	}
}

// withoutTarget is what comes when nobody could be brought in.
func (c *Call) withoutTarget(now time.Time) {
	if c.Stage == Asking {
		c.Target, c.Asked = "", ""
		c.holdFor(c.Limits.Declined, now)
		return
	}
	c.talk(c.Owner, now)
}

// requeue puts a customer who was being offered back where they were in line.
func (c *Call) requeue(now time.Time) {
	c.release(c.Target, Dropped)
	c.Owner, c.Target = "", ""
	c.enter(Queued, time.Time{}, now)
}

// comeBack puts a customer who has talked already at the front of the line.
func (c *Call) comeBack(why string, now time.Time) {
	c.release(c.Owner, Dropped)
	c.returns(why, now)
	c.report(now, News{Kind: NewsReturned, Agent: c.Owner, Why: why})
	c.requeue(now)
}

func (c *Call) end(now time.Time) {
	c.Notice = nil
	c.enter(Ending, now.Add(EndingTime), now)
}

// skip keeps routing from offering the call to the same agent before until.
func (c *Call) skip(id agent.ID, until, now time.Time) {
	kept := c.Passes[:0:0]
	for _, p := range c.Passes {
		if p.Agent != id && now.Before(p.Until) {
			kept = append(kept, p)
		}
	}
	c.Passes = append(kept, Pass{Agent: id, Until: until})
}

// skips reports whether an agent is not to be offered the call now.
func (c *Call) skips(id agent.ID, now time.Time) bool {
	return slices.ContainsFunc(c.Passes, func(p Pass) bool { return p.Agent == id && now.Before(p.Until) })
}

func (c *Call) lastOutcome(id agent.ID) Outcome {
	for i := len(c.Legs) - 1; i >= 0; i-- {
		if c.Legs[i].Agent == id && c.Legs[i].Role == Agent && c.Legs[i].Release != Doubled {
			return c.Legs[i].Outcome
		}
	}
	return NoOutcome
}

// forgetUndialled ends legs that are no longer wanted and were never dialled.
func (c *Call) forgetUndialled(now time.Time) {
	for i := range c.Legs {
		l := &c.Legs[i]
		if l.Status == Planned && !l.DialUnknown && c.wanted(l) == Gone && !c.running(dialKey(l)) {
			l.Status, l.OverAt = Over, now
			if l.Outcome == NoOutcome {
				l.Outcome = Canceled
			}
		}
	}
}
