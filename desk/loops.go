package desk

import (
	"context"
	"slices"
	"sync"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// queue holds work until a worker is free. It has no bound: what is in it was
// saved already and must be done.
type queue struct {
	mu     sync.Mutex
	ready  sync.Cond
	jobs   []func(context.Context)
	closed bool
}

func newQueue() *queue {
	q := &queue{}
	q.ready.L = &q.mu
	return q
}

func (q *queue) add(job func(context.Context)) {
	q.mu.Lock()
	q.jobs = append(q.jobs, job)
	q.mu.Unlock()
	q.ready.Signal()
}

func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.ready.Broadcast()
}

// take is the next job, or nil.
func (q *queue) take() func(context.Context) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.jobs) == 0 {
		return nil
	}
	return q.pop()
}

// pop takes the first of the jobs there are. The caller holds q.mu.
func (q *queue) pop() func(context.Context) {
	job := q.jobs[0]
	q.jobs = q.jobs[1:]
	return job
}

// run does jobs until the queue is closed.
func (q *queue) run(ctx context.Context) {
	for {
		q.mu.Lock()
		for len(q.jobs) == 0 && !q.closed {
			q.ready.Wait()
		}
		if q.closed {
			q.mu.Unlock()
			return
		}
		job := q.pop()
		q.mu.Unlock()
		job(ctx)
	}
}

// lockTable gives each name a lock of its own while somebody holds it.
type lockTable struct {
	mu   sync.Mutex
	held map[string]*lockEntry
}

type lockEntry struct {
	mu    sync.Mutex
	users int
}

func (t *lockTable) lock(name string) (unlock func()) {
	t.mu.Lock()
	if t.held == nil {
		t.held = map[string]*lockEntry{}
	}
	e := t.held[name]
	if e == nil {
		e = &lockEntry{}
		t.held[name] = e
	}
	e.users++
	t.mu.Unlock()
	e.mu.Lock()
	return func() {
		e.mu.Unlock()
		t.mu.Lock()
		if e.users--; e.users == 0 {
			delete(t.held, name)
		}
		t.mu.Unlock()
	}
}

// wakeAt notes when a call is to be looked at though nothing happens.
func (d *Desk) wakeAt(id call.ID, at time.Time) {
	d.mu.Lock()
	first := d.wakes.set(id, at)
	d.mu.Unlock()
	if first {
		signal(d.rewake)
	}
}

// again has a call looked at soon, because what was to be saved of it could not
// be.
func (d *Desk) again(id call.ID) {
	at := d.now().Add(againTime)
	d.mu.Lock()
	first := d.wakes.again(id, at)
	d.mu.Unlock()
	if first {
		signal(d.rewake)
	}
}

// againTime is how long a store that failed is left alone.
const againTime = time.Second

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // one is pending already
	}
}

// wakeLoop hands each call its deadline when the time has come.
func (d *Desk) wakeLoop(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-d.rewake:
		case <-timer.C:
		}
		_, next := d.ring(d.now())
		if !next.IsZero() {
			timer.Reset(max(next.Sub(d.now()), time.Millisecond))
		}
	}
}

// ring has everything done whose time has come, and tells when the next thing's
// will have; zero: no time.
func (d *Desk) ring(now time.Time) (any bool, next time.Time) {
	d.mu.Lock()
	due, next := d.wakes.due(now)
	d.mu.Unlock()
	slices.Sort(due) // oldest first
	for _, id := range due {
		d.steps.add(func(ctx context.Context) { d.wake(ctx, id) })
	}
	done, wrapUp := d.doneWrapUps(now)
	for _, id := range done {
		d.steps.add(func(ctx context.Context) {
			if err := d.stepAgent(ctx, id, agent.WrapUpOver{}); err != nil && ctx.Err() == nil {
				d.log.Error("end wrap-up", "agent", id, "err", err)
			}
		})
	}
	gone, look := d.lostLinks(now)
	sought, seek := d.seekDue(now)
	return len(due)+len(done) > 0 || gone || sought, soonest(next, wrapUp, look, seek)
}

// soonest is the first of some times; a zero one is never.
func soonest(times ...time.Time) time.Time {
	var first time.Time
	for _, t := range times {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// doneWrapUps names the agents whose time after a call has run out, and when the
// next one's does. One that is due and not saved yet is named again a second later.
func (d *Desk) doneWrapUps(now time.Time) (done []agent.ID, next time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, a := range d.people {
		at := a.Until
		if at.IsZero() || a.Presence != agent.WrapUp {
			continue
		}
		if !at.After(now) {
			done = append(done, id)
			at = now.Add(time.Second)
		}
		next = soonest(next, at)
	}
	slices.Sort(done)
	return done, next
}

func (d *Desk) wake(ctx context.Context, id call.ID) {
	d.mu.Lock()
	generation := 0
	if c := d.live[id]; c != nil {
		generation = c.Generation
	}
	d.mu.Unlock()
	c, err := d.Fact(ctx, id, call.TimePassed{Generation: generation}, nil)
	if err != nil {
		if ctx.Err() == nil {
			d.log.Error("keep deadline", "call", id, "err", err)
			d.again(id)
		}
		return
	}
	d.ask(ctx, &c)
	d.fetchBack(c, d.now(), false)
	d.route()
}
