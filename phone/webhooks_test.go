package phone_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"warmdesk/call"
	"warmdesk/twilio"
)

func TestOnlyTheCarrierIsHeard(t *testing.T) {
	form := url.Values{"CallSid": {"CA1"}, "From": {"+1555"}}
	path := "/conference/connect/client"
	genuine := twilio.Sign(token, public+path, form)
	long := form.Encode() + "&x=" + strings.Repeat("y", 70<<10)
	for _, test := range []struct {
		name, path, body, signature string
		status                      int
		says                        string
	}{
		{"genuine", path, form.Encode(), genuine, 200, "<Dial"},
		{"unsigned", path, form.Encode(), "", 403, "there is no X-Twilio-Signature"},
		{"forged", path, form.Encode() + "&From=%2B1666", genuine, 403, "signature is not valid"},
		{"another URL's", "/conference/wait", form.Encode(), genuine, 403, "signature is not valid"},
		{"malformed", path, "CallSid=%zz", genuine, 400, "not a well-formed form"},
		{"too long", path, long, genuine, 413, "longer than 65536 bytes"},
		{"without a leg", path, "From=1", twilio.Sign(token, public+path, url.Values{"From": {"1"}}), 400, "no CallSid"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSite()
			w := s.send(test.path, test.body, test.signature)
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.says) {
				t.Fatalf("got %d %s", w.Code, w.Body)
			}
			if test.status != 200 && len(s.calls) != 0 {
				t.Fatalf("something has changed: %v", s.calls)
			}
		})
	}
	s := newSite()
	s.send(path, form.Encode(), "forged")
	if !strings.Contains(s.log.String(), "tried "+public+path) {
		t.Errorf("the log does not say which URL was tried: %s", s.log.String())
	}
	if w := s.send("/conference/CA1/elsewhere", "", ""); w.Code != http.StatusNotFound {
		t.Errorf("another path: %d", w.Code)
	}
}

// room is the document that enters the room of CA1.
func room(leg, flags string) string {
	action := ""
	if leg != "" {
		action = ` action="` + public + `/conference/CA1/out?leg=` + leg + `#rc=2&amp;rp=5xx,ct,rt"`
	}
	return `<Response><Dial` + action + `><Conference beep="false" ` + flags + ` waitUrl="` + public + `/conference/wait" waitMethod="POST"` +
		` statusCallback="` + public + `/conference/CA1/events#rc=2&amp;rp=5xx,ct,rt" statusCallbackMethod="POST"` +
		` statusCallbackEvent="start end join leave mute hold">CA1</Conference></Dial></Response>`
}

func wantDoc(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestArrival(t *testing.T) {
	s := newSite()
	want := room("call-CA1-1", `startConferenceOnEnter="false"`)
	wantDoc(t, s.arrive(t), want)
	wantDoc(t, s.arrive(t), want) // a repeat makes no second call
	c := s.calls["call-CA1"]
	if len(s.calls) != 1 || c.Number != "+15550001" || c.Returned != "" {
		t.Fatalf("%+v", s.calls)
	}
	s.post(t, "/conference/connect/client", "CallSid", "CA2", "From", "client:web7", "CallerName", strings.Repeat("ü", 100), "Topic", " refund \n"+strings.Repeat("ü", 100))
	if c := s.calls["call-CA2"]; c.Number != "client:web7" || c.Name != strings.Repeat("ü", 60) || c.Topic != "refund "+strings.Repeat("ü", call.MostTopic-7) {
		t.Fatalf("%+v", c)
	}
	s.post(t, "/conference/connect/client", "CallSid", "CA3", "From", "client:web8", "Team", "billing")
	s.post(t, "/conference/connect/client?team=tech", "CallSid", "CA4", "From", "+15550002")
	s.post(t, "/conference/connect/client?team=tech", "CallSid", "CA5", "From", "client:web9", "Team", "billing")
	for id, want := range map[call.ID]string{"call-CA1": "", "call-CA3": "billing", "call-CA4": "tech", "call-CA5": "billing"} {
		if c := s.calls[id]; c.Team != want {
			t.Errorf("%s wants team %q, not %q", id, c.Team, want)
		}
	}
}

// A browser that calls may send any field along. None of them gets anywhere: not
// into the document, not into the call.
func TestFieldsOfABrowser(t *testing.T) {
	fields := []string{
		"Muted", "true", "Coach", "CA9", "muted", "true", "coach", "CA9", "startConferenceOnEnter", "true", "endConferenceOnExit", "true",
		"To", "conference:other", "Conference", "other", "conference_id", "other", "leg", "call-CA1-2", "call", "call-CA9", "agent", "ana", "Leg", "call-CA1-2",
	}
	plain, sly := newSite(), newSite()
	caller := []string{"CallSid", "CA1", "From", "client:web7"}
	wantDoc(t, sly.post(t, "/conference/connect/client", append(fields, caller...)...), plain.post(t, "/conference/connect/client", caller...))
	for _, s := range []*site{plain, sly} {
		s.step(t, "call-CA1", call.Offered{Agent: "ana"})
	}
	agent := []string{"CallSid", "CA2", "Direction", "outbound-api"}
	wantDoc(t, sly.post(t, "/conference/CA1/connect/ana?leg=call-CA1-2", append(fields, agent...)...),
		plain.post(t, "/conference/CA1/connect/ana?leg=call-CA1-2", agent...))
	if diff := cmp.Diff(plain.calls, sly.calls, cmpopts.EquateApproxTime(time.Minute)); diff != "" {
		t.Errorf("-plain +with fields\n%s", diff)
	}
}

// A customer's page that dials with its key is the customer of that call: in the
// room of the first leg, or outside it when the others are not to be heard.
func TestCustomerComesBack(t *testing.T) {
	key := strings.Repeat("0f", 16)
	again := func(s *site, sid string) string {
		return s.post(t, "/conference/connect/client", "CallSid", sid, "From", "client:web7", "ReturnKey", key)
	}
	s := newSite()
	again(s, "CA1")
	c := s.calls["call-CA1"]
	if sum := sha256.Sum256([]byte(key)); c.Return != hex.EncodeToString(sum[:]) {
		t.Fatalf("the call keeps %q", c.Return)
	}
	if strings.Contains(s.raw.Encode(), key) || s.raw.Get("From") == "" {
		t.Errorf("the timeline keeps %v", s.raw)
	}
	s.step(t, "call-CA1", call.LegMoved{Account: account, SID: "CA1", Status: call.Over, Outcome: call.Completed, Seq: 1})
	wantDoc(t, again(s, "CA9"), room("call-CA1-2", `startConferenceOnEnter="false"`))
	if c := s.calls["call-CA1"]; len(s.calls) != 1 || c.CustomerLeg().SID != "CA9" {
		t.Fatalf("%+v", s.calls)
	}
	s.step(t, "call-CA1", call.Offered{Agent: "ana"})
	s.post(t, "/conference/CA1/connect/ana?leg=call-CA1-3", "CallSid", "CA2")
	s.step(t, "call-CA1", call.RoomMoved{SID: "CA2", RoomSID: "CF1", Seq: 1, Move: call.Joined})
	s.step(t, "call-CA1", call.Request{Kind: call.PutOnHold, By: "ana"})
	wantDoc(t, again(s, "CA10"), `<Response><Play loop="0">`+public+`/assets/music.wav</Play></Response>`)
}

// A page whose arrival could not be saved brings its key only once: the document's
// addresses keep what it is known by, whichever of them is asked first.
func TestUnsavedCustomerComesBack(t *testing.T) {
	key := strings.Repeat("0f", 16)
	sum := sha256.Sum256([]byte(key))
	known := "?name=Dana&return=" + hex.EncodeToString(sum[:]) + "&team=billing"
	for _, path := range []string{"/conference/wait", "/conference/CA1/events", "/conference/CA1/out"} {
		s := newSite()
		s.broken = errors.New("no database")
		doc := s.post(t, "/conference/connect/client", "CallSid", "CA1", "From", "client:web7", "CallerName", "Dana", "Team", "billing", "ReturnKey", key)
		if address := public + path + strings.ReplaceAll(known, "&", "&amp;"); !strings.Contains(doc, address) || strings.Contains(doc, key) {
			t.Fatalf("not %s in %s", address, doc)
		}
		s.broken = nil
		s.post(t, path+known, "CallSid", "CA1", "From", "client:web7", "Direction", "inbound", "CallStatus", "in-progress",
			"StatusCallbackEvent", "participant-join", "ConferenceSid", "CF1", "SequenceNumber", "1")
		if c := s.calls["call-CA1"]; c.Return != hex.EncodeToString(sum[:]) || c.Name != "Dana" || c.Team != "billing" {
			t.Errorf("%s: %+v", path, c)
		}
	}
}

// What could be guessed is no key.
func TestNoKey(t *testing.T) {
	for _, key := range []string{"", "1", "not hex, and as long as a key is", strings.Repeat("0f", 15), strings.Repeat("0f", 17)} {
		s := newSite()
		s.post(t, "/conference/connect/client", "CallSid", "CA1", "From", "client:web7", "ReturnKey", key)
		if c := s.calls["call-CA1"]; c.Return != "" {
			t.Errorf("%q is a key: %q", key, c.Return)
		}
	}
}

// With recovery off the flags are the tutorial's, and no document has an action.
func TestTutorialFlags(t *testing.T) {
	s := newSite()
	s.recovery = false
	s.arrive(t)
	wantDoc(t, s.arrive(t), room("", `startConferenceOnEnter="false" endConferenceOnExit="true"`))
	s.step(t, "call-CA1", call.Offered{Agent: "agent1"})
	wantDoc(t, s.post(t, "/conference/CA1/connect/agent1/?leg=call-CA1-2", "CallSid", "CA2"), room("", `startConferenceOnEnter="true"`))
	s.step(t, "call-CA1", call.RoomMoved{SID: "CA1", RoomSID: "CF1", Seq: 1, Move: call.Joined})
	s.step(t, "call-CA1", call.RoomMoved{SID: "CA2", RoomSID: "CF1", Seq: 2, Move: call.Joined})
	s.step(t, "call-CA1", call.Request{Kind: call.Invite, By: "agent1", To: "agent2", Free: true})
	wantDoc(t, s.post(t, "/conference/CA1/connect/agent2?leg=call-CA1-3", "CallSid", "CA3"),
		room("", `startConferenceOnEnter="true" endConferenceOnExit="true"`))
}

func TestAgentAnswers(t *testing.T) {
	for _, path := range []string{
		"/conference/CA1/connect/ana?leg=call-CA1-2", "/conference/CA1/connect/ana/?leg=call-CA1-2",
		"/conference/call-CA1/connect/ana?leg=call-CA1-2", "/conference/CA1/connect/ana/",
	} {
		s := newSite()
		s.ring(t)
		want := room("call-CA1-2", `startConferenceOnEnter="true"`)
		wantDoc(t, s.post(t, path, "CallSid", "CA2", "Direction", "outbound-api"), want)
		wantDoc(t, s.post(t, path, "CallSid", "CA2", "Direction", "outbound-api"), want)
		if l := s.calls["call-CA1"].Legs[1]; l.SID != "CA2" || l.Account != account || l.Status != call.Answered {
			t.Errorf("%s: %+v", path, l)
		}
	}
}

func TestAgentAnswersInVain(t *testing.T) {
	s := newSite()
	s.ring(t)
	for _, path := range []string{
		"/conference/CA9/connect/ana?leg=call-CA9-2", // no such call
		"/conference/CA1/connect/ana?leg=call-CA1-9", // no such leg
		"/conference/CA1/connect/ben?leg=call-CA1-2", // somebody else's
		"/conference/CA1/connect/ana?leg=call-CA1-1", // the customer's
	} {
		wantDoc(t, s.post(t, path, "CallSid", "CA9"), "<Response><Say>This call is not known here. Goodbye.</Say><Hangup/></Response>")
	}
	if l := s.calls["call-CA1"].Legs[1]; l.SID != "" || l.Status != call.Planned {
		t.Fatalf("a stranger moved the leg: %+v", l)
	}
	// The customer hangs up while the agent's answer is on the way.
	s.step(t, "call-CA1", call.LegMoved{Leg: "call-CA1-2", Account: account, SID: "CA2", Status: call.Ringing})
	s.post(t, "/conference/status", "CallSid", "CA1", "CallStatus", "completed")
	wantDoc(t, s.post(t, "/conference/CA1/connect/ana?leg=call-CA1-2", "CallSid", "CA2"),
		"<Response><Say>The caller has hung up.</Say><Hangup/></Response>")
	s.broken = errors.New("disk full")
	if doc := s.post(t, "/conference/CA1/connect/ana?leg=call-CA1-2", "CallSid", "CA2"); !strings.Contains(doc, "cannot connect you") || !strings.Contains(doc, "<Hangup/>") {
		t.Errorf("got %s", doc)
	}
}

func TestWait(t *testing.T) {
	music := `<Play loop="0">` + public + `/assets/music.wav</Play></Response>`
	welcome := "<Response><Say>" + call.Welcome + "</Say>" + music
	s := newSite()
	s.ring(t)
	wantDoc(t, s.post(t, "/conference/wait", "CallSid", "CA1"), welcome)
	s.step(t, "call-CA1", call.LegMoved{Leg: "call-CA1-2", Account: account, SID: "CA2", Status: call.Answered})
	wantDoc(t, s.post(t, "/conference/wait", "CallSid", "CA2"), "<Response>"+music)
	c := s.calls["call-CA1"]
	c.Returned = "lost"
	s.calls["call-CA1"] = c
	wantDoc(t, s.post(t, "/conference/wait?call=call-CA1", "CallSid", "CA1"), "<Response><Say>"+call.WordsReturned+"</Say>"+music)
	s.broken = errors.New("disk full")
	wantDoc(t, s.post(t, "/conference/wait", "CallSid", "CA1"), welcome)
}

// A customer who comes while the database is away hears what everybody hears,
// and the call is taken up as soon as the carrier says anything of it.
func TestArrivalWhileBroken(t *testing.T) {
	reports := map[string][]string{
		"/conference/CA1/events": {"StatusCallbackEvent", "participant-join", "ConferenceSid", "CF1", "SequenceNumber", "1", "CallSid", "CA1"},
		"/conference/wait":       {"CallSid", "CA1"},
		"/conference/CA1/out":    {"CallSid", "CA1", "DialCallStatus", "answered"},
	}
	for path, form := range reports {
		s := newSite()
		s.broken = errors.New("disk full")
		doc := s.arrive(t)
		if want := strings.Replace(room("x", `startConferenceOnEnter="false"`), "?leg=x", "", 1); doc != want {
			t.Fatalf("got %s\nwant %s", doc, want)
		}
		if doc := s.post(t, "/conference/wait", "CallSid", "CA1"); !strings.Contains(doc, call.Welcome) || !strings.Contains(doc, "<Play") {
			t.Fatalf("got %s", doc)
		}
		if doc := s.post(t, "/conference/CA1/out", "CallSid", "CA1"); !strings.Contains(doc, "<Play>") || !strings.Contains(doc, public+"/conference/CA1/out#") {
			t.Fatalf("got %s", doc)
		}
		if w := s.signed("/conference/CA1/events", url.Values{"StatusCallbackEvent": {"participant-join"}, "ConferenceSid": {"CF1"}, "CallSid": {"CA1"}, "SequenceNumber": {"1"}}); w.Code != http.StatusServiceUnavailable {
			t.Fatalf("a report that could not be saved was answered with %d", w.Code)
		}
		s.broken = nil
		s.post(t, path, form...)
		if c, ok := s.calls["call-CA1"]; !ok || c.Returned == "" {
			t.Errorf("%s: not taken up: %+v", path, s.calls)
		}
	}
}

func TestOut(t *testing.T) {
	s := newSite()
	s.ring(t)
	s.step(t, "call-CA1", call.LegMoved{Leg: "call-CA1-2", Account: account, SID: "CA2", Status: call.Answered})
	for seq, sid := range []string{"CA1", "CA2"} {
		s.step(t, "call-CA1", call.RoomMoved{SID: sid, RoomSID: "CF1", Seq: seq + 1, Move: call.Joined})
	}
	wantDoc(t, s.post(t, "/conference/CA1/out?leg=call-CA1-1", "CallSid", "CA1"), room("call-CA1-1", `startConferenceOnEnter="false"`))
	if c := s.calls["call-CA1"]; c.Legs[0].InRoom {
		t.Errorf("still in the room: %+v", c.Legs[0])
	}
	wantDoc(t, s.post(t, "/conference/CA1/out?leg=call-CA1-9", "CallSid", "CA9", "Direction", "outbound-api"),
		"<Response><Say>This call is not known here. Goodbye.</Say><Hangup/></Response>")
	// The action of a leg that has ended is a report.
	wantDoc(t, s.post(t, "/conference/CA1/out?leg=call-CA1-1", "CallSid", "CA1", "CallStatus", "completed"), "<Response></Response>")
	if c := s.calls["call-CA1"]; c.Stage != call.Ending {
		t.Errorf("the call is %s", c.Stage)
	}
}

func TestReportsBecomeFacts(t *testing.T) {
	leg := func(status call.Status, outcome call.Outcome, seq int) call.Event {
		return call.LegMoved{Leg: "call-CA1-2", Account: account, SID: "CA2", Status: status, Outcome: outcome, Seq: seq}
	}
	moved := func(move call.RoomMove) call.Event {
		return call.RoomMoved{SID: "CA2", RoomSID: "CF1", Seq: 7, Move: move}
	}
	const legs, events = "/conference/CA1/legs/call-CA1-2", "/conference/CA1/events"
	for _, test := range []struct {
		path, form string
		want       []call.Event
	}{
		{legs, "CallStatus=initiated&SequenceNumber=0", []call.Event{leg(call.Dialled, "", 0)}},
		{legs, "CallStatus=ringing&SequenceNumber=1", []call.Event{leg(call.Ringing, "", 1)}},
		{legs, "CallStatus=in-progress&SequenceNumber=2", []call.Event{leg(call.Answered, "", 2)}},
		{legs, "CallStatus=completed&SequenceNumber=3", []call.Event{leg(call.Over, call.Completed, 3)}},
		{legs, "CallStatus=busy", []call.Event{leg(call.Over, call.Busy, -1)}},
		{legs, "CallStatus=no-answer&SipResponseCode=487", []call.Event{leg(call.Over, call.NoAnswer, -1)}},
		{legs, "CallStatus=no-answer&SipResponseCode=480", []call.Event{leg(call.Over, call.Unreachable, -1)}},
		{legs, "CallStatus=failed&SipResponseCode=404", []call.Event{leg(call.Over, call.Unreachable, -1)}},
		{legs, "CallStatus=failed&SipResponseCode=503", []call.Event{leg(call.Over, call.Failed, -1)}},
		{legs, "CallStatus=canceled", []call.Event{leg(call.Over, call.Canceled, -1)}},
		{legs, "CallStatus=a+new+word", []call.Event{leg(call.Dialled, "", -1)}},
		{events, "StatusCallbackEvent=participant-join", []call.Event{moved(call.Joined)}},
		{events, "StatusCallbackEvent=participant-leave&ReasonParticipantLeft=participant_hung_up&ParticipantCallStatus=completed", []call.Event{moved(call.Left)}},
		{
			events, "StatusCallbackEvent=participant-leave&ReasonParticipantLeft=participant_add_failed&ParticipantCallStatus=busy",
			[]call.Event{moved(call.Left), call.LegMoved{Account: account, SID: "CA2", Status: call.Over, Outcome: call.Busy, Seq: -1}},
		},
		{events, "StatusCallbackEvent=participant-hold", []call.Event{moved(call.HeldNow)}},
		{events, "StatusCallbackEvent=participant-unhold", []call.Event{moved(call.Unheld)}},
		{events, "StatusCallbackEvent=participant-mute", []call.Event{moved(call.MutedNow)}},
		{events, "StatusCallbackEvent=participant-mute&Muted=true&Hold=true", []call.Event{
			call.RoomMoved{SID: "CA2", RoomSID: "CF1", Seq: 7, Move: call.MutedNow, Held: true, Muted: true},
		}},
		{events, "StatusCallbackEvent=participant-unmute", []call.Event{moved(call.Unmuted)}},
		{events, "StatusCallbackEvent=participant-join&SequenceNumber=soon", []call.Event{call.Doubted{}}},
		{events, "StatusCallbackEvent=conference-end&CallSid=", []call.Event{call.RoomOver{RoomSID: "CF1", Seq: 7}}},
		{events, "StatusCallbackEvent=conference-end&SequenceNumber=", []call.Event{call.Doubted{}}},
		{events, "StatusCallbackEvent=conference-start", nil},
		{events, "StatusCallbackEvent=participant-modify", nil},
		{events, "StatusCallbackEvent=something-new&Unknown=1", nil},
	} {
		s := newSite()
		s.ring(t)
		form := url.Values{"CallSid": {"CA2"}, "AccountSid": {account}}
		if test.path == events {
			form.Set("ConferenceSid", "CF1")
			form.Set("SequenceNumber", "7")
		}
		own, err := url.ParseQuery(test.form)
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range own {
			form[k] = v
		}
		if w := s.signed(test.path, form); w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", test.form, w.Code, w.Body)
		}
		if !reflect.DeepEqual(s.facts, test.want) {
			t.Errorf("%s\ngot  %+v\nwant %+v", test.form, s.facts, test.want)
		}
	}
}

// Whatever a form says, the webhooks answer, and no fact is without its order.
func FuzzReport(f *testing.F) {
	f.Add("events", "ConferenceSid=CF1&CallSid=CA2&SequenceNumber=1&StatusCallbackEvent=participant-join")
	f.Add("events", "ConferenceSid=CF1&SequenceNumber=-1&StatusCallbackEvent=conference-end")
	f.Add("legs/call-CA1-2", "CallSid=CA2&CallStatus=busy&SequenceNumber=99999999999999999999")
	f.Add("out?leg=call-CA1-1", "CallSid=CA1&CallStatus=completed")
	f.Add("connect/ana", "CallSid=CA2&CallStatus=failed")
	f.Add("connect/ana/?leg=%ff", "CallSid=%00&Direction=inbound")
	f.Fuzz(func(t *testing.T, path, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		target, err := url.Parse("/conference/CA1/" + path)
		if err != nil || !strings.HasPrefix(target.Path, "/conference/CA1/") || strings.Contains(target.Path, "//") ||
			strings.Contains(target.Path, "/.") || strings.ContainsFunc(target.RawQuery, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return // not what a request line can hold, or redirected by the mux
		}
		s := newSite()
		s.ring(t)
		w := s.signed(target.RequestURI(), form)
		if w.Code >= 500 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		for _, fact := range s.facts {
			switch e := fact.(type) {
			case call.RoomMoved:
				if e.Seq < 0 || e.SID == "" || e.RoomSID == "" || e.Move == "" {
					t.Fatalf("%+v", e)
				}
			case call.LegMoved:
				if e.SID == "" || e.Status < call.Dialled || (e.Status == call.Over) == (e.Outcome == call.NoOutcome) {
					t.Fatalf("%+v", e)
				}
			}
		}
	})
}

// No credential comes into the timeline.
func TestRawHasNoCredentials(t *testing.T) {
	s := newSite()
	for _, path := range []string{
		"/conference/connect/client", "/conference/CA1/choice?question=1", "/conference/CA1/message?question=1", "/conference/CA1/out",
		"/conference/status",
	} {
		s.raw = nil
		s.post(t, path, "CallSid", "CA1", "From", "client:web7", "CallToken", "hidden", "StirPassportToken", "hidden",
			"ReturnKey", "hidden-key-of-the-customer-s-page", "To", "client:ben?key=hidden&leg=one-3", "Called", "client:ben?key=hidden")
		if raw := s.raw.Encode(); s.raw.Get("To") != "client:ben" || s.raw.Get("From") != "client:web7" || strings.Contains(raw, "hidden") {
			t.Errorf("%s: %s", path, raw)
		}
	}
}
