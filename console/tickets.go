package console

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/edge"
)

// TicketTime is how long a customer's page may take from its ticket to its call,
// and how long its browser token lasts.
const TicketTime = 5 * time.Minute

// dialTime is how long a ticket counts as a call that is about to come, and
// arriveTime how long one whose call has come here, but is not seen yet.
const (
	dialTime   = time.Minute
	arriveTime = time.Second
)

// TicketStore keeps tickets, for every desk on one database.
type TicketStore interface {
	// SaveTicket keeps a ticket until it expires.
	SaveTicket(ctx context.Context, t desk.Ticket) error
	// UseTicket takes the identity's ticket for the leg sid; no other leg has it from
	// then on. desk.ErrNotFound: there is none for it.
	UseTicket(ctx context.Context, identity, sid string, now time.Time) (desk.Ticket, error)
}

// TicketConfig is how much the web may call.
type TicketConfig struct {
	Store TicketStore
	Desk  *desk.Desk
	// Closed reports whether there are no new calls from the web now; nil: there are.
	Closed func() bool
	// AtOnce and PerHour are how many calls one address may have, and make in an
	// hour; both are 1 or more. This computer is not limited.
	AtOnce, PerHour int
	// All is how many calls from the web there may be at once, of everybody.
	All int
}

// Tickets decide who may call from the web. A ticket is an identity nobody can
// guess, which serves for one call: a token that has been copied, or is used by a
// robot again and again, calls once.
type Tickets struct {
	cfg  TicketConfig
	rate *edge.Rates

	mu    sync.Mutex
	given map[string]given // by identity: live calls, and those about to come
}

// given is a ticket whose call counts.
type given struct {
	key   string    // edge.Key; empty for this computer
	until time.Time // how long it counts without a live call
}

// NewTickets makes the office that gives tickets.
func NewTickets(cfg TicketConfig) *Tickets {
	if cfg.Closed == nil {
		cfg.Closed = func() bool { return false }
	}
	rate := edge.Rate{Burst: cfg.PerHour, Every: time.Hour / time.Duration(cfg.PerHour)}
	return &Tickets{cfg: cfg, rate: edge.NewRates(rate), given: map[string]given{}}
}

// errClosed: CALL_PAGE=off.
var errClosed = &apiError{Status: http.StatusForbidden, Code: "calls_closed", Message: "Calls from this page are closed. Try again later."}

// give makes a ticket for a page that wants to call, on a site that has signed v of
// its visitor. Errors are *apiError, for the customer.
func (t *Tickets) give(r *http.Request, v call.Vouched, now time.Time) (identity string, err error) {
	identity = "caller_" + random(8)
	if err := t.count(r, identity, now); err != nil {
		return "", err
	}
	return identity, t.cfg.Store.SaveTicket(r.Context(), desk.Ticket{Identity: identity, Given: now, Expires: now.Add(TicketTime), Vouched: v})
}

func (t *Tickets) count(r *http.Request, identity string, now time.Time) error {
	if t.cfg.Closed() {
		return errClosed
	}
	live := webCallers(t.cfg.Desk.View())
	key := ""
	if !edge.Own(r) {
		key = edge.Key(r)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	all, own := len(live), 0
	for id, g := range t.given {
		switch {
		case live[id]:
		case now.Before(g.until):
			all++
		default:
			delete(t.given, id)
			continue
		}
		if g.key == key {
			own++
		}
	}
	switch {
	case all >= t.cfg.All:
		return tooMany(dialTime, "All our lines for calls from this page are taken.")
	case key == "":
	case own >= t.cfg.AtOnce:
		return tooMany(dialTime, "Too many calls from your connection.")
	default:
		if wait := t.rate.Take(key); wait > 0 {
			return tooMany(wait, "Too many calls from your connection.")
		}
	}
	t.given[identity] = given{key, now.Add(dialTime)}
	return nil
}

// webCallers are the identities of the web's live calls.
func webCallers(v desk.View) map[string]bool {
	live := map[string]bool{}
	for _, c := range v.Calls {
		if identity, ok := strings.CutPrefix(c.Number, "client:"); ok {
			live[identity] = true
		}
	}
	return live
}

// Admit implements phone.Tickets: the leg sid of a page may call if the page comes
// back into its own live call, or has a ticket nobody has used.
func (t *Tickets) Admit(ctx context.Context, identity, sid, key string) (desk.Ticket, error) {
	if mine, ok := t.cfg.Desk.Returning(ctx, desk.ReturnHash(key)); ok && strings.TrimPrefix(mine.Number, "client:") == identity {
		return desk.Ticket{}, nil
	}
	now := time.Now()
	mine, err := t.cfg.Store.UseTicket(ctx, identity, sid, now)
	if err == nil {
		t.used(identity, now.Add(arriveTime))
	}
	return mine, err
}

// used lets a ticket count as long as its call.
func (t *Tickets) used(identity string, until time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if g, ok := t.given[identity]; ok {
		g.until = until
		t.given[identity] = g
	}
}
