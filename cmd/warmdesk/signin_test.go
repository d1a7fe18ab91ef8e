package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// command runs the program with arguments on the same database, and gives what it
// says.
func (p *program) command(input string, args ...string) (string, error) {
	p.t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), append(p.env, runAsProgram+"=1")...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (p *program) must(input string, args ...string) string {
	p.t.Helper()
	out, err := p.command(input, args...)
	if err != nil {
		p.t.Fatalf("warmdesk %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// page is the socket of an agent's page.
type page struct {
	t   *testing.T
	ctx context.Context
	ws  *websocket.Conn
}

func (p *program) page(agent, cookie, name, live string) *page {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 30*time.Second)
	p.t.Cleanup(cancel)
	ws, _, err := websocket.Dial(ctx, p.url+"/api/agents/"+agent+"/stream", &websocket.DialOptions{HTTPHeader: http.Header{"Cookie": {cookie}, "Origin": {p.url}}})
	if err != nil {
		p.t.Fatal(err)
	}
	ws.SetReadLimit(1 << 20)
	p.t.Cleanup(func() { ws.CloseNow() })
	g := &page{p.t, ctx, ws}
	g.say(`{"type":"hello","page":"` + name + `","live":"` + live + `"}`)
	return g
}

func (g *page) say(message string) {
	g.t.Helper()
	if err := g.ws.Write(g.ctx, websocket.MessageText, []byte(message)); err != nil {
		g.t.Fatal(err)
	}
}

// until reads on, answering pings, until a message of this type comes, or the
// socket is closed with this code.
func (g *page) until(kind string, code websocket.StatusCode) {
	g.t.Helper()
	for {
		_, data, err := g.ws.Read(g.ctx)
		if err != nil {
			if code == 0 || websocket.CloseStatus(err) != code {
				g.t.Fatalf("waiting for %s: %v", kind, err)
			}
			return
		}
		var m struct{ Type string }
		if err := json.Unmarshal(data, &m); err != nil {
			g.t.Fatal(err)
		}
		switch {
		case code == 0 && m.Type == kind:
			return
		case m.Type == "ping":
			g.say(`{"type":"pong"}`)
		case code != 0 && m.Type == "snapshot":
			g.t.Fatal("a page that is signed out is shown something")
		}
	}
}

// Somebody is added while the desk runs, takes a call, and is disabled in the
// middle of it: the buttons go, the call stays.
func TestSomebodyIsDisabledInACall(t *testing.T) {
	t.Parallel()
	double, p := twilioWorld(t)
	if out, err := p.command("short\n", "user", "add", "cy", "Cy"); err == nil || !strings.Contains(out, "10 characters or more. Nothing has changed") {
		t.Errorf("a short password: %v %s", err, out)
	}
	p.must("correct horse\n", "user", "add", "cy", "Cy", "--role", "lead")
	if out, err := p.command("correct horse\n", "user", "add", "cy", "Cy"); err == nil || !strings.Contains(out, "there is a user of that id already") {
		t.Errorf("added twice: %v %s", err, out)
	}
	cookie := p.session("cy", "correct horse")
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) { // polling, with the deadline
		if status, body := p.post("/cy/token", cookie); status == http.StatusOK {
			break
		} else if time.Now().After(end) {
			t.Fatalf("a new user has no place at the desk: %d %s", status, body)
		}
	}
	dana := double.Call("+15550001")
	line := double.Agent("cy").Ringing(t)
	line.Answer()
	dana.WaitFor(t, "people: cy")
	g := p.page("cy", cookie, "p1", line.SID)
	g.until("snapshot", 0)
	other := p.session("cy", "correct horse")

	p.must("", "user", "disable", "cy")
	for _, c := range []string{cookie, other} {
		if status, body := p.post("/api/calls/"+dana.SID+"/end", c); status != http.StatusUnauthorized {
			t.Errorf("a disabled user's request: %d %s", status, body)
		}
	}
	g.until("signed_out", 0)
	// The page may come back, as after a moment without a network; it is heard and told nothing.
	g.ws.CloseNow()
	g = p.page("cy", cookie, "p1", line.SID)
	g.until("signed_out", 0)
	if _, _, err := websocket.Dial(g.ctx, p.url+"/api/agents/agent1/stream", nil); err == nil {
		t.Error("a page of somebody else is let in")
	}
	p.page("cy", cookie, "p2", "").until("its end", 4003)
	dana.WaitFor(t, "people: cy") // still
	if resp, err := http.PostForm(p.url+"/api/session", url.Values{"agent": {"cy"}, "password": {"correct horse"}}); err != nil || resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a disabled user signs in: %v %v", resp, err)
	}
	dana.HangUp()
	dana.WaitFor(t, "completed")
	g.until("its end", 4003)

	trail := p.must("", "audit")
	for _, want := range []string{"user_added", "cy lead", "user_disabled", "command line", "sign_in", "127.0.0.1", "disabled"} {
		if !strings.Contains(trail, want) {
			t.Errorf("the audit trail does not tell %q:\n%s", want, trail)
		}
	}
	if strings.Contains(trail+p.log.String(), "correct horse") {
		t.Error("a password is told")
	}
}

// A desk that nobody can sign in to starts all the same, and its first admin comes
// by a link that is good once.
func TestTheFirstAdmin(t *testing.T) {
	t.Parallel()
	_, p := twilioWorld(t, "AGENTS=")
	welcome := func(token, id, password string) (int, string) {
		return p.post("/api/welcome", "", "token", token, "id", id, "name", "Ana", "password", password)
	}
	out := p.must("", "user", "link")
	_, token, ok := strings.Cut(strings.TrimSpace(out), "/welcome#")
	if !ok || len(token) != 64 {
		t.Fatalf("the link: %s", out)
	}
	for name, c := range map[string]struct {
		token, password string
		want            int
	}{
		"made up": {strings.Repeat("0", 64), "correct horse", 410}, "a short password": {token, "short", 400}, "just looking": {token, "", 200},
	} {
		if status, body := welcome(c.token, "ana", c.password); status != c.want {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if status, body := welcome(token, "ana", "correct horse"); status != http.StatusNoContent {
		t.Fatalf("the first admin: %d %s", status, body)
	}
	if status, _ := welcome(token, "eve", "correct horse"); status != http.StatusGone {
		t.Errorf("the link is good twice: %d", status)
	}
	if out, err := p.command("", "user", "link"); err == nil || !strings.Contains(out, "there are users already") {
		t.Errorf("another first admin: %v %s", err, out)
	}
	if out, err := p.command("", "user", "disable", "ana"); err == nil || !strings.Contains(out, "this is the last admin") {
		t.Errorf("the last admin is disabled: %v %s", err, out)
	}
	if out := p.must("", "user", "add", "ben", "Ben", "--link"); !strings.Contains(out, p.url+"/welcome#") {
		t.Errorf("an invitation: %s", out)
	}
	if out := p.must("", "user", "list"); !strings.Contains(out, "invited") || !strings.Contains(out, "admin") {
		t.Errorf("the list: %s", out)
	}
}

// What each role may do, on the real program.
func TestRolesOfTheRoutes(t *testing.T) {
	t.Parallel()
	_, p := twilioWorld(t, "AGENTS=")
	cookies := map[string]string{}
	for _, role := range []string{"admin", "agent", "lead"} {
		p.must("correct horse\n", "user", "add", "the_"+role, "The "+role, "--role", role)
		cookies[role] = p.session("the_"+role, "correct horse")
	}
	for path, want := range map[string][3]int{ // agent, lead, admin
		"GET /api/calls.csv":                    {403, 200, 200},
		"GET /api/webhooks/deliveries":          {403, 403, 200},
		"GET /api/audit":                        {403, 403, 200},
		"DELETE /api/users/nobody/sessions":     {403, 403, 404},
		"GET /api/calls/nosuch/timeline":        {404, 404, 404},
		"GET /api/agents/the_admin/snapshot":    {403, 403, 200},
		"POST /api/webhooks/deliveries/1/retry": {403, 403, 404},
	} {
		for i, role := range []string{"agent", "lead", "admin"} {
			method, path, _ := strings.Cut(path, " ")
			status, _, body := p.send(method, path, "", "Cookie", cookies[role])
			if status != want[i] || status == 403 && !strings.Contains(body, `"message":"`) {
				t.Errorf("%s: %s %s: %d, want %d: %.200s", role, method, path, status, want[i], body)
			}
		}
		method, path, _ := strings.Cut(path, " ")
		if status, _, _ := p.send(method, path, ""); status != 401 {
			t.Errorf("nobody: %s %s: %d", method, path, status)
		}
	}
	if _, _, body := p.get("/api/agents/the_lead/snapshot", "Cookie", cookies["lead"]); !strings.Contains(body, `"role":"lead"`) || !strings.Contains(body, `"changePassword":true`) {
		t.Errorf("the page is not told what its agent may do: %.300s", body)
	}
	if status, _, _ := p.send("DELETE", "/api/users/the_lead/sessions", "", "Cookie", cookies["admin"]); status != 204 {
		t.Errorf("sign somebody out: %d", status)
	}
	if status, _, _ := p.get("/api/calls.csv", "Cookie", cookies["lead"]); status != 401 {
		t.Errorf("signed out by an admin: %d", status)
	}
}
