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
	record, err := c.callInReach(r, id)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	if !me(r.Context()).role.May(staff.Admin) {
		entries = slices.DeleteFunc(entries, func(e desk.Entry) bool { return e.Kind.Secret() })
		record.Entries = slices.DeleteFunc(record.Entries, func(n call.News) bool { return n.Kind.Secret() })
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
	view, now, dana := c.cfg.Desk.View(), time.Now(), record.CustomerName()
	names, tell := view.Name, tellerOf(view, languageOf(r))
	lines := make([]line, len(entries))
	for i, e := range entries {
		lines[i] = line{e.At, e.Kind, e.Agent, e.Other, e.Outcome, e.Why, tell.of(history.Words(e.News(), tell.name(dana), tell.names)), e.Raw}
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"call": id, "entries": lines, "summary": history.RowOf(record, names, now),
		"picture": history.Picture(record.Entries, dana, names, now), "why": tell.of(history.WhyCutOff(history.Sum(record.Entries, now), tell.name(dana), tell.names)),
	})
}
