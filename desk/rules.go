package desk

import (
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/outside"
)

// Rules are those that whoever runs the desk may change while it works.
type Rules struct {
	// WrapUp is the time an agent has after a call before being rung again, unless
	// they are done sooner; zero: none. Agents who work without a page have none.
	WrapUp time.Duration
	// Service is when the desk is open and how long somebody waits in line before
	// they are offered something else; zero: always, and for ever.
	Service agent.Service
	// Announcements are what new customers are told because their call is recorded, by
	// language; without one for it a call is not.
	Announcements map[string]string
	// PrivateListening: leads may listen without those on the call being told.
	PrivateListening bool
	// Limits are times of new calls; zero: the rulebook's own.
	Limits call.Limits
	// Outside is which telephone numbers may be called; zero: none.
	Outside outside.Rules
}

// Rules are those in force.
func (d *Desk) Rules() Rules {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rules
}

// SetRules takes other rules. Calls keep the times and the announcement they began
// with; who waits in line waits by the new hours at once.
func (d *Desk) SetRules(r Rules) {
	d.mu.Lock()
	d.rules = r
	d.version++
	waiting := make([]*call.Call, 0, len(d.live))
	for _, c := range d.live {
		waiting = append(waiting, c)
	}
	d.mu.Unlock()
	now := d.now()
	for _, c := range waiting {
		d.alarm(c, now)
	}
	d.feed.Changed()
}
