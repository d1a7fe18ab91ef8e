package console

import (
	"sync"
	"time"
)

// onceTable remembers idempotency keys, so that a request sent twice by a page
// that heard no answer is done once.
type onceTable struct {
	mu   sync.Mutex
	seen map[string]time.Time
}

// onceTime is how long a key is remembered.
const onceTime = 10 * time.Minute

// onceMost bounds the table; beyond it the oldest keys are swept early.
const onceMost = 10_000

func newOnceTable() *onceTable { return &onceTable{seen: map[string]time.Time{}} }

// first reports whether the key is new, and remembers it.
func (t *onceTable) first(key string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	if at, ok := t.seen[key]; ok && now.Sub(at) < onceTime {
		return false
	}
	if len(t.seen) >= onceMost {
		for k, at := range t.seen {
			if now.Sub(at) >= onceTime/2 {
				delete(t.seen, k)
			}
		}
	}
	t.seen[key] = now
	return true
}

func (t *onceTable) forget(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.seen, key)
}
