package main

import (
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// hire stores somebody beside the running program and signs them in: they have a
// place at the desk at once.
func (v *victim) hire(id, role string) {
	v.Helper()
	const password = "a-word-only-they-know"
	cmd := exec.Command(os.Args[0], "user", "add", id, strings.ToUpper(id[:1])+id[1:], "--role", role)
	cmd.Env = append(os.Environ(), append(v.env, runAsProgram+"=1")...)
	cmd.Stdin = strings.NewReader(password + "\n")
	if said, err := cmd.CombinedOutput(); err != nil {
		v.Fatalf("user add: %v\n%s", err, said)
	}
	v.secrets = append(v.secrets, password)
	v.cookies[id] = v.session(id, password)
	if status, _, body := v.send(http.MethodGet, "/api/agents/"+id+"/snapshot", "", "Cookie", v.cookies[id]); status != http.StatusOK {
		v.Fatalf("%s has no place at the desk: %d %s", id, status, body)
	}
}

// TestAttackRoles has an agent and a lead ask for what is not theirs: they are
// told so, and nothing has changed.
func TestAttackRoles(t *testing.T) {
	t.Parallel()
	v := twilioVictim(t)
	v.hire("cy", "agent")
	v.hire("lee", "lead")
	before := v.state()
	const ok, no = http.StatusOK, http.StatusForbidden
	for _, row := range []struct {
		operation string
		cy, lee   int
	}{
		{"GET /api/calls.json", no, ok},
		{"GET /api/calls.csv", no, ok},
		{"GET /api/colleagues", ok, ok},
		{"GET /api/history", ok, ok}, // their own calls, and all of them
		{"GET /api/reports?from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z", no, ok},
		{"GET /api/calls/{id}/timeline", no, ok}, // of a call Cy had no part in
		{"GET /api/board", no, ok},
		{"POST /api/calls/{id}/listen", no, http.StatusConflict}, // Lee has no page open
		{"POST /api/calls/{id}/coach", no, http.StatusConflict},
		{"POST /api/calls/{id}/listen-privately", no, http.StatusConflict}, // the settings do not allow it
		{"POST /api/team/nobody/presence", no, no},                         // who is not there
		{"GET /api/audit", no, no},
		{"GET /api/settings", no, ok},
		{"GET /api/users", no, no},
		{"POST /api/users", no, no},
		{"PATCH /api/users/agent1", no, no},
		{"POST /api/users/agent1/link", no, no},
		{"GET /api/health", no, no},
		{"GET /api/carrier", no, no},
		{"POST /api/carrier/test", no, no},
		{"PATCH /api/settings/transfers", no, no},
		{"POST /api/settings/undo", no, no},
		{"POST /api/settings/music?version=0", no, no},
		{"POST /api/settings/speech", no, no},
		{"GET /api/webhooks/deliveries", no, no},
		{"POST /api/webhooks/deliveries/1/retry", no, no},
		{"DELETE /api/users/agent1/sessions", no, no},
		{"GET /api/agents/agent1/snapshot", no, no},
		{"POST /api/agents/agent1/presence", no, no},
		{"POST /agent1/token", no, no},
		{"POST /conference/agent1/call", no, no},
	} {
		method, path, _ := strings.Cut(row.operation, " ")
		for who, want := range map[string]int{"cy": row.cy, "lee": row.lee} {
			a := attack{name: who + ": " + row.operation, as: who, method: method, path: path, body: bodyOf(method), headers: []string{"Content-Type", "application/json"}, want: []int{want}}
			if err := v.judge(a, v.strike(a)); err != nil {
				t.Errorf("%s: %v", a.name, err)
			}
			if err := v.unharmed(before); err != nil {
				t.Fatalf("%s: %v", a.name, err)
			}
		}
	}
}
