// Package edge is what stands between the network and the handlers: whose
// request it is when proxies lie in between, under which name we were asked, how
// much one address may ask, and what must never be written anywhere.
//
// It knows nothing of calls. Handlers ask it about a request (Client, Own,
// ForeignHost ...) after Edge.Handler has looked at it; about a request it has not
// seen it answers from the connection alone.
package edge

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
)

// Proxies are the addresses whose word about a request's client, scheme and host
// is taken.
type Proxies []netip.Prefix

// ParseProxies reads addresses and networks in CIDR form; "loopback" means this
// computer. An error names the part that cannot be read.
func ParseProxies(texts []string) (Proxies, error) {
	var p Proxies
	for _, text := range texts {
		text = strings.TrimSpace(text)
		if text == "loopback" {
			p = append(p, netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"))
			continue
		}
		if addr, err := netip.ParseAddr(text); err == nil {
			p = append(p, netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address, nor a network like 10.0.0.0/8, nor loopback", text)
		}
		p = append(p, prefix.Masked())
	}
	return p, nil
}

// Contains reports whether addr is a trusted proxy.
func (p Proxies) Contains(addr netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// Config is what the edge must know of the outside.
type Config struct {
	// Public is how browsers and carriers reach us.
	Public *url.URL
	// Proxies may say for whom they ask; none: nobody may.
	Proxies Proxies
	Logger  *slog.Logger
}

// Edge looks at every request first.
type Edge struct {
	cfg    Config
	warned sync.Once
}

// New makes an edge.
func New(cfg Config) *Edge { return &Edge{cfg: cfg} }

// origin is what is known of where a request comes from.
type origin struct {
	client    netip.Addr
	forwarded bool // somebody in between said so, trusted or not
	unnamed   bool // the one who said so is not among Config.Proxies
	secure    bool
	foreign   bool // asked under a name that is not ours
}

type originKey struct{}

// Handler finds out where a request comes from and takes every forwarding header
// away, so that nothing behind it can believe one. Host is the name the client
// used.
func (e *Edge) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o := e.look(r)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), originKey{}, o)))
	})
}

// look consumes the forwarding headers. Forwarded (RFC 7239) is never believed:
// proxies that write X-Forwarded-For pass a client's own Forwarded on untouched.
func (e *Edge) look(r *http.Request) *origin {
	peer := peerOf(r)
	o := &origin{client: peer, secure: r.TLS != nil}
	hops := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
	scheme, host := r.Header.Get("X-Forwarded-Proto"), r.Header.Get("X-Forwarded-Host")
	for name := range r.Header {
		if forwarding(name) {
			o.forwarded = true
			r.Header.Del(name)
		}
	}
	if o.forwarded && e.cfg.Proxies.Contains(peer) {
		o.client = e.cfg.Proxies.client(peer, hops)
		if scheme != "" {
			o.secure = strings.EqualFold(scheme, "https")
		}
		if host != "" {
			r.Host = host
		}
	} else if o.forwarded {
		o.unnamed = true
		e.warn(peer)
	}
	o.foreign = !e.ours(r.Host)
	return o
}

// warn says once that a proxy may be missing in the configuration: its clients
// share one address, and so one limit.
func (e *Edge) warn(peer netip.Addr) {
	e.warned.Do(func() {
		e.cfg.Logger.Warn("forwarding headers from an address that is no trusted proxy are ignored; if it is your proxy, name it in TRUSTED_PROXIES", "address", peer)
	})
}

func forwarding(name string) bool {
	return strings.HasPrefix(name, "X-Forwarded-") || name == "Forwarded" || name == "X-Real-Ip"
}

// client is the last address of an X-Forwarded-For that is no trusted proxy:
// everything before it is the client's own word. What cannot be read ends the
// search at the proxy that wrote it.
func (p Proxies) client(peer netip.Addr, hops string) netip.Addr {
	found := peer
	for list := hops; list != ""; {
		i := strings.LastIndexByte(list, ',')
		addr, ok := parseAddr(list[i+1:])
		if !ok {
			return found
		}
		found = addr
		if !p.Contains(addr) || i < 0 {
			return found
		}
		list = list[:i]
	}
	return found
}

// parseAddr reads an address, with a port perhaps, as some proxies write it.
func parseAddr(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	if at, err := netip.ParseAddrPort(text); err == nil {
		return at.Addr().Unmap().WithZone(""), true
	}
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return addr.Unmap().WithZone(""), err == nil
}

func peerOf(r *http.Request) netip.Addr {
	addr, _ := parseAddr(r.RemoteAddr)
	return addr
}

// ours reports whether a Host header names us: our public name, or this computer.
// Ports do not matter: what a foreign page can make a browser ask is a name.
func (e *Edge) ours(hostport string) bool {
	host := strings.TrimSuffix(hostname(hostport), ".")
	return strings.EqualFold(host, e.cfg.Public.Hostname()) || Loopback(host)
}

func hostname(hostport string) string {
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		return h
	}
	return strings.Trim(hostport, "[]")
}

// Loopback reports whether a host name can only be this computer.
func Loopback(host string) bool {
	switch strings.ToLower(host) {
	case "localhost", "127.0.0.1", "::1":
		return true
	}
	return false
}

func originOf(r *http.Request) *origin {
	if o, ok := r.Context().Value(originKey{}).(*origin); ok {
		return o
	}
	return &origin{client: peerOf(r), secure: r.TLS != nil}
}

// Client is the address a request comes from; behind trusted proxies, the one they
// name. It is not valid for a connection without an address.
func Client(r *http.Request) netip.Addr { return originOf(r).client }

// Key names the client for limits: IPv6 by /64, which is what one line has.
func Key(r *http.Request) string { return key(Client(r)) }

func key(addr netip.Addr) string {
	if addr.Is6() && !addr.Is4In6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}

// Forwarded reports whether the request came with forwarding headers, believed or
// not.
func Forwarded(r *http.Request) bool { return originOf(r).forwarded }

// Own reports whether the request was made on this computer and nobody stands in
// between, as far as can be seen.
func Own(r *http.Request) bool {
	o := originOf(r)
	return o.client.IsLoopback() && !o.unnamed
}

// Secure reports whether the client speaks https, to us or to a trusted proxy.
func Secure(r *http.Request) bool { return originOf(r).secure }

// ForeignHost reports whether the client asked for a name that is not ours: a
// page of somebody else's whose name was made to point here (DNS rebinding).
func ForeignHost(r *http.Request) bool { return originOf(r).foreign }
