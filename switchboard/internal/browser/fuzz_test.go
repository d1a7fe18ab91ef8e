package browser

import (
	"context"
	"encoding/binary"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"

	"warmdesk/switchboard/internal/audio"
)

// fuzzNetwork is the real one, without browsers.
func fuzzNetwork(f *testing.F) *pionNetwork {
	n, err := newPionNetwork([]string{"127.0.0.1"}, 0, "", slog.New(slog.DiscardHandler))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := n.close(); err != nil {
			f.Error(err)
		}
	})
	return n
}

// offerOf is the description a browser of ours would send.
func offerOf(f *testing.F, n *pionNetwork) string {
	m, err := n.open(mediaEvents{up: func() {}, digit: func(string) {}})
	if err != nil {
		f.Fatal(err)
	}
	defer m.close()
	sdp, err := m.offer(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	return sdp
}

// FuzzSDP has a browser describe itself as anything: it is answered or refused,
// and the connection closes.
func FuzzSDP(f *testing.F) {
	n := fuzzNetwork(f)
	offer := offerOf(f, n)
	f.Add(offer, false)
	f.Add(offer, true)
	f.Add(strings.ReplaceAll(offer, "PCMU/8000", "PCMU/0"), false)
	f.Add(strings.ReplaceAll(offer, "a=fingerprint:sha-256 ", "a=fingerprint:md5 "), false)
	f.Add(strings.ReplaceAll(offer, "a=ice-ufrag:", "a=ice-ufrag:\x00"), true)
	f.Add(strings.ReplaceAll(offer, "m=audio", "m=video"), false)
	f.Add(offer+"m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", false)
	f.Add("v=0\r\n", true)
	f.Fuzz(func(t *testing.T, sdp string, second bool) {
		m, err := n.open(mediaEvents{up: func() {}, digit: func(string) {}})
		if err != nil {
			t.Fatal(err)
		}
		defer m.close()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if second { // as the answer to our offer
			if _, err := m.offer(ctx); err != nil {
				t.Fatal(err)
			}
			_ = m.accept(sdp) // either way is right
			return
		}
		_, err = m.answer(ctx, sdp)
		if ctx.Err() != nil {
			t.Fatalf("no answer and no refusal: %v", err)
		}
	})
}

// FuzzPackets sends anything to the port of all audio, as whoever finds it can:
// STUN, DTLS, RTP, RTCP or none of them. Those who are known go on.
func FuzzPackets(f *testing.F) {
	n := fuzzNetwork(f)
	bind := []byte{0, 1, 0, 8, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 6, 0, 4, 'a', ':', 'b', 0}
	f.Add(bind)
	f.Add(append(binary.BigEndian.AppendUint16([]byte{0, 1}, 0xFFFF), bind[4:]...))
	f.Add([]byte{0x80, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0xFF})                 // RTP
	f.Add([]byte{0x80, 200, 0, 6, 0, 0, 0, 1})                                 // RTCP, cut
	f.Add([]byte{22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 1, 0, 0}) // DTLS
	f.Add([]byte{})
	out, err := net.Dial("udp4", n.mux.GetListenAddresses()[0].String())
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { out.Close() })
	f.Fuzz(func(t *testing.T, packet []byte) {
		if len(packet) > 1500 {
			packet = packet[:1500]
		}
		if _, err := out.Write(packet); err != nil {
			t.Fatal(err)
		}
		// The port still takes connections on and lets them go.
		conn, err := n.mux.GetConn("ufrag", n.mux.GetListenAddresses()[0])
		if err != nil {
			t.Fatal(err)
		}
		n.mux.RemoveConnByUfrag("ufrag")
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzRTP has a known browser send any packets: sound and keys come out, within
// what may wait.
func FuzzRTP(f *testing.F) {
	packet := func(kind uint8, at uint32, payload ...byte) []byte {
		b, err := (&rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: kind, Timestamp: at, SSRC: 7}, Payload: payload}).Marshal()
		if err != nil {
			f.Fatal(err)
		}
		return b
	}
	f.Add(packet(payloadPCMU, 160, make([]byte, audio.FrameSize)...), packet(payloadEvents, 160, 5, 0x8A, 3, 0))
	f.Add([]byte{0x90, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0xBE, 0xDE, 0xFF, 0xFF}, []byte{0xBF, 101})
	f.Fuzz(func(t *testing.T, first, second []byte) {
		var j jitter
		var k keypad
		var frame audio.Frame
		var p rtp.Packet // used again, as receive does
		for _, b := range [][]byte{first, second, first} {
			if p.Unmarshal(b) != nil {
				continue
			}
			j.push(p.SSRC, p.Timestamp, p.Payload)
			if key := k.press(p.Timestamp, p.Payload); len(key) > 1 {
				t.Fatalf("key %q", key)
			}
			if d := j.depth(); d < 0 || d > jitterLimit {
				t.Fatalf("%d frames are waiting", d)
			}
			j.pull(&frame)
		}
	})
}
