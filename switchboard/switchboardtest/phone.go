// Package switchboardtest has phones for tests: on the wire they behave as a
// browser with @twilio/voice-sdk does (signalling over a WebSocket, full ICE,
// DTLS, µ-law), each says a tone of its own, and tells which tones it hears.
//
//	ana, err := switchboardtest.Dial(ctx, switchboardtest.Config{URL: server.URL, Token: token, Tone: 440})
//	defer ana.Close()
//	err = ana.Register(ctx)
//	call, err := ana.Incoming(ctx)
//	err = call.Accept(ctx)
//	err = call.WaitTones(ctx, []float64{620}, []float64{440, 620, 800}) // hears 620 Hz and none of the others
//	call.Hangup()
package switchboardtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/coder/websocket"
)

// Config configures a Phone.
type Config struct {
	// URL is the switchboard's base URL, for example http://127.0.0.1:8080.
	URL string
	// Token is the access token to sign in with.
	Token string
	// Tone is the frequency in Hz the phone says while it is in a call; 0 means
	// that it sends silence, as a muted browser does. It should be a multiple
	// of 50 and keep 100 Hz away from other phones' tones.
	Tone float64
	// Origin is the page's origin to claim; none by default.
	Origin string
	// HTTP opens the socket; nil is http.DefaultClient.
	HTTP *http.Client
}

// Error is a refusal by the switchboard, with the SDK's code.
type Error struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *Error) Error() string { return fmt.Sprintf("switchboard: %d %s", e.Code, e.Message) }

// ErrGone is returned when the phone's socket has closed.
var ErrGone = errors.New("switchboardtest: the socket is closed")

// Phone is one SDK Device: a socket, signed in.
type Phone struct {
	config Config

	mu       sync.Mutex
	conn     *websocket.Conn
	gone     chan struct{} // closed when conn's reader has ended
	stop     context.CancelFunc
	identity string
	calls    map[*Call]struct{}
	errors   []*Error

	connected chan *Error // nil: the token was taken
	ready     chan string // "ready" or "offline"
	incoming  chan *Call
}

// Dial connects a phone and signs it in. A refused token is an *Error.
func Dial(ctx context.Context, c Config) (*Phone, error) {
	p := &Phone{
		config:    c,
		calls:     make(map[*Call]struct{}),
		connected: make(chan *Error, 1),
		ready:     make(chan string, 16),
		incoming:  make(chan *Call, 16),
	}
	if err := p.connect(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Phone) connect(ctx context.Context) error {
	target := strings.Replace(strings.TrimSuffix(p.config.URL, "/"), "http", "ws", 1) + "/signal"
	options := &websocket.DialOptions{HTTPClient: p.config.HTTP}
	if p.config.Origin != "" {
		options.HTTPHeader = map[string][]string{"Origin": {p.config.Origin}}
	}
	conn, _, err := websocket.Dial(ctx, target, options)
	if err != nil {
		return fmt.Errorf("connect phone: %w", err)
	}
	conn.SetReadLimit(1 << 20)
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	gone := make(chan struct{})
	p.mu.Lock()
	p.conn, p.gone, p.stop = conn, gone, stop
	p.mu.Unlock()
	go func() {
		defer close(gone)
		p.read(life, conn)
	}()
	if err := p.Listen(ctx, p.config.Token); err != nil {
		p.DropSocket()
		return err
	}
	return nil
}

// Listen presents a token, as the SDK's updateToken does. A refusal is an *Error.
func (p *Phone) Listen(ctx context.Context, token string) error {
	select {
	case <-p.connected: // an error that answered nothing
	default:
	}
	err := p.send(ctx, "listen", map[string]any{"token": token, "reconnectTimeout": 0, "browserinfo": map[string]string{"p": "browser", "v": "2.18.5"}})
	if err != nil {
		return err
	}
	refusal, err := receive(ctx, p, p.connected)
	if err == nil && refusal != nil {
		return refusal
	}
	return err
}

// Identity returns the name the switchboard has read in the token.
func (p *Phone) Identity() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.identity
}

// Register makes the phone reachable.
func (p *Phone) Register(ctx context.Context) error { return p.presence(ctx, true, "ready") }

// Unregister makes it unreachable again.
func (p *Phone) Unregister(ctx context.Context) error { return p.presence(ctx, false, "offline") }

func (p *Phone) presence(ctx context.Context, audio bool, want string) error {
	if err := p.send(ctx, "register", map[string]any{"media": map[string]bool{"audio": audio}}); err != nil {
		return err
	}
	for {
		got, err := receive(ctx, p, p.ready)
		if err != nil || got == want {
			return err
		}
	}
}

// Incoming waits for the phone to ring.
func (p *Phone) Incoming(ctx context.Context) (*Call, error) {
	return receive(ctx, p, p.incoming)
}

// Errors returns the error messages that concerned no call so far.
func (p *Phone) Errors() []*Error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]*Error(nil), p.errors...)
}

// Close hangs up and disconnects, as a page that is closed does.
func (p *Phone) Close() {
	for _, c := range p.current() {
		c.Hangup()
	}
	p.mu.Lock()
	conn, gone, stop := p.conn, p.gone, p.stop
	p.mu.Unlock()
	_ = conn.Close(websocket.StatusGoingAway, "")
	stop()
	<-gone
}

// Die ends the phone as killing its process does: the socket breaks, audio and
// checks stop, and nobody is told.
func (p *Phone) Die() {
	for _, c := range p.current() {
		c.die()
	}
	p.DropSocket()
}

// DropSocket breaks the signalling socket; calls keep their audio.
func (p *Phone) DropSocket() {
	p.mu.Lock()
	conn, gone, stop := p.conn, p.gone, p.stop
	p.mu.Unlock()
	stop()
	_ = conn.CloseNow()
	<-gone
}

// Reconnect connects again after DropSocket and claims the open calls back, as
// the SDK does by itself. A pending call is lost to it. Register is the caller's.
func (p *Phone) Reconnect(ctx context.Context) error {
	if err := p.connect(ctx); err != nil {
		return err
	}
	for _, c := range p.current() {
		if err := c.reclaim(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (p *Phone) current() []*Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	var calls []*Call
	for c := range p.calls {
		calls = append(calls, c)
	}
	return calls
}

func (p *Phone) forget(c *Call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.calls, c)
}

// frame is a message in either direction.
type frame struct {
	Type    string `json:"type"`
	Version string `json:"version"`
	Payload struct {
		CallSID    string            `json:"callsid"`
		SDP        string            `json:"sdp"`
		Reconnect  string            `json:"reconnect"`
		Parameters map[string]string `json:"parameters"`
		Error      *Error            `json:"error"`
		Token      struct {
			Identity string `json:"identity"`
			TTL      int    `json:"ttl"`
		} `json:"token"`
	} `json:"payload"`
}

func (p *Phone) send(ctx context.Context, kind string, payload map[string]any) error {
	b, err := json.Marshal(map[string]any{"type": kind, "version": "1.6", "payload": payload})
	if err != nil {
		return fmt.Errorf("encode %s: %w", kind, err)
	}
	p.mu.Lock()
	conn := p.conn
	p.mu.Unlock()
	if err := conn.Write(ctx, websocket.MessageText, b); err != nil {
		return fmt.Errorf("send %s: %w: %w", kind, ErrGone, err)
	}
	return nil
}

func (p *Phone) read(ctx context.Context, conn *websocket.Conn) {
	for {
		_, b, err := conn.Read(ctx)
		if err != nil {
			return
		}
		if string(b) == "\n" {
			_ = conn.Write(ctx, websocket.MessageText, b) // a broken socket shows at the next Read
			continue
		}
		var f frame
		if json.Unmarshal(b, &f) == nil {
			p.handle(f)
		}
	}
}

func (p *Phone) handle(f frame) {
	switch f.Type {
	case "connected":
		p.mu.Lock()
		p.identity = f.Payload.Token.Identity
		p.mu.Unlock()
		p.connected <- nil
	case "ready", "offline":
		offer(p.ready, f.Type)
	case "error":
		p.mu.Lock()
		p.errors = append(p.errors, f.Payload.Error)
		p.mu.Unlock()
		offer(p.connected, f.Payload.Error)
	case "invite":
		c := newCall(p, f.Payload.CallSID)
		c.offer, c.token = f.Payload.SDP, f.Payload.Reconnect
		c.Parameters = f.Payload.Parameters
		c.Custom, _ = url.ParseQuery(f.Payload.Parameters["Params"]) // what cannot be parsed is not there
		c.state = ringing
		p.incoming <- c
	default:
		for _, c := range p.current() {
			if f.Payload.CallSID == "" || c.is(f.Payload.CallSID) || f.Type == "ringing" || f.Type == "answer" && c.waits() {
				c.handle(f)
			}
		}
	}
}

// offer puts v into ch unless it is full: nobody may be waiting for it.
func offer[T any](ch chan T, v T) {
	select {
	case ch <- v:
	default:
	}
}

// receive takes the next value from ch while the phone's socket lives.
func receive[T any](ctx context.Context, p *Phone, ch chan T) (T, error) {
	p.mu.Lock()
	gone := p.gone
	p.mu.Unlock()
	var none T
	select {
	case v := <-ch:
		return v, nil
	default:
	}
	select {
	case v := <-ch:
		return v, nil
	case <-gone:
		return none, ErrGone
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
}

// Call places a call, as device.connect does, and returns when the switchboard
// has answered and the audio is up. A refusal is an *Error.
func (p *Phone) Call(ctx context.Context, params url.Values) (*Call, error) {
	c := newCall(p, newTempSID())
	if err := c.place(ctx, params); err != nil {
		c.end(End{})
		return nil, err
	}
	return c, nil
}
