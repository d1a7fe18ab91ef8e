// Package conference is the switchboard's audio engine: it carries sound between
// the parties of a room and plays clips to those who wait. It knows nothing of
// calls, TwiML or the network: a party is a Port, whatever is behind it.
//
// Time is cut into periods of 20 ms. In every period each party gives one frame
// and gets one. Rooms are spread over the period and over the processors, so
// that a hundred rooms do not all want to send in the same millisecond. What
// happens in a period is apart from the clock that starts it: tests run periods
// by hand.
package conference

import (
	"context"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"warmdesk/switchboard/internal/audio"
)

// slots is into how many steps a period is cut; each worker wakes only for those
// of its steps that have lines.
const slots = 10

// tolerance is how far the clock may be behind before periods are given up
// instead of being made up for: a burst of this length still fits into the
// jitter buffers of telephones.
const tolerance = 200 * time.Millisecond

// Port is a party as the engine sees it. The engine calls it once per period,
// Read first, from one goroutine at a time, and waits for it: neither method may
// block or allocate. Both may still be called once just after Line.Close.
type Port interface {
	// Read fills f with the party's next 20 ms and reports true, or reports
	// false when there is nothing to hear, which costs the room nothing.
	Read(f *audio.Frame) bool
	// Write gives the party its next 20 ms; it is called in every period, with
	// silence too. f is shared with other parties and with later periods: it
	// must be neither changed nor kept.
	Write(f *audio.Frame)
}

// Config configures an Engine.
type Config struct {
	// Workers is the number of goroutines that mix; 0 means one per processor.
	Workers int
	// Logger hears of periods given up because the machine was too slow; nil
	// means nobody does.
	Logger *slog.Logger
}

// Engine moves the audio of all lines. Create it with New, then Run it.
type Engine struct {
	log     *slog.Logger
	workers int

	mu       sync.Mutex // guards commands
	commands []func()
	wake     chan struct{} // holds a token when commands came

	// What follows is owned by the goroutine that runs the periods. While it
	// waits for the workers, each of them owns its own buckets and their lines.
	applying []func() // the other half of a double buffer with commands
	buckets  []*bucket
	rooms    map[string]*room
	lines    int
	finished []func()
}

// New returns an engine without lines.
func New(c Config) *Engine {
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	e := &Engine{
		log:     c.Logger,
		workers: c.Workers,
		wake:    make(chan struct{}, 1),
		rooms:   make(map[string]*room),
		buckets: make([]*bucket, slots*c.Workers),
	}
	for i := range e.buckets {
		e.buckets[i] = &bucket{}
	}
	return e
}

// post has do run before the next period, after everything posted earlier.
func (e *Engine) post(do func()) {
	e.mu.Lock()
	e.commands = append(e.commands, do)
	e.mu.Unlock()
	select {
	case e.wake <- struct{}{}:
	default: // there is a token already
	}
}

// Run moves the audio until ctx ends and returns the cause. An engine without
// lines sleeps.
func (e *Engine) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	callbacks := newNotifier()
	running.Go(callbacks.run)
	defer callbacks.stop()
	crew := e.startCrew(&running)
	defer crew.dismiss()

	next := time.Now()
	for ctx.Err() == nil {
		e.apply()
		if e.lines == 0 {
			select {
			case <-e.wake:
			case <-ctx.Done():
			}
			next = time.Now()
			continue
		}
		crew.period(next)
		callbacks.add(e.takeFinished())
		next = e.pause(ctx, next.Add(audio.FrameTime))
	}
	return context.Cause(ctx)
}

// pause waits until the time next, and returns it, or now when the clock is too
// far behind to make up for what was lost.
func (e *Engine) pause(ctx context.Context, next time.Time) time.Time {
	wait := time.Until(next)
	if wait < -tolerance {
		e.log.Warn("audio periods lost, the machine is too slow or was asleep", "periods", int64(-wait/audio.FrameTime))
		return time.Now()
	}
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	return next
}

// tick runs one whole period at once, without clock or workers.
func (e *Engine) tick() {
	e.apply()
	for _, b := range e.buckets {
		b.move()
	}
	for _, done := range e.takeFinished() {
		done()
	}
}

// apply carries out the commands that were given since the last period.
func (e *Engine) apply() {
	e.mu.Lock()
	e.commands, e.applying = e.applying[:0], e.commands
	e.mu.Unlock()
	for _, do := range e.applying {
		do()
	}
	clear(e.applying) // so that what they refer to can be freed
}

// takeFinished returns the callbacks of the clips that ended in this period.
func (e *Engine) takeFinished() []func() {
	for _, b := range e.buckets {
		e.finished = append(e.finished, b.finished...)
		clear(b.finished)
		b.finished = b.finished[:0]
	}
	if len(e.finished) == 0 {
		return nil
	}
	taken := e.finished
	e.finished = nil
	return taken
}

// leastLoaded returns the bucket with the fewest lines.
func (e *Engine) leastLoaded() *bucket {
	least := e.buckets[0]
	for _, b := range e.buckets[1:] {
		if b.lines < least.lines {
			least = b
		}
	}
	return least
}

// crew is the workers of a running engine.
type crew struct {
	orders []chan time.Time
	busy   sync.WaitGroup
}

func (e *Engine) startCrew(running *sync.WaitGroup) *crew {
	c := &crew{}
	for w := range e.workers {
		order := make(chan time.Time)
		c.orders = append(c.orders, order)
		running.Go(func() {
			for start := range order {
				e.work(w, start)
				c.busy.Done()
			}
		})
	}
	return c
}

// period has every worker do its share of the period that begins at start, and
// waits for them.
func (c *crew) period(start time.Time) {
	c.busy.Add(len(c.orders))
	for _, order := range c.orders {
		order <- start
	}
	c.busy.Wait()
}

func (c *crew) dismiss() {
	for _, order := range c.orders {
		close(order)
	}
}

// work moves the audio in worker w's buckets, each at its place in the period.
func (e *Engine) work(w int, start time.Time) {
	for slot := range slots {
		b := e.buckets[slot*e.workers+w]
		if b.lines == 0 {
			continue
		}
		time.Sleep(time.Until(start.Add(time.Duration(slot) * audio.FrameTime / slots)))
		b.move()
	}
}
