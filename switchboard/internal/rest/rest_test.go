package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/switchboard/internal/conference"
	"warmdesk/switchboard/internal/exchange"
	"warmdesk/switchboard/internal/recording"
	"warmdesk/switchboard/internal/webhook"
	"warmdesk/twiml"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account = "AC00000000000000000000000000000001"
	token   = "auth-token"
	keySID  = "SK00000000000000000000000000000001"
	base    = Prefix + "Accounts/" + account
)

// outside is everything around the exchange: browsers that ring until a test
// answers them, a line nobody listens to, an application without documents.
type outside struct {
	rung chan *leg
}

type leg struct {
	sid    string
	custom url.Values
}

func (l *leg) SID() string                  { return l.sid }
func (l *leg) Port() conference.Port        { return nil }
func (l *leg) Ringing(sid string)           { l.sid = sid }
func (l *leg) Answer()                      {}
func (l *leg) Hangup(int, string)           {}
func (l *leg) Play(audio.Clip, int, func()) {}
func (l *leg) Stop()                        {}
func (l *leg) Speak(audio.Clip)             {}
func (l *leg) Record(conference.Tape)       {}
func (l *leg) Tap(conference.Tape)          {}
func (l *leg) Untap(conference.Tape)        {}
func (l *leg) Join(string)                  {}
func (l *leg) Leave()                       {}
func (l *leg) Mute(bool)                    {}
func (l *leg) Hold(bool)                    {}
func (l *leg) Coach(conference.Port)        {}
func (l *leg) Close()                       {}

func (o *outside) Open(conference.Port) exchange.Line { return &leg{} }

func (o *outside) Dial(sid, identity string, _ map[string]string, custom url.Values) (exchange.Leg, error) {
	if identity == "nobody" {
		return nil, exchange.ErrNotRegistered
	}
	l := &leg{sid: sid, custom: custom}
	o.rung <- l
	return l, nil
}

func (o *outside) Say(context.Context, string, string) (audio.Clip, error) { return audio.Clip{}, nil }

func (o *outside) Document(context.Context, webhook.Request) (twiml.Document, error) {
	return twiml.Document{twiml.Dial{Conference: &twiml.Conference{Name: "room", Label: "label", WaitURL: twiml.String("")}}}, nil
}

func (o *outside) Clip(context.Context, string) (audio.Clip, error) { return audio.Clip{}, nil }
func (o *outside) Notify(string, webhook.Request)                   {}

// api is a running API.
type api struct {
	*testing.T
	*outside
	x     *exchange.Exchange
	h     *Handler
	store *recording.Store
}

// reels lends the exchange what the store records with.
type reels struct{ *recording.Store }

func (r reels) Start(o recording.Options) exchange.Tape { return r.Store.Start(o) }

func newAPI(t *testing.T) *api {
	t.Helper()
	o := &outside{rung: make(chan *leg, 16)}
	numbers := []exchange.Number{{PhoneNumber: "+15550001"}}
	applications := []exchange.Application{{SID: "AP1", VoiceURL: "https://a.test/app"}}
	store, err := recording.Open(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	x := exchange.New(exchange.Config{
		Recordings: reels{store},
		AccountSID: account, Numbers: numbers, Audio: o, Browsers: o, Speech: o, Web: o, Logger: slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = x.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	h := New(Config{
		PublicURL: "https://board.test", Recordings: store,
		AccountSID: account, AuthToken: token, Keys: NewKeyring(map[string]string{keySID: "key-secret"}),
		Exchange: x, Numbers: numbers, Applications: applications, Logger: slog.New(slog.DiscardHandler),
	})
	return &api{t, o, x, h, store}
}

// do makes a request as the account; form parameters are "Name=value" pairs.
func (a *api) do(method, path string, form ...string) (int, map[string]any) {
	a.Helper()
	body := strings.NewReader("")
	if method == http.MethodPost {
		body = strings.NewReader(encode(form))
	} else if len(form) > 0 {
		path += "?" + encode(form)
	}
	r := httptest.NewRequest(method, path, body)
	r.SetBasicAuth(account, token)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return a.serve(r)
}

func encode(form []string) string {
	v := url.Values{}
	for _, pair := range form {
		name, value, _ := strings.Cut(pair, "=")
		v.Add(name, value)
	}
	return v.Encode()
}

func (a *api) serve(r *http.Request) (int, map[string]any) {
	a.Helper()
	w := httptest.NewRecorder()
	a.h.ServeHTTP(w, r)
	var body map[string]any
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
			a.Fatalf("%s %s: %v in %s", r.Method, r.URL, err, w.Body)
		}
	}
	return w.Code, body
}

// must is do with an expected status.
func (a *api) must(status int, method, path string, form ...string) map[string]any {
	a.Helper()
	got, body := a.do(method, path, form...)
	if got != status {
		a.Fatalf("%s %s %v: status %d, want %d: %v", method, path, form, got, status, body)
	}
	return body
}

// create makes a call and waits until its browser rings.
func (a *api) create(form ...string) (map[string]any, *leg) {
	a.Helper()
	body := a.must(201, "POST", base+"/Calls.json",
		append([]string{"To=client:ana?x=1&y=a%20b", "From=+15550001", "Url=https://a.test/x"}, form...)...)
	return body, <-a.rung
}

// join makes a call and lets it enter the conference.
func (a *api) join() (call, conf string) {
	a.Helper()
	made, l := a.create()
	a.x.Answered(l)
	call = made["sid"].(string)
	for { // the document is on its way
		list := a.must(200, "GET", base+"/Conferences.json", "Status=init")
		if all := list["conferences"].([]any); len(all) > 0 {
			return call, all[0].(map[string]any)["sid"].(string)
		}
		if a.Context().Err() != nil {
			a.Fatal("the call does not enter the conference")
		}
	}
}

func TestAuthentication(t *testing.T) {
	a := newAPI(t)
	for name, c := range map[string]struct {
		user, password, path string
		status               int
	}{
		"the account":       {account, token, base + "/Calls.json", 200},
		"an API key":        {keySID, "key-secret", base + "/Calls.json", 200},
		"a wrong token":     {account, "x", base + "/Calls.json", 401},
		"a wrong secret":    {keySID, token, base + "/Calls.json", 401},
		"an unknown key":    {"SK1", "key-secret", base + "/Calls.json", 401},
		"another account":   {account, token, Prefix + "Accounts/AC2/Calls.json", 401},
		"another version":   {account, token, "/2008-08-01/Accounts/" + account + "/Calls.json", 404},
		"nobody":            {"", "", base + "/Calls.json", 401},
		"unknown resource":  {account, token, base + "/Messages.json", 404},
		"the account alone": {account, token, Prefix + "Accounts/" + account, 404},
	} {
		r := httptest.NewRequest("GET", c.path, nil)
		if c.user != "" {
			r.SetBasicAuth(c.user, c.password)
		}
		status, body := a.serve(r)
		if status != c.status {
			t.Errorf("%s: %d %v, want %d", name, status, body, c.status)
		}
		if want := map[int]any{401: 20003.0, 404: 20404.0}[c.status]; body["code"] != want {
			t.Errorf("%s: code %v, want %v", name, body["code"], want)
		}
	}
}

func TestMethodsAndForms(t *testing.T) {
	a := newAPI(t)
	if body := a.must(405, "DELETE", base+"/Calls.json"); body["code"] != 20004.0 {
		t.Errorf("%v", body)
	}
	a.must(413, "POST", base+"/Calls.json", "Twiml="+strings.Repeat("x", maxBody))
	r := httptest.NewRequest("POST", base+"/Calls.json", strings.NewReader("To=%zz"))
	r.SetBasicAuth(account, token)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if status, body := a.serve(r); status != 400 || body["code"] != 20001.0 {
		t.Errorf("a malformed form: %d %v", status, body)
	}
}

func TestCreateCallChecks(t *testing.T) {
	a := newAPI(t)
	for _, c := range []struct {
		form string
		code float64
	}{
		{"To=", 21201},
		{"To=555", 21211},
		{"To=client:", 21211},
		{"To=+15551234567", 21214},
		{"To=sip:a@b.test", 21214},
		{"From=", 21212},
		{"From=Ana", 21212},
		{"From=+15559999", 21210},
		{"Url=", 21205},
		{"Url=/relative", 21205},
		{"Url=https://under_score.test/", 21205},
		{"Method=PUT", 21209},
		{"Timeout=0", 21208},
		{"Timeout=601", 21208},
		{"Timeout=soon", 21208},
		{"StatusCallback=nowhere", 21205},
		{"StatusCallbackEvent=exploded", 20001},
		{"ApplicationSid=AP9", 21218},
	} {
		form := []string{"To=client:ana", "From=+15550001", "Url=https://a.test/x"}
		name, _, _ := strings.Cut(c.form, "=")
		replaced := false
		for i := range form {
			if strings.HasPrefix(form[i], name+"=") {
				form[i], replaced = c.form, true
			}
		}
		if !replaced {
			form = append(form, c.form)
		}
		status, body := a.do("POST", base+"/Calls.json", form...)
		if status != 400 || body["code"] != c.code || body["status"] != 400.0 || body["message"] == "" ||
			body["more_info"] != fmt.Sprintf("https://www.twilio.com/docs/errors/%d", int(c.code)) {
			t.Errorf("%s: %d %v, want %v", c.form, status, body, c.code)
		}
	}
	if all := a.must(200, "GET", base+"/Calls.json")["calls"].([]any); len(all) != 0 {
		t.Errorf("refused requests made %d calls", len(all))
	}
}

func TestCallsFromCreationToEnd(t *testing.T) {
	a := newAPI(t)
	made, l := a.create("StatusCallback=https://a.test/s", "StatusCallbackEvent=ringing completed", "StatusCallbackEvent=answered", "Timeout=20")
	if made["status"] != "queued" || made["to"] != "client:ana" || made["direction"] != "outbound-api" || made["start_time"] != nil {
		t.Errorf("created %v", made)
	}
	if l.custom.Get("x") != "1" || l.custom.Get("y") != "a b" {
		t.Errorf("custom parameters %v", l.custom)
	}
	sid := made["sid"].(string)
	path := base + "/Calls/" + sid + ".json"
	if body := a.must(400, "POST", path, "Url=https://a.test/y"); body["code"] != 21220.0 {
		t.Errorf("redirecting a ringing call: %v", body)
	}
	a.must(400, "POST", path, "Status=ringing")
	a.x.Answered(l)
	if body := a.must(200, "GET", path); body["status"] != "in-progress" || body["start_time"] == nil {
		t.Errorf("answered: %v", body)
	}
	a.must(200, "POST", path, "Twiml=<Response><Pause length=\"60\"/></Response>")
	if body := a.must(200, "POST", path, "Status=completed"); body["status"] != "completed" || body["duration"] != "0" || body["end_time"] == nil {
		t.Errorf("completed: %v", body)
	}
	if body := a.must(400, "POST", path, "Status=completed"); body["code"] != 21220.0 {
		t.Errorf("completed again: %v", body)
	}
	if body := a.must(404, "GET", base+"/Calls/CA0.json"); body["code"] != 20404.0 {
		t.Errorf("unknown call: %v", body)
	}
}

func TestListCalls(t *testing.T) {
	a := newAPI(t)
	var sids []string
	for i := range 5 {
		made, _ := a.create(fmt.Sprintf("Timeout=%d", i+1))
		sids = append(sids, made["sid"].(string))
	}
	a.must(201, "POST", base+"/Calls.json", "To=client:nobody", "From=client:x", "Twiml=<Response/>")
	count := func(form ...string) int {
		t.Helper()
		return len(a.must(200, "GET", base+"/Calls.json", form...)["calls"].([]any))
	}
	for form, want := range map[string]int{
		"": 6, "To=client:ana": 5, "From=client:x": 1, "ParentCallSid=CA1": 0, "StartTime>=2020-01-01": 0, "StartTime=2020-01-01": 0,
	} {
		if got := count(form); got != want {
			t.Errorf("%q finds %d calls, want %d", form, got, want)
		}
	}
	a.must(400, "GET", base+"/Calls.json", "Status=gone")
	a.must(400, "GET", base+"/Calls.json", "StartTime<=yesterday")
	a.must(400, "GET", base+"/Calls.json", "PageSize=-1")

	page := a.must(200, "GET", base+"/Calls.json", "To=client:ana", "PageSize=2")
	a.create() // a newer one shifts nothing
	var seen []string
	for {
		for _, c := range page["calls"].([]any) {
			seen = append(seen, c.(map[string]any)["sid"].(string))
		}
		next, ok := page["next_page_uri"].(string)
		if !ok {
			break
		}
		page = a.must(200, "GET", next)
	}
	want := []string{sids[4], sids[3], sids[2], sids[1], sids[0]}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("paged through %v, want %v", seen, want)
	}
	if page["page"] != 2.0 || page["start"] != 4.0 || page["end"] != 4.0 || page["previous_page_uri"] == nil {
		t.Errorf("last page: %v", page)
	}
}

func TestConferencesAndParticipants(t *testing.T) {
	a := newAPI(t)
	call, conf := a.join()
	path := base + "/Conferences/" + conf
	if body := a.must(200, "GET", path+".json"); body["friendly_name"] != "room" || body["status"] != "init" {
		t.Errorf("conference %v", body)
	}
	for form, want := range map[string]int{"": 1, "Hold=false": 1, "Muted=true": 0, "Coaching=true": 0} {
		if all := a.must(200, "GET", path+"/Participants.json", form)["participants"].([]any); len(all) != want {
			t.Errorf("%q finds %d participants, want %d", form, len(all), want)
		}
	}
	for _, form := range []string{"Coaching=true", "Coaching=maybe", "CallSidToCoach=" + call, "Coaching=true&CallSidToCoach=" + call, "Coaching=false&CallSidToCoach=" + call} {
		if body := a.must(400, "POST", path+"/Participants/"+call+".json", strings.Split(form, "&")...); body["code"] != 20001.0 {
			t.Errorf("%s: %v", form, body)
		}
	}
	p := a.must(200, "POST", path+"/Participants/"+call+".json", "Hold=true", "HoldUrl=https://a.test/h", "HoldMethod=POST", "Muted=true")
	if p["hold"] != true || p["muted"] != true || p["label"] != "label" || p["status"] != "connected" {
		t.Errorf("participant %v", p)
	}
	for _, form := range []string{"Hold=maybe", "HoldUrl=x", "HoldMethod=PUT"} {
		a.must(400, "POST", path+"/Participants/"+call+".json", form)
	}
	if p := a.must(200, "GET", path+"/Participants/label.json"); p["call_sid"] != call {
		t.Errorf("by label: %v", p)
	}
	a.must(404, "GET", path+"/Participants/CA0.json")
	a.must(404, "GET", base+"/Conferences/CF0/Participants.json")

	added := a.must(201, "POST", path+"/Participants.json", "To=client:ben", "From=client:desk", "Label=ben", "Muted=true", "EndConferenceOnExit=true")
	if added["status"] != "queued" || added["end_conference_on_exit"] != true || added["start_conference_on_enter"] != true {
		t.Errorf("added %v", added)
	}
	a.must(204, "DELETE", path+"/Participants/"+call+".json")
	a.must(404, "DELETE", path+"/Participants/"+call+".json")
	if body := a.must(200, "POST", path+".json", "Status=completed"); body["status"] != "completed" || body["reason_conference_ended"] == nil {
		t.Errorf("ended: %v", body)
	}
	a.must(400, "POST", path+".json", "Status=init")
	a.must(404, "GET", path+"/Participants/ben.json")
	if all := a.must(200, "GET", path+"/Participants.json")["participants"].([]any); len(all) != 0 {
		t.Errorf("%d participants of a conference that is over", len(all))
	}
}

func TestKeys(t *testing.T) {
	a := newAPI(t)
	made := a.must(201, "POST", base+"/Keys.json", "FriendlyName=desk")
	sid, secret := made["sid"].(string), made["secret"].(string)
	if got, ok := a.h.cfg.Keys.Secret(sid); !ok || got != secret || len(secret) < 32 {
		t.Errorf("secret %q, %v", got, ok)
	}
	r := httptest.NewRequest("GET", base+"/Keys.json", nil)
	r.SetBasicAuth(sid, secret)
	status, list := a.serve(r)
	keys, _ := list["keys"].([]any)
	if status != 200 || len(keys) != 2 {
		t.Errorf("%d %v", status, list)
	}
	for _, k := range keys {
		if _, told := k.(map[string]any)["secret"]; told {
			t.Error("a secret is told twice")
		}
	}
	a.must(400, "POST", base+"/Keys.json", "FriendlyName="+strings.Repeat("x", 65))
}

func TestErrorsAreTranslated(t *testing.T) {
	a := newAPI(t)
	for _, c := range []struct {
		err    error
		status int
		code   float64
	}{
		{exchange.ErrNotFound, 404, 20404},
		{fmt.Errorf("x: %w", exchange.ErrNotInProgress), 400, 21220},
		{exchange.ErrStopped, 503, 20503},
		{errors.New("secret detail"), 500, 20500},
	} {
		w := httptest.NewRecorder()
		a.h.refuse(w, httptest.NewRequest("GET", base, nil), c.err)
		var body map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
			t.Fatal(err)
		}
		if w.Code != c.status || body["code"] != c.code || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%v: %d %s", c.err, w.Code, w.Body)
		}
	}
}

// FuzzCreateCall: no form makes the API fail in any way but a refusal.
func FuzzCreateCall(f *testing.F) {
	f.Add("client:ana?x=%zz", "client:b", "https://a.test/", "5")
	f.Add("client:%zz", "+1", "://", "-")
	f.Fuzz(func(t *testing.T, to, from, target, timeout string) {
		h := New(Config{AccountSID: account, AuthToken: token, Keys: NewKeyring(nil)})
		form := url.Values{"To": {to}, "From": {from}, "Url": {target}, "Timeout": {timeout}}
		n, err := h.newCall(form)
		if err == nil {
			err = h.readStart(form, &n)
		}
		if err == nil && (n.Identity == "" || n.Start.URL == "") {
			t.Errorf("%v makes %+v", form, n)
		}
	})
}
