package console

import (
	"context"
	"net/http"
	"sync"
	"time"

	"warmdesk/desk"
	"warmdesk/edge"
	"warmdesk/say"
)

// Carrier is who connects the calls, as admins see it. It holds no secret.
type Carrier struct {
	// Name is the service, or the host of another that speaks as it does; empty for the
	// switchboard built in.
	Name string
	// TokenSet: there is an auth token.
	TokenSet bool
	// Test looks whether calls can be connected, and says each thing that it looked at.
	// process names this process, as its /healthz does. It ends soon after its context.
	Test func(ctx context.Context, process string) []Finding
}

// States of a finding.
const (
	FindingOK      = "ok"
	FindingWarning = "warning"
	FindingWrong   = "wrong"
)

// Finding is one thing that was looked at. Neither its words nor errors that it quotes
// hold a secret; values are marked as package say wants them.
type Finding struct {
	State string `json:"state"`
	Check string `json:"check"`
	Found string `json:"found"`
	Todo  string `json:"todo,omitempty"` // for a warning or something wrong
}

// In is the finding in a language.
func (f Finding) In(lang say.Language) Finding {
	return Finding{f.State, lang.Of(f.Check), lang.Of(f.Found), lang.Of(f.Todo)}
}

// testTime bounds a test of the connection: somebody waits for it, and a request ends
// after 30 s.
const testTime = 20 * time.Second

// testRate is how often the connection may be tested, by all admins together: each
// test asks the carrier several things, which counts what it is asked.
var testRate = edge.Rate{Burst: 3, Every: 20 * time.Second}

// tests are the tests of the connection.
type tests struct {
	rates *edge.Rates
	under sync.Mutex // held while one is under way
}

// carrier: GET /api/carrier.
func (c *Console) carrier(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{
		"name": c.cfg.Carrier.Name, "builtIn": c.cfg.Carrier.Name == "", "account": c.cfg.Account, "tokenSet": c.cfg.Carrier.TokenSet,
		"number": c.cfg.Number, "publicUrl": c.cfg.PublicURL.String(), "trouble": c.cfg.Desk.View().Trouble != desk.Trouble{},
	})
}

// testCarrier: POST /api/carrier/test. It changes nothing, here or at the carrier.
func (c *Console) testCarrier(w http.ResponseWriter, r *http.Request) {
	if !c.tests.under.TryLock() {
		c.fail(w, r, tooMany(testTime, "The connection is being tested already."))
		return
	}
	defer c.tests.under.Unlock()
	if wait := c.tests.rates.Take(""); wait > 0 {
		c.fail(w, r, tooMany(wait, "The connection was tested several times just now."))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), testTime)
	defer cancel()
	findings := []Finding{}
	for _, f := range c.cfg.Carrier.Test(ctx, c.process) {
		findings = append(findings, f.In(languageOf(r)))
	}
	writeJSON(w, http.StatusOK, map[string][]Finding{"findings": findings})
}
