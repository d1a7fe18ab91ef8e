package switchboard_test

import (
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/twilio"
)

const menu = `<Gather action="{app}/keys" numDigits="1" timeout="20"><Play loop="0">/hello.wav</Play></Gather>`

const message = `<Record action="{app}/said" maxLength="30" timeout="2" finishOnKey="#"
	recordingStatusCallback="{app}/kept" recordingStatusCallbackEvent="in-progress completed absent"/><Redirect>{app}/nothing</Redirect>`

// TestPressAKeyAndLeaveAMessage is the end of the ladder as the switchboard sees
// it, with real audio: a caller chooses a message, speaks, and what was said is
// had back by REST.
func TestPressAKeyAndLeaveAMessage(t *testing.T) {
	w := newWorld(t)
	w.app.serve("/call", menu)
	w.app.serve("/keys", message)
	w.app.serve("/said", `<Play loop="0">/wait.wav</Play>`)
	dana := w.phone("dana", danaTone)
	call, err := dana.Call(w.ctx, url.Values{"To": {line}, "Digits": {"9"}, "RecordingUrl": {"https://evil.test"}})
	if err != nil {
		t.Fatal(err)
	}
	if asked := w.app.wait(w.ctx, "/call"); asked.form.Has("Digits") || asked.form.Has("RecordingUrl") {
		t.Errorf("a browser sets standard parameters: %v", asked.form)
	}
	w.hears(call, helloTone)
	if err := call.Press(w.ctx, "2"); err != nil {
		t.Fatal(err)
	}
	pressed := w.app.wait(w.ctx, "/keys", "Digits", "2", "FinishedOnKey", "", "CallSid", call.SID(), "CallStatus", "in-progress")
	if pressed.form.Has("RecordingSid") {
		t.Errorf("keys come with a recording: %v", pressed.form)
	}
	begun := w.app.wait(w.ctx, "/kept", "RecordingStatus", "in-progress")
	time.Sleep(3 * time.Second) // the caller's tone is the message
	call.Mute(true)             // and 2 s of silence are its end
	spoken := time.Since(begun.at)
	said := w.app.wait(w.ctx, "/said", "CallSid", call.SID(), "CallStatus", "in-progress")
	sid, seconds := said.form.Get("RecordingSid"), said.form.Get("RecordingDuration")
	if said.form.Has("Digits") || said.form.Get("RecordingUrl") != publicURL+"/2010-04-01/Accounts/"+account+"/Recordings/"+sid {
		t.Errorf("the action is told %v", said.form)
	}
	kept := w.app.wait(w.ctx, "/kept", "RecordingStatus", "completed", "RecordingSid", sid, "RecordingUrl", said.form.Get("RecordingUrl"),
		"RecordingDuration", seconds, "RecordingChannels", "1", "RecordingSource", "RecordVerb", "CallSid", call.SID(), "AccountSid", account)
	if began, err := twilio.ParseTime(kept.form.Get("RecordingStartTime")); err != nil || began.Sub(begun.at).Abs() > 2*time.Second {
		t.Errorf("begun at %v: %v", began, err)
	}
	sameParameters(t, said, "RecordingSid", "RecordingUrl", "RecordingDuration", "CallSid", "AccountSid", "From", "Caller", "To", "Called",
		"CallStatus", "Direction", "ApiVersion", "Trusted")
	sameParameters(t, kept, "AccountSid", "CallSid", "RecordingSid", "RecordingUrl", "RecordingStatus", "RecordingDuration",
		"RecordingChannels", "RecordingStartTime", "RecordingSource")
	w.hears(call, waitTone)
	call.Hangup()
	w.app.wait(w.ctx, "/status", "CallSid", call.SID(), "CallStatus", "completed")
	w.isRecorded(sid, danaTone, spoken, seconds)
	if err := w.client.DeleteRecording(w.ctx, sid); err != nil {
		t.Fatal(err)
	}
	if _, err := w.client.FetchRecording(w.ctx, sid); !twilio.IsCode(err, twilio.CodeNotFound) {
		t.Errorf("a deleted recording: %v", err)
	}
}

// sameParameters checks that a webhook has the parameters that Twilio documents,
// and no others.
func sameParameters(t *testing.T, h hook, names ...string) {
	t.Helper()
	slices.Sort(names)
	if diff := cmp.Diff(names, slices.Sorted(maps.Keys(h.form))); diff != "" {
		t.Errorf("%s (-want +got):\n%s", h.path, diff)
	}
}

// isRecorded checks that a recording holds a tone of about that length, and that
// its length was told right.
func (w *world) isRecorded(sid string, tone float64, about time.Duration, seconds string) {
	w.Helper()
	rec, err := w.client.FetchRecording(w.ctx, sid)
	if err != nil || rec.Status != twilio.RecordingCompleted || rec.Duration != seconds {
		w.Fatalf("recording: %+v, %v", rec, err)
	}
	sound, err := w.client.RecordingAudio(w.ctx, sid)
	if err != nil {
		w.Fatal(err)
	}
	defer sound.Close()
	body, err := io.ReadAll(sound)
	if err != nil || sound.Type != "audio/x-wav" || sound.Size != int64(len(body)) {
		w.Fatalf("%d of %d bytes of %s: %v", len(body), sound.Size, sound.Type, err)
	}
	clip := decodeWAV(w, body)
	if clip.Duration().Round(time.Second) != rec.Length() || (clip.Duration()-about).Abs() > time.Second {
		w.Errorf("the recording is %v long, not about %v and told as %s s", clip.Duration(), about, seconds)
	}
	middle := clip.Samples[len(clip.Samples)/3 : len(clip.Samples)*2/3]
	for _, other := range allTones() {
		if heard := audio.Goertzel(middle, other) > loudness/10; heard != (other == tone) {
			w.Errorf("in the recording %v Hz is heard: %t", other, heard)
		}
	}
}

// TestAHangUpInTheMiddleOfAMessage: what was said until then is kept, the action
// is told of it with Digits=hangup, and nothing is asked of the caller any more.
func TestAHangUpInTheMiddleOfAMessage(t *testing.T) {
	w := newWorld(t)
	w.app.serve("/call", message)
	call, err := w.phone("dana", danaTone).Call(w.ctx, url.Values{"To": {line}})
	if err != nil {
		t.Fatal(err)
	}
	begun := w.app.wait(w.ctx, "/kept", "RecordingStatus", "in-progress")
	time.Sleep(2 * time.Second) // of the message
	call.Hangup()
	spoken := time.Since(begun.at)
	said := w.app.wait(w.ctx, "/said", "Digits", "hangup", "CallStatus", "completed", "CallSid", call.SID())
	sid := said.form.Get("RecordingSid")
	w.app.wait(w.ctx, "/kept", "RecordingStatus", "completed", "RecordingSid", sid)
	w.isRecorded(sid, danaTone, spoken, said.form.Get("RecordingDuration"))

	w.stop()
	if left, err := os.ReadDir(w.recordings); err != nil || len(left) != 2 {
		t.Errorf("beside the recording and its note: %v, %v", left, err)
	}
}

// TestWhoSaysNothingLeavesNoMessage goes on with the verb behind the <Record>,
// also when keys come by the signalling.
func TestWhoSaysNothingLeavesNoMessage(t *testing.T) {
	w := newWorld(t)
	w.app.serve("/call", menu)
	w.app.serve("/keys", message)
	w.app.serve("/nothing", `<Hangup/>`)
	call, err := w.phone("dana", danaTone).Call(w.ctx, url.Values{"To": {line}})
	if err != nil {
		t.Fatal(err)
	}
	w.hears(call, helloTone)
	call.Mute(true)
	if err := call.PressBySignal(w.ctx, "2"); err != nil {
		t.Fatal(err)
	}
	w.app.wait(w.ctx, "/keys", "Digits", "2")
	absent := w.app.wait(w.ctx, "/kept", "RecordingStatus", "absent")
	w.app.wait(w.ctx, "/nothing")
	if _, err := w.client.FetchRecording(w.ctx, absent.form.Get("RecordingSid")); !twilio.IsCode(err, twilio.CodeNotFound) {
		t.Errorf("an absent recording: %v", err)
	}
}

// TestAMessageThatACrashCutOff is told and can be heard when a switchboard comes
// up on what the crash has left: here a copy of the folder of one that runs.
func TestAMessageThatACrashCutOff(t *testing.T) {
	w := newWorld(t)
	w.app.serve("/call", message)
	call, err := w.phone("dana", danaTone).Call(w.ctx, url.Values{"To": {line}})
	if err != nil {
		t.Fatal(err)
	}
	sid := w.app.wait(w.ctx, "/kept", "RecordingStatus", "in-progress").form.Get("RecordingSid")
	for file := filepath.Join(w.recordings, sid+".wav"); ; time.Sleep(50 * time.Millisecond) {
		if info, err := os.Stat(file); err == nil && info.Size() > 2*2*audio.Rate {
			break
		}
		if w.ctx.Err() != nil {
			t.Fatal("nothing is written while the caller speaks")
		}
	}
	left := filepath.Join(t.TempDir(), "left")
	if err := os.CopyFS(left, os.DirFS(w.recordings)); err != nil {
		t.Fatal(err)
	}
	next := newWorldIn(t, left)
	told := w.app.wait(w.ctx, "/kept", "RecordingStatus", "completed", "RecordingSid", sid, "CallSid", call.SID())
	next.isRecorded(sid, danaTone, 2*time.Second, told.form.Get("RecordingDuration"))
}
