// Package console is what the pages talk to: sign-in, requests, and one socket
// of snapshots per page. It translates between people's browsers and the desk
// and decides nothing about calls.
package console

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"warmdesk/agent"
	"warmdesk/desk"
	"warmdesk/edge"
	"warmdesk/history"
	"warmdesk/outbox"
	"warmdesk/say"
	"warmdesk/settings"
	"warmdesk/staff"
)

// Records knows every call, those long over too.
type Records interface {
	// Records loads calls with their timelines, newest first.
	Records(ctx context.Context, q history.Query) ([]history.Record, error)
	// Counts counts calls for a report; at is now.
	Counts(ctx context.Context, q history.Query, at time.Time) (history.Counts, error)
}

// Tokens makes browser tokens in the carrier's form.
type Tokens interface {
	// AgentToken lets an agent's browser be called; until is its expiry.
	AgentToken(id agent.ID) (token string, until time.Time, err error)
	// CallerToken lets a customer's browser call the support line. ErrNoCallerPage
	// when the carrier has no application for it.
	CallerToken(identity string) (token string, err error)
	// CallerIdentity reads the identity of a token of CallerToken.
	CallerIdentity(token string) (string, error)
}

// ErrNoCallerPage: the web customer page cannot call on this carrier.
var ErrNoCallerPage = errors.New("the customer page cannot call: no TwiML application is set")

// Config is everything the console needs.
type Config struct {
	Desk    *desk.Desk
	Hub     *Hub
	Staff   *staff.Staff
	Records Records
	Outbox  *outbox.Outbox
	// Recordings is where the messages of customers are kept.
	Recordings Recordings
	Tokens     Tokens
	// Tickets decide who may call from the web.
	Tickets *Tickets
	// EmbedKey checks what sites have signed of their visitors (docs/embedding.md);
	// empty: nobody is vouched for.
	EmbedKey string
	Account  string
	// Demo: identity is in the URL, and only this computer is answered.
	Demo      bool
	PublicURL *url.URL
	Number    string
	// Keeper keeps what is recorded of calls, and erases.
	Keeper Keeper
	// SignalHost is host:port of the built-in switchboard's signalling for the
	// browser SDK; empty means Twilio's own.
	SignalHost string
	Version    string
	// Outcomes are what an agent may say a call came to; nil: agent.DefaultOutcomes.
	Outcomes func() []string
	Pages    fs.FS
	// Settings are what admins set; some of it holds for the pages themselves.
	Settings *settings.Settings
	// Health is what this process knows of itself.
	Health Health
	// Carrier connects the calls.
	Carrier Carrier
	// Sounds make what callers hear of them.
	Sounds Sounds
	// MetricsToken opens /metrics to whoever has it; empty: to this computer only.
	MetricsToken string
	// Ready reports why the service cannot work; nil: it can.
	Ready  func(context.Context) error
	Logger *slog.Logger
}

// Console serves pages and their API.
type Console struct {
	cfg    Config
	log    *slog.Logger
	pages  *pages
	once   *onceTable
	limits *limits
	tests  tests
	// pulses are pages that are signed out in the middle of a call.
	pulses pulses
	waits  waits
	habits habits
	boards map[say.Language]*boards
	cross  *http.CrossOriginProtection
	// process names this process, for whoever wants to know that a request came to
	// it and not to another one.
	process string
	// decoding is held while an uploaded file is.
	decoding sync.Mutex
}

// ProcessHeader is the name of the process, in the answer of /healthz.
const ProcessHeader = "Warmdesk-Process"

// New builds a console.
func New(cfg Config) (*Console, error) {
	p, err := loadPages(cfg.Pages)
	if err != nil {
		return nil, err
	}
	if cfg.Outcomes == nil {
		cfg.Outcomes = agent.DefaultOutcomes
	}
	boardIn := map[say.Language]*boards{}
	for _, lang := range say.Languages() {
		boardIn[lang] = &boards{}
	}
	return &Console{
		boards: boardIn,
		cfg:    cfg, log: cfg.Logger, pages: p, once: newOnceTable(), limits: newLimits(), tests: tests{rates: edge.NewRates(testRate)},
		cross: http.NewCrossOriginProtection(), process: rand.Text(),
	}, nil
}

// Routes are the patterns the console answers. The description served at
// /api/openapi.json names each of them.
func (c *Console) Routes() map[string]http.HandlerFunc {
	return c.withRecordings(map[string]http.HandlerFunc{
		"GET /{$}":                                 c.page("index.html"),
		"GET /as/{agent}":                          c.page("as.html"),
		"GET /as/{agent}/{screen...}":              c.page("as.html"),
		"GET /call":                                c.page("call.html"),
		"GET /embed.js":                            c.embed,
		"GET /embed/agent":                         c.embedAgent,
		"GET /tutorial":                            c.page("tutorial.html"),
		"GET /assets/":                             c.asset,
		"GET /favicon.ico":                         c.asset,
		"POST /{agent}/token":                      c.token,
		"POST /conference/{agent}/call":            c.dialSecond,
		"POST /api/session":                        c.signIn,
		"DELETE /api/session":                      c.signOut,
		"DELETE /api/sessions":                     c.signOutEverywhere,
		"DELETE /api/users/{user}/sessions":        c.signOutUser,
		"POST /api/password":                       c.changePassword,
		"GET /welcome":                             c.page("index.html"),
		"GET /https":                               c.page("index.html"),
		"POST /api/welcome":                        c.welcome,
		"GET /api/audit":                           c.audit,
		"GET /api/users":                           c.users,
		"POST /api/users":                          c.addUser,
		"PATCH /api/users/{user}":                  c.changeUser,
		"POST /api/users/{user}/link":              c.inviteUser,
		"GET /api/health":                          c.health,
		"GET /api/carrier":                         c.carrier,
		"POST /api/carrier/test":                   c.testCarrier,
		"GET /api/settings":                        c.getSettings,
		"PATCH /api/settings/{section}":            c.changeSettings,
		"POST /api/settings/undo":                  c.undoSettings,
		"POST /api/settings/music":                 c.uploadMusic,
		"POST /api/settings/speech":                c.speak,
		"GET /api/sounds/{sound}":                  c.playSound,
		"GET /api/config":                          c.config,
		"GET /api/agents/{agent}/snapshot":         c.snapshot,
		"GET /api/agents/{agent}/stream":           c.stream,
		"POST /api/agents/{agent}/presence":        c.presence,
		"POST /api/calls/{call}/{request}":         c.request,
		"GET /api/calls/{call}/timeline":           c.timeline,
		"GET /api/board":                           c.showBoard,
		"POST /api/team/{member}/presence":         c.setMember,
		"GET /api/colleagues":                      c.colleagues,
		"GET /api/history":                         c.history,
		"GET /api/reports":                         c.report,
		"GET /api/calls.json":                      c.callsJSON,
		"GET /api/calls.csv":                       c.callsCSV,
		"GET /api/webhooks/deliveries":             c.deliveries,
		"POST /api/webhooks/deliveries/{id}/retry": c.retry,
		"POST /api/tasks/{task}/{request}":         c.taskRequest,
		"GET /api/tasks/{task}/recording":          c.taskRecording,
		"POST /api/caller/callback":                c.callerCallback,
		"POST /api/caller/request":                 c.callerRequest,
		"POST /api/caller/token":                   c.callerToken,
		"POST /api/caller/end":                     c.callerEnd,
		"GET /api/caller/line":                     c.callerLine,
		"POST /api/caller/rating":                  c.callerRating,
		"GET /api/caller/stream":                   c.callerStream,
		"GET /api/openapi.json":                    c.openAPI,
		"GET /healthz":                             c.healthz,
		"GET /readyz":                              c.readyz,
		"GET /metrics":                             c.metrics(metricsHandler(c.cfg.Desk, c.cfg.Outbox)),
	})
}

// Register adds the console's routes to mux, each behind the guard.
func (c *Console) Register(mux *http.ServeMux) {
	for pattern, h := range c.Routes() {
		mux.Handle(pattern, c.guard(needed(pattern), bodyLimits[pattern], h))
	}
	mux.Handle("/", c.guard(anyone, 0, c.notFound))
}

func (c *Console) notFound(w http.ResponseWriter, r *http.Request) {
	c.fail(w, r, &apiError{Status: http.StatusNotFound, Code: "not_found", Message: "There is nothing at this address."})
}

func (c *Console) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set(ProcessHeader, c.process)
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (c *Console) readyz(w http.ResponseWriter, r *http.Request) {
	if err := c.cfg.Ready(r.Context()); err != nil {
		c.log.Error("not ready", "err", err)
		c.fail(w, r, &apiError{Status: http.StatusServiceUnavailable, Code: "not_ready", Message: "The service cannot reach its database. Calls in progress go on."})
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ready"})
}

// config tells a page where it is.
func (c *Console) config(w http.ResponseWriter, r *http.Request) {
	type person struct {
		ID   agent.ID `json:"id"`
		Name string   `json:"name"`
	}
	answer := struct {
		Demo       bool     `json:"demo"`
		Number     string   `json:"number"`
		Agents     []person `json:"agents"`
		CallerPage bool     `json:"callerPage"`
		Closed     bool     `json:"closed"`
		SignalURL  string   `json:"signalUrl"`
		SecureURL  string   `json:"secureUrl"` // empty: there is none
		Version    string   `json:"version"`
	}{Demo: c.cfg.Demo, Number: c.cfg.Number, Agents: []person{}, SignalURL: c.cfg.SignalHost, Version: c.cfg.Version, Closed: c.cfg.Tickets.cfg.Closed()}
	if c.cfg.PublicURL.Scheme == "https" {
		answer.SecureURL = c.cfg.PublicURL.String()
	}
	_, err := c.cfg.Tokens.CallerToken("probe")
	answer.CallerPage = err == nil
	if c.cfg.Demo { // otherwise nobody's business before signing in
		for _, e := range c.cfg.Desk.View().Roster {
			answer.Agents = append(answer.Agents, person{e.ID, e.Name})
		}
	}
	writeJSON(w, http.StatusOK, answer)
}
