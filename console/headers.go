package console

import (
	"net/http"
	"strings"

	"warmdesk/edge"
)

// hstsTime is how long a browser that was here by https comes by https only.
const hstsTime = "max-age=31536000"

// headers are those of every answer. What is no page has nothing to load and
// nothing to be framed for.
func (c *Console) headers(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "microphone=(self), camera=(), geolocation=()")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if edge.Secure(r) && c.cfg.PublicURL.Scheme == "https" {
		h.Set("Strict-Transport-Security", hstsTime)
	}
}

// pageHeaders are those of a page: what it may load and who may frame it.
func (c *Console) pageHeaders(h http.Header, r *http.Request, name string) {
	scheme := "ws"
	if c.cfg.PublicURL.Scheme == "https" {
		scheme = "wss"
	}
	// Not every browser counts the page's own host by ws among 'self'.
	connect := "'self' " + scheme + "://" + c.cfg.PublicURL.Host
	media := "'self'"
	if c.cfg.SignalHost == "" { // the SDK talks to Twilio's edges
		connect += " https://*.twilio.com wss://*.twilio.com"
		media += " https://*.twilio.com"
	}
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "+
		"connect-src "+connect+"; media-src "+media+"; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors "+c.framers(r, name))
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

// framers are who may show a page in a frame: the three-pane page those of the
// demo, and whoever is named the customer's page, or the agents' and the way in.
func (c *Console) framers(r *http.Request, name string) string {
	var list []string
	if c.cfg.Demo && (name == "as.html" || name == "call.html") {
		list = append(list, "'self'")
	}
	switch embed := c.cfg.Settings.Now().Document.Embed; {
	case name == "call.html":
		list = append(list, embed.Origins...)
	case name == "as.html", r.URL.Path == embedAgentPath:
		list = append(list, embed.AgentOrigins...)
	}
	if len(list) == 0 {
		return "'none'"
	}
	return strings.Join(list, " ")
}
