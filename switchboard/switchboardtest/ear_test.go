package switchboardtest

import (
	"slices"
	"testing"
	"time"

	"warmdesk/switchboard/internal/audio"
)

// hearing makes a call that has heard the clips, 20 ms apart, the last one just
// now; nil stands for a packet that never came.
func hearing(frames ...[]int16) *Call {
	c := &Call{ear: &ear{}}
	start := time.Now().Add(-time.Duration(len(frames)) * audio.FrameTime)
	for i, f := range frames {
		if f == nil {
			continue
		}
		payload := make([]byte, audio.FrameSize)
		audio.EncodeULaw(payload, f)
		c.ear.hear(start.Add(time.Duration(i+1)*audio.FrameTime), payload)
	}
	return c
}

func tone(freq float64, frames int) [][]int16 {
	return slices.Collect(slices.Chunk(audio.Tone(freq, loudness, frames*audio.FrameSize).Samples, audio.FrameSize))
}

func TestTones(t *testing.T) {
	c := hearing(append(tone(440, 10), tone(800, 10)...)...)
	among := []float64{440, 550, 620, 800}
	if got := c.Tones(190*time.Millisecond, among...); !slices.Equal(got, []float64{800}) {
		t.Errorf("heard %v just now", got)
	}
	if got := c.Tones(time.Second, among...); !slices.Equal(got, []float64{440, 800}) {
		t.Errorf("heard %v in all", got)
	}
	if got := c.Level(190 * time.Millisecond); got < 5000 || got > 6000 {
		t.Errorf("level %.0f", got)
	}
}

func TestLongestGap(t *testing.T) {
	silence := make([]int16, audio.FrameSize)
	frames := tone(440, 20)
	frames[4], frames[5], frames[6] = nil, silence, nil
	c := hearing(frames...)
	if got := c.LongestGap(time.Now().Add(-380 * time.Millisecond)); got < 75*time.Millisecond || got > 90*time.Millisecond {
		t.Errorf("three missing frames are a gap of %s", got)
	}
	if got := c.LongestGap(time.Now().Add(-time.Second)); got < 500*time.Millisecond {
		t.Errorf("the silence before the first frame is a gap of %s", got)
	}
	ended := time.Now().Add(-time.Second)
	if got := (&Call{ear: &ear{}}).LongestGap(ended); got < time.Second {
		t.Errorf("with nothing heard the gap is %s", got)
	}
}

func TestEarForgets(t *testing.T) {
	e := &ear{}
	start := time.Now()
	for i := range 3 * earMemory {
		e.hear(start.Add(time.Duration(i)*audio.FrameTime), nil)
	}
	if n := len(e.frames); n < earMemory || n > 2*earMemory {
		t.Errorf("%d frames are remembered", n)
	}
}
