package twiliotest

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"warmdesk/twilio"
)

// Leg is one party's connection: Twilio's "Call".
type Leg struct {
	d         *Double
	SID       string
	From, To  string
	Direction string
	identity  string     // of the client that is rung, or the number; empty for a customer
	amd       amd        // what was asked about answering machines
	params    url.Values // custom parameters, which the browser sees

	// What follows is guarded by the double.
	status                  string
	over                    bool
	created, started, ended time.Time
	hook                    hook
	fallback                target // asked when a document could not be had or run
	seq                     int
	timeout                 time.Duration
	answeredBy              string        // what the detection of machines found
	decide                  chan decision // what the agent does with a ring
	// stop interrupts what the leg is doing, so that it looks at the two below.
	stop context.CancelCauseFunc
	// ending is set by whoever ends the leg.
	ending *ending
	// redirect is the document that REST gave the leg.
	redirect *target

	seat      *seat // in a conference
	attends   *listening
	playing   string // what a document makes it hear; empty: nothing
	forgotten bool   // its record was deleted
	dead      bool   // its network is gone; the service has not noticed

	heard     []string
	lastHeard string
	lastAt    time.Time
	silence   time.Duration
}

// ending is how a leg ends.
type ending struct {
	status string // final
	sip    string // SipResponseCode
	leave  string // ReasonParticipantLeft, when it is in a conference
}

// decision is what an agent does with a ring.
type decision string

const (
	accept decision = "answer"
	reject decision = "reject"
)

// Causes that interrupt a leg's document.
var (
	errEnding     = errors.New("the leg ends")
	errRedirected = errors.New("the leg was redirected")
)

// Call makes a customer call the account's number.
func (d *Double) Call(from string) *Leg { return d.CallWith(from, nil) }

// CallWith is Call with further parameters, as a browser's or a SIP leg's.
func (d *Double) CallWith(from string, params url.Values) *Leg {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.arrive(from, d.cfg.Number, params, d.whom())
}

func (d *Double) newLeg(from, to, direction string) *Leg {
	l := &Leg{
		d: d, SID: newSID("CA"), From: from, To: to, Direction: direction,
		status: twilio.CallQueued, created: time.Now(), decide: make(chan decision, 1),
	}
	d.legs = append(d.legs, l)
	return l
}

// Answer takes a ringing call.
func (l *Leg) Answer() { l.take(accept) }

// Reject declines a ringing call.
func (l *Leg) Reject() { l.take(reject) }

func (l *Leg) take(what decision) {
	select {
	case l.decide <- what:
	default: // decided already
	}
}

// HangUp ends the leg from the party's side.
func (l *Leg) HangUp() {
	l.end(ending{status: twilio.CallCompleted, sip: "200", leave: "participant_hung_up"})
}

// Die loses the party's network: nobody hears it any more, and the service goes
// on as if nothing had happened until Noticed, for minutes.
func (l *Leg) Die() {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	l.dead = true
	l.d.touch()
}

// Noticed ends a dead leg: the service has noticed.
func (l *Leg) Noticed() { l.HangUp() }

// end ends the leg, unless it is ending already.
func (l *Leg) end(e ending) {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	if !l.over && l.ending == nil {
		l.endLocked(e)
	}
}

// endLocked ends a leg that is not ending. One that nobody has answered is
// canceled. The lock is held.
func (l *Leg) endLocked(e ending) {
	if l.status != twilio.CallInProgress && e.status == twilio.CallCompleted {
		e.status, e.sip = twilio.CallCanceled, "487"
	}
	l.ending = &e
	if l.stop != nil {
		l.stop(errEnding)
	}
}

// Status is the leg's status as REST tells it.
func (l *Leg) Status() string {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	return l.status
}

// Param is a custom parameter that the browser got with the ring.
func (l *Leg) Param(name string) string { return l.params.Get(name) }

// Hears is what the party hears now: "words: …", "music", "people: ana, +1555"
// (in the order they came), "silence", or "nothing" when it is not connected.
func (l *Leg) Hears() string {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	return l.hears()
}

// Heard is everything the party has heard so far, in order.
func (l *Leg) Heard() []string {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	return slices.Clone(l.heard)
}

// Silence is the longest time for which the party was connected and heard
// neither words nor music nor anybody.
func (l *Leg) Silence() time.Duration {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	l.listen(time.Now())
	return l.silence
}

// WaitFor waits until the leg's status is want, or until what it hears begins
// with want: "completed", "music", "people: ana".
func (l *Leg) WaitFor(t testing.TB, want string) {
	t.Helper()
	if !l.d.await(func() bool { return l.status == want || strings.HasPrefix(l.hears(), want) }) {
		t.Fatalf("%s did not come to %q. %s", l.name(), want, l.d.describe())
	}
}

func (l *Leg) name() string {
	if l.identity != "" {
		return l.identity
	}
	return l.From
}

func (l *Leg) hears() string {
	switch {
	case l.status != twilio.CallInProgress || l.dead:
		return "nothing"
	case l.seat == nil || l.seat.held || !l.seat.room.started():
		if l.playing == "" {
			return "silence"
		}
		return l.playing
	}
	var people []string
	for _, other := range l.seat.room.seats {
		if other.leg != l && !other.held && !other.muted && !other.leg.dead && (other.coaches == "" || other.coaches == l.SID) {
			people = append(people, other.leg.name())
		}
	}
	if len(people) == 0 {
		return "silence"
	}
	return "people: " + strings.Join(people, ", ")
}

// listen notes what is heard. The lock is held.
func (l *Leg) listen(now time.Time) {
	if l.lastHeard == "silence" {
		l.silence = max(l.silence, now.Sub(l.lastAt))
	}
	hears := l.hears()
	if hears == l.lastHeard {
		return
	}
	l.lastHeard, l.lastAt = hears, now
	l.heard = append(l.heard, hears)
	for _, k := range l.d.kept {
		if k.call == l.SID && !k.since.IsZero() {
			k.heard = append(k.heard, hears)
		}
	}
}

// setStatus moves the leg on and reports it. The lock is held.
func (l *Leg) setStatus(status, sip string) {
	l.status = status
	now := time.Now()
	event := status
	switch {
	case status == twilio.CallInProgress:
		l.started = now
		event = "answered"
	case twilio.CallEnded(status):
		l.ended, l.over = now, true
		event = "completed"
		l.recorded()
	}
	l.report(event, sip)
	l.d.touch()
}

// report sends a call status callback, if it is subscribed to. The lock is held.
func (l *Leg) report(event, sip string) {
	if l.hook.url == "" || !slices.Contains(l.hook.events, event) {
		return
	}
	form := l.form()
	form.Set("Timestamp", twilio.FormatTime(time.Now()))
	form.Set("CallbackSource", "call-progress-events")
	form.Set("SequenceNumber", strconv.Itoa(l.seq))
	l.seq++
	if event == "initiated" {
		form.Set("CallStatus", "initiated")
	}
	if sip != "" {
		form.Set("SipResponseCode", sip)
	}
	if event == "completed" {
		form.Set("CallDuration", l.duration())
		form.Set("Duration", "1")
	}
	l.d.owe(l.SID, l.hook.target, form)
}

func (l *Leg) duration() string {
	if l.started.IsZero() || l.ended.IsZero() {
		return "0"
	}
	return strconv.Itoa(int(l.ended.Sub(l.started).Seconds()))
}

// form is the standard parameters of a voice webhook. The lock is held.
func (l *Leg) form() url.Values {
	f := url.Values{}
	for name, values := range l.params {
		if l.Direction == "inbound" { // an outbound leg's are the browser's alone
			f[name] = values
		}
	}
	for name, value := range map[string]string{
		"CallSid": l.SID, "AccountSid": l.d.cfg.AccountSID, "From": l.From, "To": l.To, "Caller": l.From, "Called": l.To,
		"CallStatus": l.status, "ApiVersion": twilio.APIVersion, "Direction": l.Direction,
	} {
		f.Set(name, value)
	}
	if token := l.callToken(); token != "" {
		f.Set("CallToken", token)
	}
	if l.answeredBy != "" && !l.amd.async {
		f.Set("AnsweredBy", l.answeredBy)
	}
	return f
}

// callToken lets the desk show the caller's number to whom it rings for them.
func (l *Leg) callToken() string {
	if l.Direction != "inbound" || !e164.MatchString(l.From) {
		return ""
	}
	return "token-" + l.SID
}
