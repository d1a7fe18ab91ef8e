package console

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/edge"
	"warmdesk/say"
	"warmdesk/staff"
)

// caller is whom a request comes from.
type caller struct {
	id      agent.ID
	role    staff.Role
	session string // its id; empty in demo mode
	stored  bool   // and not of the configuration or the demo
	lang    say.Language
}

func callerOf(i staff.Identity, lang say.Language) caller {
	return caller{i.User.ID, i.User.Role, i.Session, !i.User.Created.IsZero(), lang}
}

// callerKey is where guard leaves the caller in a request's context.
type callerKey struct{}

// me is whom a request that passed the guard comes from; nobody where the route
// is for anyone.
func me(ctx context.Context) caller {
	found, _ := ctx.Value(callerKey{}).(caller)
	return found
}

// who is the agent a request speaks for. named is the agent in the URL, or empty
// where the URL names none.
func (c *Console) who(r *http.Request, named agent.ID) (agent.ID, error) {
	switch id := me(r.Context()).id; {
	case id == "":
		return "", errSignIn
	case named != "" && named != id:
		return "", errNotYou
	default:
		return id, nil
	}
}

// identify finds out whom a request speaks for: in demo mode it says so itself.
// The answer may carry a new token for the session.
func (c *Console) identify(w http.ResponseWriter, r *http.Request) (caller, error) {
	named := agent.ID(r.PathValue("agent"))
	if named == "" { // an <audio> element sends no headers
		named = agent.ID(r.URL.Query().Get("agent"))
	}
	header := agent.ID(r.Header.Get(agentHeader))
	if named != "" && header != "" && header != named {
		return caller{}, errNotYou
	}
	if named == "" {
		named = header
	}
	if !c.cfg.Demo {
		return c.signedIn(w, r, named)
	}
	if named == "" {
		return caller{}, errSignIn
	}
	if _, ok := c.cfg.Desk.View().Agent(named); !ok {
		return caller{}, errNoAgent
	}
	return caller{id: named, role: staff.Admin, lang: languageOf(r)}, nil
}

// signedIn finds the session among the request's cookies: that of the agent who
// is named, or of whoever is signed in.
func (c *Console) signedIn(w http.ResponseWriter, r *http.Request, named agent.ID) (caller, error) {
	other := false
	for _, cookie := range c.sessionCookies(r) {
		if other && named != "" && cookie.owner != named {
			continue // that somebody else is signed in is known already
		}
		found, fresh, err := c.cfg.Staff.Check(r.Context(), cookie.token)
		switch {
		case errors.Is(err, staff.ErrSignedOut) || err == nil && found.User.ID != cookie.owner:
			continue
		case err != nil:
			return caller{}, err
		case named != "" && found.User.ID != named:
			other = true
			continue
		}
		if fresh != "" {
			c.setCookie(w, found.User.ID, fresh, cookie.framed)
		}
		return callerOf(found, languageOf(r)), nil
	}
	if other {
		return caller{}, errNotYou
	}
	return caller{}, errSignIn
}

// cookiePrefix and the agent's id name the session cookie: two agents may be
// signed in in one browser. With __Host- a browser takes it from this very host
// over https only, so a neighbouring host cannot plant one.
func (c *Console) cookiePrefix() string {
	if c.secure() {
		return hostPrefix + cookieName
	}
	return cookieName
}

const (
	hostPrefix = "__Host-"
	cookieName = "warmdesk_"
)

func (c *Console) secure() bool { return c.cfg.PublicURL.Scheme == "https" }

// framedMark, which is in no agent's id, marks the cookie of a session within another
// site's frame.
const framedMark = "-"

// sessionCookie is what a browser has of a session.
type sessionCookie struct {
	owner  agent.ID
	token  string
	framed bool
}

// sessionCookies are those of a request.
func (c *Console) sessionCookies(r *http.Request) []sessionCookie {
	var list []sessionCookie
	for _, cookie := range r.Cookies() {
		if owner, ok := strings.CutPrefix(cookie.Name, c.cookiePrefix()); ok {
			id, framed := strings.CutPrefix(owner, framedMark)
			list = append(list, sessionCookie{agent.ID(id), cookie.Value, framed})
		}
	}
	return list
}

// setCookie gives a browser its token; an empty one takes it away. The cookie
// outlives the session, so that the browser is known when its agent signs in
// again (staff.KnownTime). In another site's frame browsers send only what says so,
// and keep it apart for that site (Partitioned): nowhere else does it open anything.
func (c *Console) setCookie(w http.ResponseWriter, id agent.ID, token string, framed bool) {
	name := c.cookiePrefix()
	if framed {
		name += framedMark
	}
	cookie := &http.Cookie{
		Name: name + string(id), Value: token, Path: "/",
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.secure(),
	}
	if framed && c.secure() {
		cookie.SameSite, cookie.Partitioned = http.SameSiteNoneMode, true
	}
	if token == "" {
		cookie.MaxAge = -1
	} else {
		cookie.Expires = time.Now().Add(staff.KnownTime)
	}
	http.SetCookie(w, cookie)
}

// address is where a request comes from.
func (c *Console) address(r *http.Request) string { return edge.Client(r).String() }

// origin is who asks, and from where, for the audit trail.
func (c *Console) origin(r *http.Request) staff.Origin {
	from := me(r.Context())
	return staff.Origin{User: from.id, Session: from.session, Address: c.address(r)}
}

// note adds what a request does to the audit trail. Whoever calls it does nothing
// if it fails: what may not be done unseen is not done.
func (c *Console) note(r *http.Request, what staff.What, on string) error {
	return c.cfg.Staff.Note(r.Context(), c.origin(r), what, on, staff.Done)
}
