package main

import (
	"slices"
	"strings"

	"warmdesk/agent"
)

// assign reads TEAMS, like billing=agent1,agent2;tech=agent2,agent3, and notes in
// the roster who is in which team. Whoever is not there is a mistake, except among
// stored users, who come and go.
func (s *serveCommand) assign(roster []agent.Agent, comeAndGo bool) error {
	if s.Teams == "" {
		return nil
	}
	var names []string
	for _, item := range strings.Split(s.Teams, ";") {
		name, members, ok := strings.Cut(strings.TrimSpace(item), "=")
		switch {
		case !ok || members == "":
			return wrong("TEAMS has an entry that does not read team=agent,agent: entry %d of %q", len(names)+1, s.Teams)
		case !agent.ValidTeam(name):
			return wrong("TEAMS names a team %q; a name has 1 to 64 of a-z, 0-9 and _", name)
		case slices.Contains(names, name):
			return wrong("TEAMS names the team %q twice", name)
		}
		names = append(names, name)
		for _, member := range strings.Split(members, ",") {
			id := agent.ID(strings.TrimSpace(member))
			i := slices.IndexFunc(roster, func(a agent.Agent) bool { return a.ID == id })
			switch {
			case i < 0 && comeAndGo && id.Valid():
				continue
			case i < 0:
				return wrong("TEAMS puts %q into the team %q, but there is no such agent; the agents are %s", id, name, ids(roster))
			case slices.Contains(roster[i].Teams, name):
				return wrong("TEAMS puts %q into the team %q twice", id, name)
			}
			roster[i].Teams = append(roster[i].Teams, name)
		}
	}
	for i := range roster {
		slices.Sort(roster[i].Teams)
	}
	return nil
}

// ids lists the roster for a message.
func ids(roster []agent.Agent) string {
	list := make([]string, len(roster))
	for i, a := range roster {
		list[i] = string(a.ID)
	}
	return strings.Join(list, ", ")
}
