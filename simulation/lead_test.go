package simulation

import (
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

// theLead looks after the others in runs with leads, and takes calls as they do.
const theLead agent.ID = "cy"

// leads reports whether somebody may ask for what is for leads.
func (p *person) leads() bool { return p.w.leads && p.id == theLead }

// allowed is what somebody may ask of a call.
func (p *person) allowed(c *call.Call) []call.RequestKind {
	if p.leads() {
		return call.AllowedLead(*c, p.id, true)
	}
	return call.Allowed(*c, p.id)
}

// voice changes whom a supervisor is heard by, one thing at a time. Whom it is to coach
// must be in the same room.
func (w *world) voice(c call.Call, a call.Action, l *leg) call.Verdict {
	if l.room == nil {
		return call.Missing
	}
	w.tell(l.customer.name, "%s: %s", l, a.Kind)
	switch a.Kind {
	case call.Quiet, call.Speak:
		if l.muted = a.Kind == call.Quiet; l.muted {
			w.roomMoved(l, call.MutedNow)
		} else {
			w.roomMoved(l, call.Unmuted)
		}
	case call.Unguide:
		l.coaches = ""
	case call.Guide:
		to := w.leg(call.GuideTo(c, a.Leg))
		if to == nil || to.room != l.room {
			return call.Refused
		}
		l.coaches = to.sid
	}
	return call.Done
}

// audible reports whether a leg in its room hears another one there.
func (l *leg) audible(from *leg) bool {
	return from != l && !from.held && !from.dead && !from.muted && (from.coaches == "" || from.coaches == l.sid)
}

// voice is a supervisor and somebody who truly hears them.
type voice struct{ of, to *leg }

func (w *world) voices() []voice {
	var list []voice
	for _, l := range w.alive {
		if l.purpose != call.Watching || l.room == nil || l.held || !l.room.begun {
			continue
		}
		for _, to := range l.room.in {
			if !to.held && !to.dead && to.audible(l) {
				list = append(list, voice{l, to})
			}
		}
	}
	return list
}

// wanted reports whether a state of the call wants somebody to hear a supervisor: all
// do who are there when one has joined, and who is coached does alone.
func wanted(c *call.Call, v voice) bool {
	for _, watch := range c.Watches {
		if l := c.Leg(watch.Leg); l == nil || l.SID != v.of.sid {
			continue
		}
		coached := c.Leg(watch.Coach)
		return watch.Mode == call.Joining || watch.Mode == call.Coaching && coached != nil && coached.SID == v.to.sid
	}
	return false
}

// overheard is invariant 3 of supervisors: nobody comes to hear one whom they were not to
// hear when that was decided, nor goes on hearing one whom they are not to hear any more.
func (w *world) overheard() {
	if !w.leads {
		return
	}
	now := map[voice]time.Duration{}
	for _, v := range w.voices() {
		c := v.of.customer
		stored, ok := w.known[c.call]
		if !ok {
			continue
		}
		since, before := w.unwanted[v]
		switch {
		case wanted(&stored, v):
			since = -1
		case !before && w.now <= c.excused && muting(&stored, v):
			since = w.now // who comes in hears what the others do, until the carrier takes the request
		case !before && (w.cause == nil || w.cause.ID != stored.ID || !wanted(w.cause, v)):
			w.fail(3, c, "%s comes to hear the supervisor %s in %s", v.to, v.of, stored.Stage)
		case since < 0 || !before:
			since = w.now
		}
		if now[v] = since; w.overdue(c, since, apartTime) {
			w.fail(3, c, "%s goes on hearing the supervisor %s in %s", v.to, v.of, stored.Stage)
		}
	}
	w.unwanted = now
}

// muting reports whether the carrier is being asked to mute a supervisor, in vain so far.
func muting(c *call.Call, v voice) bool {
	return slices.ContainsFunc(c.Doing, func(d call.Doing) bool {
		l := c.LegBySID(v.of.sid)
		return d.Kind == call.Quiet && l != nil && strings.HasSuffix(d.Key, ":"+string(l.ID))
	})
}

// checkVoices is invariant 6 of supervisors: in peace each is heard by whom they are to
// be heard by.
func (w *world) checkVoices(c *customer, stored *call.Call) {
	for _, watch := range stored.Watches {
		l := stored.Leg(watch.Leg)
		k := w.leg(l.SID)
		if k == nil || k.room == nil {
			continue
		}
		coached := stored.Leg(watch.Coach)
		speaks := watch.Mode == call.Joining || coached != nil && coached.InRoom && !coached.Held
		if k.muted != l.Muted || k.muted == speaks || speaks && (coached == nil) != (k.coaches == "") {
			w.fail(6, c, "the supervisor %s is %s: muted %v, coaches %q", k, watch.Mode, k.muted, k.coaches)
		}
	}
}

// plantedLead are bugs in who hears a supervisor.
func plantedLead() []planted {
	ignores := func(kind call.ActionKind) func(desk.Phone) desk.Phone {
		return breaks(func(_ call.Call, a *call.Action) call.Verdict { return done(a.Kind == kind) })
	}
	return []planted{
		{name: "who listens comes in with a voice", invariant: 3, leads: true, document: func(_ call.Call, d call.Document) call.Document {
			d.Muted = false
			return d
		}},
		{name: "a coach is heard by everybody", invariant: 3, leads: true, wrapPhone: ignores(call.Guide)},
		{name: "who listens again is heard on", invariant: 3, leads: true, wrapPhone: ignores(call.Quiet)},
		{name: "who joins stays a coach", invariant: 6, leads: true, wrapPhone: ignores(call.Unguide)},
		{name: "a lead who is asked for help listens on", invariant: 4, leads: true, wrapPhone: breaks(func(c call.Call, a *call.Action) call.Verdict {
			l := c.Leg(a.Leg)
			return later(a.Kind == call.Hang && l != nil && l.Purpose == call.Watching && c.Target == l.Agent)
		})},
	}
}

// request is what a person asks of their desk.
func (p *person) request(r desk.Request) error {
	r.By, r.Lead = p.id, p.leads()
	_, err := p.desk().Request(p.at.ctx, r)
	return err
}
