package call

import (
	"time"

	"warmdesk/agent"
)

// Whoever has handed a customer over is claimed for a while: they may take the
// customer back, and get them back when the new owner is lost or never comes.

// handedOver makes to the owner in from's place.
func (c *Call) handedOver(from, to agent.ID, now time.Time) {
	again := c.TakingBack // nobody plays at ball with a customer
	c.release(from, Dismissed)
	c.report(now, News{Kind: NewsHandedOver, Agent: to, Other: from})
	c.talk(to, now)
	if c.Recovery && from != "" && !again {
		c.Former, c.Deadline = from, now.Add(c.takeBackTime())
	}
}

// takeBack brings the former owner in as the owner brings in a target, with the
// roles exchanged; where there is no owner, it is the usual offer.
func (c *Call) takeBack(r Request, now time.Time) {
	if c.Stage != Talking {
		c.offerFormer(whyReturned, now)
		return
	}
	c.report(now, News{Kind: NewsTakingBack, Agent: r.By, Other: c.Owner})
	c.Target, c.Asked = r.By, ""
	l := c.addLeg(Leg{Role: Agent, Agent: r.By, Purpose: Rejoin, Key: r.Key, Phone: r.Phone, Account: c.Account, PlannedAt: now})
	c.enter(Inviting, now.Add(l.dialTime()), now)
	c.TakingBack = true
}

// finish lets the former owner go.
func (c *Call) finish() {
	c.Former = ""
	if c.Stage == Talking {
		c.Deadline = time.Time{}
	}
}

// comeHome brings a customer who was given on and has nobody back, in the order that the
// desk has chosen. A team is waited for as any other: ahead of everyone, and widened.
func (c *Call) comeHome(why string, now time.Time) {
	if c.Limits.Return.asksTeam() && c.Home != "" && !c.TalkedAt.IsZero() {
		c.Team, c.Widened = c.Home, false
	}
	if c.Limits.Return.asksSender() || c.TalkedAt.IsZero() {
		c.offerFormer(why, now)
		return
	}
	c.comeBack(why, now)
}

// offerFormer offers a customer who has nobody to the one who had them before.
func (c *Call) offerFormer(why string, now time.Time) {
	former := c.Former
	switch {
	case former == "" && c.TalkedAt.IsZero(): // a lead sent them on out of the line
		c.requeue(now)
		return
	case former == "":
		c.comeBack(why, now)
		return
	}
	c.report(now, News{Kind: NewsReturned, Agent: c.Owner, Why: why})
	c.release(c.Owner, Dropped)
	c.release(c.Target, Dropped)
	c.returns(why, now)
	c.Owner, c.Target, c.Asked = "", former, ""
	l := c.addLeg(Leg{Role: Agent, Agent: former, Purpose: Again, Phone: c.phoneOf(former), Account: c.Account, PlannedAt: now})
	c.enter(Offering, now.Add(l.dialTime()), now)
	c.report(now, News{Kind: NewsOffered, Agent: former})
}

// send gives the customer to a target without asking. The owner goes at once and
// stays at hand in case the target does not come; where there is none, the customer
// goes back into the line then.
func (c *Call) send(r Request, now time.Time) {
	former := c.Owner // a lead may send whom somebody else has on hold, or nobody has
	if c.gone(former) {
		former = ""
	}
	c.release(c.Owner, Dismissed)
	c.Owner, c.Home = "", r.Home
	c.aim(r, now)
	c.enter(Sending, now.Add(c.targetDialTime()), now)
	c.Former = former
	c.report(now, News{Kind: NewsSent, Agent: r.To, Other: r.By})
}

func (c *Call) settleSending(now time.Time) {
	t := c.AgentLeg(c.Target)
	if l := c.lateAnswer(now); l != nil && l.Agent != c.Former && !c.with(t) && (c.roomOf(l) || t == nil || t.Status != Answered) {
		c.tookIt(l.Agent, now)
		c.release(c.Target, Dropped) // the next is being rung, and the customer has nobody
		l.Release = Kept
		c.Target, t = l.Agent, l
	}
	switch {
	case c.Seeks():
	case t == nil:
		c.sendOver(c.lastOutcome(c.Target), now)
	case c.with(t):
		c.handedOver(c.Former, c.Target, now)
	}
}

// sendOver: the target did not come.
func (c *Call) sendOver(o Outcome, now time.Time) {
	why := ""
	if o == Failed {
		why = c.refusal().Why()
	}
	if len(c.Seeking) > 0 {
		c.report(now, News{Kind: NewsInviteOver, Agent: c.Target, Other: c.Former, Outcome: o, Why: why})
		c.seekNext(now)
		return
	}
	c.report(now, News{Kind: NewsNotTaken, Agent: c.Target, Other: c.Former, Outcome: o, Why: why})
	sent := c.Target
	c.skip(sent, now.Add(PassTime), now)
	c.release(sent, Dropped)
	c.comeHome(whyNotTaken, now)
	c.NotTaken, c.TakeOutcome = sent, o
}

// returns notes why a customer is back in line from now on.
func (c *Call) returns(why string, now time.Time) {
	c.Returned, c.WaitingAt, c.NotTaken, c.TakeOutcome = why, now, "", NoOutcome
}

// stuck: the carrier did not join the customer with the one who was to have them.
// The owner may leave all the same: the customer goes back into the line.
func (c *Call) stuck() bool {
	return c.Notice != nil && c.Notice.Kind == Failed && c.Notice.Agent == c.Target
}

// giveBack puts the customer into the line again by the owner's wish. Whoever else
// is there has nobody left to speak to.
func (c *Call) giveBack(by agent.ID, now time.Time) {
	if c.Stage == Together {
		c.report(now, News{Kind: NewsRemoved, Agent: c.Target, Other: by})
		c.release(c.Target, Dismissed)
	}
	c.release(by, Dismissed)
	c.skip(by, now.Add(PassTime), now)
	c.comeBack(whyGivenBack, now)
}

// Why a customer is back in line, or something else is not as it was wanted.
const (
	whyReturned  = "the connection to the agent was lost"
	whyNotTaken  = "the colleague they were sent to did not come"
	whyGivenBack = "given back to the queue"

	whyNotHandedOver = "the hand-over took too long" // and so all three are in
)
