package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"

	"warmdesk/console"
	"warmdesk/twilio/twiliotest"
)

// tests has a desk test its connection, as an admin does in the settings.
func tests(p *program, headers ...string) []console.Finding {
	p.t.Helper()
	status, _, said := p.send("POST", "/api/carrier/test", "", headers...)
	var answer struct{ Findings []console.Finding }
	if err := json.Unmarshal([]byte(said), &answer); status != http.StatusOK || err != nil {
		p.t.Fatalf("%d %s %v", status, said, err)
	}
	if strings.Contains(said, testToken) || strings.ContainsAny(said, "\u2066\u2068\u2069") {
		p.t.Errorf("it tells too much: %s", said)
	}
	return answer.Findings
}

// A desk that serves finds the same of its carrier as the doctor does.
func TestDeskTestsItsConnection(t *testing.T) {
	c := newClinic(t)
	if said, code := c.run("", "setup", "--yes"); code != 0 {
		t.Fatalf("%d %s", code, said)
	}
	c.start()
	cookie := c.desk.session("agent1", "one")
	_, _, shown := c.desk.send("GET", "/api/carrier", "", "Cookie", cookie)
	if strings.Contains(shown, testToken) || !strings.Contains(shown, testAccount) || !strings.Contains(shown, `"tokenSet":true`) || !strings.Contains(shown, `"publicUrl":"https://127.0.0.1:`) {
		t.Errorf("shown: %s", shown)
	}
	findings := tests(c.desk, "Cookie", cookie)
	if lines := unwell(findings); lines != "" {
		t.Errorf("all is well, but: %s", lines)
	}
	var looked []string
	for _, f := range findings {
		looked = append(looked, f.Check)
	}
	if got, want := strings.Join(looked, ", "), "clock, credentials, account, number, number fallback, TwiML app, TwiML app fallback, API key, microphone, PUBLIC_URL, certificate, reachable, signature"; got != want {
		t.Errorf("looked at %s", got)
	}
	if legs := c.double.Legs(); len(legs) > 0 {
		t.Errorf("it has made calls: %v", legs)
	}
	c.double.RefuseREST(func(*http.Request) *twiliotest.Refusal {
		return &twiliotest.Refusal{Status: http.StatusUnauthorized, Code: 20003, Message: "Authenticate"}
	})
	findings = tests(c.desk, "Cookie", cookie, "Accept-Language", "de")
	if !slices.ContainsFunc(findings, func(f console.Finding) bool {
		return f.State == console.FindingWrong && f.Check == "Zugangsdaten" && strings.Contains(f.Found, "TWILIO_AUTH_TOKEN nicht an (20003)") && strings.Contains(f.Todo, "kein API-Schlüssel")
	}) {
		t.Errorf("a token that is not accepted: %s", unwell(findings))
	}
}

func TestDeskTestsItsOwnSwitchboard(t *testing.T) {
	addr := freeAddr(t)
	desk := &program{t: t, url: "http://" + addr, dir: t.TempDir(), env: []string{"ADDR=" + addr}}
	desk.start()
	defer desk.stop(syscall.SIGKILL)
	findings := tests(desk, "Warmdesk-Agent", "agent1")
	if lines := unwell(findings); lines != "" || !slices.ContainsFunc(findings, func(f console.Finding) bool {
		return f.Check == "signature" && f.State == console.FindingOK
	}) {
		t.Errorf("%s%+v", lines, findings)
	}
}
