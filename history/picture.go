package history

import (
	"maps"
	"slices"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// Condition is what somebody on a call had for a while.
type Condition string

// The conditions.
const (
	InMusic   Condition = "music"   // the customer has nobody yet, or nobody any more
	OnHold    Condition = "hold"    // the customer hears music while somebody has them; of an agent: they have put the customer on hold
	InTalk    Condition = "talking" // with the customer
	InPrivate Condition = "private" // two agents without the customer
	IsRung    Condition = "ringing"
	Waits     Condition = "waiting" // an agent while the other has the customer
	IsLost    Condition = "lost"    // their line is lost
)

// Bar is a span of time in which somebody's condition was the same.
type Bar struct {
	Condition Condition `json:"condition"`
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
}

// Lane is one person's row in the picture of a call.
type Lane struct {
	Agent agent.ID `json:"agent"` // empty: the customer
	Name  string   `json:"name"`
	Bars  []Bar    `json:"bars"` // in order; between them the person was not there
}

// Picture draws a call: the customer first, then the agents in the order they came,
// up to at or to the call's end.
func Picture(entries []call.News, dana string, names call.Names, at time.Time) []Lane {
	p := painter{names: names, rows: map[agent.ID]int{"": 0}, lanes: []Lane{{Name: dana, Bars: []Bar{}}}}
	var w walk
	for _, n := range entries {
		w.take(n)
		p.ring(n)
		p.draw(&w)
	}
	if w.state != over && !w.at.IsZero() && at.After(w.at) {
		w.pass(at)
	}
	p.at(w.at, nil)
	return p.lanes
}

// painter turns moments into bars.
type painter struct {
	names call.Names
	rows  map[agent.ID]int // index of lanes
	lanes []Lane
	rung  agent.ID // who is offered the customer
	now   map[agent.ID]Condition
	since map[agent.ID]time.Time
}

// ring notes who is being rung as the customer's first, or next, agent; whom an
// owner brings in the walk knows.
func (p *painter) ring(n call.News) {
	switch n.Kind {
	case call.NewsOffered, call.NewsRejoining:
		p.rung = n.Agent
	case call.NewsMissed, call.NewsPassed, call.NewsNotReached, call.NewsDialFailed, call.NewsTalking, call.NewsRejoined, call.NewsReturned, call.NewsCallerLost:
		p.rung = ""
	}
}

// draw sees who is in which condition after an entry.
func (p *painter) draw(w *walk) {
	now := map[agent.ID]Condition{}
	if w.state == over {
		p.at(w.at, now)
		return
	}
	now[""] = map[state]Condition{waiting: InMusic, talking: InTalk, onHold: OnHold}[w.state]
	if w.away {
		now[""] = IsLost
	}
	if p.rung != "" {
		now[p.rung] = IsRung
	}
	switch {
	case w.owner == "":
	case w.lost == w.owner:
		now[w.owner] = IsLost
	case w.state == talking && !w.away:
		now[w.owner] = InTalk
	case w.state == onHold:
		now[w.owner] = OnHold
	default:
		now[w.owner] = Waits
	}
	if w.open != nil && w.open.To != w.owner {
		p.target(w, now)
	}
	p.at(w.at, now)
}

// target draws whom the owner brings in.
func (p *painter) target(w *walk, now map[agent.ID]Condition) {
	switch {
	case !w.open.Joined:
		now[w.open.To] = IsRung
	case w.swapped || w.away:
		now[w.open.To] = Waits
	case w.state == onHold:
		now[w.open.To], now[w.owner] = InPrivate, InPrivate
	default:
		now[w.open.To] = InTalk
	}
}

// at ends the bars of what is over, and begins those of what is new.
func (p *painter) at(at time.Time, now map[agent.ID]Condition) {
	for id, was := range p.now {
		if now[id] != was {
			row := &p.lanes[p.rows[id]]
			if at.After(p.since[id]) {
				row.Bars = append(row.Bars, Bar{was, p.since[id].UTC(), at.UTC()})
			}
			delete(p.since, id)
		}
	}
	if p.since == nil {
		p.since = map[agent.ID]time.Time{}
	}
	for _, id := range slices.Sorted(maps.Keys(now)) {
		if _, ok := p.since[id]; !ok {
			p.since[id] = at
		}
		if _, ok := p.rows[id]; !ok {
			p.rows[id] = len(p.lanes)
			p.lanes = append(p.lanes, Lane{Agent: id, Name: p.names(id), Bars: []Bar{}})
		}
	}
	p.now = now
}
