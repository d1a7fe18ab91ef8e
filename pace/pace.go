// Package pace does things over and over.
package pace

import (
	"context"
	"time"
)

// Every calls f each time d has passed, and never twice at once, until ctx ends; it
// returns the error of ctx. A call that takes longer than d puts the next one off.
func Every(ctx context.Context, d time.Duration, f func(context.Context)) error {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			f(ctx)
		}
	}
}
