package phone_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/twilio"
	"warmdesk/twilio/twiliotest"
)

// never fails the test if somebody has heard a person they should not have.
func never(t *testing.T, who *twiliotest.Leg, name, person string) {
	t.Helper()
	for _, heard := range who.Heard() {
		if strings.HasPrefix(heard, "people: ") && strings.Contains(heard, person) {
			t.Errorf("%s heard %q: %q", name, person, who.Heard())
		}
	}
}

// private brings dana, ana and ben as far as a private talk.
func (o *office) private() (dana, ana, ben *twiliotest.Leg) {
	o.t.Helper()
	dana, ana = o.connect()
	o.ready("ben")
	o.ask(call.Consult, "ana", "ben")
	ben = o.Agent("ben").Ringing(o.t)
	if heard := dana.Hears(); strings.HasPrefix(heard, "people") {
		o.t.Errorf("ben rings, and dana hears %q", heard)
	}
	dana.WaitFor(o.t, "music")
	ben.Answer()
	ana.WaitFor(o.t, "people: ben")
	ben.WaitFor(o.t, "people: ana")
	dana.WaitFor(o.t, "music")
	o.until(call.Private)
	never(o.t, dana, "dana", "ben")
	never(o.t, ben, "ben", "+15550001")
	return dana, ana, ben
}

// Ask in private, back and forth, all three, in private again, and hand over.
func TestPrivateTransfer(t *testing.T) {
	o := newOffice(t, "ana", "ben")
	dana, ana, ben := o.private()
	if !slices.Contains(dana.Heard(), "words: "+call.WordsAsking) {
		t.Errorf("dana heard %q", dana.Heard())
	}
	for range 2 {
		o.ask(call.Swap, "ana", "")
		dana.WaitFor(t, "people: ana")
		ben.WaitFor(t, "music")
		ana.WaitFor(t, "people: +15550001")
		o.ask(call.Swap, "ana", "")
		ben.WaitFor(t, "people: ana")
		dana.WaitFor(t, "music")
		ana.WaitFor(t, "people: ben")
	}
	never(t, dana, "dana", "ben")
	never(t, ben, "ben", "+15550001")
	o.ask(call.Merge, "ana", "")
	dana.WaitFor(t, "people: ana, ben")
	ben.WaitFor(t, "people: +15550001, ana")
	o.ask(call.Consult, "ana", "")
	dana.WaitFor(t, "music")
	ben.WaitFor(t, "people: ana")
	o.ask(call.HandOver, "ana", "")
	ana.WaitFor(t, "completed")
	dana.WaitFor(t, "people: ben")
	dana.HangUp()
	o.over(time.Second)
	if dana.Silence() > longestGap {
		t.Errorf("dana heard nothing for %v", dana.Silence())
	}
	o.noFaults()
}

// From swapped: dana is with ana, and never with nobody.
func TestHandOverWhileSwapped(t *testing.T) {
	o := newOffice(t, "ana", "ben")
	dana, ana, _ := o.private()
	o.ask(call.Swap, "ana", "")
	dana.WaitFor(t, "people: ana")
	o.ask(call.HandOver, "ana", "")
	ana.WaitFor(t, "completed")
	dana.WaitFor(t, "people: ben")
	if dana.Silence() > longestGap {
		t.Errorf("dana heard nothing for %v", dana.Silence())
	}
}

func TestHoldAndBack(t *testing.T) {
	o := newOffice(t, "ana")
	dana, ana := o.connect()
	o.ask(call.PutOnHold, "ana", "")
	dana.WaitFor(t, "words: "+call.WordsHeld)
	dana.WaitFor(t, "music")
	ana.WaitFor(t, "silence")
	o.ask(call.Resume, "ana", "")
	dana.WaitFor(t, "people: ana")
	ana.WaitFor(t, "people: +15550001")
}

// Ben declines: dana is still on hold, and ana goes back or asks somebody else.
func TestDeclinedInPrivate(t *testing.T) {
	o := newOffice(t, "ana", "ben", "cy")
	dana, ana := o.connect()
	o.ready("ben")
	o.ask(call.Consult, "ana", "ben")
	o.Agent("ben").Ringing(t).Reject()
	o.until(call.Held)
	dana.WaitFor(t, "music")
	o.ready("cy")
	o.ask(call.Consult, "ana", "cy")
	cy := o.Agent("cy").Ringing(t)
	cy.Answer()
	cy.WaitFor(t, "people: ana")
	o.ask(call.Cancel, "ana", "")
	cy.WaitFor(t, "completed")
	dana.WaitFor(t, "people: ana")
	never(t, cy, "cy", "+15550001")
	dana.HangUp()
	ana.WaitFor(t, "completed")
	o.over(time.Second)
}

// The answers to holding and letting back are lost: it is seen that they were
// obeyed, nobody is rung before, and nobody hears what is not for them.
func TestLostAnswersInPrivate(t *testing.T) {
	o := newOffice(t, "ana", "ben")
	lose := true
	o.LoseAnswers(func(r *http.Request) bool {
		if r.Method != http.MethodPost || !strings.Contains(r.URL.Path, "/Participants/") {
			return false
		}
		lose = !lose
		return !lose // every other one
	})
	dana, _, ben := o.private()
	o.ask(call.Swap, "ana", "")
	dana.WaitFor(t, "people: ana")
	never(t, dana, "dana", "ben")
	never(t, ben, "ben", "+15550001")
	o.ask(call.Cancel, "ana", "")
	ben.WaitFor(t, "completed")
	dana.WaitFor(t, "people: ana")
}

// endConference ends whatever conference there is, from outside.
func (o *office) endConference() {
	o.t.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client, err := twilio.NewClient(twilio.Config{AccountSID: account, Password: token, BaseURL: o.api, HTTP: &http.Client{Transport: transport}})
	if err != nil {
		o.t.Fatal(err)
	}
	list, err := client.ListConferences(o.t.Context(), twilio.ConferenceFilter{})
	if err != nil || len(list) != 1 {
		o.t.Fatalf("%d conferences: %v", len(list), err)
	}
	if _, err := client.EndConference(o.t.Context(), list[0].SID); err != nil {
		o.t.Fatal(err)
	}
}

// The conference ends in the middle of a private talk: ana and ben are in a new
// one at once, and dana hears music outside it.
func TestConferenceEndsInPrivate(t *testing.T) {
	o := newOffice(t, "ana", "ben")
	dana, ana, ben := o.private()
	o.endConference()
	ana.WaitFor(t, "people: ben")
	dana.WaitFor(t, "music")
	never(t, dana, "dana", "ben")
	o.ask(call.Resume, "ana", "")
	ben.WaitFor(t, "completed")
	dana.WaitFor(t, "people: ana")
	never(t, ben, "ben", "+15550001")
}

// The desk is killed in the middle of a private talk; ana's line ends meanwhile.
func TestRestartInPrivate(t *testing.T) {
	o := newOffice(t, "ana", "ben")
	dana, ana, ben := o.private()
	o.stop()
	ana.HangUp() // nobody hears of it
	dana.WaitFor(t, "music")
	o.begin("ana", "ben")
	o.until(call.Recovering)
	dana.WaitFor(t, "music")
	o.ask(call.Take, "ben", "")
	dana.WaitFor(t, "people: ben")
	dana.HangUp()
	ben.WaitFor(t, "completed")
	o.over(time.Second)
}

// Dana hangs up while ben is rung in private, and while they talk.
func TestCustomerLeavesOnHold(t *testing.T) {
	o := newOffice(t, "ana", "ben")
	dana, _ := o.connect()
	o.ready("ben")
	o.ask(call.Consult, "ana", "ben")
	ben := o.Agent("ben").Ringing(t)
	dana.HangUp()
	ben.WaitFor(t, "canceled")
	o.over(time.Second)
}

// Handed over, and taken back by a page that accepts by itself.
func TestTakeBack(t *testing.T) {
	o := newOffice(t, "ana", "ben")
	dana, ana, ben := o.private()
	o.ask(call.HandOver, "ana", "")
	ana.WaitFor(t, "completed")
	dana.WaitFor(t, "people: ben")
	o.ask(call.TakeBack, "ana", "")
	again := o.Agent("ana").Ringing(t)
	if again.Param("kind") != "rejoin" || again.Param("key") == "" {
		t.Errorf("ana's page got %q, key %q", again.Param("kind"), again.Param("key"))
	}
	again.Answer()
	ben.WaitFor(t, "completed")
	dana.WaitFor(t, "people: ana")
	if dana.Silence() > longestGap {
		t.Errorf("dana heard nothing for %v", dana.Silence())
	}
	o.noFaults()
}

// Sent without asking: ben declines, and dana is back with ana; then he comes.
func TestSend(t *testing.T) {
	o := newOffice(t, "ana", "ben")
	dana, ana := o.connect()
	o.ready("ben")
	o.ask(call.Send, "ana", "ben")
	ana.WaitFor(t, "completed")
	dana.WaitFor(t, "music")
	o.Agent("ben").Ringing(t).Reject()
	back := o.Agent("ana").Ringing(t)
	back.Answer()
	dana.WaitFor(t, "people: ana")
	o.ask(call.Send, "ana", "ben")
	ben := o.Agent("ben").Ringing(t)
	ben.Answer()
	back.WaitFor(t, "completed")
	dana.WaitFor(t, "people: ben")
	never(t, ben, "ben", "ana")
	dana.HangUp()
	o.over(time.Second)
}

// Given back to the queue: the next free agent has dana.
func TestRequeue(t *testing.T) {
	o := newOffice(t, "ana", "ben")
	dana, ana := o.connect()
	o.ask(call.Requeue, "ana", "")
	ana.WaitFor(t, "completed")
	dana.WaitFor(t, "words: "+call.WordsPassedOn)
	o.ready("ben")
	o.Agent("ben").Ringing(t).Answer()
	dana.WaitFor(t, "people: ben")
}
