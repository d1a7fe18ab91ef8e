package console_test

import (
	"strings"
	"testing"

	"warmdesk/agent"
	"warmdesk/call"
)

func TestSignedInAgentsOnly(t *testing.T) {
	w := newWorld(t, map[agent.ID]string{"agent1": "secret", "agent2": "other"})
	id := w.talk("CA1")
	path := "/api/calls/" + string(id) + "/end"
	status, _, _ := w.send("POST", "/api/session", "agent=agent1&password=wrong", "Content-Type", "application/x-www-form-urlencoded")
	if status != 401 {
		t.Errorf("wrong password: %d", status)
	}
	status, _, head := w.send("POST", "/api/session", "agent=agent2&password=other", "Content-Type", "application/x-www-form-urlencoded")
	cookie := strings.SplitN(head.Get("Set-Cookie"), ";", 2)[0]
	if status != 204 || !strings.HasPrefix(cookie, "warmdesk_agent2=") || !strings.Contains(head.Get("Set-Cookie"), "HttpOnly") {
		t.Fatalf("sign in: %d %q", status, head.Get("Set-Cookie"))
	}
	// People may type the name they are called by.
	status, _, byName := w.send("POST", "/api/session", "agent=ben&password=other", "Content-Type", "application/x-www-form-urlencoded")
	if status != 204 || byName.Get("Location") != "/as/agent2" {
		t.Errorf("sign in by name: %d, on to %q", status, byName.Get("Location"))
	}
	for _, c := range []struct {
		name, method, path string
		headers            []string
		want               int
	}{
		{"no session, token", "POST", "/agent1/token", nil, 401},
		{"no session, request", "POST", path, nil, 401},
		{"no session, header only", "POST", path, []string{"Warmdesk-Agent", "agent1"}, 401},
		{"another's token", "POST", "/agent1/token", []string{"Cookie", cookie}, 403},
		{"another's dial", "POST", "/conference/agent1/call", []string{"Cookie", cookie}, 403},
		{"another's name", "POST", path, []string{"Cookie", cookie, "Warmdesk-Agent", "agent1"}, 403},
		{"another's call", "POST", path, []string{"Cookie", cookie}, 409},
		{"another's snapshot", "GET", "/api/agents/agent1/snapshot", []string{"Cookie", cookie}, 403},
		{"a made-up cookie", "POST", "/agent1/token", []string{"Cookie", "warmdesk_agent1=00"}, 401},
		{"own token", "POST", "/agent2/token", []string{"Cookie", cookie}, 200},
	} {
		if status, body, _ := w.send(c.method, c.path, "", c.headers...); status != c.want {
			t.Errorf("%s: %d, want %d: %s", c.name, status, c.want, body)
		}
	}
	if c, _ := w.desk.Call(t.Context(), id); c.Stage != call.Talking {
		t.Errorf("refused requests made the call %s", c.Stage)
	}
	if status, _, _ := w.send("DELETE", "/api/session", "", "Cookie", cookie); status != 204 {
		t.Errorf("sign out: %d", status)
	}
	if status, _, _ := w.send("POST", "/agent2/token", "", "Cookie", cookie); status != 401 {
		t.Errorf("after sign-out: %d", status)
	}
}
