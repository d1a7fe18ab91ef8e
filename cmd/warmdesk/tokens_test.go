package main

import (
	"testing"
	"time"

	"warmdesk/twilio"
)

// The token of an agent's page takes calls and makes none: whoever could make
// them could dial into a room and listen.
func TestAgentTokenCannotCall(t *testing.T) {
	maker := &tokens{account: "AC1", agentTime: time.Hour, authToken: "t", application: "AP1", keys: &keySource{have: apiKey{"SK1", "secret"}}}
	agent, _, err := maker.AgentToken("agent1")
	if err != nil {
		t.Fatal(err)
	}
	caller, err := maker.CallerToken("web7")
	if err != nil {
		t.Fatal(err)
	}
	grant := func(token string) twilio.Grant {
		g, err := twilio.ParseAccessToken(token, func(string) (string, bool) { return "secret", true }, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	if g := grant(agent); g.Identity != "agent1" || !g.Incoming || g.ApplicationSID != "" {
		t.Errorf("an agent's token allows %+v", g)
	}
	if g := grant(caller); g.Identity != "web7" || g.Incoming || g.ApplicationSID != "AP1" || len(g.Params) != 0 {
		t.Errorf("a caller's token allows %+v", g)
	}
}
