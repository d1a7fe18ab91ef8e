package twiliotest_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"warmdesk/twilio"
	"warmdesk/twiml"
)

const (
	keyMenu = `<Gather action="/keys" numDigits="2" timeout="60"><Say loop="0">Press a key</Say></Gather><Redirect>/late</Redirect>`
	tape    = `<Record action="/said" timeout="60" maxLength="30" finishOnKey="#" recordingStatusCallback="/kept"
		recordingStatusCallbackEvent="in-progress completed absent"/><Redirect>/late</Redirect>`
)

// newMessages is an application with a menu of keys and a tape behind it.
func newMessages(t *testing.T) *app {
	a := newApp(t, nil)
	a.set("/voice", keyMenu)
	a.set("/keys", tape)
	a.set("/said", `<Say loop="0">Thank you</Say>`)
	a.set("/late", `<Say loop="0">Too late</Say>`)
	return a
}

func TestPressAKeyAndLeaveAMessage(t *testing.T) {
	a := newMessages(t)
	dana := a.Call("+15550001")
	dana.WaitFor(t, "words: Press a key")
	dana.Press(t, "1")
	dana.WaitFor(t, "silence")
	dana.Press(t, "2")
	a.reports(t, "/keys", "12  in-progress", "Digits", "FinishedOnKey", "CallStatus")
	dana.Speak(t, 4*time.Second)
	dana.Speak(t, 3*time.Second)
	dana.Press(t, "1") // not a key that ends it
	dana.Press(t, "#")
	dana.WaitFor(t, "words: Thank you")
	a.reports(t, "/said", "7 # in-progress", "RecordingDuration", "Digits", "CallStatus")
	a.reports(t, "/kept", "completed 7 1 RecordVerb "+dana.SID, "RecordingStatus", "RecordingDuration", "RecordingChannels", "RecordingSource", "CallSid")

	all := must[[]twilio.Recording](t)(a.client.ListCallRecordings(t.Context(), dana.SID))
	if len(all) != 1 || all[0].Status != twilio.RecordingCompleted || all[0].Length() != 7*time.Second {
		t.Fatalf("the call's recordings: %+v", all)
	}
	sid := all[0].SID
	url := "https://api.twilio.com/2010-04-01/Accounts/" + account + "/Recordings/" + sid
	a.reports(t, "/said", sid+" "+url, "RecordingSid", "RecordingUrl")
	a.reports(t, "/kept", "in-progress "+sid+" "+url, "RecordingStatus", "RecordingSid", "RecordingUrl")
	sound := must[twilio.Sound](t)(a.client.RecordingAudio(t.Context(), sid))
	defer sound.Close()
	if body := must[[]byte](t)(io.ReadAll(sound)); len(body) != 44+7*16000 || sound.Size != int64(len(body)) || sound.Type != "audio/x-wav" {
		t.Errorf("%d bytes of %s", len(body), sound.Type)
	}
	if err := a.client.DeleteRecording(t.Context(), sid); err != nil {
		t.Fatal(err)
	}
	if _, err := a.client.FetchRecording(t.Context(), sid); !twilio.IsCode(err, twilio.CodeNotFound) {
		t.Errorf("a deleted recording: %v", err)
	}
	if _, err := a.client.RecordingAudio(t.Context(), sid); !twilio.IsCode(err, twilio.CodeNotFound) {
		t.Errorf("its sound: %v", err)
	}
	a.noFaults(t)
}

func TestAHangUpInTheMiddleOfAMessage(t *testing.T) {
	a := newMessages(t)
	a.set("/voice", tape)
	dana := a.Call("+15550001")
	dana.Speak(t, 3*time.Second)
	dana.HangUp()
	dana.WaitFor(t, "completed")
	a.reports(t, "/said", "hangup 3 completed", "Digits", "RecordingDuration", "CallStatus")
	a.reports(t, "/kept", "completed 3", "RecordingStatus", "RecordingDuration")

	silent := a.Call("+15550002")
	a.reports(t, "/kept", "in-progress "+silent.SID, "RecordingStatus", "CallSid")
	silent.HangUp()
	silent.WaitFor(t, "completed")
	a.reports(t, "/kept", "absent "+silent.SID, "RecordingStatus", "CallSid")
	if all := must[[]twilio.Recording](t)(a.client.ListCallRecordings(t.Context(), silent.SID)); len(all) != 0 {
		t.Errorf("who said nothing has left %+v", all)
	}
	a.noFaults(t)
}

// Without keys and words a document goes on with its next verb; a message that
// is too long ends; a redirected call keeps its message, and its action is not
// asked.
func TestOtherEndsOfKeysAndMessages(t *testing.T) {
	a := newMessages(t)
	dana := a.Call("+15550001")
	dana.StaySilent(t)
	dana.WaitFor(t, "words: Too late")

	a.set("/voice", tape)
	silent := a.Call("+15550002")
	silent.StaySilent(t)
	silent.WaitFor(t, "words: Too late")
	a.reports(t, "/kept", "absent "+silent.SID, "RecordingStatus", "CallSid")

	long := a.Call("+15550003")
	long.Speak(t, time.Hour)
	long.WaitFor(t, "words: Thank you")
	a.reports(t, "/said", long.SID+" 30 ", "CallSid", "RecordingDuration", "Digits")

	moved := a.Call("+15550004")
	moved.Speak(t, 5*time.Second)
	must[twilio.Call](t)(a.client.UpdateCall(t.Context(), moved.SID, twilio.CallUpdate{URL: a.url + "/second"}))
	moved.WaitFor(t, "words: Second document")
	if got := a.reports(t, "/kept", "completed 5 "+moved.SID, "RecordingStatus", "RecordingDuration", "CallSid"); len(got) == 0 {
		t.Error("nothing is told of a redirected call's message")
	}
	if got := a.reports(t, "/said", long.SID, "CallSid"); strings.Contains(strings.Join(got, " "), moved.SID) {
		t.Errorf("the action of a redirected call was asked: %q", got)
	}

	a.set("/voice", `<Gather timeout="1" actionOnEmptyResult="true" action="/keys"/>`)
	a.Call("+15550005")
	a.reports(t, "/keys", "+15550005 ", "From", "Digits")
	a.set("/voice", `<Gather finishOnKey="*" action="/keys"/>`)
	a.Call("+15550006").Press(t, "4#*")
	a.reports(t, "/keys", "+15550006 4# *", "From", "Digits", "FinishedOnKey")
	a.noFaults(t)
}

// The desk's own documents, as they are encoded, know no attribute that Twilio
// does not; others are warned of and run.
func TestUnknownAttributesAreFaults(t *testing.T) {
	a := newMessages(t)
	a.set("/voice", `<Gather timeout="60" digits="1" action="/keys"/>`)
	a.Call("+15550001").Press(t, "1#")
	a.reports(t, "/keys", "1", "Digits")
	if faults := a.Faults(); len(faults) != 1 || !strings.Contains(faults[0], "12200") || !strings.Contains(faults[0], "<Gather> has no attribute digits") {
		t.Errorf("faults: %q", faults)
	}

	b := newMessages(t)
	doc := string(twiml.Document{
		twiml.Gather{Action: "/keys", Method: "POST", NumDigits: 1, FinishOnKey: twiml.String(""), Timeout: time.Minute, ActionOnEmptyResult: true},
		twiml.Record{
			Action: "/said", Method: "POST", Timeout: time.Second, MaxLength: time.Minute, FinishOnKey: twiml.String("#"), PlayBeep: twiml.Bool(true),
			Trim: twiml.DoNotTrim, RecordingStatusCallback: "/kept", RecordingStatusCallbackMethod: "POST", RecordingStatusCallbackEvents: []string{"completed"},
		},
	}.Encode())
	_, doc, _ = strings.Cut(doc, "<Response>")
	b.set("/voice", strings.TrimSuffix(doc, "</Response>"))
	b.Call("+15550001").Press(t, "1")
	b.reports(t, "/keys", "1", "Digits")
	b.noFaults(t)
}
