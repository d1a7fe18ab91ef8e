package audio

import (
	"math"
	"strings"
	"time"
)

// The keys of a telephone as sound: two tones at once, one for the row and one for the
// column (ITU-T Q.23).
const keyNames = "123A456B789C*0#D"

var (
	keyRows    = [4]float64{697, 770, 852, 941}
	keyColumns = [4]float64{1209, 1336, 1477, 1633}
)

// How a key sounds. Receivers want 40 ms of tone, 40 ms of pause and tones between 0
// and -25 dBm (ITU-T Q.24); a full-scale sine of µ-law is +3.14 dBm0 (G.711). The
// column is 2 dB louder, as telephone lines take more of it.
const (
	keyTime    = 100 * time.Millisecond
	keyPause   = 70 * time.Millisecond
	rowLevel   = -9 - 3.14 // dBFS: -9 dBm0
	columnGain = 2         // dB
)

// KeyTones returns the two tones of a key in Hz, of the row first; false: there is no such
// key.
func KeyTones(key rune) (row, column float64, ok bool) {
	at := strings.IndexRune(keyNames, key)
	if at < 0 {
		return 0, 0, false
	}
	return keyRows[at/4], keyColumns[at%4], true
}

// Keys makes the sound of keys pressed one after the other, each followed by a pause.
// What is no key is left out.
func Keys(keys string) Clip {
	var samples []int16
	for _, key := range keys {
		row, column, ok := KeyTones(key)
		if !ok {
			continue
		}
		low := Tone(row, amplitude(rowLevel), sampleCount(keyTime)).Samples
		for i, v := range Tone(column, amplitude(rowLevel+columnGain), len(low)).Samples {
			low[i] += v // far below full scale
		}
		samples = append(append(samples, low...), make([]int16, sampleCount(keyPause))...)
	}
	return Clip{Samples: samples}
}

// amplitude is the peak of a sine at so many dBFS.
func amplitude(dbfs float64) float64 { return math.MaxInt16 * math.Pow(10, dbfs/20) }

func sampleCount(d time.Duration) int { return int(d * Rate / time.Second) }
