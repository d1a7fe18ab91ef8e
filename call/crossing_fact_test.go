package call

import (
	"fmt"
	"time"

	"warmdesk/agent"
)

// fact is something that can happen to a call as it stands.
type fact struct {
	name   string
	before func(*crossWorld) // leads up to it in every order
	happen func(*crossWorld) // it happens: what is told of it waits in the post
	// told: the carrier does it and tells later, so that what was asked meanwhile
	// may have been carried out before we hear of it.
	told bool
}

// factsAt lists everything that can happen to a call just now.
func factsAt(w *crossWorld) []fact {
	var list []fact
	for _, p := range w.k.parties {
		if p.status != Over {
			list = append(list, phoneFacts(w, p)...)
		}
	}
	for _, a := range w.todo {
		list = append(list, answerFacts(w, a)...)
	}
	for _, id := range everybody {
		list = append(list, pageFacts(w, id)...)
	}
	return append(list, deskFacts(w)...)
}

// phoneFacts is what one party can do.
func phoneFacts(w *crossWorld, p *party) []fact {
	sid, name := p.sid, w.name(p)
	does := func(what string, f func(*crossWorld, *party)) fact {
		return fact{name: name + " " + what, told: true, happen: func(n *crossWorld) { f(n, n.k.party(sid)) }}
	}
	over := func(what string, o Outcome) fact {
		return does(what, func(n *crossWorld, p *party) { n.post(n.k.move(p, Over, o)) })
	}
	var list []fact
	switch {
	case p.status < Answered:
		if p.status < Ringing {
			list = append(list, does("rings", func(n *crossWorld, p *party) { n.post(n.k.move(p, Ringing, NoOutcome)) }))
		}
		return append(list,
			does("answers", func(n *crossWorld, p *party) {
				n.post(n.k.move(p, Answered, NoOutcome))
				n.admit(p)
			}),
			does("answers, and is on the way", func(n *crossWorld, p *party) { n.post(n.k.move(p, Answered, NoOutcome)) }),
			over("is busy", Busy), over("does not answer", NoAnswer), over("fails", Failed), over("is unreachable", Unreachable))
	case p.in:
		list = append(list, does("falls out and asks again", func(n *crossWorld, p *party) {
			n.post(n.k.leave(p))
			n.admit(p)
		}))
		list = append(list, does("falls out and does not ask", func(n *crossWorld, p *party) { n.post(n.k.leave(p)) }))
	default:
		list = append(list, does("asks what to do", func(n *crossWorld, p *party) { n.admit(p) }))
		list = append(list, outsideFacts(p, does)...)
	}
	for _, t := range p.tracks {
		list = append(list, fact{name: "the recording is complete", told: true, happen: func(n *crossWorld) { n.post(n.k.recorded(n.k.party(sid))) }})
		if t.Status == TrackRunning {
			list = append(list, fact{name: "the recording began, says the callback", happen: func(n *crossWorld) {
				n.post([]Event{TrackMoved{SID: sid, Track: t.SID, Status: TrackRunning}})
			}})
		}
	}
	return append(list, over("hangs up", Completed))
}

// outsideFacts is what a customer can do who is asked what else they want.
func outsideFacts(p *party, does func(string, func(*crossWorld, *party)) fact) []fact {
	question := p.question
	says := func(what string, e func(sid string) Event) fact {
		return does(what, func(n *crossWorld, p *party) {
			_ = n.step(e(p.sid))
			n.obeys(p, DocumentFor(n.c, legID(n.c.LegBySID(p.sid))))
		})
	}
	press := func(digits string) fact {
		return says("presses "+digits, func(sid string) Event { return Chose{SID: sid, Question: question, Digits: digits} })
	}
	message := Recorded{Question: question, RecordingSID: "RE1", Length: time.Second}
	tells := func(what string, length time.Duration) fact {
		return does(what, func(n *crossWorld, p *party) {
			e := message
			e.SID, e.Length = p.sid, length
			n.post([]Event{e})
		})
	}
	switch p.outside {
	case AskKey:
		return []fact{press("1"), press("2"), press("7")}
	case AskNumber:
		return []fact{press("0301234567"), press("1")}
	case AskAccept:
		key := func(digits string) fact {
			return says("presses "+digits, func(sid string) Event { return KeyPressed{SID: sid, Digits: digits} })
		}
		return []fact{key("1"), key("2")}
	case AskMessage:
		return []fact{
			says("leaves a message", func(sid string) Event {
				e := message
				e.SID, e.Asks = sid, true
				return e
			}),
			tells("has left a message, says the callback", time.Second), tells("has said nothing, says the callback", 0),
		}
	}
	return nil
}

// answerFacts is how an action under way can end.
func answerFacts(w *crossWorld, a sent) []fact {
	key, what := a.Key, string(a.Kind)
	if l := w.c.Leg(a.Leg); l != nil {
		what += " " + w.nameOf(l)
	}
	ends := func(how string, f func(*crossWorld, sent) Result) fact {
		return fact{name: what + ": " + how, told: true, happen: func(n *crossWorld) {
			a := n.takeOut(key)
			n.post([]Event{f(n, a)})
		}}
	}
	says := func(v Verdict) func(*crossWorld, sent) Result {
		return func(_ *crossWorld, a sent) Result {
			return Result{Key: a.Key, Kind: a.Kind, Attempt: a.Attempt, Verdict: v, Why: "trouble"}
		}
	}
	done := func(n *crossWorld, a sent) Result {
		r, facts := n.carryOut(a)
		n.post(facts)
		return r
	}
	list := []fact{
		ends("done", done),
		ends("done, the answer lost", func(n *crossWorld, a sent) Result { done(n, a); return says(Unknown)(n, a) }),
		ends("not done, unknown", says(Unknown)),
		ends("refused", says(Refused)),
		ends("not now", says(TryBack)),
		{name: what + ": done, the answer late", told: true, happen: func(n *crossWorld) {
			n.late = append(n.late, done(n, n.takeOut(key)))
		}},
	}
	switch a.Kind {
	case Dial:
		return append(list, ends("done twice", func(n *crossWorld, a sent) Result {
			r := done(n, a)
			n.post(n.k.move(n.k.dial(a.Leg, true), Ringing, NoOutcome))
			return r
		}))
	case Look, Find, LookRecordings:
		return list
	}
	// Missing is true: the leg has ended, or has left the room, and nobody told.
	list = append(list, ends("missing, the leg is over", func(n *crossWorld, a sent) Result {
		n.k.move(n.k.party(n.c.Leg(a.Leg).SID), Over, Completed)
		return says(Missing)(n, a)
	}))
	if a.Kind == Hold || a.Kind == Unhold {
		list = append(list, ends("missing, the leg is out of the room", func(n *crossWorld, a sent) Result {
			n.k.leave(n.k.party(n.c.Leg(a.Leg).SID))
			return says(Missing)(n, a)
		}))
	}
	return list
}

// pageFacts is what the page of an agent can say.
func pageFacts(w *crossWorld, id agent.ID) []fact {
	tells := func(what string, e Event) fact {
		return fact{name: string(id) + "'s page " + what, happen: func(n *crossWorld) { n.post([]Event{e}) }}
	}
	l := w.c.AgentLeg(id)
	if l == nil {
		return []fact{tells("is back", AgentBack{Agent: id, Key: "key"})}
	}
	list := []fact{tells("has no such call", AgentGone{Agent: id}), tells("was loaded again", AgentGone{Agent: id, Fresh: true})}
	if l.InRoom {
		list = append(list, tells("is mute", SelfMuted{Agent: id, SID: l.SID, Muted: true}))
		own := func(n *crossWorld) { _ = n.step(SelfMuted{Agent: id, SID: l.SID}) }
		gone := tells("is not heard of", LinkGone{Agent: id})
		gone.before = own
		back := tells("is heard of again", LinkBack{Agent: id})
		back.before = func(n *crossWorld) { own(n); _ = n.step(LinkGone{Agent: id}) }
		list = append(list, gone, back)
	}
	if l.Status < Answered {
		lost := tells("is rung on a page that is gone", RingLost{Agent: id})
		lost.before = func(n *crossWorld) { _ = n.step(SelfMuted{Agent: id, SID: l.SID}) }
		list = append(list, lost)
	}
	return list
}

// deskFacts is what concerns the whole call: time, looks, a restart, routing.
func deskFacts(w *crossWorld) []fact {
	tells := func(what string, e Event) fact {
		return fact{name: what, happen: func(n *crossWorld) { n.post([]Event{e}) }}
	}
	list := []fact{
		tells("a look", Doubted{}),
		tells("dana presses End", CustomerLeft{}),
		tells("the arrival again", Arrived{Call: "c", Account: "AC1", SID: w.c.Room, Recovery: w.c.Recovery}),
		{name: "a restart", happen: func(n *crossWorld) { n.restart(false) }},
	}
	if w.c.Return != "" {
		list = append(list, fact{name: "dana's page comes back", happen: func(n *crossWorld) { n.returns(w.c.Return) }})
	}
	if len(w.todo) > 0 {
		list = append(list, fact{name: "a restart when all was done", happen: func(n *crossWorld) { n.restart(true) }})
	}
	if w.k.room != "" {
		list = append(list, fact{name: "the conference ends", told: true, happen: func(n *crossWorld) { n.endRoom() }})
	}
	if d := w.c.Deadline; !d.IsZero() {
		list = append(list, fact{
			name:   "the deadline",
			before: func(n *crossWorld) { n.goOn(d.Add(-time.Millisecond)) },
			happen: func(n *crossWorld) {
				n.now = later(n.now, d)
				n.post([]Event{TimePassed{Generation: w.c.Generation}})
			},
		})
	}
	if w.c.InLine() {
		for _, id := range everybody {
			list = append(list, tells(fmt.Sprintf("routing chooses %s", id), Offered{Agent: id}))
		}
		list = append(list, tells("dana's page wants a call back", CallMeBack{Number: "+49301234567"}))
	}
	if w.c.Stage == Ending || w.c.Stage == Ended {
		list = append(list, tells("dana's page rates the call", Rate{Stars: 4}))
	}
	if at, ok := w.c.AskableFrom(); ok {
		list = append(list, fact{
			name:   "nobody will serve dana soon",
			before: func(n *crossWorld) { n.goOn(at) },
			happen: func(n *crossWorld) { n.post([]Event{Unattended{Why: agent.Long}}) },
		})
	}
	if w.c.Seeks() {
		list = append(list, tells("routing finds nobody", Sought{}))
		for _, next := range candidates(&w.c) {
			list = append(list, tells(fmt.Sprintf("routing finds %s as %s", next.Agent, next.As), Sought{Candidate: next}))
		}
	}
	return list
}
