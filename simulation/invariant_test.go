package simulation

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// How long something may be otherwise than it should when nothing is to blame:
// a callback and a request with its answer take up to half a second.
const (
	quietTime = 2 * time.Second         // a customer hears nothing
	apartTime = 1500 * time.Millisecond // somebody hears who is to be kept apart
	rungTime  = time.Second             // a ring after the customer is gone
	leftTime  = 10 * time.Second        // any leg after the customer is gone
	lineTime  = 2 * time.Second         // in line although somebody is free
	joinTime  = 10 * time.Second        // not yet with the owner: 8 s, and the way
	bothTime  = 3 * time.Second         // two legs of one agent on one call
	dueTime   = 3 * time.Second         // a deadline nobody has kept
	tellTime  = time.Second             // of two desks, one has not heard of what the other saved
)

func (w *world) fail(invariant int, c *customer, format string, args ...any) {
	if w.failure != nil {
		return
	}
	about := ""
	if c != nil {
		about = c.name
	}
	w.failure = &failure{invariant, fmt.Sprintf(format, args...), about}
	w.tell(about, "FAILED: %s", w.failure)
}

// overdue reports whether something has been so since a time for longer than it
// may, counted from when nothing is to blame any more.
func (w *world) overdue(c *customer, since, most time.Duration) bool {
	return since >= 0 && w.now > max(since, c.excused)+most
}

// customerOver is invariant 1: a customer's leg ends by the customer, by a
// deliberate end, or because the carrier lost it.
func (w *world) customerOver(l *leg) {
	if c := l.customer; !c.left && !c.ended && !c.parted && !w.released(c) {
		w.fail(1, c, "%s was cut off", c.name)
	}
}

// released: without recovery a customer's call ends with the line of who they talk
// to. Who has talked to nobody yet is not let go.
func (w *world) released(c *customer) bool {
	return w.tutorial && !w.known[c.call].TalkedAt.IsZero()
}

// cutOff is the same, before the desk's doing: nobody asked for the end.
func (w *world) cutOff(l *leg) {
	if c := l.customer; l.agent == "" && !c.left && !c.ended && !c.parted && !w.released(c) {
		w.fail(1, c, "the desk hangs up on %s", c.name)
	}
}

// check holds the carrier's truth against the invariants after every event.
func (w *world) check() {
	w.alive = slices.DeleteFunc(w.alive, (*leg).over)
	for _, c := range w.customers {
		if c.leg == nil {
			continue
		}
		if c.leg.over() {
			w.follow(c, nothing)
			w.checkGone(c)
		} else {
			w.checkHears(c)
		}
		w.checkRecorded(c)
	}
	w.checkAgents()
	for p, since := range w.hearing {
		c := p[0].customer
		stored, ok := w.known[c.call]
		if ok && !p[0].dead && !p[1].dead && keptApart(&stored, p) && w.overdue(c, max(since, c.staged), apartTime) {
			w.fail(3, c, "%s and %s go on hearing each other in %s", p[0], p[1], stored.Stage)
		}
	}
}

// checkHears is invariant 2: a customer who is there hears somebody or music,
// and the owner where the stage says so.
func (w *world) checkHears(c *customer) {
	h := c.leg.hears()
	w.follow(c, h)
	if h == nothing && c.silent < 0 {
		c.silent = w.now
	}
	if c.silent >= 0 {
		w.stats.silence = max(w.stats.silence, w.now-c.silent)
	}
	if h != nothing {
		c.silent = -1
	}
	if h == talk {
		if c.lostAt >= 0 {
			w.stats.away = max(w.stats.away, w.now-c.lostAt)
		}
		c.served, c.lostAt, c.owed = true, -1, -1
	} else if c.owed < 0 && conversation(w.known[c.call]) {
		c.owed = w.now
	}
	if !conversation(w.known[c.call]) {
		c.owed = -1
	}
	if c.owed >= 0 {
		w.stats.behind = max(w.stats.behind, w.now-c.owed)
	}
	switch {
	case w.overdue(c, c.silent, quietTime):
		w.fail(2, c, "%s has heard nothing for %s", c.name, seconds(w.now-c.silent))
	case w.overdue(c, c.owed, joinTime):
		w.fail(2, c, "%s has been without anybody for %s in %s", c.name, seconds(w.now-c.owed), w.known[c.call].Stage)
	}
}

// conversation: the customer and somebody hear each other in this stage.
func conversation(c call.Call) bool {
	switch c.Stage {
	case call.Swapped: // a suspect's customer hears music
		return !call.Suspected(c, c.Owner)
	case call.Talking, call.Inviting, call.Together, call.HandingOver:
		return true
	}
	return false
}

// checkCared is the other half of invariant 2, whenever the desk has saved: a
// person or a deadline owns the next step.
func (w *world) checkCared(k *customer, c *call.Call) {
	if c.Generation != k.generation {
		k.generation, k.staged = c.Generation, w.now
	}
	deadline := !c.Deadline.IsZero()
	there := func(id agent.ID) bool { return c.AgentLeg(id) != nil }
	cared := deadline
	switch c.Stage {
	case call.Queued, call.Choosing, call.Ended: // routing
		cared = true
	case call.Talking, call.Held:
		cared = there(c.Owner)
	case call.Private, call.Swapped, call.Together:
		cared = there(c.Owner) && there(c.Target)
	}
	if !cared {
		w.fail(2, k, "nobody and no deadline owns %s in %s", k.name, c.Stage)
	}
}

// keptApart: by this state of the call one of the two is not to be heard.
func keptApart(c *call.Call, p pair) bool {
	for _, x := range p {
		l := c.LegBySID(x.sid)
		if l == nil {
			continue
		}
		if l.Role == call.Agent {
			if l.Release == call.Dismissed || c.Stage == call.Swapped && l.Agent == c.Target {
				return true
			}
			continue
		}
		switch c.Stage {
		case call.Held, call.Asking, call.Private:
			return true
		case call.Recovering:
			if c.LostIn != "" {
				return true
			}
		}
	}
	return false
}

// heard is invariant 3, whenever somebody comes to hear somebody: not those who
// were to be kept apart when that was decided, and still are.
func (w *world) heard() {
	now := w.pairs()
	for p := range w.hearing {
		if !slices.Contains(now, p) {
			delete(w.hearing, p)
		}
	}
	for _, p := range now {
		if _, ok := w.hearing[p]; ok {
			continue
		}
		w.hearing[p] = w.now
		c := p[0].customer
		stored, ok := w.known[c.call]
		if !ok || w.cause == nil || p[0].dead || p[1].dead || w.cause.ID != stored.ID {
			continue
		}
		if !keptApart(&stored, p) {
			continue
		}
		private := stored.Stage == call.Held || stored.Stage == call.Asking || stored.Stage == call.Private
		stranger := private && !w.late && p[0].agent == "" && w.cause.AgentLeg(p[1].agent) == nil
		if w.keptApartSince(w.cause, p) || stranger {
			w.fail(3, c, "%s and %s hear each other in %s, decided in %s", p[0], p[1], stored.Stage, w.cause.Stage)
		}
	}
}

// keptApartSince: so it was when that was decided, and has been in every stage
// since. Who was let in meanwhile, and goes again, hears what they were to hear.
func (w *world) keptApartSince(cause *call.Call, p pair) bool {
	if !keptApart(cause, p) {
		return false
	}
	for i := range w.states[cause.ID] {
		if c := &w.states[cause.ID][i]; c.Generation > cause.Generation && !keptApart(c, p) {
			return false
		}
	}
	return true
}

// checkAgents is invariant 4: one ring or one live customer per agent.
func (w *world) checkAgents() {
	for i, a := range w.alive {
		if a.agent == "" || a.dead || call.Outside(a.agent) { // several may ask for one number
			continue
		}
		for _, b := range w.alive[i+1:] {
			if b.agent != a.agent || b.dead {
				continue
			}
			since := max(a.created, b.created)
			switch {
			case a.customer != b.customer && max(a.customer.excused, b.customer.excused) < w.now:
				w.fail(4, b.customer, "%s has two: %s for %s and %s for %s", a.agent, a, a.customer.name, b, b.customer.name)
			case a.customer == b.customer && w.overdue(a.customer, since, bothTime):
				w.fail(4, a.customer, "%s has two legs on one call: %s and %s", a.agent, a, b)
			}
		}
	}
}

// checkGone is invariant 5: after the customer is gone nothing rings longer than
// a second, and after ten no leg is left.
func (w *world) checkGone(c *customer) {
	for _, l := range w.alive {
		if l.customer != c {
			continue
		}
		away := w.known[c.call].Stage == call.Awaiting
		if l.status < call.Answered {
			if away && l.purpose == call.Rejoin {
				continue // an owner's page takes it by itself: they are with the customer who comes back
			}
			since := max(c.goneAt, l.created)
			if l.purpose == call.Rejoin {
				since = max(since, c.staged)
			}
			w.stats.rings = max(w.stats.rings, w.now-since)
			if w.overdue(c, since, rungTime) {
				w.fail(5, c, "%s rings on %s after %s left", l, seconds(w.now-c.goneAt), c.name)
			}
		} else if !away && w.overdue(c, max(c.goneAt, c.staged), leftTime) {
			w.fail(5, c, "%s is left %s after %s left", l, seconds(w.now-c.goneAt), c.name)
		}
	}
}

// checkDeadlines is invariant 2, too: a deadline is kept, whoever set it.
func (w *world) checkDeadlines() {
	for _, c := range w.customers {
		stored, ok := w.known[c.call]
		if !ok || stored.Deadline.IsZero() || !stored.Live() {
			continue
		}
		due := max(0, stored.Deadline.Sub(base())-w.skew)
		if w.overdue(c, due, dueTime) {
			w.fail(2, c, "the deadline of %s in %s passed %s ago", c.name, stored.Stage, seconds(w.now-due))
		}
	}
}

// checkLine: whoever waits in line is offered to whoever is free.
func (w *world) checkLine() {
	inLine := slices.ContainsFunc(w.customers, func(c *customer) bool { k := w.known[c.call]; return k.InLine() })
	if !inLine {
		return
	}
	for _, c := range w.customers {
		free := agent.ID("")
		for _, p := range w.processes {
			if free == "" {
				free = p.freeFor(c)
			}
		}
		if free == "" {
			c.waiting = -1
			continue
		}
		if c.waiting < 0 {
			c.waiting = w.now
		}
		if w.overdue(c, c.waiting, lineTime) {
			w.fail(6, c, "%s waits %s although %s is free", c.name, seconds(w.now-c.waiting), free)
		}
	}
}

// freeFor is an agent with a page at this desk who could be offered a customer
// that waits.
func (p *process) freeFor(k *customer) agent.ID {
	if p.desk == nil || k.leg == nil || k.leg.over() {
		return ""
	}
	v := p.desk.View()
	c, ok := v.Call(k.call)
	if !ok || !c.InLine() || v.At.Before(c.NotBefore) {
		return ""
	}
	for _, e := range v.Roster {
		passed := slices.ContainsFunc(c.Passes, func(p call.Pass) bool { return p.Agent == e.ID && v.At.Before(p.Until) })
		if e.Free() && serves(e, c) && !passed && p.w.person(e.ID).at == p {
			return e.ID
		}
	}
	return ""
}

// anybodyFree has a page at this desk and could be offered a call.
func (p *process) anybodyFree(c call.Call) bool {
	return slices.ContainsFunc(p.desk.View().Roster, func(e agent.Entry) bool { return e.Free() && serves(e, c) && p.w.person(e.ID).at == p })
}

// serves reports whether a customer wants to speak to somebody like e.
func serves(e agent.Entry, c call.Call) bool {
	return c.Team == "" || c.Widened || slices.Contains(e.Teams, c.Team)
}

// checkRefusal is invariant 8: what was allowed a moment ago is not refused.
func (w *world) checkRefusal(id call.ID, kind call.RequestKind, by *person, err error) {
	if refused, ok := errors.AsType[*call.RefusedError](err); ok && refused.Code == call.NotNow {
		c := w.known[id]
		k := w.customerOf(c.Room)
		if w.plan[conflict] || k.excused > w.now {
			return // somebody else came between, or the page has not heard of it yet
		}
		for n, at := range k.savedAt {
			if n != by.at.number && at > 0 && w.now <= at+tellTime {
				return // the page's desk has not heard of it yet
			}
		}
		w.fail(8, k, "%s was allowed %s in %s and refused: %v", by.id, kind, c.Stage, err)
	}
}

// checkPeace is invariant 6: when nothing happens any more, what is wanted, what
// is noted and what is so are one.
func (w *world) checkPeace() {
	if w.failure != nil {
		return
	}
	if slices.ContainsFunc(w.processes, func(p *process) bool { return p.desk == nil }) {
		w.fail(6, nil, "a desk is down in peace")
		return
	}
	for _, c := range w.customers {
		if c.leg.over() {
			continue
		}
		stored, ok := w.known[c.call]
		if stored.Stage == call.Choosing && slices.ContainsFunc(stored.Doing, func(d call.Doing) bool { return d.Kind == call.Enter && d.Running }) {
			continue // asked once more, at this very moment
		}
		planned := slices.DeleteFunc(call.Plan(stored, w.at(w.now)), func(a call.Action) bool { return a.Kind == call.LookRecordings })
		switch {
		case !ok || !stored.Live():
			w.fail(6, c, "%s is there, and the desk does not know", c.name)
			return
		case len(planned) > 0 || slices.ContainsFunc(stored.Doing, underWay):
			w.fail(6, c, "not at rest in %s: planned %v, under way %v", stored.Stage, planned, stored.Doing)
		}
		if stored.InLine() && slices.ContainsFunc(w.processes, func(p *process) bool { return p.anybodyFree(stored) }) {
			w.fail(6, c, "%s is forgotten in line", c.name)
		}
		w.checkSame(c, &stored)
		w.checkVoices(c, &stored)
		if stored.Stage == call.Talking && c.leg.hears() != talk {
			w.fail(6, c, "%s does not hear %s", c.name, stored.Owner)
		}
	}
	for _, l := range w.alive {
		stored := w.known[l.customer.call]
		if stored.LegBySID(l.sid) == nil {
			w.fail(6, l.customer, "%s is a leg nobody knows of", l)
		}
	}
}

// underWay: somebody waits for the answer, or for a look. The minute's look may
// be on its way whenever we look.
func underWay(d call.Doing) bool {
	switch d.Kind {
	case call.Look, call.Find, call.LookRecordings:
		return false
	case call.Dial:
		return d.Running
	}
	return d.Running || d.Unknown
}

// checkSame compares the legs the desk has noted with the carrier's.
func (w *world) checkSame(c *customer, stored *call.Call) {
	for i := range stored.Legs {
		l := &stored.Legs[i]
		k := w.leg(l.SID)
		switch {
		case k == nil && l.Status != call.Over && stored.Stage != call.Offering:
			w.fail(6, c, "leg %s was never dialled", l.ID)
		case k == nil:
		case k.over() != (l.Status == call.Over):
			w.fail(6, c, "%s is %s, noted as %s", k, statusName(k.status), statusName(l.Status))
		case l.Status != call.Over && ((k.room != nil) != l.InRoom || k.held != l.Held):
			w.fail(6, c, "%s: in a room %v, held %v; noted %v, %v", k, k.room != nil, k.held, l.InRoom, l.Held)
		}
	}
}

// checkEmpty: everybody has hung up, and nothing is left.
func (w *world) checkEmpty() {
	if w.failure != nil {
		return
	}
	w.stats.customers = len(w.customers)
	for _, c := range w.customers {
		if c.served {
			w.stats.served++
		}
		if stored, ok := w.known[c.call]; ok && stored.Live() {
			w.fail(5, c, "the call of %s does not end: %s", c.name, stored.Stage)
		}
	}
	for _, l := range w.alive {
		if !l.over() {
			w.fail(5, l.customer, "%s is left", l)
		}
	}
	w.checkKept()
	w.checkTapes()
}
