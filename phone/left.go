package phone

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/twilio"
)

// Messages finds what callers have said to the carrier alone, because no desk
// could be reached: a number's fallback document takes messages without us, and
// tells nobody.
type Messages struct {
	cfg  Config
	desk Keeper
	log  *slog.Logger
	// seen are the recordings that need no second look. Owned by Run.
	seen map[string]bool
}

// Keeper keeps what was found. It may be told of a message more than once.
type Keeper interface {
	TakeUp(ctx context.Context, b desk.LeftBehind) error
}

// NewMessages looks for messages to the configured number.
func NewMessages(cfg Config, k Keeper) *Messages {
	return &Messages{cfg: cfg, desk: k, log: cfg.Logger, seen: map[string]bool{}}
}

const (
	// leftFirst: after a start the calls that are going on come first.
	leftFirst = 2 * time.Second
	// leftEvery: the desk may be well and the way to it not, so that it is not at
	// the start alone that there is something to find.
	leftEvery = 10 * time.Minute
	// leftSince is how far back messages are looked for; for longer than that a desk
	// is not away unnoticed, and what an older program of this number took is its own.
	leftSince = 24 * time.Hour
	leftTime  = time.Minute // for one search
)

// Run looks soon and then every ten minutes, until ctx ends. Trouble is logged, and
// looked for again the next time.
func (m *Messages) Run(ctx context.Context) error {
	for wait := leftFirst; ; wait = leftEvery {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
		if err := m.look(ctx, time.Now().Add(-leftSince)); err != nil && ctx.Err() == nil {
			m.log.Error("look for messages left while no desk answered", "err", err)
		}
	}
}

// look takes up the messages that were left since then.
func (m *Messages) look(ctx context.Context, since time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, leftTime)
	defer cancel()
	recordings, err := m.cfg.Client.ListRecordings(ctx, since)
	if err != nil {
		return fmt.Errorf("recordings: %w", err)
	}
	listed, byCall := map[string]bool{}, map[string][]twilio.Recording{}
	for _, r := range recordings {
		listed[r.SID] = m.seen[r.SID]
		if r.Source == twilio.RecordVerb && r.Status == twilio.RecordingCompleted && !m.seen[r.SID] {
			byCall[r.CallSID] = append(byCall[r.CallSID], r)
		}
	}
	m.seen = listed
	for sid, left := range byCall {
		done, err := m.take(ctx, sid, left)
		if err != nil {
			return err
		}
		for _, r := range left {
			m.seen[r.SID] = done
		}
	}
	return nil
}

// take takes up what was left in one call. Not done: it goes on still.
func (m *Messages) take(ctx context.Context, sid string, left []twilio.Recording) (done bool, err error) {
	c, err := m.cfg.Client.FetchCall(ctx, sid)
	switch {
	case twilio.IsCode(err, twilio.CodeNotFound):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("call %s: %w", sid, err)
	case c.Direction != "inbound" || c.To != m.cfg.Number:
		return true, nil
	case !twilio.CallEnded(c.Status):
		return false, nil
	}
	b := desk.LeftBehind{
		Caller: call.Arrived{Account: m.cfg.Account, SID: sid, Number: number(c.From)},
		Began:  c.DateCreated.Time, Over: c.EndTime.Time,
	}
	slices.SortFunc(left, func(a, b twilio.Recording) int {
		return cmp.Or(a.StartTime.Compare(b.StartTime.Time), cmp.Compare(a.SID, b.SID))
	})
	for _, r := range left {
		b.Messages = append(b.Messages, call.Message{RecordingSID: r.SID, Length: r.Length()})
	}
	if b.Began.IsZero() {
		b.Began = left[0].StartTime.Time
	}
	if b.Over.IsZero() {
		b.Over = left[len(left)-1].DateUpdated.Time
	}
	return true, m.desk.TakeUp(ctx, b)
}
