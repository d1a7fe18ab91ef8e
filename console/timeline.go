package console

import (
	"net/http"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
)

// timeline: GET /api/calls/{call}/timeline.
func (c *Console) timeline(w http.ResponseWriter, r *http.Request) {
	if _, err := c.who(r, ""); err != nil {
		c.fail(w, r, err)
		return
	}
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
