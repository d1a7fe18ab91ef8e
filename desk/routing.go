package desk

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// route asks for the waiting line to be looked at.
func (d *Desk) route() { signal(d.kick) }

// routeLoop offers waiting customers to free agents, as the rosters' rulebook
// says.
func (d *Desk) routeLoop(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-d.kick:
		}
		d.offer(ctx)
	}
}

// offer finds who is rung for those who seek somebody, and then offers waiting
// customers to whoever is free: a customer in a transfer has waited already.
func (d *Desk) offer(ctx context.Context) {
	for _, c := range d.whoSeeks() {
		next := call.NextOf(c.Seeking, c.Tried, func(a call.Address) []agent.ID { return d.freeOf(a, "") })
		switch _, err := d.Fact(ctx, c.ID, call.Sought{Candidate: next, Phone: d.rungAt(next.Agent)}, nil); {
		case errors.Is(err, ErrConflict):
			d.refresh(ctx) // another desk was faster
			d.again(c.ID)
		case err != nil && ctx.Err() == nil:
			d.log.Error("ring the next", "call", c.ID, "agent", next.Agent, "err", err)
			d.again(c.ID)
		}
	}
	now := d.now()
	d.mu.Lock()
	offers := d.line.Next(now)
	d.mu.Unlock()
	for _, m := range offers {
		_, err := d.Fact(ctx, call.ID(m.Call), call.Offered{Agent: m.Agent, Phone: d.rungAt(m.Agent)}, nil)
		switch {
		case errors.Is(err, ErrConflict):
			d.refresh(ctx) // another desk was faster
		case err != nil && ctx.Err() == nil:
			d.log.Error("offer call", "call", m.Call, "agent", m.Agent, "err", err)
			d.again(call.ID(m.Call))
		}
	}
}

// whoSeeks are the calls that want somebody rung and wait to be told who, oldest
// first.
func (d *Desk) whoSeeks() []*call.Call {
	d.mu.Lock()
	defer d.mu.Unlock()
	calls := slices.Collect(maps.Values(d.seekers))
	slices.SortFunc(calls, func(a, b *call.Call) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return calls
}

// freeOf lists who of an address may be rung now, in the order to ask. Who may take
// the customer of forCall back is free for that very call.
func (d *Desk) freeOf(a call.Address, forCall call.ID) []agent.ID {
	switch a.Kind {
	case call.ToNumber:
		if _, err := d.Rules().Outside.Check(a.Value); err == nil {
			return []agent.ID{agent.ID(a.Value)}
		}
	case call.ToAgent:
		if e, ok := d.agent(agent.ID(a.Value), forCall); ok && e.Free() {
			return []agent.ID{e.ID}
		}
	case call.ToTeam:
		return agent.FreeIn(a.Value, d.View().Roster)
	}
	return nil
}

// queue keeps a call's place in the line. The caller holds d.mu.
func (d *Desk) queue(c *call.Call) {
	if !c.InLine() {
		d.line.Leave(string(c.ID))
		return
	}
	d.line.Wait(agent.Waiting{
		Call: string(c.ID), Since: c.WaitingAt, Returned: c.Returned != "", Team: d.known(c.Team), Widened: c.Widened,
		NotBefore: c.NotBefore, Passes: c.Passes,
	})
}

// known is the team that is meant: everybody, where this desk has no such team, or
// has it no longer. The caller holds d.mu.
func (d *Desk) known(team string) string {
	if slices.Contains(d.teams, team) {
		return team
	}
	return ""
}

// seat tells the line whether an agent may be rung. The caller holds d.mu.
func (d *Desk) seat(id agent.ID) {
	a, ok := d.people[id]
	if !ok || a.Presence != agent.Available || d.claims[id] != "" {
		d.line.Busy(id)
		return
	}
	d.line.Free(agent.Idle{ID: id, Since: a.IdleSince, Teams: a.Teams, Until: d.reachableUntil(a)})
}

// entry is an agent as others see them. The caller holds d.mu.
func (d *Desk) entry(a agent.Agent, now time.Time) agent.Entry {
	reachable := now.Before(d.reachableUntil(a)) || d.elsewhere(a.ID, now)
	return agent.Entry{Agent: a, Reachable: reachable, Claimed: d.claims[a.ID] != ""}
}
