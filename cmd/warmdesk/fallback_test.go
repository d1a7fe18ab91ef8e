package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"warmdesk/twilio"
	"warmdesk/twiml"
)

// With every desk down a caller is not met by an error: the document that the
// number falls back on needs nothing of ours.
func TestFallbackTakesMessagesWithoutADesk(t *testing.T) {
	t.Parallel() // it waits
	double, p := twilioWorld(t)
	document := fallbackDocument("").Encode()
	asked := make(chan url.Values, 8)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Query()
		w.Header().Set("Content-Type", "text/xml") // as a TwiML Bin says
		if r.Method != http.MethodGet {
			w.WriteHeader(http.StatusMethodNotAllowed) // as a host of static files
			return
		}
		if _, err := w.Write(document); err != nil {
			t.Error(err)
		}
	}))
	defer site.Close()
	double.Provision(func(_ *twilio.Account, numbers *[]*twilio.IncomingNumber) {
		(*numbers)[0].VoiceFallbackURL, (*numbers)[0].VoiceFallbackMethod = site.URL, http.MethodGet
	})
	p.stop(syscall.SIGKILL)

	dana := double.Call("+15550001")
	dana.WaitFor(t, "words: Please leave your name")
	if got := <-asked; got.Get("ErrorCode") != "11205" || got.Get("ErrorUrl") != p.url+"/conference/connect/client" || got.Get("From") != "+15550001" {
		t.Errorf("the fallback is asked with %v", got)
	}
	dana.Speak(t, 5*time.Second)
	if heard := dana.Heard(); !strings.Contains(strings.Join(heard, "\n"), "We are sorry") {
		t.Errorf("heard %q", heard)
	}
	dana.StaySilent(t) // the same document once more
	dana.Speak(t, time.Second)
	dana.HangUp()
	dana.WaitFor(t, "completed")
	eve := double.Call("+15550002")
	eve.StaySilent(t)
	eve.WaitFor(t, "words: We have heard nothing more")
	eve.WaitFor(t, "completed")
	client, err := twilio.NewClient(twilio.Config{AccountSID: testAccount, Password: testToken, BaseURL: p.setting("TWILIO_API_URL")})
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(5 * time.Second); ; {
		left, err := client.ListCallRecordings(t.Context(), dana.SID)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 2 && left[0].Status == twilio.RecordingCompleted && left[1].Length() == 5*time.Second {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("recorded: %+v", left)
		}
		time.Sleep(5 * time.Millisecond) // polling, with the deadline above
	}

	// The desk is back: what was said becomes tasks, and not twice.
	p.start()
	p.messages(t, "+15550001 1 s", "+15550001 5 s")
	fay := double.Call("+15550004") // whom the desk knows
	fay.WaitFor(t, "music")
	p.stop(syscall.SIGKILL)
	if _, err := client.UpdateCall(t.Context(), fay.SID, twilio.CallUpdate{URL: site.URL, Method: http.MethodGet}); err != nil {
		t.Fatal(err) // who falls out of the conference comes there, too
	}
	fay.Speak(t, 2*time.Second)
	fay.HangUp()
	cy := double.Call("+15550003")
	cy.Speak(t, 3*time.Second)
	cy.HangUp()
	cy.WaitFor(t, "completed")
	fay.WaitFor(t, "completed")
	p.start()
	p.messages(t, "+15550001 1 s", "+15550001 5 s", "+15550003 3 s", "+15550004 2 s")
}

// messages waits until the voicemails among the tasks are these.
func (p *program) messages(t *testing.T, want ...string) {
	t.Helper()
	cookie := p.session("agent1", "one")
	for end := time.Now().Add(10 * time.Second); ; {
		var got []string
		for _, task := range p.snapshot("agent1", cookie).Tasks {
			if task.Kind == "voicemail" {
				got = append(got, fmt.Sprintf("%s %d s", task.Customer.Number, task.Length))
			}
		}
		slices.Sort(got)
		if slices.Equal(got, want) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("messages: %q, want %q", got, want)
		}
		time.Sleep(5 * time.Millisecond) // polling, with the deadline above
	}
}

func TestFallbackFitsATwimlBin(t *testing.T) {
	document := fallbackDocument("https://example.com/music.mp3").Encode()
	if len(document) >= 4000 {
		t.Errorf("it has %d characters", len(document))
	}
	doc, err := twiml.Parse(document)
	if err != nil || len(doc) != 6 {
		t.Errorf("%v %v", doc, err)
	}
	for _, verb := range doc {
		if play, ok := verb.(twiml.Play); ok && play.URL != "https://example.com/music.mp3" {
			t.Errorf("it plays %s", play.URL)
		}
	}
}
