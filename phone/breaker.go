package phone

import (
	"errors"
	"net/http"
	"sync"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/twilio"
)

// Times of the breaker.
const (
	// tripAfter is how many requests in a row must fail before others are held back.
	tripAfter = 3
	// breakFirst doubles to breakMost while requests fail. It is no longer than that
	// because what is held back are also looks, which a customer on hold may be
	// waiting for.
	breakFirst = time.Second
	breakMost  = 8 * time.Second
)

// Breaker spares a carrier that fails every request, and those who would wait for
// it in vain. After three failures in a row, whatever their kind, requests that
// can wait are held back for a while; then one is let through, and its answer
// tells whether the others may go. What a live customer's ears depend on is
// always sent: ending a leg, hold and unhold, sending a leg elsewhere. Nothing
// held back is lost, because whatever a call lacks is planned again.
//
// A refusal of one request, such as a wrong number, is not the carrier's failing.
// It is safe for concurrent use.
type Breaker struct {
	now    func() time.Time
	random func() float64 // from 0 to 1: pauses are stretched by up to a quarter

	mu       sync.Mutex
	failures int           // in a row
	pause    time.Duration // the present one; 0: closed
	until    time.Time     // the end of it, or of what the carrier has asked for
	probing  bool          // somebody was let through, and has not told yet
	trouble  desk.Trouble
	changed  chan struct{} // of one: the trouble is another, or a first request has failed
}

// NewBreaker makes one that lets everything through. random is from 0 to 1.
func NewBreaker(now func() time.Time, random func() float64) *Breaker {
	return &Breaker{now: now, random: random, changed: make(chan struct{}, 1)}
}

// heldError is a request that was not sent.
type heldError struct {
	why call.Refusal
	in  time.Duration // until when another try makes sense
}

func (e *heldError) Error() string { return "not sent: " + e.why.Why() }

// Allow says whether a request may be sent; the error says why not, and when it
// makes sense to ask again. After it has been sent, Ended must be called.
func (b *Breaker) Allow(vital bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	switch {
	case vital, b.pause == 0 && !now.Before(b.until):
		return nil
	case !b.probing && !now.Before(b.until):
		b.probing = true
		return nil
	}
	in := max(b.until.Sub(now), breakFirst) // a probe may be under way
	return &heldError{b.trouble.Why, in + time.Duration(b.random()*float64(time.Second))}
}

// Held is the result of an action of a call that is not to be sent now, and false where it
// is: then Ended must be called after it.
func (b *Breaker) Held(c call.Call, a call.Action) (call.Result, bool) {
	held, ok := errors.AsType[*heldError](b.Allow(call.Vital(c, a)))
	if !ok {
		return call.Result{}, false
	}
	return call.Result{Key: a.Key, Kind: a.Kind, Attempt: a.Attempt, Verdict: call.TryBack, Refusal: held.why, RetryIn: held.in}, true
}

// Ended says how a request that was sent has ended.
func (b *Breaker) Ended(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
	if !failing(err) {
		b.failures, b.pause, b.until = 0, 0, time.Time{}
		b.tell(desk.Trouble{})
		return
	}
	now := b.now()
	if b.failures++; b.failures == 1 {
		b.signal()
	}
	if asked := retryAfter(err); asked > 0 {
		b.until = now.Add(asked)
	}
	if b.trouble == (desk.Trouble{}) {
		b.trouble.Why = refused(err) // until it is trouble, the reason of what is held back
	}
	if b.failures < tripAfter {
		return
	}
	if b.pause == 0 || !now.Before(b.until) {
		b.pause = min(max(2*b.pause, breakFirst), breakMost)
		stretched := b.pause + time.Duration(b.random()*float64(b.pause)/4)
		b.until = now.Add(max(stretched, retryAfter(err)))
	}
	t := desk.Trouble{Since: b.trouble.Since, Why: refused(err)}
	if t.Since.IsZero() {
		t.Since = now
	}
	b.tell(t)
}

// tell notes the trouble. The caller holds the lock.
func (b *Breaker) tell(t desk.Trouble) {
	if t == b.trouble {
		return
	}
	was := b.trouble.Since.IsZero() && t.Since.IsZero()
	b.trouble = t
	if !was {
		b.signal()
	}
}

func (b *Breaker) signal() {
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

// Trouble is what people are told now.
func (b *Breaker) Trouble() desk.Trouble {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.trouble.Since.IsZero() {
		return desk.Trouble{}
	}
	return b.trouble
}

// probeIn is when the carrier is to be asked whether it takes requests, after the
// last one failed; false when it did not.
func (b *Breaker) probeIn() (time.Duration, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(b.until.Sub(b.now()), breakFirst), b.failures > 0
}

// failing reports whether an answer is one that any other request would get now,
// too: none in time, a 5xx, being asked for less, or not being known at all.
func failing(err error) bool {
	if err == nil || errors.Is(err, errNoLeg) {
		return false
	}
	e, ok := errors.AsType[*twilio.Error](err)
	if !ok {
		return true
	}
	return e.Status >= 500 || e.Status == http.StatusTooManyRequests || e.Status == http.StatusUnauthorized || e.Status < 400 ||
		e.Status == http.StatusRequestTimeout || e.Code == 20005 || e.Code == 20403 && e.Status == http.StatusForbidden
}

// retryAfter is how long the carrier has asked us to wait; 0: it has not.
func retryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*twilio.Error](err); ok {
		return min(e.RetryAfter, call.RetryMost)
	}
	return 0
}
