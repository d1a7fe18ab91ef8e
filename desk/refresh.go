package desk

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"warmdesk/call"
	"warmdesk/pace"
)

// refreshEvery is how often a desk asks the store for what it has not saved
// itself: what another desk on the same database saved, and a save of its own
// whose answer was lost.
const refreshEvery = time.Second

// refreshLoop refreshes as long as the desk runs.
func (d *Desk) refreshLoop(ctx context.Context) error {
	return pace.Every(ctx, refreshEvery, d.refresh)
}

// refresh brings what this desk knows to what is stored. From then on it keeps
// the deadlines, offers and fetches back as if it had saved all of it: if the
// other desk dies, nobody is forgotten.
func (d *Desk) refresh(ctx context.Context) {
	stored, err := d.store.LiveVersions(ctx, d.account)
	if err != nil {
		if ctx.Err() == nil {
			d.log.Error("look for changed calls", "err", err)
		}
		return
	}
	for _, id := range d.outdated(stored) {
		if err := d.reload(ctx, id); err != nil && ctx.Err() == nil {
			d.log.Error("load changed call", "call", id, "err", err)
		}
	}
	d.passOn(ctx)
	d.rosterMu.Lock()
	defer d.rosterMu.Unlock()
	d.freshTasks(ctx)
	if d.freshRoster(ctx) {
		d.seen()
	}
	if err := d.freshAfter(ctx); err != nil && ctx.Err() == nil {
		d.log.Error("load what is written on", "err", err)
	}
}

// outdated names the calls of which this desk does not know what is stored.
func (d *Desk) outdated(stored map[call.ID]int64) []call.ID {
	d.mu.Lock()
	defer d.mu.Unlock()
	var ids []call.ID
	for id, version := range stored {
		if d.saves[id] < version {
			ids = append(ids, id)
		}
	}
	for id := range d.live {
		if _, ok := stored[id]; !ok { // ended by another desk, or begun a moment ago
			ids = append(ids, id)
		}
	}
	slices.Sort(ids) // oldest first
	return ids
}

// reload takes a call from the store, while no step of ours changes it.
func (d *Desk) reload(ctx context.Context, id call.ID) error {
	unlock := d.locks.lock(string(id))
	defer unlock()
	c, version, err := d.store.Call(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err == nil {
		d.learn(c, version, d.now())
	}
	return err
}

// learn takes a call as it was loaded, if that is news to this desk.
func (d *Desk) learn(c call.Call, version int64, now time.Time) {
	d.mu.Lock()
	_, known := d.live[c.ID]
	if version <= d.saves[c.ID] || !known && !c.Live() {
		d.mu.Unlock()
		return
	}
	d.remember(c, version)
	if !c.Live() {
		d.ended(c)
	}
	d.learned[c.ID] = c
	d.version++
	d.mu.Unlock()

	d.alarm(&c, now)
	d.again(c.ID) // what has been due by now is no alarm, and who saved it may be gone
	d.feed.Changed()
	d.route()
	d.fetchBack(c, now, false)
}

// passOn tells the agents whose pages are here what the other desk's steps meant
// for them; the timeline knows.
func (d *Desk) passOn(ctx context.Context) {
	d.mu.Lock()
	learned := slices.Collect(maps.Values(d.learned))
	clear(d.learned)
	d.mu.Unlock()
	slices.SortFunc(learned, func(a, b call.Call) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, c := range learned {
		entries, err := d.store.Timeline(ctx, c.ID)
		if err != nil {
			d.log.Error("load news", "call", c.ID, "err", err)
			continue
		}
		now := d.now()
		d.mu.Lock()
		for _, e := range entries {
			if now.Sub(e.At) <= freshTime && !d.told(c.ID, e) {
				c.News = append(c.News, call.News{At: e.At, Kind: e.Kind, Agent: e.Agent, Other: e.Other, Outcome: e.Outcome, Why: e.Why})
			}
		}
		d.tell(c, now)
		d.mu.Unlock()
		d.feed.Changed()
	}
}

// told reports whether somebody has been told of this entry: this desk may have
// saved it itself. The caller holds d.mu.
func (d *Desk) told(id call.ID, e Entry) bool {
	for _, list := range d.notices {
		for _, t := range list {
			if t.Call == id && t.News.Kind == e.Kind && t.News.At.Equal(e.At) {
				return true
			}
		}
	}
	return false
}

// freshTime is how old what another desk has saved may be to be worth telling.
const freshTime = 10 * time.Second

// freshRoster takes the roster as it is stored and reports whether anything was
// new. While the store fails, what is known holds. The caller holds rosterMu.
func (d *Desk) freshRoster(ctx context.Context) (news bool) {
	stored, err := d.store.Agents(ctx)
	if err != nil {
		if ctx.Err() == nil {
			d.log.Error("load roster", "err", err)
		}
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, a := range stored {
		known, ok := d.people[a.ID]
		a.Name, a.Teams, a.Phone = known.Name, known.Teams, known.Phone // the configuration's
		if ok && !known.Same(a) {
			d.people[a.ID], news = a, true
			d.seat(a.ID)
		}
	}
	d.attend()
	return news
}
