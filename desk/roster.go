package desk

import (
	"context"
	"errors"
	"maps"
	"slices"

	"warmdesk/agent"
)

// SetRoster takes who works here from now on; former are known by name only.
// Somebody new is offline. Whoever is not named any more gets no new calls; the
// call they are in goes on, and they are forgotten when it is over: until then
// again is true, and SetRoster is to be called again.
func (d *Desk) SetRoster(ctx context.Context, roster, former []agent.Agent) (again bool) {
	stored, err := d.store.Agents(ctx)
	if err != nil {
		d.log.Error("load roster", "err", err)
		return true
	}
	d.rosterMu.Lock()
	d.mu.Lock()
	for _, a := range roster {
		d.take(a, stored)
	}
	d.noteTeams()
	d.formerly(former)
	var gone []agent.ID
	for id := range d.people {
		if !slices.ContainsFunc(roster, func(a agent.Agent) bool { return a.ID == id }) {
			gone = append(gone, id)
		}
	}
	d.attend()
	d.mu.Unlock()
	d.rosterMu.Unlock()
	slices.Sort(gone) // in one order
	for _, id := range gone {
		err := d.stepAgent(ctx, id, agent.PresenceAsked{Presence: agent.Offline, Reason: "no longer here"})
		if err != nil && !errors.Is(err, ErrNoAgent) {
			d.log.Error("take somebody off the roster", "agent", id, "err", err)
		}
		again = err != nil || !d.dismiss(id) || again
	}
	d.seen()
	return again
}

// take seats somebody of the roster, new or known. The caller holds d.rosterMu
// and d.mu.
func (d *Desk) take(a agent.Agent, stored []agent.Agent) {
	old, known := d.people[a.ID]
	if !known {
		now := d.now()
		old = agent.Agent{ID: a.ID, Presence: agent.Offline, Since: now, IdleSince: now}
		if i := slices.IndexFunc(stored, func(s agent.Agent) bool { return s.ID == a.ID }); i >= 0 {
			old = stored[i]
		}
	}
	old.Name, old.Teams, old.Phone = a.Name, a.Teams, a.Phone
	d.people[a.ID] = old
	d.seat(a.ID)
}

// noteTeams finds out which teams there are. The caller holds d.mu, or is New.
func (d *Desk) noteTeams() {
	var teams []string
	for _, a := range d.people {
		teams = append(teams, a.Teams...)
	}
	slices.Sort(teams)
	d.teams = slices.Compact(teams)
}

// formerly keeps the names of those who do not work here any more. The caller
// holds d.mu.
func (d *Desk) formerly(former []agent.Agent) {
	names := maps.Clone(d.former) // pages look at the one before
	if names == nil {
		names = map[agent.ID]string{}
	}
	for _, a := range former {
		names[a.ID] = a.Name
	}
	d.former = names
}

// dismiss forgets somebody, unless they are in a call.
func (d *Desk) dismiss(id agent.ID) (gone bool) {
	if len(d.callsOf(id)) > 0 {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.claims[id] != "" {
		return false
	}
	d.formerly([]agent.Agent{d.people[id]})
	delete(d.people, id)
	d.seat(id)
	d.attend()
	return true
}
