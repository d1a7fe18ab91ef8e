package switchboardtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"warmdesk/switchboard/internal/audio"
)

const (
	keys       = "0123456789*#ABCD" // by their telephone-event codes
	eventsType = 126                // the payload type Chromium offers for telephone-event/8000
	loudness   = 8000               // peak amplitude of a phone's tone
)

// socket is the phone's UDP socket; dead, it sends nothing and looks as if it did.
type socket struct {
	*net.UDPConn
	dead atomic.Bool
}

func (s *socket) WriteTo(b []byte, to net.Addr) (int, error) {
	if s.dead.Load() {
		return len(b), nil
	}
	return s.UDPConn.WriteTo(b, to)
}

// media is the audio of one call: a full ICE agent, as a browser has.
type media struct {
	pc     *webrtc.PeerConnection
	mux    *ice.UDPMuxDefault
	socket *socket
	ear    *ear
	tone   []int16
	muted  atomic.Bool
	up     chan struct{}
	once   sync.Once
	stop   chan struct{}
	work   sync.WaitGroup

	microphone *microphone
}

func newMedia(tone float64, ear *ear) (*media, error) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, fmt.Errorf("listen for audio: %w", err)
	}
	m := &media{socket: &socket{UDPConn: conn}, ear: ear, up: make(chan struct{}), stop: make(chan struct{})}
	// pion complains of what a phone that dies does; the test knows.
	quiet := &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled}
	m.mux = ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: m.socket, Logger: quiet.NewLogger("mux")})
	m.tone = audio.Tone(tone, loudness, audio.Rate).Samples

	settings := webrtc.SettingEngine{LoggerFactory: quiet}
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetICEUDPMux(m.mux)
	codecs, registry := &webrtc.MediaEngine{}, &interceptor.Registry{}
	pcmu := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: audio.Rate}
	events := webrtc.RTPCodecCapability{MimeType: "audio/telephone-event", ClockRate: audio.Rate}
	err = errors.Join(
		codecs.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: pcmu, PayloadType: 0}, webrtc.RTPCodecTypeAudio),
		codecs.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: events, PayloadType: eventsType}, webrtc.RTPCodecTypeAudio),
	)
	if err == nil {
		api := webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(codecs), webrtc.WithInterceptorRegistry(registry))
		m.pc, err = api.NewPeerConnection(webrtc.Configuration{})
	}
	if err == nil {
		m.microphone = &microphone{}
		_, err = m.pc.AddTrack(m.microphone)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make phone: %w", err), m.mux.Close())
	}
	m.pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { m.listen(t) })
	m.pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			m.once.Do(func() {
				close(m.up)
				m.work.Go(m.talk)
			})
		}
	})
	return m, nil
}

// offer makes a description without candidates, as the SDK sends it.
func (m *media) offer(restart bool) (string, error) {
	d, err := m.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	if err == nil {
		err = m.pc.SetLocalDescription(d)
	}
	if err != nil {
		return "", fmt.Errorf("offer audio: %w", err)
	}
	return d.SDP, nil
}

func (m *media) answer(offer string) (string, error) {
	err := m.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer})
	if err != nil {
		return "", fmt.Errorf("take the switchboard's offer: %w", err)
	}
	d, err := m.pc.CreateAnswer(nil)
	if err == nil {
		err = m.pc.SetLocalDescription(d)
	}
	if err != nil {
		return "", fmt.Errorf("answer with audio: %w", err)
	}
	return d.SDP, nil
}

func (m *media) accept(sdp string) error {
	if err := m.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: sdp}); err != nil {
		return fmt.Errorf("take the switchboard's answer: %w", err)
	}
	return nil
}

func (m *media) description() string { return m.pc.LocalDescription().SDP }

// talk sends the tone, a packet every 20 ms, until the call ends.
func (m *media) talk() {
	ticker := time.NewTicker(audio.FrameTime)
	defer ticker.Stop()
	var silence audio.Frame
	for i := 0; ; i += audio.FrameSize {
		select {
		case <-ticker.C:
		case <-m.stop:
			return
		}
		frame := silence[:]
		if at := i % len(m.tone); !m.muted.Load() {
			frame = m.tone[at : at+audio.FrameSize]
		}
		m.microphone.say(frame)
	}
}

// press sends keys as RFC 4733 says: every 20 ms an event that has grown, and
// the end three times. The tone is interrupted, as in a browser.
func (m *media) press(ctx context.Context, digits string) error {
	ticker := time.NewTicker(audio.FrameTime)
	defer ticker.Stop()
	for _, digit := range digits {
		code := strings.IndexRune(keys, digit)
		if code < 0 {
			return fmt.Errorf("there is no key %q", digit)
		}
		m.microphone.hold()
		for packet := 1; packet <= 8; packet++ {
			m.microphone.press(byte(code), min(packet, 6), packet >= 6)
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		m.microphone.release()
	}
	return nil
}

// listen gives what comes to the ear.
func (m *media) listen(track *webrtc.TrackRemote) {
	var packet rtp.Packet
	for buf := make([]byte, 1500); ; {
		n, _, err := track.Read(buf)
		if err != nil {
			return
		}
		if packet.Unmarshal(buf[:n]) == nil && packet.PayloadType == 0 {
			m.ear.hear(time.Now(), packet.Payload)
		}
	}
}

func (m *media) close() {
	close(m.stop)
	_ = m.pc.GracefulClose() // the call is over either way
	m.once.Do(func() {})     // from here on talk cannot start any more
	m.work.Wait()
	_ = m.mux.Close()
	_ = m.socket.Close()
}
