package phone_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/phone"
	"warmdesk/twilio"
	"warmdesk/twilio/twiliotest"
)

// rest is a carrier's API that answers what a test says and remembers what it
// was asked.
type rest struct {
	mu      sync.Mutex // a look asks several things at once
	t       *testing.T
	asked   []string // "METHOD path form", below the account
	forms   []url.Values
	answers map[string]string // by method and path
	status  int
}

func (r *rest) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if err := q.ParseForm(); err != nil {
		r.t.Error(err)
	}
	if err := twiliotest.Documented(q); err != nil {
		r.t.Error(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	path := q.Method + " " + strings.TrimPrefix(q.URL.Path, "/2010-04-01/Accounts/"+account)
	r.asked = append(r.asked, path)
	r.forms = append(r.forms, q.Form)
	w.Header().Set("Content-Type", "application/json")
	answer, ok := r.answers[path]
	switch {
	case r.status != 0:
		w.WriteHeader(r.status)
	case !ok:
		w.WriteHeader(http.StatusNotFound)
		answer = `{"code":20404,"message":"not found","status":404}`
	}
	fmt.Fprint(w, answer)
}

func (r *rest) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.asked)
}

func newCarrier(t *testing.T, answers map[string]string) (*phone.Carrier, *rest) {
	t.Helper()
	r := &rest{t: t, answers: answers}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	return carrierAt(t, server.URL), r
}

func carrierAt(t *testing.T, base string) *phone.Carrier {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client, err := twilio.NewClient(twilio.Config{AccountSID: account, Password: token, BaseURL: base, HTTP: &http.Client{Transport: transport}})
	if err != nil {
		t.Fatal(err)
	}
	return phone.NewCarrier(phone.Config{Client: client, Account: account, AuthToken: token, PublicURL: public, Number: "+15550100", Heard: hears(phone.Heard{Language: "de"}), Logger: discard()})
}

// conversation is a call with three legs: the customer in the room, ana in it,
// and ben about to be dialled.
func conversation(t *testing.T) call.Call {
	t.Helper()
	c := call.Create(call.Arrived{Call: "one", Account: account, SID: "CA1", Recovery: true}, start())
	for _, e := range []call.Event{
		call.RoomMoved{SID: "CA1", RoomSID: "CF1", Seq: 1, Move: call.Joined},
		call.Offered{Agent: "ana"},
		call.LegMoved{Leg: "one-2", Account: account, SID: "CA2", Status: call.Answered},
		call.RoomMoved{SID: "CA2", RoomSID: "CF1", Seq: 2, Move: call.Joined},
		call.Request{Kind: call.Invite, By: "ana", To: "ben", Free: true},
	} {
		var err error
		if c, err = call.Step(c, e, start()); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func TestActionsBecomeRequests(t *testing.T) {
	const participant = "POST /Conferences/CF1/Participants/CA1.json"
	for _, test := range []struct {
		kind  call.ActionKind
		leg   call.LegID
		asked string
		form  url.Values
	}{
		{call.Dial, "one-3", "POST /Calls.json", url.Values{
			"To": {"client:ben?call=one&key=k&kind=target&leg=one-3"}, "From": {"+15550100"},
			"Url": {public + "/conference/CA1/connect/ben?leg=one-3"}, "Method": {"POST"}, "Timeout": {"25"},
			"StatusCallback": {public + "/conference/CA1/legs/one-3#rc=2&rp=5xx,ct,rt"}, "StatusCallbackMethod": {"POST"},
			"StatusCallbackEvent": {"initiated", "ringing", "answered", "completed"},
		}},
		{call.Hang, "one-2", "POST /Calls/CA2.json", url.Values{"Status": {"completed"}}},
		{call.Hold, "one-1", participant, url.Values{"Hold": {"true"}, "HoldUrl": {public + "/conference/wait?call=one"}, "HoldMethod": {"POST"}}},
		{call.Unhold, "one-1", participant, url.Values{"Hold": {"false"}}},
		{call.Enter, "one-1", "POST /Calls/CA1.json", url.Values{"Url": {public + "/conference/CA1/out?leg=one-1#rc=2&rp=5xx,ct,rt"}, "Method": {"POST"}}},
		{call.Enter, "one-2", "POST /Calls/CA2.json", url.Values{"Url": {public + "/conference/CA1/connect/ana?leg=one-2"}, "Method": {"POST"}}},
	} {
		p, r := newCarrier(t, map[string]string{test.asked: `{"sid":"CA9"}`})
		c := conversation(t)
		c.Leg("one-3").Key = "k"
		result := p.Carry(t.Context(), c, call.Action{Kind: test.kind, Leg: test.leg, Key: "some:key", Attempt: 3})
		if result.Verdict != call.Done || result.Key != "some:key" || result.Attempt != 3 || result.Why != "" {
			t.Errorf("%s: %+v", test.kind, result)
		}
		if (result.SID == "CA9") != (test.kind == call.Dial) {
			t.Errorf("%s: SID %q", test.kind, result.SID)
		}
		if !reflect.DeepEqual(r.asked, []string{test.asked}) || !reflect.DeepEqual(r.forms[0], test.form) {
			t.Errorf("%s: asked %v %v\nwant %v", test.kind, r.asked, r.forms, test.form)
		}
	}
}

func TestActionsWithoutALeg(t *testing.T) {
	p, r := newCarrier(t, nil)
	for _, a := range []call.Action{{Kind: call.Hang, Leg: "one-3"}, {Kind: call.Hang, Leg: "one-9"}} {
		if result := p.Carry(t.Context(), conversation(t), a); result.Verdict != call.Missing || len(r.asked) != 0 {
			t.Errorf("%+v after %v", result, r.asked)
		}
	}
}

func TestVerdicts(t *testing.T) {
	for _, test := range []struct {
		status int
		body   string
		want   call.Verdict
	}{
		{404, `{"code":20404,"message":"gone","status":404}`, call.Missing},
		{404, `<html>`, call.Missing},
		{400, `{"code":21220,"message":"Call is not in-progress","status":400}`, call.Missing},
		{400, `{"code":21211,"message":"To","status":400}`, call.Refused},
		{429, `{"code":20429,"message":"slow down","status":429}`, call.TryBack},
		{401, `{"code":20003,"message":"who","status":401}`, call.TryBack},
		{403, `forbidden`, call.TryBack},
		{500, `oops`, call.Unknown},
		{503, `{"code":20503,"message":"away","status":503}`, call.Unknown},
		{302, ``, call.Unknown},
		{200, `not JSON`, call.Unknown},
		{201, `{}`, call.Unknown},
	} {
		p, r := newCarrier(t, map[string]string{"POST /Calls.json": test.body})
		r.status = test.status
		result := p.Carry(t.Context(), conversation(t), call.Action{Kind: call.Dial, Leg: "one-3", Key: "dial:one-3"})
		if result.Verdict != test.want || result.Why == "" || result.SID != "" {
			t.Errorf("%d %s: %+v", test.status, test.body, result)
		}
	}
}

func TestCarrierAway(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	dial := call.Action{Kind: call.Dial, Leg: "one-3"}
	if r := carrierAt(t, server.URL).Carry(t.Context(), conversation(t), dial); r.Verdict != call.TryBack {
		t.Errorf("refused connection: %+v", r)
	}
	if r := carrierAt(t, "http://carrier.invalid").Carry(t.Context(), conversation(t), dial); r.Verdict != call.TryBack {
		t.Errorf("no such host: %+v", r)
	}
	// It took the request and says nothing: it may have rung.
	asked := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		// Only a request read to its end is watched for its client's going.
		if err := q.ParseForm(); err != nil {
			t.Error(err)
		}
		close(asked)
		<-q.Context().Done()
	}))
	defer silent.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		<-asked
		cancel(errors.New("enough"))
	}()
	if r := carrierAt(t, silent.URL).Carry(ctx, conversation(t), dial); r.Verdict != call.Unknown {
		t.Errorf("silence: %+v", r)
	}
}

func TestFind(t *testing.T) {
	record := func(sid, to, status string, created time.Time) string {
		return fmt.Sprintf(`{"sid":%q,"to":%q,"status":%q,"date_created":%q}`, sid, to, status, twilio.FormatTime(created))
	}
	for name, test := range map[string]struct {
		calls []string
		want  string
	}{
		"none":          {nil, ""},
		"ringing":       {[]string{record("CA7", "client:ben", "ringing", start())}, "CA7"},
		"answered":      {[]string{record("CA7", "client:ben", "in-progress", start().Add(-4*time.Second))}, "CA7"},
		"over":          {[]string{record("CA7", "client:ben", "completed", start())}, ""},
		"older":         {[]string{record("CA7", "client:ben", "ringing", start().Add(-6*time.Second))}, ""},
		"known":         {[]string{record("CA2", "client:ben", "ringing", start())}, ""},
		"somebody else": {[]string{record("CA7", "client:benedict", "ringing", start())}, ""},
		"the later one too": {[]string{record("CA8", "client:ben", "queued", start().Add(9*time.Second)), record("CA7", "client:ben", "ringing", start().Add(time.Second)),
			record("CA9", "client:ben", "ringing", start().Add(-3*time.Second))}, "CA7 CA9 CA8"},
		"with its query": {[]string{record("CA7", "client:ben?leg=one-3", "queued", start())}, "CA7"},
	} {
		p, r := newCarrier(t, map[string]string{"GET /Calls.json": `{"calls":[` + strings.Join(test.calls, ",") + `]}`})
		result := p.Carry(t.Context(), conversation(t), call.Action{Kind: call.Find, Leg: "one-3"})
		if result.Verdict != call.Done || strings.Join(append([]string{result.SID}, result.Others...), " ") != test.want || r.forms[0].Get("To") != "client:ben" {
			t.Errorf("%s: %+v, asked %v", name, result, r.forms)
		}
	}
}

func TestLook(t *testing.T) {
	p, r := newCarrier(t, map[string]string{
		"GET /Calls/CA1.json":   `{"sid":"CA1","status":"in-progress"}`,
		"GET /Conferences.json": `{"conferences":[{"sid":"CF2","status":"in-progress"},{"sid":"CF1","status":"completed"}]}`,
		"GET /Conferences/CF2/Participants.json": `{"participants":[
			{"call_sid":"CA1","conference_sid":"CF2","status":"connected","hold":true},
			{"call_sid":"CA2","conference_sid":"CF2","status":"connected"}]}`,
	})
	look := call.Action{Kind: call.Look, Key: "look"}
	result := p.Carry(t.Context(), conversation(t), look)
	want := []call.Seen{
		{Leg: "one-1", Found: true, Status: call.Answered, RoomSID: "CF2", Begun: true, Held: true},
		{Leg: "one-2"}, // 404: gone, whatever the room says
	}
	if result.Verdict != call.Done || !reflect.DeepEqual(result.Seen, want) {
		t.Errorf("%+v", result)
	}
	r.answers["GET /Calls/CA2.json"] = `{"sid":"CA2","status":"busy"}`
	delete(r.answers, "GET /Conferences/CF2/Participants.json") // the room ends meanwhile
	want = []call.Seen{{Leg: "one-1", Found: true, Status: call.Answered}, {Leg: "one-2", Found: true, Status: call.Over, Outcome: call.Busy}}
	if result := p.Carry(t.Context(), conversation(t), look); result.Verdict != call.Done || !reflect.DeepEqual(result.Seen, want) {
		t.Errorf("%+v", result)
	}
	r.status = 503 // nothing was seen, and nothing is proved
	if result := p.Carry(t.Context(), conversation(t), look); result.Verdict != call.Unknown || result.Seen != nil {
		t.Errorf("%+v", result)
	}
}
