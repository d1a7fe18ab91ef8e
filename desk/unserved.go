package desk

import (
	"context"
	"maps"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// Who in line will not be served soon is package agent's rule, and how often they
// are asked is package call's. The desk only brings the one to the other, at the
// time that both name.

// attendance is since when nobody has been signed in.
type attendance struct {
	off time.Time
	all bool // nobody is
}

// attend notes whether anybody is signed in. The alarms of those in line follow
// with the minute's look at them, which is in time: an empty desk is no reason
// before two minutes are over. The caller holds d.mu.
func (d *Desk) attend() {
	d.attended.off, d.attended.all = agent.SignedOff(maps.Values(d.people))
}

// alarm has a call looked at when something is due though nothing happens.
func (d *Desk) alarm(c *call.Call, now time.Time) {
	d.mu.Lock()
	at := d.next(c, now)
	d.mu.Unlock()
	d.wakeAt(c.ID, at)
}

// next is when a call is to be looked at though nothing happens; zero: never. It
// is after now: what is due already gets a moment. The caller holds d.mu.
func (d *Desk) next(c *call.Call, now time.Time) time.Time {
	at := call.Wake(*c, now)
	_, ask := d.unserved(c, now)
	if ask.IsZero() {
		return at
	}
	if !ask.After(now) {
		ask = now.Add(againTime)
	}
	return soonest(at, ask)
}

// unserved tells why a customer is to be asked what else they want, and from when
// on; zero: not, as things stand. The caller holds d.mu.
func (d *Desk) unserved(c *call.Call, now time.Time) (why agent.Unserved, at time.Time) {
	from, ok := c.AskableFrom()
	if !ok {
		return "", time.Time{}
	}
	why, at = d.rules.Service.Unserved(c.WaitingAt, d.attended.off, d.attended.all, now)
	if !at.IsZero() && at.Before(from) {
		at = from
	}
	return why, at
}

// ask tells the rulebook of a customer in line who will not be served soon.
func (d *Desk) ask(ctx context.Context, c *call.Call) {
	now := d.now()
	d.mu.Lock()
	why, at := d.unserved(c, now)
	d.mu.Unlock()
	if at.IsZero() || now.Before(at) {
		return
	}
	if _, err := d.Fact(ctx, c.ID, call.Unattended{Why: why}, nil); err != nil && ctx.Err() == nil {
		d.log.Error("ask what else", "call", c.ID, "why", why, "err", err)
		d.again(c.ID)
	}
}
