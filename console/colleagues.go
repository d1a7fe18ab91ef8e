package console

import (
	"context"
	"net/http"
	"sync"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
)

// What is usual is looked up in the newest calls of so many days, once in a while for
// everybody.
const (
	habitDays   = 30
	habitCalls  = 300
	habitsFresh = time.Minute
)

// colleagueView is what is known of somebody who may be brought in.
type colleagueView struct {
	ID agent.ID `json:"id"`
	// FreeIn is after how many seconds they are usually free; 0: nobody could say.
	FreeIn int `json:"freeIn"`
	// Knows: they have had a call about the same.
	Knows bool `json:"knows"`
}

// waitView is how long callers of a team wait, in seconds.
type waitView struct {
	ID   string `json:"id"`
	Wait int    `json:"wait"`
}

// colleagues: GET /api/colleagues?topic= tells what is usual, where somebody is to be
// brought in.
func (c *Console) colleagues(w http.ResponseWriter, r *http.Request) {
	v := c.cfg.Desk.View()
	h, err := c.habits.of(r.Context(), c.cfg, v.At)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	people, teams := []colleagueView{}, []waitView{}
	for _, e := range v.Roster {
		one := colleagueView{ID: e.ID, Knows: h.Knows(e.ID, r.URL.Query().Get("topic"))}
		if left, ok := freeIn(v, e, h); ok {
			one.FreeIn = history.Seconds(left)
		}
		if one != (colleagueView{ID: e.ID}) {
			people = append(people, one)
		}
	}
	for _, t := range v.Teams {
		if wait, ok := h.Wait(t.Name); ok {
			teams = append(teams, waitView{call.Address{Kind: call.ToTeam, Value: t.Name}.String(), history.Seconds(wait)})
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"people": people, "teams": teams})
}

// freeIn is after how long somebody who is busy is free: as usual, or at the end of the
// time after a call.
func freeIn(v desk.View, e agent.Entry, h history.Habits) (time.Duration, bool) {
	switch since := busySince(v, e); {
	case e.Seen() == agent.WrapUp:
		return max(e.Until.Sub(v.At), time.Second), true
	case e.Claimed && !since.IsZero():
		return h.FreeIn(e.ID, v.At.Sub(since))
	}
	return 0, false
}

// busySince is since when somebody has been in their call; zero: they are in none.
func busySince(v desk.View, e agent.Entry) time.Time {
	for _, c := range v.CallsOf(e.ID) {
		if l := c.AgentLeg(e.ID); l != nil && l.Status == call.Answered {
			return l.AnsweredAt
		}
	}
	return time.Time{}
}

// habits remembers what is usual.
type habits struct {
	mu   sync.Mutex
	at   time.Time
	last history.Habits
}

// of is the same for everybody who asks soon after one another.
func (h *habits) of(ctx context.Context, cfg Config, now time.Time) (history.Habits, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now.Sub(h.at) < habitsFresh {
		return h.last, nil
	}
	q := history.Query{Account: cfg.Account, From: now.AddDate(0, 0, -habitDays), Limit: habitCalls}
	records, err := cfg.Records.Records(context.WithoutCancel(ctx), q)
	if err != nil {
		return history.Habits{}, err
	}
	h.at, h.last = now, history.HabitsOf(records, now)
	return h.last, nil
}
