package agent

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Waiting is a customer in the queue.
type Waiting struct {
	Call     string
	Since    time.Time
	Returned bool // came back from a conversation: ahead of everyone new
	// Team is whom they wait for; empty: anybody.
	Team string
	// Widened: they have waited for the team for so long that anybody free may
	// have them. A free member of the team is still asked first.
	Widened bool
	// NotBefore holds the call back after the carrier refused to dial.
	NotBefore time.Time
	// Passes are the agents not to be asked for now.
	Passes []Pass
}

// Pass is an agent who is not to be offered a call before Until, because they
// passed on it or could not be rung for it.
type Pass struct {
	Agent ID
	Until time.Time
}

// passed reports whether an agent is not to be asked now.
func (w *Waiting) passed(id ID, now time.Time) bool {
	return slices.ContainsFunc(w.Passes, func(p Pass) bool { return p.Agent == id && now.Before(p.Until) })
}

// ahead orders the waiting line: negative when a is served before b.
func ahead(a, b *Waiting) int {
	if a.Returned != b.Returned {
		if a.Returned {
			return -1
		}
		return 1
	}
	if order := a.Since.Compare(b.Since); order != 0 {
		return order
	}
	return strings.Compare(a.Call, b.Call)
}

// Idle is somebody who may be rung until Until, unless they are heard of again:
// a page that does not answer is not asked for long.
type Idle struct {
	ID    ID
	Since time.Time // idle since: the longest first
	Teams []string
	Until time.Time
}

func longest(a, b *Idle) int {
	if order := a.Since.Compare(b.Since); order != 0 {
		return order
	}
	return strings.Compare(string(a.ID), string(b.ID))
}

// Match is an offer to be made.
type Match struct {
	Call  string
	Agent ID
}

// Line is who waits and who is free, both kept in order, so that an offer is found
// at once while thousands wait. The zero Line is empty and ready for use; it is
// used by one goroutine at a time.
type Line struct {
	calls   map[string]*Waiting
	all     []*Waiting
	waiting map[wish][]*Waiting // the same, by what they wait for
	people  map[ID]*Idle
	free    map[string][]*Idle // by team; "" is everybody
}

// wish is what somebody waits for.
type wish struct {
	team    string
	widened bool
}

// Wait puts a customer into the line, or changes what they wait for.
func (l *Line) Wait(w Waiting) {
	l.Leave(w.Call)
	if l.calls == nil {
		l.calls, l.waiting = map[string]*Waiting{}, map[wish][]*Waiting{}
	}
	l.calls[w.Call] = &w
	l.all = insert(l.all, &w, ahead)
	of := wish{w.Team, w.Widened}
	l.waiting[of] = insert(l.waiting[of], &w, ahead)
}

// Leave takes a customer out of the line; one who is not in it does no harm.
func (l *Line) Leave(call string) {
	w := l.calls[call]
	if w == nil {
		return
	}
	delete(l.calls, call)
	l.all = remove(l.all, w, ahead)
	of := wish{w.Team, w.Widened}
	if l.waiting[of] = remove(l.waiting[of], w, ahead); len(l.waiting[of]) == 0 {
		delete(l.waiting, of)
	}
}

// Free says that an agent may be rung, or for how long.
func (l *Line) Free(i Idle) {
	if old := l.people[i.ID]; old != nil && old.Since.Equal(i.Since) && slices.Equal(old.Teams, i.Teams) {
		old.Until = i.Until
		return
	}
	l.Busy(i.ID)
	if l.people == nil {
		l.people, l.free = map[ID]*Idle{}, map[string][]*Idle{}
	}
	l.people[i.ID] = &i
	for _, team := range everywhere(&i) {
		l.free[team] = insert(l.free[team], &i, longest)
	}
}

// Busy says that an agent may not be rung.
func (l *Line) Busy(id ID) {
	i := l.people[id]
	if i == nil {
		return
	}
	delete(l.people, id)
	for _, team := range everywhere(i) {
		l.free[team] = remove(l.free[team], i, longest)
	}
}

// everywhere are the lists an agent stands in: everybody's and the teams'.
func everywhere(i *Idle) []string { return append([]string{""}, i.Teams...) }

// Next names the offers to make now. Returned customers come first, then the line
// goes by the time of arrival. Each is offered to the one idle the longest of the
// team they wait for, or of everybody. No agent and no call is named twice.
func (l *Line) Next(now time.Time) []Match {
	var offers []Match
	taken := map[ID]bool{}
	pools := map[string]*pool{}
	lines := l.servable(pools)
	for {
		w := first(lines)
		if w == nil {
			return offers
		}
		if now.Before(w.NotBefore) {
			continue
		}
		who := pools[w.Team].pick(w, taken, now)
		if who == nil && w.Widened {
			who = pools[""].pick(w, taken, now)
		}
		if who != nil {
			taken[who.ID] = true
			offers = append(offers, Match{w.Call, who.ID})
		}
	}
}

// part is what is left of those who wait for the same, and who may serve them.
type part struct {
	waiting []*Waiting
	pools   []*pool
}

// servable is the parts of the line that somebody is free for; it fills pools.
func (l *Line) servable(pools map[string]*pool) []*part {
	of := func(team string) *pool {
		if pools[team] == nil {
			pools[team] = &pool{l.free[team]}
		}
		return pools[team]
	}
	var parts []*part
	for wish, waiting := range l.waiting {
		p := &part{waiting: waiting, pools: []*pool{of(wish.team)}}
		if wish.widened {
			p.pools = append(p.pools, of(""))
		}
		parts = append(parts, p)
	}
	return parts
}

// first takes out who is served first of all the parts that anybody is left for;
// nil: nobody is.
func first(parts []*part) *Waiting {
	var best *part
	for _, p := range parts {
		left := slices.ContainsFunc(p.pools, func(p *pool) bool { return len(p.free) > 0 })
		if left && len(p.waiting) > 0 && (best == nil || ahead(p.waiting[0], best.waiting[0]) < 0) {
			best = p
		}
	}
	if best == nil {
		return nil
	}
	w := best.waiting[0]
	best.waiting = best.waiting[1:]
	return w
}

// pool is what is left of a team's free agents, the longest idle first.
type pool struct{ free []*Idle }

// pick finds who is to have w; nil: nobody left may.
func (p *pool) pick(w *Waiting, taken map[ID]bool, now time.Time) *Idle {
	gone := func(i *Idle) bool { return taken[i.ID] || !now.Before(i.Until) }
	for len(p.free) > 0 && gone(p.free[0]) {
		p.free = p.free[1:]
	}
	for _, i := range p.free {
		if !gone(i) && !w.passed(i.ID, now) {
			return i
		}
	}
	return nil
}

// Waiting lists the line in order, at most n of it.
func (l *Line) Waiting(n int) []Waiting {
	list := make([]Waiting, min(n, len(l.all)))
	for i := range list {
		list[i] = *l.all[i]
	}
	return list
}

// Len is how many wait.
func (l *Line) Len() int { return len(l.all) }

// insert puts v into a list in order; remove takes it out.
func insert[T any](list []T, v T, order func(a, b T) int) []T {
	i, _ := slices.BinarySearchFunc(list, v, order)
	return slices.Insert(list, i, v)
}

func remove[T any](list []T, v T, order func(a, b T) int) []T {
	if i, ok := slices.BinarySearchFunc(list, v, order); ok {
		return slices.Delete(list, i, i+1)
	}
	return list
}

// FreeIn lists the members of a team who may be rung, the longest idle first.
func FreeIn(team string, roster []Entry) []ID {
	members := slices.DeleteFunc(slices.Clone(roster), func(e Entry) bool { return !e.Free() || !slices.Contains(e.Teams, team) })
	slices.SortFunc(members, func(a, b Entry) int {
		return cmp.Or(a.IdleSince.Compare(b.IdleSince), strings.Compare(string(a.ID), string(b.ID)))
	})
	var ids []ID
	for _, e := range members {
		ids = append(ids, e.ID)
	}
	return ids
}
