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
		if !now.Before(d.lookAt) {
			d.look(ctx)
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
		if at.IsZero() || d.lookAt.Before(at) {
			at = d.lookAt
		}
		return carry, at
	}
}
