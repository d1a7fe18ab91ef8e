package console

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/desk"
	"warmdesk/staff"
)

// signIn: POST /api/session with agent and password; framed: within another site's
// frame.
func (c *Console) signIn(w http.ResponseWriter, r *http.Request) {
	if err := parseForm(r); err != nil {
		c.fail(w, r, err)
		return
	}
	if c.cfg.Demo {
		c.fail(w, r, &apiError{Status: http.StatusConflict, Code: "demo", Message: "Nobody signs in in demo mode: open the page of an agent."})
		return
	}
	var known []string
	for _, cookie := range c.sessionCookies(r) {
		known = append(known, cookie.token)
	}
	u, token, err := c.cfg.Staff.SignIn(r.Context(), r.PostForm.Get("agent"), r.PostForm.Get("password"), known, c.address(r))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.enter(w, u.ID, token, r.PostForm.Get("framed") != "")
}

// enter hands the session over and shows the way to the desk.
func (c *Console) enter(w http.ResponseWriter, id agent.ID, token string, framed bool) {
	c.setCookie(w, id, token, framed)
	w.Header().Set("Location", "/as/"+string(id))
	w.WriteHeader(http.StatusNoContent)
}

// signOut: DELETE /api/session ends the session of the named agent.
func (c *Console) signOut(w http.ResponseWriter, r *http.Request) {
	c.leave(w, r, func() error { return c.cfg.Staff.SignOut(r.Context(), c.origin(r)) })
}

// signOutEverywhere: DELETE /api/sessions ends all of one's own.
func (c *Console) signOutEverywhere(w http.ResponseWriter, r *http.Request) {
	c.leave(w, r, func() error {
		return c.cfg.Staff.SignOutEverywhere(r.Context(), me(r.Context()).id, c.origin(r))
	})
}

// leave signs out as end says. In demo mode there is nothing to sign out of.
func (c *Console) leave(w http.ResponseWriter, r *http.Request, end func() error) {
	id := me(r.Context()).id
	if !c.cfg.Demo {
		if err := end(); err != nil {
			c.fail(w, r, err)
			return
		}
	}
	if err := c.cfg.Desk.SetPresence(r.Context(), id, agent.Offline, "signed out"); err != nil {
		c.fail(w, r, err)
		return
	}
	for _, framed := range []bool{false, true} {
		c.setCookie(w, id, "", framed)
	}
	w.WriteHeader(http.StatusNoContent)
}

// signOutUser: DELETE /api/users/{user}/sessions, for admins: a lost laptop.
func (c *Console) signOutUser(w http.ResponseWriter, r *http.Request) {
	id := agent.ID(r.PathValue("user"))
	users, err := c.cfg.Staff.Users(r.Context())
	if err == nil && !slices.ContainsFunc(users, func(u staff.User) bool { return u.ID == id }) {
		err = staff.ErrNotFound
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	if err := c.cfg.Staff.SignOutEverywhere(r.Context(), id, c.origin(r)); err != nil {
		c.fail(w, r, err)
		return
	}
	if err := c.cfg.Desk.SetPresence(r.Context(), id, agent.Offline, "signed out"); err != nil && !errors.Is(err, desk.ErrNoAgent) {
		c.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// changePassword: POST /api/password with old and password. All other sessions
// end.
func (c *Console) changePassword(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Old      string `json:"old"`
		Password string `json:"password"`
	}
	err := readJSON(r, &body)
	if err == nil {
		err = c.cfg.Staff.ChangePassword(r.Context(), body.Old, body.Password, c.origin(r))
	}
	if errors.Is(err, staff.ErrWrong) { // a 401 would mean that one is signed out
		err = &apiError{Status: http.StatusForbidden, Code: "wrong_password", Message: "That is not your present password. Nothing has changed."}
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// welcome: POST /api/welcome. With a link's token alone it tells whom the link is
// for; with a password too it sets it and signs in.
func (c *Console) welcome(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Token    string   `json:"token"`
		ID       agent.ID `json:"id"`
		Name     string   `json:"name"`
		Password string   `json:"password"`
	}
	if err := readJSON(r, &body); err != nil {
		c.fail(w, r, err)
		return
	}
	if body.Password == "" {
		u, err := c.cfg.Staff.OpenLink(r.Context(), body.Token)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		writeJSON(w, http.StatusOK, map[string]any{"first": u.ID == "", "id": u.ID, "name": u.Name})
		return
	}
	u, token, err := c.cfg.Staff.UseLink(r.Context(), body.Token, body.ID, strings.TrimSpace(body.Name), body.Password, c.address(r))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.enter(w, u.ID, token, false)
}

// Limits of the audit trail's pages.
const (
	deedsShown = 100
	deedsMost  = 1000
)

// audit: GET /api/audit, newest first; before continues.
func (c *Console) audit(w http.ResponseWriter, r *http.Request) {
	limit, before := deedsShown, int64(0)
	var err error
	if text := r.URL.Query().Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > deedsMost {
			c.fail(w, r, errAudit)
			return
		}
	}
	if text := r.URL.Query().Get("before"); text != "" {
		if before, err = strconv.ParseInt(text, 10, 64); err != nil || before < 1 {
			c.fail(w, r, errAudit)
			return
		}
	}
	list, err := c.cfg.Staff.Deeds(r.Context(), before, limit)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	type line struct {
		Number  int64      `json:"number"`
		At      time.Time  `json:"at"`
		Who     agent.ID   `json:"who"`
		Address string     `json:"address"`
		What    staff.What `json:"what"`
		On      string     `json:"on"`
		Outcome string     `json:"outcome"`
	}
	lines := make([]line, len(list))
	for i, d := range list {
		lines[i] = line(d)
	}
	answer := map[string]any{"deeds": lines}
	if len(list) == limit {
		answer["before"] = list[limit-1].Number
	}
	writeJSON(w, http.StatusOK, answer)
}
