package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"warmdesk/edge"
	"warmdesk/internal/wiretest"
	"warmdesk/twilio"
)

// get asks the program; headers are name, value, …; "Host" is the name asked for.
func (p *program) get(path string, headers ...string) (int, http.Header, string) {
	p.t.Helper()
	return p.send(http.MethodGet, path, "", headers...)
}

func (p *program) send(method, path, body string, headers ...string) (int, http.Header, string) {
	p.t.Helper()
	return wiretest.Send(p.t, method, p.url+path, body, headers...)
}

// A name of somebody else's that was made to point here opens nothing; what the
// carrier has signed is taken under any name, because a customer waits for it.
func TestNamesThatAreNotOurs(t *testing.T) {
	t.Parallel()
	_, p := twilioWorld(t, "TRUSTED_PROXIES=loopback")
	for name, c := range map[string]struct {
		path, host, forwarded string
		want                  int
	}{
		"our page":                  {"/call", "localhost", "", http.StatusOK},
		"rebound page":              {"/call", "evil.example", "", http.StatusMisdirectedRequest},
		"rebound API":               {"/api/agents/agent1/snapshot", "evil.example", "", http.StatusMisdirectedRequest},
		"behind a proxy":            {"/call", "localhost", "127.0.0.1", http.StatusOK},
		"rebound before the proxy":  {"/call", "localhost", "evil.example", http.StatusMisdirectedRequest},
		"a health check by address": {"/healthz", "10.0.0.9:8080", "", http.StatusOK},
	} {
		headers := []string{"Host", c.host}
		if c.forwarded != "" {
			headers = append(headers, "X-Forwarded-For", "203.0.113.7", "X-Forwarded-Host", c.forwarded)
		}
		if status, _, body := p.get(c.path, headers...); status != c.want {
			t.Errorf("%s: %d %.200s; want %d", name, status, body, c.want)
		}
	}
	form := url.Values{"CallSid": {"CA00000000000000000000000000000009"}, "From": {"+15550009"}, "To": {testNumber}, "CallStatus": {"ringing"}, "Direction": {"inbound"}}
	form.Set("AccountSid", testAccount)
	const path = "/conference/connect/client"
	status, _, body := p.send(http.MethodPost, path, form.Encode(), "Host", "upstream:8080",
		"Content-Type", "application/x-www-form-urlencoded", twilio.SignatureHeader, twilio.Sign(testToken, p.url+path, form))
	if status != http.StatusOK || !strings.Contains(body, "<Conference") {
		t.Errorf("a signed webhook under another name: %d %s", status, body)
	}
}

func TestTrustedProxiesThatCannotBeRead(t *testing.T) {
	s := serveCommand{Edge: edgeOptions{TrustedProxies: []string{"proxy.example.com"}}}
	if _, err := s.Edge.edge(nil, nil); err == nil || !strings.Contains(err.Error(), "TRUSTED_PROXIES") {
		t.Errorf("%v", err)
	}
}

// from is what a proxy on this computer says of a client elsewhere.
func from(address string) []string {
	return []string{"X-Forwarded-For", address, "X-Forwarded-Proto", "https"}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	_, p := twilioWorld(t, "TRUSTED_PROXIES=loopback", "PUBLIC_URL=https://desk.example.com", "EMBED_ORIGINS=https://shop.example.com")
	policy := func(path, name string) string {
		t.Helper()
		_, h, _ := p.get(path, from("203.0.113.7")...)
		for directive := range strings.SplitSeq(h.Get("Content-Security-Policy"), "; ") {
			if key, value, _ := strings.Cut(directive, " "); key == name {
				return value
			}
		}
		return ""
	}
	for path, framers := range map[string]string{"/": "'none'", "/as/agent1": "'none'", "/tutorial": "'none'", "/call": "https://shop.example.com", "/embed.js": "'none'", "/api/config": "'none'", "/nothing": "'none'"} {
		if got := policy(path, "frame-ancestors"); got != framers {
			t.Errorf("%s may be framed by %q; want %q", path, got, framers)
		}
		if got := policy(path, "style-src") + policy(path, "script-src"); strings.Contains(got, "unsafe") {
			t.Errorf("%s allows %s", path, got)
		}
		_, h, _ := p.get(path, from("203.0.113.7")...)
		if h.Get("Strict-Transport-Security") == "" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" {
			t.Errorf("%s: %v", path, h)
		}
	}
	if _, h, _ := p.get("/call"); h.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS without https")
	}
	if _, h, _ := p.get("/api/config"); h.Get("Cache-Control") != "no-store" {
		t.Errorf("an answer may be kept: %v", h)
	}
}

func TestLimitsPerAddress(t *testing.T) {
	t.Parallel()
	_, p := twilioWorld(t, "TRUSTED_PROXIES=loopback", "METRICS_TOKEN=let-me-see-the-figures")
	const path = "/conference/connect/client"
	form := url.Values{"CallSid": {"CA00000000000000000000000000000009"}, "From": {"+15550009"}, "To": {testNumber}, "CallStatus": {"ringing"}, "Direction": {"inbound"}, "AccountSid": {testAccount}}
	webhook := func(signature string) (int, http.Header) {
		status, h, _ := p.send(http.MethodPost, path, form.Encode(), append(from("203.0.113.7"),
			"Content-Type", "application/x-www-form-urlencoded", twilio.SignatureHeader, signature)...)
		return status, h
	}
	until := func(what string, ask func() (int, http.Header), before int) {
		t.Helper()
		for range 200 {
			status, h := ask()
			if status == http.StatusTooManyRequests {
				if h.Get("Retry-After") == "" {
					t.Errorf("%s: 429 without a time", what)
				}
				return
			}
			if status != before {
				t.Fatalf("%s: %d", what, status)
			}
		}
		t.Errorf("%s: no limit", what)
	}
	until("forged webhooks", func() (int, http.Header) { return webhook("Zm9yZ2Vk") }, http.StatusForbidden)
	if status, _ := webhook(twilio.Sign(testToken, p.url+path, form)); status != http.StatusOK {
		t.Errorf("a genuine webhook from the same address: %d", status)
	}
	signIn := func(who, address string) (int, http.Header) {
		status, h, _ := p.send(http.MethodPost, "/api/session", "agent="+who+"&password=wrong", append(from(address), "Content-Type", "application/x-www-form-urlencoded")...)
		return status, h
	}
	tries := 0 // each with another name: the same name has a limit of its own
	until("signing in", func() (int, http.Header) {
		tries++
		return signIn(fmt.Sprint("nobody", tries), "2001:db8::1")
	}, http.StatusUnauthorized)
	if status, _ := signIn("agent2", "2001:db8::ffff:2"); status != http.StatusTooManyRequests {
		t.Errorf("another address of the same line: %d", status)
	}
	if status, _ := signIn("agent2", "203.0.113.8"); status != http.StatusUnauthorized {
		t.Errorf("another line: %d", status)
	}
	for name, c := range map[string]struct {
		headers []string
		want    int
	}{
		"here":                {nil, http.StatusOK},
		"elsewhere":           {from("203.0.113.7"), http.StatusForbidden},
		"with a token":        {append(from("203.0.113.7"), "Authorization", "Bearer let-me-see-the-figures"), http.StatusOK},
		"with a wrong token":  {append(from("203.0.113.7"), "Authorization", "Bearer let-me-see-the-rest"), http.StatusForbidden},
		"rebound":             {[]string{"Host", "evil.example"}, http.StatusForbidden},
		"by address, a token": {append(from("203.0.113.7"), "Host", "10.0.0.9:1", "Authorization", "Bearer let-me-see-the-figures"), http.StatusOK},
	} {
		if status, _, body := p.get("/metrics", c.headers...); status != c.want {
			t.Errorf("metrics %s: %d %.100s", name, status, body)
		}
	}
}

// The switchboard's REST is for programs: what a foreign page makes a browser ask
// does not reach it, whatever credentials the browser remembers.
func TestForeignPagesDoNotReachTheSwitchboard(t *testing.T) {
	first := edge.New(edge.Config{Public: &url.URL{Scheme: "https", Host: "desk.example.com"}, Logger: slog.New(slog.DiscardHandler)})
	board := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) })
	for name, c := range map[string]struct {
		demo    bool
		headers []string
		want    int
	}{
		"a program":                  {false, nil, http.StatusCreated},
		"our own page":               {false, []string{"Origin", "https://desk.example.com", "Sec-Fetch-Site", "same-origin"}, http.StatusCreated},
		"a foreign page":             {false, []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		"an old browser's":           {false, []string{"Origin", "https://evil.example"}, http.StatusForbidden},
		"a rebound page":             {false, []string{"Host", "evil.example", "Sec-Fetch-Site", "same-origin"}, http.StatusMisdirectedRequest},
		"behind a proxy":             {false, []string{"X-Forwarded-For", "203.0.113.7"}, http.StatusCreated},
		"behind a proxy in the demo": {true, []string{"X-Forwarded-For", "203.0.113.7"}, http.StatusMisdirectedRequest},
	} {
		r := httptest.NewRequest(http.MethodPost, "/2010-04-01/Accounts/AC1/Calls.json", nil)
		r.Host = "desk.example.com"
		for i := 0; i < len(c.headers); i += 2 {
			if c.headers[i] == "Host" {
				r.Host = c.headers[i+1]
			}
			r.Header.Set(c.headers[i], c.headers[i+1])
		}
		w := httptest.NewRecorder()
		first.Handler(guardBoard(board, c.demo)).ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d", name, w.Code, c.want)
		}
	}
}
