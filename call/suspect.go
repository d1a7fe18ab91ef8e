package call

import (
	"slices"
	"time"

	"warmdesk/agent"
)

// An agent's line may be dead long before the carrier knows. Their page is heard
// of every few seconds: when it is not, the agent is suspect. Whoever would be
// alone with a suspect hears music, the carrier is looked at, and if the page
// stays away the line counts as lost (transfer.md, Lost or deliberate). Only a
// line that a page of ours has told of, or that rang on one, can be suspect: nobody
// hears of the others.

// Suspicion is about an answered leg whose agent's page has not been heard of.
type Suspicion struct {
	Leg   LegID
	Until time.Time // then the leg counts as lost
}

// Suspected reports whether an agent on the call is suspect.
func Suspected(c Call, id agent.ID) bool { return c.suspected(id) }

// Watched lists the agents whose pages tell of their line in this call and are
// not suspect yet. The desk says LinkGone when it has not heard of one for
// LinkTime.
func Watched(c Call) []agent.ID {
	var list []agent.ID
	for i := range c.Legs {
		l := &c.Legs[i]
		if c.Recovery && l.Role == Agent && l.Status == Answered && l.Release == Kept && slices.Contains(c.Paged, l.ID) && c.suspicion(l) == nil {
			list = append(list, l.Agent)
		}
	}
	return list
}

// Paged notes that legs ring on pages of ours, which therefore are to be heard of
// once the legs are answered, though they may go before they can say so.
func Paged(c Call, legs ...LegID) Call {
	c.Paged = slices.Clone(c.Paged)
	for _, id := range legs {
		if !slices.Contains(c.Paged, id) {
			c.Paged = append(c.Paged, id)
		}
	}
	return c
}

func (c *Call) suspected(id agent.ID) bool { return c.suspicion(c.AgentLeg(id)) != nil }

func (c *Call) suspicion(l *Leg) *Suspicion {
	if l == nil {
		return nil
	}
	for i := range c.Suspicions {
		if c.Suspicions[i].Leg == l.ID {
			return &c.Suspicions[i]
		}
	}
	return nil
}

// linkGone makes an agent suspect.
func (c *Call) linkGone(id agent.ID, now time.Time) {
	if !slices.Contains(Watched(*c), id) {
		return
	}
	c.Suspicions = append(c.Suspicions, Suspicion{Leg: c.AgentLeg(id).ID, Until: now.Add(RecoverTime)})
	c.Doubt = true
	c.report(now, News{Kind: NewsSuspect, Agent: id})
}

// ringLost: the page on which an agent was rung is gone. Nobody hears the ring.
func (c *Call) ringLost(id agent.ID) {
	if !RungOnPage(*c, id) {
		return
	}
	l := c.AgentLeg(id)
	l.Outcome, l.Release = Unreachable, Dropped
}

// RungOnPage reports whether an agent is rung on a page of ours. The desk says RingLost
// when the page is gone.
func RungOnPage(c Call, id agent.ID) bool {
	l := c.AgentLeg(id)
	return l != nil && l.Status < Answered && slices.Contains(c.Paged, l.ID)
}

// linkBack ends the suspicion of an agent who has been heard of.
func (c *Call) linkBack(id agent.ID, now time.Time) {
	s := c.suspicion(c.AgentLeg(id))
	if s == nil {
		return
	}
	c.trust(s.Leg)
	c.report(now, News{Kind: NewsLinkBack, Agent: id})
}

func (c *Call) trust(leg LegID) {
	c.Suspicions = slices.DeleteFunc(c.Suspicions, func(s Suspicion) bool { return s.Leg == leg })
	if len(c.Suspicions) == 0 {
		c.Suspicions = nil
	}
}

// toldOf notes that an agent's page has told of a leg as its own.
func (c *Call) toldOf(id agent.ID, sid string) *Leg {
	l := c.LegBySID(sid)
	if l == nil || l.Agent != id || l.Role == Customer || l.Status == Over {
		return nil
	}
	if !slices.Contains(c.Paged, l.ID) {
		c.Paged = append(c.Paged, l.ID)
	}
	return l
}

// giveUp ends the patience with suspects.
func (c *Call) giveUp(now time.Time) {
	for _, s := range c.Suspicions {
		if l := c.Leg(s.Leg); l.alive() && l.Release == Kept && !now.Before(s.Until) {
			l.Release = Lost
		}
	}
}

// forgetSuspicions drops those whose legs are over.
func (c *Call) forgetSuspicions() {
	for _, s := range slices.Clone(c.Suspicions) {
		if !c.Leg(s.Leg).alive() {
			c.trust(s.Leg)
		}
	}
}

// patience is how long the customer of a lost owner waits for the owner to come
// back: what a suspicion has taken of it is spent. Where the target is suspect,
// too, either may be heard of again.
func (c *Call) patience(usual time.Duration, now time.Time) time.Duration {
	var until time.Time
	spent := false
	for _, s := range c.Suspicions {
		l := c.Leg(s.Leg)
		if l == nil || l.Agent != c.Owner && l.Agent != c.Target {
			continue
		}
		spent = spent || l.Agent == c.Owner
		if s.Until.After(until) {
			until = s.Until
		}
	}
	if !spent {
		return usual
	}
	return max(min(usual, until.Sub(now)), time.Second)
}

// excuseLinks is for a desk that was away itself: everybody gets the time to say
// that they are there.
func (c *Call) excuseLinks(now time.Time) {
	for i := range c.Suspicions {
		if s := &c.Suspicions[i]; s.Until.Before(now.Add(RecoverTime)) {
			s.Until = now.Add(RecoverTime)
		}
	}
	if c.Stage == Recovering && c.suspected(c.Owner) {
		c.Deadline = now.Add(RecoverTime)
	}
}

// convict notes that a suspect's page has no such line any more: the owner has
// the usual time from now on.
func (c *Call) convict(l *Leg, now time.Time) {
	if c.suspicion(l) == nil {
		return
	}
	c.trust(l.ID)
	if c.Stage == Recovering && l.Agent == c.Owner {
		c.report(now, News{Kind: NewsLost, Agent: l.Agent})
		c.Deadline = now.Add(RecoverTime)
	}
}
