package console

import (
	"context"
	"sync"
	"time"
)

// Hub tells open sockets that something has changed. Each listener has one
// pending signal at most, so a slow page is never waited for.
type Hub struct {
	mu        sync.Mutex
	listeners map[chan struct{}]struct{}
}

// NewHub returns a hub nobody listens to yet.
func NewHub() *Hub { return &Hub{listeners: map[chan struct{}]struct{}{}} }

// Changed implements desk.Feed.
func (h *Hub) Changed() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.listeners {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// listen returns a channel that is signalled after changes, and how to stop.
func (h *Hub) listen() (changed <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	h.mu.Lock()
	h.listeners[c] = struct{}{}
	h.mu.Unlock()
	return c, func() {
		h.mu.Lock()
		delete(h.listeners, c)
		h.mu.Unlock()
	}
}

// drawEvery is the least time between two drawings of one page: the changes of one
// moment, and there may be hundreds a second, are one drawing. The first is drawn at
// once.
const drawEvery = 50 * time.Millisecond

// rest waits until a page that was drawn at drawn may be drawn again, and takes the
// changes that came meanwhile together.
func rest(ctx context.Context, changed <-chan struct{}, drawn time.Time) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Until(drawn.Add(drawEvery))):
	}
	select {
	case <-changed:
	default:
	}
}
