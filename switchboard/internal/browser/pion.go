package browser

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/stun/v4"
	"github.com/pion/webrtc/v4"

	"warmdesk/switchboard/internal/audio"
)

const (
	payloadPCMU   = 0   // static, RFC 3551
	payloadEvents = 101 // telephone-event in our offers; browsers choose their own in theirs
)

// pionNetwork is all media over one UDP port by pion, as an ICE-lite agent: the
// browsers do the checking, we need no STUN server and answer at once.
type pionNetwork struct {
	mux      ice.UDPMux
	told     []string
	settings webrtc.SettingEngine
	log      *slog.Logger
}

// newPionNetwork listens on the same port, 0 for any, of every address.
func newPionNetwork(addrs []string, port int, publicIP string, log *slog.Logger) (*pionNetwork, error) {
	conns, err := listenUDP(addrs, port)
	if err != nil {
		return nil, err
	}
	n := &pionNetwork{log: log}
	loggers := pionLog{log}
	var muxes []ice.UDPMux
	for _, conn := range conns {
		muxes = append(muxes, ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: conn, Logger: loggers.NewLogger("mux")}))
		n.told = append(n.told, conn.LocalAddr().String())
	}
	n.mux = ice.NewMultiUDPMuxDefault(muxes...)

	s := &n.settings
	s.LoggerFactory = loggers
	s.SetICEUDPMux(n.mux)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetIncludeLoopbackCandidate(true)
	s.SetLite(true)
	// Whether a leg is lost is decided by the gateway; an agent that gave up on
	// its own would throw its candidates away.
	s.SetICETimeouts(time.Hour, time.Hour, 2*time.Second)
	s.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	// Passive: Chromium cannot swap the DTLS roles when it restarts ICE.
	err = s.SetAnsweringDTLSRole(webrtc.DTLSRoleServer)
	if err == nil && publicIP != "" {
		err = n.publish(publicIP, conns)
	}
	if err != nil {
		return nil, errors.Join(err, n.close())
	}
	return n, nil
}

// publish has browsers told publicIP in place of the first address that is not
// loopback, which is where a NAT box can forward to; of the first one at all
// when there is none.
func (n *pionNetwork) publish(publicIP string, conns []*net.UDPConn) error {
	at := max(0, slices.IndexFunc(conns, func(c *net.UDPConn) bool { return !c.LocalAddr().(*net.UDPAddr).IP.IsLoopback() }))
	local := conns[at].LocalAddr().(*net.UDPAddr)
	n.told[at] = net.JoinHostPort(publicIP, strconv.Itoa(local.Port))
	return n.settings.SetICEAddressRewriteRules(webrtc.ICEAddressRewriteRule{
		External: []string{publicIP}, Local: local.IP.String(), AsCandidateType: webrtc.ICECandidateTypeHost,
	})
}

// listenUDP opens one socket per address, all with the same port. Any port that
// is free on the first address may be taken on another, so it tries some.
func listenUDP(addrs []string, port int) ([]*net.UDPConn, error) {
	var err error
	for range 10 {
		var conns []*net.UDPConn
		if conns, err = listenOnce(addrs, port); err == nil {
			return conns, nil
		}
		if port != 0 {
			break
		}
	}
	return nil, err
}

func listenOnce(addrs []string, port int) (conns []*net.UDPConn, err error) {
	for _, addr := range addrs {
		ip := net.ParseIP(addr).To4()
		if ip == nil {
			err = fmt.Errorf("media address %q is not an IPv4 address", addr)
			break
		}
		var conn *net.UDPConn
		if conn, err = net.ListenUDP("udp4", &net.UDPAddr{IP: ip, Port: port}); err != nil {
			break
		}
		conns = append(conns, conn)
		port = conn.LocalAddr().(*net.UDPAddr).Port
	}
	if err != nil {
		for _, conn := range conns {
			err = errors.Join(err, conn.Close())
		}
		return nil, fmt.Errorf("listen for media: %w", err)
	}
	return conns, nil
}

func (n *pionNetwork) addresses() []string { return n.told }

func (n *pionNetwork) close() error { return n.mux.Close() }

// pionMedia is one PeerConnection. It offers one codec, PCMU: with several, what
// a browser sends and what it receives may differ.
type pionMedia struct {
	pc     *webrtc.PeerConnection
	track  *webrtc.TrackLocalStaticRTP
	events mediaEvents
	told   []string
	log    *slog.Logger
	jitter jitter

	lastHeard atomic.Int64 // Unix nanoseconds; 0 never
	checked   atomic.Bool  // a connectivity check has come
	isUp      atomic.Bool
	silent    *time.Timer // calls up for a browser that sends no sound
	reading   sync.WaitGroup

	packet  rtp.Packet // owned by Write
	payload [audio.FrameSize]byte
}

func (n *pionNetwork) open(events mediaEvents) (media, error) {
	m := &pionMedia{events: events, told: n.told, log: n.log}
	settings := n.settings
	settings.SetICEBindingRequestHandler(func(*stun.Message, ice.Candidate, ice.Candidate, *ice.CandidatePair) bool {
		m.checked.Store(true)
		m.hear()
		return false // which pair is selected is the browser's choice
	})
	codecs := &webrtc.MediaEngine{}
	registry := &interceptor.Registry{}
	err := errors.Join(
		codecs.RegisterCodec(webrtc.RTPCodecParameters{
			RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: audio.Rate},
			PayloadType:        payloadPCMU,
		}, webrtc.RTPCodecTypeAudio),
		codecs.RegisterCodec(webrtc.RTPCodecParameters{
			RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "audio/telephone-event", ClockRate: audio.Rate},
			PayloadType:        payloadEvents,
		}, webrtc.RTPCodecTypeAudio),
		webrtc.ConfigureRTCPReports(registry), // the SDK's quality figures come from them
	)
	if err != nil {
		return nil, fmt.Errorf("register codecs: %w", err)
	}
	api := webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(codecs), webrtc.WithInterceptorRegistry(registry))
	if m.pc, err = api.NewPeerConnection(webrtc.Configuration{}); err != nil {
		return nil, fmt.Errorf("open peer connection: %w", err)
	}
	if err := m.start(); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

// start adds the track and begins to listen.
func (m *pionMedia) start() (err error) {
	m.track, err = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: audio.Rate}, "audio", "switchboard")
	if err != nil {
		return fmt.Errorf("make track: %w", err)
	}
	sender, err := m.pc.AddTrack(m.track)
	if err != nil {
		return fmt.Errorf("add track: %w", err)
	}
	m.packet = rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: 1, Timestamp: audio.FrameSize, Marker: true}}
	m.reading.Go(func() { // pion handles RTCP only while somebody reads it
		for buf := make([]byte, 1500); ; {
			if _, _, err := sender.Read(buf); err != nil {
				return
			}
			m.hear()
		}
	})
	m.silent = time.AfterFunc(time.Hour, m.up)
	m.silent.Stop() // until the path is there
	m.pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { m.receive(track) })
	m.pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateConnected {
			m.hear()
			m.silent.Reset(firstSound)
		}
	})
	return nil
}

func (m *pionMedia) offer(ctx context.Context) (string, error) {
	offer, err := m.pc.CreateOffer(nil)
	if err != nil {
		return "", fmt.Errorf("make offer: %w", err)
	}
	return m.describe(ctx, offer)
}

func (m *pionMedia) accept(sdp string) error {
	if err := m.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: sdp}); err != nil {
		return fmt.Errorf("take answer: %w", err)
	}
	return nil
}

func (m *pionMedia) answer(ctx context.Context, offer string) (string, error) {
	if err := m.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", fmt.Errorf("take offer: %w", err)
	}
	answer, err := m.pc.CreateAnswer(nil)
	if err != nil {
		return "", fmt.Errorf("make answer: %w", err)
	}
	return m.describe(ctx, answer)
}

// describe sets our description and waits for its candidates: the SDK does not
// trickle.
func (m *pionMedia) describe(ctx context.Context, d webrtc.SessionDescription) (string, error) {
	gathered := webrtc.GatheringCompletePromise(m.pc)
	if err := m.pc.SetLocalDescription(d); err != nil {
		return "", fmt.Errorf("set description: %w", err)
	}
	select {
	case <-gathered:
		return m.pc.LocalDescription().SDP, nil
	case <-ctx.Done():
		return "", fmt.Errorf("gather candidates: %w", context.Cause(ctx))
	}
}

// receive takes the packets of one stream until it ends.
func (m *pionMedia) receive(track *webrtc.TrackRemote) {
	var packet rtp.Packet
	var keys keypad
	for buf := make([]byte, 1500); ; {
		n, _, err := track.Read(buf)
		if errors.Is(err, webrtc.ErrCodecNotFound) {
			continue // a payload type nobody negotiated
		}
		if err != nil {
			return
		}
		m.hear()
		if packet.Unmarshal(buf[:n]) != nil {
			continue
		}
		if packet.PayloadType == payloadPCMU {
			m.up()
			m.jitter.push(packet.SSRC, packet.Timestamp, packet.Payload)
		} else if digit := keys.press(packet.Timestamp, packet.Payload); digit != "" {
			m.events.digit(digit)
		}
	}
}

// firstSound is how long a connected browser may take to its first packet of
// sound before it counts as up without any.
const firstSound = 500 * time.Millisecond

// up tells once that the path is up. It waits for the first packet of sound, so
// that whoever joins a conversation is heard from that moment on.
func (m *pionMedia) up() {
	if m.isUp.CompareAndSwap(false, true) {
		m.silent.Stop()
		m.events.up()
	}
}

func (m *pionMedia) hear() { m.lastHeard.Store(time.Now().UnixNano()) }

func (m *pionMedia) heard() time.Time {
	if at := m.lastHeard.Load(); at != 0 {
		return time.Unix(0, at)
	}
	return time.Time{}
}

func (m *pionMedia) trouble() string {
	at := strings.Join(m.told, " or ")
	if !m.checked.Load() {
		return "no packet of the browser has arrived at " + at
	}
	return "the browser's checks arrive at " + at + ", but the encrypted connection was not set up"
}

// Read is part of conference.Port.
func (m *pionMedia) Read(f *audio.Frame) bool { return m.jitter.pull(f) }

// Write is part of conference.Port. Before the path is up frames are dropped, but
// time goes on.
func (m *pionMedia) Write(f *audio.Frame) {
	m.packet.Timestamp += audio.FrameSize
	if !m.isUp.Load() {
		return
	}
	m.packet.SequenceNumber++
	audio.EncodeULaw(m.payload[:], f[:])
	m.packet.Payload = m.payload[:]
	// A packet that cannot be sent is a lost packet; whether the leg is lost
	// shows by what comes back.
	_ = m.track.WriteRTP(&m.packet)
	m.packet.Marker = false
}

func (m *pionMedia) close() {
	m.silent.Stop()
	_ = m.pc.GracefulClose() // there is nobody left to whom its errors matter
	m.reading.Wait()
	frames := m.jitter.counted()
	m.log.Debug("media closed", "played", frames.played, "concealed", frames.concealed, "dropped", frames.dropped)
}

// keypad recognises the keys in telephone-events (RFC 4733). Every packet of an
// event carries the event's timestamp, and the last one is sent three times.
type keypad struct {
	pressed   bool
	timestamp uint32
}

// press returns the key that was released with this packet, or "".
func (k *keypad) press(timestamp uint32, payload []byte) string {
	const names = "0123456789*#ABCD"
	if len(payload) < 4 || int(payload[0]) >= len(names) || payload[1]&0x80 == 0 {
		return ""
	}
	if k.pressed && k.timestamp == timestamp {
		return ""
	}
	k.pressed, k.timestamp = true, timestamp
	return names[payload[0] : payload[0]+1]
}
