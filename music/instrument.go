package music

import "math"

// instrument makes the sound of one note.
type instrument struct {
	seconds float64 // until it has died away completely
	// sound returns the sample t seconds into a note of the given frequency, about −1 to 1.
	sound func(freq, t float64) float64
}

// The instruments. Each begins and ends at zero and gets there slowly enough not
// to click.
var (
	// pad is a choir of two for each note, a little apart in pitch.
	pad = instrument{4.5, func(freq, t float64) float64 {
		const apart = 0.0011
		return fade(t, 0.9, 3.0, 4.5) *
			(partials(freq*(1+apart), t, 1, 0.32, 0.10, 0.03) + partials(freq*(1-apart), t+0.37, 1, 0.32, 0.10, 0.03)) / 2
	}}
	// bass is for the ear's foundation; small loudspeakers render its overtone.
	bass = instrument{3.3, func(freq, t float64) float64 {
		return fade(t, 0.12, 2.6, 3.3) * (0.6 + 0.4*math.Exp(-t)) * partials(freq, t, 1, 0.35, 0.08)
	}}
	// pluck is an electric piano: its overtones are gone sooner than the note.
	pluck = instrument{2.2, func(freq, t float64) float64 {
		bright := 0.8 * math.Exp(-t/0.2)
		return fade(t, 0.012, 1.2, 2.2) * math.Exp(-t/0.55) * math.Sin(turn*freq*t+bright*math.Sin(turn*freq*t))
	}}
	// flute trembles once its note has settled.
	flute = instrument{2.4, func(freq, t float64) float64 {
		const speed, depth = 4.7, 0.0022 // Hz; of the frequency
		tremble := depth * freq / speed * min(t, 1) * math.Sin(turn*speed*t)
		return fade(t, 0.14, 1.3, 2.4) *
			(math.Sin(turn*(freq*t+tremble)) + 0.12*math.Sin(2*turn*(freq*t+tremble)))
	}}
)

const turn = 2 * math.Pi

// partials is a tone with the given strengths of its fundamental and overtones.
func partials(freq, t float64, strengths ...float64) float64 {
	var sum float64
	for i, s := range strengths {
		sum += s * math.Sin(turn*freq*float64(i+1)*t)
	}
	return sum
}

// fade rises from 0 to 1 until in, stays, and falls from out to 0 at end, all in
// seconds, along cosines.
func fade(t, in, out, end float64) float64 {
	switch {
	case t < in:
		return (1 - math.Cos(math.Pi*t/in)) / 2
	case t > out:
		return (1 + math.Cos(math.Pi*min(t-out, end-out)/(end-out))) / 2
	}
	return 1
}
