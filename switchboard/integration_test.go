package switchboard_test

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	"warmdesk/twilio"
)

const room = `<Dial action="{app}/after"><Conference startConferenceOnEnter="true" beep="false"
	statusCallback="{app}/events" statusCallbackEvent="start end join leave hold mute">support</Conference></Dial>`

const customerRoom = `<Play>/hello.wav</Play>
	<Dial action="{app}/after"><Conference startConferenceOnEnter="false" beep="false" waitUrl="{app}/wait"
	statusCallback="{app}/events" statusCallbackEvent="start end join leave hold mute">support</Conference></Dial>`

// TestWarmTransfer is the desk's main job as the switchboard sees it, with real
// audio: a customer waits with music, two agents are rung, everybody talks, one
// is held, one disappears, and the customer's end is told.
func TestWarmTransfer(t *testing.T) {
	w := newWorld(t)
	w.app.serve("/call", customerRoom)
	w.app.serve("/wait", `<Play loop="0">/wait.wav</Play>`)
	w.app.serve("/agent", room)
	dana, ana, ben := w.phone("dana", danaTone), w.phone("agent1", anaTone), w.phone("agent2", benTone)

	customer, err := dana.Call(w.ctx, url.Values{"To": {line}, "note": {"a b"}, "Trusted": {"no"}})
	if err != nil {
		t.Fatal(err)
	}
	asked := w.app.wait(w.ctx, "/call", "CallStatus", "ringing", "From", "client:dana", "To", line,
		"note", "a b", "Trusted", "yes", "Direction", "inbound", "AccountSid", account, "ApiVersion", "2010-04-01")
	if sid := asked.form.Get("CallSid"); sid != customer.SID() {
		t.Errorf("the application is told %s, the browser %s", sid, customer.SID())
	}
	w.hears(customer, helloTone)
	w.hears(customer, waitTone)

	first, firstCall := w.ring(ana, "/agent")
	w.hears(customer, anaTone)
	w.hears(first, danaTone)
	w.app.wait(w.ctx, "/agent", "CallStatus", "in-progress", "leg", "7", "To", "client:agent1")

	second, _ := w.ring(ben, "/agent")
	w.hears(customer, anaTone, benTone)
	w.hears(first, danaTone, benTone)
	w.hears(second, danaTone, anaTone)

	conferences, err := w.client.ListConferences(w.ctx, twilio.ConferenceFilter{FriendlyName: "support", Status: "in-progress"})
	if err != nil || len(conferences) != 1 {
		t.Fatalf("conferences: %v, %v", conferences, err)
	}
	held, err := w.client.UpdateParticipant(w.ctx, conferences[0].SID, customer.SID(), twilio.ParticipantUpdate{Hold: yes()})
	if err != nil || !held.Hold {
		t.Fatalf("hold: %+v, %v", held, err)
	}
	w.hears(customer, musicTone)
	w.hears(first, benTone)
	no := false
	if _, err := w.client.UpdateParticipant(w.ctx, conferences[0].SID, customer.SID(), twilio.ParticipantUpdate{Hold: &no}); err != nil {
		t.Fatal(err)
	}
	w.hears(customer, anaTone, benTone)

	died := time.Now()
	ana.Die()
	gone := w.app.wait(w.ctx, "/progress", "CallSid", firstCall.SID, "CallStatus", "completed")
	if late := gone.at.Sub(died); late > 6*time.Second {
		t.Errorf("the dead agent was noticed after %v", late)
	}
	w.app.wait(w.ctx, "/events", "StatusCallbackEvent", "participant-leave", "CallSid", firstCall.SID,
		"ReasonParticipantLeft", "participant_hung_up")
	w.hears(customer, benTone)
	w.hears(second, danaTone)

	if err := w.client.DeleteParticipant(w.ctx, conferences[0].SID, second.SID()); err != nil {
		t.Fatal(err)
	}
	w.app.wait(w.ctx, "/after", "CallSid", second.SID(), "DialCallStatus", "answered")
	if _, err := second.Wait(w.ctx); err != nil { // an empty document hangs up
		t.Fatal(err)
	}
	customer.Hangup()
	w.app.wait(w.ctx, "/events", "StatusCallbackEvent", "conference-end", "ReasonConferenceEnded", "last-participant-left",
		"CallSidEndingConference", customer.SID())
	w.app.wait(w.ctx, "/status", "CallSid", customer.SID(), "CallStatus", "completed")
}

func yes() *bool {
	b := true
	return &b
}

func TestCallsThatAreNotAnswered(t *testing.T) {
	w := newWorld(t)
	w.app.serve("/agent", room)
	ana := w.phone("agent1", anaTone)

	nobody := w.dial("nobody", "/agent")
	w.app.wait(w.ctx, "/progress", "CallSid", nobody.SID, "CallStatus", "failed", "SipResponseCode", "404")

	declined := w.dial("agent1", "/agent")
	call, err := ana.Incoming(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if call.Custom.Get("leg") != "7" || call.Parameters["From"] != line || call.Parameters["CallSid"] != declined.SID {
		t.Errorf("the page sees %v, %v", call.Parameters, call.Custom)
	}
	call.Reject()
	w.app.wait(w.ctx, "/progress", "CallSid", declined.SID, "CallStatus", "busy")

	canceled := w.dial("agent1", "/agent")
	if call, err = ana.Incoming(w.ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := w.client.UpdateCall(w.ctx, canceled.SID, twilio.CallUpdate{Status: twilio.CallCanceled}); err != nil {
		t.Fatal(err)
	}
	if end, err := call.Wait(w.ctx); err != nil || !end.Cancelled {
		t.Errorf("the phone goes on ringing: %+v, %v", end, err)
	}
	w.app.wait(w.ctx, "/progress", "CallSid", canceled.SID, "CallStatus", "canceled")
	_, err = w.client.UpdateCall(w.ctx, canceled.SID, twilio.CallUpdate{Status: twilio.CallCompleted})
	if !twilio.IsCode(err, twilio.CodeNotInProgress) {
		t.Errorf("completing a canceled call: %v", err)
	}
}

func TestStopHangsUp(t *testing.T) {
	w := newWorld(t)
	w.app.serve("/agent", room)
	call, made := w.ring(w.phone("agent1", anaTone), "/agent")
	w.hears(call, musicTone)
	began := time.Now()
	w.stop()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("stopping took %v", took)
	}
	soon, cancel := context.WithTimeout(w.ctx, time.Second)
	defer cancel()
	if _, err := call.Wait(soon); err != nil {
		t.Errorf("the phone was not told: %v", err)
	}
	w.app.wait(soon, "/progress", "CallSid", made.SID, "CallStatus", "completed")
	if _, err := w.client.FetchCall(w.ctx, made.SID); err == nil {
		t.Error("a stopped switchboard answers")
	} else if _, ok := errors.AsType[*twilio.Error](err); ok {
		t.Errorf("the server still runs: %v", err)
	}
}
