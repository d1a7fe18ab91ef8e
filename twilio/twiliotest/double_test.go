package twiliotest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"warmdesk/twilio"
	"warmdesk/twilio/twiliotest"
	"warmdesk/twiml"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account = "AC00000000000000000000000000000001"
	token   = "secret"
	number  = "+15550100"
)

// app is a small application behind the double.
type app struct {
	*twiliotest.Double
	client *twilio.Client
	url    string // of the application

	mu    sync.Mutex
	docs  map[string]string // by path; "" of all others is an empty document
	posts []url.Values      // what was reported, with "path"
}

func newApp(t *testing.T, change func(*twiliotest.Config)) *app {
	t.Helper()
	a := &app{docs: map[string]string{
		"/voice":  `<Dial action="/out"><Conference startConferenceOnEnter="false" waitUrl="/wait" statusCallback="/events" statusCallbackEvent="start end join leave mute hold">room</Conference></Dial>`,
		"/agent":  `<Dial action="/out"><Conference waitUrl="/wait">room</Conference></Dial>`,
		"/wait":   `<Say>One moment.</Say><Play loop="0">/music.wav</Play>`,
		"/hold":   `<Play loop="0">/music.wav</Play>`,
		"/out":    `<Say>You are out.</Say><Pause length="60"/><Redirect>/voice</Redirect>`,
		"/second": `<Say loop="0">Second document</Say>`,
	}}
	site := httptest.NewServer(a)
	t.Cleanup(site.Close)
	a.url = site.URL
	cfg := twiliotest.Config{AccountSID: account, AuthToken: token, Number: number, VoiceURL: a.url + "/voice", StatusCallback: a.url + "/status"}
	if change != nil {
		change(&cfg)
	}
	a.Double = twiliotest.New(cfg)
	t.Cleanup(a.Close)
	api := httptest.NewServer(a.Double)
	t.Cleanup(api.Close)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	var err error
	if a.client, err = twilio.NewClient(twilio.Config{AccountSID: account, Password: token, BaseURL: api.URL, HTTP: &http.Client{Transport: transport}}); err != nil {
		t.Fatal(err)
	}
	return a
}

// set changes the document at a path.
func (a *app) set(path, doc string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.docs[path] = doc
}

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if !twilio.Verify(token, r.Header.Get(twilio.SignatureHeader), a.url+r.URL.RequestURI(), r.PostForm) {
		http.Error(w, "signature", http.StatusForbidden)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	r.PostForm.Set("path", r.URL.Path)
	a.posts = append(a.posts, r.PostForm)
	doc := a.docs[r.URL.Path]
	if doc == "503" {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", twiml.ContentType)
	fmt.Fprint(w, "<Response>"+doc+"</Response>")
}

// reports waits until a report with these parameters has come and returns all
// that did, shortened to their values.
func (a *app) reports(t *testing.T, path, last string, names ...string) []string {
	t.Helper()
	var got []string
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		got = nil
		a.mu.Lock()
		for _, form := range a.posts {
			if form.Get("path") == path {
				var values []string
				for _, name := range names {
					values = append(values, form.Get(name))
				}
				got = append(got, strings.Join(values, " "))
			}
		}
		a.mu.Unlock()
		if slices.Contains(got, last) {
			return got
		}
	}
	t.Fatalf("%q was never reported to %s: %q", last, path, got)
	return nil
}

func (a *app) dial(t *testing.T, identity string, change func(*twilio.NewCall)) (twilio.Call, error) {
	t.Helper()
	n := twilio.NewCall{
		To: "client:" + identity + "?leg=7", From: number, URL: a.url + "/agent", StatusCallback: a.url + "/leg#rc=2&rp=5xx,ct,rt",
		StatusCallbackEvents: []string{"initiated", "ringing", "answered", "completed"},
	}
	if change != nil {
		change(&n)
	}
	return a.client.CreateCall(t.Context(), n)
}

func (a *app) noFaults(t *testing.T) {
	t.Helper()
	if faults := a.Faults(); len(faults) != 0 {
		t.Errorf("faults: %q", faults)
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// A coach is heard by one participant only, and is named by nobody else's words.
func TestCoach(t *testing.T) {
	a := newApp(t, nil)
	dana := a.Call("+15550001")
	dana.WaitFor(t, "music")
	legs := map[string]*twiliotest.Leg{}
	for _, name := range []string{"ana", "mia"} {
		who := a.Agent(name)
		must[twilio.Call](t)(a.dial(t, name, nil))
		legs[name] = who.Ringing(t)
		legs[name].Answer()
	}
	ana, mia := legs["ana"], legs["mia"]
	dana.WaitFor(t, "people: ana, mia")
	room := must[[]twilio.Conference](t)(a.client.ListConferences(t.Context(), twilio.ConferenceFilter{FriendlyName: "room"}))[0]
	yes, no := true, false
	for _, u := range []twilio.ParticipantUpdate{{Coaching: &yes}, {CallSIDToCoach: ana.SID}, {Coaching: &yes, CallSIDToCoach: mia.SID}, {Coaching: &no, CallSIDToCoach: ana.SID}} {
		if _, err := a.client.UpdateParticipant(t.Context(), room.SID, mia.SID, u); !twilio.IsCode(err, 20001) {
			t.Errorf("%+v: %v", u, err)
		}
	}
	part := must[twilio.Participant](t)(a.client.UpdateParticipant(t.Context(), room.SID, mia.SID, twilio.ParticipantUpdate{Coaching: &yes, CallSIDToCoach: ana.SID}))
	if !part.Coaching || part.CallSIDToCoach != ana.SID {
		t.Errorf("%+v", part)
	}
	dana.WaitFor(t, "people: ana")
	ana.WaitFor(t, "people: +15550001, mia")
	mia.WaitFor(t, "people: +15550001, ana")
	must[twilio.Participant](t)(a.client.UpdateParticipant(t.Context(), room.SID, mia.SID, twilio.ParticipantUpdate{Coaching: &no, Muted: &yes}))
	dana.WaitFor(t, "people: ana")
	ana.WaitFor(t, "people: +15550001")
}

func TestConversation(t *testing.T) {
	a := newApp(t, nil)
	ana := a.Agent("ana")
	dana := a.Call("+15550001")
	dana.WaitFor(t, "words: One moment.")
	dana.WaitFor(t, "music")
	made := must[twilio.Call](t)(a.dial(t, "ana", nil))
	ring := ana.Ringing(t)
	if made.To != "client:ana" || made.Status != "queued" || ring.SID != made.SID || ring.Param("leg") != "7" {
		t.Errorf("%+v, leg %q", made, ring.Param("leg"))
	}
	ring.Answer()
	dana.WaitFor(t, "people: ana")
	ring.WaitFor(t, "people: +15550001")

	yes, no := true, false
	room := must[[]twilio.Conference](t)(a.client.ListConferences(t.Context(), twilio.ConferenceFilter{FriendlyName: "room"}))[0]
	must[twilio.Participant](t)(a.client.UpdateParticipant(t.Context(), room.SID, dana.SID, twilio.ParticipantUpdate{
		Hold: &yes, HoldURL: a.url + "/hold", HoldMethod: "POST", EndConferenceOnExit: &yes,
	}))
	dana.WaitFor(t, "music")
	ring.WaitFor(t, "silence")
	part := must[twilio.Participant](t)(a.client.UpdateParticipant(t.Context(), room.SID, dana.SID, twilio.ParticipantUpdate{EndConferenceOnExit: &no}))
	if !part.Hold || !part.EndConferenceOnExit { // no effect while held
		t.Errorf("%+v", part)
	}
	must[twilio.Participant](t)(a.client.UpdateParticipant(t.Context(), room.SID, dana.SID, twilio.ParticipantUpdate{Hold: &no}))
	dana.WaitFor(t, "people: ana")

	dana.HangUp()
	dana.WaitFor(t, "completed")
	ring.WaitFor(t, "words: You are out.")
	want := []string{
		"1 participant-join  ", "2 participant-join  ", "3 conference-start  ", "4 participant-hold  ", "5 participant-unhold  ",
		"6 participant-leave participant_hung_up completed", "7 participant-leave moderator_ended_conference in-progress", "8 conference-end  ",
	}
	got := a.reports(t, "/events", want[7], "SequenceNumber", "StatusCallbackEvent", "ReasonParticipantLeft", "ParticipantCallStatus")
	if !slices.Equal(got, want) {
		t.Errorf("events:\n%s", strings.Join(got, "\n"))
	}
	a.reports(t, "/out", "completed answered", "CallStatus", "DialCallStatus")
	a.reports(t, "/status", "completed", "CallStatus")
	ring.HangUp()
	if got := a.reports(t, "/leg", "3 completed", "SequenceNumber", "CallStatus"); !slices.Equal(got, []string{"0 initiated", "1 ringing", "2 in-progress", "3 completed"}) {
		t.Errorf("the agent's leg: %q", got)
	}
	if parts := must[[]twilio.Participant](t)(a.client.ListParticipants(t.Context(), room.SID)); len(parts) != 0 {
		t.Errorf("participants of a room that is over: %v", parts)
	}
	if dana.Silence() > time.Second || !slices.Contains(dana.Heard(), "music") {
		t.Errorf("silence %v, heard %q", dana.Silence(), dana.Heard())
	}
	a.noFaults(t)
}

func TestRingsThatFail(t *testing.T) {
	a := newApp(t, nil)
	ana := a.Agent("ana")
	second := func(n *twilio.NewCall) { n.Timeout = time.Second }
	for _, test := range []struct {
		identity string
		then     func(*twiliotest.Leg)
		want     string
	}{
		{"ana", (*twiliotest.Leg).Reject, "busy 486"},
		{"ana", func(*twiliotest.Leg) {}, "no-answer 487"},
		{"ana", func(l *twiliotest.Leg) {
			must[twilio.Call](t)(a.client.UpdateCall(t.Context(), l.SID, twilio.CallUpdate{Status: "completed"}))
		}, "canceled 487"},
		{"nobody", nil, "failed 404"},
	} {
		made := must[twilio.Call](t)(a.dial(t, test.identity, second))
		if test.then != nil {
			test.then(ana.Ringing(t))
		}
		a.reports(t, "/leg", made.SID+" "+test.want, "CallSid", "CallStatus", "SipResponseCode")
		_, err := a.client.UpdateCall(t.Context(), made.SID, twilio.CallUpdate{URL: a.url + "/second"})
		if !twilio.IsCode(err, twilio.CodeNotInProgress) {
			t.Errorf("redirecting a leg that is over: %v", err)
		}
	}
	if live := a.Live(); len(live) != 0 {
		t.Errorf("%d legs are left", len(live))
	}
}

func TestRedirectAndEnd(t *testing.T) {
	a := newApp(t, nil)
	ana := a.Agent("ana")
	ana.AnswerAll(true)
	dana := a.Call("+15550001")
	dana.WaitFor(t, "music")
	must[twilio.Call](t)(a.dial(t, "ana", nil))
	dana.WaitFor(t, "people: ana")
	must[twilio.Call](t)(a.client.UpdateCall(t.Context(), dana.SID, twilio.CallUpdate{URL: a.url + "/second"}))
	dana.WaitFor(t, "words: Second document")
	ana.Live(t).WaitFor(t, "silence")
	a.reports(t, "/events", dana.SID+" participant_updated_via_api", "CallSid", "ReasonParticipantLeft")
	must[twilio.Call](t)(a.client.UpdateCall(t.Context(), dana.SID, twilio.CallUpdate{URL: a.url + "/voice"}))
	dana.WaitFor(t, "people: ana")
	room := must[[]twilio.Conference](t)(a.client.ListConferences(t.Context(), twilio.ConferenceFilter{}))[0]
	if err := a.client.DeleteParticipant(t.Context(), room.SID, dana.SID); err != nil {
		t.Fatal(err)
	}
	dana.WaitFor(t, "words: You are out.")
	must[twilio.Conference](t)(a.client.EndConference(t.Context(), room.SID))
	ana.Live(t).WaitFor(t, "words: You are out.")
	a.noFaults(t)
}

// A dead network is heard by nobody, and noticed late.
func TestDeadLeg(t *testing.T) {
	a := newApp(t, nil)
	a.Agent("ana").AnswerAll(true)
	dana := a.Call("+15550001")
	dana.WaitFor(t, "music")
	must[twilio.Call](t)(a.dial(t, "ana", nil))
	dana.WaitFor(t, "people: ana")
	leg := a.Agent("ana").Live(t)
	leg.Die()
	dana.WaitFor(t, "silence")
	leg.WaitFor(t, "in-progress")
	leg.Noticed()
	leg.WaitFor(t, "completed")
}

func TestStrictness(t *testing.T) {
	a := newApp(t, func(c *twiliotest.Config) { c.Identities = []string{"ana"} })
	for name, test := range map[string]struct {
		change func(*twilio.NewCall)
		code   int
	}{
		"relative URL":     {func(n *twilio.NewCall) { n.URL = "/agent" }, 21205},
		"no URL":           {func(n *twilio.NewCall) { n.URL = "" }, 21205},
		"no To":            {func(n *twilio.NewCall) { n.To = "" }, 21201},
		"no From":          {func(n *twilio.NewCall) { n.From = "" }, 21213},
		"another's number": {func(n *twilio.NewCall) { n.From = "+15559999" }, 21210},
		"misspelt name":    {func(n *twilio.NewCall) { n.To = "client:anna" }, 21211},
		"not a client":     {func(n *twilio.NewCall) { n.To = "ana" }, 21217},
		"long ring":        {func(n *twilio.NewCall) { n.Timeout = time.Hour }, 21208},
		"method":           {func(n *twilio.NewCall) { n.Method = "PUT" }, 21209},
		"underscore":       {func(n *twilio.NewCall) { n.StatusCallback = "https://my_desk.example.test/" }, 21609},
		"unknown event":    {func(n *twilio.NewCall) { n.StatusCallbackEvents = []string{"picked-up"} }, 20001},
	} {
		if _, err := a.dial(t, "ana", test.change); !twilio.IsCode(err, test.code) {
			t.Errorf("%s: %v, want %d", name, err, test.code)
		}
	}
	stranger := must[*twilio.Client](t)(twilio.NewClient(twilio.Config{AccountSID: account, Password: "guess", BaseURL: baseOf(t, a)}))
	if _, err := stranger.ListCalls(t.Context(), twilio.CallFilter{}); !twilio.IsCode(err, twilio.CodeUnauthorized) {
		t.Errorf("a wrong password: %v", err)
	}
	if _, err := a.client.FetchCall(t.Context(), "CA404"); !twilio.IsCode(err, twilio.CodeNotFound) {
		t.Errorf("an unknown call: %v", err)
	}
	yes := true
	if _, err := a.client.UpdateParticipant(t.Context(), "CF404", "CA404", twilio.ParticipantUpdate{Hold: &yes}); !twilio.IsCode(err, twilio.CodeNotFound) {
		t.Errorf("an unknown participant: %v", err)
	}
	if len(a.Legs()) != 0 {
		t.Error("a refused request has made a leg")
	}
}

// baseOf serves the double once more, for another client.
func baseOf(t *testing.T, a *app) string {
	server := httptest.NewServer(a.Double)
	t.Cleanup(server.Close)
	return server.URL
}

func TestKeysAndPages(t *testing.T) {
	a := newApp(t, nil)
	key := must[twilio.Key](t)(a.client.CreateKey(t.Context(), "desk"))
	byKey := must[*twilio.Client](t)(twilio.NewClient(twilio.Config{AccountSID: account, User: key.SID, Password: key.Secret, BaseURL: baseOf(t, a)}))
	for range 60 {
		a.Call("+1555").WaitFor(t, "in-progress")
	}
	if calls := must[[]twilio.Call](t)(byKey.ListCalls(t.Context(), twilio.CallFilter{Limit: 55})); len(calls) != 55 || calls[0].SID != a.Legs()[59].SID {
		t.Errorf("%d calls", len(calls))
	}
	if calls := must[[]twilio.Call](t)(byKey.ListCalls(t.Context(), twilio.CallFilter{To: "client:ana"})); len(calls) != 0 {
		t.Errorf("%d calls to ana", len(calls))
	}
}

func TestKnobs(t *testing.T) {
	a := newApp(t, nil)
	a.FailREST(http.StatusTooManyRequests)
	if _, err := a.dial(t, "ana", nil); err == nil || !strings.Contains(err.Error(), "429") {
		t.Errorf("got %v", err)
	}
	a.FailREST(0)
	a.HangREST(time.Minute)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := a.client.CreateCall(ctx, twilio.NewCall{To: "client:ana", From: number, URL: a.url}); err == nil {
		t.Error("a hanging request was answered")
	}
	a.HangREST(0)
	if len(a.Legs()) != 0 {
		t.Error("something has happened")
	}
	a.LoseAnswers(func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/Calls.json") })
	if _, err := a.dial(t, "ana", nil); err == nil {
		t.Error("the answer was not lost")
	}
	a.LoseAnswers(nil)
	if len(a.Legs()) != 1 {
		t.Error("nothing has happened")
	}
	a.Callbacks(func(form url.Values) int {
		if form.Get("StatusCallbackEvent") == "participant-join" {
			return 2
		}
		return 0
	})
	a.Call("+15550001").WaitFor(t, "music")
	if got := a.reports(t, "/events", "1 participant-join", "SequenceNumber", "StatusCallbackEvent"); len(got) > 2 || strings.Contains(got[0], "start") {
		t.Errorf("%q", got)
	}
}

// What the application does wrong is seen as Twilio's debugger shows it, and as
// the caller hears it.
func TestFaults(t *testing.T) {
	a := newApp(t, nil)
	a.set("/voice", "<Dance/>")
	a.Call("+1").WaitFor(t, "completed")
	a.set("/voice", "503")
	a.Call("+2").WaitFor(t, "completed")
	a.set("/voice", `<Dial action="/out"><Conference waitUrl="/wait">other</Conference></Dial>`)
	a.set("/wait", "<Hangup/>")
	a.Call("+3").WaitFor(t, "words: You are out.") // the conference was not properly set up
	if faults := a.Faults(); len(faults) != 3 || !strings.Contains(faults[1], "HTTP 503") {
		t.Errorf("%q", faults)
	}
}
