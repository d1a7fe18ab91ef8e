package call

import (
	"fmt"
	"slices"
	"time"

	"warmdesk/agent"
)

// A customer who has nobody, or has been on hold for too long, may be taken by
// any colleague who is free; a lead may take any customer whom nobody else is being
// brought in for. The one who takes is rung at once, on a page that
// accepts by itself. While their owner is lost, whoever is in first has the
// customer and the other is released; where the owner is there, the owner leaves
// when the two hear each other.

// NeedsSomeone reports whether a call may be taken by whoever is free.
func NeedsSomeone(c Call) bool {
	switch c.Stage {
	case Recovering:
		return c.adrift()
	case Held:
		return c.Reminded == len(holdMarks())
	}
	return false
}

// NeedSince is since when.
func NeedSince(c Call) time.Time {
	if c.Stage == Held {
		return c.HoldSince
	}
	return c.Since
}

// NeedSentence says to colleagues what such a call needs.
func NeedSentence(c Call, names Names) string {
	if c.Stage == Held {
		return fmt.Sprintf("%s has been on hold for more than %d minutes. %s has the call.",
			c.CustomerName(), int(holdMarks()[len(holdMarks())-1].Minutes()), names(c.Owner))
	}
	return recovering(c, "", c.CustomerName(), names)
}

// mayTake reports whether somebody who is not on the call may take it.
func (c *Call) mayTake(by agent.ID) bool {
	return by != c.Owner && NeedsSomeone(*c) && !slices.ContainsFunc(c.Legs, func(l Leg) bool { return l.Agent == by && l.alive() })
}

// take gives the customer to who is there already, or rings who is not.
func (c *Call) take(r Request, now time.Time) {
	if r.By == c.Target {
		c.takeOver(r.By, now)
		return
	}
	c.unwatch(r.By)
	c.report(now, News{Kind: NewsTaking, Agent: r.By, Other: c.Owner})
	c.release(c.Target, Dropped) // is not heard of, either
	c.Target, c.Asked, c.Seeking, c.Tried, c.Notice = r.By, "", nil, nil, nil
	l := c.addLeg(Leg{Role: Agent, Agent: r.By, Purpose: Rejoin, Key: r.Key, Phone: r.Phone, Account: c.Account, PlannedAt: now})
	patience := l.dialTime()
	switch c.Stage {
	case Held:
		c.keepHold(Asking, now)
		c.Deadline = now.Add(patience)
	case Talking:
		c.enter(Inviting, now.Add(patience), now)
	}
	c.Taking = true
}

// ownerFirst: the lost owner is back before the one who is taking is in.
func (c *Call) ownerFirst(now time.Time) {
	c.report(now, News{Kind: NewsCancelled, Agent: c.Target, Other: c.Owner})
	c.release(c.Target, Dismissed)
	c.talk(c.Owner, now)
}

// takingSentence is for the two of whom one takes the customer.
func takingSentence(c Call, me Part, dana string, names Names) string {
	if me == Targeted {
		return "Connecting you to " + dana + "..."
	}
	return fmt.Sprintf("%s takes %s. You leave when they can hear each other.", names(c.Target), dana)
}

// redialTo is the target who did not come and may be rung again by the owner;
// empty: nobody.
func (c *Call) redialTo(by agent.ID) agent.ID {
	n := c.Notice
	if n == nil || by != c.Owner || n.Agent == by || n.Kind == NotHeld || c.Stage != Talking && c.Stage != Held || c.AgentLeg(n.Agent) != nil {
		return ""
	}
	return n.Agent
}

// RedialTo names whom the owner's Redial would ring; empty: nobody.
func RedialTo(c Call, by agent.ID) agent.ID { return c.redialTo(by) }

// redial is the request that a Redial stands for.
func (c *Call) redial(r Request) Request {
	if to := c.redialTo(r.By); r.Kind == Redial && to != "" {
		r.Kind, r.To, r.Sought, r.As = Invite, to, nil, Address{}
		if c.Stage == Held {
			r.Kind = Consult
		}
	}
	return r
}

// tookIt tells whoever is being rung for the customer that by has them.
func (c *Call) tookIt(by agent.ID, now time.Time) {
	if l := c.AgentLeg(c.Target); l != nil && l.Agent != by && l.Status < Answered {
		c.report(now, News{Kind: NewsTaken, Agent: by, Other: l.Agent})
	}
}
