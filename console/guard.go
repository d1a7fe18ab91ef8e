package console

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"

	"warmdesk/edge"
	"warmdesk/say"
	"warmdesk/staff"
)

// agentHeader names the agent in demo mode, and which of several signed-in
// agents otherwise.
const agentHeader = "Warmdesk-Agent"

// bodyLimit of requests from pages, in bytes, where bodyLimits has no other.
const bodyLimit = 16 << 10

var bodyLimits = map[string]int64{"POST /api/settings/music": musicLimit, "PATCH /api/settings/{section}": 256 << 10}

// guard refuses what must not reach a handler: foreign origins, in demo mode
// everything that is not this computer, what is larger than limit (0: bodyLimit), and
// whoever has not the role needed.
func (c *Console) guard(need staff.Role, limit int64, next http.HandlerFunc) http.Handler {
	if limit == 0 {
		limit = bodyLimit
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.headers(w, r)
		if c.cfg.Demo && !local(r) {
			c.fail(w, r, &apiError{Status: http.StatusForbidden, Code: "demo_only_here",
				Message: "Demo mode answers only to this computer. To serve others, set AGENTS and PUBLIC_URL."})
			return
		}
		if edge.ForeignHost(r) && !probe(r) {
			c.fail(w, r, &apiError{Status: http.StatusMisdirectedRequest, Code: "wrong_address",
				Message: "This desk answers at " + say.Name(c.cfg.PublicURL.String()) + " only. Open that address. Nothing has changed."})
			return
		}
		if err := c.cross.Check(r); err != nil || !c.sameOrigin(r) {
			c.fail(w, r, &apiError{Status: http.StatusForbidden, Code: "foreign_origin", Message: "This request came from another site and was refused. Nothing has changed."})
			return
		}
		if wait := c.limits.wait(r); wait > 0 {
			c.fail(w, r, tooMany(wait, "Too many requests came from your connection."))
			return
		}
		if r.ContentLength > limit {
			c.fail(w, r, &apiError{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Message: "The request is too large. Nothing has changed."})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		if need != anyone {
			me, err := c.identify(w, r)
			if err == nil && !me.role.May(need) {
				err = errRole(need, me.role)
			}
			if err != nil {
				c.fail(w, r, err)
				return
			}
			r = r.WithContext(context.WithValue(r.Context(), callerKey{}, me))
		}
		next(w, r)
	})
}

// local reports whether a request came to this computer from this computer: a
// name that resolves here from elsewhere, or a proxy in between, does not.
func local(r *http.Request) bool {
	if edge.Forwarded(r) {
		return false
	}
	for name := range r.Header {
		if strings.HasPrefix(name, "X-Forwarded-") || name == "Forwarded" {
			return false
		}
	}
	return localHost(r.Host)
}

// probe reports whether a request comes from what watches the process, which may
// use any name of the machine: health checks tell nothing, and the figures are
// judged by themselves.
func probe(r *http.Request) bool {
	return r.URL.Path == "/healthz" || r.URL.Path == "/readyz" || r.URL.Path == "/metrics"
}

func localHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	switch strings.Trim(host, "[]") {
	case "localhost", "127.0.0.1", "::1":
		return true
	}
	return false
}

// sameOrigin checks the Origin a browser sends, which covers WebSockets too.
func (c *Console) sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && (u.Host == r.Host || u.Host == c.cfg.PublicURL.Host)
}
