package desk

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/outside"
)

// View is what the desk knows at one moment, for everybody alike: pages are
// drawn from it. What it holds is shared by all who look, and never changes.
type View struct {
	At time.Time
	// Outside is which telephone numbers may be called.
	Outside outside.Rules
	picture
	qualities map[agent.ID]Quality
}

// picture is the part of a View that holds until something happens.
type picture struct {
	Version int64        // rises with every change
	Calls   []*call.Call // the live ones, oldest first
	Roster  []agent.Entry
	Teams   []Team       // in order of name
	Tasks   []agent.Task // open, or done lately
	Trouble Trouble      // the carrier's
	// LastEnded is when a call last ended; zero: none has.
	LastEnded time.Time

	after   map[call.ID]*call.Call // those over that somebody is still writing on
	line    []agent.Waiting
	former  map[agent.ID]string
	notices map[agent.ID][]Told
	until   time.Time // when somebody's page will count as silent; zero: nobody's

	calls    map[call.ID]*call.Call
	parts    map[agent.ID][]*call.Call // the calls of an agent, of a customer's number
	numbers  map[string][]*call.Call
	needy    []*call.Call     // that anybody may take
	people   map[agent.ID]int // index of Roster
	position map[call.ID]int
}

// Team is a team as the pages list it.
type Team struct {
	Name string
	Free int // members who may be rung now
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
	// InLine: the customer waits for the next free agent now.
	InLine bool
}

// noticesKept per agent; older ones are dropped.
const noticesKept = 5

// View is the present state. However many look, it is put together once for
// each change.
func (d *Desk) View() View {
	d.viewing.Lock()
	defer d.viewing.Unlock()
	now := d.now()
	d.mu.Lock()
	old := d.picture
	fresh := old == nil || old.Version != d.version || !old.until.IsZero() && !now.Before(old.until)
	if fresh {
		d.picture = d.draw(now)
	}
	p, qualities, numbers := d.picture, d.qualities, d.rules.Outside
	d.mu.Unlock()
	if fresh {
		p.index()
	}
	return View{At: now, Outside: numbers, picture: *p, qualities: qualities}
}

// draw copies what there is. The caller holds d.mu.
func (d *Desk) draw(now time.Time) *picture {
	p := &picture{Version: d.version, Trouble: d.trouble, LastEnded: d.lastEnded, after: maps.Clone(d.after), former: d.former, line: d.line.Waiting(d.line.Len()), notices: maps.Clone(d.notices)}
	p.Calls = slices.AppendSeq(make([]*call.Call, 0, len(d.live)), maps.Values(d.live))
	for _, name := range d.teams {
		p.Teams = append(p.Teams, Team{Name: name})
	}
	p.Tasks = slices.Collect(maps.Values(d.tasks))
	p.Roster = make([]agent.Entry, 0, len(d.people))
	for _, a := range d.people {
		p.Roster = append(p.Roster, d.entry(a, now))
		until := d.reachableUntil(a)
		if d.shared && until.IsZero() {
			until = d.left[a.ID].Add(leftTime) // and may be elsewhere from then on
		}
		if now.Before(until) && (p.until.IsZero() || until.Before(p.until)) {
			p.until = until
		}
	}
	if soon := now.Add(refreshEvery); d.shared && (p.until.IsZero() || soon.Before(p.until)) {
		p.until = soon // who is at another desk changes by time
	}
	return p
}

// index puts a picture in order, so that a page is drawn from what concerns it.
func (p *picture) index() {
	slices.SortFunc(p.Calls, func(a, b *call.Call) int { return strings.Compare(string(a.ID), string(b.ID)) })
	slices.SortFunc(p.Roster, func(a, b agent.Entry) int { return strings.Compare(string(a.ID), string(b.ID)) })
	p.calls, p.parts = make(map[call.ID]*call.Call, len(p.Calls)), map[agent.ID][]*call.Call{}
	p.numbers = make(map[string][]*call.Call, len(p.Calls))
	for _, c := range p.Calls {
		p.calls[c.ID] = c
		p.numbers[c.Number] = append(p.numbers[c.Number], c)
		if call.NeedsSomeone(*c) {
			p.needy = append(p.needy, c)
		}
		for _, id := range concerned(c) {
			p.parts[id] = append(p.parts[id], c)
		}
	}
	p.people = make(map[agent.ID]int, len(p.Roster))
	for i, e := range p.Roster {
		p.people[e.ID] = i
	}
	for i, t := range p.Teams {
		for _, e := range p.Roster {
			if e.Free() && slices.Contains(e.Teams, t.Name) {
				p.Teams[i].Free++
			}
		}
	}
	p.position = make(map[call.ID]int, len(p.line))
	places := map[string]int{}
	for _, w := range p.line {
		places[w.Team]++
		p.position[call.ID(w.Call)] = places[w.Team]
	}
}

// concerned are the agents who may have a part in a call.
func concerned(c *call.Call) []agent.ID {
	var ids []agent.ID
	for _, id := range []agent.ID{c.Owner, c.Target, c.Former, c.LostAgent} {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for i := range c.Watches {
		if l := c.Leg(c.Watches[i].Leg); l != nil && !slices.Contains(ids, l.Agent) {
			ids = append(ids, l.Agent)
		}
	}
	return ids
}

// Waiting is the line in order, the first to be served first.
func (p picture) Waiting() []agent.Waiting { return p.line }

// Position is a waiting customer's place, from 1, among those who wait for the
// same; 0: the customer does not wait.
func (p picture) Position(id call.ID) int { return p.position[id] }

// Call finds a live call.
func (p picture) Call(id call.ID) (call.Call, bool) {
	if c := p.calls[id]; c != nil {
		return *c, true
	}
	return call.Call{}, false
}

// CallsOf are the live calls that an agent may have a part in, oldest first.
func (p picture) CallsOf(id agent.ID) []*call.Call { return p.parts[id] }

// NeedSomeone are the live calls that whoever is free may take, oldest first.
func (p picture) NeedSomeone() []*call.Call { return p.needy }

// CallsFrom are the live calls of a customer's number, oldest first.
func (p picture) CallsFrom(number string) []*call.Call { return p.numbers[number] }

// Agent finds one of the roster.
func (p picture) Agent(id agent.ID) (agent.Entry, bool) {
	if i, ok := p.people[id]; ok {
		return p.Roster[i], true
	}
	return agent.Entry{}, false
}

// Name is an agent's name, of one who worked here before too, or the id where
// there is none.
func (p picture) Name(id agent.ID) string {
	if e, ok := p.Agent(id); ok && e.Name != "" {
		return e.Name
	}
	if name := p.former[id]; name != "" {
		return name
	}
	return outside.Pretty(string(id)) // where it is somebody's number
}

// Told lists what an agent should know, newest last.
func (p picture) Told(id agent.ID) []Told { return p.notices[id] }

// tell keeps the news that somebody who is no longer on the call should see.
// The caller holds d.mu.
func (d *Desk) tell(c call.Call, now time.Time) {
	for _, n := range c.News {
		var to []agent.ID
		switch n.Kind {
		case call.NewsHandedOver, call.NewsTookOver, call.NewsNotTaken:
			to = []agent.ID{n.Other}
		case call.NewsCallerLeft:
			to = []agent.ID{c.Owner, c.Target, n.Other}
		case call.NewsCallerGone:
			to = []agent.ID{n.Agent, n.Other}
		case call.NewsTaking, call.NewsTaken:
			to = []agent.ID{n.Other}
		case call.NewsCallerLost: // whoever is with the customer sees it on the call
			to = []agent.ID{n.Other}
			if c.Owner == "" {
				to = append(to, n.Agent) // who sent them on does not
			}
		case call.NewsMissed, call.NewsNotReached, call.NewsRemoved, call.NewsReturned, call.NewsCancelled,
			call.NewsReminded, call.NewsNeedsHelp, call.NewsLinkBack:
			to = []agent.ID{n.Agent}
		default:
			continue
		}
		for _, id := range to {
			if id == "" {
				continue
			}
			t := Told{ID: newKey()[:8], Call: c.ID, News: n, Name: c.CustomerName(), At: now, InLine: c.InLine()}
			if l := c.AgentLeg(id); !c.TalkedAt.IsZero() && (l == nil || l.Status == call.Answered) { // who only rang has not talked
				t.Talked = now.Sub(c.TalkedAt)
			}
			d.keep(id, t)
		}
	}
}

// keep adds to what an agent should know. The caller holds d.mu.
func (d *Desk) keep(id agent.ID, t Told) {
	list := append(d.notices[id], t)
	d.notices[id] = list[max(0, len(list)-noticesKept):]
}

// Request is what an agent asks of a call.
type Request struct {
	Call   call.ID
	Kind   call.RequestKind
	By, To agent.ID
	// Sought are those to be rung one after the other until one comes; empty: To.
	Sought []call.Address
	Reason string
	Text   string // of what is written down
	Lead   bool   // By looks after the others
}

// Request applies an agent's request. *call.RefusedError tells why not;
// ErrNotFound when there is no such call.
func (d *Desk) Request(ctx context.Context, r Request) (call.Call, error) {
	ask := call.Request{Kind: r.Kind, By: r.By, To: r.To, Reason: r.Reason, Text: r.Text, Lead: r.Lead, Private: d.Rules().PrivateListening, Home: d.homeOf(r.Call)}
	switch r.Kind {
	case call.Answer, call.Take:
		e, ok := d.agent(r.By, r.Call)
		ask.Free, ask.Key, ask.Phone = ok && e.Reachable && !e.Claimed, newKey(), e.RungAt()
	case call.Listen, call.Coach, call.Join, call.ListenPrivately:
		// At their page, wherever their calls reach them. It connects its phone before it
		// asks, and its word of that comes another way, perhaps later.
		e, ok := d.agent(r.By, r.Call)
		ask.Free, ask.Key = ok && !e.Claimed && d.pageHere(r.By, d.now()), newKey()
	case call.Invite, call.Consult, call.Send, call.Redial:
		to := r.To
		if c, err := d.Call(ctx, r.Call); err == nil && r.Kind == call.Redial {
			to, r.Sought = call.RedialTo(c, r.By), nil
		}
		var err error
		if ask.Sought, err = d.addresses(r.Sought, to); err != nil {
			return call.Call{}, err
		}
		next := call.NextOf(ask.Sought, nil, func(a call.Address) []agent.ID { return d.freeOf(a, r.Call) })
		if ask.Free = next.Agent != ""; ask.Free {
			ask.To, ask.As, ask.Phone = next.Agent, next.As, d.rungAt(next.Agent)
		}
	case call.Write, call.SetTopic, call.Conclude:
		d.mu.Lock()
		ask.After = wraps(d.people[r.By], r.Call)
		d.mu.Unlock()
	case call.TakeBack:
		ask.Key, ask.Phone = newKey(), d.rungAt(r.By)
	case call.CallPhone:
		e, _ := d.agent(r.By, "")
		ask.Phone = e.Phone
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

// homeOf is the team of who has a call's customer: the one that the customer waited
// for if they are in it, else their first; empty: none.
func (d *Desk) homeOf(id call.ID) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.live[id]
	if c == nil {
		return ""
	}
	teams := d.people[c.Owner].Teams
	switch {
	case slices.Contains(teams, c.Team):
		return c.Team
	case len(teams) > 0:
		return teams[0]
	}
	return ""
}

// agent is one of the roster now. Who may take the customer of call for back, or
// supervises that call, is free for that very call.
func (d *Desk) agent(id agent.ID, forCall call.ID) (agent.Entry, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a, ok := d.people[id]
	e := d.entry(a, d.now())
	if c := d.live[forCall]; c != nil {
		supervises, _ := call.WatchOf(*c, id)
		e.Claimed = e.Claimed && c.Former != id && supervises == nil
	}
	return e, ok
}
