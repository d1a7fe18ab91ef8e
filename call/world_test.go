package call

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"warmdesk/agent"
)

// anything lets one thing happen.
func (w *world) anything() {
	who := pick(w, "who", everybody...)
	switch pick(w, "what",
		"request", "request", "request", "offer", "offer", "phone", "phone", "phone", "phone",
		"deliver", "deliver", "deliver", "deliver", "deliver", "lose", "carry", "carry", "carry", "carry", "carry", "carry", "carry",
		"wake", "wake", "wait", "page", "page", "page", "customer", "unserved", "unserved", "unserved", "lead", "lead", "desk", "nonsense") {
	case "request":
		w.request(who)
	case "offer":
		_ = w.step(Offered{Agent: who, Phone: w.anyPhone()})
		if all := candidates(&w.c); len(all) > 0 {
			_ = w.step(Sought{Candidate: pick(w, "sought", append(all, Candidate{})...), Phone: w.anyPhone()})
		}
	case "phone":
		w.phone()
	case "deliver":
		w.deliver()
	case "lose":
		if len(w.mail) > 0 {
			w.mail = w.mail[1:]
		}
	case "carry":
		if len(w.todo) > 0 {
			w.carry(pick(w, "action", upTo(len(w.todo))...))
		}
	case "wake":
		if at := Wake(w.c, w.now); !at.IsZero() {
			w.advance(at)
			_ = w.step(TimePassed{Generation: w.c.Generation})
		}
	case "wait":
		w.advance(w.now.Add(time.Duration(rapid.IntRange(0, 12000).Draw(w.rt, "ms")) * time.Millisecond))
		_ = w.step(TimePassed{Generation: w.c.Generation - pick(w, "stale", 0, 1)})
	case "page":
		w.page(who)
	case "customer":
		w.customer()
	case "unserved":
		w.unserved()
	case "lead":
		w.lead()
	case "desk":
		_ = w.step(pick[Event](w, "desk", Doubted{}, Resumed{Began: w.now}, SelfMuted{Agent: who, Muted: true}))
	case "nonsense":
		_ = w.step(pick[Event](w, "fact",
			Arrived{Call: "c", SID: "CA1"}, LegMoved{Leg: "c-99", SID: "CA99", Status: Over, Seq: 9}, LegMoved{Leg: "c-1", SID: "CA99", Status: Over, Seq: 9},
			RoomMoved{SID: "CA99", RoomSID: w.k.room, Seq: 999, Move: Left}, RoomOver{RoomSID: "CF99", Seq: 1}, AskedAgain{SID: "CA99"},
			Result{Key: "dial:c-99", Attempt: 1, Verdict: Done}, Result{Key: "nonsense", Verdict: Refused},
		))
	}
}

// customer lets the customer's page come back, lost or not, or press End.
func (w *world) customer() {
	if w.c.Stage != Awaiting && w.chance(8, "end") {
		_ = w.step(CustomerLeft{})
		return
	}
	w.returns(pick(w, "key", "k", "k", "k", "other", ""))
}

// returns lets the customer's page dial with a key.
func (w *world) returns(key string) {
	p := w.k.dial(LegID(fmt.Sprintf("c-%d", w.c.LegSeq+1)), false)
	p.status = Answered
	_ = w.step(Arrived{Account: "AC1", SID: p.sid, Return: key})
	if l := w.c.LegBySID(p.sid); l == nil {
		w.k.parties = w.k.parties[:len(w.k.parties)-1]
		return
	}
	w.obeys(p, DocumentFor(w.c, p.leg))
}

// unserved lets nobody be there for the customer, and the customer do something
// about it: mostly what they were asked last.
func (w *world) unserved() {
	p := w.k.party(w.c.CustomerLeg().SID)
	question := pick(w, "question", p.question, p.question, p.question, w.c.Choice.Question, 1)
	says := func(e Event) {
		_ = w.step(e)
		if p.status == Answered && !p.in && !w.chance(5, "the answer is lost") {
			w.obeys(p, DocumentFor(w.c, legID(w.c.LegBySID(p.sid))))
		}
	}
	switch pick(w, "unserved", "ask", "press", "press", "press", "message", "told", "page", "rates") {
	case "ask":
		if at, ok := w.c.AskableFrom(); ok && !w.chance(4, "too early") {
			w.advance(later(w.now, at))
		}
		_ = w.step(Unattended{Why: pick(w, "why", agent.Closed, agent.Nobody, agent.Long)})
	case "press":
		says(Chose{SID: p.sid, Question: question, Digits: pick(w, "digits", "1", "1", "2", "2", "7", "", "0301234567")})
	case "message":
		e := w.message(p, question)
		e.Asks = true
		says(e)
	case "told":
		_ = w.step(w.message(p, question))
	case "page":
		_ = w.step(CallMeBack{Number: pick(w, "number", "+49301234567", "12")})
	case "rates":
		_ = w.step(Rate{Stars: pick(w, "stars", 0, 1, 5)})
	}
}

func (w *world) message(p *party, question int) Recorded {
	return Recorded{
		SID: p.sid, Question: question, RecordingSID: pick(w, "recording", "", "RE1", "RE1", "RE2"),
		Length: pick(w, "length", -1, 0, time.Second, time.Minute),
	}
}

// page lets somebody's page be back, mostly the one that is missed, or miss a
// call it should have.
func (w *world) page(who agent.ID) {
	switch pick(w, "page", "back", "gone", "tells", "link gone", "link gone", "link back", "ring lost") {
	case "back":
		_ = w.step(AgentBack{Agent: pick(w, "back", w.c.Owner, w.c.LostAgent, who), Key: "key"})
		return
	case "tells":
		if l := w.c.AgentLeg(who); l != nil {
			_ = w.step(SelfMuted{Agent: who, SID: l.SID})
		}
		return
	case "link gone":
		_ = w.step(LinkGone{Agent: who})
		return
	case "link back":
		_ = w.step(LinkBack{Agent: who})
		return
	case "ring lost":
		if l := w.c.AgentLeg(who); l != nil {
			_ = w.step(SelfMuted{Agent: who, SID: l.SID})
		}
		_ = w.step(RingLost{Agent: who})
		return
	}
	gone := AgentGone{Agent: who, Fresh: w.chance(2, "fresh")}
	if l := w.c.AgentLeg(who); l != nil && w.chance(2, "live") {
		gone.Live = l.SID
	}
	_ = w.step(gone)
}

// lead lets somebody who looks after the others ask for something.
func (w *world) lead() {
	if w.chance(8, "reload") {
		_ = w.step(AgentGone{Agent: "mia", Fresh: true})
		return
	}
	r := Request{By: "mia", Lead: !w.chance(6, "no lead"), To: pick(w, "to", everybody...), Free: !w.chance(5, "busy"), Key: "key", Private: w.chance(2, "private")}
	if slices.ContainsFunc(Claims(w.c), func(c Claim) bool { return c.Agent == r.To }) {
		r.Free = false
	}
	if kinds := slices.DeleteFunc(AllowedLead(w.c, r.By, r.Private), func(k RequestKind) bool { return k == End }); len(kinds) > 0 {
		r.Kind = pick(w, "lead asks", kinds...)
		_ = w.step(r)
	}
}

// request asks what is allowed, mostly.
func (w *world) request(by agent.ID) {
	by = pick(w, "by", by, w.c.Owner, w.c.Owner, w.c.Target, w.c.Former)
	r := Request{By: by, To: pick(w, "to", append([]agent.ID{"", "+4930123456"}, everybody...)...), Free: !w.chance(5, "busy"), Phone: w.anyPhone()}
	if slices.ContainsFunc(Claims(w.c), func(c Claim) bool { return c.Agent == r.To }) {
		r.Free = false
	}
	if w.chance(3, "several") {
		r.Sought = pick(w, "sought", []Address{{ToTeam, "billing"}}, []Address{{ToAgent, "ben"}, {ToAgent, "cy"}}, []Address{{ToAgent, "cy"}, {ToTeam, "billing"}, {ToAgent, "ana"}})
		r.As = r.Sought[0]
		if r.As.Kind == ToAgent {
			r.To = agent.ID(r.As.Value)
		}
	}
	kinds := Allowed(w.c, by)
	if w.chance(8, "whatever") {
		kinds = append(kinds, built()...)
	} else {
		kinds = slices.DeleteFunc(kinds, func(k RequestKind) bool { return k == End })
	}
	if len(kinds) > 0 {
		r.Kind = pick(w, "kind", kinds...)
		_ = w.step(r)
	}
}

// phone lets one party do something at the carrier.
func (w *world) phone() {
	var live []*party
	for _, p := range w.k.parties {
		if p.status != Over {
			live = append(live, p)
		}
	}
	if len(live) == 0 {
		return
	}
	p := pick(w, "party", live...)
	switch {
	case p.status < Answered && w.chance(3, "rings"):
		w.post(w.k.move(p, Ringing, NoOutcome))
	case p.status < Answered && !w.chance(4, "does not answer"):
		w.post(w.k.move(p, Answered, NoOutcome))
		p.by = pick(w, "answers", NotHeard, NotHeard, Person, Machinery)
		w.enter(p)
	case p.outside == AskAccept && p.status == Answered && !w.chance(4, "no key"):
		_ = w.step(KeyPressed{SID: p.sid, Digits: pick(w, "key", "1", "1", "1", "5", "")})
		w.obeys(p, DocumentFor(w.c, legID(w.c.LegBySID(p.sid))))
	case w.chance(3, "falls out"):
		w.post(w.k.leave(p))
		if p.status == Answered {
			w.enter(p)
		}
	case w.chance(6, "all fall out"):
		w.fellOut(w.k.endRoom())
	case p.agent || w.chance(6, "customer leaves"):
		w.post(w.k.move(p, Over, pick(w, "outcome", Completed, Busy, NoAnswer, Failed, Unreachable)))
	}
}

// fellOut posts the end of a conference and lets those who fell out ask.
func (w *world) fellOut(facts []Event) {
	for _, f := range facts {
		if a, ok := f.(AskedAgain); ok {
			w.enter(w.k.party(a.SID))
			continue
		}
		w.post([]Event{f})
	}
}

// enter lets an answered leg do as it is told, mostly.
func (w *world) enter(p *party) {
	if w.chance(10, "lost on the way") {
		_ = w.step(question(p))
		return
	}
	w.admit(p)
}

func (w *world) post(facts []Event) { w.mail = append(w.mail, facts...) }

// deliver hands over one callback, any of them, perhaps twice or again later.
func (w *world) deliver() {
	if len(w.mail) == 0 {
		return
	}
	i := pick(w, "callback", upTo(len(w.mail))...)
	e := w.mail[i]
	if !w.chance(5, "again later") {
		w.mail = slices.Delete(w.mail, i, i+1)
	}
	_ = w.step(e)
}

// anyPhone is where somebody is rung: mostly at their browser.
func (w *world) anyPhone() string { return pick(w, "phone", "", "", "", "+4930111111") }

// carry does one action, or fails at it.
func (w *world) carry(i int) {
	a := w.todo[i]
	w.todo = slices.Delete(w.todo, i, i+1)
	bad := Result{Key: a.Key, Kind: a.Kind, Attempt: a.Attempt, Why: "trouble"}
	switch pick(w, "verdict", "done", "done", "done", "done", "done", "done", "lost", "unknown", "later", "refused") {
	case "done":
		r, facts := w.carryOut(a)
		w.post(facts)
		_ = w.step(r)
		return
	case "lost":
		_, facts := w.carryOut(a)
		w.post(facts)
		bad.Verdict = Unknown
	case "unknown":
		bad.Verdict = Unknown
	case "later":
		bad.Verdict = TryBack
	case "refused":
		bad.Verdict = Refused
	}
	_ = w.step(bad)
}

// advance lets time pass. What is under way is over before its lease is.
func (w *world) advance(to time.Time) {
	for i := 0; i < len(w.todo); {
		if s := w.todo[i]; to.Sub(s.at) > restTime {
			w.now = later(w.now, s.at.Add(restTime))
			w.carry(i)
			i = 0
			continue
		}
		i++
	}
	w.now = later(w.now, to)
}

// candidates are those routing may find for a call that seeks. Who has a leg is
// claimed.
func candidates(c *Call) []Candidate {
	var all []Candidate
	for _, as := range c.Seeking {
		for _, id := range everybody {
			claimed := slices.ContainsFunc(Claims(*c), func(claim Claim) bool { return claim.Agent == id })
			if !claimed && (as.Kind == ToTeam || as.Value == string(id)) {
				all = append(all, Candidate{id, as})
			}
		}
	}
	return all
}
