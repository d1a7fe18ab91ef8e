package call

import (
	"slices"
	"strings"
	"time"
)

// Two phases: whoever is to be kept apart is seen apart before anybody comes in
// (transfer.md, Level, not edge). What follows says who that is and when it is so.

// discreet reports whether whoever is on hold is to hear nothing of the others,
// and does not merely get music for the time being.
func (c *Call) discreet() bool {
	switch c.scene() {
	case Held, Asking, Private, Swapped:
		return true
	case Recovering:
		return c.Stage == Recovering && c.LostIn != ""
	}
	return false
}

// barred reports whether a leg that may be in the room is not to hear what is
// said there: it is on hold, or was sent out.
func (c *Call) barred(l *Leg) bool {
	switch c.wanted(l) {
	case OnHold:
		return c.discreet()
	case Gone:
		if l.Role == Customer { // in another tab than the one that has come back
			cust := c.CustomerLeg()
			return l != cust && l.alive() && c.barred(cust)
		}
		// At the end of a lost line nobody listens; a ring that ran out was for the
		// customer; who supervises may hear.
		return l.alive() && l.Release != Lost && l.Role != Supervisor && (l.Release == Dismissed || l.Purpose == Target)
	}
	return false
}

// apart reports whether a leg is known to hear nobody and to be heard by nobody.
// An un-hold of unknown outcome may come late, even after a hold that was asked
// later: it is over with the look after its time (late).
func (c *Call) apart(l *Leg) bool {
	if !l.alive() || !l.Admitted {
		return true
	}
	d := c.doing(placeKey(l))
	return l.InRoom && l.Held && l.HoldSure && (d == nil || d.Kind != Unhold || !d.uncertain() && c.LookAgain.IsZero()) &&
		c.doing(lateKey(l)) == nil
}

const latePrefix = "late:"

// lateKey is of what may still come true of an action that was given up.
func lateKey(l *Leg) string { return latePrefix + string(l.ID) }

// late reports whether this is nothing to be done, but what may come late.
func (d *Doing) late() bool { return strings.HasPrefix(d.Key, latePrefix) }

// mayComeLate notes that an un-hold was sent and nobody knows what came of it.
func (c *Call) mayComeLate(l *Leg, now time.Time) {
	if l == nil || !l.alive() {
		return
	}
	d := c.doing(lateKey(l))
	if d == nil {
		c.Doing = append(c.Doing, Doing{Key: lateKey(l), Kind: Unhold})
		d = &c.Doing[len(c.Doing)-1]
	}
	d.NotBefore = now.Add(SecondLook)
	if t := c.AgentLeg(c.Target); c.Stage == Asking && t != nil && t.Status == Planned {
		c.Deadline = later(c.Deadline, d.NotBefore.Add(DialTime)) // nobody is rung before that
	}
}

// lateUntil is when the last of what may come late is to be looked for; zero:
// nothing may.
func (c *Call) lateUntil() time.Time {
	var until time.Time
	for i := range c.Doing {
		if d := &c.Doing[i]; d.late() {
			until = later(until, d.NotBefore)
		}
	}
	return until
}

// admits reports whether a leg may come to the others now.
func (c *Call) admits(l *Leg) bool {
	if l.Role == Supervisor { // comes in muted
		return true
	}
	for i := range c.Legs {
		if o := &c.Legs[i]; o.ID != l.ID && c.barred(o) && !c.apart(o) {
			return false
		}
	}
	return true
}

// parks reports whether a leg that asks what to do is to wait outside the room:
// who comes in by document comes in un-held. Music outside is also for who cannot
// be held, where somebody's leg is still in the room.
func (c *Call) parks(l *Leg) bool {
	switch c.wanted(l) {
	case OnHold:
		return c.discreet() || !c.admits(l) || c.NoHold != "" && c.NoHold == l.RoomSID && (c.accompanied(l) || c.watchedIn(l))
	case InRoom:
		return !c.admits(l)
	}
	return false
}

// mayRing reports whether a target may be dialled: asked in private, not before
// the customer is seen apart.
func (c *Call) mayRing() bool { return c.Stage != Asking || c.customerApart() }

// customerApart reports whether the customer is apart in every tab: one that is
// being hung up may still hear.
func (c *Call) customerApart() bool {
	return !slices.ContainsFunc(c.Legs, func(l Leg) bool { return l.Role == Customer && !c.apart(&l) })
}

// onHold reports whether a leg in the room is as held as it must be.
func (c *Call) onHold(l *Leg) bool { return l.Held && (l.HoldSure || !c.discreet()) }

// notPlaced: the carrier refused for good to hold or unhold a leg. Where that
// leg's hold is what the stage is about, we go back to what is, and the owner is
// told; everywhere else the leg is sent into the room afresh.
func (c *Call) notPlaced(l *Leg, kind ActionKind, now time.Time) {
	if kind != Hold || c.wanted(l) != OnHold || !c.discreet() || c.Stage == Recovering {
		// It has been owed something for long enough: sent in afresh at once, and
		// again from time to time.
		c.NoHold, l.OutSince = l.RoomSID, now.Add(-OwedTime)
		return
	}
	c.Notice = &Notice{Kind: NotHeld, Agent: l.Agent, At: now}
	c.report(now, News{Kind: NewsNotHeld, Agent: c.Owner, Other: l.Agent})
	target := c.AgentLeg(c.Target)
	switch {
	case c.Stage == Asking:
		c.Notice.Agent = c.Target
		c.release(c.Target, Dismissed) // not rung yet, as a rule
		c.talk(c.Owner, now)
	case c.Stage == Held:
		c.talk(c.Owner, now)
	case c.Stage == Private && target != nil && c.apart(target):
		c.enterHold(Swapped, now)
	case c.Stage == Swapped && c.apart(c.CustomerLeg()):
		c.report(now, News{Kind: NewsPrivate, Agent: c.Target, Other: c.Owner})
		c.enterHold(Private, now)
	default:
		c.enter(Together, time.Time{}, now)
	}
}
