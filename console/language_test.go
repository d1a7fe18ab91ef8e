package console

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/say"
)

func TestErrorsInTheReadersLanguage(t *testing.T) {
	for language, want := range map[string]string{
		"":               "Too many pages. Nothing has changed. Try again in 5 seconds.",
		"de-AT,en;q=0.5": "Too many pages. Nichts hat sich geändert. Versuchen Sie es in 5 Sekunden noch einmal.",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", language)
		err := tooMany(5*time.Second, "Too many pages.")
		if got := err.in(languageOf(r)).Message; got != want {
			t.Errorf("%q: %s", language, got)
		}
		if got := err.Error(); got != "Too many pages. Nothing has changed. Try again in 5 seconds." {
			t.Errorf("in the log: %s", got)
		}
	}
}

// What is typed and what people are called stays as it is, however it reads.
func TestWhatPeopleWroteIsNotTranslated(t *testing.T) {
	c := call.Call{
		Stage: call.Held, Owner: "ana", Name: "Talking", Number: "+4930123456",
		Notice: &call.Notice{Kind: call.Passed, Agent: "ben", Why: "On hold"},
	}
	tell := teller{say.German, func(id agent.ID) string { return say.Name("Hold " + string(id)) }}
	if got := tell.of(call.NoticeText(tell.call(c), tell.names)); got != "Hold ben kann gerade nicht: On hold. Talking wird noch gehalten." {
		t.Error(got)
	}
	if c.Name != "Talking" || c.Notice.Why != "On hold" {
		t.Errorf("the call itself has become %+v", c)
	}
	away := agent.Entry{Agent: agent.Agent{ID: "ben"}}
	if got := tell.of(presenceWord(away, tell)); got != "Offline" {
		t.Error(got)
	}
}

func TestCustomersAreToldInTheirLanguage(t *testing.T) {
	c := call.Call{Stage: call.Talking, Owner: "+4930123456", Moved: true, Number: "client:x"}
	view := callerViewOf(desk.View{}, &c, &followed{}, say.German)
	if view.Sentence != "Sie sprechen jetzt mit jemand am Telefon." {
		t.Error(view.Sentence)
	}
}
