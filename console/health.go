package console

import (
	"net/http"
	"net/url"
	"time"

	"warmdesk/desk"
)

// Webhook is one request of the carrier's, as it came and as it was answered.
type Webhook struct {
	At     time.Time  `json:"at"`
	Path   string     `json:"path"`
	Status int        `json:"status"`
	Form   url.Values `json:"form"`
}

// Health is what a process knows of itself.
type Health struct {
	Started time.Time
	// Webhooks are the last ones that were genuine, newest first.
	Webhooks func() []Webhook
}

// health: GET /api/health.
func (c *Console) health(w http.ResponseWriter, _ *http.Request) {
	view := c.cfg.Desk.View()
	trouble := view.Trouble != (desk.Trouble{})
	answer := map[string]any{
		"version": c.cfg.Version, "started": c.cfg.Health.Started, "calls": len(view.Calls), "waiting": len(view.Waiting()),
		"carrierTrouble": trouble, "builtIn": c.cfg.SignalHost != "", "webhooks": []Webhook{},
	}
	if c.cfg.Health.Webhooks != nil {
		answer["webhooks"] = c.cfg.Health.Webhooks()
	}
	writeJSON(w, http.StatusOK, answer)
}
