package console_test

import (
	"net/url"
	"strings"
	"testing"

	"warmdesk/agent"
	"warmdesk/console"
)

// A page that gets no microphone is told the https:// address, if there is one.
func TestSecureAddress(t *testing.T) {
	for public, want := range map[string]string{
		"https://desk.local:8443": `"secureUrl":"https://desk.local:8443"`,
		"http://192.0.2.7:8080":   `"secureUrl":""`,
	} {
		w := newWorldWith(t, map[agent.ID]string{"agent1": "one"}, func(c *console.Config) {
			u, err := url.Parse(public)
			if err != nil {
				t.Fatal(err)
			}
			c.PublicURL = u
		})
		if status, body, _ := w.send("GET", "/api/config", ""); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s", public, status, body)
		}
	}
}
