// Package music composes the desk's own hold music: a slow piece in E flat of
// sixteen bars, written here as a score and played by four soft instruments made
// of sines. Nobody else holds rights in it and nothing has to be fetched.
//
// It is made for the telephone. Almost all of it lies below 900 Hz, where a
// telephone's 8 kHz sound clean; it never pauses, because a caller takes a pause
// for a lost line; and it repeats without a seam, because every note that rings
// beyond the end rings on at the beginning.
package music

import "math"

// Rate is the sample rate of Hold, in Hz.
const Rate = 8000

const (
	bars    = 16
	bar     = 3 * Rate // four beats of 0.75 s
	quaver  = bar / 8
	samples = bars * bar // 48 s

	// tuning is the pitch of the A above middle C. A little below concert pitch no
	// note of the piece, nor a strong overtone, comes within 15 Hz of the round
	// frequencies (600, 1000, 1200 Hz, …) that line tests and our own tests use.
	tuning = 436

	// level is the RMS of the whole, −24 dBFS: under the speech that interrupts it.
	level = 2068
)

// Hold returns the piece as 48 s of samples at Rate, one channel, to be played
// over and over. It is the same each time.
func Hold() []int16 {
	dry, wet := make(loop, samples), make(loop, samples)
	for i, c := range score {
		at := i * bar
		dry.play(bass, note{at, c.bass, 0.30})
		for _, key := range c.pad {
			dry.play(pad, note{at, key, 0.16})
		}
		for q, step := range figures[c.figure] {
			if step == rest {
				continue
			}
			accent := 0.13
			if q%4 == 0 {
				accent = 0.19
			}
			wet.play(pluck, note{at + q*quaver, c.pad[step] + octave, accent})
		}
	}
	for _, m := range melody {
		wet.play(flute, note{m.bar*bar + m.quaver*quaver, m.key, 0.13})
	}
	dry.add(wet.withEcho())
	return dry.atLevel()
}

// loop is sound whose end is followed by its beginning.
type loop []float64

// play adds a note. What rings beyond the end is added to the beginning.
func (l loop) play(voice instrument, n note) {
	freq := tuning * math.Pow(2, float64(n.key-keyA4)/12)
	for i := range int(voice.seconds * Rate) {
		l[(n.at+i)%len(l)] += n.loudness * voice.sound(freq, float64(i)/Rate)
	}
}

func (l loop) add(other loop) {
	for i := range l {
		l[i] += other[i]
	}
}

// withEcho returns l with a few soft repetitions, as in a room with a wooden floor.
func (l loop) withEcho() loop {
	out := make(loop, len(l))
	for _, echo := range []struct{ delay, gain float64 }{{0, 1}, {0.151, 0.22}, {0.283, 0.26}, {0.467, 0.15}, {0.731, 0.09}} {
		shift := len(l) - int(echo.delay*Rate)
		for i := range out {
			out[i] += echo.gain * l[(i+shift)%len(l)]
		}
	}
	return out
}

// atLevel returns l as samples whose RMS is level.
func (l loop) atLevel() []int16 {
	var sum float64
	for _, v := range l {
		sum += v * v
	}
	gain := level / math.Sqrt(sum/float64(len(l)))
	out := make([]int16, len(l))
	for i, v := range l {
		out[i] = int16(math.Round(gain * v))
	}
	return out
}
