package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"warmdesk/twilio"
)

// get asks the program; headers are name, value, …; "Host" is the name asked for.
func (p *program) get(path string, headers ...string) (int, http.Header, string) {
	p.t.Helper()
	return p.send(http.MethodGet, path, "", headers...)
}

func (p *program) send(method, path, body string, headers ...string) (int, http.Header, string) {
	p.t.Helper()
	r, err := http.NewRequest(method, p.url+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(answer)
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
