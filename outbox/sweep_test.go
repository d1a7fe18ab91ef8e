package outbox_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/outbox"
)

// forgetful is a store that only forgets, and notes what it was asked to.
type forgetful struct {
	outbox.Store
	mu    sync.Mutex
	asked map[outbox.Status]time.Duration // how old at least
}

func (f *forgetful) ForgetDeliveries(_ context.Context, s outbox.Status, before time.Time, _ int) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked[s] = time.Since(before)
	return 0, nil
}

// take is what was asked since it was last called.
func (f *forgetful) take() map[outbox.Status]time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	asked := f.asked
	f.asked = map[outbox.Status]time.Duration{}
	return asked
}

// Old deliveries hold phone numbers: they are forgotten also when nobody is told
// of anything any more.
func TestOldDeliveriesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := &forgetful{asked: map[outbox.Status]time.Duration{}}
		box := outbox.New(outbox.Config{Store: f, Logger: slog.New(slog.DiscardHandler)})
		ended := make(chan error)
		go func() { ended <- box.Run(ctx) }()
		synctest.Wait()
		const day = 24 * time.Hour
		if asked := f.take(); len(asked) != 2 || asked[outbox.Delivered] != 7*day || asked[outbox.GivenUp] != 30*day {
			t.Errorf("at the start: %v", asked)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if asked := f.take(); len(asked) != 2 {
			t.Errorf("an hour later: %v", asked)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
