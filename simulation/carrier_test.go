package simulation

import (
	"fmt"
	"slices"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// leg is a connection as the carrier truly has it.
type leg struct {
	sid      string
	customer *customer // whose call it belongs to
	agent    agent.ID  // empty: the customer's own leg
	id       call.LegID
	purpose  call.Purpose
	created  time.Duration

	status  call.Status
	outcome call.Outcome
	seq     int
	ended   time.Duration
	room    *room
	held    bool
	muted   bool   // nobody hears it
	coaches string // the SID of the leg that alone hears it; empty: whoever is there
	outside string // what it hears outside of any room; empty: nothing
	far     bool   // in another region than the customers
	unsaved bool   // its arrival could not be saved: its document's addresses keep the key (phone.keep)
	dead    bool   // nobody is at the other end, and the carrier does not know yet
	ends    bool   // its leaving ends the conference
	only    bool   // it was told nothing but the room: who is out of it has left the call
	asking  int    // counts questions: only the last one's answer is done
	phone   string // the number that is rung; empty: a page
	machine bool   // an answering machine is at the other end
	by      call.Answerer

	said     call.Event     // what it says, until that is answered
	recorded *call.Recorded // the message that is being left; nil: none
	kept     []call.Message // the messages that were left
	tracks   []call.Track   // what is recorded of the conversation
}

func (l *leg) String() string {
	if l.agent == "" {
		return l.customer.name
	}
	return fmt.Sprintf("%s(%s)", l.agent, l.sid)
}

func (l *leg) over() bool { return l.status == call.Over }

// room is a conference. It begins when two are in it, one of them an agent.
type room struct {
	sid   string
	name  string
	seq   int
	begun bool
	far   bool // in another region than the customers
	in    []*leg
	ended bool
}

// newLeg adds a leg.
func (w *world) newLeg(l leg) *leg {
	l.sid = fmt.Sprintf("CA%d", len(w.legs)+1)
	l.created, l.seq = w.now, -1
	w.legs, w.alive = append(w.legs, &l), append(w.alive, &l)
	return &l
}

func (w *world) leg(sid string) *leg {
	for _, l := range w.legs {
		if l.sid == sid {
			return l
		}
	}
	return nil
}

// progress takes a leg further and tells the desk.
func (w *world) progress(l *leg, s call.Status, o call.Outcome) {
	if s <= l.status {
		return
	}
	if s == call.Over {
		w.stopRecording(l)
		w.leave(l)
		w.recordedOver(l)
		l.ended, l.asking, l.outside, l.outcome = w.now, l.asking+1, "", o
		defer w.overFor(l)
	}
	l.status = s
	w.tell(l.customer.name, "%s: %s %s", l, statusName(s), o)
	if l.agent == "" && s != call.Over {
		return
	}
	l.seq++
	fact := call.LegMoved{Leg: l.id, Account: account, SID: l.sid, Status: s, Outcome: o, Seq: l.seq}
	if l.agent == "" {
		fact.Leg = ""
	}
	w.report(l.customer, fact)
}

func statusName(s call.Status) string {
	return [...]string{"queued", "dialled", "rings", "answered", "over"}[s]
}

// end ends a leg; why says who is responsible.
func (w *world) end(l *leg, o call.Outcome) {
	if l == nil || l.over() {
		return
	}
	w.progress(l, call.Over, o)
	if l.agent == "" && w.rng.IntN(2) == 0 {
		// The <Dial action> of a leg that has ended tells it, too.
		w.report(l.customer, call.LegMoved{Account: account, SID: l.sid, Status: call.Over, Outcome: o, Seq: -1})
	}
}

// overFor is what the end of a leg means for whom it belongs to.
func (w *world) overFor(l *leg) {
	if l.agent == "" {
		l.customer.goneAt = w.now
		if !l.customer.away {
			w.customerOver(l)
		}
		return
	}
	p := w.person(l.agent)
	if p.live == l {
		p.live = nil
	}
	if p.ring == l {
		p.ring = nil
	}
}

// enter puts a leg into the room of this name.
func (w *world) enter(l *leg, name string) {
	if l.over() || l.room != nil {
		return
	}
	var r *room
	for _, known := range w.rooms {
		if known.name == name && !known.ended && known.far == l.far {
			r = known
		}
	}
	if r == nil {
		r = &room{sid: fmt.Sprintf("CF%d", len(w.rooms)+1), name: name, far: l.far}
		w.rooms = append(w.rooms, r)
	}
	l.room, l.held, l.outside = r, false, ""
	r.in = append(r.in, l)
	w.tell(l.customer.name, "%s: in %s", l, r.sid)
	if !r.begun && len(r.in) > 1 && slices.ContainsFunc(r.in, func(o *leg) bool { return o.agent != "" }) {
		r.begun = true
	}
	w.roomMoved(l, call.Joined)
	if !r.begun && l.agent == "" {
		w.in(w.hop(), func() { w.askWait(l) })
	}
}

func (w *world) roomMoved(l *leg, m call.RoomMove) {
	r := l.room
	r.seq++
	w.report(l.customer, call.RoomMoved{SID: l.sid, RoomSID: r.sid, Name: r.name, Seq: r.seq, Move: m, Held: l.held, Muted: l.muted})
}

// leave takes a leg out of its room, which ends with the last one.
func (w *world) leave(l *leg) {
	r := l.room
	if r == nil {
		return
	}
	w.tell(l.customer.name, "%s: out of %s", l, r.sid)
	w.roomMoved(l, call.Left)
	l.room, l.held, l.coaches = nil, false, ""
	r.in = slices.DeleteFunc(r.in, func(o *leg) bool { return o == l })
	if len(r.in) == 0 && !r.ended {
		w.over(r, l.customer)
	}
	if l.ends && !r.ended {
		r.ended = true // nobody's leaving ends it once more
		others := slices.Clone(r.in)
		for _, o := range others {
			w.leave(o)
		}
		w.over(r, l.customer)
		for _, o := range others {
			w.isOut(o)
		}
	}
}

// isOut is a leg that is out of its conference, and not by its own doing.
func (w *world) isOut(l *leg) {
	if l.only {
		w.end(l, call.Completed)
		return
	}
	w.ask(l, out)
}

// fell notes that the carrier itself put a leg out, which ends it where that is all
// it was told.
func (l *leg) fell() {
	if l.only && l.agent == "" {
		l.customer.left = true
	}
}

func (w *world) over(r *room, c *customer) {
	r.ended = true
	r.seq++
	w.tell(c.name, "%s is over", r.sid)
	w.report(c, call.RoomOver{RoomSID: r.sid, Seq: r.seq})
}

// hold puts a leg in a room on hold or back.
func (w *world) hold(l *leg, room string, held bool) bool {
	if l == nil || l.over() || l.room == nil || l.room.sid != room {
		return false
	}
	if l.held == held {
		return true
	}
	l.held = held
	move := call.Unheld
	if held {
		move = call.HeldNow
	}
	w.tell(l.customer.name, "%s: %s", l, move)
	w.roomMoved(l, move)
	return true
}

// hearing is what a customer truly hears.
type hearing string

const (
	music   hearing = "music"
	talk    hearing = "somebody"
	nothing hearing = "nothing"
)

// hears says what a leg hears.
func (l *leg) hears() hearing {
	r := l.room
	switch {
	case r == nil && l.outside != "":
		return music
	case r == nil:
		return nothing
	case l.held:
		return music
	case !r.begun:
		return music
	}
	for _, o := range r.in {
		if o.purpose != call.Watching && l.audible(o) { // who supervises is company for nobody
			return talk
		}
	}
	return nothing // what a lone participant hears is not certain
}

// pair is two legs that hear each other, the older one first.
type pair [2]*leg

// pairs lists who truly hears whom.
func (w *world) pairs() []pair {
	var list []pair
	for _, r := range w.rooms {
		if r.ended || !r.begun {
			continue
		}
		for i, a := range r.in {
			for _, b := range r.in[i+1:] {
				if !a.held && !b.held && a.purpose != call.Watching && b.purpose != call.Watching {
					list = append(list, pair{a, b})
				}
			}
		}
	}
	return list
}

// Faults of the carrier.

// answered is a leg that has been answered, of a customer's call or of any.
func (w *world) answered(c *customer, agents bool) *leg {
	var list []*leg
	for _, l := range w.legs {
		if l.status == call.Answered && (l.agent != "") == agents && (c == nil || l.customer == c) {
			list = append(list, l)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list[w.rng.IntN(len(list))]
}

func (w *world) loseAgent(c *customer, silently bool) bool {
	l := w.answered(c, true)
	if l == nil || l.dead {
		return false
	}
	if silently {
		l.customer.excuse(w, silentTime)
	}
	w.loseLeg(l, silently, silentTime)
	return true
}

// loseLeg: a line breaks. The carrier knows at once or after a while.
func (w *world) loseLeg(l *leg, silently bool, after time.Duration) {
	w.tell(l.customer.name, "! %s: the line breaks", l)
	if p := w.person(l.agent); p.live == l {
		p.live = nil
	}
	if !silently {
		w.end(l, call.Completed)
		return
	}
	l.dead = true
	w.in(after, func() {
		if l.dead { // and did not come back
			w.end(l, call.Completed)
		}
	})
}

func (w *world) loseCustomer(c *customer) bool {
	l := w.answered(c, false)
	if l == nil {
		return false
	}
	w.tell(l.customer.name, "! %s: the line breaks", l)
	l.customer.left = true
	w.end(l, call.Completed)
	return true
}

func (w *world) fallOut(c *customer) bool {
	l := w.answered(c, w.rng.IntN(2) == 0)
	if l == nil || l.room == nil {
		return false
	}
	w.tell(l.customer.name, "! %s falls out of the room", l)
	l.fell()
	w.leave(l)
	w.isOut(l)
	return true
}

func (w *world) endRoom(c *customer) bool {
	var open []*room
	for _, r := range w.rooms {
		if !r.ended && (c == nil || r.name == c.room) {
			open = append(open, r)
		}
	}
	if len(open) == 0 {
		return false
	}
	r := open[w.rng.IntN(len(open))]
	all := slices.Clone(r.in)
	w.tell(all[0].customer.name, "! conference %s ends", r.sid)
	for _, l := range all {
		l.fell()
		w.leave(l)
	}
	for _, l := range all {
		w.isOut(l)
	}
	return true
}
