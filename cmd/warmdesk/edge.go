package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"warmdesk/console"
	"warmdesk/desk"
	"warmdesk/edge"
	"warmdesk/settings"
	"warmdesk/store"
)

// edgeOptions is what stands between the network and the desk.
type edgeOptions struct {
	TrustedProxies []string `env:"TRUSTED_PROXIES" help:"Proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses, networks like 10.0.0.0/8, or loopback. Unset: nobody's."`
	EmbedOrigins   []string `env:"EMBED_ORIGINS" help:"Sites that may show the customer's page in a frame, like https://shop.example.com. Unset: none."`
	EmbedKey       string   `env:"EMBED_KEY" secret:"" help:"Checks what sites have signed of their visitors (docs/embedding.md), by HS256: 32 characters or more. Unset: no visitor is verified."`
	CallPage       string   `env:"CALL_PAGE" enum:"on,off" default:"on" help:"off: no new calls from the web page; it shows the number instead. Calls in progress go on."`
	CallsAtOnce    int      `env:"CALLS_PER_ADDRESS" default:"3" help:"How many calls from the web page one address may have at once."`
	CallsPerHour   int      `env:"CALLS_PER_ADDRESS_HOUR" default:"10" help:"How many calls from the web page one address may make in an hour."`
	WebCalls       int      `env:"WEB_CALLS" default:"50" help:"How many calls from the web page there may be at once, of everybody."`
	MetricsToken   string   `env:"METRICS_TOKEN" secret:"" help:"Opens /metrics to whoever sends it as a bearer token. Unset: to this computer only."`
}

// edge is the first to see every request.
func (o *edgeOptions) edge(public *url.URL, log *slog.Logger) (*edge.Edge, error) {
	proxies, err := edge.ParseProxies(o.TrustedProxies)
	if err != nil {
		return nil, wrong("TRUSTED_PROXIES cannot be read: %v", err)
	}
	for _, origin := range o.EmbedOrigins {
		// It becomes part of a header: nothing but scheme and host may be in it.
		if !settings.Origin(origin) {
			return nil, wrong("EMBED_ORIGINS has %q; each must be scheme and host only, like https://shop.example.com", origin)
		}
	}
	for name, n := range map[string]int{"CALLS_PER_ADDRESS": o.CallsAtOnce, "CALLS_PER_ADDRESS_HOUR": o.CallsPerHour, "WEB_CALLS": o.WebCalls} {
		if n < 1 {
			return nil, wrong("%s is %d; it must be 1 or more. CALL_PAGE=off closes the page", name, n)
		}
	}
	if o.MetricsToken != "" && len(o.MetricsToken) < shortestToken {
		return nil, wrong("METRICS_TOKEN is too short to keep anybody out: use %d characters or more", shortestToken)
	}
	if o.EmbedKey != "" && len(o.EmbedKey) < shortestKey {
		return nil, wrong("EMBED_KEY is too short to be safe from guessing: use %d characters or more", shortestKey)
	}
	return edge.New(edge.Config{Public: public, Proxies: proxies, Logger: log}), nil
}

// tickets decide who may call from the web.
func (o *edgeOptions) tickets(s *store.Store, d *desk.Desk, closed func() bool) *console.Tickets {
	return console.NewTickets(console.TicketConfig{
		Store: s, Desk: d, Closed: closed, AtOnce: o.CallsAtOnce, PerHour: o.CallsPerHour, All: o.WebCalls,
	})
}

const (
	shortestToken = 16
	shortestKey   = 32 // as long as an HS256 signature
)

// strangerRate is how often an address may come without valid credentials, to the
// webhooks and to the switchboard's REST, before it is told to wait.
var strangerRate = edge.Rate{Burst: 30, Every: 2 * time.Second}

// addressConnections and addressSockets are how many connections an address may
// have, and how many of them to /signal: an office behind one address has two or
// three for each of its people.
const (
	addressConnections = 2000
	addressSockets     = 500
)

// guardBoard keeps from the switchboard what a foreign page makes a browser ask: by
// a name of its own that leads here, or with credentials the browser remembers.
// Programs send no Origin. /signal looks at origins itself.
func guardBoard(board http.Handler, demo bool) http.Handler {
	cross := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case edge.ForeignHost(r) || demo && edge.Forwarded(r):
			http.Error(w, "This desk is not reached by this address. Nothing has changed.", http.StatusMisdirectedRequest)
		case cross.Check(r) != nil:
			http.Error(w, "This request came from another site and was refused. Nothing has changed.", http.StatusForbidden)
		default:
			board.ServeHTTP(w, r)
		}
	})
}

// boundSockets bounds how many sockets an address has at /signal.
func boundSockets(board http.Handler) http.Handler {
	sockets := edge.NewCounts(addressSockets)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/signal" || edge.Own(r) {
			board.ServeHTTP(w, r)
			return
		}
		leave, ok := sockets.Enter(edge.Key(r))
		if !ok {
			edge.RetryAfter(w, time.Minute)
			http.Error(w, "Too many phones are open at your connection. Calls in progress go on. Try again in a minute.", http.StatusTooManyRequests)
			return
		}
		defer leave()
		board.ServeHTTP(w, r)
	})
}

// maxHeader bounds a request's headers, in bytes: cookies of several agents fit.
const maxHeader = 32 << 10

// maxStreams is how many requests one HTTP/2 connection may have under way.
const maxStreams = 100

// server has a limit for everything a client may be slow with. Pages' sockets end
// with ctx, not with their pages.
func (a *app) server(ctx context.Context, handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 20 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: maxHeader,
		ErrorLog:    serverLog(a.log),
		HTTP2:       &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
}
