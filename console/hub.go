package console

import (
	"sync"
	"time"
)

// drawEvery is the least time between two rounds of drawing: the changes of one
// moment, and there may be hundreds a second, are drawn once, and by all pages at
// the same time, so that they share what is put together for them.
const drawEvery = 50 * time.Millisecond

// Hub tells open sockets that something has changed: the first time at once, then
// after drawEvery. Each listener has one pending signal at most, so a slow page is
// never waited for.
type Hub struct {
	mu        sync.Mutex
	listeners map[chan struct{}]struct{}
	told      time.Time // the last time
	coming    bool      // they will be told again by itself
}

// NewHub returns a hub nobody listens to yet.
func NewHub() *Hub { return &Hub{listeners: map[chan struct{}]struct{}{}} }

// Changed implements desk.Feed.
func (h *Hub) Changed() {
	h.mu.Lock()
	defer h.mu.Unlock()
	wait := drawEvery - time.Since(h.told)
	switch {
	case h.coming:
	case wait > 0 && len(h.listeners) > 0:
		h.coming = true
		time.AfterFunc(wait, func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.tell()
		})
	default:
		h.tell()
	}
}

// tell signals everybody. The caller holds h.mu.
func (h *Hub) tell() {
	h.told, h.coming = time.Now(), false
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
