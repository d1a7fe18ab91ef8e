package browser

import "sync"

// events delivers what happens to the handler: in order, one at a time, without
// a lock held, and without ever making the gateway wait.
type events struct {
	handler Handler
	mu      sync.Mutex
	changed *sync.Cond
	queue   []event
	stopped bool
}

type event struct {
	leg  *Leg
	tell func(Handler)
}

func (e *events) init(h Handler) {
	e.handler = h
	e.changed = sync.NewCond(&e.mu)
}

// add queues an event of l.
func (e *events) add(l *Leg, tell func(Handler)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.queue = append(e.queue, event{l, tell})
	e.changed.Signal()
}

// stop makes deliver return when the queue is empty.
func (e *events) stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stopped = true
	e.changed.Signal()
}

func (e *events) deliver() {
	for {
		e.mu.Lock()
		for len(e.queue) == 0 && !e.stopped {
			e.changed.Wait()
		}
		queue := e.queue
		e.queue = nil
		e.mu.Unlock()
		if len(queue) == 0 {
			return
		}
		for _, event := range queue {
			// What happened before the handler itself hung up is no longer news.
			if !event.leg.isSilent() {
				event.tell(e.handler)
			}
		}
	}
}
