package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// crm is a receiver of webhooks: it hands over what came, signed as agreed, and
// answers 503 while it is down.
type crm struct {
	url  string
	came chan string
	down atomic.Bool
}

func newCRM(t *testing.T, secret string) *crm {
	t.Helper()
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	c := &crm{came: make(chan string, 100)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = verifier.Verify(body, r.Header)
		}
		var e struct {
			Type     string
			Customer struct{ Number string }
			People   []struct{ Name string }
			Data     struct{ Kind, Outcome, How string }
		}
		if err == nil {
			err = json.Unmarshal(body, &e)
		}
		if err != nil || e.Customer.Number != "+15550001" {
			t.Errorf("%v: %s", err, body)
		}
		words := []string{e.Type}
		for _, p := range e.People {
			words = append(words, p.Name)
		}
		for _, word := range []string{e.Data.Kind, e.Data.Outcome, e.Data.How} {
			if word != "" {
				words = append(words, word)
			}
		}
		if c.down.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			words = append(words, "in vain")
		}
		c.came <- strings.Join(words, " ")
	}))
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

// want waits for these events, and for no others before them.
func (c *crm) want(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for len(got) < len(want) {
		select {
		case s := <-c.came:
			if !strings.HasSuffix(s, "in vain") || slices.Contains(want, s) {
				got = append(got, s) // another vain attempt is as it should be
			}
		case <-time.After(15 * time.Second):
			t.Fatalf("came only %q, want %q", got, want)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("came %q, want %q", got, want)
	}
}

// The whole program tells a receiver of a whole transfer, in order.
func TestTwilioWebhooks(t *testing.T) {
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	hook := newCRM(t, secret)
	double, p := twilioWorld(t, "WEBHOOK_URLS="+hook.url+"/crm?token=hidden", "WEBHOOK_SECRET="+secret)
	ana, ben := double.Agent("agent1"), double.Agent("agent2")
	anaSession, benSession := p.signIn("agent1", "one"), p.signIn("agent2", "two")
	dana := double.Call("+15550001")
	ana.Ringing(t).Answer()
	dana.WaitFor(t, "people: agent1")
	if status, body := p.post("/conference/agent1/call", anaSession); status != http.StatusAccepted {
		t.Fatalf("dial agent 2: %d %s", status, body)
	}
	ben.Ringing(t).Answer()
	dana.WaitFor(t, "people: agent1, agent2")
	p.ask("agent1", anaSession, dana, "leave")
	dana.WaitFor(t, "people: agent2")
	p.ask("agent2", benSession, dana, "end")
	dana.WaitFor(t, "completed")
	hook.want(t, "call.started", "call.answered Ana", "call.transferred Ana Ben invite handed_over", "call.ended Ana Ben agent_ended")
	if strings.Contains(p.log.String(), "hidden") || strings.Contains(p.log.String(), secret[6:]) {
		t.Error("the log tells a secret")
	}
}

// What happened while the receiver was down, and before the desk was killed, is
// told after the next start.
func TestTwilioWebhooksOutliveTheDesk(t *testing.T) {
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	hook := newCRM(t, secret)
	hook.down.Store(true)
	double, p := twilioWorld(t, "WEBHOOK_URLS="+hook.url, "WEBHOOK_SECRET="+secret)
	ana := double.Agent("agent1")
	anaSession := p.signIn("agent1", "one")
	dana := double.Call("+15550001")
	ana.Ringing(t).Answer()
	dana.WaitFor(t, "people: agent1")
	p.ask("agent1", anaSession, dana, "end")
	dana.WaitFor(t, "completed")
	hook.want(t, "call.started in vain")
	for end := time.Now().Add(5 * time.Second); !strings.Contains(p.log.String(), "webhook not delivered"); {
		if time.Now().After(end) {
			t.Fatal("the failure is not in the log")
		}
		time.Sleep(5 * time.Millisecond) // polling, with the deadline above
	}
	p.stop(syscall.SIGKILL)
	hook.down.Store(false)
	p.start()
	hook.want(t, "call.started", "call.answered Ana", "call.ended Ana agent_ended")
}

func TestWebhookConfiguration(t *testing.T) {
	for name, test := range map[string]struct {
		s    serveCommand
		want string // "": it is right
	}{
		"none":                              {serveCommand{}, ""},
		"two":                               {serveCommand{WebhookURLs: []string{"https://a.example/x", " https://a.example/y", ""}}, ""},
		"http":                              {serveCommand{WebhookURLs: []string{"https://a.example", "http://b.example"}}, "WEBHOOK_URLS: entry 2 must be https"},
		"http, trusted":                     {serveCommand{WebhookURLs: []string{"http://b.example"}, WebhookInsecure: "on"}, ""},
		"no URL":                            {serveCommand{WebhookURLs: []string{"b.example"}}, "WEBHOOK_URLS: entry 1 must read"},
		"twice":                             {serveCommand{WebhookURLs: []string{"https://a.example/x", "https://a.example/x"}}, "https://a.example/x twice"},
		"a word":                            {serveCommand{WebhookURLs: []string{"https://a.example"}, WebhookSecret: []string{"secret"}}, "WEBHOOK_SECRET: entry 1 must read"},
		"no URL, so no secret is looked at": {serveCommand{WebhookSecret: []string{"secret"}}, ""},
	} {
		test.s.DatabaseURL = filepath.Join(t.TempDir(), "desk.db")
		_, err := test.s.webhooks(slog.New(slog.DiscardHandler))
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// The secret is made once, kept beside the database for its owner alone, and is
// not lost when other credentials are added.
func TestWebhookSecretIsKept(t *testing.T) {
	s := serveCommand{DatabaseURL: filepath.Join(t.TempDir(), "desk.db"), WebhookURLs: []string{"https://a.example"}}
	path := credentialsPath(s.DatabaseURL)
	if _, err := (&serveCommand{DatabaseURL: s.DatabaseURL}).webhooks(slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a secret was made for nobody")
	}
	first, err := s.webhooks(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	again, err := s.webhooks(slog.New(slog.DiscardHandler))
	if err != nil || len(first.Secrets) != 1 || !slices.Equal(first.Secrets[0], again.Secrets[0]) {
		t.Errorf("%v and %v, %v", first.Secrets, again.Secrets, err)
	}
}
