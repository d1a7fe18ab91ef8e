package desk_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/store"
)

// refusing is a carrier that deletes only when it likes to.
type refusing struct {
	broken bool
	gone   []string
}

func (r *refusing) DeleteRecording(_ context.Context, sid string) error { return r.remove(sid) }
func (r *refusing) DeleteLeg(_ context.Context, sid string) error       { return r.remove(sid) }

func (r *refusing) remove(sid string) error {
	if r.broken {
		return errors.New("503")
	}
	r.gone = append(r.gone, sid)
	return nil
}

// TestWhatIsOldIsDeleted at the carrier, tried until it is, by a desk that was
// restarted meanwhile; then the timeline says so, and the person is taken out.
func TestWhatIsOldIsDeleted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	carrier := &refusing{broken: true}
	open := func() (*store.Store, *desk.Keeper) {
		t.Helper()
		s, err := store.Open(t.Context(), store.Config{URL: path})
		if err != nil {
			t.Fatal(err)
		}
		return s, desk.NewKeeper(desk.KeeperConfig{
			Archive: s, Remover: carrier, Account: "AC1",
			Keep:   func() (recordings, calls time.Duration) { return 30 * 24 * time.Hour, 60 * 24 * time.Hour },
			Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return now },
		})
	}
	s, keeper := open()
	c := call.Create(call.Arrived{Call: "c", Account: "AC1", SID: "CA1", Number: "+15550001"}, now)
	c.Stage, c.EndedAt = call.Ended, now
	if err := s.SaveCall(t.Context(), desk.Save{Call: c, Recordings: []desk.Recording{{SID: "RE1", Call: "c", Kind: desk.OfCall, At: now}}}); err != nil {
		t.Fatal(err)
	}
	sweep := func(later time.Duration) {
		t.Helper()
		now = now.Add(later)
		if err := keeper.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sweep(29 * 24 * time.Hour)
	if due, _ := s.Deletions(t.Context(), "AC1", now, 9); len(due) != 0 {
		t.Errorf("too early: %+v", due)
	}
	sweep(25 * time.Hour) // the carrier fails
	if due, _ := s.Deletions(t.Context(), "AC1", now.Add(time.Hour), 9); len(due) != 1 || due[0].Tries != 1 || due[0].Error == "" {
		t.Errorf("after a failure: %+v", due)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, keeper = open()
	t.Cleanup(func() { s.Close() })
	carrier.broken = false
	sweep(time.Second) // not yet again
	sweep(time.Hour)
	if len(carrier.gone) != 1 || carrier.gone[0] != "RE1" {
		t.Errorf("deleted %v", carrier.gone)
	}
	entries, err := s.Timeline(t.Context(), "c")
	if err != nil || len(entries) != 1 || entries[0].Kind != call.NewsTrackDeleted || entries[0].Why != desk.ByRetention {
		t.Errorf("the timeline: %+v, %v", entries, err)
	}
	sweep(31 * 24 * time.Hour)
	if c, _, err := s.Call(t.Context(), "c"); err != nil || c.Number != "" {
		t.Errorf("the person is kept: %+v, %v", c, err)
	}
	if len(carrier.gone) != 2 || carrier.gone[1] != "CA1" {
		t.Errorf("deleted %v", carrier.gone)
	}
}
