package console

import (
	"sync"
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
