package simulation

import (
	"context"
	"iter"
	"log/slog"
	"slices"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/phone"
)

// process is where a desk is at work, in one life after another. There may be
// two, on one store and one carrier.
type process struct {
	w       *world
	number  int        // from 0
	desk    *desk.Desk // nil: it is down
	ctx     context.Context
	cancel  context.CancelFunc
	life    int
	back    time.Duration // when it is up again
	turnAt  time.Duration
	running []*carrying
	breaker *phone.Breaker // the real one, on the world's clock
}

// nobody looks at the pages.
type nobody struct{}

func (nobody) Changed() {}

// revive starts the desk, for the first time or on what its store knows.
func (p *process) revive() {
	w := p.w
	var roster []agent.Agent
	for _, id := range everybody() {
		roster = append(roster, agent.Agent{ID: id, Name: string(id), Teams: []string{"billing"}[:min(len(roster), 1)], Phone: phoneOf(id)})
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.breaker = phone.NewBreaker(func() time.Time { return w.at(w.now) }, w.rng.Float64)
	service := w.service
	if w.plant.alwaysOpen {
		service.Hours = agent.Hours{}
	}
	d, err := desk.New(p.ctx, desk.Config{
		Store: w.plant.store(&shelf{w.shelves, p, p.life}), Phone: w.plant.phone(line{p}), Feed: nobody{}, Account: account, Recovery: !w.tutorial,
		Shared: len(w.processes) > 1,
		Rules:  desk.Rules{Service: service, PrivateListening: true, Outside: germany(), Announcements: map[string]string{"": w.announcement()}}, Roster: roster, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return w.at(w.now) },
	})
	if err != nil {
		panic(err)
	}
	p.desk, p.turnAt = d, -1
	w.tell("", "desk %d is up", p.number+1)
	for _, l := range w.alive {
		if l.dead { // the desk has to find out by itself that a page is silent
			l.customer.excuse(w, w.linkTime())
		}
	}
	for _, who := range w.people {
		if who.at == nil || who.at.desk == nil || who.at == p {
			who.reconnects()
		}
	}
}

// turn gives the desk its turn.
func (p *process) turn() {
	d, w := p.desk, p.w
	if d == nil {
		return
	}
	ctx := p.ctx
	carry, next := d.Turn(ctx)
	if p.desk != d {
		return // killed over it
	}
	for _, job := range carry {
		p.spawn(ctx, job)
	}
	at := next.Sub(base()) - w.skew
	if at != p.turnAt {
		p.turnAt = at
		w.in(at-w.now, func() {})
	}
}

// spawn starts an action: it runs until it waits for the carrier.
func (p *process) spawn(ctx context.Context, job func(context.Context)) {
	co := &carrying{}
	co.next, co.stop = iter.Pull(func(yield func(struct{}) bool) {
		co.yield = yield
		job(context.WithValue(ctx, carryingKey{}, co))
	})
	p.running = append(p.running, co)
	co.next()
}

// kill ends the desk as kill -9 does: what it was about to do is not done.
func (p *process) kill() {
	w := p.w
	p.life++
	p.desk = nil
	p.cancel()
	away := w.between(0, 120*time.Second)
	if w.rng.IntN(2) == 0 {
		away = w.between(0, 2*time.Second)
	}
	away = max(min(away, activeTime-w.now), 0)
	p.back = w.now + away
	quiet := away
	for _, other := range w.processes {
		switch {
		case other == p:
		case other.desk != nil:
			quiet = min(quiet, call.Lease) // it takes up what was under way
		default:
			quiet = min(quiet, other.back-w.now)
		}
	}
	w.excuseAll(quiet + downTime)
	w.tell("", "desk %d is down for %s", p.number+1, seconds(away))
	w.in(away, p.revive)
	for _, who := range w.people {
		if who.at == p {
			who.reconnects()
		}
	}
}

// reap ends the actions of a desk that is dead; they cannot end themselves.
func (p *process) reap() {
	if p.desk != nil && len(p.running) < 64 {
		return
	}
	if p.desk == nil {
		for _, co := range p.running {
			co.stop()
		}
		p.running = nil
		return
	}
	p.running = slices.DeleteFunc(p.running, func(co *carrying) bool { return co.done })
}

// stop ends what is under way.
func (p *process) stop() {
	p.desk = nil
	p.cancel()
	p.reap()
}

// reached is the process that somebody's request comes to; nil: none answers. Of
// two, the one that is down is given up for the other, though not always at once.
func (w *world) reached() *process {
	p := w.processes[0]
	if len(w.processes) > 1 {
		p = w.processes[w.rng.IntN(len(w.processes))]
		if p.desk == nil && w.rng.IntN(4) > 0 {
			p = w.up()
		}
	}
	if p == nil || p.desk == nil {
		return nil
	}
	return p
}

// up is a process whose desk is at work; nil: none.
func (w *world) up() *process {
	for _, p := range w.processes {
		if p.desk != nil {
			return p
		}
	}
	return nil
}

// overtaken lets the other desk take a step of the same call now and then between
// this desk's loading it and its saving it.
func (w *world) overtaken(by *process, id call.ID) {
	if len(w.processes) < 2 || w.calm || w.overtaking || w.rng.IntN(12) > 0 || !w.chosen() {
		return
	}
	second := w.processes[1-by.number]
	c, ok := w.known[id]
	if second.desk == nil || !ok {
		return
	}
	w.overtaking = true
	defer func() { w.overtaking = false }()
	who := w.somebody()
	allowed := call.Allowed(c, who.id)
	allowed = slices.DeleteFunc(allowed, func(k call.RequestKind) bool { return k == call.End || w.thinksBetter(&c, k) })
	if len(allowed) == 0 {
		_, _ = second.desk.Fact(second.ctx, id, call.Doubted{}, nil) // an error is this desk's good luck
		return
	}
	kind := allowed[w.rng.IntN(len(allowed))]
	_, err := second.desk.Request(second.ctx, desk.Request{Call: id, Kind: kind, By: who.id, To: other(w.rng, who.id)})
	w.tellCall(id, "meanwhile at desk %d %s asks %s: %v", second.number+1, who.id, kind, err)
}
