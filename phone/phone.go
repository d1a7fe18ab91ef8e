// Package phone is where our words meet Twilio's. Carrier turns the rulebook's
// actions into requests to the carrier; Webhooks turns what the carrier asks and
// reports into facts, and the rulebook's documents into TwiML. Nowhere else do
// the two vocabularies touch.
package phone

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/twilio"
)

// Config is what both directions need. Every field is required that does not say
// otherwise.
type Config struct {
	Client  *twilio.Client
	Account string // the account whose calls are ours
	// AuthToken signs the carrier's webhooks.
	AuthToken string
	// PublicURL is how the carrier reaches us: scheme, host and an optional path,
	// without a query. Signatures are checked against it.
	PublicURL string
	// Number is our own, shown to whoever is rung.
	Number string
	// CustomerID tells whether who is rung outside sees the customer's number, where the carrier
	// allows it. Not required.
	CustomerID func() bool
	// Heard is what customers hear now, and where their calls go.
	Heard func() Heard
	// Strangers tells how long the sender of a webhook that is not genuine has to
	// wait before it is answered again. Nil: not at all. Not required.
	Strangers func(*http.Request) time.Duration
	Logger    *slog.Logger
	// Recent remembers the last webhooks. Nil: nobody does. Not required.
	Recent *Recent
	// Tickets tells which customers' pages may call. Nil: all. Not required.
	Tickets Tickets
}

// Heard is what customers hear and where their calls go: it may be another thing
// for the next document.
type Heard struct {
	// Announcements are what they are told because they are recorded, by language; none:
	// they are not.
	Announcements map[string]string
	// Language is what is spoken to whoever has not asked for another; empty: English.
	Language string
	// Text is what is said for the rulebook's English, in a language, to who called a
	// number of ours (empty: a page). Nil: the English itself.
	Text func(language, dialled, english string) string
	// MusicURL is what waiting customers hear, in an endless loop.
	MusicURL string
	// MusicTime is how long that piece takes. Zero: not known, and a customer on
	// hold hears no word in between.
	MusicTime time.Duration
	// Numbers are those of ours that differ from others.
	Numbers map[string]Number
}

// Number is what callers of one of our numbers get.
type Number struct {
	Team     string // whom they wait for, unless the voice URL says so; empty: anybody
	Language string // what they are spoken to in; empty: Heard's
}

// Tickets tells which customers' pages may call.
type Tickets interface {
	// Admit takes the ticket of the page with this identity for its leg sid; the zero
	// Ticket for who comes back into their live call with key. desk.ErrNotFound: the
	// page may not call. The same question again has the same answer.
	Admit(ctx context.Context, identity, sid, key string) (desk.Ticket, error)
}

// urls writes the addresses under which the carrier asks us.
type urls struct {
	public string // PublicURL without a final slash
}

func newURLs(public string) urls { return urls{strings.TrimSuffix(public, "/")} }

// retried asks the carrier to repeat a request that we could not answer: twice,
// after a 5xx, a connect or a read time-out. Not part of what is signed.
const retried = "#rc=2&rp=5xx,ct,rt"

// arrival is asked for a customer's document.
func (u urls) arrival() string { return u.public + "/conference/connect/client" }

// wait is asked for what a waiting party hears.
func (u urls) wait() string { return u.public + "/conference/wait" }

// hold is wait for a held party; the call is named because what comes with a
// hold request is not certain.
func (u urls) hold(id call.ID) string {
	return u.wait() + "?call=" + url.QueryEscape(string(id))
}

// connect is asked for an answering agent's document.
func (u urls) connect(room string, id agent.ID, leg call.LegID) string {
	return u.room(room) + "/connect/" + url.PathEscape(string(id)) + "?leg=" + url.QueryEscape(string(leg))
}

// accept is asked when a key was pressed on a telephone that rings.
func (u urls) accept(room string) string { return u.room(room) + "/accept" + retried }

// events receives what happens in a conference.
func (u urls) events(room string) string { return u.room(room) + "/events" + retried }

// progress receives how far a leg has come.
func (u urls) progress(room string, leg call.LegID) string {
	return u.room(room) + "/legs/" + url.PathEscape(string(leg)) + retried
}

// out is asked for the next document of a leg that fell out of the conference.
func (u urls) out(room string, leg call.LegID) string {
	address := u.room(room) + "/out"
	if leg != "" {
		address += "?leg=" + url.QueryEscape(string(leg))
	}
	return address + retried
}

func (u urls) room(room string) string { return u.public + "/conference/" + url.PathEscape(room) }
