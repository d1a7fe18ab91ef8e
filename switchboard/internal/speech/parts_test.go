package speech

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"warmdesk/switchboard/internal/audio"
)

func newLogger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"Please hold.":              "Please hold.",
		" a\r\n\tb  c ":             "a b c",
		"It’s Zoë — “hi”…":          `It's Zoe , "hi"...`,
		"Straße, señor, Łódź":       "Strasse, senor, Lodz",
		"call 您好 me\x00\x1b[1m now": "call me [1m now",
		"bad \xff\xfe bytes":        "bad bytes",
	} {
		if got, err := clean(in); got != want || err != nil {
			t.Errorf("%q: got %q, %v, want %q", in, got, err, want)
		}
	}
}

func TestCut(t *testing.T) {
	words := func(n int) string { return strings.TrimSpace(strings.Repeat("abcd ", n)) } // 5n−1 bytes
	for name, test := range map[string]struct {
		text string
		want []piece
	}{
		"nothing":       {"", nil},
		"short":         {"One. Two. Three.", []piece{{"One. Two. Three.", 0}}},
		"exactly fits":  {strings.Repeat("x", pieceBytes), []piece{{strings.Repeat("x", pieceBytes), 0}}},
		"at a sentence": {"One. " + words(20) + ". Two, " + words(30), []piece{{"One. " + words(20) + ".", 0}, {"Two, " + words(30), sentencePause}}},
		"at a comma":    {words(20) + ", " + words(30), []piece{{words(20) + ",", 0}, {words(30), phrasePause}}},
		"at a word":     {words(60), []piece{{words(40), 0}, {words(20), noPause}}},
		"anywhere":      {strings.Repeat("x", pieceBytes+5), []piece{{strings.Repeat("x", pieceBytes), 0}, {"xxxxx", noPause}}},
		"fits, blank":   {words(40) + "x " + words(2), []piece{{words(40) + "x", 0}, {words(2), noPause}}},
	} {
		if diff := cmp.Diff(test.want, cut(test.text), cmp.AllowUnexported(piece{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "Please hold.", "Zoë’s — “x”", strings.Repeat("a, b. ", 100), strings.Repeat("x", 999), "\xff\x00", " . "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words, err := clean(text)
		if err != nil {
			if words != "" {
				t.Fatalf("%q beside %v", words, err)
			}
			return
		}
		if again, err := clean(words); again != words || err != nil {
			t.Fatalf("cleaning %q again gives %q, %v", words, again, err)
		}
		var joined strings.Builder
		for _, p := range cut(words) {
			if p.text == "" || len(p.text) > pieceBytes || strings.TrimSpace(p.text) != p.text {
				t.Fatalf("piece %q of %q", p.text, words)
			}
			for _, b := range []byte(p.text) {
				if b < ' ' || b > '~' {
					t.Fatalf("byte %#x reaches flite", b)
				}
			}
			joined.WriteString(p.text)
		}
		if strip := strings.NewReplacer(" ", ""); strip.Replace(joined.String()) != strip.Replace(words) {
			t.Fatalf("pieces of %q lose something: %q", words, joined.String())
		}
	})
}

func TestFileName(t *testing.T) {
	name := func(text, voice string) string {
		n, err := FileName(text, voice)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	base := name("Please hold.", "")
	for _, same := range []string{name(" Please  hold. ", "alice"), name("Please hold.", "Polly.Joanna-Neural"), name("Please hold.", "nobody")} {
		if same != base {
			t.Errorf("%s differs from %s", same, base)
		}
	}
	for _, other := range []string{name("Please hold", ""), name("Please hold.", "man"), name("Please hold.", "Polly.Kendra")} {
		if other == base {
			t.Errorf("%s stands for two", other)
		}
	}
	if _, err := FileName("您好", ""); !errors.Is(err, ErrUnspeakable) {
		t.Errorf("got %v", err)
	}
}

func TestTrimAndLevel(t *testing.T) {
	quiet := make([]int16, audio.Rate)
	tone := audio.Tone(300, 500, audio.Rate).Samples
	trimmed := trim(append(append(append([]int16(nil), quiet...), tone...), quiet...))
	if extra := len(trimmed) - len(tone); extra < margin || extra > 2*margin+2*window {
		t.Errorf("%d samples remain around it", extra)
	}
	if trim(quiet) != nil || len(level(quiet)) != len(quiet) || level(nil) != nil {
		t.Error("silence is not silence any more")
	}
	if got := dBFS(audio.RMS(level(tone))); got < -20.1 || got > -19.9 {
		t.Errorf("level %.2f dBFS", got)
	}
	// A click that would be clipped holds the level down.
	click := append(audio.Tone(300, 500, audio.Rate).Samples, 20000)
	level(click)
	if last := click[len(click)-1]; last < maxPeak-1 || last > maxPeak {
		t.Errorf("peak at %d, want %d", last, maxPeak)
	}
}

func TestWAV(t *testing.T) {
	for _, n := range []int{0, 1, 800, 801} {
		in := audio.Tone(440, 8000, n).Samples
		got, err := audio.Decode("", bytes.NewReader(WAV(in)), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		codes, want := make([]byte, n), make([]int16, n)
		audio.EncodeULaw(codes, in)
		audio.DecodeULaw(want, codes)
		if !cmp.Equal(got.Samples, want) {
			t.Errorf("%d samples come back as %d others", n, len(got.Samples))
		}
	}
}

func TestCacheForgetsTheOldest(t *testing.T) {
	clip := audio.Clip{Samples: make([]int16, 1000)}
	c := newCache(3 * (2*len(clip.Samples) + overhead))
	made := ""
	get := func(keys string) {
		for _, k := range keys {
			_, err := c.get(t.Context(), string(k), func() (audio.Clip, error) {
				made += string(k)
				return clip, nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	get("abcadabcd")
	if want := "abcd" + "bcd"; made != want { // d drops b, b drops c, c drops d; a was asked for in between
		t.Errorf("made %q, want %q", made, want)
	}
	if c.bytes != 3*(2*len(clip.Samples)+overhead) || len(c.entries) != 3 || c.recent.Len() != 3 {
		t.Errorf("%d bytes in %d entries", c.bytes, len(c.entries))
	}
	clip = audio.Clip{Samples: make([]int16, 5000)} // larger than the cache: not kept
	get("ee")
	if !strings.HasSuffix(made, "ee") || len(c.entries) != 3 {
		t.Errorf("made %q, %d entries", made, len(c.entries))
	}
}

func TestCacheMakesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCache(1 << 20)
		release, made := make(chan error), 0
		var wg sync.WaitGroup
		results := make([]error, 3)
		ask := func(i int, ctx context.Context) {
			wg.Go(func() {
				_, results[i] = c.get(ctx, "k", func() (audio.Clip, error) {
					made++
					return audio.Clip{}, <-release
				})
			})
			synctest.Wait()
		}
		gone, cancel := context.WithCancelCause(t.Context())
		ask(0, t.Context())
		ask(1, t.Context())
		ask(2, gone)
		cancel(errors.New("gone")) // who waits may leave
		synctest.Wait()
		release <- fmt.Errorf("the first one's own") // the second tries for itself
		release <- nil
		wg.Wait()
		if made != 2 || results[0] == nil || results[1] != nil || results[2] == nil || results[2].Error() != "gone" {
			t.Errorf("made %d times, results %v", made, results)
		}
	})
}

func TestCacheSurvivesPanic(t *testing.T) {
	c := newCache(1 << 20)
	func() {
		defer func() { _ = recover() }()
		_, _ = c.get(t.Context(), "k", func() (audio.Clip, error) { panic("broken") })
	}()
	if _, err := c.get(t.Context(), "k", func() (audio.Clip, error) { return audio.Clip{}, nil }); err != nil {
		t.Error(err)
	}
}
