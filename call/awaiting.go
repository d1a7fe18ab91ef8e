package call

import (
	"cmp"
	"fmt"
	"time"

	"warmdesk/agent"
)

// A customer who calls from a web page loses the connection when the page is
// reloaded, crashes or is offline. Such a page has a key, and with it comes back
// into the same call, in the same place (docs/transfer.md, awaiting). Whoever
// means to leave says so first: CustomerLeft. A leg without a key cannot come
// back, and its end is the end of the call.

// AwaitTime is how long a lost customer's place is kept.
const AwaitTime = 60 * time.Second

// whyCutOff is why a customer is ahead in line who was lost between two agents.
const whyCutOff = "their own connection was lost"

// WhyConsulting is when a customer hung up who did not hear what was said of them.
const WhyConsulting = "while the agents consulted"

// Missing is the agent who is to be fetched back; empty: nobody.
func (c *Call) Missing(now time.Time) agent.ID {
	switch {
	case c.recovering() && !c.lineClosed(c.Owner):
		return c.Owner
	case !c.recovering() && now.Before(c.LostUntil):
		return c.LostAgent
	}
	return ""
}

// recovering reports whether the owner is lost, and nobody has taken their place.
func (c *Call) recovering() bool { return c.scene() == Recovering }

// scene is the stage by which the legs are placed: while the customer is away,
// everything else stays as it was.
func (c *Call) scene() Stage {
	if c.Stage == Awaiting {
		return c.Place
	}
	return c.Stage
}

// customerLost: the customer's line is gone. Rings stop; whoever is with the
// customer stays, and everything is kept for their return.
func (c *Call) customerLost(now time.Time) {
	if c.Return == "" || c.Stage == Parting {
		c.customerLeft(now)
		return
	}
	was, rung := c.Stage, c.Target
	switch c.Stage {
	case Queued, Offering, Connecting, Sending, Choosing, Recording:
		was = Queued
		if c.Returned == "" && !c.TalkedAt.IsZero() {
			c.Returned = whyCutOff
		}
	case Inviting:
		was = Talking
	case Asking:
		was = Held
	case HandingOver: // the owner stays until the other two are joined
		c.report(now, News{Kind: NewsTogether, Agent: c.Target, Other: c.Owner})
		was, rung = Together, ""
	case Recovering:
		c.LostIn, c.LostAgent, c.OwnerUntil = "", "", c.Since.Add(RecoverTime)
		if c.with(c.AgentLeg(c.Target)) {
			rung = ""
		}
	default:
		rung = ""
	}
	if rung != "" {
		c.release(rung, Dropped)
		c.Target, c.Asked = "", ""
		if c.Owner != "" && was != Recovering {
			c.Notice = &Notice{Kind: Interrupted, Agent: rung, At: now}
		}
	}
	c.report(now, News{Kind: NewsCallerLost, Agent: cmp.Or(c.Owner, c.Former), Other: rung})
	c.keepPlace(was, now.Add(AwaitTime), now)
}

// keepPlace enters Awaiting, or notes what has become of the place meanwhile.
func (c *Call) keepPlace(was Stage, deadline, now time.Time) {
	c.Place, c.Former = was, ""
	c.enter(Awaiting, deadline, now)
}

// settleAwaiting: agents may leave or be lost while the customer is away.
func (c *Call) settleAwaiting(now time.Time) {
	o, t := c.AgentLeg(c.Owner), c.AgentLeg(c.Target)
	switch {
	case c.Place == Queued:
	case c.Target != "" && t == nil:
		c.report(now, News{Kind: NewsLost, Agent: c.Target})
		c.aloneAway(now)
	case c.Place == Recovering && c.with(o) && !c.suspected(c.Owner):
		was := Talking
		if c.Target != "" { // they were speaking in private
			was = Private
		}
		c.report(now, News{Kind: NewsRejoined, Agent: c.Owner, Other: c.Target})
		c.keepPlace(was, c.Deadline, now)
	case o == nil && t != nil && c.withoutProof(now):
		c.aloneAway(now)
	case o == nil && t != nil:
		lost := c.Owner
		c.report(now, News{Kind: NewsTookOver, Agent: c.Target, Other: lost})
		c.Owner, c.Target, c.Asked, c.Notice = c.Target, "", "", nil
		c.LostAgent, c.LostUntil = lost, now.Add(RecoverTime)
		c.keepPlace(Talking, c.Deadline, now)
	case o == nil && c.Place != Recovering:
		c.report(now, News{Kind: NewsLost, Agent: c.Owner})
		c.Notice, c.LostAgent, c.OwnerUntil = nil, "", now.Add(RecoverTime)
		c.keepPlace(Recovering, c.Deadline, now)
	}
}

// aloneAway: the target is gone while the customer is away.
func (c *Call) aloneAway(now time.Time) {
	c.Notice = &Notice{Kind: Completed, Agent: c.Target, At: now}
	c.Target, c.Asked = "", ""
	switch c.Place {
	case Private:
		c.keepPlace(Held, c.Deadline, now)
	case Swapped, Together:
		c.keepPlace(Talking, c.Deadline, now)
	default: // the owner is lost, too
		c.keepPlace(c.Place, c.Deadline, now)
	}
}

// arrived is another leg of the customer, from a page that has the key. The
// older leg is released whatever it seems to be: a reloaded page does not wait
// for the carrier to miss it. Anything else is ignored, and false.
func (c *Call) arrived(e Arrived, now time.Time) bool {
	if c.Return == "" || e.Return != c.Return || c.LegBySID(e.SID) != nil || c.Stage == Ending || c.Stage == Ended {
		return false
	}
	if old := c.CustomerLeg(); old.alive() {
		old.Release = Lost
	}
	l := c.addLeg(Leg{Role: Customer, Account: e.Account, SID: e.SID, Status: Answered, PlannedAt: now, AnsweredAt: now})
	l.OutSince = now
	if e.Returning { // while nothing could be saved
		l.InRoom, l.Elsewhere, l.Admitted = true, true, true
	}
	c.report(now, News{Kind: NewsCallerBack, Agent: c.Owner})
	if c.Stage == Awaiting {
		c.resumePlace(now)
	}
	return true
}

// resumePlace puts a customer who is back where they were.
func (c *Call) resumePlace(now time.Time) {
	was := c.Place
	c.Place = ""
	switch {
	case was == Held && c.Notice != nil && c.Notice.Kind == Completed: // the target left meanwhile
		c.holdFor(c.backTime(), now)
	case was == Held || was == Private || was == Swapped:
		c.keepHold(was, now)
	case was == Recovering && now.Before(c.OwnerUntil):
		c.enter(Recovering, c.OwnerUntil, now)
	case was == Recovering:
		c.comeBack(whyReturned, now)
	default:
		c.enter(was, time.Time{}, now)
	}
}

// notBack: the customer's place was kept long enough.
func (c *Call) notBack(now time.Time) {
	c.report(now, News{Kind: NewsCallerGone, Agent: c.Owner, Other: c.Target})
	c.end(now)
}

// customerLeft: the customer has hung up, or pressed End.
func (c *Call) customerLeft(now time.Time) {
	switch c.Stage {
	case Ending, Ended:
		return
	case Parting:
		c.report(now, News{Kind: NewsParted, Why: c.left()})
	default:
		n := News{Kind: NewsCallerLeft, Agent: c.Owner, Other: c.Former}
		if c.Stage == Asking || c.Stage == Private || c.Stage == Swapped {
			n.Why = WhyConsulting
		}
		c.report(now, n)
	}
	c.end(now)
}

// cameBack reports whether this is not the customer's first leg.
func (c *Call) cameBack() bool {
	for i := range c.Legs {
		if c.Legs[i].Role == Customer {
			return c.CustomerLeg() != &c.Legs[i]
		}
	}
	return false
}

// awaiting says to an agent that the customer is to come back.
func awaiting(c Call, to agent.ID, dana string, names Names) string {
	text := fmt.Sprintf("%s lost the connection. Waiting for them (%d s).", dana, int(AwaitTime.Seconds()))
	if c.recovering() && to == c.Owner {
		return fmt.Sprintf("Your connection dropped, and %s lost theirs. Getting you back...", dana)
	}
	other := c.Target
	if to == c.Target {
		other = c.Owner
	}
	if Hears(c, legID(c.AgentLeg(c.Owner)), legID(c.AgentLeg(c.Target))) {
		text += fmt.Sprintf(" You and %s hear each other.", names(other))
	}
	return text
}
