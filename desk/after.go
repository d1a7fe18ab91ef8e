package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// What pages show of calls that are over: the one an agent is writing down, how
// many a customer has made lately, and when the last one ended.

// recentSpan is what counts as this week.
const recentSpan = 7 * 24 * time.Hour

// recent says which call of this customer within a week a new one is. That the
// store cannot tell is no reason to let a customer wait.
func (d *Desk) recent(ctx context.Context, e call.Arrived) int {
	if e.Number == "" {
		return 0
	}
	n, err := d.store.CountCalls(ctx, e.Account, e.Number, e.Name, d.now().Add(-recentSpan))
	if err != nil {
		d.log.Error("count earlier calls", "err", err)
		return 0
	}
	return n + 1
}

// ended notes that a call is over. Whoever is in the time after it goes on writing
// on it. The caller holds d.mu.
func (d *Desk) ended(c call.Call) {
	if c.EndedAt.After(d.lastEnded) {
		d.lastEnded = c.EndedAt
	}
	delete(d.after, c.ID)
	for _, a := range d.people {
		if wraps(a, c.ID) {
			d.after[c.ID] = &c
			return
		}
	}
}

// wraps reports whether an agent is in the time after a call.
func wraps(a agent.Agent, id call.ID) bool {
	return a.Presence == agent.WrapUp && a.WrapCall == string(id)
}

// freshAfter loads the calls that agents are writing on and this desk does not
// have, and forgets those that nobody writes on any more.
func (d *Desk) freshAfter(ctx context.Context) error {
	d.mu.Lock()
	wanted := map[call.ID]bool{}
	for _, a := range d.people {
		if id := call.ID(a.WrapCall); wraps(a, id) && d.live[id] == nil {
			wanted[id] = true
		}
	}
	for id := range d.after {
		if !wanted[id] {
			delete(d.after, id)
		}
		delete(wanted, id)
	}
	d.mu.Unlock()
	for id := range wanted {
		c, _, err := d.store.Call(ctx, id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("load call %s, which somebody writes on: %w", id, err)
		}
		d.mu.Lock()
		if !c.Live() {
			d.ended(c)
			d.version++
		}
		d.mu.Unlock()
		d.feed.Changed()
	}
	return nil
}

// WrapCall is the call that an agent is in the time after. It may go on with
// somebody else.
func (p picture) WrapCall(id agent.ID) (call.Call, bool) {
	e, _ := p.Agent(id)
	of := call.ID(e.WrapCall)
	if !wraps(e.Agent, of) {
		return call.Call{}, false
	}
	if c := p.after[of]; c != nil {
		return *c, true
	}
	return p.Call(of)
}
