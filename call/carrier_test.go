package call

import (
	"time"

	"fmt"
	"slices"
)

// carrier is an obedient carrier: it does what it is asked and tells so. The
// tests let it forget to tell, or to do.
type carrier struct {
	queued  time.Duration // what a dial waits before it rings
	parties []*party
	room    string // the conference there is now; empty for none
	rooms   int    // conferences there were
	roomSeq int
	tracks  int // recordings there were
}

// party is one leg as the carrier knows it.
type party struct {
	sid     string
	leg     LegID
	agent   bool
	status  Status
	outcome Outcome
	seq     int // of the next callback
	room    string
	in      bool
	held    bool
	muted   bool
	coaches string // the party that alone hears this one
	watches bool   // a supervisor's
	// elsewhere is a room of its own that the party gets into, and name what that is
	// called; empty: as the call's.
	elsewhere, name string
	// outside is what the party was told outside the room, where it hears words and
	// then music, and question the last one it was asked there.
	outside  DocumentKind
	question int
	by       Answerer  // what the carrier has heard there
	messages []Message // that were recorded
	tracks   []Track   // of the conversation
}

func (k *carrier) party(sid string) *party {
	for _, p := range k.parties {
		if p.sid == sid {
			return p
		}
	}
	return nil
}

// find is the newest party of a leg that is not over, or else the newest.
func (k *carrier) find(leg LegID) *party {
	var found *party
	for _, p := range k.parties {
		if p.leg == leg && (found == nil || found.status == Over || p.status != Over) {
			found = p
		}
	}
	return found
}

func (k *carrier) dial(leg LegID, agent bool) *party {
	p := &party{sid: fmt.Sprintf("CA%d", len(k.parties)+1), leg: leg, agent: agent, status: Dialled}
	k.parties = append(k.parties, p)
	return p
}

// move takes a party further and returns the callback.
func (k *carrier) move(p *party, s Status, o Outcome) []Event {
	if p == nil || s <= p.status {
		return nil
	}
	var facts []Event
	if s == Over {
		facts = k.leave(p)
	}
	p.status, p.outcome = s, o
	p.seq++
	if s == Over {
		facts = append(facts, k.recorded(p)...)
	}
	return append(facts, LegMoved{Leg: p.leg, Account: "AC1", SID: p.sid, Status: s, Outcome: o, Seq: p.seq})
}

func (k *carrier) inRoom(p *party, m RoomMove) Event {
	k.roomSeq++
	return RoomMoved{SID: p.sid, RoomSID: p.room, Name: p.name, Seq: k.roomSeq, Move: m, Held: p.held, Muted: p.muted}
}

// join puts an answered party into the room, which is made when there is none.
func (k *carrier) join(p *party) []Event {
	if p == nil || p.status != Answered || p.in {
		return nil
	}
	if p.elsewhere != "" {
		p.room, p.in, p.held, p.outside = p.elsewhere, true, false, ""
		return []Event{k.inRoom(p, Joined)}
	}
	if k.room == "" {
		k.rooms++
		k.room, k.roomSeq = fmt.Sprintf("CF%d", k.rooms), 0
	}
	p.room, p.in, p.held, p.outside = k.room, true, false, ""
	return []Event{k.inRoom(p, Joined)}
}

// leave takes a party out of the room, which ends with the last one.
func (k *carrier) leave(p *party) []Event {
	if p == nil || !p.in {
		return nil
	}
	p.in, p.held, p.muted, p.coaches = false, false, false, ""
	facts := []Event{k.inRoom(p, Left)}
	if !slices.ContainsFunc(k.parties, func(o *party) bool { return o.in && o.room == k.room }) {
		facts = append(facts, k.endRoom()...)
	}
	return facts
}

// endRoom ends the conference: everybody in it falls out and asks again.
func (k *carrier) endRoom() []Event {
	if k.room == "" {
		return nil
	}
	k.roomSeq++
	facts := []Event{RoomOver{RoomSID: k.room, Seq: k.roomSeq}}
	k.room = ""
	for _, p := range k.parties {
		if p.in && p.elsewhere == "" {
			p.in, p.held, p.muted, p.coaches = false, false, false, ""
			facts = append(facts, AskedAgain{SID: p.sid})
		}
	}
	return facts
}

// hear reports whether two parties truly hear each other. Supervisors, who come and
// go, are company for nobody.
func hear(p, q *party) bool {
	return p != q && !p.watches && !q.watches && p.in && q.in && p.room == q.room && !p.held && !q.held
}

// overhears reports whether q truly hears the supervisor p.
func overhears(p, q *party) bool {
	return p != q && p.watches && p.in && q.in && p.room == q.room && !p.held && !q.held && !p.muted && (p.coaches == "" || p.coaches == q.sid)
}

// voices lists who truly hears which supervisor.
func (k *carrier) voices() [][2]*party {
	var pairs [][2]*party
	for _, p := range k.parties {
		for _, q := range k.parties {
			if overhears(p, q) {
				pairs = append(pairs, [2]*party{p, q})
			}
		}
	}
	return pairs
}

// heard lists who truly hears whom.
func (k *carrier) heard() [][2]*party {
	var pairs [][2]*party
	for i, p := range k.parties {
		for _, q := range k.parties[i+1:] {
			if hear(p, q) {
				pairs = append(pairs, [2]*party{p, q})
			}
		}
	}
	return pairs
}

func (k *carrier) hold(p *party, held bool) (Verdict, []Event) {
	if p == nil || !p.in {
		return Missing, nil
	}
	move := Unheld
	if held {
		move = HeldNow
	}
	p.held = held
	return Done, []Event{k.inRoom(p, move)}
}

// voice changes whom a supervisor is heard by. Whom it is to coach must be there.
func (k *carrier) voice(c Call, p *party, a Action) (Verdict, []Event) {
	switch coached := k.party(GuideTo(c, a.Leg)); {
	case p == nil || !p.in:
		return Missing, nil
	case a.Kind == Unguide:
		p.coaches = ""
	case a.Kind == Guide && (coached == nil || !coached.in || coached.room != p.room):
		return Refused, nil
	case a.Kind == Guide:
		p.coaches = coached.sid
	default:
		p.muted = a.Kind == Quiet
		move := Unmuted
		if p.muted {
			move = MutedNow
		}
		return Done, []Event{k.inRoom(p, move)}
	}
	return Done, nil
}

// carry does one action: the answer, and the callbacks that follow from it.
func (k *carrier) carry(c Call, a Action) (Result, []Event) {
	r := Result{Key: a.Key, Kind: a.Kind, Attempt: a.Attempt, Verdict: Done}
	var p *party
	if l := c.Leg(a.Leg); l != nil {
		p = k.party(l.SID)
	}
	var facts []Event
	if a.Kind.Records() {
		return k.record(c, a, p)
	}
	switch a.Kind {
	case Dial:
		p := k.dial(a.Leg, true)
		p.watches = c.Leg(a.Leg).Role == Supervisor
		r.SID, r.Queued = p.sid, k.queued
	case Find:
		if p := k.find(a.Leg); p != nil && p.status != Over {
			r.SID = p.sid
		}
	case Hang:
		switch {
		case p == nil || p.status == Over:
			r.Verdict = Missing
		case p.status == Answered:
			facts = k.move(p, Over, Completed)
		default:
			facts = k.move(p, Over, Canceled)
		}
	case Hold, Unhold:
		r.Verdict, facts = k.hold(p, a.Kind == Hold)
	case Quiet, Speak, Guide, Unguide:
		r.Verdict, facts = k.voice(c, p, a)
	case Enter:
		if p == nil || p.status != Answered {
			r.Verdict = Missing
			break
		}
		// Out of where it was, and asking what to do.
		p.outside = ""
		facts = append(k.leave(p), AskedAgain{SID: p.sid})
		if p.name != "" { // sent to the call's
			p.elsewhere, p.name = "", ""
		}
	case Look:
		r.Seen = k.look(c)
	case Collect:
		r.Messages, r.Tracks = p.messages, p.tracks
	}
	return r, facts
}

func (k *carrier) look(c Call) []Seen {
	var seen []Seen
	for _, l := range c.Legs {
		p := k.party(l.SID)
		if p == nil || l.Status == Over {
			continue
		}
		s := Seen{Leg: l.ID, Found: true, Status: p.status, Outcome: p.outcome, Held: p.held, Muted: p.muted, Coaches: p.coaches}
		if p.in && p.name == "" {
			s.RoomSID = p.room
		}
		seen = append(seen, s)
	}
	return seen
}
