package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
	"warmdesk/staff"
)

// Limits of what a screen asks for.
const (
	historyPage = 50
	searchMost  = 100 // characters
	reportMost  = 93  // days
	dropsMost   = 100
)

var (
	errCalls = &apiError{Status: http.StatusBadRequest, Code: "bad_request",
		Message: "from and to are times like 2026-11-22T00:00:00Z, cursor is the id of the last call you have, limit is 1 to 100000 (50 on a screen), q has at most 100 characters, " +
			"outcome is one of answered, abandoned, message, broken, dropped and live, transfer is 1, with (an agent) and team are ids."}
	errReport = &apiError{Status: http.StatusBadRequest, Code: "bad_request",
		Message: "A report needs from and to, at most 93 days apart, and zone, a name like Europe/Berlin."}
	errOutOfReach = &apiError{Status: http.StatusForbidden, Code: "not_allowed",
		Message: "This call is not among those you may look at. Agents see the calls they had a part in, leads of teams those of their teams, and admins all. Nothing has changed."}
)

// reach is whose calls somebody may look at, as history.Part names them: of each of
// these lists somebody must have had a part; no list: all calls. Everything that
// shows calls of the past goes by it.
func reach(role staff.Role, id agent.ID, teams []string) [][]string {
	if role.May(staff.Admin) || role.May(staff.Lead) && len(teams) == 0 {
		return nil
	}
	own := []string{string(id)}
	if role.May(staff.Lead) {
		for _, team := range teams {
			own = append(own, history.TeamKey(team))
		}
	}
	return [][]string{own}
}

// reachOf is the reach of whom a request comes from.
func (c *Console) reachOf(r *http.Request) [][]string {
	by := me(r.Context())
	entry, _ := c.cfg.Desk.View().Agent(by.id)
	return reach(by.role, by.id, entry.Teams)
}

// callInReach loads a call if whom the request comes from may look at it.
func (c *Console) callInReach(r *http.Request, id call.ID) (history.Record, error) {
	q := history.Query{Account: c.cfg.Account, Only: id, Limit: 1}
	q.With = c.reachOf(r)
	found, err := c.cfg.Records.Records(r.Context(), q)
	if err == nil && len(found) == 0 && q.With != nil {
		q.With = nil
		if found, err = c.cfg.Records.Records(r.Context(), q); err == nil && len(found) > 0 {
			err = errOutOfReach
		}
	}
	if err == nil && len(found) == 0 {
		err = desk.ErrNotFound
	}
	if err != nil {
		return history.Record{}, err
	}
	return found[0], nil
}

// history: GET /api/history, a page of calls for a screen, newest first.
func (c *Console) history(w http.ResponseWriter, r *http.Request) {
	q, err := c.callsQuery(r, historyPage, historyPage)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	limit := q.Limit
	q.Limit++ // one more tells whether there is more
	found, err := c.cfg.Records.Records(r.Context(), q)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	next := call.ID("")
	if len(found) > limit {
		found = found[:limit]
		next = found[limit-1].ID
	}
	names, now := c.cfg.Desk.View().Name, time.Now()
	rows := make([]history.Row, len(found))
	for i, record := range found {
		rows[i] = history.RowOf(record, names, now)
	}
	agents, teams := c.choices()
	writeJSON(w, http.StatusOK, map[string]any{"calls": rows, "next": next, "agents": agents, "teams": teams})
}

// choice is something that a list of calls can be narrowed to.
type choice struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// choices are the agents and the teams that there are.
func (c *Console) choices() (agents, teams []choice) {
	agents, teams = []choice{}, []choice{}
	view := c.cfg.Desk.View()
	for _, e := range view.Roster {
		agents = append(agents, choice{string(e.ID), e.Name})
	}
	for _, t := range view.Teams {
		teams = append(teams, choice{t.Name, agent.TeamTitle(t.Name)})
	}
	return agents, teams
}

// report: GET /api/reports, a span of time in figures.
func (c *Console) report(w http.ResponseWriter, r *http.Request) {
	q, err := c.callsQuery(r, dropsMost, dropsMost)
	var zone *time.Location
	if err == nil {
		zone, err = time.LoadLocation(cmp.Or(r.URL.Query().Get("zone"), "UTC"))
		if err != nil || q.From.IsZero() || q.To.IsZero() || q.To.Before(q.From) || q.To.Sub(q.From) > reportMost*24*time.Hour {
			err = errReport
		}
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	names, now := c.cfg.Desk.View().Name, time.Now()
	counts, err := c.cfg.Records.Counts(r.Context(), q, now)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	report := history.ReportOf(counts, names, zone)
	q.Outcome = history.Dropped
	drops, err := c.cfg.Records.Records(r.Context(), q)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	for _, record := range drops {
		report.Drops = append(report.Drops, history.RowOf(record, names, now))
	}
	_, teams := c.choices()
	writeJSON(w, http.StatusOK, struct {
		history.Report
		Teams []choice `json:"teams"`
	}{report, teams})
}

// callsQuery reads which calls are asked for, of those within the reach of whoever
// asks; limit is how many without a word of it, most how many at most.
func (c *Console) callsQuery(r *http.Request, limit, most int) (history.Query, error) {
	form := r.URL.Query()
	q := history.Query{Account: c.cfg.Account, Limit: limit, Before: call.ID(form.Get("cursor"))}
	for name, to := range map[string]*time.Time{"from": &q.From, "to": &q.To} {
		text := form.Get(name)
		if text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, text)
		if err != nil || at.Year() < 1970 || at.Year() > 2200 {
			return q, errCalls
		}
		*to = at
	}
	if text := form.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > most {
			return q, errCalls
		}
		q.Limit = n
	}
	q.Outcome, q.Transferred = history.Outcome(form.Get("outcome")), form.Get("transfer") == "1"
	search, who, team := form.Get("q"), form.Get("with"), form.Get("team")
	known := []history.Outcome{"", history.Live, history.Spoken, history.Abandoned, history.Message, history.Broken, history.Dropped}
	if len(q.Before) > 64 || utf8.RuneCountInString(search) > searchMost || !utf8.ValidString(search) || !slices.Contains(known, q.Outcome) ||
		!q.Transferred && form.Get("transfer") != "" || len(who) > 64 || strings.ContainsAny(who, ",/") || team != "" && !agent.ValidTeam(team) {
		return q, errCalls
	}
	q.Text, q.With = history.SearchFor(search), c.reachOf(r)
	if who != "" {
		q.With = append(q.With, []string{who})
	}
	if team != "" {
		q.With = append(q.With, []string{history.TeamKey(team)})
	}
	return q, nil
}
