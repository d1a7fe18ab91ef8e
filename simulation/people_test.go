package simulation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

// customer is somebody who calls.
type customer struct {
	name     string
	team     string // whom they want to speak to; empty: anybody
	leg      *leg   // the present one
	room     string // the first leg's SID, the name of every room of theirs
	key      string // of their page, which comes back with it; empty: a phone
	away     bool   // their page is gone, and may come back
	vanished bool   // it will not
	// left: of their own accord, or by the carrier's fault. ended: somebody asked
	// to end the call, and that was saved.
	left, ended bool
	// parted: they have left something to do, which is saved.
	// told: they have heard that they are recorded; loud is since when they are though
	// they hear nobody, -1: they are not.
	told   bool
	loud   time.Duration
	parted bool
	goneAt time.Duration

	call    call.ID // once the desk has saved it
	excused time.Duration
	unheard time.Duration // when a callback was lost last
	silent  time.Duration // since when they hear nothing; -1: they hear
	owed    time.Duration // since when they have been without whom they should hear; -1: not
	waiting time.Duration // since when they wait in line though somebody is free; -1: not
	unasked time.Duration // since when they should be asked what else they want; -1: not
	lostAt  time.Duration // since when their owner has been lost; -1: not
	served  bool

	generation int // of the call as last saved, and since when
	staged     time.Duration
	savedAt    [2]time.Duration // by each of the desks
}

// excuse: until then something may be wrong with this customer's call.
func (c *customer) excuse(w *world, d time.Duration) { c.excused = max(c.excused, w.now+d) }

// calls begins a call, or comes back into it.
func (c *customer) calls(w *world) {
	c.leg = w.newLeg(leg{customer: c, id: "", status: call.Answered})
	if c.room == "" {
		c.room = c.leg.sid
	}
	c.away, c.silent, c.owed, c.lostAt = false, w.now, -1, -1
	w.tell(c.name, "%s calls (%s)", c.name, c.leg.sid)
	w.ask(c.leg, arrive)
}

func (c *customer) hangUp(w *world) {
	if c.leg == nil || c.left {
		return
	}
	w.tell(c.name, "%s hangs up", c.name)
	c.left = true
	if p := w.reached(); p != nil && c.key != "" {
		if id, err := p.resolve(c); err == nil { // the page says so first
			_, _ = p.desk.Fact(p.ctx, id, call.CustomerLeft{}, nil) // or the end of the leg does, a minute later
		}
	}
	w.end(c.leg, call.Completed)
}

// reloads: the customer's page goes, and is back with its key after a while, or
// never.
func (c *customer) reloads(w *world) bool {
	if c.leg == nil || c.leg.over() || c.key == "" {
		return false
	}
	back := w.between(500*time.Millisecond, 20*time.Second)
	w.tell(c.name, "! %s's page is reloaded for %s", c.name, seconds(back))
	c.away = true
	w.end(c.leg, call.Completed)
	if w.rng.IntN(6) == 0 {
		w.tell(c.name, "and does not come back")
		c.vanished = true
		return true
	}
	w.in(back, func() {
		if !c.left {
			c.calls(w)
		}
	})
	return true
}

// person is an agent with their page.
type person struct {
	w      *world
	id     agent.ID
	loaded time.Duration // when the page was
	page   string        // empty: none is open
	at     *process      // whose desk the page's socket is at; nil: none
	// registered: the page's phone can be rung.
	registered bool
	pages      int
	ring, live *leg
	liveIn     string        // the page that has the live call
	coming     time.Duration // when they go available again; 0: no thought of it
}

func (w *world) person(id agent.ID) *person {
	if call.Outside(id) {
		return &person{w: w, id: id} // has no page
	}
	for _, p := range w.people {
		if p.id == id {
			return p
		}
	}
	return nil
}

// worker is somebody with a part in a customer's call, or anybody.
func (w *world) worker(c *customer) *person {
	if c != nil {
		for _, l := range w.alive {
			if l.customer == c && l.agent != "" {
				return w.person(l.agent)
			}
		}
	}
	return w.somebody()
}

func (w *world) somebody() *person { return w.people[w.rng.IntN(len(w.people))] }

// open opens a new page.
func (p *person) open() {
	w := p.w
	p.pages++
	page := fmt.Sprintf("%s/%d", p.id, p.pages)
	p.page, p.loaded = page, w.now
	w.tell("", "%s opens a page", p.id)
	p.hello()
	w.in(w.between(200*time.Millisecond, time.Second), func() {
		if p.page != page {
			return
		}
		p.registered = true
		if d := p.desk(); d != nil {
			d.PageDevice(p.at.ctx, p.id, page, true)
		}
	})
}

// desk is the one the page's socket is at; nil: none, or it is down.
func (p *person) desk() *desk.Desk {
	if p.at == nil {
		return nil
	}
	return p.at.desk
}

// reconnects: the socket broke, or nobody answered. The page tries another.
func (p *person) reconnects() {
	p.w.in(p.w.between(200*time.Millisecond, 2*time.Second), p.hello)
}

// loadTime is from a page's being loaded to its hello.
const loadTime = 100 * time.Millisecond

// hello is what a page says when its socket opens.
func (p *person) hello() {
	w := p.w
	if p.page == "" {
		return
	}
	if p.desk() == nil {
		if p.at = w.reached(); p.at == nil {
			if w.up() != nil {
				p.reconnects()
			}
			return // whichever is up first is tried then
		}
	}
	live := ""
	if p.live != nil && p.liveIn == p.page {
		live = p.live.sid
	}
	page, at, d := p.page, p.at, p.at.desk
	if err := d.PageOpened(at.ctx, p.id, desk.Page{ID: page, Live: live, Age: w.now - p.loaded + loadTime}); err != nil && at.desk == d {
		w.in(time.Second, func() { // the socket is closed with an error, and opened again
			if p.page == page {
				p.hello()
			}
		})
		return
	}
	if at.desk == d {
		d.PageDevice(at.ctx, p.id, page, p.registered)
	}
}

// reload closes the page and opens another after a while. What it was in is
// lost, at once or silently.
func (p *person) reload(away time.Duration) bool {
	w := p.w
	if p.page == "" {
		return false
	}
	w.tell("", "! %s's page goes for %s", p.id, seconds(away))
	page := p.page
	p.page, p.registered = "", false
	silently := w.rng.IntN(2) == 0
	if p.live != nil {
		if silently {
			p.live.customer.excuse(w, min(away+helloTime, laterTime, w.linkTime()))
		}
		w.loseLeg(p.live, silently, laterTime)
	}
	p.ring = nil // it rings on at the carrier, where nobody hears it
	if d := p.desk(); d != nil {
		d.PageClosed(p.id, page)
	}
	p.at = nil
	w.in(away, p.open)
	return true
}

// crashes: the browser dies without a word. Its socket stays open at the desk, and
// the carrier learns of its line after a while.
func (p *person) crashes(noticed time.Duration) bool {
	w := p.w
	if p.page == "" {
		return false
	}
	w.tell("", "! %s's browser crashes", p.id)
	p.silent(noticed)
	p.page = ""
	w.in(w.between(20*time.Second, 100*time.Second), p.open)
	return true
}

// silent: nothing comes from the page and its line any more.
func (p *person) silent(noticed time.Duration) {
	p.registered, p.ring, p.at = false, nil, nil
	if p.live != nil {
		p.live.customer.excuse(p.w, min(noticed, p.w.linkTime()))
		p.w.loseLeg(p.live, true, noticed)
	}
}

// sleeps: the laptop is closed, and opened with the same page after a while. The
// line it had goes on if the carrier has not given it up.
func (p *person) sleeps() bool {
	w, page, l := p.w, p.page, p.live
	if page == "" {
		return false
	}
	away := w.between(5*time.Second, 100*time.Second)
	w.tell("", "! %s's laptop is closed for %s", p.id, seconds(away))
	p.silent(crashTime)
	p.page = ""
	w.in(away, func() {
		w.tell("", "%s's laptop is opened", p.id)
		p.page, p.registered = page, true
		if l != nil && !l.over() {
			l.dead, p.live, p.liveIn = false, l, page
		}
		p.hello()
	})
	return true
}

// linkTime is how long a page may be silent before its line counts as lost. Two
// desks do not know which of them it talks to: there the carrier has to tell.
func (w *world) linkTime() time.Duration {
	if len(w.processes) > 1 || w.tutorial {
		return crashTime
	}
	return call.LinkTime
}

// secondTab opens another page beside the one that is open. The newest is the
// one that counts; what the older one has goes on there until the desk ends it.
func (p *person) secondTab() bool {
	if p.page == "" {
		return false
	}
	p.w.tell("", "! %s opens a second page", p.id)
	p.registered, p.ring = false, nil
	p.open()
	return true
}

// beat is a pong, once in 3 s, and whatever a person does by themselves.
func (p *person) beat() {
	w := p.w
	w.in(3*time.Second, p.beat)
	d := p.desk()
	if d == nil || p.page == "" {
		return
	}
	d.PageHeard(p.id, p.page)
	switch {
	case w.presence[p.id] == agent.Available || p.live != nil:
		p.coming = 0
	case p.coming == 0:
		p.coming = w.now + w.between(time.Second, 15*time.Second)
	case w.now >= p.coming:
		p.coming = 0
		_ = d.SetPresence(p.at.ctx, p.id, agent.Available, "") // a store that is busy: in 3 s again
	}
}

// rung: the page shows a ring.
func (p *person) rung(l *leg) {
	w := p.w
	if p.live != nil {
		return // one call at a time: it rings out
	}
	p.ring = l
	if l.purpose == call.Rejoin || l.purpose == call.Watching { // the page accepts by itself
		w.in(w.between(100*time.Millisecond, 400*time.Millisecond), func() { p.answer(l) })
		return
	}
	think := w.between(500*time.Millisecond, 6*time.Second)
	switch {
	case w.strikes(declines, 3, l.customer, "%s declines", p.id):
		w.in(think, func() {
			if p.ring == l && l.status == call.Ringing {
				w.end(l, call.Busy)
			}
		})
	case w.strikes(noAnswer, 3, l.customer, "%s does not answer", p.id):
	default:
		w.in(think, func() { p.answer(l) })
	}
}

func (p *person) answer(l *leg) {
	if p.ring != l || l.status != call.Ringing {
		return
	}
	p.ring, p.live, p.liveIn = nil, l, p.page
	p.w.progress(l, call.Answered, call.NoOutcome)
	p.w.ask(l, connect)
	p.w.in(p.w.hop(), func() { p.tells(l) })
}

// tells is the page's word that this line is its own.
func (p *person) tells(l *leg) {
	if d := p.desk(); d != nil && p.live == l && p.liveIn == p.page {
		_ = d.PageLine(p.at.ctx, p.id, p.page, l.sid, true, false) // the desk says it again
	}
}

// idle: nobody asks for anything any more. In an aimed run agents go on bringing
// customers back.
func (w *world) idle() bool {
	if w.aim != nil {
		return w.now > activeTime+peaceTime/2
	}
	return w.calm
}

// acts lets a person ask for something now and then.
func (p *person) acts() {
	w := p.w
	w.in(w.between(time.Second, 12*time.Second), p.acts)
	d := p.desk()
	if w.idle() || d == nil || p.page == "" {
		return
	}
	p.changesPhone()
	type wish struct {
		id   call.ID
		kind call.RequestKind
	}
	var wishes []wish
	v := d.View()
	if w.plant.stale {
		v, w.seen = w.seen, v
	}
	for _, c := range v.Calls {
		for _, k := range p.allowed(c) {
			if w.thinksBetter(c, k) || k == call.End && w.rng.IntN(5) > 0 || w.aim != nil && !w.aim.lets(k) {
				continue
			}
			wishes = append(wishes, wish{c.ID, k})
		}
	}
	if len(wishes) == 0 {
		return
	}
	it := wishes[w.rng.IntN(len(wishes))]
	if w.aim != nil && !w.aim.done {
		for _, k := range slices.Backward(w.aim.towards()) {
			if i := slices.IndexFunc(wishes, func(o wish) bool { return o.kind == k }); i >= 0 {
				it = wishes[i]
			}
		}
	}
	to := other(w.rng, p.id)
	if w.chosen() {
		p.asks(it.id, it.kind, to, v)
	}
}

func other(r *rand.Rand, id agent.ID) agent.ID {
	for {
		if to := everybody()[r.IntN(3)]; to != id {
			return to
		}
	}
}

// several is who is asked one after the other, now and then; nobody: one alone.
func (p *person) several(kind call.RequestKind, first agent.ID) []call.Address {
	r := p.w.rng
	if kind != call.Invite && kind != call.Consult && kind != call.Send || r.IntN(3) > 0 {
		return nil
	}
	team := call.ParseAddress("team:billing")
	if r.IntN(2) == 0 {
		return []call.Address{team}
	}
	return []call.Address{call.ParseAddress(string(first)), team, call.ParseAddress(string(other(r, p.id)))}
}

func (p *person) asks(id call.ID, kind call.RequestKind, to agent.ID, v desk.View) {
	w := p.w
	c, _ := v.Call(id)
	if kind == call.Remove || kind == call.Consult && c.Stage == call.Together {
		to = c.Target
	}
	several := p.several(kind, to)
	if number := w.number(kind); number != "" && c.Stage != call.Together {
		several = append([]call.Address{call.ParseAddress(string(number))}, several...)
	}
	w.tellCall(id, "%s asks %s %s %s", p.id, kind, to, several)
	w.asked++
	err := p.request(desk.Request{Call: id, Kind: kind, To: to, Sought: several, Reason: "help"})
	if err != nil {
		w.tellCall(id, "refused: %v", err)
	}
	w.checkRefusal(id, kind, p, err)
}
