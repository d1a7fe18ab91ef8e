package webhook

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"warmdesk/switchboard/internal/audio"
)

// Limits of sound files.
const (
	maxFile  = 16 << 20       // bytes of one download, and of what it decodes to
	maxCache = 64 << 20       // bytes of samples kept for the next listener
	maxFresh = 24 * time.Hour // whatever Cache-Control says
)

// clips keeps decoded sound files: one download serves all who ask meanwhile,
// and later ones as long as Cache-Control allows or the server confirms the
// ETag. A copy that can not be confirmed because the server is down is still
// used: music goes on.
type clips struct {
	download func(ctx context.Context, url string, old *clip) (*clip, error)

	mu      sync.Mutex
	kept    map[string]*clip
	pending map[string]*pending
	bytes   int64
}

// clip is one file. It does not change once it is in the map, but for used.
type clip struct {
	audio                audio.Clip
	etag, modified       string
	fresh                time.Time // until when it need not be confirmed
	noStore, mustConfirm bool
	used                 time.Time
}

func (c *clip) size() int64 { return int64(len(c.audio.Samples)) * 2 }

// pending is a download under way.
type pending struct {
	done chan struct{} // closed when clip and err are set
	clip *clip
	err  error
}

func newClips(download func(context.Context, string, *clip) (*clip, error)) *clips {
	return &clips{download: download, kept: map[string]*clip{}, pending: map[string]*pending{}}
}

// Clip returns the sound file at url, decoded.
func (c *Client) Clip(ctx context.Context, url string) (audio.Clip, error) {
	p, hit := c.clips.ask(url, c.fetchClip)
	if hit != nil {
		return hit.audio, nil
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		return audio.Clip{}, context.Cause(ctx)
	}
	if p.err != nil {
		return audio.Clip{}, p.err
	}
	return p.clip.audio, nil
}

// fetchClip starts a download whose life is the client's, not that of the call
// that happened to ask first.
func (c *Client) fetchClip(url string, old *clip, p *pending) {
	if !c.begin() {
		p.err = context.Canceled
		c.clips.finish(url, p)
		return
	}
	go func() {
		defer c.work.Done()
		p.clip, p.err = c.clips.download(c.ctx, url, old)
		if p.err != nil && old != nil && !old.mustConfirm {
			c.log.Warn("sound file not confirmed, the copy is used", "url", url, "error", p.err)
			p.clip, p.err = old, nil
		}
		c.clips.finish(url, p)
	}()
}

// ask returns a fresh copy, or the download to wait for.
func (s *clips) ask(url string, fetch func(string, *clip, *pending)) (*pending, *clip) {
	s.mu.Lock()
	old := s.kept[url]
	if old != nil {
		old.used = time.Now()
		if time.Now().Before(old.fresh) {
			s.mu.Unlock()
			return nil, old
		}
	}
	if p := s.pending[url]; p != nil {
		s.mu.Unlock()
		return p, nil
	}
	p := &pending{done: make(chan struct{})}
	s.pending[url] = p
	s.mu.Unlock()
	fetch(url, old, p)
	return p, nil
}

// finish keeps the result and wakes those who wait for it.
func (s *clips) finish(url string, p *pending) {
	s.mu.Lock()
	delete(s.pending, url)
	if p.err == nil && !p.clip.noStore {
		s.keep(url, p.clip)
	}
	s.mu.Unlock()
	close(p.done)
}

// keep stores a clip and lets go of the least recently used. s.mu is held.
func (s *clips) keep(url string, c *clip) {
	if old := s.kept[url]; old != nil {
		s.bytes -= old.size()
	}
	c.used = time.Now()
	s.kept[url] = c
	s.bytes += c.size()
	for s.bytes > maxCache && len(s.kept) > 1 {
		var oldest string
		for u, k := range s.kept {
			if u != url && (oldest == "" || k.used.Before(s.kept[oldest].used)) {
				oldest = u
			}
		}
		s.bytes -= s.kept[oldest].size()
		delete(s.kept, oldest)
	}
}

// download fetches and decodes one file, or confirms the old copy.
func (c *Client) download(ctx context.Context, url string, old *clip) (*clip, error) {
	ctx, cancel := context.WithTimeout(ctx, TotalTimeout)
	defer cancel()
	header := http.Header{}
	if old != nil && old.etag != "" {
		header.Set("If-None-Match", old.etag)
	}
	if old != nil && old.modified != "" {
		header.Set("If-Modified-Since", old.modified)
	}
	res, err := c.once(ctx, Request{URL: url, Method: http.MethodGet}, maxFile, header)
	if err != nil {
		return nil, err
	}
	next := &clip{etag: res.header.Get("ETag"), modified: res.header.Get("Last-Modified")}
	next.obey(res.header.Get("Cache-Control"), time.Now())
	switch {
	case res.status == http.StatusNotModified && old != nil:
		next.audio = old.audio
		if next.etag == "" {
			next.etag = old.etag
		}
		return next, nil
	case res.status < 200 || res.status > 299:
		return nil, &Error{CodeHTTP, url, fmt.Errorf("HTTP status %d", res.status)}
	case res.cut:
		return nil, &Error{CodeHTTP, url, fmt.Errorf("longer than %d bytes", maxFile)}
	}
	next.audio, err = audio.Decode(res.contentType, bytes.NewReader(res.body), maxFile)
	if err != nil {
		return nil, &Error{CodeContentType, url, err}
	}
	return next, nil
}

// obey reads a Cache-Control header.
func (c *clip) obey(header string, now time.Time) {
	for word := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(word), "=")
		switch strings.ToLower(name) {
		case "no-store":
			c.noStore = true
		case "must-revalidate":
			c.mustConfirm = true
		case "no-cache":
			c.fresh = time.Time{}
			return
		case "max-age":
			if s, err := strconv.Atoi(value); err == nil && s > 0 {
				c.fresh = now.Add(min(time.Duration(min(s, int(maxFresh/time.Second)))*time.Second, maxFresh))
			}
		}
	}
}
