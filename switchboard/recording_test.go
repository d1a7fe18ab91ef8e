package switchboard_test

import (
	"io"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/twilio"
)

// heardIn tells which tones a recording holds in any tenth of a second.
func (w *world) heardIn(sid string) map[float64]bool {
	w.Helper()
	sound, err := w.client.RecordingAudio(w.ctx, sid)
	if err != nil {
		w.Fatal(err)
	}
	defer sound.Close()
	body, err := io.ReadAll(sound)
	if err != nil {
		w.Fatal(err)
	}
	return tonesOf(decodeWAV(w, body))
}

func tonesOf(clip audio.Clip) map[float64]bool {
	found := map[float64]bool{}
	const window = audio.Rate / 10
	for s := clip.Samples; len(s) >= window; s = s[window:] {
		for _, tone := range allTones() {
			found[tone] = found[tone] || audio.Goertzel(s[:window], tone) > loudness/10
		}
	}
	return found
}

// TestACallIsRecorded: what the customer says and hears, with the pause left out,
// and nothing of what two agents say while the customer is held.
func TestACallIsRecorded(t *testing.T) {
	w := newWorld(t)
	w.app.serve("/call", customerRoom)
	w.app.serve("/wait", `<Play loop="0">/wait.wav</Play>`)
	w.app.serve("/agent", room)
	customer, err := w.phone("dana", danaTone).Call(w.ctx, url.Values{"To": {line}})
	if err != nil {
		t.Fatal(err)
	}
	ana, _ := w.ring(w.phone("agent1", anaTone), "/agent")
	w.hears(customer, anaTone)
	w.hears(ana, danaTone)

	change := func(sid, status string) {
		t.Helper()
		if r, err := w.client.UpdateRecording(w.ctx, customer.SID(), sid, status); err != nil || r.Status != status {
			t.Fatalf("%s: %+v, %v", status, r, err)
		}
	}
	began := time.Now()
	made, err := w.client.StartRecording(w.ctx, customer.SID(), twilio.NewRecording{
		StatusCallback: w.app.server.URL + "/kept", StatusCallbackMethod: "POST", StatusCallbackEvents: []string{"in-progress", "completed", "absent"},
	})
	if err != nil || made.Status != twilio.RecordingInProgress || made.Source != twilio.StartCallRecordingAPI || made.CallSID != customer.SID() {
		t.Fatalf("%+v, %v", made, err)
	}
	w.app.wait(w.ctx, "/kept", "RecordingSid", made.SID, "RecordingStatus", "in-progress", "RecordingSource", "StartCallRecordingAPI")
	time.Sleep(2500 * time.Millisecond) // of the conversation; a whole second of it is on the disk at the latest then
	left := filepath.Join(t.TempDir(), "left")
	if err := os.CopyFS(left, os.DirFS(w.recordings)); err != nil { // as a crash would leave it
		t.Fatal(err)
	}
	change(made.SID, twilio.RecordingPaused)
	talked := time.Since(began)
	ben, benCall := w.ring(w.phone("agent2", benTone), "/agent")
	w.hears(customer, anaTone, benTone)
	w.hears(ana, danaTone, benTone)
	if list, err := w.client.ListCallRecordings(w.ctx, customer.SID()); err != nil || len(list) != 1 || list[0].Status != twilio.RecordingPaused {
		t.Errorf("while it is paused: %+v, %v", list, err)
	}
	conferences, err := w.client.ListConferences(w.ctx, twilio.ConferenceFilter{FriendlyName: "support", Status: "in-progress"})
	if err != nil || len(conferences) != 1 {
		t.Fatal(conferences, err)
	}
	if _, err := w.client.UpdateParticipant(w.ctx, conferences[0].SID, customer.SID(), twilio.ParticipantUpdate{Hold: yes()}); err != nil {
		t.Fatal(err)
	}
	w.hears(customer, musicTone)
	change(made.SID, twilio.RecordingInProgress) // hold music is recorded, as on Twilio
	w.hears(ana, benTone)                        // a private word
	time.Sleep(time.Second)
	change("Twilio.CURRENT", twilio.RecordingStopped)
	kept := w.app.wait(w.ctx, "/kept", "RecordingSid", made.SID, "RecordingStatus", "completed")
	got := w.heardIn(made.SID)
	for tone, want := range map[float64]bool{danaTone: true, anaTone: true, musicTone: true, benTone: false} {
		if got[tone] != want {
			t.Errorf("on the recording %v Hz is heard: %t", tone, got[tone])
		}
	}
	length, err := time.ParseDuration(kept.form.Get("RecordingDuration") + "s")
	if err != nil || (length-talked-time.Second).Abs() > 1500*time.Millisecond {
		t.Errorf("%v long, and %v were to be recorded: %v", length, talked+time.Second, err)
	}
	if _, err := w.client.UpdateRecording(w.ctx, customer.SID(), made.SID, twilio.RecordingPaused); !twilio.IsCode(err, twilio.CodeNotInProgress) {
		t.Errorf("pausing what is over: %v", err)
	}
	if err := w.client.DeleteCall(w.ctx, benCall.SID); err == nil {
		t.Error("a call in progress was deleted")
	}
	ben.Hangup()
	w.app.wait(w.ctx, "/progress", "CallSid", benCall.SID, "CallStatus", "completed")
	if err := w.client.DeleteCall(w.ctx, benCall.SID); err != nil {
		t.Error(err)
	}

	next := newWorldIn(t, left)
	if r, err := next.client.FetchRecording(next.ctx, made.SID); err != nil || r.Status != twilio.RecordingCompleted || r.Length() < 2*time.Second {
		t.Errorf("after a crash: %+v, %v", r, err)
	}
	if got := next.heardIn(made.SID); !got[danaTone] || !got[anaTone] || got[benTone] {
		t.Errorf("after a crash there is on it %v", got)
	}
}
