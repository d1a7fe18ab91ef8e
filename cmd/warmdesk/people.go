package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"warmdesk/agent"
	"warmdesk/staff"
)

// demoPeople are who a newcomer meets.
var demoPeople = []agent.Agent{{ID: "agent1", Name: "Ana"}, {ID: "agent2", Name: "Ben"}, {ID: "agent3", Name: "Cy"}}

// people reads AGENTS.
func (s *serveCommand) people() ([]staff.Fixed, error) {
	if s.Agents == "" {
		return nil, nil
	}
	var list []staff.Fixed
	for _, item := range strings.Split(s.Agents, ",") {
		id, rest, ok := strings.Cut(strings.TrimSpace(item), "=")
		name, password, ok2 := strings.Cut(rest, ":")
		switch {
		case !ok || !ok2 || name == "" || password == "":
			return nil, wrong("AGENTS has an entry that does not read id=Name:password: entry %d", len(list)+1)
		case !agent.ID(id).Valid():
			return nil, wrong("AGENTS names %q; an id has 1 to 64 of a-z, 0-9 and _, and is none of our own words", id)
		case slices.ContainsFunc(list, func(f staff.Fixed) bool { return string(f.ID) == id }):
			return nil, wrong("AGENTS names %q twice", id)
		}
		list = append(list, staff.Fixed{ID: agent.ID(id), Name: name, Password: password})
	}
	return list, nil
}

// rosterOf is the people of AGENTS without their passwords.
func rosterOf(named []staff.Fixed) []agent.Agent {
	var roster []agent.Agent
	for _, f := range named {
		roster = append(roster, agent.Agent{ID: f.ID, Name: f.Name})
	}
	return roster
}

// private reports whether nobody but this computer can reach the desk.
func (s *serveCommand) private(public string) bool {
	host, _, err := net.SplitHostPort(s.Addr)
	return err == nil && !s.twilio() && loopback(host) && loopback(public)
}

// hire finds out who works here. Nobody: the demo people, on this computer alone,
// or the first admin by a one-time link.
func (a *app) hire(ctx context.Context, s *serveCommand, fixed []staff.Fixed) ([]agent.Agent, error) {
	a.staff = staff.New(staff.Config{Store: a.store, Fixed: fixed, Logger: a.log})
	users, err := a.staff.Users(ctx)
	if err != nil {
		return nil, err
	}
	roster, _ := staff.Roster(users)
	stored := slices.ContainsFunc(users, func(u staff.User) bool { return !u.Created.IsZero() })
	switch {
	case len(users) > 0:
	case s.private(a.public.Hostname()):
		a.demo, roster = true, slices.Clone(demoPeople)
	default:
		stored = true
		if a.welcome, err = a.staff.FirstLink(ctx, staff.Origin{Address: staff.CommandLine}); err != nil {
			return nil, err
		}
	}
	a.roster = slices.Clone(roster)
	join(roster, a.settings.Now().Document)
	return roster, errors.Join(s.known(roster, stored), s.phoned(roster))
}

// keepRoster has the desk know of people who come and go while it runs.
func (a *app) keepRoster(ctx context.Context) error {
	if a.demo {
		return nil
	}
	return a.staff.Run(ctx, a.seat)
}

// announceWelcome prints the first admin's link.
func (a *app) announceWelcome() {
	if a.welcome != "" {
		fmt.Printf("Nobody can sign in yet. To become the first admin, open within the hour, once:\n%s\n", welcomeURL(a.public.String(), a.welcome))
	}
}

// welcomeURL is a one-time link. The token is behind #, so that no server's or
// proxy's log has it and no page is told of it.
func welcomeURL(public, token string) string { return public + "/welcome#" + token }
