package switchboard_test

import "testing"

// BenchmarkRing takes the time from a REST request to ring a browser until the
// browser rings: HTTP, the exchange, the offer's DTLS and ICE parts, and the
// socket.
func BenchmarkRing(b *testing.B) {
	w := newWorld(b)
	ana := w.phone("agent1", anaTone)
	for b.Loop() {
		w.dial("agent1", "/agent")
		call, err := ana.Incoming(w.ctx)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		call.Reject()
		b.StartTimer()
	}
}
