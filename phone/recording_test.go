package phone_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/phone"
	"warmdesk/twilio/twiliotest"
)

const told = "This call may be recorded."

// only is the only call there is, as it is stored.
func (o *office) only(dana *twiliotest.Leg) call.Call {
	o.t.Helper()
	id, err := o.desk.Resolve(o.t.Context(), account, dana.SID)
	if err != nil {
		o.t.Fatal(err)
	}
	c, err := o.desk.Call(o.t.Context(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

// comes waits until something is so of a customer's call.
func (o *office) comes(dana *twiliotest.Leg, what string, so func(call.Call) bool) {
	o.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if so(o.only(dana)) {
			return
		}
	}
	o.t.Fatalf("%s did not come: %+v", what, o.only(dana).Recorder)
}

// recorded waits until the recording is in that state.
func (o *office) recorded(dana *twiliotest.Leg, want call.RecordingState) {
	o.t.Helper()
	o.comes(dana, "recording "+string(want), func(c call.Call) bool { return call.RecordingOf(c) == want })
}

// ended waits until the call has.
func (o *office) ended(dana *twiliotest.Leg) call.Call {
	o.t.Helper()
	o.comes(dana, "the end", func(c call.Call) bool { return c.Stage == call.Ended })
	return o.only(dana)
}

// taped are what is to be heard on the recordings of a leg, without what was
// repeated.
func (o *office) taped(l *twiliotest.Leg) []string {
	var all []string
	for _, one := range o.Recorded(l.SID) {
		all = append(all, one...)
	}
	return slices.Compact(all)
}

// TestTheConversationIsRecorded: the customer is told first, and what is recorded
// is what the customer says and hears from people; not on hold, not what two agents
// say in private, and not while an agent has paused it.
func TestTheConversationIsRecorded(t *testing.T) {
	o := newOfficeThat(t, told, "ana", "ben")
	dana, ana := o.connect()
	if heard := dana.Heard(); len(heard) < 3 || heard[2] != "words: "+told {
		t.Errorf("dana heard %q", heard)
	}
	o.recorded(dana, call.RecordingRuns)
	o.ask(call.RecordPause, "ana", "")
	o.recorded(dana, call.RecordingPaused)
	o.ready("ben")
	o.ask(call.Consult, "ana", "ben")
	o.Agent("ben").Ringing(t).Answer()
	ana.WaitFor(t, "people: ben")
	o.ask(call.Merge, "ana", "")
	dana.WaitFor(t, "people: ana, ben")
	if got := o.taped(dana); !slices.Equal(got, []string{"people: ana"}) {
		t.Errorf("while it is paused there is on the recording %q", got)
	}
	o.ask(call.RecordResume, "ben", "")
	o.recorded(dana, call.RecordingRuns)
	o.ask(call.HandOver, "ana", "")
	dana.WaitFor(t, "people: ben")
	o.ask(call.RecordStop, "ben", "")
	o.recorded(dana, call.RecordingStopped)
	dana.HangUp()
	over := o.ended(dana)
	want := []string{"people: ana", "people: ana, ben", "people: ben"}
	if got := o.taped(dana); !slices.Equal(got, want) {
		t.Errorf("on the recordings there is %q, want %q", got, want)
	}
	for _, l := range o.Legs() {
		if l != dana && len(o.Recorded(l.SID)) > 0 {
			t.Errorf("a leg of %s is recorded", l.To)
		}
	}
	if reels := over.Recorder.Reels; len(reels) != 1 || len(reels[0].Tracks) != 1 || reels[0].Tracks[0].Status != call.TrackKept {
		t.Errorf("kept: %+v", reels)
	}
	o.noFaults()
}

// TestARecordingThatDoesNotBegin: an answer that is lost makes no second recording,
// and no trouble of it is heard.
func TestARecordingThatDoesNotBegin(t *testing.T) {
	o := newOfficeThat(t, told, "ana")
	lost := false
	o.LoseAnswers(func(r *http.Request) bool {
		is := !lost && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/Recordings.json")
		lost = lost || is
		return is
	})
	dana, _ := o.connect()
	o.recorded(dana, call.RecordingRuns)
	if n := len(o.Recorded(dana.SID)); n != 1 || !lost {
		t.Errorf("%d recordings, lost %v", n, lost)
	}
	dana.HangUp()
	o.ended(dana)
}

// TestNobodyIsRecordedByDefault: no word of it is said.
func TestNobodyIsRecordedByDefault(t *testing.T) {
	o := newOffice(t, "ana")
	dana, _ := o.connect()
	if slices.Contains(dana.Heard(), "words: "+told) || len(o.Recorded(dana.SID)) > 0 || call.RecordingOf(o.only(dana)) != call.NotRecorded {
		t.Errorf("dana heard %q, recorded %v", dana.Heard(), o.Recorded(dana.SID))
	}
}

// TestWhoCannotBeSavedIsTold: the call may have been saved all the same, as one
// whose customer hears the announcement.
func TestWhoCannotBeSavedIsTold(t *testing.T) {
	s := &site{fakeDesk: &fakeDesk{recovery: true, calls: map[call.ID]call.Call{}, broken: errors.New("disk full")}, mux: http.NewServeMux()}
	phone.NewWebhooks(phone.Config{
		Account: account, AuthToken: token, PublicURL: public, Number: "+15550100",
		Heard: hears(phone.Heard{Announcements: map[string]string{"": told}, MusicURL: public + "/assets/music.wav"}), Logger: discard(),
	}, s.fakeDesk).Register(s.mux)
	if doc := s.arrive(t); !strings.Contains(doc, "<Say>"+told+"</Say><Dial") {
		t.Errorf("they are told %s", doc)
	}
}
