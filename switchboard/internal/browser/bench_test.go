package browser_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"warmdesk/switchboard/internal/browser"
	"warmdesk/switchboard/internal/conference"
	"warmdesk/switchboard/switchboardtest"
)

// event is a call of the handler.
type event struct {
	kind   string
	leg    *browser.Leg
	detail string
}

// handler passes what it is told on to the test.
type handler struct{ events chan event }

func (h *handler) Invited(l *browser.Leg, p url.Values)   { h.events <- event{"invited", l, p.Encode()} }
func (h *handler) Answered(l *browser.Leg)                { h.events <- event{"answered", l, ""} }
func (h *handler) Rejected(l *browser.Leg)                { h.events <- event{"rejected", l, ""} }
func (h *handler) HungUp(l *browser.Leg)                  { h.events <- event{"hungup", l, ""} }
func (h *handler) Lost(l *browser.Leg, why string)        { h.events <- event{"lost", l, why} }
func (h *handler) MediaFailed(l *browser.Leg, why string) { h.events <- event{"mediafailed", l, why} }
func (h *handler) Digits(l *browser.Leg, digits string)   { h.events <- event{"digits", l, digits} }

// bench is a gateway with an engine behind it and phones in front.
type bench struct {
	testing.TB
	ctx     context.Context
	stop    context.CancelFunc
	url     string
	gateway *browser.Gateway
	engine  *conference.Engine
	events  chan event
}

// verify takes tokens of the form "name", "name!" (no incoming), "name?" (no
// outgoing), "invalid", "expired", "forbidden", and "name@duration".
func verify(token string) (browser.Identity, error) {
	switch token {
	case "invalid":
		return browser.Identity{}, fmt.Errorf("signature: %w", browser.ErrTokenInvalid)
	case "expired":
		return browser.Identity{}, fmt.Errorf("exp: %w", browser.ErrTokenExpired)
	case "forbidden":
		return browser.Identity{}, errors.New("unknown key")
	}
	name, life, _ := strings.Cut(token, "@")
	ttl, err := time.ParseDuration(life)
	if err != nil {
		ttl = time.Hour
	}
	id := browser.Identity{Name: strings.TrimRight(name, "!?"), Expires: time.Now().Add(ttl), Incoming: !strings.HasSuffix(name, "!")}
	if !strings.HasSuffix(name, "?") {
		id.AppSID = "AP1"
	}
	return id, nil
}

func newBench(t testing.TB, change func(*browser.Config)) *bench {
	t.Helper()
	h := &handler{events: make(chan event, 100)}
	config := browser.Config{Verify: verify, Handler: h, Account: "AC1"}
	if change != nil {
		change(&config)
	}
	g, err := browser.New(config)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(g)
	b := &bench{TB: t, url: server.URL, gateway: g, engine: conference.New(conference.Config{}), events: h.events}
	running, stop := context.WithCancel(context.Background())
	b.stop = stop
	ran := make(chan error, 2)
	go func() { ran <- g.Run(running) }()
	go func() { ran <- b.engine.Run(running) }()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	b.ctx = ctx
	t.Cleanup(func() {
		cancel()
		stop()
		for range 2 {
			if err := <-ran; !errors.Is(err, context.Canceled) {
				t.Errorf("Run returned %v", err)
			}
		}
		server.Close()
	})
	return b
}

func (b *bench) phone(token string, tone float64) *switchboardtest.Phone {
	b.Helper()
	p, err := switchboardtest.Dial(b.ctx, switchboardtest.Config{URL: b.url, Token: token, Tone: tone})
	b.must(err)
	b.Cleanup(p.Close)
	return p
}

func (b *bench) registered(token string, tone float64) *switchboardtest.Phone {
	b.Helper()
	p := b.phone(token, tone)
	b.must(p.Register(b.ctx))
	return p
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// expect waits for the next event, which must be of that kind.
func (b *bench) expect(kind string) event {
	b.Helper()
	select {
	case e := <-b.events:
		if e.kind != kind {
			b.Fatalf("event %q (%s), want %q", e.kind, e.detail, kind)
		}
		return e
	case <-b.ctx.Done():
		b.Fatalf("no event, want %q", kind)
	}
	panic("unreachable")
}

// quiet fails if an event comes within d.
func (b *bench) quiet(d time.Duration) {
	b.Helper()
	select {
	case e := <-b.events:
		b.Errorf("unexpected event %q (%s)", e.kind, e.detail)
	case <-time.After(d):
	}
}

func (b *bench) dial(identity string) *browser.Leg {
	b.Helper()
	l, err := b.gateway.Dial("CA0001", identity, map[string]string{"From": "+15550100", "To": "client:" + identity}, url.Values{"leg": {"a b&c=d"}})
	b.must(err)
	return l
}

func (b *bench) incoming(p *switchboardtest.Phone) *switchboardtest.Call {
	b.Helper()
	c, err := p.Incoming(b.ctx)
	b.must(err)
	return c
}

// connected makes a call to a new phone of that identity, up to two-way audio.
func (b *bench) connected(identity string, tone float64) (*switchboardtest.Phone, *switchboardtest.Call, *browser.Leg) {
	b.Helper()
	p := b.registered(identity, tone)
	l := b.dial(identity)
	c := b.incoming(p)
	b.must(c.Accept(b.ctx))
	b.expect("answered")
	return p, c, l
}

// place makes a call from a new phone, up to two-way audio.
func (b *bench) placed(identity string, tone float64) (*switchboardtest.Phone, *switchboardtest.Call, *browser.Leg) {
	b.Helper()
	p := b.phone(identity, tone)
	legs := make(chan *browser.Leg, 1)
	go func() {
		e := <-b.events
		e.leg.Ringing("CA0002")
		e.leg.Answer()
		legs <- e.leg
	}()
	c, err := p.Call(b.ctx, url.Values{"To": {"+15551234567"}})
	b.must(err)
	b.expect("answered")
	return p, c, <-legs
}

func (b *bench) ended(c *switchboardtest.Call) switchboardtest.End {
	b.Helper()
	end, err := c.Wait(b.ctx)
	b.must(err)
	return end
}

var tones = []float64{440, 620, 800, 1000}

func (b *bench) hears(c *switchboardtest.Call, want ...float64) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	b.must(c.WaitTones(ctx, want, tones))
}
