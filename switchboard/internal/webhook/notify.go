package webhook

import (
	"net/http"
)

// maxOwed bounds the callbacks that wait behind a slow application, per key:
// a call has at most four, a conference some per participant.
const maxOwed = 512

// maxCallbackAnswer is how much of a callback's answer is read, so that its
// connection can be used again.
const maxCallbackAnswer = 4 << 10

// Notify owes a callback. Those of one key arrive one after another, in the
// order given; those of different keys do not wait for each other. Notify
// itself never waits. A callback that fails, after the retries that its URL
// asks for, is logged and dropped: Twilio promises no more than best effort.
func (c *Client) Notify(key string, req Request) {
	if !c.begin() {
		return
	}
	c.mu.Lock()
	queue, running := c.owed[key]
	if len(queue) >= maxOwed {
		c.mu.Unlock()
		c.work.Done()
		c.log.Warn("callback dropped: too many owed", "key", key, "url", req.URL)
		return
	}
	c.owed[key] = append(queue, req)
	c.mu.Unlock()
	if running {
		c.work.Done() // the goroutine at work delivers it
		return
	}
	go func() {
		defer c.work.Done()
		c.deliver(key)
	}()
}

// deliver works through one key's callbacks until none is left.
func (c *Client) deliver(key string) {
	for {
		c.mu.Lock()
		queue := c.owed[key]
		if len(queue) == 0 {
			delete(c.owed, key)
			c.mu.Unlock()
			return
		}
		req := queue[0]
		c.owed[key] = queue[1:]
		c.mu.Unlock()
		c.callback(key, req)
	}
}

func (c *Client) callback(key string, req Request) {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-c.ctx.Done():
	}
	if _, err := c.send(c.ctx, req, maxCallbackAnswer); err != nil {
		c.log.Warn("callback failed", "key", key, "event", event(req), "error", err)
	}
}

// event names a callback in the log.
func event(req Request) string {
	for _, name := range []string{"StatusCallbackEvent", "RecordingStatus", "CallStatus"} {
		if e := req.Params.Get(name); e != "" {
			return e
		}
	}
	return http.MethodPost
}
