package console

import (
	"net/http"
	"slices"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
	"warmdesk/staff"
)

// timeline: GET /api/calls/{call}/timeline.
func (c *Console) timeline(w http.ResponseWriter, r *http.Request) {
	id, err := c.cfg.Desk.Resolve(r.Context(), c.cfg.Account, r.PathValue("call"))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	entries, err := c.cfg.Desk.Timeline(r.Context(), id)
	if err == nil && len(entries) == 0 {
		err = desk.ErrNotFound
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	of, err := c.cfg.Desk.Call(r.Context(), id)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	if by := me(r.Context()); !by.role.May(staff.Lead) && !tookPart(of, entries, by.id) {
		c.fail(w, r, &apiError{Status: http.StatusForbidden, Code: "not_allowed", Message: "You had no part in this call. Leads and admins may look at every call."})
		return
	}
	type line struct {
		At       time.Time           `json:"at"`
		Kind     call.NewsKind       `json:"kind"`
		Agent    agent.ID            `json:"agent,omitempty"`
		Other    agent.ID            `json:"other,omitempty"`
		Outcome  call.Outcome        `json:"outcome,omitempty"`
		Why      string              `json:"why,omitempty"`
		Sentence string              `json:"sentence"`
		Raw      map[string][]string `json:"raw,omitempty"`
	}
	names := c.cfg.Desk.View().Name
	lines := make([]line, len(entries))
	for i, e := range entries {
		lines[i] = line{e.At, e.Kind, e.Agent, e.Other, e.Outcome, e.Why, history.Sentence(e.News(), of.CustomerName(), names), e.Raw}
	}
	writeJSON(w, http.StatusOK, map[string]any{"call": id, "entries": lines})
}

// tookPart reports whether an agent had a part in a call.
func tookPart(of call.Call, entries []desk.Entry, id agent.ID) bool {
	return of.Owner == id || of.Target == id ||
		slices.ContainsFunc(entries, func(e desk.Entry) bool { return e.Agent == id || e.Other == id })
}
