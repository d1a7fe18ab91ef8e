package switchboardtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"sync"
)

// state is how far a call has come.
type state int

const (
	placing state = iota // no answer yet
	ringing              // incoming, not yet accepted
	open
	ended
)

// End says how a call ended, when it did not end by this phone.
type End struct {
	Cancelled bool   // it stopped ringing
	Err       *Error // the error the page would be shown, or nil
}

// Call is one call of a phone.
type Call struct {
	// Parameters and Custom are what the page sees of an incoming call.
	Parameters map[string]string
	Custom     url.Values

	phone    *Phone
	ear      *ear
	over     chan struct{} // closed at the end
	replied  chan frame    // answers to what this phone asked
	signalMu sync.Mutex    // one question at a time

	mu    sync.Mutex
	state state
	sid   string // the switchboard's, once known
	temp  string // this phone's
	offer string
	token string
	media *media
	how   End
}

func newTempSID() string { return "TJS" + rand.Text() }

func newCall(p *Phone, sid string) *Call {
	c := &Call{phone: p, ear: &ear{}, over: make(chan struct{}), replied: make(chan frame, 8), sid: sid, temp: sid}
	p.mu.Lock()
	p.calls[c] = struct{}{}
	p.mu.Unlock()
	return c
}

// SID returns the sid under which the phone knows the call.
func (c *Call) SID() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sid
}

func (c *Call) is(sid string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return sid == c.sid || sid == c.temp
}

// waits tells whether the call waits for its first answer, whose sid the phone
// may not know yet.
func (c *Call) waits() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state == placing
}

// Accept answers an incoming call and returns when its audio is up.
func (c *Call) Accept(ctx context.Context) error {
	m, err := newMedia(c.phone.config.Tone, c.ear)
	if err != nil {
		return err
	}
	c.mu.Lock()
	if c.state != ringing {
		c.mu.Unlock()
		m.close()
		return c.gone()
	}
	c.media, c.state = m, open
	offer, sid := c.offer, c.sid
	c.mu.Unlock()
	answer, err := m.answer(offer)
	if err != nil {
		return err
	}
	if err := c.phone.send(ctx, "answer", map[string]any{"callsid": sid, "sdp": answer}); err != nil {
		return err
	}
	return c.waitUp(ctx, m)
}

// Reject declines an incoming call.
func (c *Call) Reject() {
	_ = c.phone.send(context.Background(), "reject", map[string]any{"callsid": c.SID()}) // without a socket nobody can be told
	c.end(End{})
}

// Hangup ends the call from this side.
func (c *Call) Hangup() {
	select {
	case <-c.over:
		return
	default:
	}
	_ = c.phone.send(context.Background(), "hangup", map[string]any{"callsid": c.SID()})
	c.end(End{})
}

// Ended returns a channel that is closed when the call is over, from whichever
// side.
func (c *Call) Ended() <-chan struct{} { return c.over }

// Wait waits for the end of the call and tells how it ended.
func (c *Call) Wait(ctx context.Context) (End, error) {
	select {
	case <-c.over:
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.how, nil
	case <-ctx.Done():
		return End{}, context.Cause(ctx)
	}
}

// Mute makes the phone send silence, as a muted browser does, or its tone again.
func (c *Call) Mute(on bool) {
	if m := c.connection(); m != nil {
		m.muted.Store(on)
	}
}

// Freeze stops everything the phone sends in this call, audio and checks, while
// the signalling goes on: a network that lets no UDP through.
func (c *Call) Freeze() {
	if m := c.connection(); m != nil {
		m.socket.dead.Store(true)
	}
}

// Press sends keys as telephone-events, 100 ms each.
func (c *Call) Press(ctx context.Context, digits string) error {
	m := c.connection()
	if m == nil {
		return c.gone()
	}
	return m.press(ctx, digits)
}

// PressBySignal sends keys as the SDK does where telephone-events were not
// negotiated.
func (c *Call) PressBySignal(ctx context.Context, digits string) error {
	return c.phone.send(ctx, "dtmf", map[string]any{"callsid": c.SID(), "dtmf": digits})
}

// Restart restarts ICE, as the SDK does when the browser's network has changed,
// and returns when the switchboard has answered.
func (c *Call) Restart(ctx context.Context) error {
	m := c.connection()
	if m == nil {
		return c.gone()
	}
	offer, err := m.offer(true)
	if err != nil {
		return err
	}
	f, err := c.ask(ctx, "reinvite", map[string]any{"callsid": c.SID(), "sdp": offer})
	if err != nil {
		return err
	}
	return m.accept(f.Payload.SDP)
}

func (c *Call) place(ctx context.Context, params url.Values) error {
	m, err := newMedia(c.phone.config.Tone, c.ear)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.media = m
	c.mu.Unlock()
	offer, err := m.offer(false)
	if err != nil {
		return err
	}
	f, err := c.ask(ctx, "invite", map[string]any{"callsid": c.temp, "sdp": offer, "twilio": map[string]string{"params": params.Encode()}})
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.state, c.token = open, f.Payload.Reconnect
	c.mu.Unlock()
	if err := m.accept(f.Payload.SDP); err != nil {
		return err
	}
	return c.waitUp(ctx, m)
}

// reclaim claims the call on the phone's new socket.
func (c *Call) reclaim(ctx context.Context) error {
	c.mu.Lock()
	m, token, sid, isOpen := c.media, c.token, c.sid, c.state == open
	c.mu.Unlock()
	if !isOpen || token == "" {
		c.end(End{Cancelled: true})
		return nil
	}
	_, err := c.ask(ctx, "invite", map[string]any{"callsid": sid, "sdp": m.description(), "reconnect": token, "twilio": map[string]string{}})
	return err
}

// ask sends a question and waits for its answer frame.
func (c *Call) ask(ctx context.Context, kind string, payload map[string]any) (frame, error) {
	c.signalMu.Lock()
	defer c.signalMu.Unlock()
	if err := c.phone.send(ctx, kind, payload); err != nil {
		return frame{}, err
	}
	select {
	case f := <-c.replied:
		return f, nil
	case <-c.over:
		return frame{}, c.gone()
	case <-ctx.Done():
		return frame{}, fmt.Errorf("wait for the answer to %s: %w", kind, context.Cause(ctx))
	}
}

func (c *Call) handle(f frame) {
	switch f.Type {
	case "ringing":
		c.mu.Lock()
		c.sid = f.Payload.CallSID
		c.mu.Unlock()
	case "answer":
		offer(c.replied, f)
	case "cancel":
		c.end(End{Cancelled: true})
	case "hangup":
		c.mu.Lock()
		pending := c.state == ringing
		c.mu.Unlock()
		if !pending { // as the SDK, which obeys only cancel then
			c.end(End{Err: f.Payload.Error})
		}
	}
}

func (c *Call) waitUp(ctx context.Context, m *media) error {
	select {
	case <-m.up:
		return nil
	case <-c.over:
		return c.gone()
	case <-ctx.Done():
		return fmt.Errorf("wait for audio: %w", context.Cause(ctx))
	}
}

// gone is the error of a call that is over.
func (c *Call) gone() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.how.Err != nil {
		return c.how.Err
	}
	return fmt.Errorf("call %s is over (cancelled: %t)", c.sid, c.how.Cancelled)
}

func (c *Call) connection() *media {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.media
}

func (c *Call) end(how End) {
	c.mu.Lock()
	if c.state == ended {
		c.mu.Unlock()
		return
	}
	c.state, c.how = ended, how
	m := c.media
	c.mu.Unlock()
	close(c.over)
	c.phone.forget(c)
	if m != nil {
		m.close()
	}
}

func (c *Call) die() {
	c.Freeze()
	c.end(End{})
}
