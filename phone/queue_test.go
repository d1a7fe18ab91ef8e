package phone

import (
	"testing"
	"time"

	"warmdesk/call"
)

// An offer waits while the account's queue is long, and nobody else does; at the
// latest it is sent when nothing has been heard of a queue for a while.
func TestOffersWaitForTheQueue(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	c := call.Call{Legs: []call.Leg{{ID: "offer", Purpose: call.Offer}, {ID: "target", Purpose: call.Target}, {ID: "rejoin", Purpose: call.Rejoin}, {ID: "again", Purpose: call.Again}}}
	var q queue
	waits := func(leg call.LegID, kind call.ActionKind, want time.Duration) {
		t.Helper()
		r, held := q.held(c, call.Action{Kind: kind, Leg: leg, Key: "k", Attempt: 2}, now)
		if held != (want > 0) || r.RetryIn != want || held && (r.Verdict != call.TryBack || r.Why != "" || r.Key != "k" || r.Attempt != 2 || r.Refusal.Said == "") {
			t.Errorf("%s of %s: %+v, want %v", kind, leg, r, want)
		}
	}
	for range 20 { // of a queue nobody has said anything
		waits("offer", call.Dial, 0)
		q.sent(now)
		q.took(0, now)
	}
	q.took(4*time.Second, now)
	waits("offer", call.Dial, 3*time.Second)
	waits("target", call.Dial, 0)
	waits("rejoin", call.Dial, 0)
	waits("again", call.Dial, 0)
	waits("offer", call.Hang, 0)
	waits("gone", call.Dial, 0)
	q.sent(now) // the target's
	waits("offer", call.Dial, 4*time.Second)
	now = now.Add(4 * time.Second)
	waits("offer", call.Dial, 0)
	q.sent(now)
	waits("offer", call.Dial, time.Second) // not all of them at once
	q.took(0, now)
	waits("offer", call.Dial, 0)
	q.took(time.Second, now)
	now = now.Add(queueSeen)
	q.sent(now)
	waits("offer", call.Dial, 0)
}
