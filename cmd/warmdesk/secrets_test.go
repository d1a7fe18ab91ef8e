package main

import (
	"net/http"
	"strings"
	"syscall"
	"testing"

	"warmdesk/twilio"
)

// Whatever goes wrong, no secret is in what the program writes or answers.
func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	const apiSecret, password, metrics, hookKey, hookPassword = "secret-of-the-api-key", "the-word-of-ana", "token-for-the-figures", "T0PS3CR3TK3Y", "word-of-the-hook"
	secrets := map[string]string{
		"the auth token": testToken, "the API key's secret": apiSecret, "a password": password, "the metrics' token": metrics,
		"a webhook's key": hookKey, "a webhook's password": hookPassword, "a signing secret": "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
	}
	double, p := twilioWorld(t, append(ofThePage, "TWILIO_API_KEY_SECRET="+apiSecret, "AGENTS=agent1=Ana:"+password, "METRICS_TOKEN="+metrics,
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
