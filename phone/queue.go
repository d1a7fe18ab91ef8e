package phone

import (
	"sync"
	"time"

	"warmdesk/call"
)

// Times of the account's queue.
const (
	// queueLong is how long the account's queue may be for an offer to be put into it.
	queueLong = 2 * time.Second
	// dialPace is what one call takes in it, as an account begins.
	dialPace = time.Second
	// queueSeen is how long a queue is believed in of which nothing is heard.
	queueSeen = 10 * time.Second
)

// queue is what is known of the account's own queue of calls to be made, which is
// served in order: who comes back to a customer, or is brought in, should not stand
// behind offers to customers who hear music anyway. So offers wait here while it
// is long. Nothing is held back before the carrier has said that there is a queue.
// It is safe for concurrent use.
type queue struct {
	mu      sync.Mutex
	free    time.Time // when the last of what is in it will have been dialled
	limited time.Time // until when there is one, as far as we know
}

// held is the result of an offer that is not to be sent now; false: it may be.
func (q *queue) held(c call.Call, a call.Action, now time.Time) (call.Result, bool) {
	l := c.Leg(a.Leg)
	if a.Kind != call.Dial || l == nil || l.Purpose != call.Offer {
		return call.Result{}, false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	wait := q.free.Add(-queueLong).Sub(now) // in this order: the zero time is very long ago
	if wait <= 0 {
		return call.Result{}, false
	}
	return call.Result{
		Key: a.Key, Kind: a.Kind, Attempt: a.Attempt, Verdict: call.TryBack, RetryIn: wait,
		Refusal: call.Refusal{Said: "too many calls are waiting to be made", Do: doWait},
	}, true
}

// sent notes that a call is on its way into the queue.
func (q *queue) sent(now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if now.Before(q.limited) {
		q.free = later(q.free, now).Add(dialPace)
	}
}

// took notes what the carrier has said of a call that it took.
func (q *queue) took(queued time.Duration, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if queued == 0 {
		q.free, q.limited = time.Time{}, time.Time{}
		return
	}
	q.limited = now.Add(queueSeen)
	q.free = later(q.free, now.Add(queued+dialPace))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
