package console

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"time"

	"warmdesk/edge"
	"warmdesk/say"
)

// How much one may ask. A line of an office has many people behind it, so that an
// address has far more than one of them needs.
var (
	addressRate = edge.Rate{Burst: 1000, Every: 10 * time.Millisecond}
	sessionRate = edge.Rate{Burst: 200, Every: 50 * time.Millisecond}
	// A whole shift may sign in within a minute; each sign-in costs us a hash that
	// is made to be slow.
	signInRate = edge.Rate{Burst: 30, Every: time.Second}
)

// How many sockets one may have open: an address, and an agent, of whom only the
// newest page counts anyway.
const (
	addressSockets = 500
	agentSockets   = 10
)

// limits are what keeps one client from taking all there is.
type limits struct {
	addresses, sessions, signIns *edge.Rates
	asks, allAsks                *edge.Rates
	sockets, pages               *edge.Counts
}

func newLimits() *limits {
	return &limits{
		addresses: edge.NewRates(addressRate), sessions: edge.NewRates(sessionRate), signIns: edge.NewRates(signInRate),
		asks: edge.NewRates(askRate), allAsks: edge.NewRates(askAllRate),
		sockets: edge.NewCounts(addressSockets), pages: edge.NewCounts(agentSockets),
	}
}

// wait is how long a request has to wait for its turn; files cost nothing and are
// not counted.
func (l *limits) wait(r *http.Request) time.Duration {
	if edge.Own(r) || strings.HasPrefix(r.URL.Path, "/assets/") || probe(r) {
		return 0
	}
	if wait := l.addresses.Address(r); wait > 0 {
		return wait
	}
	if r.Method == http.MethodPost && r.URL.Path == "/api/session" {
		return l.signIns.Address(r)
	}
	for _, cookie := range r.Cookies() {
		if strings.HasPrefix(strings.TrimPrefix(cookie.Name, hostPrefix), cookieName) {
			sum := sha256.Sum256([]byte(cookie.Value))
			return l.sessions.Take(string(sum[:]))
		}
	}
	return 0
}

// socket counts an address's socket; every one that is taken is to be left.
func (l *limits) socket(r *http.Request) (leave func(), err error) {
	if edge.Own(r) {
		return func() {}, nil
	}
	leave, ok := l.sockets.Enter(edge.Key(r))
	if !ok {
		return nil, tooMany(time.Minute, "Too many pages are open at your connection.")
	}
	return leave, nil
}

// tooMany refuses what may be asked again after a while; what says of what there
// was too much.
func tooMany(after time.Duration, what string) *apiError {
	return &apiError{Status: http.StatusTooManyRequests, Code: "too_many", Message: what + " Nothing has changed. Try again in " + say.Phrase(span(after)) + ".", After: after}
}

// span is a time as people say it, rounded up.
func span(d time.Duration) string {
	switch {
	case d <= time.Second:
		return "a second"
	case d <= time.Minute:
		return fmt.Sprintf("%d seconds", (d+time.Second-1)/time.Second)
	case d <= 2*time.Minute:
		return "2 minutes"
	}
	return fmt.Sprintf("%d minutes", (d+time.Minute-1)/time.Minute)
}
