package main

import (
	"errors"
	"strings"
	"testing"
)

// FuzzPeople: whatever AGENTS and TEAMS say, the program has people with ids of
// its kind, or tells in one line what is wrong, without a password in it.
func FuzzPeople(f *testing.F) {
	f.Add("agent1=Ana:secret,agent2=Ben:secret", "billing=agent1,agent2;tech=agent2")
	f.Add("a=:,b=x:y", "=;")
	f.Add("api=A:b", "x=api")
	f.Add("a=A:b:c=d", "x=a,a;x=a")
	f.Fuzz(func(t *testing.T, agents, teams string) {
		s := &serveCommand{Agents: agents, Teams: teams, Addr: "127.0.0.1:0"}
		roster, err := s.people()
		if err == nil {
			err = s.known(rosterOf(roster), false)
		}
		if err != nil {
			if _, ok := errors.AsType[*configError](err); !ok {
				t.Fatalf("not told in our words: %v", err)
			}
			return
		}
		for _, who := range roster {
			if !who.ID.Valid() || who.Password == "" {
				t.Fatalf("%q makes %+v", agents, who)
			}
		}
		if agents != "" && strings.Count(agents, ",") < len(roster)-1 {
			t.Fatalf("%q makes %d people", agents, len(roster))
		}
	})
}
