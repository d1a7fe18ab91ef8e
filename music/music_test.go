package music

import (
	"math"
	"slices"
	"testing"
)

func rms(s []int16) float64 {
	var sum float64
	for _, v := range s {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(s)))
}

func dBFS(v float64) float64 { return 20 * math.Log10(v/32768) }

// amplitude returns how strong the sine of freq Hz is in s (Goertzel, Hann window).
func amplitude(s []int16, freq float64) float64 {
	k := 2 * math.Cos(turn*freq/Rate)
	var a, b, weight float64
	for i, v := range s {
		w := 0.5 - 0.5*math.Cos(turn*(float64(i)+0.5)/float64(len(s)))
		weight += w
		a, b = w*float64(v)+k*a-b, a
	}
	return 2 * math.Sqrt(max(0, a*a+b*b-k*a*b)) / weight
}

func TestHoldLevel(t *testing.T) {
	s := Hold()
	if len(s) != 48*Rate {
		t.Errorf("%d samples", len(s))
	}
	if got := dBFS(rms(s)); got < -25 || got > -23 {
		t.Errorf("RMS %.1f dBFS, want -24", got)
	}
	if got := dBFS(float64(slices.Max(s))); got > -9 {
		t.Errorf("peak %.1f dBFS", got)
	}
	if got := dBFS(-float64(slices.Min(s))); got > -9 {
		t.Errorf("peak %.1f dBFS", got)
	}
	// No passage is so loud that one reaches for the knob, or so soft that it is lost.
	for at := 0; at < len(s); at += Rate {
		if got := dBFS(rms(s[at : at+Rate])); got < -30 || got > -19 {
			t.Errorf("second %d at %.1f dBFS", at/Rate, got)
		}
	}
	t.Logf("RMS %.1f dBFS, peak %.1f dBFS", dBFS(rms(s)), dBFS(float64(slices.Max(s))))
}

// A caller must never take the music for a lost line, across the seam neither.
func TestHoldNeverPauses(t *testing.T) {
	s := Hold()
	twice := append(slices.Clone(s), s...)
	const step, most = Rate / 100, Rate * 150 / 1000
	quiet := 0
	lowest := 0.0
	for at := 0; at+step <= len(twice); at += step {
		l := dBFS(rms(twice[at:at+step]) + 1e-9)
		lowest = min(lowest, l)
		if quiet += step; l > -50 {
			quiet = 0
		}
		if quiet > most {
			t.Fatalf("silent for more than 150 ms before sample %d", at)
		}
	}
	t.Logf("the softest 10 ms are at %.1f dBFS", lowest)
}

// Nothing clicks: no sample departs further from the line through its neighbours
// than 8 kHz sound of this level has to, and the seam is no exception.
func TestHoldIsSmooth(t *testing.T) {
	s := Hold()
	bend := func(i int) float64 {
		n := len(s)
		return math.Abs(float64(s[(i+n-1)%n]) - 2*float64(s[i%n]) + float64(s[(i+1)%n]))
	}
	var most float64
	for i := range s {
		most = max(most, bend(i))
	}
	if limit := 0.5 * float64(slices.Max(s)); most > limit {
		t.Errorf("bends by %.0f, limit %.0f", most, limit)
	}
	seam := max(bend(len(s)-2), bend(len(s)-1), bend(0), bend(1))
	if seam > most/2 {
		t.Errorf("bends by %.0f at the seam, by at most %.0f elsewhere", seam, most)
	}
	// A step in one instrument alone would be hidden by the others: listen to each.
	for name, voice := range map[string]instrument{"pad": pad, "bass": bass, "pluck": pluck, "flute": flute} {
		for _, at := range []float64{0, voice.seconds} {
			if v := math.Abs(voice.sound(300, at)); v > 1e-6 {
				t.Errorf("%s is at %.4f at %.1f s", name, v, at)
			}
		}
	}
}

// The music must not be taken for a person in tests, where each sends a tone, nor
// for the tones of a line test.
func TestHoldIsNoTestTone(t *testing.T) {
	s := Hold()
	const window = Rate / 5
	for _, freq := range []float64{440, 600, 850, 1000, 1200, 1300, 1700, 2100} {
		var strongest float64
		for at := 0; at+window <= len(s); at += window / 2 {
			strongest = max(strongest, amplitude(s[at:at+window], freq))
		}
		if got := dBFS(strongest); got > -45 {
			t.Errorf("%v Hz reaches %.1f dBFS", freq, got)
		} else {
			t.Logf("%v Hz: at most %.1f dBFS", freq, got)
		}
	}
	var low, high float64 // energy below and above 900 Hz, in bins of 5 Hz
	for freq := 5.0; freq < Rate/2; freq += 5 {
		a := amplitude(s[:8*Rate], freq)
		if freq < 900 {
			low += a * a
		} else {
			high += a * a
		}
	}
	if share := high / (low + high); share > 0.02 {
		t.Errorf("%.1f %% of the energy is above 900 Hz", 100*share)
	}
}

func TestHoldIsTheSameEachTime(t *testing.T) {
	if !slices.Equal(Hold(), Hold()) {
		t.Error("played differently the second time")
	}
}

func BenchmarkHold(b *testing.B) {
	for b.Loop() {
		Hold()
	}
}
