package desk

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// Every open page is heard of once in 3 s. The desk knows when each was heard of
// last, and tells the rulebook when one that has a line has not been for
// call.LinkTime. What that means is the rulebook's.

// links is when pages were heard of. Desk.mu guards it.
type links struct {
	heard map[agent.ID]time.Time
	// since is from when silence counts: the desk has to have been there itself.
	since time.Time
	due   time.Time // when they are to be looked at again
	// untold are the lines that pages have told of, and the rulebook has not been
	// told of yet: their CallSids.
	untold map[agent.ID]string
}

// linkLook is how often the pages are looked at; who is later than linkLate was
// away, stopped or asleep.
const (
	linkLook = 3 * time.Second
	linkLate = 2 * time.Second
)

// hear notes that an agent's page was heard of, and tells whether they are
// suspect in the call they have. The caller holds d.mu.
func (d *Desk) hear(id agent.ID, now time.Time) (suspect call.ID) {
	d.links.heard[id] = now
	if c, ok := d.live[d.claims[id]]; ok && call.Suspected(*c, id) {
		return c.ID
	}
	return ""
}

// lostLinks tells the rulebook of pages that have been silent for too long, and
// when to look again.
func (d *Desk) lostLinks(now time.Time) (any bool, next time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shared { // the page may be at the other desk, and heard of there
		return false, time.Time{}
	}
	if now.Before(d.links.due) {
		return false, d.links.due
	}
	if d.links.since.IsZero() || now.After(d.links.due.Add(linkLate)) {
		d.links.since = now
	}
	d.links.due = now.Add(linkLook)
	any = d.tellLines(now)
	var silent []pageLink
	for id, of := range d.claims {
		c, ok := d.live[of]
		if !ok {
			continue
		}
		what, at := d.missed(c, id)
		if what == nil {
			continue
		}
		if !at.After(now) {
			silent = append(silent, pageLink{id, of, what})
			at = now.Add(againTime) // should it not be saved
		}
		d.links.due = earlier(d.links.due, at)
	}
	slices.SortFunc(silent, func(a, b pageLink) int { return strings.Compare(string(a.agent), string(b.agent)) })
	for _, l := range silent {
		d.steps.add(func(ctx context.Context) { d.tellLink(ctx, l.of, l.what) })
	}
	return any || len(silent) > 0, d.links.due
}

// missed is what the rulebook is to be told of an agent's page if nothing is heard of
// it until a time; nil: nothing. The caller holds d.mu.
func (d *Desk) missed(c *call.Call, id agent.ID) (what call.Event, at time.Time) {
	heard := later(d.links.heard[id], d.links.since)
	switch {
	case slices.Contains(call.Watched(*c), id):
		return call.LinkGone{Agent: id}, heard.Add(call.LinkTime)
	case !call.RungOnPage(*c, id):
		return nil, time.Time{}
	}
	if _, open := d.pages[id]; !open {
		return call.RingLost{Agent: id}, later(d.left[id], d.links.since).Add(ringGone)
	}
	return call.RingLost{Agent: id}, heard.Add(PongTime)
}

// ringGone is how long a page that was closed while it rang may take to be back.
const ringGone = 5 * time.Second

// pageLink is the page of an agent who has a line in a call, or is rung, and what is
// to be told of it.
type pageLink struct {
	agent agent.ID
	of    call.ID
	what  call.Event
}

// tellLink tells the rulebook of a page's silence or its end. What cannot be
// saved is told again: at the next look, or when the page is heard of next.
func (d *Desk) tellLink(ctx context.Context, of call.ID, e call.Event) {
	if _, err := d.Fact(ctx, of, e, nil); err != nil && ctx.Err() == nil {
		d.log.Error("note link of a page", "call", of, "err", err)
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// PageLine: a page tells of the line its phone has, or has no longer.
// ErrNotFound when that is in no call of ours.
func (d *Desk) PageLine(ctx context.Context, id agent.ID, pageID, sid string, open, muted bool) error {
	of, err := d.Resolve(ctx, d.account, sid)
	if err != nil {
		return err
	}
	_, err = d.Fact(ctx, of, call.SelfMuted{Agent: id, SID: sid, Muted: muted}, nil)
	if !open {
		sid = ""
	}
	d.said(id, pageID, line{sid: sid})
	d.mu.Lock()
	defer d.mu.Unlock()
	if delete(d.links.untold, id); err != nil && open {
		d.links.untold[id] = sid
		d.links.due = earlier(d.links.due, d.now().Add(againTime))
		signal(d.rewake)
	}
	return err
}

// onPages notes with a dial that the agent has a page here: that is what rings. It
// is saved with the call, because page and desk may both go before the page's word.
func (d *Desk) onPages(c call.Call, actions []call.Action, now time.Time) call.Call {
	var legs []call.LegID
	for _, a := range actions {
		if l := c.Leg(a.Leg); a.Kind == call.Dial && l != nil && l.Phone == "" && d.pageReady(l.Agent, now) {
			legs = append(legs, l.ID)
		}
	}
	if legs == nil {
		return c
	}
	return call.Paged(c, legs...)
}

// tellLines tells the rulebook of lines it could not be told of before. The caller
// holds d.mu.
func (d *Desk) tellLines(now time.Time) (any bool) {
	for _, id := range slices.Sorted(maps.Keys(d.links.untold)) { // in one order
		sid := d.links.untold[id]
		of, known := d.sids[sid]
		if !known {
			delete(d.links.untold, id) // over
			continue
		}
		any = true
		d.links.due = earlier(d.links.due, now.Add(againTime))
		d.steps.add(func(ctx context.Context) {
			if _, err := d.Fact(ctx, of, call.AgentGone{Agent: id, Live: sid}, nil); err != nil {
				return
			}
			d.mu.Lock()
			defer d.mu.Unlock()
			if d.links.untold[id] == sid {
				delete(d.links.untold, id)
			}
		})
	}
	return any
}

// said keeps what an agent's page has said of its line.
func (d *Desk) said(id agent.ID, pageID string, said line) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p, ok := d.pages[id]; ok && p.id == pageID {
		if p.line.unsure {
			said.unsure, said.since = true, p.line.since
		}
		p.line = said
		d.pages[id] = p
	}
}

// hasOther reports whether an agent has an answered line that is not the one
// given; empty: any.
func (d *Desk) hasOther(id agent.ID, live string) bool {
	return slices.ContainsFunc(d.callsOf(id), func(c call.Call) bool {
		l := c.AgentLeg(id)
		return l != nil && l.Status == call.Answered && l.SID != live
	})
}

// sayAgain tells the rulebook once more what a page has said of its line. The
// caller holds d.mu.
func (d *Desk) sayAgain(id agent.ID, p page, now time.Time) {
	if !p.line.unsure || now.Sub(p.line.since) <= call.YoungTime {
		return
	}
	said := p.line
	p.line.unsure = false
	d.pages[id] = p
	d.steps.add(func(ctx context.Context) {
		for _, c := range d.callsOf(id) {
			if _, err := d.Fact(ctx, c.ID, call.AgentGone{Agent: id, Live: said.sid}, nil); err != nil {
				d.said(id, p.id, said)
			}
		}
	})
}
