package desk

import (
	"context"
	"time"
)

// Turn does once, here and in a fixed order, what Run does in many goroutines:
// it resumes and looks at calls, keeps the deadlines that are due and offers
// waiting customers, until nothing is left to do at this moment of Config.Now.
//
// It returns the work that waits for the carrier, to be done in whatever order
// and time the caller likes, and when Turn is to be called again though nothing
// happens. It is for callers who own the clock, like the simulation: with one
// goroutine and one clock a run can be repeated exactly. Turn and Run are never
// used on the same Desk.
func (d *Desk) Turn(ctx context.Context) (carry []func(context.Context), next time.Time) {
	for {
		now := d.now()
		if due(d.lookAt, lookEvery, now) {
			d.look(ctx)
			continue
		}
		if due(d.refreshAt, refreshEvery, now) {
			d.refreshAt = now.Add(refreshEvery)
			d.refresh(ctx)
			continue
		}
		if job := d.steps.take(); job != nil {
			job(ctx)
			continue
		}
		select {
		case <-d.kick:
			d.offer(ctx)
			continue
		default:
		}
		rang, at := d.ring(now)
		if rang {
			continue
		}
		for job := d.work.take(); job != nil; job = d.work.take() {
			carry = append(carry, job)
		}
		return carry, soonest(at, d.lookAt, d.refreshAt)
	}
}

// due reports whether it is time for what is done every so often; also when the
// clock was set back, which does not stop a ticker.
func due(at time.Time, every time.Duration, now time.Time) bool {
	return !now.Before(at) || at.Sub(now) > every
}
