package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"warmdesk/switchboard/internal/audio"
)

// These tests speak the protocol frame by frame, with a network that carries no
// audio, and where time matters on a clock of their own.

type fakeNetwork struct{ opened, closed atomic.Int32 }

func (n *fakeNetwork) open(events mediaEvents) (media, error) {
	n.opened.Add(1)
	return &fakeMedia{network: n, events: events}, nil
}
func (n *fakeNetwork) addresses() []string { return []string{"nowhere:1"} }
func (n *fakeNetwork) close() error        { return nil }

// fakeMedia is up as soon as it is agreed upon.
type fakeMedia struct {
	network *fakeNetwork
	events  mediaEvents
	up      sync.Once
	last    atomic.Int64
}

func (m *fakeMedia) offer(context.Context) (string, error) { return "offer", nil }
func (m *fakeMedia) accept(sdp string) error {
	if sdp == "bad" {
		return errors.New("bad answer")
	}
	m.up.Do(m.events.up)
	return nil
}
func (m *fakeMedia) answer(_ context.Context, sdp string) (string, error) {
	if sdp == "bad" {
		return "", errors.New("bad offer")
	}
	return "answer", nil
}
func (m *fakeMedia) heard() time.Time       { return time.Unix(0, m.last.Load()) }
func (m *fakeMedia) trouble() string        { return "it is not real" }
func (m *fakeMedia) close()                 { m.network.closed.Add(1) }
func (m *fakeMedia) Read(*audio.Frame) bool { return false }
func (m *fakeMedia) Write(*audio.Frame)     {}

// notes is a handler that writes down what it is told.
type notes struct {
	mu   sync.Mutex
	all  []string
	legs []*Leg
}

func (n *notes) note(l *Leg, s string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all, n.legs = append(n.all, s), append(n.legs, l)
}
func (n *notes) Invited(l *Leg, p url.Values)   { n.note(l, "invited") }
func (n *notes) Answered(l *Leg)                { n.note(l, "answered") }
func (n *notes) Rejected(l *Leg)                { n.note(l, "rejected") }
func (n *notes) HungUp(l *Leg)                  { n.note(l, "hungup") }
func (n *notes) Lost(l *Leg, why string)        { n.note(l, "lost: "+why) }
func (n *notes) MediaFailed(l *Leg, why string) { n.note(l, "mediafailed: "+why) }
func (n *notes) Digits(l *Leg, digits string)   { n.note(l, "digits: "+digits) }

func (n *notes) is(t *testing.T, want ...string) {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	if !slices.Equal(n.all, want) {
		t.Errorf("the handler was told %q, want %q", n.all, want)
	}
}

// anybody takes every token as a name, except "".
func anybody(token string) (Identity, error) {
	if token == "" {
		return Identity{}, ErrTokenInvalid
	}
	return Identity{Name: token, Expires: time.Now().Add(time.Hour), Incoming: true, AppSID: "AP1"}, nil
}

// lab is a gateway on a network of pipes, for a synctest bubble.
type lab struct {
	*testing.T
	gateway *Gateway
	network *fakeNetwork
	notes   *notes
	dials   chan net.Conn
	client  *http.Client
}

func newLab(t *testing.T) *lab {
	l := &lab{T: t, network: &fakeNetwork{}, notes: &notes{}, dials: make(chan net.Conn)}
	g, err := newGateway(Config{Logger: slog.New(slog.DiscardHandler), Verify: anybody, Handler: l.notes, CheckOrigin: func(r *http.Request) bool { return r.Header.Get("Origin") != "http://evil" }}, l.network)
	if err != nil {
		t.Fatal(err)
	}
	l.gateway = g
	server := &http.Server{Handler: g}
	closed := make(chan struct{})
	go server.Serve(&pipeListener{l.dials, closed, sync.Once{}})
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		l.dials <- there
		return here, nil
	}}
	l.client = &http.Client{Transport: transport}
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		_ = g.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-ran
		server.Close()
		transport.CloseIdleConnections()
		if o, c := l.network.opened.Load(), l.network.closed.Load(); o != c {
			t.Errorf("%d connections opened, %d closed", o, c)
		}
	})
	return l
}

type pipeListener struct {
	dials  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-p.dials:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p *pipeListener) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// socket is a browser's end, spoken to frame by frame.
type socket struct {
	*lab
	conn *websocket.Conn
}

func (l *lab) connect() *socket {
	l.Helper()
	conn, _, err := websocket.Dial(context.Background(), "ws://gateway/signal", &websocket.DialOptions{HTTPClient: l.client})
	if err != nil {
		l.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	l.Cleanup(func() { conn.CloseNow() })
	return &socket{l, conn}
}

func (s *socket) send(frame string) {
	s.Helper()
	if err := s.conn.Write(context.Background(), websocket.MessageText, []byte(frame)); err != nil {
		s.Fatal(err)
	}
}

// next returns the next frame that is no heartbeat.
func (s *socket) next() string {
	s.Helper()
	for {
		_, b, err := s.conn.Read(context.Background())
		if err != nil {
			s.Fatal(err)
		}
		if string(b) != "\n" {
			return string(b)
		}
	}
}

func (s *socket) expect(parts ...string) string {
	s.Helper()
	f := s.next()
	for _, part := range parts {
		if !strings.Contains(f, part) {
			s.Fatalf("frame %s has no %s", f, part)
		}
	}
	return f
}

func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLab(t).connect()
		s.send(`{"type":"listen","payload":{"token":"ana"}}`)
		s.expect(`"connected"`, `"ana"`, `3600`)
		for range 10 { // echoed, it goes on for ever
			start := time.Now()
			_, b, err := s.conn.Read(context.Background())
			if err != nil || string(b) != "\n" || time.Since(start) > 5*time.Second {
				t.Fatalf("heartbeat %q after %s: %v", b, time.Since(start), err)
			}
			s.send("\n")
		}
		start := time.Now()
		for { // not echoed, the socket is given up
			if _, _, err := s.conn.Read(context.Background()); err != nil {
				break
			}
		}
		if d := time.Since(start); d < 15*time.Second || d > 25*time.Second {
			t.Errorf("a dead browser was cut after %s", d)
		}
	})
}

func TestSocketWithoutToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLab(t).connect()
		s.send(`{"type":"register","payload":{"media":{"audio":true}}}`)
		s.expect(`"error"`, `31204`)
		s.send(`{"type":"invite","payload":{"callsid":"TJS1","sdp":"x"}}`)
		s.expect(`"error"`, `31204`)
		start := time.Now()
		for {
			if _, _, err := s.conn.Read(context.Background()); err != nil {
				break
			}
		}
		if d := time.Since(start); d < 4*time.Second || d > 6*time.Second {
			t.Errorf("cut after %s", d)
		}
		synctest.Wait()
		s.notes.is(t)
	})
}

func TestRefusedTokenClosesTheSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLab(t).connect()
		s.send(`{"type":"listen","payload":{"token":""}}`)
		s.expect(`"error"`, `31204`)
		s.expect(`"close"`)
		if _, _, err := s.conn.Read(context.Background()); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
			t.Errorf("then came %v", err)
		}
	})
}

// The SDK sends what it had queued right behind listen.
func TestQueuedFramesAreHandledAfterTheToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLab(t).connect()
		go func() {
			s.send(`{"type":"listen","payload":{"token":"dana"}}`)
			s.send(`{"type":"invite","payload":{"callsid":"TJS1","sdp":"x","twilio":{"params":"To=1"}}}`)
			s.send(`{"type":"hangup","payload":{"callsid":"TJS1"}}`)
		}()
		s.expect(`"connected"`)
		synctest.Wait()
		s.notes.is(t, "invited", "hungup")
	})
}

func TestBadFramesEndTheSocket(t *testing.T) {
	for name, frame := range map[string]string{
		"not JSON": "hello", "no type": `{"payload":{}}`, "wrong types": `{"type":"answer","payload":{"sdp":5}}`,
		"too long": `{"type":"` + strings.Repeat("x", maxMessage) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newLab(t).connect()
				go s.conn.Write(context.Background(), websocket.MessageText, []byte(frame)) // may be cut off half way
				if _, _, err := s.conn.Read(context.Background()); err == nil {
					t.Error("the socket is open")
				}
			})
		})
	}
}

func TestOrigin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		_, response, err := websocket.Dial(context.Background(), "ws://gateway/signal", &websocket.DialOptions{HTTPClient: l.client, HTTPHeader: http.Header{"Origin": {"http://evil"}}})
		if err == nil || response.StatusCode != http.StatusForbidden {
			t.Errorf("another page's socket: %v", err)
		}
		io.Copy(io.Discard, response.Body)
	})
}

// A browser that does not read is cut, and nobody waits for it.
func TestSlowBrowserIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		s := l.connect()
		s.send(`{"type":"listen","payload":{"token":"ana"}}`)
		s.send(`{"type":"register","payload":{"media":{"audio":true}}}`)
		synctest.Wait()
		start := time.Now()
		for l.gateway.Registered("ana") {
			leg, err := l.gateway.Dial("CA1", "ana", nil, nil)
			if err == nil {
				synctest.Wait()
				leg.Hangup(0, "")
				synctest.Wait()
			}
		}
		if d := time.Since(start); d != 0 {
			t.Errorf("somebody waited %s", d)
		}
	})
}

// An answer that crosses our cancel must not leave a call open in the page.
func TestAnswerCrossingCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		s := l.connect()
		s.send(`{"type":"listen","payload":{"token":"ana"}}`)
		s.expect(`"connected"`)
		s.send(`{"type":"register","payload":{"media":{"audio":true}}}`)
		s.expect(`"ready"`)
		leg, err := l.gateway.Dial("CA1", "ana", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.expect(`"invite"`, `"CA1"`, `"reconnect":"`)
		leg.Hangup(0, "")
		s.expect(`"cancel"`, `"CA1"`)
		s.send(`{"type":"answer","payload":{"callsid":"CA1","sdp":"x"}}`)
		s.expect(`"hangup"`, `"CA1"`)
		synctest.Wait()
		l.notes.is(t)
	})
}

func TestUnusableDescriptions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		s := l.connect()
		s.send(`{"type":"listen","payload":{"token":"ana"}}`)
		s.expect(`"connected"`)
		s.send(`{"type":"register","payload":{"media":{"audio":true}}}`)
		s.expect(`"ready"`)
		if _, err := l.gateway.Dial("CA1", "ana", nil, nil); err != nil {
			t.Fatal(err)
		}
		s.expect(`"invite"`)
		s.send(`{"type":"answer","payload":{"callsid":"CA1","sdp":"bad"}}`)
		s.expect(`"hangup"`, `31400`)
		s.send(`{"type":"invite","payload":{"callsid":"TJS1","sdp":"bad"}}`)
		s.expect(`"hangup"`, `"TJS1"`, `31400`)
		synctest.Wait()
		l.notes.is(t, "mediafailed: bad answer")
	})
}

// Whoever shows somebody else's reconnect token gets nothing.
func TestReconnectTokenIsBoundToItsOwner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		ana, eve := l.connect(), l.connect()
		ana.send(`{"type":"listen","payload":{"token":"ana"}}`)
		ana.expect(`"connected"`)
		ana.send(`{"type":"invite","payload":{"callsid":"TJS1","sdp":"x"}}`)
		synctest.Wait()
		l.notes.legs[0].Ringing("CA1")
		l.notes.legs[0].Answer()
		ana.expect(`"ringing"`)
		var f struct{ Payload payload }
		if err := json.Unmarshal([]byte(ana.expect(`"answer"`)), &f); err != nil || f.Payload.Reconnect == "" {
			t.Fatalf("no reconnect token: %v", err)
		}
		eve.send(`{"type":"listen","payload":{"token":"eve"}}`)
		eve.expect(`"connected"`)
		eve.send(`{"type":"invite","payload":{"callsid":"CA1","sdp":"x","reconnect":"` + f.Payload.Reconnect + `"}}`)
		eve.expect(`"hangup"`, `31209`)
		eve.send(`{"type":"hangup","payload":{"callsid":"CA1"}}`)
		ana.send(`{"type":"invite","payload":{"callsid":"CA1","sdp":"x","reconnect":"` + f.Payload.Reconnect + `"}}`)
		ana.expect(`"answer"`, `"CA1"`)
		synctest.Wait()
		l.notes.is(t, "invited")
	})
}

// A stopped process or a closed laptop loses nobody; a silent browser is lost.
func TestOurOwnSleepIsNobodysLoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		s := l.connect()
		s.send(`{"type":"listen","payload":{"token":"ana"}}`)
		s.send(`{"type":"register","payload":{"media":{"audio":true}}}`)
		s.expect(`"connected"`)
		s.expect(`"ready"`)
		if _, err := l.gateway.Dial("CA1", "ana", nil, nil); err != nil {
			t.Fatal(err)
		}
		s.expect(`"invite"`)
		s.send(`{"type":"answer","payload":{"callsid":"CA1","sdp":"x"}}`)
		synctest.Wait()
		now := time.Now().Add(time.Minute)
		l.gateway.look(now, true)
		l.gateway.look(now.Add(4*time.Second), false)
		synctest.Wait()
		l.notes.is(t, "answered")
		l.gateway.look(now.Add(6*time.Second), false)
		synctest.Wait()
		l.notes.is(t, "answered", "lost: nothing heard for 5s")
	})
}

// FuzzFrames has a browser send any frames in any order: nothing may panic, what
// it is sent must be JSON, and nothing may remain when it is gone.
func FuzzFrames(f *testing.F) {
	f.Add([]byte(`{"type":"register","payload":{"media":{"audio":true}}}` + "\n" + `{"type":"answer","payload":{"callsid":"CA1","sdp":"x"}}` + "\n" + `{"type":"dtmf","payload":{"callsid":"CA1","dtmf":"1w2"}}`))
	f.Add([]byte(`{"type":"invite","version":"1.6","payload":{"callsid":"TJS1","sdp":"x","twilio":{"params":"To=%2B1&a=b%26c"}}}` + "\n" + `{"type":"hangup","payload":{"callsid":"TJS1","message":"bye"}}`))
	f.Add([]byte(`{"type":"reject","payload":{"callsid":"CA1"}}` + "\n" + `{"type":"invite","payload":{"callsid":"CA1","sdp":"x","reconnect":"y","twilio":{}}}`))
	f.Add([]byte(`{"type":"reinvite","payload":{"callsid":"CA1","sdp":"bad"}}` + "\n" + `{"type":"message","payload":{"callsid":"CA1","voiceeventsid":"KX1"}}`))
	f.Add([]byte(`{"type":"invite","payload":{"callsid":"é","sdp":"bad","twilio":{"params":"%zz"}}}`))
	f.Add([]byte(`{"type":"register","payload":{"media":{"audio":false}}}` + "\n" + `[]` + "\n" + `{"type":5}`))
	f.Fuzz(func(t *testing.T, frames []byte) {
		network := &fakeNetwork{}
		g, err := newGateway(Config{Logger: slog.New(slog.DiscardHandler), Verify: anybody, Handler: &notes{}}, network)
		if err != nil {
			t.Fatal(err)
		}
		s := &session{gateway: g, cut: func(error) {}, out: make(chan []byte, 1000), forks: make(map[string]*fork)}
		g.addSession(s)
		s.listen("ana")
		g.register(s)
		l, err := g.Dial("CA1", "ana", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		g.running.Wait() // until the offer is made
		for _, frame := range bytes.SplitN(frames, []byte("\n"), 20) {
			if m, err := parse(frame); err == nil {
				s.handle(context.Background(), m)
			}
		}
		g.dropSession(s)
		l.Hangup(0, "")
		g.running.Wait()
		g.stop()
		g.running.Wait()
		if len(g.legs)+len(g.tokens)+len(g.sessions) > 0 || network.opened.Load() != network.closed.Load() {
			t.Errorf("remain: %d legs, %d tokens, %d sessions, %d connections", len(g.legs), len(g.tokens), len(g.sessions), network.opened.Load()-network.closed.Load())
		}
		close(s.out)
		for frame := range s.out {
			if !json.Valid(frame) {
				t.Errorf("sent %q", frame)
			}
		}
	})
}
