package console_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"warmdesk/agent"
	"warmdesk/console"
)

// withPages gives a console all pages.
func withPages(cfg *console.Config) {
	pages := fstest.MapFS{}
	for _, name := range []string{"index.html", "as.html", "call.html"} {
		pages[name] = &fstest.MapFile{Data: []byte("<h1>desk</h1>")}
	}
	cfg.Pages = pages
}

// framers is what an answer says of who may frame it.
func (w *world) framers(path string, headers ...string) (status int, who, to string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultTransport.RoundTrip(r) // which follows no redirects
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	_, who, _ = strings.Cut(answer.Header.Get("Content-Security-Policy"), "frame-ancestors ")
	return answer.StatusCode, who, answer.Header.Get("Location")
}

// The agents' pages, and the way in, may be framed by the sites that an admin has named
// for that, and by no others; the customer's page by those named for it.
func TestWhoMayFrameAnAgent(t *testing.T) {
	w := newWorldWith(t, nil, withPages)
	if status, got := w.settings("PATCH", "/api/settings/embed", `{"version":0,"set":{"origins":["https://shop.example.com"],"agentOrigins":["https://crm.example.com"]}}`); status != 200 {
		t.Fatalf("%d %+v", status, got)
	}
	for path, want := range map[string]string{
		"/": "'none'", "/welcome": "'none'", "/call": "'self' https://shop.example.com", "/as/agent1": "'self' https://crm.example.com", "/as/agent1/board": "'self' https://crm.example.com",
	} {
		if status, who, _ := w.framers(path); status != 200 || who != want {
			t.Errorf("%s: %d, may be framed by %q", path, status, who)
		}
	}
}

// Whoever signs in within a frame has a cookie for there alone, over https; with it the
// way in leads to their page, and signing out takes it away.
func TestSignInWithinAFrame(t *testing.T) {
	w := newWorldWith(t, map[agent.ID]string{"agent1": "secret"}, func(cfg *console.Config) {
		withPages(cfg)
		https := *cfg.PublicURL
		https.Scheme = "https"
		cfg.PublicURL = &https
	})
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	status, _, h := w.send("POST", "/api/session", "agent=agent1&password=secret&framed=1", form...)
	cookie := h.Get("Set-Cookie")
	if status != 204 || !strings.HasPrefix(cookie, "__Host-warmdesk_-agent1=") {
		t.Fatalf("%d %q", status, cookie)
	}
	for _, part := range []string{"Path=/", "HttpOnly", "Secure", "SameSite=None", "Partitioned"} {
		if !strings.Contains(cookie, "; "+part) {
			t.Errorf("%q is not %s", cookie, part)
		}
	}
	mine, _, _ := strings.Cut(cookie, ";")
	const in = "/embed/agent?embed=https%3A%2F%2Fcrm.example.com"
	if status, _, to := w.framers(in, "Cookie", mine); status != 303 || to != "/as/agent1?embed=https%3A%2F%2Fcrm.example.com" {
		t.Errorf("%d to %q", status, to)
	}
	if status, _, to := w.framers(in, "Cookie", mine+"x"); status != 200 || to != "" {
		t.Errorf("an invented session: %d to %q", status, to)
	}
	if status, _, to := w.framers(in+"&agent=agent2", "Cookie", mine); status != 200 || to != "" {
		t.Errorf("somebody else's page: %d to %q", status, to)
	}
	// The same rules hold for its requests: no other site sends any.
	if status, answer, _ := w.send("POST", "/api/agents/agent1/presence", `{"presence":"away"}`, "Cookie", mine, "Origin", "https://crm.example.com"); status != 403 {
		t.Errorf("from the site around: %d %s", status, answer)
	}
	status, _, h = w.send("DELETE", "/api/session", "", "Cookie", mine)
	if gone := strings.Join(h.Values("Set-Cookie"), "\n"); status != 204 || strings.Count(gone, "Max-Age=0") != 2 || !strings.Contains(gone, "__Host-warmdesk_-agent1=;") {
		t.Errorf("%d %q", status, gone)
	}
	if status, _, _ := w.framers(in, "Cookie", mine); status != 200 {
		t.Errorf("after signing out: %d", status)
	}
	_, _, h = w.send("POST", "/api/session", "agent=agent1&password=secret", form...)
	if cookie := h.Get("Set-Cookie"); !strings.Contains(cookie, "SameSite=Lax") || strings.Contains(cookie, "Partitioned") {
		t.Errorf("outside a frame: %q", cookie)
	}
}

// In demo mode the address says whose page it is.
func TestFrameOfTheDemo(t *testing.T) {
	w := newWorld(t, nil)
	if status, _, to := w.framers("/embed/agent?agent=agent2&embed=http://127.0.0.1:1"); status != 303 || to != "/as/agent2?embed=http%3A%2F%2F127.0.0.1%3A1" {
		t.Errorf("%d to %q", status, to)
	}
	for _, path := range []string{"/embed/agent", "/embed/agent?agent=zoe", "/embed/agent?agent=%2F%2Fevil.example"} {
		if status, _, to := w.framers(path); status != 404 || to != "" {
			t.Errorf("%s: %d to %q", path, status, to)
		}
	}
}
