package browser_test

import (
	"testing"

	"warmdesk/switchboard/internal/audio"
)

// BenchmarkWrite measures what a leg costs on its way out, over a real
// connection: µ-law, RTP, SRTP, and the packet handed to the kernel.
func BenchmarkWrite(b *testing.B) {
	bench := newBench(b, nil)
	_, _, l := bench.connected("ana", 0)
	port := l.Port()
	frame := (*audio.Frame)(audio.Tone(440, 8000, audio.FrameSize).Samples)
	b.ReportAllocs()
	for b.Loop() {
		port.Write(frame)
	}
}
