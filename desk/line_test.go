package desk_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/store"
)

// word is a line that tells what a test says.
type word chan desk.Trouble

// Watch implements desk.Line.
func (w word) Watch(ctx context.Context, tell func(desk.Trouble)) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case t := <-w:
			tell(t)
		}
	}
}

// told is a feed to wait on.
type told chan struct{}

func (c told) Changed() {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Everybody sees the carrier's trouble at once, and its end.
func TestCarriersTroubleIsSeen(t *testing.T) {
	s, err := store.Open(t.Context(), store.Config{URL: store.Memory})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	line, feed := make(word), make(told, 1)
	d, err := desk.New(t.Context(), desk.Config{
		Store: s, Phone: silent{}, Line: line, Feed: feed, Account: "AC1", Recovery: true, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- d.Run(ctx) }()
	for _, want := range []desk.Trouble{{Since: time.Now(), Why: call.Refusal{Code: 20003, Said: "wrong auth token"}}, {}} {
		before := d.View().Version
		line <- want
		for <-feed; d.View().Version == before; <-feed {
		}
		if v := d.View(); v.Trouble != want {
			t.Errorf("%+v, want %+v", v.Trouble, want)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
