package desk

import (
	"context"
	"errors"
	"slices"
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

// offer offers waiting customers to whoever is free.
func (d *Desk) offer(ctx context.Context) {
	now := d.now()
	d.mu.Lock()
	offers := d.line.Next(now)
	d.mu.Unlock()
	for _, m := range offers {
		_, err := d.Fact(ctx, call.ID(m.Call), call.Offered{Agent: m.Agent}, nil)
		if err != nil && !errors.Is(err, ErrConflict) && ctx.Err() == nil {
			d.log.Error("offer call", "call", m.Call, "agent", m.Agent, "err", err)
			d.again(call.ID(m.Call))
		}
	}
}

// queue keeps a call's place in the line. The caller holds d.mu.
func (d *Desk) queue(c *call.Call) {
	if c.Stage != call.Queued {
		d.line.Leave(string(c.ID))
		return
	}
	d.line.Wait(agent.Waiting{
		Call: string(c.ID), Since: c.WaitingAt, Returned: c.Returned != "", Team: d.known(c.Team), Widened: c.Widened,
		NotBefore: c.NotBefore, Passes: c.Passes,
	})
}

// known is the team that is meant: everybody, where this desk has no such team, or
// has it no longer.
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
	return agent.Entry{Agent: a, Reachable: now.Before(d.reachableUntil(a)), Claimed: d.claims[a.ID] != ""}
}
