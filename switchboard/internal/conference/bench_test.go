//go:build unix

package conference

import (
	"syscall"
	"testing"
	"time"

	"warmdesk/switchboard/internal/audio"
)

func BenchmarkTick(b *testing.B) {
	for _, bc := range []struct {
		name    string
		size    int // of a room
		talkers int // in each room
		held    bool
		coach   bool // the last of each room coaches the first
	}{
		{"3-party rooms, all talk", 3, 3, false, false},
		{"3-party rooms, one talks", 3, 1, false, false},
		{"10-party rooms, all talk", 10, 10, false, false},
		{"on hold", 1, 0, true, false},
		{"3-party rooms, one is coached", 3, 3, false, true},
	} {
		b.Run(bc.name, func(b *testing.B) {
			const lines = 300
			e := New(Config{Workers: 1})
			music := audio.Tone(400, 1000, 10*audio.Rate)
			var first Port
			for i := range lines {
				p := &coded{talks: i%bc.size < bc.talkers}
				for j := range p.in {
					p.in[j] = byte(i + j)
				}
				l := e.Open(p)
				l.Play(music, 0, nil)
				l.Hold(bc.held)
				switch place := i % bc.size; {
				case place == 0:
					first = p
				case bc.coach && place == bc.size-1:
					l.Coach(first)
				}
				l.Join(string(rune('A' + i/bc.size)))
			}
			e.tick()
			b.ReportAllocs()
			start := cpuTime(b)
			for b.Loop() {
				e.tick()
			}
			b.ReportMetric(float64(cpuTime(b)-start)/float64(b.N)/lines, "cpu-ns/participant-tick")
		})
	}
}

// cpuTime is what this process has used, which a busy machine hardly changes.
func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
