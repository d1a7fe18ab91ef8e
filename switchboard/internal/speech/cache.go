package speech

import (
	"container/list"
	"context"
	"sync"

	"warmdesk/switchboard/internal/audio"
)

// cache keeps the clips asked for lately, within a bound of bytes, and sees that
// a clip wanted by several at once is made by one of them.
type cache struct {
	limit int

	mu      sync.Mutex
	bytes   int
	recent  *list.List               // of *entry, the last asked for in front
	entries map[string]*list.Element // by key
	making  map[string]chan struct{} // by key; closed when whoever makes the clip is done
}

type entry struct {
	key  string
	clip audio.Clip
}

// overhead is what an entry costs beside its samples, roughly.
const overhead = 256

func (e *entry) size() int { return overhead + 2*len(e.clip.Samples) }

func newCache(limit int) *cache {
	return &cache{
		limit:   limit,
		recent:  list.New(),
		entries: make(map[string]*list.Element),
		making:  make(map[string]chan struct{}),
	}
}

// get returns the clip of key, calling make when there is none. While one caller
// makes it, others wait; should that one fail, each of them tries for itself,
// because the failure may be the first one's own (its caller hung up).
func (c *cache) get(ctx context.Context, key string, make func() (audio.Clip, error)) (audio.Clip, error) {
	for {
		clip, ok, wait := c.find(key)
		if ok {
			return clip, nil
		}
		if wait == nil {
			return c.fill(key, make)
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return audio.Clip{}, context.Cause(ctx)
		}
	}
}

// find returns the clip of key, or what to wait for, or neither: then the caller
// has to fill it.
func (c *cache) find(key string) (clip audio.Clip, ok bool, wait <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries[key]; ok {
		c.recent.MoveToFront(e)
		return e.Value.(*entry).clip, true, nil
	}
	if making, ok := c.making[key]; ok {
		return audio.Clip{}, false, making
	}
	c.making[key] = make(chan struct{})
	return audio.Clip{}, false, nil
}

func (c *cache) fill(key string, make func() (audio.Clip, error)) (clip audio.Clip, err error) {
	made := false
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if made && err == nil {
			c.add(&entry{key, clip})
		}
		close(c.making[key])
		delete(c.making, key)
	}()
	clip, err = make()
	made = true
	return clip, err
}

// add keeps e and drops what was not asked for longest; mu is held.
func (c *cache) add(e *entry) {
	if e.size() > c.limit {
		return
	}
	c.entries[e.key] = c.recent.PushFront(e)
	c.bytes += e.size()
	for c.bytes > c.limit {
		last := c.recent.Remove(c.recent.Back()).(*entry)
		delete(c.entries, last.key)
		c.bytes -= last.size()
	}
}
