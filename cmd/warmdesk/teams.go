package main

import (
	"slices"
	"strings"

	"warmdesk/agent"
	"warmdesk/settings"
)

// teams reads TEAMS, like billing=agent1,agent2;tech=agent2,agent3.
func (s *serveCommand) teams() ([]settings.Team, error) {
	if s.Teams == "" {
		return nil, nil
	}
	var list []settings.Team
	for _, item := range strings.Split(s.Teams, ";") {
		name, members, ok := strings.Cut(strings.TrimSpace(item), "=")
		switch {
		case !ok || members == "":
			return nil, wrong("TEAMS has an entry that does not read team=agent,agent: entry %d of %q", len(list)+1, s.Teams)
		case !agent.ValidTeam(name):
			return nil, wrong("TEAMS names a team %q; a name has 1 to 64 of a-z, 0-9 and _", name)
		case slices.ContainsFunc(list, func(t settings.Team) bool { return t.Name == name }):
			return nil, wrong("TEAMS names the team %q twice", name)
		}
		t := settings.Team{Name: name}
		for _, member := range strings.Split(members, ",") {
			member = strings.TrimSpace(member)
			if slices.Contains(t.Members, member) {
				return nil, wrong("TEAMS puts %q into the team %q twice", member, name)
			}
			t.Members = append(t.Members, member)
		}
		list = append(list, t)
	}
	return list, nil
}

// known finds who is in TEAMS and not in the roster: a mistake, except among stored
// users, who come and go.
func (s *serveCommand) known(roster []agent.Agent, comeAndGo bool) error {
	teams, err := s.teams()
	for _, t := range teams {
		for _, member := range t.Members {
			id := agent.ID(member)
			there := slices.ContainsFunc(roster, func(a agent.Agent) bool { return a.ID == id })
			if !there && !(comeAndGo && id.Valid()) {
				return wrong("TEAMS puts %q into the team %q, but there is no such agent; the agents are %s", id, t.Name, ids(roster))
			}
		}
	}
	return err
}

// ids lists the roster for a message.
func ids(roster []agent.Agent) string {
	list := make([]string, len(roster))
	for i, a := range roster {
		list[i] = string(a.ID)
	}
	return strings.Join(list, ", ")
}
