package console

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/edge"
)

// agentHeader names the agent in demo mode, and which of several signed-in
// agents otherwise.
const agentHeader = "Warmdesk-Agent"

// sessionTime is how long a sign-in lasts.
const sessionTime = 12 * time.Hour

// bodyLimit of requests from pages, in bytes.
const bodyLimit = 16 << 10

// guard refuses what must not reach a handler: foreign origins, and in demo
// mode everything that is not this computer.
func (c *Console) guard(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.headers(w, r)
		if c.cfg.Demo && !local(r) {
			c.fail(w, r, &apiError{Status: http.StatusForbidden, Code: "demo_only_here",
				Message: "Demo mode answers only to this computer. To serve others, set AGENTS and PUBLIC_URL."})
			return
		}
		if edge.ForeignHost(r) && !probe(r) {
			c.fail(w, r, &apiError{Status: http.StatusMisdirectedRequest, Code: "wrong_address",
				Message: "This desk answers at " + c.cfg.PublicURL.String() + " only. Open that address. Nothing has changed."})
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
		if r.ContentLength > bodyLimit {
			c.fail(w, r, &apiError{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Message: "The request is too large. Nothing has changed."})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
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

// who is the agent a request speaks for. named is the agent in the URL, or
// empty where the URL names none.
func (c *Console) who(r *http.Request, named agent.ID) (agent.ID, error) {
	header := agent.ID(r.Header.Get(agentHeader))
	if named != "" && header != "" && header != named {
		return "", errNotYou
	}
	id := named
	if id == "" {
		id = header
	}
	if c.cfg.Demo {
		if id == "" {
			return "", errSignIn
		}
		if _, ok := c.cfg.Desk.View().Agent(id); !ok {
			return "", errNoAgent
		}
		return id, nil
	}
	return c.signedIn(r, id)
}

// signedIn finds the session among the request's cookies; an empty id takes
// whoever is signed in alone.
func (c *Console) signedIn(r *http.Request, id agent.ID) (agent.ID, error) {
	var found agent.ID
	for _, cookie := range r.Cookies() {
		owner, ok := strings.CutPrefix(cookie.Name, cookiePrefix)
		if !ok || (id != "" && owner != string(id) && found != "") {
			continue
		}
		who, err := c.cfg.Sessions.Session(r.Context(), sha256.Sum256([]byte(cookie.Value)))
		if err != nil || string(who) != owner {
			continue
		}
		if who == id {
			return who, nil
		}
		found = who
	}
	switch {
	case found == "":
		return "", errSignIn
	case id != "":
		return "", errNotYou
	}
	return found, nil
}

// cookiePrefix and the agent's id name the session cookie: two agents may be
// signed in in one browser.
const cookiePrefix = "warmdesk_"

// signIn: POST /api/session with agent and password.
func (c *Console) signIn(w http.ResponseWriter, r *http.Request) {
	if err := parseForm(r); err != nil {
		c.fail(w, r, err)
		return
	}
	id := c.named(r.PostForm.Get("agent"))
	want, known := c.cfg.Passwords[id]
	// Compare hashes, so that neither the time nor the length tells anything.
	got, expected := sha256.Sum256([]byte(r.PostForm.Get("password"))), sha256.Sum256([]byte(want))
	if subtle.ConstantTimeCompare(got[:], expected[:]) != 1 || !known || want == "" {
		c.fail(w, r, &apiError{Status: http.StatusUnauthorized, Code: "wrong_password", Message: "That name and password do not fit together. Try again."})
		return
	}
	var secret [32]byte
	rand.Read(secret[:])
	token := hex.EncodeToString(secret[:])
	expires := time.Now().Add(sessionTime)
	if err := c.cfg.Sessions.SaveSession(r.Context(), sha256.Sum256([]byte(token)), id, expires); err != nil {
		c.fail(w, r, err)
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: cookiePrefix + string(id), Value: token, Path: "/", Expires: expires,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.cfg.PublicURL.Scheme == "https",
	})
	w.Header().Set("Location", "/as/"+string(id))
	w.WriteHeader(http.StatusNoContent)
}

// named is the agent people mean by what they type: an id, or the name of just
// one of the roster.
func (c *Console) named(typed string) agent.ID {
	typed = strings.TrimSpace(typed)
	found := agent.ID(typed)
	if _, ok := c.cfg.Passwords[found]; ok {
		return found
	}
	matches := 0
	for _, e := range c.cfg.Desk.View().Roster {
		if strings.EqualFold(e.Name, typed) {
			found = e.ID
			matches++
		}
	}
	if matches != 1 {
		return agent.ID(typed)
	}
	return found
}

// signOut: DELETE /api/session ends the session of the named agent.
func (c *Console) signOut(w http.ResponseWriter, r *http.Request) {
	id, err := c.who(r, "")
	if err != nil {
		c.fail(w, r, err)
		return
	}
	name := cookiePrefix + string(id)
	if cookie, err := r.Cookie(name); err == nil {
		if err := c.cfg.Sessions.DeleteSession(r.Context(), sha256.Sum256([]byte(cookie.Value))); err != nil {
			c.fail(w, r, err)
			return
		}
	}
	if err := c.cfg.Desk.SetPresence(r.Context(), id, agent.Offline, "signed out"); err != nil {
		c.fail(w, r, err)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: name, Path: "/", MaxAge: -1, HttpOnly: true})
	w.WriteHeader(http.StatusNoContent)
}
