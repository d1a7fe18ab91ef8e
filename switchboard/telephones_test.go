package switchboard_test

import (
	"net/url"
	"testing"
	"time"

	"warmdesk/switchboard"
	"warmdesk/twilio"
)

// Numbers of the test telephones.
const (
	robin    = "+12025550100"
	inUse    = "+12025550101"
	mailbox  = "+12025550102"
	nobody   = "+12025550103"
	warm     = "+12025550104"
	hurried  = "+12025550105"
	notThere = "+12025550199"
)

func phones() []switchboard.Telephone {
	return []switchboard.Telephone{
		{Number: robin, Behaviour: switchboard.Answers, Tone: phoneTone},
		{Number: inUse, Behaviour: switchboard.Busy},
		{Number: mailbox, Behaviour: switchboard.Machine, Tone: phoneTone},
		{Number: nobody, Behaviour: switchboard.NoAnswer},
		{Number: warm, Behaviour: switchboard.Warm, Tone: phoneTone},
		{Number: hurried, Behaviour: switchboard.Answers, Tone: phoneTone, Stays: 6 * time.Second},
	}
}

// TestATelephoneComesAndGoes: a number is rung into a customer's room, is heard by
// everybody there, and hangs up; the others talk on.
func TestATelephoneComesAndGoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.app.serve("/call", customerRoom)
	w.app.serve("/wait", `<Play loop="0">/wait.wav</Play>`)
	w.app.serve("/agent", room)
	dana, err := w.phone("dana", danaTone).Call(w.ctx, url.Values{"To": {line}})
	if err != nil {
		t.Fatal(err)
	}
	ana, _ := w.ring(w.phone("agent1", anaTone), "/agent")
	w.hears(dana, anaTone)

	made := w.create(twilio.NewCall{To: hurried, URL: w.app.server.URL + "/agent", MachineDetection: twilio.MachineDetectionEnable})
	if made.Status != twilio.CallQueued || made.To != hurried {
		t.Errorf("made %+v", made)
	}
	for i, status := range []string{"initiated", "ringing", "in-progress"} {
		told := w.app.wait(w.ctx, "/progress", "CallSid", made.SID, "CallStatus", status)
		if n := told.form.Get("SequenceNumber"); n != string(rune('0'+i)) {
			t.Errorf("%s is number %s", status, n)
		}
	}
	w.app.wait(w.ctx, "/agent", "CallSid", made.SID, "AnsweredBy", "human", "To", hurried)
	w.hears(dana, anaTone, phoneTone)
	w.hears(ana, danaTone, phoneTone)
	if got, err := w.client.FetchCall(w.ctx, made.SID); err != nil || got.Status != twilio.CallInProgress {
		t.Errorf("%+v, %v", got, err)
	}

	w.app.wait(w.ctx, "/progress", "CallSid", made.SID, "CallStatus", "completed", "AnsweredBy", "human", "SipResponseCode", "200")
	w.app.wait(w.ctx, "/events", "StatusCallbackEvent", "participant-leave", "CallSid", made.SID, "ReasonParticipantLeft", "participant_hung_up")
	w.hears(dana, anaTone)
	w.hears(ana, danaTone)
}

// TestTelephonesThatNobodyAnswers tells how such calls end. Their document is never
// asked for, but the machine's.
func TestTelephonesThatNobodyAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.app.serve("/machine", `<Hangup/>`)
	listen := func(to string, timeout time.Duration) twilio.Call {
		return w.create(twilio.NewCall{To: to, URL: w.app.server.URL + "/machine", Timeout: timeout, MachineDetection: twilio.MachineDetectionEnable})
	}
	busy, silent, machine := listen(inUse, 0), listen(nobody, 3*time.Second), listen(mailbox, 0)
	w.app.wait(w.ctx, "/progress", "CallSid", busy.SID, "CallStatus", "busy", "SipResponseCode", "486", "SequenceNumber", "1")
	w.app.wait(w.ctx, "/progress", "CallSid", silent.SID, "CallStatus", "ringing")
	w.app.wait(w.ctx, "/machine", "CallSid", machine.SID, "AnsweredBy", "machine_start")
	w.app.wait(w.ctx, "/progress", "CallSid", silent.SID, "CallStatus", "no-answer", "SipResponseCode", "487")
	w.app.wait(w.ctx, "/progress", "CallSid", machine.SID, "CallStatus", "completed", "AnsweredBy", "machine_start")

	for to, code := range map[string]int{notThere: 21214, "sip:robin@example.com": 21214, "+1": 21211, robin + "\r\nX: 1": 21211, "12025550100": 21211} {
		_, err := w.client.CreateCall(w.ctx, twilio.NewCall{To: to, From: line, URL: w.app.server.URL + "/machine"})
		if !twilio.IsCode(err, code) {
			t.Errorf("%q: %v, not %d", to, err, code)
		}
	}
}

// TestATelephonePressesAKey: the warm one, once it was asked to.
func TestATelephonePressesAKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.app.serve("/accept", `<Gather numDigits="1" action="{app}/accepted" timeout="5"><Play>/hello.wav</Play></Gather><Redirect>{app}/accept</Redirect>`)
	w.app.serve("/accepted", `<Hangup/>`)
	cool := w.create(twilio.NewCall{To: robin, URL: w.app.server.URL + "/accept"})
	made := w.create(twilio.NewCall{To: warm, URL: w.app.server.URL + "/accept"})
	w.app.wait(w.ctx, "/accepted", "CallSid", made.SID, "Digits", "1")
	w.app.wait(w.ctx, "/progress", "CallSid", made.SID, "CallStatus", "completed")
	if _, err := w.client.UpdateCall(w.ctx, cool.SID, twilio.CallUpdate{Status: twilio.CallCompleted}); err != nil {
		t.Errorf("the other one has not stayed: %v", err)
	}
}
