package desk

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"warmdesk/call"
)

// A customer whose arrival nobody could record hears music, and is taken up by
// what the carrier tells next. Where that is lost, too, the carrier's list of
// calls knows of them: it is asked soon after the start, every minute, and soon after an
// arrival that could not be saved.

// seekFirst is how long after the start the carrier is asked first: who heard the
// number's fallback document meanwhile asks by themselves, every few seconds, and
// tells the page's key, which the list does not.
const seekFirst = 6 * time.Second

// seekAgain is how long a carrier that would not list its calls is left alone.
const seekAgain = 10 * time.Second

// seekSoon has the carrier asked as soon as the store has had a moment.
func (d *Desk) seekSoon() {
	at := d.now().Add(againTime)
	d.mu.Lock()
	if at.Before(d.seekAt) {
		d.seekAt = at
	}
	d.mu.Unlock()
	signal(d.rewake)
}

// keepArrival keeps what an arrival told that could not be saved, until it can be:
// the carrier's list does not tell it, and the page's key is in it.
func (d *Desk) keepArrival(e call.Arrived, failed error) {
	d.mu.Lock()
	if failed == nil {
		delete(d.unsaved, e.SID)
	} else {
		d.unsaved[e.SID] = e
	}
	d.mu.Unlock()
	if failed != nil {
		d.seekSoon()
	}
}

// unsavedArrival adds to an arrival what an earlier one of the same leg has told.
func (d *Desk) unsavedArrival(e call.Arrived) call.Arrived {
	d.mu.Lock()
	defer d.mu.Unlock()
	if kept, ok := d.unsaved[e.SID]; ok {
		e.Return, e.Name, e.Team = cmp.Or(e.Return, kept.Return), cmp.Or(e.Name, kept.Name), cmp.Or(e.Team, kept.Team)
		e.Dialled, e.Language = kept.Dialled, kept.Language
	}
	return e
}

// unsavedLegs are the legs of which something is kept.
func (d *Desk) unsavedLegs() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Collect(maps.Keys(d.unsaved))
}

// forgetArrivals drops what was kept of legs that the carrier has no more.
func (d *Desk) forgetArrivals(kept []string, there []call.Arrived) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, sid := range kept {
		if !slices.ContainsFunc(there, func(e call.Arrived) bool { return e.SID == sid }) {
			delete(d.unsaved, sid)
		}
	}
}

// seekDue asks the carrier when it is time to, and tells when it will be next.
func (d *Desk) seekDue(now time.Time) (due bool, next time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if now.Before(d.seekAt) {
		return false, d.seekAt
	}
	d.seekAt = now.Add(lookEvery)
	d.work.add(d.seek)
	return true, d.seekAt
}

// seek takes up the customers that the carrier has and nobody here knows. Arrive
// makes one call of a leg, whoever else takes it up at the same moment.
func (d *Desk) seek(ctx context.Context) {
	kept := d.unsavedLegs()
	list, err := d.phone.Strangers(ctx, func(sid string) bool { return d.recorded(ctx, sid) })
	if err == nil {
		d.forgetArrivals(kept, list)
		for _, e := range list {
			d.log.Warn("customer taken up from the carrier's list", "call_sid", e.SID)
			_, arrived := d.Arrive(ctx, e, nil)
			err = errors.Join(err, arrived)
		}
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	d.log.Error("ask for unknown customers", "err", err)
	d.mu.Lock()
	d.seekAt = d.now().Add(seekAgain)
	d.mu.Unlock()
	signal(d.rewake)
}

// recorded reports whether a leg is in a call of ours, over or not. While the
// store cannot tell, it counts as if.
func (d *Desk) recorded(ctx context.Context, sid string) bool {
	if _, ok := d.knownSID(sid); ok {
		return true
	}
	_, err := d.store.FindCall(ctx, d.account, sid)
	return !errors.Is(err, ErrNotFound)
}
