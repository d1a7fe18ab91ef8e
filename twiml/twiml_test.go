package twiml

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// everything has each verb and each attribute once.
func everything() Document {
	return Document{
		Say{Text: "Welcome & <hello> \"you\"", Voice: "slt", Language: "en-GB", Loop: 2},
		Play{URL: "https://app.example.test/music.wav?a=1&b=2", Loop: Forever},
		Pause{Length: 3 * time.Second},
		Dial{
			Action: "/after?leg=1&seq=2", Method: "GET", Timeout: 20 * time.Second, TimeLimit: time.Hour,
			HangupOnStar: true, CallerID: "client:ana",
			Conference: &Conference{
				Name: "room 1", Muted: true, Beep: "onEnter", StartOnEnter: Bool(false), EndOnExit: true,
				WaitURL: String(""), WaitMethod: "GET",
				StatusCallback: "https://app.example.test/events", StatusCallbackMethod: "GET",
				StatusCallbackEvents: []string{"start", "end", "join", "leave"},
				Label:                "customer", MaxParticipants: 10, Region: "ie1", Coach: "CA0",
			},
		},
		Dial{Conference: &Conference{Name: "room 2", WaitURL: String("/wait")}},
		Gather{
			Action: "/keys?leg=1", Method: "GET", NumDigits: 4, FinishOnKey: String("*"), Timeout: 10 * time.Second,
			ActionOnEmptyResult: true,
			Prompts: []Verb{
				Say{Text: "Press a key", Voice: "slt"}, Pause{Length: 2 * time.Second}, Play{URL: "/menu.wav", Loop: 2},
			},
		},
		Gather{FinishOnKey: String("")},
		Record{
			Action: "/message?leg=1", Method: "GET", Timeout: 3 * time.Second, MaxLength: 2 * time.Minute,
			FinishOnKey: String("#"), PlayBeep: Bool(false), Trim: DoNotTrim,
			RecordingStatusCallback: "https://app.example.test/recordings", RecordingStatusCallbackMethod: "GET",
			RecordingStatusCallbackEvents: []string{RecordingInProgress, RecordingCompleted, RecordingAbsent},
		},
		Record{FinishOnKey: String("")},
		Redirect{URL: "/next", Method: "POST"},
		Reject{Reason: "busy"},
		Hangup{},
	}
}

func TestEncodeIsGolden(t *testing.T) {
	got := everything().Encode()
	want, err := os.ReadFile("testdata/everything.xml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(bytes.TrimSpace(want)), string(got)); diff != "" {
		t.Errorf("encoded document (-want +got):\n%s", diff)
	}
}

func TestParseReadsWhatEncodeWrote(t *testing.T) {
	got, err := Parse(everything().Encode())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(everything(), got); diff != "" {
		t.Errorf("parsed document (-want +got):\n%s", diff)
	}
}

func TestWaitURLAbsentAndEmptyDiffer(t *testing.T) {
	for _, c := range []struct {
		xml  string
		want *string
	}{
		{`<Conference>r</Conference>`, nil},
		{`<Conference waitUrl="">r</Conference>`, String("")},
		{`<Conference waitUrl="/w">r</Conference>`, String("/w")},
	} {
		doc, err := Parse([]byte("<Response><Dial>" + c.xml + "</Dial></Response>"))
		if err != nil {
			t.Fatalf("%s: %v", c.xml, err)
		}
		if diff := cmp.Diff(c.want, doc[0].(Dial).Conference.WaitURL); diff != "" {
			t.Errorf("%s: %s", c.xml, diff)
		}
	}
}

// A finishOnKey that is not there is Twilio's default, an empty one no key.
func TestFinishOnKeyAbsentAndEmptyDiffer(t *testing.T) {
	doc, err := Parse([]byte(`<Response><Gather/><Gather finishOnKey=""/><Record/><Record finishOnKey="" transcribe="true"/></Response>`))
	if err != nil {
		t.Fatal(err)
	}
	want := Document{Gather{}, Gather{FinishOnKey: String("")}, Record{}, Record{FinishOnKey: String("")}}
	if diff := cmp.Diff(want, doc); diff != "" {
		t.Error(diff)
	}
}

func TestParseIsLenientWhereNothingChanges(t *testing.T) {
	doc, err := Parse([]byte(`<?xml version="1.0"?>
<!-- greeting --><Response newThing="x">
  <Say someNewAttribute="1" loop="">
     Hello   </Say><!-- bye --><Hangup></Hangup>
</Response>
`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Document{Say{Text: "Hello"}, Hangup{}}, doc); diff != "" {
		t.Error(diff)
	}
	if doc, err := Parse([]byte("<Response/>")); err != nil || len(doc) != 0 {
		t.Errorf("an empty response: %v, %v", doc, err)
	}
}

func TestParseRefuses(t *testing.T) {
	room := func(attr string) string {
		return "<Response><Dial><Conference " + attr + ">r</Conference></Dial></Response>"
	}
	for name, c := range map[string]struct {
		body string
		code int
	}{
		"nothing":           {"", 12100},
		"not XML":           {"hello", 12100},
		"cut off":           {"<Response><Say>", 12100},
		"entity":            {`<Response><Say>&boom;</Say></Response>`, 12100},
		"document type":     {`<!DOCTYPE x [<!ENTITY a "aaaa">]><Response/>`, 12100},
		"two roots":         {"<Response/><Response/>", 12100},
		"too long":          {"<Response>" + strings.Repeat(" ", MaxSize) + "</Response>", 12100},
		"too deep":          {"<Response>" + strings.Repeat("<Say>", 10000) + "</Response>", 12200},
		"other root":        {"<Play/>", 12200},
		"other verb":        {"<Response><Enqueue>x</Enqueue></Response>", 12200},
		"speech":            {`<Response><Gather input="dtmf speech"/></Response>`, 12200},
		"gather of a verb":  {"<Response><Gather><Hangup/></Gather></Response>", 12200},
		"gather of a text":  {"<Response><Gather>press</Gather></Response>", 12200},
		"gather of gathers": {"<Response><Gather><Gather/></Gather></Response>", 12200},
		"digits of none":    {`<Response><Gather numDigits="0"/></Response>`, 12200},
		"finish on a word":  {`<Response><Gather finishOnKey="any"/></Response>`, 12200},
		"gather of no time": {`<Response><Gather timeout="0"/></Response>`, 12200},
		"empty result":      {`<Response><Gather actionOnEmptyResult="1"/></Response>`, 12200},
		"record for ever":   {`<Response><Record maxLength="0"/></Response>`, 12200},
		"record on a word":  {`<Response><Record finishOnKey="A"/></Response>`, 12200},
		"record and trim":   {`<Response><Record trim="true"/></Response>`, 12200},
		"record and beep":   {`<Response><Record playBeep="loud"/></Response>`, 12200},
		"record and tell":   {`<Response><Record recordingStatusCallbackEvent="done"/></Response>`, 12200},
		"record of a verb":  {"<Response><Record><Say>x</Say></Record></Response>", 12200},
		"record of a text":  {"<Response><Record>x</Record></Response>", 12200},
		"case of a verb":    {"<Response><say>x</say></Response>", 12200},
		"text for a verb":   {"<Response>hello</Response>", 12200},
		"other noun":        {"<Response><Dial><Sip>x</Sip></Dial></Response>", 12200},
		"number":            {"<Response><Dial>+123</Dial></Response>", 12200},
		"play of nothing":   {"<Response><Play/></Response>", 12200},
		"negative pause":    {`<Response><Pause length="-1"/></Response>`, 12200},
		"loop":              {`<Response><Say loop="x">a</Say></Response>`, 12200},
		"method":            {`<Response><Redirect method="PUT">/</Redirect></Response>`, 12200},
		"muted":             {room(`muted="maybe"`), 13230},
		"end on exit":       {room(`endConferenceOnExit="1"`), 13231},
		"start on enter":    {room(`startConferenceOnEnter="no"`), 13232},
		"wait method":       {room(`waitMethod="PUT"`), 13234},
		"beep":              {room(`beep="loud"`), 13235},
		"nameless room":     {"<Response><Dial><Conference/></Dial></Response>", 13237},
		"label":             {room(`participantLabel="a%2fb"`), 16023},
		"crowded":           {room(`maxParticipants="1000"`), 12200},
		"time limit of 0 s": {`<Response><Dial timeLimit="0"/></Response>`, 12200},
	} {
		_, err := Parse([]byte(c.body))
		te, ok := errors.AsType[*Error](err)
		if !ok || te.Code != c.code {
			t.Errorf("%s: error %v, want code %d", name, err, c.code)
		}
	}
}

// FuzzParse: whatever is read can be written, and reads the same again.
func FuzzParse(f *testing.F) {
	f.Add(everything().Encode())
	f.Add([]byte(`<Response><Say>a</Say><Redirect/></Response>`))
	f.Add([]byte(`<Response><Dial hangupOnStar="TRUE"><Conference waitUrl="">x</Conference></Dial></Response>`))
	f.Add([]byte(`<!DOCTYPE x><Response/>`))
	f.Add([]byte(`<Response><Gather input="DTMF" finishOnKey=" "><!-- menu --><Say loop="0">1</Say></Gather></Response>`))
	f.Add([]byte(`<Response><Record playBeep="FALSE" recordingStatusCallbackEvent="absent  completed"/></Response>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		doc, err := Parse(body)
		if err != nil {
			if _, ok := errors.AsType[*Error](err); !ok {
				t.Fatalf("error without a code: %v", err)
			}
			return
		}
		written := doc.Encode()
		if len(written) > MaxSize {
			return // escaping may lengthen a document beyond what is read
		}
		again, err := Parse(written)
		if err != nil {
			t.Fatalf("%s\nis written as\n%s\nwhich is refused: %v", body, written, err)
		}
		if diff := cmp.Diff(doc, again); diff != "" {
			t.Fatalf("%s\nis written as\n%s\nwhich reads differently: %s", body, written, diff)
		}
	})
}
