package main

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"warmdesk/twilio"
)

// Whatever goes wrong, no secret is in what the program writes or answers.
func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	const apiSecret, password, metrics, hookKey, hookPassword = "secret-of-the-api-key", "the-word-of-ana", "token-for-the-figures", "T0PS3CR3TK3Y", "word-of-the-hook"
	const embedKey, signed = "the-key-that-sites-sign-visitors-by", "eyJhbGciOiJIUzI1NiJ9.eyJuYW1lIjoiRXZlIn0.c2lnbmVkLWJ5LWFub3RoZXI"
	secrets := map[string]string{
		"the auth token": testToken, "the API key's secret": apiSecret, "a password": password, "the metrics' token": metrics,
		"the key of sites": embedKey, "what a site signed": signed, "a webhook's key": hookKey, "a webhook's password": hookPassword, "a signing secret": "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
	}
	double, p := twilioWorld(t, append(ofThePage, "TWILIO_API_KEY_SECRET="+apiSecret, "AGENTS=agent1=Ana:"+password, "METRICS_TOKEN="+metrics, "EMBED_KEY="+embedKey,
		"WEBHOOK_URLS=http://hook:"+hookPassword+"@127.0.0.1:9/events?key="+hookKey, "WEBHOOK_INSECURE=on", "WEBHOOK_SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")...)
	cookie := p.signIn("agent1", password)
	_, session, _ := strings.Cut(cookie, "=")
	secrets["a session"] = session
	_, _, page := p.ticket("203.0.113.7", "")
	secrets["the key of a call"] = page.Return
	var answers strings.Builder
	ask := func(method, path, body string, headers ...string) {
		t.Helper()
		_, h, answer := p.send(method, path, body, append(headers, "Cookie", cookie)...)
		answers.WriteString(answer)
		for name, values := range h {
			answers.WriteString(name + strings.Join(values, " "))
		}
	}
	// A carrier that refuses everything, then one that does not answer at all.
	double.FailREST(http.StatusUnauthorized)
	dana := double.Call("+15550001")
	dana.WaitFor(t, "music")
	p.until("agent1", cookie, "told of the customer", func(s snapshot) bool { return len(s.Calls) == 1 || s.Waiting == 1 })
	form := "CallSid=CA00000000000000000000000000000009&ReturnKey=" + page.Return + "&AccountSid=" + testAccount
	ask(http.MethodPost, "/conference/connect/client", form, "Content-Type", "application/x-www-form-urlencoded")
	ask(http.MethodPost, "/conference/connect/client?token="+testToken, form, "Content-Type", "application/x-www-form-urlencoded", twilio.SignatureHeader, "Zm9yZ2Vk")
	ask(http.MethodPost, "/api/session", "agent=agent1&password="+password+"x", "Content-Type", "application/x-www-form-urlencoded")
	ask(http.MethodPost, "/api/caller/token", `{"return":"`+page.Return+`"`)
	ask(http.MethodPost, "/api/caller/token", `{"ctx":"`+signed+`"}`)
	ask(http.MethodPost, "/api/caller/end", `{"token":"`+testToken+`"}`)
	ask(http.MethodGet, "/api/webhooks/deliveries", "", "Warmdesk-Agent", "agent1")
	ask(http.MethodGet, "/metrics", "", "Authorization", "Bearer "+metrics)
	ask(http.MethodGet, "/api/config", "")
	ask(http.MethodGet, "/api/calls.json", "", "Warmdesk-Agent", "agent1")
	double.FailREST(0)
	if err := p.stop(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if !strings.Contains(p.log.String(), "webhook refused") {
		t.Fatal("the log is not what it should be")
	}
	for name, secret := range secrets {
		if strings.Contains(p.log.String(), secret) {
			t.Errorf("%s is in the log:\n%s", name, p.log)
		}
		if strings.Contains(answers.String(), secret) {
			t.Errorf("%s is in an answer:\n%s", name, &answers)
		}
	}
}

// A secret is not taken from the command line, where everybody can read it. Every
// setting that has one is marked so.
func TestSecretsAreNoArguments(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	run := func(args ...string) (string, error) {
		cmd := exec.Command(os.Args[0], args...)
		cmd.Dir, cmd.Env = folder, []string{runAsProgram + "=1"}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	for flag, name := range map[string]string{
		"twilio-auth-token": "TWILIO_AUTH_TOKEN", "twilio-api-key-secret": "TWILIO_API_KEY_SECRET", "agents": "AGENTS",
		"webhook-secret": "WEBHOOK_SECRET", "webhook-urls": "WEBHOOK_URLS", "metrics-token": "METRICS_TOKEN", "embed-key": "EMBED_KEY",
	} {
		for _, args := range [][]string{{"--" + flag, "tell-nobody"}, {"serve", "--" + flag + "=tell-nobody"}} {
			out, err := run(args...)
			if failed, ok := errors.AsType[*exec.ExitError](err); !ok || failed.ExitCode() != 2 || !strings.Contains(out, "set "+name+" in the environment") ||
				strings.Contains(out, "tell-nobody") || strings.Contains(out, "Open http") {
				t.Errorf("%q: %v, %s", args, err, out)
			}
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("something was started: %v, %v", left, err)
	}
}
