package phone

import (
	"net/url"
	"slices"
	"sync"
	"time"
)

// mostRecent is how many webhooks are remembered.
const mostRecent = 50

// Seen is a genuine webhook: what it said, without credentials, and how it was answered.
type Seen struct {
	At     time.Time
	Path   string
	Status int
	Form   url.Values
}

// Recent are the last webhooks, in memory only, for whoever looks for why something
// happened. Its methods may be called from many goroutines.
type Recent struct {
	mu   sync.Mutex
	list []Seen // oldest first
}

// List is what is remembered, newest first.
func (r *Recent) List() []Seen {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := slices.Clone(r.list)
	slices.Reverse(list)
	return list
}

// Forget drops all of them: who is erased is not to be found here either.
func (r *Recent) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = nil
}

func (r *Recent) add(s Seen) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.list) == mostRecent {
		r.list = slices.Delete(r.list, 0, 1)
	}
	r.list = append(r.list, s)
}
