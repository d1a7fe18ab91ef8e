package edge

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate is how often something may be done: Burst at once, and one more after
// every Every.
type Rate struct {
	Burst int
	Every time.Duration
}

// mostKeys is how many keys a Rates remembers in each of its two halves; one is
// about 200 bytes.
const mostKeys = 10_000

// Rates is a Rate for each key. What it remembers is bounded: when a half is
// full, the half not used for longest is forgotten, whose keys begin afresh.
type Rates struct {
	rate Rate

	mu         sync.Mutex
	young, old map[string]*rate.Limiter
}

// NewRates limits each key to r.
func NewRates(r Rate) *Rates { return &Rates{rate: r, young: map[string]*rate.Limiter{}} }

// Take takes one turn of key's. A positive answer says that there is none, and
// how long until there is one; asking in vain costs nothing.
func (r *Rates) Take(key string) time.Duration { return r.take(key, time.Now()) }

func (r *Rates) take(key string, now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	reserved := r.limiter(key).ReserveN(now, 1)
	wait := reserved.DelayFrom(now)
	if wait > 0 {
		reserved.CancelAt(now)
	}
	return wait
}

// limiter is the key's own. r.mu is held.
func (r *Rates) limiter(key string) *rate.Limiter {
	l := r.young[key]
	if l != nil {
		return l
	}
	if l = r.old[key]; l == nil {
		l = rate.NewLimiter(rate.Every(r.rate.Every), r.rate.Burst)
	}
	if len(r.young) >= mostKeys {
		r.young, r.old = map[string]*rate.Limiter{}, r.young
	}
	r.young[key] = l
	return l
}

// Address takes one turn of the client's address. Requests made on this very
// computer are not limited: there they would all have one address.
func (r *Rates) Address(req *http.Request) time.Duration {
	if Own(req) {
		return 0
	}
	return r.Take(Key(req))
}

// RetryAfter is the header for a wait, in whole seconds.
func RetryAfter(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
}

// Counts is how many of something there are for each key, at most Most.
type Counts struct {
	most int

	mu    sync.Mutex
	count map[string]int
}

// NewCounts lets each key have most at a time.
func NewCounts(most int) *Counts { return &Counts{most: most, count: map[string]int{}} }

// Enter counts one more of key's and returns how to count it out again; false:
// there are too many.
func (c *Counts) Enter(key string) (leave func(), ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count[key] >= c.most {
		return nil, false
	}
	c.count[key]++
	var once sync.Once
	return func() { once.Do(func() { c.leave(key) }) }, true
}

func (c *Counts) leave(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count[key]--; c.count[key] == 0 {
		delete(c.count, key)
	}
}
