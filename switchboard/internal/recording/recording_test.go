package recording

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/twilio"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	sid  = "RE00000000000000000000000000000001"
	call = "CA00000000000000000000000000000001"
)

func open(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// say gives the tape so much of a tone, or of silence, at the pace of its disk.
func say(tape *Tape, freq float64, d time.Duration) {
	var f audio.Frame
	clip := audio.Tone(freq, 8000, int(d*audio.Rate/time.Second)).Samples
	for len(clip) > 0 {
		copy(f[:], clip)
		clip = clip[audio.FrameSize:]
		tape.frames <- f
	}
}

const silence = 0.0 // a tone of 0 Hz

// hear reads a recording's sound.
func hear(t *testing.T, s *Store, sid string) []int16 {
	t.Helper()
	f, err := s.Audio(sid)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return decode(t, f)
}

func decode(t *testing.T, f *os.File) []int16 {
	t.Helper()
	body, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	clip, err := audio.Decode("audio/wav", strings.NewReader(string(body)), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	return clip.Samples
}

func length(samples []int16) time.Duration { return audio.Clip{Samples: samples}.Duration() }

func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestWhatIsSaidIsKept(t *testing.T) {
	for name, c := range map[string]struct {
		trim bool
		want time.Duration
	}{"whole": {false, 5 * time.Second}, "trimmed": {true, 2200 * time.Millisecond}} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "kept")
			s := open(t, dir)
			tape := s.Start(Options{SID: sid, CallSID: call, Trim: c.trim})
			say(tape, silence, time.Second)
			say(tape, 440, 1800*time.Millisecond)
			say(tape, silence, 2200*time.Millisecond)
			if r, err := s.Get(sid); err != nil || r.Status != twilio.RecordingInProgress {
				t.Errorf("while it is recorded: %+v, %v", r, err)
			}
			if _, err := s.Audio(sid); !errors.Is(err, ErrInProgress) {
				t.Errorf("its sound: %v", err)
			}
			if err := s.Delete(sid); !errors.Is(err, ErrInProgress) {
				t.Errorf("deleting it: %v", err)
			}
			r, kept, err := tape.Close()
			if err != nil || !kept || r.Duration.Round(10*time.Millisecond) != c.want || r.CallSID != call || r.Status != twilio.RecordingCompleted {
				t.Fatalf("recorded %+v, %v, %v; want %v", r, kept, err, c.want)
			}
			samples := hear(t, s, sid)
			if length(samples) != r.Duration {
				t.Errorf("the file is %v long, not %v", length(samples), r.Duration)
			}
			if loud := audio.Goertzel(samples[len(samples)/4:len(samples)/2], 440); loud < 5000 {
				t.Errorf("440 Hz has amplitude %v", loud)
			}
			for path, mode := range map[string]fs.FileMode{dir: 0o700, filepath.Join(dir, sid+".wav"): 0o600, filepath.Join(dir, sid+".json"): 0o600} {
				if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
					t.Errorf("%s: %v, %v", path, info.Mode(), err)
				}
			}
			if again, kept, err := tape.Close(); again != r || !kept || err != nil {
				t.Errorf("closed twice: %+v, %v, %v", again, kept, err)
			}

			if err := s.Delete(sid); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Get(sid); !errors.Is(err, ErrNotFound) {
				t.Errorf("after its deletion: %v", err)
			}
			if left := files(t, dir); len(left) != 0 {
				t.Errorf("left: %v", left)
			}
		})
	}
}

func TestSilenceAndClicksAreNoMessage(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	tape := s.Start(Options{SID: sid, CallSID: call})
	say(tape, silence, time.Second)
	say(tape, 440, (speechFrames-1)*audio.FrameTime)
	say(tape, silence, time.Second)
	if r, kept, err := tape.Close(); kept || err != nil {
		t.Errorf("kept %+v, %v", r, err)
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	if all := s.List(func(Recording) bool { return true }); len(all) != 0 {
		t.Errorf("listed: %v", all)
	}
}

func TestQuietIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.TempDir())
		told := 0
		tape := s.Start(Options{SID: sid, CallSID: call, Silence: 2 * time.Second, Quiet: func() { told++ }})
		for _, step := range []struct {
			freq float64
			d    time.Duration
			want int
		}{
			{silence, 1900 * time.Millisecond, 0}, {440, 20 * time.Millisecond, 0},
			{silence, 1980 * time.Millisecond, 0}, {silence, 20 * time.Millisecond, 1}, {silence, 5 * time.Second, 1},
		} {
			say(tape, step.freq, step.d)
			synctest.Wait()
			if told != step.want {
				t.Fatalf("after %+v told %d times", step, told)
			}
		}
		tape.Close()
	})
}

// TestHearNeverWaits: with a writer that does not come round, the queue fills
// and what follows is lost and told.
func TestHearNeverWaits(t *testing.T) {
	s := open(t, t.TempDir())
	stuck := make(chan struct{})
	tape := s.Start(Options{SID: sid, CallSID: call, Quiet: func() { <-stuck }})
	var loud, still audio.Frame
	copy(loud[:], audio.Tone(440, 8000, audio.FrameSize).Samples)
	tape.Hear(&still) // the writer hangs in Quiet, at once or after some frames
	for range queued + 100 {
		tape.Hear(&loud)
	}
	if allocated := testing.AllocsPerRun(100, func() { tape.Hear(&loud) }); allocated != 0 {
		t.Errorf("Hear allocates %v times", allocated)
	}
	close(stuck)
	r, kept, err := tape.Close()
	if !kept || r.Duration < queued*audio.FrameTime || err == nil || !strings.Contains(err.Error(), "too slow") {
		t.Errorf("kept %v: %+v, %v", kept, r, err)
	}
	tape.Hear(&loud) // as the engine may once more
}

// TestACutOffMessageIsThereAtTheNextOpen copies the folder of a running tape, as
// a crash leaves it.
func TestACutOffMessageIsThereAtTheNextOpen(t *testing.T) {
	dir, after := t.TempDir(), t.TempDir()
	s := open(t, dir)
	tape := s.Start(Options{SID: sid, CallSID: call, Callback: "https://a.test/kept", Method: "POST"})
	defer tape.Close()
	say(tape, 440, 3500*time.Millisecond)
	for written := int64(0); written < headerSize+3*audio.Rate*sampleSize; {
		if info, err := os.Stat(filepath.Join(dir, sid+".wav")); err == nil {
			written = info.Size()
		}
	}
	if err := os.CopyFS(after, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(after, sid+".wav"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := length(decode(t, f)); got != 3*time.Second {
		t.Errorf("as the crash left it %v can be played", got)
	}
	// What else a crash may leave, and what is none of our business.
	for name, body := range map[string]string{
		"RE00000000000000000000000000000002.wav": "a file without a note", "RE00000000000000000000000000000003.json": "{",
		"RE00000000000000000000000000000004.json": `{"sid":"RE00000000000000000000000000000004","status":"in-progress"}`,
		sid + ".json.part":                        "{", "README": "mine",
	} {
		if err := os.WriteFile(filepath.Join(after, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	next := open(t, after)
	r, err := next.Get(sid)
	if err != nil || r.Status != twilio.RecordingCompleted || r.Duration != 3*time.Second || r.CallSID != call {
		t.Fatalf("repaired: %+v, %v", r, err)
	}
	if told := next.Repaired(); len(told) != 1 || told[0] != r || r.Callback != "https://a.test/kept" || r.Method != "POST" {
		t.Errorf("to be told: %+v", told)
	}
	if again := next.Repaired(); len(again) != 0 {
		t.Errorf("to be told twice: %+v", again)
	}
	if got := length(hear(t, next, sid)); got != 3*time.Second {
		t.Errorf("%v of 3 s can be heard", got)
	}
	if left := strings.Join(files(t, after), " "); left != sid+".json "+sid+".wav README" {
		t.Errorf("left: %s", left)
	}
	last := open(t, after)
	if all := last.List(func(Recording) bool { return true }); len(all) != 1 || all[0].Duration != r.Duration || len(last.Repaired()) != 0 {
		t.Errorf("opened again: %+v", all)
	}
}

func TestADiskThatFails(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if err := os.Mkdir(filepath.Join(dir, sid+".wav"), 0o700); err != nil { // nothing can be written there
		t.Fatal(err)
	}
	tape := s.Start(Options{SID: sid, CallSID: call})
	say(tape, 440, 3*time.Second)
	if r, kept, err := tape.Close(); kept || err == nil {
		t.Errorf("kept %v: %+v, %v", kept, r, err)
	}
	if _, err := s.Get(sid); !errors.Is(err, ErrNotFound) {
		t.Errorf("the books have it: %v", err)
	}
}
