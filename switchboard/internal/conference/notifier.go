package conference

import "sync"

// notifier runs callbacks one after the other on a goroutine of their own, so
// that a slow one delays others but never the audio.
type notifier struct {
	mu      sync.Mutex
	changed *sync.Cond
	queue   []func()
	stopped bool
}

func newNotifier() *notifier {
	n := &notifier{}
	n.changed = sync.NewCond(&n.mu)
	return n
}

func (n *notifier) add(callbacks []func()) {
	if len(callbacks) == 0 {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.queue = append(n.queue, callbacks...)
	n.changed.Signal()
}

// stop makes run return when the queue is empty.
func (n *notifier) stop() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.stopped = true
	n.changed.Signal()
}

func (n *notifier) run() {
	for {
		n.mu.Lock()
		for len(n.queue) == 0 && !n.stopped {
			n.changed.Wait()
		}
		queue := n.queue
		n.queue = nil
		n.mu.Unlock()
		if len(queue) == 0 {
			return
		}
		for _, callback := range queue {
			callback()
		}
	}
}
