package console_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

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

func TestFindingInGerman(t *testing.T) {
	f := found(t.Context(), "")[0].In(words.German)
	if want := (console.Finding{State: "wrong", Check: "Nummer", Found: "+15550177 ist keine Nummer dieses Kontos", Todo: "führen Sie warmdesk setup aus"}); f != want {
		t.Errorf("%+v", f)
	}
}
