package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"warmdesk/agent"
	"warmdesk/call"
)

// Arrive takes a customer's leg: it creates the call, or returns the one that
// has the leg already, or that the customer comes back into. e.Call,
// e.Recovery, e.Announcement and e.Limits are filled in here.
func (d *Desk) Arrive(ctx context.Context, e call.Arrived, raw url.Values) (call.Call, error) {
	unlock := d.locks.lock(e.SID)
	defer unlock()
	e = d.unsavedArrival(e)
	c, err := d.arrive(ctx, e, raw)
	d.keepArrival(e, err)
	return c, err
}

func (d *Desk) arrive(ctx context.Context, e call.Arrived, raw url.Values) (call.Call, error) {
	switch id, ok := d.knownSID(e.SID); {
	case ok && e.Returning:
		return d.Call(ctx, id)
	case ok: // asked once more: whatever it was told before, it is in no room
		return d.Fact(ctx, id, call.AskedAgain{SID: e.SID}, raw)
	}
	if c, err := d.comeBack(ctx, e, raw); err != nil || c.ID != "" {
		return c, err
	}
	e.Recent = d.recent(ctx, e)
	d.mu.Lock()
	e.Call, e.Recovery, e.Team, e.Announcement, e.Limits = newID(), d.recovery, d.known(e.Team), d.rules.Announcements[e.Language], d.rules.Limits
	d.mu.Unlock()
	now := d.now()
	for try := 1; ; try++ {
		c, err := d.commit(ctx, Versioned{}, call.Create(e, now), raw, now)
		if !errors.Is(err, ErrConflict) {
			return c, err
		}
		// The leg is in another call: one that is over, or that another desk made.
		id, err := d.store.FindCall(ctx, e.Account, e.SID)
		if err == nil {
			return d.Call(ctx, id)
		}
		// Or in none: then the conflict has passed, and nobody knows the customer yet.
		if !errors.Is(err, ErrNotFound) || try == tries {
			return call.Call{}, fmt.Errorf("find call of leg %s: %w", e.SID, err)
		}
	}
}

// knownSID finds a live call by a leg's carrier id.
func (d *Desk) knownSID(sid string) (call.ID, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	id, ok := d.sids[sid]
	return id, ok
}

// Fact applies what the carrier or the clock says. It is never refused;
// ErrNotFound when there is no such call.
func (d *Desk) Fact(ctx context.Context, id call.ID, e call.Event, raw url.Values) (call.Call, error) {
	return d.apply(ctx, id, e, raw)
}

// Resolve names the call that ref means: our id, or any of the customer's
// CallSids. ErrNotFound.
func (d *Desk) Resolve(ctx context.Context, account, ref string) (call.ID, error) {
	if _, err := ulid.ParseStrict(ref); err == nil {
		return call.ID(ref), nil
	}
	if id, ok := d.knownSID(ref); ok && account == d.account {
		return id, nil
	}
	return d.store.FindCall(ctx, account, ref)
}

// Call tells how a call stands, for documents and drawing: as it is stored, or as
// this desk last knew it while the store fails. ErrNotFound.
func (d *Desk) Call(ctx context.Context, id call.ID) (call.Call, error) {
	c, _, err := d.store.Call(ctx, id)
	if err == nil {
		return c, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if known := d.live[id]; known != nil && !errors.Is(err, ErrNotFound) {
		return *known, nil
	}
	return call.Call{}, err
}

// Timeline tells what happened in a call, in order.
func (d *Desk) Timeline(ctx context.Context, id call.ID) ([]Entry, error) {
	return d.store.Timeline(ctx, id)
}

// tries is how often a step is taken again when somebody else's came between.
const tries = 8

// apply takes one step: load, Step, Plan, save, carry out. Whoever loses a race
// loads again.
func (d *Desk) apply(ctx context.Context, id call.ID, e call.Event, raw url.Values) (call.Call, error) {
	unlock := d.locks.lock(string(id))
	defer unlock()
	for try := 1; ; try++ {
		c, version, err := d.store.Call(ctx, id)
		if err != nil {
			return call.Call{}, fmt.Errorf("load call %s: %w", id, err)
		}
		now := d.now()
		d.learn(c, version, now)
		next, err := call.Step(c, e, now)
		if err != nil {
			return c, err
		}
		if len(next.News) == 0 && len(call.Plan(next, now)) == 0 && same(c, next) {
			d.alarm(&next, now)
			return next, nil
		}
		next, err = d.commit(ctx, Versioned{c, version}, next, raw, now)
		if errors.Is(err, ErrConflict) && try < tries {
			continue
		}
		return next, err
	}
}

// same reports whether a step changed nothing: a repeated fact is not saved. What
// changes most is compared first, without reflection.
func same(a, b call.Call) bool {
	if !slices.Equal(a.Legs, b.Legs) || !slices.Equal(a.Doing, b.Doing) {
		return false
	}
	a.Legs, a.Doing, a.News = nil, nil, nil
	b.Legs, b.Doing, b.News = nil, nil, nil
	return reflect.DeepEqual(a, b)
}

// commit saves a step with its actions, and only then lets them begin: nothing
// is spoken before it is saved. was is the call as loaded.
func (d *Desk) commit(ctx context.Context, was Versioned, c call.Call, raw url.Values, now time.Time) (call.Call, error) {
	actions := call.Plan(c, now)
	c = d.onPages(call.Begin(c, actions, now), actions, now)
	save := Save{Call: c, Version: was.Version, Was: was.Call, Claims: call.Claims(c), Entries: entries(c.News, raw)}
	save.Recordings = recordingsOf(&c)
	if concerned := d.happenings(was.Call, c); len(concerned) > 0 || wishes(&c) {
		d.rosterMu.Lock()
		defer d.rosterMu.Unlock()
		d.freshRoster(ctx)
		save.Agents = d.rosterChanges(concerned, now)
		save.Tasks = d.tasksOf(&c, now)
	}
	if err := d.addEvents(ctx, &save); err != nil {
		return c, err
	}
	err := d.store.SaveCall(ctx, save)
	if err != nil {
		return c, fmt.Errorf("save call %s: %w", c.ID, err)
	}
	d.saved(&save, now)
	if len(save.Events) > 0 {
		d.outbox.Written()
	}
	for _, a := range actions {
		d.work.add(func(ctx context.Context) { d.carry(ctx, c, a) })
	}
	return c, nil
}

// saved makes a committed step visible and follows up on it.
func (d *Desk) saved(s *Save, now time.Time) {
	c := s.Call
	d.mu.Lock()
	d.remember(c, s.Version+1)
	for _, a := range s.Agents {
		d.people[a.ID] = a
		d.seat(a.ID)
	}
	if !c.Live() {
		d.ended(c)
	}
	d.attend()
	for _, t := range s.Tasks {
		d.tasks[t.ID] = t
	}
	d.tell(c, now)
	d.version++
	d.mu.Unlock()

	for _, n := range c.News {
		if n.Kind == call.NewsNoted || n.Kind == call.NewsTopic {
			n.Why = "" // what is written of people is kept with the call, and erased there
		}
		d.log.Info(string(n.Kind), "call", c.ID, "agent", n.Agent, "other", n.Other, "outcome", n.Outcome, "why", n.Why)
	}
	d.alarm(&c, now)
	if len(s.Agents) > 0 {
		signal(d.rewake) // somebody's time after a call may have begun
	}
	d.feed.Changed()
	d.route() // a caller waits, or somebody became free
	d.fetchBack(c, now, false)
}

// remember keeps what was saved of a call, for routing and drawing. The caller
// holds d.mu, or is New.
func (d *Desk) remember(c call.Call, version int64) {
	d.claim(c)
	d.queue(&c)
	delete(d.seekers, c.ID)
	if c.Seeks() {
		d.seekers[c.ID] = &c
	}
	for _, l := range c.Legs {
		if l.SID == "" {
			continue
		}
		d.sids[l.SID] = c.ID
		if !c.Live() {
			delete(d.sids, l.SID)
		}
	}
	if c.Return != "" && c.Live() && c.Stage != call.Ending {
		d.returns[c.Return] = c.ID
	} else if d.returns[c.Return] == c.ID {
		delete(d.returns, c.Return)
	}
	if !c.Live() {
		delete(d.live, c.ID)
		delete(d.saves, c.ID)
		d.wakes.set(c.ID, time.Time{})
		return
	}
	d.live[c.ID], d.saves[c.ID] = &c, version
}

// claim notes whom a call takes, and whom it no longer does. The caller holds
// d.mu.
func (d *Desk) claim(c call.Call) {
	var before []call.Claim
	if old := d.live[c.ID]; old != nil {
		before = call.Claims(*old)
	}
	now := call.Claims(c)
	for _, old := range before {
		if d.claims[old.Agent] == c.ID {
			delete(d.claims, old.Agent)
		}
	}
	for _, claim := range now {
		d.claims[claim.Agent] = c.ID
	}
	for _, changed := range append(before, now...) {
		d.seat(changed.Agent)
	}
}

func entries(news []call.News, raw url.Values) []Entry {
	list := make([]Entry, len(news))
	for i, n := range news {
		list[i] = Entry{At: n.At, Kind: n.Kind, Agent: n.Agent, Other: n.Other, Outcome: n.Outcome, Why: n.Why, Raw: raw}
	}
	return list
}

// happening is something a step means for one of the roster.
type happening struct {
	agent agent.ID
	event agent.Event
}

// happenings is what a step means for the people concerned: what its news says
// of a ring, and that whoever was with the customer and is no longer is idle
// from now on.
func (d *Desk) happenings(before, c call.Call) []happening {
	var list []happening
	for _, n := range c.News {
		switch n.Kind {
		case call.NewsMissed:
			list = append(list, happening{n.Agent, agent.RingMissed{}})
		case call.NewsNotReached:
			list = append(list, happening{n.Agent, agent.Unreachable{}})
		}
	}
	wrapUp := func(id agent.ID) time.Duration {
		d.mu.Lock()
		defer d.mu.Unlock()
		supervised, _ := call.WatchOf(before, id)
		if _, open := d.pages[id]; supervised != nil || c.TalkedAt.IsZero() || !open && !d.elsewhere(id, d.now()) {
			return 0
		}
		return d.rules.WrapUp
	}
	still := call.Claims(c)
	for _, was := range call.Claims(before) {
		if was.Kind == call.ClaimLive && !slices.ContainsFunc(still, func(s call.Claim) bool { return s.Agent == was.Agent }) {
			list = append(list, happening{was.Agent, agent.CallOver{WrapUp: wrapUp(was.Agent), Call: string(c.ID)}})
		}
	}
	return list
}

// rosterChanges steps the agents concerned. The caller holds rosterMu.
func (d *Desk) rosterChanges(list []happening, now time.Time) []agent.Agent {
	d.mu.Lock()
	defer d.mu.Unlock()
	changed := map[agent.ID]agent.Agent{}
	for _, h := range list {
		a, ok := changed[h.agent]
		if !ok {
			if a, ok = d.people[h.agent]; !ok {
				continue
			}
		}
		if next, err := agent.Step(a, h.event, now); err == nil {
			changed[h.agent] = next
		}
	}
	return slices.Collect(maps.Values(changed))
}

// carry does one action at the carrier and brings its result home.
func (d *Desk) carry(ctx context.Context, c call.Call, a call.Action) {
	r, forbidden := d.forbids(&c, a)
	if !forbidden {
		r = d.phone.Carry(ctx, c, a)
	}
	if ctx.Err() != nil {
		return // stopping: the lease runs out and the carrier is looked at then
	}
	if r.Verdict != call.Done && r.Why != "" {
		d.log.Warn("carrier", "call", c.ID, "action", a.Key, "attempt", a.Attempt, "verdict", r.Verdict, "why", r.Why)
	}
	_, err := d.Fact(ctx, c.ID, r, nil)
	for errors.Is(err, ErrConflict) && r.Kind == call.Find && r.SID != "" {
		// It is another call's, which rings the same number: the next one is ours, or
		// none is.
		r.SID = ""
		if len(r.Others) > 0 {
			r.SID, r.Others = r.Others[0], r.Others[1:]
		}
		_, err = d.Fact(ctx, c.ID, r, nil)
	}
	if err != nil && ctx.Err() == nil {
		d.log.Error("save result", "call", c.ID, "action", a.Key, "err", err)
	}
}
