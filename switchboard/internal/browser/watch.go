package browser

import (
	"context"
	"fmt"
	"maps"
	"time"
)

const (
	// watchTime is how often legs are looked at.
	watchTime = 250 * time.Millisecond
	// asleepLimit is from which gap between two looks on we were not running
	// ourselves: a closed laptop, a stopped process. Nobody can be blamed for
	// not having been heard then.
	asleepLimit = 2 * time.Second
	// endedTime is how long the end of a leg is remembered for a browser that
	// was away; the SDK comes back within 20 s.
	endedTime = time.Minute
)

// watch looks at the legs until ctx ends.
func (g *Gateway) watch(ctx context.Context) {
	ticker := time.NewTicker(watchTime)
	defer ticker.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			now := time.Now()
			g.look(now, now.Round(0).Sub(last.Round(0)) > asleepLimit)
			last = now
		}
	}
}

// look ends the legs that are lost and tells browsers whose token has expired.
func (g *Gateway) look(now time.Time, asleep bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for l := range maps.Clone(g.legs) {
		switch {
		case l.state == legTaken && asleep:
			l.due = now.Add(g.config.MediaTimeout)
		case l.state == legTaken && now.After(l.due):
			why := "no media path: " + l.forks[0].media.trouble()
			g.log.Warn("media failed", "call", l.sid, "identity", l.identity.Name, "why", why)
			l.end(codeTimeout, why)
			g.events.add(l, func(h Handler) { h.MediaFailed(l, why) })
		case l.state == legOpen:
			g.lookOpen(l, now, asleep)
		}
	}
	for s := range g.sessions {
		if s.identity.Name != "" && !s.expired && !s.identity.valid() {
			s.expired, s.registered = true, false
			s.fail(codeTokenExpired, "access token expired")
			s.send(encode("offline", nil)) // with it the SDK registers again by itself after updateToken
		}
	}
	maps.DeleteFunc(g.ended, func(_ string, e ending) bool { return now.Sub(e.at) > endedTime })
}

func (g *Gateway) lookOpen(l *Leg, now time.Time, asleep bool) {
	if heard := l.forks[0].media.heard(); heard.After(l.heard) {
		l.heard = heard
	}
	if asleep {
		l.heard = now
	}
	limit := g.config.LostCallee
	if l.placed {
		limit = g.config.LostCaller
	}
	if now.Sub(l.heard) <= limit {
		return
	}
	why := fmt.Sprintf("nothing heard for %s", limit)
	g.log.Warn("leg lost", "call", l.sid, "identity", l.identity.Name, "why", why)
	l.end(codeTimeout, "connection lost")
	g.events.add(l, func(h Handler) { h.Lost(l, why) })
}
