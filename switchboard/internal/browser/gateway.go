package browser

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Gateway is where browsers register and where their calls begin and end. Create
// it with New, serve its ServeHTTP, and Run it.
type Gateway struct {
	config  Config
	log     *slog.Logger
	network network
	events  events
	running sync.WaitGroup // all goroutines but Run's; Add only through begin

	mu       sync.Mutex
	stopped  bool
	sessions map[*session]struct{}
	legs     map[*Leg]struct{}
	tokens   map[string]*fork // by reconnect token
	ended    map[string]ending
}

// ending remembers how a leg ended, for a browser whose socket was away then.
type ending struct {
	code    int
	message string
	at      time.Time
}

// New opens the media port and returns a gateway without browsers. Its errors are
// a missing part of c, or an address or port that cannot be listened on.
func New(c Config) (*Gateway, error) {
	if len(c.MediaAddrs) == 0 {
		c.MediaAddrs = []string{"127.0.0.1"}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	n, err := newPionNetwork(c.MediaAddrs, c.MediaPort, c.PublicIP, c.Logger)
	if err != nil {
		return nil, err
	}
	g, err := newGateway(c, n)
	if err != nil {
		return nil, errors.Join(err, n.close())
	}
	return g, nil
}

func newGateway(c Config, n network) (*Gateway, error) {
	if c.Verify == nil || c.Handler == nil {
		return nil, errors.New("browser gateway needs Verify and Handler")
	}
	c.LostCallee = cmp.Or(c.LostCallee, 5*time.Second)
	c.LostCaller = cmp.Or(c.LostCaller, 40*time.Second)
	c.MediaTimeout = cmp.Or(c.MediaTimeout, 5*time.Second)
	g := &Gateway{
		config: c, log: c.Logger, network: n,
		sessions: make(map[*session]struct{}),
		legs:     make(map[*Leg]struct{}),
		tokens:   make(map[string]*fork),
		ended:    make(map[string]ending),
	}
	g.events.init(c.Handler)
	return g, nil
}

// MediaAddresses returns where the browsers are told to send their audio, as
// host:port.
func (g *Gateway) MediaAddresses() []string { return slices.Clone(g.network.addresses()) }

// Run delivers events and watches the legs until ctx ends. Then it ends all legs,
// closes all sockets and the media port, and returns the cause.
func (g *Gateway) Run(ctx context.Context) error {
	var delivering sync.WaitGroup
	delivering.Go(g.events.deliver)
	g.watch(ctx)
	g.stop()
	g.running.Wait()
	g.events.stop()
	delivering.Wait()
	return errors.Join(context.Cause(ctx), g.network.close())
}

func (g *Gateway) stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for l := range maps.Clone(g.legs) {
		l.silent = true
		l.end(0, "")
	}
	g.stopped = true
	for s := range g.sessions {
		s.finish()
	}
}

// begin counts a socket's goroutine in, unless the gateway is stopping.
func (g *Gateway) begin() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stopped {
		return false
	}
	g.running.Add(1)
	return true
}

func (g *Gateway) addSession(s *session) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stopped {
		return false
	}
	g.sessions[s] = struct{}{}
	return true
}

// dropSession forgets a socket that is gone. Open calls go on: their media
// decides. What still rang there will ring again when the browser is back.
func (g *Gateway) dropSession(s *session) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.sessions, s)
	for _, f := range s.unique() {
		l := f.leg
		f.session = nil
		switch {
		case l.state != legNew:
		case l.placed:
			// Nobody could tell the browser that it was answered.
			l.end(0, "")
			g.events.add(l, func(h Handler) { h.Lost(l, "the browser went away before it was answered") })
		default:
			l.drop(f)
		}
	}
	s.forks = nil
	s.registered = false
}

// identify gives s the identity of a valid token.
func (g *Gateway) identify(s *session, id Identity) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s.identity.Name != id.Name {
		s.registered = false // another person needs a registration of their own
	}
	s.identity, s.expired = id, false
}

// register makes s a device of its identity, and lets it ring for what already
// rings there: a page that was reloaded finds its call again.
func (g *Gateway) register(s *session) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case !s.identity.valid():
		s.fail(codeTokenExpired, "access token expired")
		return
	case !s.identity.Incoming:
		s.fail(codeUnauthenticated, "the token does not allow incoming calls")
		return
	}
	s.registered = true
	s.send(encode("ready", nil))
	for l := range g.legs {
		if !l.placed && l.state == legNew && l.identity.Name == s.identity.Name && !l.offeredTo(s) {
			l.ring(s)
		}
	}
}

func (g *Gateway) unregister(s *session) {
	g.mu.Lock()
	defer g.mu.Unlock()
	s.registered = false
	s.send(encode("offline", nil)) // the SDK's unregister() waits for it
}

func (id Identity) valid() bool { return time.Now().Before(id.Expires) }

// devices returns the sockets on which identity can be called. g.mu is held.
func (g *Gateway) devices(identity string) []*session {
	var found []*session
	for s := range g.sessions {
		if s.registered && s.identity.Name == identity && s.identity.valid() {
			found = append(found, s)
		}
	}
	return found
}

// Registered tells whether identity has a device that can be called.
func (g *Gateway) Registered(identity string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.devices(identity)) > 0
}

// Dial calls identity: all its devices ring, also those that register while it
// rings, until one accepts or declines or Leg.Hangup is called; there is no ring
// timeout. sid is the call's. parameters are what the page sees of the call
// (From, To, CallSid, AccountSid, ApiVersion; the last three are filled in), and
// custom what it sees as its custom parameters.
//
// The only error is ErrNotRegistered, wrapped.
func (g *Gateway) Dial(sid, identity string, parameters map[string]string, custom url.Values) (*Leg, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	devices := g.devices(identity)
	if len(devices) == 0 || g.stopped {
		return nil, fmt.Errorf("dial %s: %w", identity, ErrNotRegistered)
	}
	shown := fields{"CallSid": sid, "AccountSid": g.config.Account, "ApiVersion": "2010-04-01"}
	for key, value := range parameters {
		shown[key] = value
	}
	if len(custom) > 0 {
		shown["Params"] = sdkQuery(custom)
	}
	l := &Leg{gateway: g, sid: sid, identity: Identity{Name: identity}, parameters: shown}
	g.legs[l] = struct{}{}
	for _, s := range devices {
		l.ring(s)
	}
	return l, nil
}

// sdkQuery encodes custom parameters for the SDK, which decodes the values but
// not the keys.
func sdkQuery(v url.Values) string {
	var pairs []byte
	for _, key := range slices.Sorted(maps.Keys(v)) {
		for _, value := range v[key] {
			if len(pairs) > 0 {
				pairs = append(pairs, '&')
			}
			pairs = append(pairs, key+"="+url.QueryEscape(value)...)
		}
	}
	return string(pairs)
}

// newID returns a random identifier that nobody can guess.
func newID(prefix string) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return prefix + hex.EncodeToString(b[:])
}
