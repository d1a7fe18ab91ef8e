package desk_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

// carrier is a phone in memory. It obeys unless refuse says otherwise.
type carrier struct {
	t *testing.T

	mu    sync.Mutex
	desk  *desk.Desk
	legs  []*leg
	rooms map[call.ID]*room
	// strangers are customers whom the carrier lists as in progress.
	strangers []call.Arrived
	messages  map[string][]call.Message // that it has recorded, by leg

	log    []string                                                      // actions in the order they came
	refuse func(ctx context.Context, a call.Action) (call.Verdict, bool) // may block
	mute   bool                                                          // nothing is heard of a dial: no answer, no callback
}

type leg struct {
	call   call.ID
	leg    call.LegID
	agent  agent.ID
	sid    string
	status call.Status
	in     bool
	held   bool
}

type room struct{ number, seq int }

// Carry implements desk.Phone.
func (k *carrier) Carry(ctx context.Context, c call.Call, a call.Action) call.Result {
	k.mu.Lock()
	refuse := k.refuse
	k.log = append(k.log, string(a.Kind))
	k.mu.Unlock()
	r := call.Result{Key: a.Key, Kind: a.Kind, Attempt: a.Attempt, Verdict: call.Done}
	if refuse != nil {
		if v, ok := refuse(ctx, a); ok {
			r.Verdict, r.Why = v, "refused by the test"
			return r
		}
	}
	switch a.Kind {
	case call.Dial:
		l := k.dial(c, c.Leg(a.Leg))
		k.mu.Lock()
		mute := k.mute
		k.mu.Unlock()
		if mute {
			r.Verdict = call.Unknown
			return r
		}
		r.SID = l.sid
		k.tell(l.call, call.LegMoved{Leg: l.leg, Account: "AC1", SID: l.sid, Status: call.Ringing, Seq: 1})
	case call.Find:
		k.mu.Lock()
		for _, l := range slices.Backward(k.legs) { // whom it rings is all that is known
			if l.agent == c.Leg(a.Leg).Agent && l.status != call.Over && c.LegBySID(l.sid) == nil {
				r.Others = append(r.Others, l.sid)
			}
		}
		k.mu.Unlock()
		if len(r.Others) > 0 {
			r.SID, r.Others = r.Others[0], r.Others[1:]
		}
	case call.Hang:
		k.over(k.bySID(c.Leg(a.Leg).SID), call.Canceled)
	case call.Hold, call.Unhold:
		k.hold(k.bySID(c.Leg(a.Leg).SID), a.Kind == call.Hold)
	case call.Enter:
		k.enter(c.ID, c.Leg(a.Leg))
	case call.Look:
		r.Seen = k.look(c)
	case call.Collect:
		k.mu.Lock()
		r.Messages = k.messages[c.Leg(a.Leg).SID]
		k.mu.Unlock()
	}
	return r
}

// Strangers are the customers who are there.
func (k *carrier) Strangers(_ context.Context, known func(string) bool) ([]call.Arrived, error) {
	k.mu.Lock()
	waiting := slices.Clone(k.strangers)
	k.mu.Unlock()
	return slices.DeleteFunc(waiting, func(e call.Arrived) bool { return known(e.SID) }), nil
}

// dial rings an agent. Two phones of one agent ringing or live at once would be
// a double claim.
func (k *carrier) dial(c call.Call, l *call.Leg) *leg {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, o := range k.legs {
		if o.agent == l.Agent && o.status != call.Over && !call.Outside(l.Agent) {
			k.t.Errorf("%s is dialled for %s while on %s", l.Agent, c.ID, o.call)
		}
	}
	n := &leg{call: c.ID, leg: l.ID, agent: l.Agent, sid: fmt.Sprintf("CA-%s-%d", l.Agent, len(k.legs)), status: call.Ringing}
	k.legs = append(k.legs, n)
	return n
}

func (k *carrier) bySID(sid string) *leg {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, l := range k.legs {
		if l.sid == sid {
			return l
		}
	}
	k.t.Errorf("the carrier has no leg %s", sid)
	return &leg{status: call.Over}
}

func (k *carrier) ringing(id agent.ID) *leg {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, l := range k.legs {
		if l.agent == id && l.status == call.Ringing {
			return l
		}
	}
	return nil
}

// tell delivers a callback, as soon as the desk is there.
func (k *carrier) tell(id call.ID, e call.Event) {
	k.mu.Lock()
	d := k.desk
	k.mu.Unlock()
	if _, err := d.Fact(context.Background(), id, e, nil); err != nil {
		k.t.Errorf("%T: %v", e, err)
	}
}

func (k *carrier) moved(l *leg, m call.RoomMove) call.Event {
	r := k.rooms[l.call]
	r.seq++
	return call.RoomMoved{SID: l.sid, RoomSID: fmt.Sprintf("CF-%s-%d", l.call, r.number), Seq: r.seq, Move: m, Held: l.held}
}

func (k *carrier) join(id call.ID, sid string) {
	k.mu.Lock()
	i := slices.IndexFunc(k.legs, func(l *leg) bool { return l.sid == sid })
	if i < 0 { // a customer
		k.legs = append(k.legs, &leg{call: id, sid: sid, status: call.Answered})
		i = len(k.legs) - 1
	}
	l := k.legs[i]
	if k.rooms[id] == nil {
		k.rooms[id] = &room{}
	}
	if !slices.ContainsFunc(k.legs, func(o *leg) bool { return o.call == id && o.in }) {
		k.rooms[id].number++
		k.rooms[id].seq = 0
	}
	l.in, l.held = true, false
	e := k.moved(l, call.Joined)
	k.mu.Unlock()
	k.tell(id, e)
}

// enter lets a leg ask where to go. An agent is told the room.
func (k *carrier) enter(id call.ID, at *call.Leg) {
	k.mu.Lock()
	i := slices.IndexFunc(k.legs, func(l *leg) bool { return l.sid == at.SID })
	if i < 0 || at.Role == call.Agent {
		k.mu.Unlock()
		k.join(id, at.SID)
		return
	}
	l := k.legs[i]
	d := k.desk
	var left call.Event
	if l.in {
		l.in, l.held = false, false
		left = k.moved(l, call.Left)
	}
	k.mu.Unlock()
	if left != nil {
		k.tell(l.call, left)
	}
	c, err := d.Fact(context.Background(), l.call, call.AskedAgain{SID: l.sid}, nil)
	if err != nil {
		k.t.Errorf("ask again: %v", err)
		return
	}
	k.does(c, l)
}

// does is a customer's leg that does as it is told.
func (k *carrier) does(c call.Call, l *leg) {
	switch call.DocumentFor(c, c.LegBySID(l.sid).ID).Kind {
	case call.EnterRoom:
		k.join(l.call, l.sid)
	case call.SayGone:
		k.over(l, call.Completed)
	}
}

func (k *carrier) hold(l *leg, held bool) {
	k.mu.Lock()
	l.held = held
	e := k.moved(l, map[bool]call.RoomMove{true: call.HeldNow, false: call.Unheld}[held])
	k.mu.Unlock()
	k.tell(l.call, e)
}

func (k *carrier) over(l *leg, o call.Outcome) {
	k.mu.Lock()
	if l.status == call.Over {
		k.mu.Unlock()
		return
	}
	var facts []call.Event
	if l.in {
		l.in, l.held = false, false
		facts = append(facts, k.moved(l, call.Left))
	}
	l.status = call.Over
	facts = append(facts, call.LegMoved{Leg: l.leg, Account: "AC1", SID: l.sid, Status: call.Over, Outcome: o, Seq: 3})
	k.mu.Unlock()
	for _, f := range facts {
		k.tell(l.call, f)
	}
}

func (k *carrier) look(c call.Call) []call.Seen {
	k.mu.Lock()
	defer k.mu.Unlock()
	var seen []call.Seen
	for _, l := range k.legs {
		if at := c.LegBySID(l.sid); at != nil {
			s := call.Seen{Leg: at.ID, Found: true, Status: l.status, Outcome: call.Completed, Held: l.held}
			if l.in {
				s.RoomSID = fmt.Sprintf("CF-%s-%d", l.call, k.rooms[l.call].number)
			}
			seen = append(seen, s)
		}
	}
	return seen
}

// count says how often an action was carried out so far.
func (k *carrier) count(kind call.ActionKind) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := 0
	for _, a := range k.log {
		if a == string(kind) {
			n++
		}
	}
	return n
}

// refusing makes the carrier answer everything so, after a while.
func (k *carrier) refusing(v call.Verdict, after time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.refuse = func(ctx context.Context, a call.Action) (call.Verdict, bool) {
		select {
		case <-time.After(after):
		case <-ctx.Done():
		}
		return v, true
	}
}

func (k *carrier) obey() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.refuse = nil
}
