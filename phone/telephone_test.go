package phone_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"warmdesk/call"
	"warmdesk/phone"
	"warmdesk/twilio"
)

const (
	outsider = "+4930901820"
	anasOwn  = "+4930111111"
)

// withOutsider is a conversation whose customer, with a CallToken, ana sends to a
// number.
func withOutsider(t *testing.T) call.Call {
	t.Helper()
	c := conversation(t)
	c.Number, c.CallToken = "+15550001", "secret of the carrier"
	for _, e := range []call.Request{
		{Kind: call.Cancel, By: "ana"}, {Kind: call.Invite, By: "ana", To: outsider, Free: true},
	} {
		var err error
		if c, err = call.Step(c, e, start()); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// creator answers the creation of calls by what each From is worth.
type creator struct {
	refuses map[string]int
	forms   []url.Values
}

func (k *creator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	w.Header().Set("Content-Type", "application/json")
	k.forms = append(k.forms, r.PostForm)
	if code := k.refuses[r.PostForm.Get("From")]; code != 0 {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"code":%d,"message":"no","status":400}`, code)
		return
	}
	w.WriteHeader(http.StatusCreated)
	w.Write([]byte(`{"sid":"CA9"}`))
}

func dials(t *testing.T, k *creator, customerID bool, c call.Call, leg call.LegID) call.Result {
	t.Helper()
	server := httptest.NewServer(k)
	defer server.Close()
	client, err := twilio.NewClient(twilio.Config{AccountSID: account, Password: token, BaseURL: server.URL, HTTP: server.Client()})
	if err != nil {
		t.Fatal(err)
	}
	p := phone.NewCarrier(phone.Config{Client: client, Account: account, AuthToken: token, PublicURL: public, Number: "+15550100", CustomerID: func() bool { return customerID }, Logger: discard()})
	return p.Carry(t.Context(), c, call.Action{Kind: call.Dial, Leg: leg, Key: "some:key", Attempt: 1})
}

func TestDialingATelephone(t *testing.T) {
	c := withOutsider(t)
	leg := c.AgentLeg(outsider).ID
	k := &creator{}
	if r := dials(t, k, false, c, leg); r.Verdict != call.Done || r.SID != "CA9" {
		t.Fatalf("%+v", r)
	}
	want := url.Values{
		"To": {outsider}, "From": {"+15550100"}, "Url": {public + "/conference/CA1/connect/" + outsider + "?leg=" + string(leg)}, "Method": {"POST"},
		"StatusCallback": {public + "/conference/CA1/legs/" + string(leg) + "#rc=2&rp=5xx,ct,rt"}, "StatusCallbackMethod": {"POST"},
		"StatusCallbackEvent": {"initiated", "ringing", "answered", "completed"}, "Timeout": {"40"},
		"MachineDetection": {"Enable"}, "MachineDetectionTimeout": {"5"},
	}
	if !reflect.DeepEqual(k.forms[0], want) {
		t.Errorf("asked %v\nwant  %v", k.forms[0], want)
	}
	// An agent's own telephone is asked for the key, and never shows the customer.
	own := call.Create(call.Arrived{Call: "two", Account: account, SID: "CA7", Number: "+15550001", CallToken: "x"}, start())
	own, err := call.Step(own, call.Offered{Agent: "ana", Phone: anasOwn}, start())
	if err != nil {
		t.Fatal(err)
	}
	k = &creator{}
	dials(t, k, true, own, "two-2")
	if f := k.forms[0]; f.Get("To") != anasOwn || f.Get("From") != "+15550100" || f.Has("MachineDetection") || f.Has("CallToken") {
		t.Errorf("asked %v", f)
	}
}

func TestTheCustomersNumberIsShownWhereAllowed(t *testing.T) {
	c := withOutsider(t)
	leg := c.AgentLeg(outsider).ID
	k := &creator{}
	dials(t, k, true, c, leg)
	if f := k.forms[0]; f.Get("From") != "+15550001" || f.Get("CallToken") != "secret of the carrier" {
		t.Errorf("asked %v", f)
	}
	for _, code := range []int{21210, 21212} {
		k = &creator{refuses: map[string]int{"+15550001": code}}
		if r := dials(t, k, true, c, leg); r.Verdict != call.Done || len(k.forms) != 2 || k.forms[1].Get("From") != "+15550100" || k.forms[1].Has("CallToken") {
			t.Errorf("%d: %+v, asked %v", code, r, k.forms)
		}
	}
	k = &creator{refuses: map[string]int{"+15550001": 21211, "+15550100": 21211}}
	if r := dials(t, k, true, c, leg); r.Verdict != call.Refused || len(k.forms) != 1 {
		t.Errorf("a bad number: %+v, asked %v", r, k.forms)
	}
	withheld := c
	withheld.Number = "client:web7"
	k = &creator{}
	dials(t, k, true, withheld, leg)
	if f := k.forms[0]; f.Get("From") != "+15550100" || f.Has("CallToken") {
		t.Errorf("from a browser: asked %v", f)
	}
}

// asked is the document in which a telephone may press the key.
func asked(words, connect string) string {
	return `<Response><Gather action="` + public + `/conference/CA1/accept#rc=2&amp;rp=5xx,ct,rt" method="POST" numDigits="1" finishOnKey="" timeout="4"><Say>` + words +
		`</Say></Gather><Redirect method="POST">` + public + connect + `</Redirect></Response>`
}

func TestATelephoneIsTakenByAKey(t *testing.T) {
	s := newSite()
	s.post(t, "/conference/connect/client", "CallSid", "CA1", "From", "+15550001", "CallToken", "secret of the carrier")
	if c := s.calls["call-CA1"]; c.CallToken != "secret of the carrier" || strings.Contains(s.raw.Encode(), "secret") {
		t.Fatalf("kept %q, raw %v", c.CallToken, s.raw)
	}
	s.step(t, "call-CA1", call.Offered{Agent: "ana", Phone: anasOwn})
	const connect = "/conference/CA1/connect/ana?leg=call-CA1-2"
	want := asked("A call for ana from +15550001. Press 1 to take it.", connect)
	wantDoc(t, s.post(t, connect, "CallSid", "CA2", "Direction", "outbound-api"), want)
	if l := s.calls["call-CA1"].Legs[1]; l.Status != call.Ringing {
		t.Fatalf("picked up: %+v", l)
	}
	wantDoc(t, s.post(t, "/conference/CA1/accept", "CallSid", "CA2", "Direction", "outbound-api", "Digits", "5"), want)
	doc := s.post(t, "/conference/CA1/accept", "CallSid", "CA2", "Direction", "outbound-api", "Digits", "1")
	if l := s.calls["call-CA1"].Legs[1]; l.Status != call.Answered || !strings.Contains(doc, "<Conference") {
		t.Fatalf("accepted: %+v %s", l, doc)
	}
	// A key from a leg that we do not know, or of a call that is over, joins nobody.
	if doc := s.post(t, "/conference/CA1/accept", "CallSid", "CA66", "Direction", "outbound-api", "Digits", "1"); !strings.Contains(doc, "<Hangup") {
		t.Errorf("a stranger: %s", doc)
	}
	s.step(t, "call-CA1", call.CustomerLeft{})
	if doc := s.post(t, "/conference/CA1/accept", "CallSid", "CA2", "Direction", "outbound-api", "Digits", "1"); !strings.Contains(doc, "The caller has hung up.") {
		t.Errorf("too late: %s", doc)
	}
}

func TestAnAnsweringMachineIsToldAndHearsNothing(t *testing.T) {
	for by, heard := range map[string]call.Outcome{
		"human": "", "unknown": "", "": "", "machine_start": call.Machine, "machine_end_beep": call.Machine, "fax": call.Machine,
	} {
		s := newSite()
		s.ring(t)
		s.post(t, "/conference/CA1/connect/ana?leg=call-CA1-2", "CallSid", "CA2", "Direction", "outbound-api")
		s.step(t, "call-CA1", call.RoomMoved{SID: "CA2", RoomSID: "CF1", Seq: 1, Move: call.Joined})
		s.step(t, "call-CA1", call.Request{Kind: call.Invite, By: "ana", To: outsider, Free: true})
		doc := s.post(t, "/conference/CA1/connect/"+outsider+"?leg=call-CA1-3", "CallSid", "CA3", "Direction", "outbound-api", "AnsweredBy", by)
		l := s.calls["call-CA1"].Legs[2]
		if l.Outcome != heard || l.Human != (by == "human") {
			t.Errorf("%s: %+v", by, l)
		}
		if heard == call.Machine && doc != "<Response><Hangup/></Response>" || heard != call.Machine && !strings.Contains(doc, "<Conference") {
			t.Errorf("%s: told %s", by, doc)
		}
	}
}
