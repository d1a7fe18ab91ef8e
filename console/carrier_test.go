package console_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/console"
	words "warmdesk/say"
)

// found is a test of the connection that finds one thing wrong and one right.
func found(context.Context, string) []console.Finding {
	return []console.Finding{
		{State: console.FindingWrong, Check: "number", Found: words.Name("+15550177") + " is not a number of this account", Todo: "run warmdesk setup"},
		{State: console.FindingOK, Check: "credentials", Found: words.Name("Twilio") + " accepts them"},
	}
}

func TestCarrier(t *testing.T) {
	w, ask := admin(t)
	status, said := ask("GET", "/api/carrier", "")
	if want := `{"account":"` + account + `","builtIn":false,"name":"Twilio","number":"+15005550006","publicUrl":"` + w.url + `","tokenSet":true,"trouble":false}`; status != http.StatusOK || strings.TrimSpace(said) != want {
		t.Errorf("%d %s, want %s", status, said, want)
	}
	status, said = ask("POST", "/api/carrier/test", "")
	if want := `{"findings":[{"state":"wrong","check":"number","found":"+15550177 is not a number of this account","todo":"run warmdesk setup"},{"state":"ok","check":"credentials","found":"Twilio accepts them"}]}`; status != http.StatusOK || strings.TrimSpace(said) != want {
		t.Errorf("%d %s, want %s", status, said, want)
	}
	for range 2 {
		if status, said := ask("POST", "/api/carrier/test", ""); status != http.StatusOK {
			t.Errorf("%d %s", status, said)
		}
	}
	if status, said := ask("POST", "/api/carrier/test", ""); status != http.StatusTooManyRequests || !strings.Contains(said, "tested several times") {
		t.Errorf("too many: %d %s", status, said)
	}
}

// A second test is refused while one is under way; what it finds is not waited for
// longer than its time.
func TestOneCarrierTestAtATime(t *testing.T) {
	begun, end := make(chan struct{}), make(chan struct{})
	w := newWorldWith(t, map[agent.ID]string{"agent1": "one"}, func(c *console.Config) {
		c.Carrier.Test = func(ctx context.Context, _ string) []console.Finding {
			if until, ok := ctx.Deadline(); !ok || time.Until(until) > 20*time.Second {
				t.Errorf("it has until %v", until)
			}
			close(begun)
			<-end
			return nil
		}
	})
	ask := signedIn(t, w)
	done := make(chan int)
	go func() {
		status, _ := ask("POST", "/api/carrier/test", "")
		done <- status
	}()
	<-begun
	if status, said := ask("POST", "/api/carrier/test", ""); status != http.StatusTooManyRequests || !strings.Contains(said, "being tested already") {
		t.Errorf("%d %s", status, said)
	}
	close(end)
	if status := <-done; status != http.StatusOK {
		t.Errorf("the first: %d", status)
	}
}

func TestFindingInGerman(t *testing.T) {
	f := found(t.Context(), "")[0].In(words.German)
	if want := (console.Finding{State: "wrong", Check: "Nummer", Found: "+15550177 ist keine Nummer dieses Kontos", Todo: "führen Sie warmdesk setup aus"}); f != want {
		t.Errorf("%+v", f)
	}
}
