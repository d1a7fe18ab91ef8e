package phone_test

import (
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/twilio/twiliotest"
)

const (
	menu = "All our agents are busy, and you have been waiting for a while. " +
		"To leave a message, press 1. To be called back, press 2. Or stay on the line: you keep your place."
	forEver  = `<Play loop="0">` + public + `/assets/music.wav</Play></Response>`
	question = public + "/conference/CA1/choice?question="
	again    = "#rc=2&amp;rp=5xx,ct,rt"
)

// unserved lets the customer of CA1 wait for too long, and ask what to do.
func (s *site) unserved(t *testing.T) string {
	t.Helper()
	s.later += time.Hour
	s.step(t, "call-CA1", call.Unattended{Why: agent.Long})
	return s.post(t, "/conference/CA1/out?leg=call-CA1-1", "CallSid", "CA1")
}

// The documents of a message, word for word.
func TestDocumentsOfAMessage(t *testing.T) {
	s := newSite()
	s.arrive(t)
	wantDoc(t, s.unserved(t), `<Response><Gather action="`+question+`1`+again+`" method="POST" numDigits="1" finishOnKey=""><Say>`+menu+`</Say>`+
		`<Play loop="0">`+public+`/assets/music.wav</Play></Gather>`+forEver)
	record := `<Response><Say>Please leave your message after the tone. Then press any key, or hang up.</Say>` +
		`<Record action="` + public + `/conference/CA1/message?question=2` + again + `" method="POST" timeout="5" maxLength="180"` +
		` recordingStatusCallback="` + public + `/conference/CA1/recording?question=2` + again + `" recordingStatusCallbackMethod="POST"` +
		` recordingStatusCallbackEvent="completed absent"/>` + forEver
	wantDoc(t, s.post(t, "/conference/CA1/choice?question=1", "CallSid", "CA1", "Digits", "1"), record)
	wantDoc(t, s.post(t, "/conference/CA1/choice?question=1", "CallSid", "CA1", "Digits", "1"), record) // told twice
	goodbye := `<Response><Say>Thank you. We have your message and will get back to you. Goodbye.</Say><Hangup/></Response>`
	message := []string{"CallSid", "CA1", "RecordingSid", "RE1", "RecordingDuration", "12"}
	wantDoc(t, s.post(t, "/conference/CA1/message?question=2", message...), goodbye)
	wantDoc(t, s.post(t, "/conference/CA1/message?question=2", message...), goodbye)
	wantDoc(t, s.post(t, "/conference/CA1/recording?question=2", append(message, "RecordingStatus", "completed")...), "<Response></Response>")
	want := []call.Wish{{Kind: agent.Voicemail, Recording: "RE1", Length: 12 * time.Second}}
	if got := s.calls["call-CA1"].Wishes; !slices.Equal(got, want) {
		t.Errorf("kept %+v", got)
	}
}

// What the carrier tells of a recording may come without its action, with the
// address alone, or say that there is nothing.
func TestRecordingsAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		path  string
		pairs []string
		want  []call.Wish
		stage call.Stage
	}{
		"the callback alone": {"recording", []string{"RecordingSid", "RE1", "RecordingDuration", "3", "RecordingStatus", "completed"},
			[]call.Wish{{Kind: agent.Voicemail, Recording: "RE1", Length: 3 * time.Second}}, call.Parting},
		"the address alone": {"message", []string{"RecordingUrl", "https://api.example.test/Recordings/RE7"},
			[]call.Wish{{Kind: agent.Voicemail, Recording: "RE7"}}, call.Parting},
		"nothing was said":   {"recording", []string{"RecordingSid", "RE1", "RecordingStatus", "absent"}, nil, call.Choosing},
		"it is going on":     {"recording", []string{"RecordingSid", "RE1", "RecordingStatus", "in-progress"}, nil, call.Recording},
		"another question's": {"recording?question=9", []string{"RecordingSid", "RE1", "RecordingStatus", "absent"}, nil, call.Recording},
		"too short":          {"message", []string{"RecordingSid", "RE1", "RecordingDuration", "0"}, nil, call.Choosing},
		"hung up": {"message", []string{"RecordingSid", "RE1", "RecordingDuration", "4", "CallStatus", "completed", "Digits", "hangup"},
			[]call.Wish{{Kind: agent.Voicemail, Recording: "RE1", Length: 4 * time.Second}}, call.Parting},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite()
			s.arrive(t)
			s.unserved(t)
			s.post(t, "/conference/CA1/choice?question=1", "CallSid", "CA1", "Digits", "1")
			path := "/conference/CA1/" + c.path
			if !strings.Contains(path, "?") {
				path += "?question=2"
			}
			s.post(t, path, append([]string{"CallSid", "CA1"}, c.pairs...)...)
			got := s.calls["call-CA1"]
			if !slices.Equal(got.Wishes, c.want) || got.Stage != c.stage {
				t.Errorf("%s, kept %+v; want %s, %+v", got.Stage, got.Wishes, c.stage, c.want)
			}
		})
	}
}

// Whose number is not known types it.
func TestDocumentsOfANumber(t *testing.T) {
	for _, from := range []string{"client:caller_1", "+266696687", "anonymous", ""} {
		s := newSite()
		s.post(t, "/conference/connect/client", "CallSid", "CA1", "From", from)
		s.unserved(t)
		ask := func(n, words string) string {
			return `<Response><Gather action="` + question + n + again + `" method="POST" timeout="10"><Say>` + words +
				`Please type the number at which we can call you back, and then press the hash key.</Say></Gather>` + forEver
		}
		wantDoc(t, s.post(t, "/conference/CA1/choice?question=1", "CallSid", "CA1", "Digits", "2"), ask("2", ""))
		wantDoc(t, s.post(t, "/conference/CA1/choice?question=2", "CallSid", "CA1", "Digits", "12"), ask("3", "That does not look like a telephone number. "))
		wantDoc(t, s.post(t, "/conference/CA1/choice?question=3", "CallSid", "CA1", "Digits", "0301234567"),
			"<Response><Say>Thank you. We will call you back. Goodbye.</Say><Hangup/></Response>")
		if got := s.calls["call-CA1"].Wishes; !slices.Equal(got, []call.Wish{{Kind: agent.Callback, Number: "0301234567"}}) {
			t.Errorf("from %q: kept %+v", from, got)
		}
	}
}

var redirected = regexp.MustCompile(`<Redirect method="POST">([^<]*)#`)

// What cannot be written down is asked for again, after some music: the address
// tells what was said.
func TestNothingSaidIsLost(t *testing.T) {
	for _, said := range []struct {
		path  string
		pairs []string
		want  call.Stage
	}{
		{"choice", []string{"Digits", "2"}, call.Parting},
		{"message", []string{"RecordingSid", "RE1", "RecordingDuration", "12"}, call.Parting},
	} {
		s := newSite()
		s.arrive(t)
		s.unserved(t)
		path := "/conference/CA1/" + said.path + "?question=1"
		if said.path == "message" {
			s.post(t, "/conference/CA1/choice?question=1", "CallSid", "CA1", "Digits", "1")
			path = "/conference/CA1/message?question=2"
		}
		s.broken = errors.New("disk full")
		for range 3 {
			doc := s.post(t, path, append([]string{"CallSid", "CA1"}, said.pairs...)...)
			found := redirected.FindStringSubmatch(doc)
			if found == nil || !strings.HasPrefix(doc, "<Response><Play>"+public+"/assets/music.wav</Play><Redirect") {
				t.Fatalf("got %s", doc)
			}
			path, said.pairs = strings.TrimPrefix(html.UnescapeString(found[1]), public), nil // the address has it all
		}
		s.broken = nil
		if doc := s.post(t, path, "CallSid", "CA1"); !strings.Contains(doc, "Goodbye") {
			t.Errorf("got %s", doc)
		}
		if c := s.calls["call-CA1"]; c.Stage != said.want || len(c.Wishes) != 1 {
			t.Errorf("%s: %s, %+v", said.path, c.Stage, c.Wishes)
		}
	}
}

// What is told beside the call is told again when it cannot be kept.
func TestRecordingIsReportedAgain(t *testing.T) {
	s := newSite()
	s.arrive(t)
	form := url.Values{"CallSid": {"CA1"}, "RecordingSid": {"RE1"}, "RecordingStatus": {"completed"}, "RecordingDuration": {"5"}}
	s.broken = errors.New("disk full")
	if w := s.signed("/conference/CA1/recording?question=2", form); w.Code != http.StatusServiceUnavailable {
		t.Errorf("got %d", w.Code)
	}
	form.Set("CallStatus", "completed") // nobody hears a document any more
	if w := s.signed("/conference/CA1/message?question=2", form); w.Code != http.StatusServiceUnavailable {
		t.Errorf("got %d", w.Code)
	}
	s.broken = nil
	if doc := s.post(t, "/conference/CA9/message?question=2", "CallSid", "CA9", "From", "+15550002"); !strings.Contains(doc, "<Conference") {
		t.Errorf("a stranger, who waits already, got %s", doc)
	}
}

// unserved has the only customer asked what else they want.
func (o *office) unserved(dana *twiliotest.Leg) {
	o.t.Helper()
	dana.WaitFor(o.t, "music")
	o.until(call.Queued)
	o.ahead.Add(int64(call.AskPause)) // and nobody is signed in
	for _, c := range o.desk.View().Calls {
		if _, err := o.desk.Fact(o.t.Context(), c.ID, call.Unattended{Why: agent.Long}, nil); err != nil {
			o.t.Fatal(err)
		}
	}
	dana.WaitFor(o.t, "words: "+menu)
}

// left waits for the tasks there are.
func (o *office) left(n int) []agent.Task {
	o.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if tasks := o.desk.View().Tasks; len(tasks) == n {
			return tasks
		}
	}
	o.t.Fatalf("want %d tasks, there are %+v", n, o.desk.View().Tasks)
	return nil
}

// A message, with callbacks once, twice, and never.
func TestVoicemail(t *testing.T) {
	for name, copies := range map[string]int{"once": 1, "twice": 2, "never": 0} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, "ana")
			o.Callbacks(func(form url.Values) int {
				if form.Get("RecordingStatus") != "" {
					return copies
				}
				return 1
			})
			dana := o.Call("+15550001")
			o.unserved(dana)
			dana.Press(t, "1")
			dana.WaitFor(t, "words: Please leave your message after the tone. Then press any key, or hang up.")
			dana.Speak(t, 7*time.Second)
			dana.Press(t, "#")
			dana.WaitFor(t, "words: Thank you. We have your message and will get back to you. Goodbye.")
			dana.WaitFor(t, "completed")
			o.over(2 * time.Second)
			task := o.left(1)[0]
			if task.Length != 7*time.Second || task.Owner != "ana" || task.Number != "+15550001" || task.Recording == "" {
				t.Errorf("%+v", task)
			}
			o.noFaults()
		})
	}
}

// Who hangs up while speaking has left what was said.
func TestHangUpInTheMiddle(t *testing.T) {
	o := newOffice(t, "ana")
	dana := o.Call("+15550001")
	o.unserved(dana)
	dana.Press(t, "1")
	dana.Speak(t, 3*time.Second)
	dana.HangUp()
	o.over(2 * time.Second)
	o.left(1)
	o.noFaults()
}

// Who hangs up while speaking, and nobody is told: the message is asked for, and
// found when it is ready.
func TestMessageNobodyTold(t *testing.T) {
	o := newOffice(t, "ana")
	o.Callbacks(func(form url.Values) int {
		if form.Get("RecordingSid") != "" {
			return 0
		}
		return 1
	})
	dana := o.Call("+15550001")
	o.unserved(dana)
	dana.Press(t, "1")
	dana.Speak(t, 3*time.Second)
	dana.HangUp()
	o.until(call.Ending)
	o.ahead.Add(int64(call.CollectPause))
	for _, c := range o.desk.View().Calls {
		if _, err := o.desk.Fact(t.Context(), c.ID, call.Doubted{}, nil); err != nil {
			t.Fatal(err)
		}
	}
	o.over(5 * time.Second)
	if task := o.left(1)[0]; task.Length != 3*time.Second || task.Recording == "" {
		t.Errorf("%+v", task)
	}
	o.noFaults()
}

// What the carrier has recorded of a leg: only what <Record> has, and nothing
// before it is ready.
func TestCollect(t *testing.T) {
	for name, test := range map[string]struct {
		list    string
		want    []call.Message
		verdict call.Verdict
	}{
		"none": {``, nil, call.Done},
		"one, one absent, and one of the whole call": {`{"sid":"RE1","status":"completed","source":"RecordVerb","duration":"12"},
			{"sid":"RE2","status":"absent","source":"RecordVerb"},{"sid":"RE3","status":"completed","source":"StartCallRecordingAPI","duration":"60"}`,
			[]call.Message{{RecordingSID: "RE1", Length: 12 * time.Second}}, call.Done},
		"not ready": {`{"sid":"RE1","status":"processing","source":"RecordVerb"}`, nil, call.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := newCarrier(t, map[string]string{"GET /Calls/CA1/Recordings.json": `{"recordings":[` + test.list + `]}`})
			r := p.Carry(t.Context(), conversation(t), call.Action{Kind: call.Collect, Leg: "one-1"})
			if r.Verdict != test.verdict || !slices.Equal(r.Messages, test.want) {
				t.Errorf("%+v", r)
			}
		})
	}
}

// Nothing is said, and then a number is typed, wrong at first.
func TestCallBack(t *testing.T) {
	o := newOffice(t, "ana")
	dana := o.Call("client:caller_1")
	o.unserved(dana)
	dana.Press(t, "1")
	dana.StaySilent(t)
	dana.WaitFor(t, "words: We did not hear a message. To leave a message, press 1. To be called back, press 2. Or stay on the line: you keep your place.")
	dana.Press(t, "2")
	dana.Press(t, "12#")
	dana.WaitFor(t, "words: That does not look like a telephone number. Please type the number at which we can call you back, and then press the hash key.")
	dana.Press(t, "0301234567#")
	dana.WaitFor(t, "completed")
	o.over(2 * time.Second)
	if task := o.left(1)[0]; task.Kind != agent.Callback || task.Number != "0301234567" {
		t.Errorf("%+v", task)
	}
	o.noFaults()
}

// Whoever presses a wrong key hears music; an agent who comes has them at once.
func TestAgentComesWhileAsked(t *testing.T) {
	o := newOffice(t, "ana")
	dana := o.Call("+15550001")
	o.unserved(dana)
	dana.Press(t, "7")
	dana.WaitFor(t, "words: Thank you for waiting. You keep your place in line.")
	dana.WaitFor(t, "music")
	if err := o.desk.TokenFetched(t.Context(), "ana", time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	ana := o.Agent("ana").Ringing(t)
	dana.WaitFor(t, "words: "+call.WordsComing)
	ana.Answer()
	dana.WaitFor(t, "people: ana")
	if dana.Silence() > longestGap {
		t.Errorf("dana heard nothing for %v", dana.Silence())
	}
	o.noFaults()
}

// The desk is away while the customer is asked, and the database out of order
// when a key is pressed: music, and then what was pressed.
func TestTroubleWhileAsked(t *testing.T) {
	o := newOffice(t, "ana")
	dana := o.Call("+15550001")
	o.unserved(dana)
	o.stop()
	dana.WaitFor(t, "music")
	o.begin("ana")
	o.broken.Store(true)
	dana.Press(t, "2")
	dana.WaitFor(t, "music")
	o.broken.Store(false)
	dana.WaitFor(t, "words: Thank you. We will call you back. Goodbye.")
	dana.WaitFor(t, "completed")
	o.over(2 * time.Second)
	if task := o.left(1)[0]; task.Number != "+15550001" {
		t.Errorf("%+v", task)
	}
	// A desk that is away loses callbacks: the double complains of that alone.
	for _, fault := range o.Faults() {
		if !strings.HasPrefix(fault, "callback ") {
			t.Error(fault)
		}
	}
}
