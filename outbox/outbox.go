// Package outbox tells other systems what happened in calls. The desk writes an
// event for each receiver in the transaction of the step that it tells of; the
// outbox posts it, signed, until the receiver says that it has it.
//
// Every event arrives at least once, always with the same id, and the events of
// one call in order. A receiver that is slow or gone delays neither calls nor
// other receivers: it has its own goroutine, a few requests under way at most,
// and everything that waits is in the database.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"warmdesk/call"
	"warmdesk/history"
)

// Store keeps deliveries. Each method is durable when it returns nil and changes
// nothing when it returns an error. Several outboxes may share one.
type Store interface {
	// NextDelivery tells when the receiver's next delivery is due; zero: none waits.
	NextDelivery(ctx context.Context, receiver string) (time.Time, error)
	// ClaimDeliveries takes up to n that are due at now, of each call the oldest
	// only. Each counts a try and is nobody else's before lease.
	ClaimDeliveries(ctx context.Context, receiver string, now, lease time.Time, n int) ([]Delivery, error)
	// FinishDelivery notes Status, Next, Code and Error of a claimed delivery. When
	// it is not pending any more, the next one of its call is due at now. One that
	// was claimed again meanwhile is left alone.
	FinishDelivery(ctx context.Context, d Delivery, now time.Time) error
	// RetryDelivery makes a delivery due at now, whatever became of it; ErrNotFound.
	RetryDelivery(ctx context.Context, number int64, now time.Time) error
	// Deliveries loads those attempted last, newest attempt first.
	Deliveries(ctx context.Context, limit int) ([]Delivery, error)
	// PendingDeliveries counts what waits, by receiver, up to most of each.
	PendingDeliveries(ctx context.Context, most int) (map[string]int, error)
	// ForgetDeliveries deletes up to limit of a status that were last attempted
	// before the given time, and tells how many.
	ForgetDeliveries(ctx context.Context, status Status, before time.Time, limit int) (int, error)
}

// ErrNotFound: there is no such delivery.
var ErrNotFound = errors.New("no such delivery")

// Status is how far a delivery is.
type Status string

// The statuses.
const (
	Pending   Status = "pending"
	Delivered Status = "delivered"
	GivenUp   Status = "given_up"
)

// Delivery is one event on its way to one receiver.
type Delivery struct {
	Number   int64
	Event    string // the event's id, of all its deliveries
	Type     history.Type
	Call     call.ID
	At       time.Time
	Receiver string
	Body     []byte // the event as it is sent, every time
	Status   Status
	Tries    int       // attempts begun
	Next     time.Time // the next attempt; zero: none, or not before an older one's of the call
	Tried    time.Time // the last attempt; zero: none yet
	Code     int       // HTTP status of the last answer; 0: there was none
	Error    string    // why the last attempt failed
}

// Config is everything an Outbox needs.
type Config struct {
	Store Store
	// Receivers are told of every event; Parse makes them. None: nobody is.
	Receivers []*Receiver
	// Secrets sign each message, all of them: the newest, and older ones while
	// receivers change over.
	Secrets []Secret
	// Schedule is the time from each failed attempt to the next; after the last
	// the event is given up. nil: 5 s, 30 s, 2 min, 10 min, 1 h, 4 h, 10 h, 24 h.
	Schedule []time.Duration
	// Timeout of one attempt; 0: 10 s.
	Timeout time.Duration
	Logger  *slog.Logger
}

// Times of the outbox.
const (
	timeout = 10 * time.Second
	// leaseTime is how long an attempt is nobody else's: more than it can take.
	leaseTime = 30 * time.Second
	// pollTime is how often we look for what another desk has left behind.
	pollTime = 15 * time.Second
	// pauseMost is the longest pause for a receiver that answers nothing.
	pauseMost = 30 * time.Second

	sweepTime     = time.Hour
	sweepLimit    = 500 // a call's step may wait for so many deletions
	keepDelivered = 7 * 24 * time.Hour
	keepGivenUp   = 30 * 24 * time.Hour
)

// countMost bounds what is counted: a million rows would keep the database from
// calls for half a second.
const countMost = 100_000

// slots are the requests under way at once to a receiver that answers.
const slots = 4

// Outbox delivers events. Its methods may be called from many goroutines.
type Outbox struct {
	cfg   Config
	log   *slog.Logger
	names []string
	ways  []*way
}

// New builds an outbox. It sends while Run does.
func New(cfg Config) *Outbox {
	if cfg.Schedule == nil {
		cfg.Schedule = []time.Duration{
			5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour, 4 * time.Hour, 10 * time.Hour, 24 * time.Hour,
		}
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = timeout
	}
	o := &Outbox{cfg: cfg, log: cfg.Logger}
	for _, r := range cfg.Receivers {
		o.names = append(o.names, r.Name)
		o.ways = append(o.ways, newWay(r, &o.cfg))
	}
	return o
}

// Receivers names those who are told of every event.
func (o *Outbox) Receivers() []string { return o.names }

// Written says that events for the receivers were saved. It does not block.
func (o *Outbox) Written() {
	for _, w := range o.ways {
		w.rouse(false)
	}
}

// Run delivers until ctx ends, and waits for what it started.
func (o *Outbox) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, w := range o.ways {
		g.Go(func() error { w.run(ctx); return nil })
	}
	g.Go(func() error { o.sweep(ctx); return nil })
	return g.Wait()
}

// sweep forgets old deliveries, those to receivers of before too: they hold phone
// numbers.
func (o *Outbox) sweep(ctx context.Context) {
	ticker := time.NewTicker(sweepTime)
	defer ticker.Stop()
	for {
		now := time.Now()
		o.forget(ctx, Delivered, now.Add(-keepDelivered))
		o.forget(ctx, GivenUp, now.Add(-keepGivenUp))
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (o *Outbox) forget(ctx context.Context, status Status, before time.Time) {
	for n := sweepLimit; n == sweepLimit; {
		var err error
		if n, err = o.cfg.Store.ForgetDeliveries(ctx, status, before, sweepLimit); err != nil {
			if ctx.Err() == nil {
				o.log.Error("forget old deliveries", "err", err)
			}
			return
		}
	}
}

// Deliveries are those attempted last, newest attempt first.
func (o *Outbox) Deliveries(ctx context.Context, limit int) ([]Delivery, error) {
	return o.cfg.Store.Deliveries(ctx, limit)
}

// Retry sends an event once more, at once, whatever became of it, and asks a
// receiver again that has said that it is gone. ErrNotFound.
func (o *Outbox) Retry(ctx context.Context, number int64) error {
	if err := o.cfg.Store.RetryDelivery(ctx, number, time.Now()); err != nil {
		return err
	}
	for _, w := range o.ways {
		w.rouse(true)
	}
	return nil
}

// Count is what became of a receiver's deliveries since the start.
type Count struct {
	Pending   int // in the database, whoever wrote them; 100 000 at most are counted
	Delivered int
	Failed    int // attempts
	GivenUp   int
}

// Counts are told by receiver, as Shown calls it, those included that are configured no longer and
// have something pending.
func (o *Outbox) Counts(ctx context.Context) (map[string]Count, error) {
	pending, err := o.cfg.Store.PendingDeliveries(ctx, countMost)
	if err != nil {
		return nil, err
	}
	counts := map[string]Count{}
	for _, w := range o.ways {
		counts[Shown(w.to.Name)] = w.counted()
	}
	for name, n := range pending {
		c := counts[Shown(name)]
		c.Pending += n
		counts[Shown(name)] = c
	}
	return counts, nil
}

// tally counts what became of attempts.
type tally struct {
	mu sync.Mutex
	c  Count
}

func (t *tally) counted() Count {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.c
}

func (t *tally) count(s Status) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch s {
	case Delivered:
		t.c.Delivered++
		return
	case GivenUp:
		t.c.GivenUp++
	}
	t.c.Failed++
}

// spread keeps receivers from being asked by everybody in the same moment: up to
// a fifth sooner or later.
func spread(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64()))
}

// said is an attempt's end in words for the delivery log.
func said(code int) string { return fmt.Sprintf("the receiver answered %d", code) }
