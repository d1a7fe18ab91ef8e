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
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// crm is a receiver of webhooks: it hands over what came, signed as agreed.
func crm(t *testing.T, secret string) (url string, came chan string) {
	t.Helper()
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	came = make(chan string, 100)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
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
		came <- strings.TrimSpace(strings.Join(append(words, e.Data.Kind, e.Data.Outcome, e.Data.How), " "))
	}))
	t.Cleanup(server.Close)
	return server.URL, came
}

// The whole program tells a receiver of a whole transfer, in order.
func TestTwilioWebhooks(t *testing.T) {
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	hook, came := crm(t, secret)
	double, p := twilioWorld(t, "WEBHOOK_URLS="+hook+"/crm?token=hidden", "WEBHOOK_SECRET="+secret)
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
	var got []string
	want := []string{
		"call.started", "call.answered Ana", "call.transferred Ana Ben invite handed_over", "call.ended Ana Ben   agent_ended",
	}
	for range want {
		select {
		case s := <-came:
			got = append(got, s)
		case <-time.After(10 * time.Second):
			t.Fatalf("came only %q", got)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("came %q, want %q", got, want)
	}
	if strings.Contains(p.log.String(), "hidden") || strings.Contains(p.log.String(), secret[6:]) {
		t.Error("the log tells a secret")
	}
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
