package switchboardtest

import (
	"strings"
	"sync"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"warmdesk/switchboard/internal/audio"
)

// microphone is the track a phone sends: tone and keys share its numbering, as
// they do in a browser, which pion's own tracks cannot.
type microphone struct {
	mu     sync.Mutex
	writer webrtc.TrackLocalWriter // nil while not connected
	packet rtp.Packet
	events uint8 // payload type of telephone-events
	key    uint32
	held   bool // a key is down
	code   [audio.FrameSize]byte
}

// Bind is part of webrtc.TrackLocal.
func (m *microphone) Bind(t webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found *webrtc.RTPCodecParameters
	for _, codec := range t.CodecParameters() {
		if strings.EqualFold(codec.MimeType, webrtc.MimeTypePCMU) {
			found = &codec
		} else {
			m.events = uint8(codec.PayloadType)
		}
	}
	if found == nil {
		return webrtc.RTPCodecParameters{}, webrtc.ErrUnsupportedCodec
	}
	m.writer = t.WriteStream()
	m.packet.Header = rtp.Header{Version: 2, SSRC: uint32(t.SSRC()), Timestamp: 12345, Marker: true}
	return *found, nil
}

// Unbind is part of webrtc.TrackLocal.
func (m *microphone) Unbind(webrtc.TrackLocalContext) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.writer = nil
	return nil
}

// ID is part of webrtc.TrackLocal.
func (m *microphone) ID() string { return "audio" }

// RID is part of webrtc.TrackLocal.
func (m *microphone) RID() string { return "" }

// StreamID is part of webrtc.TrackLocal.
func (m *microphone) StreamID() string { return "microphone" }

// Kind is part of webrtc.TrackLocal.
func (m *microphone) Kind() webrtc.RTPCodecType { return webrtc.RTPCodecTypeAudio }

// say sends 20 ms of sound, unless a key is down.
func (m *microphone) say(samples []int16) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.packet.Timestamp += audio.FrameSize
	if m.held {
		return
	}
	audio.EncodeULaw(m.code[:], samples)
	m.packet.PayloadType = 0
	m.write(m.packet.Timestamp, m.code[:])
}

func (m *microphone) hold() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.held, m.key, m.packet.Marker = true, m.packet.Timestamp, true
}

func (m *microphone) release() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.held = false
}

// press sends a packet of the event: the key has been down for so many frames.
func (m *microphone) press(code byte, frames int, end bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	const volume = 10 // dB below full scale
	flags, duration := byte(volume), frames*audio.FrameSize
	if end {
		flags |= 0x80
	}
	m.packet.PayloadType = m.events
	m.write(m.key, []byte{code, flags, byte(duration >> 8), byte(duration)})
}

func (m *microphone) write(timestamp uint32, payload []byte) {
	if m.writer == nil {
		return
	}
	m.packet.SequenceNumber++
	header := m.packet.Header
	header.Timestamp = timestamp
	_, _ = m.writer.WriteRTP(&header, payload) // a packet that cannot be sent is a lost packet
	m.packet.Marker = false
}
