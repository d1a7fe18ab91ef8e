package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// ErrNoAgent: the roster has no such agent.
var ErrNoAgent = errors.New("no such agent")

// PongTime is how long a page may leave a ping unanswered and still count as
// reachable (transfer.md, Reachable).
const PongTime = 10 * time.Second

// page is the one page an agent works in, as its socket tells us.
type page struct {
	id         string
	registered bool
	heard      time.Time
	// sockets counts how many it has: one that is broken may be noticed after the
	// next has come.
	sockets int
	line    line
}

// line is what a page has said of the call its phone is in; empty for none.
type line struct {
	sid string
	// unsure: at since the rulebook had just heard of a line that the page did not
	// name, and perhaps did not believe it. It is said again.
	unsure bool
	since  time.Time
}

// Page is what an open page of an agent tells the desk.
type Page struct {
	ID   string
	Live string // CallSid of the call its phone is in; empty for none
	// Age is since when the page has been loaded: it cannot have answered what was
	// answered before. 0: not known.
	Age time.Duration
}

// PageOpened: a page said hello. A page we have not met that has no live call
// means that what its agent was in is lost.
func (d *Desk) PageOpened(ctx context.Context, id agent.ID, p Page) error {
	d.mu.Lock()
	if _, ok := d.people[id]; !ok {
		d.mu.Unlock()
		return ErrNoAgent
	}
	now, next := d.now(), page{id: p.ID}
	known := d.pages[id].id == p.ID
	if known {
		next = d.pages[id]
	}
	fresh := d.met[id] != "" && d.met[id] != p.ID
	next.heard, next.sockets = now, next.sockets+1
	d.pages[id] = next
	suspect := d.hear(id, now)
	d.seat(id)
	d.mu.Unlock()
	if !known {
		d.refresh(ctx) // another desk may have given the agent a call this moment
	}
	if !known || suspect != "" {
		gone := call.AgentGone{Agent: id, Live: p.Live, Fresh: fresh}
		if p.Age > 0 {
			gone.Loaded = now.Add(-p.Age)
		}
		for _, c := range d.callsOf(id) {
			if _, err := d.Fact(ctx, c.ID, gone, nil); err != nil {
				d.PageClosed(id, p.ID) // its next hello is the first one again
				return fmt.Errorf("lost line of %s: %w", id, err)
			}
		}
	}
	d.mu.Lock()
	d.met[id] = p.ID
	d.mu.Unlock()
	d.said(id, p.ID, line{sid: p.Live, since: now, unsure: d.hasOther(id, p.Live)})
	d.seen()
	return nil
}

// PageHeard: any word from the page, a pong too.
func (d *Desk) PageHeard(id agent.ID, pageID string) {
	now := d.now()
	d.mu.Lock()
	was := d.pageUp(id, now)
	suspect := call.ID("")
	if p, ok := d.pages[id]; ok && p.id == pageID {
		p.heard = now
		d.pages[id] = p
		d.seat(id)
		suspect = d.hear(id, now)
		d.sayAgain(id, p, now)
	}
	is := d.pageUp(id, now)
	d.mu.Unlock()
	if suspect != "" {
		d.steps.add(func(ctx context.Context) { d.tellLink(ctx, suspect, call.LinkBack{Agent: id}) })
	}
	if was != is {
		d.seen() // out of reach for a while, and back: somebody may be waiting
	}
}

// PageDevice: the page's phone is registered with the carrier, or no longer.
func (d *Desk) PageDevice(ctx context.Context, id agent.ID, pageID string, registered bool) {
	d.mu.Lock()
	p, ok := d.pages[id]
	fresh := ok && p.id == pageID && registered && !p.registered
	if ok && p.id == pageID {
		p.registered, p.heard = registered, d.now()
		d.pages[id] = p
		d.seat(id)
	}
	d.mu.Unlock()
	d.seen()
	if registered {
		for _, c := range d.callsOf(id) {
			d.fetchBack(c, d.now(), fresh)
		}
	}
}

// PageClosed: the socket is gone. The agent is not reachable until it is back;
// what they are in goes on, audio needs no socket.
func (d *Desk) PageClosed(id agent.ID, pageID string) {
	d.mu.Lock()
	if p, ok := d.pages[id]; ok && p.id == pageID {
		p.sockets--
		d.pages[id] = p
		if p.sockets < 1 {
			delete(d.pages, id)
			d.left[id] = d.now()
		}
		d.seat(id)
	}
	d.mu.Unlock()
	d.seen()
}

// TokenFetched: the agent took a browser token. Without a page of ours that is
// the tutorial's way of becoming available.
func (d *Desk) TokenFetched(ctx context.Context, id agent.ID, until time.Time) error {
	d.mu.Lock()
	_, open := d.pages[id]
	d.mu.Unlock()
	if open {
		return nil
	}
	return d.stepAgent(ctx, id, agent.TokenFetched{Until: until})
}

// SetPresence is the agent's own choice. agent.ErrPresence, ErrNoAgent.
func (d *Desk) SetPresence(ctx context.Context, id agent.ID, p agent.Presence, reason string) error {
	return d.stepAgent(ctx, id, agent.PresenceAsked{Presence: p, Reason: reason})
}

// NewsPresenceSet tells an agent that a lead, Agent, has set their presence, Why.
const NewsPresenceSet call.NewsKind = "presence_set"

// SetPresenceOf is a lead's choice for an agent, who is told. agent.ErrPresence, ErrNoAgent.
func (d *Desk) SetPresenceOf(ctx context.Context, id agent.ID, p agent.Presence, reason string, by agent.ID) error {
	if err := d.SetPresence(ctx, id, p, reason); err != nil {
		return err
	}
	d.mu.Lock()
	d.keep(id, Told{ID: newKey()[:8], News: call.News{Kind: NewsPresenceSet, Agent: by, Why: string(p)}, At: d.now()})
	d.mu.Unlock()
	d.seen()
	return nil
}

// TakeBreak is away for so long, or until the agent says otherwise. agent.ErrBreak,
// ErrNoAgent.
func (d *Desk) TakeBreak(ctx context.Context, id agent.ID, length time.Duration, reason string) error {
	return d.stepAgent(ctx, id, agent.PresenceAsked{Presence: agent.Away, Reason: reason, For: length})
}

// SetByPhone is the agent's wish to have calls by telephone, or at the browser
// again. agent.ErrNoPhone, ErrNoAgent.
func (d *Desk) SetByPhone(ctx context.Context, id agent.ID, on bool) error {
	return d.stepAgent(ctx, id, agent.PhoneAsked{On: on})
}

// SetNext is what the agent wants to be after the present call; without one, at
// once. agent.ErrPresence, ErrNoAgent.
func (d *Desk) SetNext(ctx context.Context, id agent.ID, p agent.Presence, reason string) error {
	d.mu.Lock()
	busy := d.claims[id] != ""
	d.mu.Unlock()
	return d.stepAgent(ctx, id, agent.NextAsked{Presence: p, Reason: reason, Busy: busy})
}

// finishWrapUp is the agent's word that nothing is left to write down of a call.
func (d *Desk) finishWrapUp(ctx context.Context, id agent.ID, of call.ID) (ok bool, err error) {
	d.mu.Lock()
	wrapping := d.people[id].Presence == agent.WrapUp && d.people[id].WrapCall == string(of)
	d.mu.Unlock()
	if !wrapping {
		return false, nil
	}
	return true, d.stepAgent(ctx, id, agent.WrapUpOver{Early: true})
}

func (d *Desk) stepAgent(ctx context.Context, id agent.ID, e agent.Event) error {
	d.rosterMu.Lock()
	defer d.rosterMu.Unlock()
	d.freshRoster(ctx)
	d.mu.Lock()
	a, ok := d.people[id]
	d.mu.Unlock()
	if !ok {
		return ErrNoAgent
	}
	next, err := agent.Step(a, e, d.now())
	if err != nil {
		return err
	}
	if err := d.store.SaveAgents(ctx, next); err != nil {
		return fmt.Errorf("save agent %s: %w", id, err)
	}
	d.mu.Lock()
	d.people[id] = next
	d.seat(id)
	d.attend()
	d.mu.Unlock()
	signal(d.rewake) // the time after a call may have begun or ended
	d.seen()
	return nil
}

// seen: what people see of each other has changed.
func (d *Desk) seen() {
	d.mu.Lock()
	d.version++
	d.mu.Unlock()
	d.feed.Changed()
	d.route()
}

func (d *Desk) callsOf(id agent.ID) []call.Call {
	d.mu.Lock()
	defer d.mu.Unlock()
	var calls []call.Call
	for _, c := range d.live {
		if supervises, _ := call.WatchOf(*c, id); c.Owner == id || c.Target == id || c.LostAgent == id || supervises != nil {
			calls = append(calls, *c)
		}
	}
	slices.SortFunc(calls, func(a, b call.Call) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return calls
}

// fetchBack rings a lost agent whose page is there again. It only tells the
// rulebook, which knows whether anybody is missing.
func (d *Desk) fetchBack(c call.Call, now time.Time, fresh bool) {
	lost := c.Missing(now)
	if lost == "" || c.AgentLeg(lost) != nil || !d.pageReady(lost, now) {
		return
	}
	d.steps.add(func(ctx context.Context) {
		_, err := d.Fact(ctx, c.ID, call.AgentBack{Agent: lost, Key: newKey(), Fresh: fresh}, nil)
		if err != nil && ctx.Err() == nil && !errors.Is(err, ErrConflict) { // conflict: on another call by now
			d.log.Error("fetch agent back", "call", c.ID, "agent", lost, "err", err)
			d.again(c.ID)
		}
	})
}

// pageReady: the agent has a page whose phone is registered. Only such a page
// accepts a rejoin by itself.
func (d *Desk) pageReady(id agent.ID, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.pageUp(id, now)
}

// pageHere: the agent has a page, whatever it has said of its phone.
func (d *Desk) pageHere(id agent.ID, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.pages[id]
	return ok && now.Before(p.heard.Add(PongTime))
}

func (d *Desk) pageUp(id agent.ID, now time.Time) bool { return now.Before(d.pageUntil(id)) }

// pageUntil is when an agent's page counts as out of reach if nothing more is
// heard of it; zero: it is so now. The caller holds d.mu.
func (d *Desk) pageUntil(id agent.ID) time.Time {
	p, ok := d.pages[id]
	if !ok || !p.registered {
		return time.Time{}
	}
	return p.heard.Add(PongTime)
}

// reachableUntil also counts a client without a page while its token lasts, and whoever
// has their calls by phone. The
// caller holds d.mu.
func (d *Desk) reachableUntil(a agent.Agent) time.Time {
	if a.RungAt() != "" {
		return always()
	}
	if _, open := d.pages[a.ID]; open {
		return d.pageUntil(a.ID)
	}
	return a.TokenUntil
}

// elsewhere reports whether an agent's page may be at another desk. The caller
// holds d.mu.
func (d *Desk) elsewhere(id agent.ID, now time.Time) bool {
	_, open := d.pages[id]
	return d.shared && !open && !now.Before(d.left[id].Add(leftTime))
}

// leftTime is how long whoever closed a page here is not looked for at another
// desk: a reload takes some seconds.
const leftTime = 30 * time.Second

// PageOf names the page an agent works in now.
func (d *Desk) PageOf(id agent.ID) (pageID string, open bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.pages[id]
	return p.id, ok
}

// Microphone: a page tells whether its agent can speak.
func (d *Desk) Microphone(ctx context.Context, id agent.ID, works bool) error {
	d.mu.Lock()
	a := d.people[id]
	d.mu.Unlock()
	e := agent.Microphone{Works: works, Busy: d.hasOther(id, "")}
	if next, err := agent.Step(a, e, d.now()); err != nil || next.Same(a) {
		return err // pages say it again with every hello
	}
	return d.stepAgent(ctx, id, e)
}
