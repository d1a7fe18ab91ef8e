package pace_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/pace"
)

func TestEvery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), 10500*time.Millisecond)
		defer stop()
		var at []time.Duration
		began := time.Now()
		err := pace.Every(ctx, time.Second, func(context.Context) {
			at = append(at, time.Since(began))
			if len(at) == 2 {
				time.Sleep(3500 * time.Millisecond) // put off, and not made up for
			}
		})
		if !errors.Is(err, context.DeadlineExceeded) || len(at) != 8 || at[0] != time.Second || at[2] != 5500*time.Millisecond {
			t.Errorf("called at %v, %v", at, err)
		}
	})
}
