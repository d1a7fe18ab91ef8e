package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmdesk/agent"
	"warmdesk/settings"
)

func TestTeams(t *testing.T) {
	people := func() []agent.Agent { return []agent.Agent{{ID: "agent1"}, {ID: "agent2"}, {ID: "agent3"}} }
	roster := people()
	s := serveCommand{Teams: "tech=agent2,agent3; billing=agent1, agent2"}
	teams, err := s.teams()
	if err != nil || s.known(roster, false) != nil {
		t.Fatal(err, s.known(roster, false))
	}
	join(roster, settings.Document{Teams: settings.Teams{Teams: teams}})
	want := [][]string{{"billing"}, {"billing", "tech"}, {"tech"}}
	if diff := cmp.Diff(want, [][]string{roster[0].Teams, roster[1].Teams, roster[2].Teams}); diff != "" {
		t.Error(diff)
	}
	if err := (&serveCommand{}).known(people(), false); err != nil {
		t.Errorf("no teams: %v", err)
	}
	for bad, want := range map[string]string{
		"billing":                           "entry 1",
		"billing=agent1;":                   "entry 2",
		"billing=":                          "entry 1",
		"Billing=agent1":                    `"Billing"`,
		"second line=agent1":                `"second line"`,
		"=agent1":                           "1 to 64",
		"billing=agent9":                    "no such agent; the agents are agent1, agent2, agent3",
		"billing=agent1,":                   "no such agent",
		"billing=agent1,agent1":             "twice",
		"billing=agent1;billing=agent2":     "twice",
		strings.Repeat("a", 65) + "=agent1": "1 to 64",
	} {
		err := (&serveCommand{Teams: bad}).known(people(), false)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "TEAMS ") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
