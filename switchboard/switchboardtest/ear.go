package switchboardtest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"warmdesk/switchboard/internal/audio"
)

const (
	// earMemory is how many frames an ear remembers: a minute.
	earMemory = 60 * audio.Rate / audio.FrameSize
	// earWindow is the stretch of audio in which tones are looked for when a
	// test waits for them: long enough to tell tones 50 Hz apart.
	earWindow = 100 * time.Millisecond
	// toneThreshold is the peak amplitude from which on a tone counts as heard,
	// a tenth of what the phones send.
	toneThreshold = loudness / 10
	// soundThreshold is the RMS from which on a frame counts as sound rather
	// than silence: -52 dBFS, below quiet music.
	soundThreshold = 80
)

// ear remembers what a call has heard.
type ear struct {
	mu     sync.Mutex
	frames []heardFrame // oldest first
}

type heardFrame struct {
	at      time.Time
	samples audio.Frame
}

func (e *ear) hear(at time.Time, payload []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.frames) == 2*earMemory {
		e.frames = slices.Delete(e.frames, 0, earMemory)
	}
	f := heardFrame{at: at}
	audio.DecodeULaw(f.samples[:], payload)
	e.frames = append(e.frames, f)
}

func (e *ear) since(t time.Time) []heardFrame {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := len(e.frames)
	for i > 0 && e.frames[i-1].at.After(t) {
		i--
	}
	return slices.Clone(e.frames[i:])
}

func samples(frames []heardFrame) []int16 {
	var all []int16
	for _, f := range frames {
		all = append(all, f.samples[:]...)
	}
	return all
}

// Tones returns which of the given tones, in Hz, were heard in the last d, in the
// order given. d of less than 60 ms cannot tell neighbouring tones apart.
func (c *Call) Tones(d time.Duration, among ...float64) []float64 {
	return tones(samples(c.ear.since(time.Now().Add(-d))), among)
}

func tones(s []int16, among []float64) []float64 {
	var found []float64
	for _, freq := range among {
		if audio.Goertzel(s, freq) > toneThreshold {
			found = append(found, freq)
		}
	}
	return found
}

// WaitTones waits until exactly the tones of want, out of those of among, are
// heard for 100 ms.
func (c *Call) WaitTones(ctx context.Context, want, among []float64) error {
	ticker := time.NewTicker(audio.FrameTime)
	defer ticker.Stop()
	for {
		s := samples(c.ear.since(time.Now().Add(-earWindow)))
		var heard []float64
		if enough := int(earWindow/audio.FrameTime-1) * audio.FrameSize; len(s) >= enough {
			heard = tones(s, among)
			if slices.Equal(heard, want) {
				return nil
			}
		}
		select {
		case <-ticker.C:
		case <-c.over:
			return c.gone()
		case <-ctx.Done():
			return fmt.Errorf("hears %v of %v, want %v: %w", heard, among, want, context.Cause(ctx))
		}
	}
}

// Level returns the RMS of what was heard in the last d, 0 to 32768. A single
// phone's tone has about 5600.
func (c *Call) Level(d time.Duration) float64 {
	return audio.RMS(samples(c.ear.since(time.Now().Add(-d))))
}

// LongestGap returns the longest time since t in which nothing was heard, be it
// silence or missing packets, up to now. At most a minute is remembered.
func (c *Call) LongestGap(since time.Time) time.Duration {
	last, longest := since, time.Duration(0)
	for _, f := range c.ear.since(since) {
		if audio.RMS(f.samples[:]) < soundThreshold {
			continue
		}
		longest = max(longest, f.at.Sub(last))
		last = f.at
	}
	return max(longest, time.Since(last))
}

// Samples returns what was heard in the last d, 8 kHz, for a test's own analysis.
func (c *Call) Samples(d time.Duration) []int16 {
	return samples(c.ear.since(time.Now().Add(-d)))
}
