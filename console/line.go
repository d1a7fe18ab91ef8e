package console

import (
	"context"
	"net/http"
	"sync"
	"time"

	"warmdesk/history"
)

// The waits of those who called lately say what the next one's will be, if they are
// enough; how they were is looked up once in a while, for everybody.
const (
	lately      = 30 * time.Minute
	enoughWaits = 3
	waitsFresh  = 10 * time.Second
)

// lineView is what a customer is told before they call.
type lineView struct {
	Ahead int `json:"ahead"` // who wait for the same team
	// Wait is how long those who called lately waited, in seconds, as half of them did
	// not wait longer; 0: nobody could say. Told where somebody is ahead.
	Wait int  `json:"wait"`
	Open bool `json:"open"` // within business hours
	// Hours are the business hours, from Monday on, as 09:00-17:00; none: always open.
	Hours []string `json:"hours"`
	Zone  string   `json:"zone"`
}

// callerLine: GET /api/caller/line?team= tells a customer's page what to expect.
func (c *Console) callerLine(w http.ResponseWriter, r *http.Request) {
	v := c.cfg.Desk.View()
	view := lineView{Hours: []string{}}
	team := ""
	for _, t := range v.Teams {
		if t.Name == r.URL.Query().Get("team") {
			team = t.Name // one that is not known is nobody's in particular
		}
	}
	for _, one := range v.Waiting() {
		if one.Team == team {
			view.Ahead++
		}
	}
	routing := c.cfg.Settings.Now().Document.Routing
	service, err := routing.Service()
	if err != nil {
		c.fail(w, r, err) // never: settings are checked before they are kept
		return
	}
	view.Open = service.Hours.Open(v.At)
	if !service.Hours.Always() {
		view.Hours, view.Zone = routing.Hours.Days[:], service.Hours.Zone()
	}
	if view.Ahead > 0 && team == "" {
		view.Wait = c.waits.median(r.Context(), c.cfg, v.At)
	}
	writeJSON(w, http.StatusOK, view)
}

// waits remembers how long callers have waited lately.
type waits struct {
	mu   sync.Mutex
	at   time.Time
	last int // seconds; 0: nobody could say
}

// median is the same for everybody who asks soon after one another: this page is the
// public's, and must not cost a look at the database each time.
func (w *waits) median(ctx context.Context, cfg Config, now time.Time) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now.Sub(w.at) < waitsFresh {
		return w.last
	}
	w.at, w.last = now, 0
	counts, err := cfg.Records.Counts(context.WithoutCancel(ctx), history.Query{Account: cfg.Account, From: now.Add(-lately)}, now)
	if err != nil {
		cfg.Logger.Error("look how long callers wait", "err", err)
		return 0
	}
	if s := history.Summarise(counts.Tallies); s.Answered >= enoughWaits {
		w.last = s.WaitMedian
	}
	return w.last
}
