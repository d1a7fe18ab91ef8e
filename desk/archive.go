package desk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"warmdesk/call"
)

// RecordingKind is what was recorded.
type RecordingKind string

// The kinds.
const (
	OfCall  RecordingKind = "call"    // a conversation
	Message RecordingKind = "message" // left by a customer whom nobody served
)

// Recording is something the carrier keeps.
type Recording struct {
	SID       string // the carrier's id
	Call      call.ID
	Kind      RecordingKind
	At        time.Time // when it was known to be complete
	Length    time.Duration
	DeletedAt time.Time // zero: it can be heard
}

// Deletion is something that is to be deleted at the carrier: a recording, or the
// record of a leg.
type Deletion struct {
	Kind  DeletionKind
	SID   string
	Call  call.ID
	Why   string // in words: by which rule
	Tries int
	Error string // why the last try failed
}

// DeletionKind is what is to be deleted.
type DeletionKind string

// The kinds.
const (
	DeleteRecording DeletionKind = "recording"
	DeleteLeg       DeletionKind = "call"
)

// Why something is deleted, as the timeline tells it.
const (
	ByRetention = "retention"
	ByErasure   = "erased"
)

// Erasure is what an erasure takes away, or would.
type Erasure struct {
	Calls      []call.ID // of which the person is taken out
	Recordings int       // to be deleted at the carrier
	Legs       int       // records to be deleted at the carrier
	Tasks      int
	Pending    int    // deliveries to other systems that are not made any more
	Sent       []Sent // that others have already
}

// Sent is something about the person that another system was told.
type Sent struct {
	Event, Type, Receiver string
	At                    time.Time
}

// ErrLive: somebody is on a call that was to be erased.
var ErrLive = errors.New("the call is not over")

// Archive is what is kept of calls that are over. Every method is durable when it
// returns nil and changes nothing when it returns an error, also by several desks
// on one database.
type Archive interface {
	// Recordings lists what is recorded of a call, oldest first, deleted ones too.
	Recordings(ctx context.Context, id call.ID) ([]Recording, error)
	// Expire has recordings deleted that are older than before, save messages of
	// open tasks, and says how many are new to be.
	Expire(ctx context.Context, account string, before, now time.Time) (int, error)
	// Outdated names calls that ended before then and are not erased, at most n; and
	// requests to be called back that belong to no call, here and below: they are
	// erased as calls are, by the ids of their tasks.
	Outdated(ctx context.Context, account string, before time.Time, n int) ([]call.ID, error)
	// Deletions lists those whose next try is due, at most n.
	Deletions(ctx context.Context, account string, now time.Time, n int) ([]Deletion, error)
	// Deleted notes that something is gone, in the timeline too.
	Deleted(ctx context.Context, account string, d Deletion, now time.Time) error
	// Postponed notes why something is not, and when it is tried again.
	Postponed(ctx context.Context, account string, d Deletion, next time.Time) error
	// CallsOf names the calls of a number, and those that asked to be called back
	// there, oldest first.
	CallsOf(ctx context.Context, account, number string) ([]call.ID, error)
	// Erasure says what Erase would do; ErrNotFound.
	Erasure(ctx context.Context, account string, ids []call.ID) (Erasure, error)
	// Erase takes the person out of calls and has the carrier's part deleted. The
	// figures stay. Nothing of it can be found in the file afterwards. ErrLive,
	// ErrNotFound: then nothing has changed.
	Erase(ctx context.Context, account string, ids []call.ID, why string, now time.Time) (Erasure, error)
}

// Remover deletes at the carrier. What is not there any more is deleted. Each
// returns within 4 s.
type Remover interface {
	DeleteRecording(ctx context.Context, sid string) error
	DeleteLeg(ctx context.Context, sid string) error
}

// KeeperConfig is what a Keeper needs; every field unless it says otherwise.
type KeeperConfig struct {
	Archive Archive
	Remover Remover
	Account string
	// Keep is how long recordings and messages are kept now, and how long a person is
	// kept with their calls; zero: for ever. Nil: both are.
	Keep func() (recordings, calls time.Duration)
	// Erased is told of calls from which the person was taken; nil: nobody is.
	Erased func([]call.ID)
	Logger *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Keeper keeps what is to be kept no longer than it may, and deletes the rest,
// here and at the carrier.
type Keeper struct {
	cfg  KeeperConfig
	wake chan struct{}
}

// NewKeeper builds one.
func NewKeeper(cfg KeeperConfig) *Keeper {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Keep == nil {
		cfg.Keep = func() (recordings, calls time.Duration) { return 0, 0 }
	}
	if cfg.Erased == nil {
		cfg.Erased = func([]call.ID) {}
	}
	return &Keeper{cfg: cfg, wake: make(chan struct{}, 1)}
}

// Times of it.
const (
	sweepEvery   = time.Minute
	deleteEvery  = 3 * time.Second // looks for what somebody else has erased
	deleteAtOnce = 50              // a sweep asks for no more
	deleteMost   = time.Hour       // the longest pause before a deletion is tried again
)

// Run deletes what is due until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	sweep, ask := time.NewTicker(sweepEvery), time.NewTicker(deleteEvery)
	defer sweep.Stop()
	defer ask.Stop()
	err := k.Sweep(ctx)
	for {
		if err != nil && ctx.Err() == nil {
			k.cfg.Logger.Error("delete what is not to be kept", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-sweep.C:
			err = k.Sweep(ctx)
		case <-ask.C:
			err = k.delete(ctx, k.cfg.Now())
		case <-k.wake:
			err = k.delete(ctx, k.cfg.Now())
		}
	}
}

// Sweep does once what is due now.
func (k *Keeper) Sweep(ctx context.Context) error {
	now := k.cfg.Now()
	recordings, calls := k.cfg.Keep()
	if recordings > 0 {
		n, err := k.cfg.Archive.Expire(ctx, k.cfg.Account, now.Add(-recordings), now)
		if err != nil {
			return err
		}
		if n > 0 {
			k.cfg.Logger.Info("recordings are old enough to be deleted", "recordings", n)
		}
	}
	if calls > 0 {
		old, err := k.cfg.Archive.Outdated(ctx, k.cfg.Account, now.Add(-calls), deleteAtOnce)
		if err == nil && len(old) > 0 {
			_, err = k.erase(ctx, old, ByRetention)
		}
		if err != nil {
			return err
		}
	}
	return k.delete(ctx, now)
}

// delete asks the carrier to delete what is due.
func (k *Keeper) delete(ctx context.Context, now time.Time) error {
	due, err := k.cfg.Archive.Deletions(ctx, k.cfg.Account, now, deleteAtOnce)
	if err != nil {
		return err
	}
	for _, d := range due {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		failed := k.remove(ctx, d)
		if failed == nil {
			err = k.cfg.Archive.Deleted(ctx, k.cfg.Account, d, now)
		} else {
			k.cfg.Logger.Warn("the carrier did not delete it yet", "kind", d.Kind, "sid", d.SID, "tries", d.Tries+1, "err", failed)
			d.Error = failed.Error()
			err = k.cfg.Archive.Postponed(ctx, k.cfg.Account, d, now.Add(min(sweepEvery<<min(d.Tries, 10), deleteMost)))
		}
		if err != nil {
			return err
		}
	}
	if len(due) == deleteAtOnce {
		signal(k.wake)
	}
	return nil
}

func (k *Keeper) remove(ctx context.Context, d Deletion) error {
	if d.Kind == DeleteLeg {
		return k.cfg.Remover.DeleteLeg(ctx, d.SID)
	}
	return k.cfg.Remover.DeleteRecording(ctx, d.SID)
}

// Recordings lists what is recorded of a call, oldest first.
func (k *Keeper) Recordings(ctx context.Context, id call.ID) ([]Recording, error) {
	return k.cfg.Archive.Recordings(ctx, id)
}

// Erasure says what erasing calls would do; ErrNotFound.
func (k *Keeper) Erasure(ctx context.Context, ids []call.ID) (Erasure, error) {
	return k.cfg.Archive.Erasure(ctx, k.cfg.Account, ids)
}

// Erase takes a person out of calls, as Archive.Erase says.
func (k *Keeper) Erase(ctx context.Context, ids []call.ID) (Erasure, error) {
	return k.erase(ctx, ids, ByErasure)
}

func (k *Keeper) erase(ctx context.Context, ids []call.ID, why string) (Erasure, error) {
	done, err := k.cfg.Archive.Erase(ctx, k.cfg.Account, ids, why, k.cfg.Now())
	if err != nil {
		return done, fmt.Errorf("erase: %w", err)
	}
	k.cfg.Logger.Info("erased", "calls", len(done.Calls), "recordings", done.Recordings, "why", why)
	k.cfg.Erased(done.Calls)
	signal(k.wake)
	return done, nil
}

// CallsOf names the calls of a number.
func (k *Keeper) CallsOf(ctx context.Context, number string) ([]call.ID, error) {
	return k.cfg.Archive.CallsOf(ctx, k.cfg.Account, number)
}

// recordingsOf are the recordings that a step tells of.
func recordingsOf(c *call.Call) []Recording {
	var list []Recording
	for _, n := range c.News {
		switch {
		case n.Track != nil:
			list = append(list, Recording{SID: n.Track.SID, Call: c.ID, Kind: OfCall, At: n.At, Length: n.Track.Length})
		case n.Wish != nil && n.Wish.Recording != "":
			list = append(list, Recording{SID: n.Wish.Recording, Call: c.ID, Kind: Message, At: n.At, Length: n.Wish.Length})
		}
	}
	return list
}

// Forget drops what this desk remembers of people who were erased: notices, and
// tasks as they were.
func (d *Desk) Forget(ids []call.ID) {
	gone := map[call.ID]bool{}
	for _, id := range ids {
		gone[id] = true
	}
	d.mu.Lock()
	for who, list := range d.notices {
		var kept []Told
		for _, t := range list {
			if !gone[t.Call] {
				kept = append(kept, t)
			}
		}
		d.notices[who] = kept
	}
	for id, t := range d.tasks {
		if gone[call.ID(t.Call)] || gone[call.ID(t.ID)] {
			delete(d.tasks, id)
		}
	}
	for id := range gone {
		delete(d.learned, id)
	}
	d.version++
	d.mu.Unlock()
	d.feed.Changed()
}
