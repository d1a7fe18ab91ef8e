package browser

import (
	"testing"

	"warmdesk/switchboard/internal/audio"
)

// stream feeds a jitter buffer with frames that carry their number.
type stream struct {
	*testing.T
	j jitter
}

// put delivers frame n; its samples decode to a value that tells n.
func (s *stream) put(n int) {
	payload := make([]byte, audio.FrameSize)
	for i := range payload {
		payload[i] = byte(n)
	}
	s.j.push(7, uint32(1000+n*audio.FrameSize), payload)
}

func value(n int) int16 {
	var v [1]int16
	audio.DecodeULaw(v[:], []byte{byte(n)})
	return v[0]
}

// frame expects frame n to come out.
func (s *stream) frame(n int) {
	s.Helper()
	var f audio.Frame
	if !s.j.pull(&f) || f[0] != value(n) || f[audio.FrameSize-1] != value(n) {
		s.Errorf("out came %d, want frame %d (%d)", f[0], n, value(n))
	}
}

func (s *stream) silence() {
	s.Helper()
	var f audio.Frame
	if s.j.pull(&f) {
		s.Errorf("out came %d, want silence", f[0])
	}
}

func TestJitterKeepsOrder(t *testing.T) {
	s := &stream{T: t}
	s.silence()
	s.put(0)
	s.silence() // one frame in advance is kept
	s.put(2)
	s.put(1)
	s.frame(0)
	s.put(1) // twice
	s.frame(1)
	s.put(3)
	s.frame(2)
	s.frame(3)
	if got := s.j.counted(); got.played != 4 || got.concealed != 0 || got.dropped != 0 {
		t.Errorf("counted %+v", got)
	}
}

func TestJitterConcealsLoss(t *testing.T) {
	s := &stream{T: t}
	for _, n := range []int{0, 1, 3, 4} {
		s.put(n)
	}
	s.frame(0)
	s.frame(1)
	var f audio.Frame
	if !s.j.pull(&f) || f[0] != value(1)/2 {
		t.Errorf("in place of the lost frame came %d, want %d", f[0], value(1)/2)
	}
	s.put(2) // too late
	s.frame(3)
	s.frame(4)
	if got := s.j.counted(); got.played != 4 || got.concealed != 1 || got.dropped != 1 {
		t.Errorf("counted %+v", got)
	}
}

// A stream that stops fades out; when it goes on, nothing is missing.
func TestJitterPause(t *testing.T) {
	s := &stream{T: t}
	s.put(0)
	s.put(1)
	s.frame(0)
	s.frame(1)
	var f audio.Frame
	for i := range concealedLimit {
		if !s.j.pull(&f) {
			t.Errorf("missing frame %d was not concealed", i)
		}
	}
	for range 10 {
		s.silence()
	}
	s.put(2)
	s.put(3)
	s.frame(2)
	s.frame(3)
}

func TestJitterBurstIsCutBack(t *testing.T) {
	s := &stream{T: t}
	for n := range 10 {
		s.put(n)
	}
	s.frame(8) // the two newest remain
}

// After a delay that is over, the buffer gives it back within a few seconds.
func TestJitterShortens(t *testing.T) {
	s := &stream{T: t}
	for n := range 4 {
		s.put(n)
	}
	var f audio.Frame
	for n := 4; n < 4+3*jitterWatch; n++ {
		s.j.pull(&f)
		s.put(n)
	}
	if got := s.j.depth(); got > jitterStart+1 {
		t.Errorf("%d frames are still waiting", got)
	}
	if got := s.j.counted(); got.dropped == 0 || got.dropped > 2 {
		t.Errorf("%d frames were left out", got.dropped)
	}
}

func TestJitterStartsAnew(t *testing.T) {
	for name, next := range map[string]int{"far ahead": 5000, "far behind": -5000} {
		t.Run(name, func(t *testing.T) {
			s := &stream{T: t}
			s.put(0)
			s.put(1)
			s.frame(0)
			s.put(next)
			s.put(next + 1)
			s.frame(next)
		})
	}
}

func TestJitterWrapsAround(t *testing.T) {
	s := &stream{T: t}
	const before = (1<<32 - 1000) / audio.FrameSize // the timestamp wraps between the second frame and the third
	for n := before - 1; n < before+3; n++ {
		s.put(n)
	}
	for n := before - 1; n < before+3; n++ {
		s.frame(n)
	}
}

func TestJitterSkipsDigitalSilence(t *testing.T) {
	s := &stream{T: t}
	s.put(audio.ULawSilence)
	s.put(audio.ULawSilence + 1)
	s.silence()
	if s.j.counted().played != 1 {
		t.Error("the silent frame was not played")
	}
}

func TestJitterDoesNotAllocate(t *testing.T) {
	var j jitter
	payload := make([]byte, audio.FrameSize)
	var f audio.Frame
	at := uint32(0)
	n := testing.AllocsPerRun(100, func() {
		j.push(1, at, payload)
		j.pull(&f)
		at += audio.FrameSize
	})
	if n != 0 {
		t.Errorf("%v allocations per packet", n)
	}
}

func FuzzJitter(f *testing.F) {
	f.Add([]byte{1, 0, 2, 0, 0, 3, 200, 5, 255})
	f.Fuzz(func(t *testing.T, steps []byte) {
		var j jitter
		var frame audio.Frame
		at := uint32(0)
		payload := make([]byte, 2*audio.FrameSize)
		for _, step := range steps {
			if step%4 == 0 {
				j.pull(&frame)
				continue
			}
			at += uint32(int32(int8(step)) * 40)
			j.push(uint32(step%3), at, payload[:int(step)*len(payload)/256])
			if d := j.depth(); d < 0 || d > jitterLimit {
				t.Fatalf("%d frames are waiting", d)
			}
		}
	})
}

func TestKeypad(t *testing.T) {
	var k keypad
	for i, tc := range []struct {
		at   uint32
		data []byte
		want string
	}{
		{1, []byte{5, 10, 0, 160}, ""}, {1, []byte{5, 0x8A, 3, 0}, "5"}, {1, []byte{5, 0x8A, 3, 0}, ""},
		{2, []byte{11, 0x8A, 3, 0}, "#"}, {3, []byte{16, 0x8A, 3, 0}, ""}, {4, []byte{1, 0x8A}, ""}, {0, []byte{15, 0x80, 0, 0}, "D"},
	} {
		if got := k.press(tc.at, tc.data); got != tc.want {
			t.Errorf("packet %d gave %q, want %q", i, got, tc.want)
		}
	}
}
