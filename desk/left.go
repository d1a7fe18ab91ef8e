package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"warmdesk/call"
)

// LeftBehind is a caller whose call is over, and the messages that the carrier has
// of it.
type LeftBehind struct {
	Caller   call.Arrived
	Messages []call.Message
	// Began and Over are when the call did.
	Began, Over time.Time
}

// TakeUp keeps messages that nobody told us of: no desk answered, or none could be
// reached, and the carrier took them by itself. Each becomes a task, once, however
// often it is taken up.
func (d *Desk) TakeUp(ctx context.Context, b LeftBehind) error {
	sid := b.Caller.SID
	for try := 1; ; try++ {
		id, err := d.Resolve(ctx, d.account, sid)
		switch {
		case err == nil:
			return d.takeInto(ctx, id, b)
		case !errors.Is(err, ErrNotFound):
			return fmt.Errorf("find call of leg %s: %w", sid, err)
		}
		err = d.takeAlone(ctx, b)
		if !errors.Is(err, ErrConflict) || try == tries {
			return err
		}
		// Another desk has just made a call of it.
	}
}

// takeInto keeps messages in a call that we know.
func (d *Desk) takeInto(ctx context.Context, id call.ID, b LeftBehind) error {
	for _, m := range b.Messages {
		if _, err := d.Fact(ctx, id, call.Recorded{SID: b.Caller.SID, RecordingSID: m.RecordingSID, Length: m.Length}, nil); err != nil {
			return fmt.Errorf("message %s: %w", m.RecordingSID, err)
		}
	}
	return nil
}

// takeAlone makes a call of what the carrier tells.
func (d *Desk) takeAlone(ctx context.Context, b LeftBehind) error {
	e := b.Caller
	unlock := d.locks.lock(e.SID)
	defer unlock()
	d.mu.Lock()
	e.Call, e.Recovery, e.Team = newID(), d.recovery, d.known(e.Team)
	d.mu.Unlock()
	_, err := d.commit(ctx, Versioned{}, call.Unanswered(e, b.Messages, b.Began, b.Over), nil, d.now())
	return err
}
