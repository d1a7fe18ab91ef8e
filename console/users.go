package console

import (
	"errors"
	"net/http"
	"time"

	"warmdesk/agent"
	"warmdesk/desk"
	"warmdesk/staff"
)

// user is somebody who may sign in, as admins see them.
type user struct {
	ID       agent.ID   `json:"id"`
	Name     string     `json:"name"`
	Role     staff.Role `json:"role"`
	Phone    string     `json:"phone"`
	Disabled bool       `json:"disabled"`
	// Invited: no password has been set yet.
	Invited bool `json:"invited"`
	// Fixed: named in AGENTS, and changed there; or somebody of the demo.
	Fixed       bool       `json:"fixed"`
	PasswordSet *time.Time `json:"passwordSet,omitempty"`
}

var (
	errFixedUser = &apiError{Status: http.StatusConflict, Code: "not_here", Message: "This user is named in AGENTS where the desk is started, and is changed there. Nothing has changed."}
	errDemoUsers = &apiError{Status: http.StatusConflict, Code: "demo", Message: "In demo mode nobody signs in. Add the first admin with warmdesk user add. Nothing has changed."}
	errOneChange = &apiError{Status: http.StatusBadRequest, Code: "bad_request", Message: "Name one of role, disabled and phone. Nothing has changed."}
)

// failUser is fail, for what one asks of somebody else.
func (c *Console) failUser(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, staff.ErrFixed) {
		err = errFixedUser
	}
	c.fail(w, r, err)
}

// demoUsers are the people of the demo, who do not sign in and may do everything.
func (c *Console) demoUsers() []user {
	list := []user{}
	for _, e := range c.cfg.Desk.View().Roster {
		list = append(list, user{ID: e.ID, Name: e.Name, Role: staff.Admin, Phone: e.Phone, Fixed: true})
	}
	return list
}

// users: GET /api/users.
func (c *Console) users(w http.ResponseWriter, r *http.Request) {
	if c.cfg.Demo {
		writeJSON(w, http.StatusOK, map[string]any{"users": c.demoUsers()})
		return
	}
	known, err := c.cfg.Staff.Users(r.Context())
	if err != nil {
		c.fail(w, r, err)
		return
	}
	list := make([]user, len(known))
	for i, u := range known {
		list[i] = user{ID: u.ID, Name: u.Name, Role: u.Role, Phone: u.Phone, Disabled: u.Disabled, Fixed: u.Created.IsZero()}
		list[i].Invited = !list[i].Fixed && u.Hash == ""
		if !u.PasswordSet.IsZero() {
			list[i].PasswordSet = &u.PasswordSet
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"users": list})
}

// addUser: POST /api/users with id, name, role and phone; answered with the one-time
// link by which they set their password.
func (c *Console) addUser(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		ID    agent.ID   `json:"id"`
		Name  string     `json:"name"`
		Role  staff.Role `json:"role"`
		Phone string     `json:"phone"`
	}
	err := readJSON(r, &asked)
	if err == nil && c.cfg.Demo {
		err = errDemoUsers // it would end the demo at the next start
	}
	if err == nil {
		err = c.cfg.Staff.Add(r.Context(), staff.User{ID: asked.ID, Name: asked.Name, Role: asked.Role, Phone: asked.Phone}, "", c.origin(r))
	}
	if err != nil {
		c.failUser(w, r, err)
		return
	}
	c.invite(w, r, asked.ID)
}

// inviteUser: POST /api/users/{user}/link.
func (c *Console) inviteUser(w http.ResponseWriter, r *http.Request) {
	c.invite(w, r, agent.ID(r.PathValue("user")))
}

// invite answers with a one-time link; one made before is good no longer. The token
// is behind #, so that no log has it.
func (c *Console) invite(w http.ResponseWriter, r *http.Request, id agent.ID) {
	token, err := c.cfg.Staff.Invite(r.Context(), id, c.origin(r))
	if err != nil {
		c.failUser(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"link": c.cfg.PublicURL.String() + "/welcome#" + token})
}

// changeUser: PATCH /api/users/{user} with one of role, disabled and phone. A call
// they are in goes on.
func (c *Console) changeUser(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Role     *staff.Role `json:"role"`
		Disabled *bool       `json:"disabled"`
		Phone    *string     `json:"phone"`
	}
	id, by := agent.ID(r.PathValue("user")), c.origin(r)
	err := readJSON(r, &asked)
	switch {
	case err != nil:
	case asked.Role != nil && asked.Disabled == nil && asked.Phone == nil:
		err = c.cfg.Staff.SetRole(r.Context(), id, *asked.Role, by)
	case asked.Role == nil && asked.Disabled != nil && asked.Phone == nil:
		err = c.cfg.Staff.SetDisabled(r.Context(), id, *asked.Disabled, by)
	case asked.Role == nil && asked.Disabled == nil && asked.Phone != nil:
		err = c.cfg.Staff.SetPhone(r.Context(), id, *asked.Phone, by)
	default:
		err = errOneChange
	}
	if err == nil && asked.Disabled != nil && *asked.Disabled {
		// No new call, at once and not when the roster is next looked at.
		if err = c.cfg.Desk.SetPresence(r.Context(), id, agent.Offline, "no longer here"); errors.Is(err, desk.ErrNoAgent) {
			err = nil
		}
	}
	if err != nil {
		c.failUser(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
