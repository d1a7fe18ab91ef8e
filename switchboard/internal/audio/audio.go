// Package audio holds what the switchboard knows of sound itself: frames and
// clips of telephone audio, the G.711 codecs, readers for the files a TwiML
// document may play, and the arithmetic that makes and recognises tones.
//
// Everything inside the switchboard is 8 kHz, one channel, 16 bits linear; what
// comes from outside is converted once, when it is decoded.
package audio

import (
	"math"
	"time"
)

const (
	// Rate is the sample rate of everything inside the switchboard, in Hz.
	Rate = 8000
	// FrameSize is the number of samples in a frame.
	FrameSize = 160
	// FrameTime is how long a frame lasts: the packet time every G.711 endpoint
	// supports (RFC 3551, section 4.2).
	FrameTime = FrameSize * time.Second / Rate
)

// Frame is 20 ms of linear audio, the unit in which legs, rooms and clips
// exchange sound.
type Frame [FrameSize]int16

// speechLevel is the RMS from which on a frame is not silence: -44 dBFS. Speech is
// near -20 dBFS, a quiet room well below -50.
const speechLevel = 200

// Speech reports whether the frame is loud enough to be more than silence.
func (f *Frame) Speech() bool { return RMS(f[:]) >= speechLevel }

// Clip is a piece of audio that is played as a whole: a spoken sentence, a piece
// of music. Its samples are never changed after it was made, so any number of
// listeners share them.
type Clip struct {
	Samples []int16
}

// Duration tells how long the clip plays.
func (c Clip) Duration() time.Duration {
	return time.Duration(len(c.Samples)) * time.Second / Rate
}

// Clamp narrows a sum of samples to 16 bits, saturating: a sum that wrapped
// around would be heard as a loud crack.
func Clamp(v int32) int16 {
	return int16(min(max(v, math.MinInt16), math.MaxInt16))
}
