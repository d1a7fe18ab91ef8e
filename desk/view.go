package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// View is what the desk knows at one moment, for everybody alike: pages are
// drawn from it.
type View struct {
	At      time.Time
	Version int64 // rises with every change
	Calls   []call.Call
	Roster  []agent.Entry
	notices map[agent.ID][]Told
}

// Told is something an agent should know once: a call they were in is over, a
// colleague has the customer.
type Told struct {
	ID   string
	Call call.ID
	News call.News
	Name string // the customer's
	At   time.Time
	// Talked is how long the conversation lasted; zero when there was none.
	Talked time.Duration
}

// noticesKept per agent; older ones are dropped.
const noticesKept = 5

// View copies the present state.
func (d *Desk) View() View {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	v := View{
		At: now, Version: d.version, notices: make(map[agent.ID][]Told, len(d.notices)),
		Calls: make([]call.Call, 0, len(d.live)), Roster: make([]agent.Entry, 0, len(d.people)),
	}
	for _, c := range d.live {
		v.Calls = append(v.Calls, c)
	}
	slices.SortFunc(v.Calls, func(a, b call.Call) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, a := range d.people {
		v.Roster = append(v.Roster, d.entry(a, now))
	}
	slices.SortFunc(v.Roster, func(a, b agent.Entry) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for id, list := range d.notices {
		v.notices[id] = slices.Clone(list)
	}
	return v
}

// entry is an agent as others see them. The caller holds d.mu.
func (d *Desk) entry(a agent.Agent, now time.Time) agent.Entry {
	return agent.Entry{Agent: a, Reachable: d.reachable(a, now), Claimed: d.claims[a.ID] != ""}
}

// mayOffer spares the waiting line a look while nobody waits, or nobody could be
// offered a call.
func (d *Desk) mayOffer() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.anybodyWaits() {
		return false
	}
	now := d.now()
	for _, a := range d.people {
		if d.entry(a, now).Free() {
			return true
		}
	}
	return false
}

// anybodyWaits: the caller holds d.mu.
func (d *Desk) anybodyWaits() bool {
	for _, c := range d.live {
		if c.Stage == call.Queued {
			return true
		}
	}
	return false
}

// Waiting is the line as routing takes it.
func (v View) Waiting() []agent.Waiting {
	var line []agent.Waiting
	for _, c := range v.Calls {
		if c.Stage != call.Queued {
			continue
		}
		w := agent.Waiting{Call: string(c.ID), Since: c.WaitingAt, Returned: c.Returned != "", NotBefore: c.NotBefore}
		for _, p := range c.Passes {
			if v.At.Before(p.Until) {
				w.Not = append(w.Not, p.Agent)
			}
		}
		line = append(line, w)
	}
	slices.SortStableFunc(line, agent.Ahead)
	return line
}

// Call finds a live call.
func (v View) Call(id call.ID) (call.Call, bool) {
	for _, c := range v.Calls {
		if c.ID == id {
			return c, true
		}
	}
	return call.Call{}, false
}

// Agent finds one of the roster.
func (v View) Agent(id agent.ID) (agent.Entry, bool) {
	for _, e := range v.Roster {
		if e.ID == id {
			return e, true
		}
	}
	return agent.Entry{}, false
}

// Name is an agent's name, or the id where the roster has none.
func (v View) Name(id agent.ID) string {
	if e, ok := v.Agent(id); ok && e.Name != "" {
		return e.Name
	}
	return string(id)
}

// Told lists what an agent should know, newest last.
func (v View) Told(id agent.ID) []Told { return v.notices[id] }

// tell keeps the news that somebody who is no longer on the call should see.
// The caller holds d.mu.
func (d *Desk) tell(c call.Call, now time.Time) {
	for _, n := range c.News {
		var to []agent.ID
		switch n.Kind {
		case call.NewsHandedOver, call.NewsTookOver, call.NewsNotTaken:
			to = []agent.ID{n.Other}
		case call.NewsCallerLeft:
			to = []agent.ID{c.Owner, c.Target}
		case call.NewsMissed, call.NewsNotReached, call.NewsRemoved, call.NewsReturned, call.NewsCancelled,
			call.NewsReminded, call.NewsNeedsHelp:
			to = []agent.ID{n.Agent}
		default:
			continue
		}
		for _, id := range to {
			if id == "" {
				continue
			}
			t := Told{ID: newKey()[:8], Call: c.ID, News: n, Name: c.CustomerName(), At: now}
			if !c.TalkedAt.IsZero() {
				t.Talked = now.Sub(c.TalkedAt)
			}
			d.notices[id] = append(d.notices[id], t)
			if list := d.notices[id]; len(list) > noticesKept {
				d.notices[id] = list[len(list)-noticesKept:]
			}
		}
	}
}

// Request is what an agent asks of a call.
type Request struct {
	Call   call.ID
	Kind   call.RequestKind
	By, To agent.ID
	Reason string
}

// Request applies an agent's request. *call.RefusedError tells why not;
// ErrNotFound when there is no such call.
func (d *Desk) Request(ctx context.Context, r Request) (call.Call, error) {
	v := d.View()
	free := func(id agent.ID) bool {
		e, ok := v.Agent(id)
		if c, live := v.Call(r.Call); live && c.Former == id {
			e.Claimed = false // by this very call
		}
		return ok && e.Free()
	}
	ask := call.Request{Kind: r.Kind, By: r.By, To: r.To, Reason: r.Reason}
	switch r.Kind {
	case call.Answer:
		e, ok := v.Agent(r.By)
		ask.Free = ok && e.Reachable && !e.Claimed
	case call.Invite, call.Consult, call.Send:
		ask.Free = free(r.To)
	case call.TakeBack:
		ask.Key = newKey()
	}
	if r.Kind == call.Finish {
		if ok, err := d.finishWrapUp(ctx, r.By, r.Call); ok || err != nil {
			return call.Call{}, err
		}
	}
	c, err := d.apply(ctx, r.Call, ask, nil)
	if errors.Is(err, ErrConflict) {
		return c, &call.RefusedError{Code: call.NotFree, Message: "Somebody was faster. Nothing has changed."}
	}
	return c, err
}
