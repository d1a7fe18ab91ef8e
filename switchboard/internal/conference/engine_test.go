package conference

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"warmdesk/switchboard/internal/audio"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// level is a party whose every sample has one value, so that a sum tells who is
// in it. Zero says nothing at all.
type level struct {
	says  int16
	heard []int16 // the first sample of each frame written
	last  audio.Frame
	reads int
}

func (p *level) Read(f *audio.Frame) bool {
	p.reads++
	for i := range f {
		f[i] = p.says
	}
	return p.says != 0
}

func (p *level) Write(f *audio.Frame) {
	p.heard = append(p.heard, f[0])
	p.last = *f
}

func (p *level) now() int16 { return p.heard[len(p.heard)-1] }

func parties(e *Engine, says ...int16) ([]*level, []*Line) {
	var ports []*level
	var lines []*Line
	for _, s := range says {
		p := &level{says: s}
		ports, lines = append(ports, p), append(lines, e.Open(p))
	}
	return ports, lines
}

func hears(t *testing.T, e *Engine, ports []*level, want ...int16) {
	t.Helper()
	e.tick()
	for i, p := range ports {
		if got := p.now(); got != want[i] {
			t.Errorf("party %d hears %d, want %d", i, got, want[i])
		}
	}
}

func TestWhoHearsWhom(t *testing.T) {
	e := New(Config{Workers: 2})
	ports, lines := parties(e, 1, 10, 100, 1000)
	hears(t, e, ports, 0, 0, 0, 0)
	lines[0].Join("a")
	hears(t, e, ports, 0, 0, 0, 0)
	lines[1].Join("a")
	hears(t, e, ports, 10, 1, 0, 0)
	lines[2].Join("a")
	hears(t, e, ports, 110, 101, 11, 0)
	lines[3].Join("a")
	hears(t, e, ports, 1110, 1101, 1011, 111)
	lines[0].Mute(true)
	hears(t, e, ports, 1110, 1100, 1010, 110)
	lines[0].Mute(false)
	lines[1].Hold(true)
	hears(t, e, ports, 1100, 0, 1001, 101)
	lines[1].Hold(false)
	lines[2].Leave()
	hears(t, e, ports, 1010, 1001, 0, 11)
	lines[2].Join("b")
	lines[3].Join("b") // goes over from room a
	hears(t, e, ports, 10, 1, 1000, 100)
	lines[0].Close()
	e.tick()
	reads := ports[0].reads
	hears(t, e, ports[1:], 0, 1000, 100)
	if ports[0].reads != reads {
		t.Error("a closed line was read")
	}
	lines[0].Join("b") // nothing happens any more
	hears(t, e, ports[1:], 0, 1000, 100)
}

// Only the coached party hears a coach, who hears everybody.
func TestCoach(t *testing.T) {
	e := New(Config{Workers: 1})
	ports, lines := parties(e, 1, 10, 100, 1000) // customer, agent, coach, another coach
	for _, l := range lines {
		l.Join("a")
	}
	lines[2].Coach(ports[1])
	lines[3].Mute(true)
	hears(t, e, ports, 10, 101, 11, 11)
	lines[3].Mute(false)
	lines[3].Coach(ports[1])
	hears(t, e, ports, 10, 1101, 11, 11)
	lines[3].Coach(ports[0])
	hears(t, e, ports, 1010, 101, 11, 11)
	lines[2].Mute(true)
	hears(t, e, ports, 1010, 1, 11, 11)
	lines[2].Mute(false)
	lines[1].Hold(true)
	hears(t, e, ports, 1000, 0, 1, 1)
	lines[1].Hold(false)
	lines[1].Leave() // nobody is coached
	lines[3].Coach(nil)
	hears(t, e, ports, 1000, 0, 1001, 1)
	lines[1].Join("a")
	hears(t, e, ports, 1010, 1101, 1011, 11)
	lines[2].Coach(nil)
	hears(t, e, ports, 1110, 1101, 1011, 111)
}

// A silent party costs nothing and hears what everybody who is silent hears.
func TestSilentParties(t *testing.T) {
	e := New(Config{Workers: 1})
	ports, lines := parties(e, 0, 0, 5, 0)
	for _, l := range lines {
		l.Join("room")
	}
	hears(t, e, ports, 5, 5, 0, 5)
	ports[2].says = 0
	hears(t, e, ports, 0, 0, 0, 0)
	ports[0].says, ports[1].says, ports[2].says = 3, 4, 5
	hears(t, e, ports, 9, 8, 7, 12)
}

func TestMixSaturates(t *testing.T) {
	e := New(Config{Workers: 1})
	ports, lines := parties(e, 30000, 30000, 30000, -30000)
	for _, l := range lines[:3] {
		l.Join("room")
	}
	hears(t, e, ports[:3], 32767, 32767, 32767)
	// One who says the opposite is subtracted before the sum is cut, not after.
	lines[3].Join("room")
	hears(t, e, ports, 30000, 30000, 30000, 32767)
	for _, p := range ports[:3] {
		p.says = -30000
	}
	hears(t, e, ports[:3], -32768, -32768, -32768)
}

// Whoever comes, goes, is held or hears music: the others get one right frame in
// every period.
func TestOthersLoseNoFrame(t *testing.T) {
	e := New(Config{Workers: 2})
	ports, lines := parties(e, 1, 10, 100)
	lines[0].Join("room")
	lines[1].Join("room")
	e.tick()
	moves := []func(){
		func() { lines[2].Play(audio.Tone(400, 1000, 8000), 0, nil) },
		func() { lines[2].Join("room") },
		func() { lines[2].Hold(true) },
		func() { lines[2].Hold(false) },
		func() { lines[2].Mute(true) },
		func() { lines[2].Leave() },
		func() { lines[2].Join("room") },
		func() { lines[2].Close() },
	}
	for i, move := range moves {
		move()
		e.tick()
		if got := len(ports[0].heard); got != i+2 {
			t.Fatalf("after move %d party 0 has %d frames, want %d", i, got, i+2)
		}
		if a, b := ports[0].now(), ports[1].now(); a%100 != 10 || b%100 != 1 {
			t.Errorf("after move %d the others hear %d and %d", i, a, b)
		}
	}
}

// Commands take effect in the order they were given, across lines: whoever is
// held before another joins is never heard by them.
func TestCommandsKeepTheirOrder(t *testing.T) {
	e := New(Config{Workers: 2})
	ports, lines := parties(e, 1, 10, 100)
	lines[0].Join("room")
	lines[1].Join("room")
	e.tick()
	lines[0].Hold(true)
	lines[2].Join("room")
	hears(t, e, ports, 0, 100, 10)
}

func ramp(n int) audio.Clip {
	c := audio.Clip{Samples: make([]int16, n)}
	for i := range c.Samples {
		c.Samples[i] = int16(i + 1)
	}
	return c
}

// recorder keeps every sample it hears.
type recorder struct{ heard []int16 }

func (p *recorder) Read(*audio.Frame) bool { return false }
func (p *recorder) Write(f *audio.Frame)   { p.heard = append(p.heard, f[:]...) }

func TestPlayLoopsWithoutAGap(t *testing.T) {
	for _, n := range []int{1, 159, 160, 161, 320, 1000} {
		e := New(Config{Workers: 1})
		p := &recorder{}
		e.Open(p).Play(ramp(n), 0, func() { t.Error("a clip without end has ended") })
		for range 40 {
			e.tick()
		}
		for i, v := range p.heard {
			if int(v) != i%n+1 {
				t.Fatalf("clip of %d: sample %d is %d, want %d", n, i, v, i%n+1)
			}
		}
	}
}

func TestPlayEnds(t *testing.T) {
	for _, tc := range []struct{ n, loops, ticks int }{
		{100, 1, 1}, {160, 1, 1}, {161, 1, 2}, {160, 2, 2}, {100, 3, 2}, {0, 1, 1}, {0, 0, 1},
	} {
		e := New(Config{Workers: 1})
		p := &recorder{}
		ended := 0
		e.Open(p).Play(ramp(tc.n), tc.loops, func() { ended++ })
		for tick := 1; tick <= tc.ticks+2; tick++ {
			e.tick()
			if want := tick >= tc.ticks; (ended == 1) != want || ended > 1 {
				t.Errorf("%v: after %d periods done was called %d times", tc, tick, ended)
			}
		}
		for i, v := range p.heard {
			want := 0
			if i < tc.n*tc.loops {
				want = i%tc.n + 1
			}
			if int(v) != want {
				t.Fatalf("%v: sample %d is %d, want %d", tc, i, v, want)
			}
		}
	}
}

func TestReplacedAndStoppedClipsDoNotEnd(t *testing.T) {
	e := New(Config{Workers: 1})
	p := &recorder{}
	l := e.Open(p)
	fail := func() { t.Error("done of a clip that was taken away") }
	l.Play(ramp(300), 1, fail)
	e.tick()
	l.Play(ramp(300), 1, fail)
	e.tick()
	if p.heard[160] != 1 {
		t.Errorf("the new clip begins with %d", p.heard[160])
	}
	l.Stop()
	e.tick()
	if got := p.heard[320:]; slices.ContainsFunc(got, func(v int16) bool { return v != 0 }) {
		t.Error("heard something after Stop")
	}
	l.Play(ramp(300), 1, fail)
	l.Close()
	e.tick()
	e.tick()
}

// In the mix the clip waits at its place.
func TestPlayWaitsWhileInTheMix(t *testing.T) {
	e := New(Config{Workers: 1})
	p := &recorder{}
	l := e.Open(p)
	l.Play(ramp(1000), 0, nil)
	e.tick()
	l.Join("room")
	e.tick()
	l.Hold(true)
	e.tick()
	if p.heard[160] != 0 || p.heard[320] != 161 {
		t.Errorf("in the mix %d, held %d, want 0 and 161", p.heard[160], p.heard[320])
	}
}

// done may command the engine, which needs that no lock is held.
func TestDoneMayCommand(t *testing.T) {
	e := New(Config{Workers: 1})
	p := &recorder{}
	l := e.Open(p)
	l.Play(ramp(160), 1, func() { l.Play(ramp(160), 1, nil) })
	e.tick()
	e.tick()
	if p.heard[160] != 1 {
		t.Errorf("the second clip begins with %d", p.heard[160])
	}
}

// What is said in a party's place is heard instead of the party by whoever hears the
// party, to the sample, and is over though nobody could hear it.
func TestSpeak(t *testing.T) {
	e := New(Config{})
	ports, lines := parties(e, 5, 10, 100)
	for _, l := range lines {
		l.Join("room")
	}
	lines[0].Speak(audio.Clip{Samples: slices.Repeat([]int16{7}, audio.FrameSize+80)})
	lines[0].Speak(audio.Clip{Samples: slices.Repeat([]int16{8}, 80)})
	lines[0].Speak(audio.Clip{Samples: []int16{9}})
	hears(t, e, ports, 110, 107, 17)
	e.tick()
	if got := [2]int16{ports[1].last[79], ports[1].last[80]}; got != [2]int16{107, 108} {
		t.Errorf("one runs into the other as %v", got)
	}
	hears(t, e, ports, 110, 109, 19)
	if got := ports[1].last[1]; got != 100 {
		t.Errorf("behind the end %d is heard, want the room without the party", got)
	}
	hears(t, e, ports, 110, 105, 15)

	lines[0].Hold(true)
	lines[0].Speak(audio.Clip{Samples: make([]int16, audio.FrameSize)})
	hears(t, e, ports, 0, 100, 10)
	lines[0].Hold(false)
	hears(t, e, ports, 110, 105, 15)

	lines[0].Speak(audio.Tone(700, 1000, speakLimit))
	lines[0].Speak(audio.Tone(700, 1000, audio.Rate)) // dropped
	for range speakLimit / audio.FrameSize {
		e.tick()
	}
	hears(t, e, ports, 110, 105, 15)
}

func TestTickDoesNotAllocate(t *testing.T) {
	e := New(Config{Workers: 2})
	for i := range 12 {
		l := e.Open(&coded{talks: i%2 == 0})
		if i < 9 {
			l.Join(string(rune('a' + i/3)))
		}
		l.Play(ramp(1000), 0, nil)
		l.Hold(i == 4)
		l.Speak(audio.Tone(700, 1000, 9*audio.Rate))
	}
	e.tick()
	if n := testing.AllocsPerRun(200, e.tick); n != 0 {
		t.Errorf("a period allocates %v times", n)
	}
}

func TestRunKeepsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New(Config{Workers: 2})
		cause := errors.New("enough")
		ctx, stop := context.WithCancelCause(t.Context())
		ran := make(chan error)
		go func() { ran <- e.Run(ctx) }()
		time.Sleep(time.Hour) // without lines the engine sleeps, and catches up nothing
		ports, lines := parties(e, 1, 10, 0)
		lines[0].Join("a")
		lines[1].Join("a")
		ended := make(chan time.Time, 1)
		start := time.Now()
		lines[2].Play(ramp(8000), 1, func() { ended <- time.Now() })
		if took := (<-ended).Sub(start); took < 980*time.Millisecond || took > 1020*time.Millisecond {
			t.Errorf("one second of audio took %s", took)
		}
		stop(cause)
		if err := <-ran; !errors.Is(err, cause) {
			t.Errorf("Run returned %v", err)
		}
		for i, p := range ports {
			if n := len(p.heard); n < 50 || n > 51 {
				t.Errorf("party %d got %d frames in a second", i, n)
			}
		}
		if got := ports[0].now(); got != 10 {
			t.Errorf("party 0 hears %d", got)
		}
	})
}

// coded is a leg with the cost of a real one up to the network: µ-law both ways.
type coded struct {
	talks bool
	in    [audio.FrameSize]byte
	out   [audio.FrameSize]byte
}

func (p *coded) Read(f *audio.Frame) bool {
	if p.talks {
		audio.DecodeULaw(f[:], p.in[:])
	}
	return p.talks
}

func (p *coded) Write(f *audio.Frame) { audio.EncodeULaw(p.out[:], f[:]) }

// reel is a tape that remembers the first sample of each frame.
type reel struct{ heard []int16 }

func (r *reel) Hear(f *audio.Frame) { r.heard = append(r.heard, f[0]) }

// TestATapHearsAllThatGoesOverALine: what the party says and hears, in a room and
// outside, and nothing that others say to each other.
func TestATapHearsAllThatGoesOverALine(t *testing.T) {
	e := New(Config{Workers: 1})
	ports, lines := parties(e, 7, 100, 1000)
	tape, second := &reel{}, &reel{}
	lines[0].Tap(tape)
	lines[0].Play(audio.Clip{Samples: slices.Repeat([]int16{20}, 10*audio.FrameSize)}, 1, nil)
	e.tick() // alone: says 7, hears 20
	lines[0].Join("a")
	lines[1].Join("a")
	e.tick() // says 7, hears 100
	lines[0].Tap(second)
	ports[0].says = 0
	e.tick() // only hears
	lines[2].Join("a")
	e.tick()
	lines[0].Hold(true)
	e.tick() // the others talk; it hears the clip
	lines[0].Untap(tape)
	e.tick()
	if want := []int16{27, 107, 100, 1100, 20}; !slices.Equal(tape.heard, want) {
		t.Errorf("the tap has %v, want %v", tape.heard, want)
	}
	if want := []int16{100, 1100, 20, 20}; !slices.Equal(second.heard, want) {
		t.Errorf("the second tap has %v, want %v", second.heard, want)
	}
	if allocated := testing.AllocsPerRun(50, func() { lines[0].bucket.tap(lines[0], &silence) }); allocated > 1 {
		t.Errorf("a tap allocates %v times", allocated)
	}
}

// TestATapeHearsThePartyOutsideRooms: what it says, silence too, and neither what
// it hears nor what it says in a room.
func TestATapeHearsThePartyOutsideRooms(t *testing.T) {
	e := New(Config{Workers: 1})
	ports, lines := parties(e, 7, 100)
	tape := &reel{}
	e.tick()
	lines[0].Record(tape)
	lines[0].Play(audio.Clip{Samples: make([]int16, 10*audio.FrameSize)}, 1, nil)
	e.tick()
	ports[0].says = 0
	e.tick()
	ports[0].says = 9
	e.tick()
	lines[0].Join("a")
	e.tick()
	lines[0].Leave()
	e.tick()
	lines[0].Record(nil)
	e.tick()
	if want := []int16{7, 0, 9, 9}; !slices.Equal(tape.heard, want) {
		t.Errorf("the tape has %v, want %v", tape.heard, want)
	}
	other := &reel{}
	lines[1].Record(other)
	lines[1].Close()
	e.tick()
	if len(other.heard) != 0 {
		t.Errorf("a closed line is recorded: %v", other.heard)
	}
}
