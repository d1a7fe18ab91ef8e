package call

import (
	"time"
)

// A name is not a room: two regions of a carrier may each have one of the same
// name, and a customer who came back while nothing could be saved waits in one of
// another name. A leg that sits where nobody of its call is, is sent to where the
// state says it belongs; an agent's that lands elsewhere once more is given up,
// and the agent is dialled anew (transfer.md, Level, not edge).

// astray reports whether a leg sits in a room where it is with nobody it should be
// with. The customer's room is the call's.
func (c *Call) astray(l *Leg) bool {
	if w := c.wanted(l); !l.InRoom || l.Status != Answered || w != InRoom && w != OnHold {
		return false
	}
	if l.Role == Customer {
		return l.Elsewhere
	}
	cust := c.CustomerLeg()
	return l.Elsewhere || cust.alive() && cust.InRoom && !cust.Elsewhere && cust.RoomSID != l.RoomSID
}

// surely reports whether a leg that seems astray is so: the carrier was looked at,
// because one callback may be older than another, or did not answer for a while. A
// room of another name is never right.
func (c *Call) surely(l *Leg, now time.Time) bool {
	return l.Elsewhere || !c.SeenAt.Before(l.AstrayAt) || !now.Before(l.AstrayAt.Add(OwedTime/2))
}

// fetchable reports whether a leg that is astray is to be moved now: at once, and
// once more after a while.
func (c *Call) fetchable(l *Leg, now time.Time) bool {
	return c.surely(l, now) && (l.Strays == 0 || !now.Before(l.AstrayAt.Add(OwedTime)))
}

// giveUpAstray gives up agents' legs that are astray once more. Without recovery a
// line that we end is the end of the call: there they are sent in again and again.
func (c *Call) giveUpAstray(now time.Time) {
	for i := range c.Legs {
		l := &c.Legs[i]
		if c.Recovery && l.Role != Customer && l.Strays > 0 && !l.AstrayAt.IsZero() && c.astray(l) && c.surely(l, now) {
			c.report(now, News{Kind: NewsTrouble, Agent: l.Agent, Why: "the carrier has the line in another room"})
			l.Release = Lost
		}
	}
}

// noteAstray notes since when legs are astray.
func (c *Call) noteAstray(now time.Time) {
	for i := range c.Legs {
		switch l := &c.Legs[i]; {
		case !c.astray(l):
			l.AstrayAt = time.Time{}
			if l.InRoom && l.RoomSID == c.CustomerLeg().RoomSID {
				l.Strays = 0
			}
		case l.AstrayAt.IsZero():
			l.AstrayAt = now
		}
	}
}
