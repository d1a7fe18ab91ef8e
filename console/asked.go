package console

import (
	"net/http"
	"time"

	"warmdesk/agent"
	"warmdesk/edge"
	"warmdesk/staff"
)

// How often one may ask to be called back without a call, and how often all together
// may: each is work for people, and nobody has spoken with whoever asks.
var (
	askRate    = edge.Rate{Burst: 5, Every: 12 * time.Minute}
	askAllRate = edge.Rate{Burst: 60, Every: time.Minute}
)

// everybody is the key of what all may do together.
const everybody = "everybody"

// callerRequest: POST /api/caller/request. Somebody who is not on a call asks on the
// customer's page to be called back: they came outside the opening hours, or cannot
// be heard.
func (c *Console) callerRequest(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Name   string `json:"name"`
		Number string `json:"number"`
		Topic  string `json:"topic"`
		When   string `json:"when"`
	}
	err := readJSON(r, &body)
	if err == nil && c.cfg.Tickets.cfg.Closed() {
		err = errClosed
	}
	var wish agent.Request
	if err == nil {
		wish, err = agent.Request{Name: body.Name, Number: body.Number, Topic: body.Topic, When: body.When}.Clean()
	}
	if err == nil {
		err = c.limits.ask(r)
	}
	if err == nil {
		err = c.note(r, staff.CallBackAsked, "")
	}
	var t agent.Task
	if err == nil {
		t, err = c.cfg.Desk.AskCallBack(r.Context(), wish)
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusAccepted, map[string]time.Time{"due": t.DueAt})
}

// ask counts a wish to be called back.
func (l *limits) ask(r *http.Request) error {
	if edge.Own(r) {
		return nil
	}
	wait := l.asks.Address(r)
	if wait == 0 {
		wait = l.allAsks.Take(everybody)
	}
	if wait > 0 {
		return tooMany(wait, "Too many people have asked to be called back.")
	}
	return nil
}
