package simulation

import (
	"slices"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/outside"
)

// Telephones: numbers that agents ask for, and agents who have their calls by
// phone. What is at the other end is drawn apart, as with customers who are asked:
// in a run where nobody is rung by telephone everything is as it was. So is a run
// with one kind of fault, which tells what comes of that, unless it is to tell what
// comes of it with telephones (setup.telephones), and one of the tutorial.

// numbers are those that agents call.
func numbers() []agent.ID { return []agent.ID{"+4930901820", "+4930901821"} }

// phoneOf is an agent's own telephone; empty: none is known.
func phoneOf(id agent.ID) string {
	return map[agent.ID]string{"ana": "+4930901830", "cy": "+4930901831"}[id]
}

func germany() outside.Rules {
	r, err := outside.New(outside.Config{Countries: []string{"DE"}})
	if err != nil {
		panic(err)
	}
	return r
}

// answers is what becomes of a telephone's ring.
type answers int

const (
	byPerson answers = iota
	byMachine
	byNobody
	engaged
	dead
)

// rung lets a telephone ring.
func (w *world) rungPhone(l *leg) {
	if l.over() {
		return
	}
	what := []answers{byPerson, byPerson, byPerson, byPerson, byMachine, byMachine, byNobody, engaged, dead}[w.mind.IntN(9)]
	think := time.Second + time.Duration(w.mind.Int64N(int64(12*time.Second)))
	if w.calm { // and nobody misses anything
		what = byPerson
	}
	if what == dead {
		w.end(l, call.Failed)
		return
	}
	w.progress(l, call.Ringing, call.NoOutcome)
	w.in(phoneRingTime, func() {
		if l.status == call.Ringing {
			w.end(l, call.NoAnswer)
		}
	})
	w.in(think, func() {
		switch {
		case l.status != call.Ringing || what == byNobody:
		case what == engaged:
			w.end(l, call.Busy)
		default:
			w.picksUp(l, what == byMachine)
		}
	})
}

// phoneRingTime is how long the carrier lets a telephone ring (phone,
// dialPhone).
const phoneRingTime = 40 * time.Second

// picksUp: the carrier may hear who it is. What is said to it lasts for a while.
func (w *world) picksUp(l *leg, machine bool) {
	l.machine = machine
	if w.mind.IntN(2) == 0 && call.Outside(l.agent) {
		l.by = call.Person
		if machine {
			l.by = call.Machinery
		}
	}
	w.progress(l, call.Answered, call.NoOutcome)
	w.ask(l, connect)
	if w.mind.IntN(2) == 0 || machine {
		w.in(5*time.Second+time.Duration(w.mind.Int64N(int64(60*time.Second))), func() {
			if !w.calm && !l.over() {
				w.tell(l.customer.name, "%s hangs up", l)
				w.end(l, call.Completed)
			}
		})
	}
}

// isAskedForKey is a telephone that is to press the key.
func (w *world) isAskedForKey(l *leg) {
	l.outside = "words"
	mine := l.asking
	think := time.Second + time.Duration(w.mind.Int64N(int64(7*time.Second)))
	if n := w.mind.IntN(6); !l.machine && (n < 5 || w.calm) {
		w.in(think, func() {
			if l.asking == mine && !l.over() {
				digits := call.AcceptKey
				if n == 4 && !w.calm {
					digits = "9"
				}
				w.tell(l.customer.name, "%s presses %s", l, digits)
				w.says(l, call.KeyPressed{SID: l.sid, Digits: digits})
			}
		})
	}
	w.in(8*time.Second, func() {
		if l.asking == mine && !l.over() {
			w.ask(l, connect) // the words once more
		}
	})
}

// number is whom an agent asks for in place of a colleague, now and then; empty:
// nobody.
func (w *world) number(kind call.RequestKind) agent.ID {
	if !w.telephones || w.tutorial || w.aim != nil || !slices.Contains([]call.RequestKind{call.Invite, call.Consult, call.Send}, kind) || w.mind.IntN(3) > 0 {
		return ""
	}
	return numbers()[w.mind.IntN(2)]
}

// changesPhone lets somebody have their calls by phone, or at their page again.
func (p *person) changesPhone() {
	if p.w.telephones && !p.w.tutorial && p.w.aim == nil && p.w.mind.IntN(12) == 0 {
		_ = p.desk().SetByPhone(p.at.ctx, p.id, p.w.mind.IntN(2) == 0) // nobody has promised to have a number
	}
}

// thinksBetter reports whether an agent thinks better of a request: who is to have
// the customer is a machine, as anybody hears who speaks with it.
func (w *world) thinksBetter(c *call.Call, k call.RequestKind) bool {
	if (k == call.SetTopic || k == call.Conclude) && w.rng.IntN(5) > 0 {
		return true // words move nobody, and would crowd out what does
	}
	if !w.telephones && c.Stage == call.Recovering && (k == call.Requeue || k == call.CallPhone) {
		return true // what comes of one fault is told of a lost agent who waits
	}
	if !slices.Contains([]call.RequestKind{call.HandOver, call.Merge, call.Leave}, k) {
		return false
	}
	l := c.AgentLeg(c.Target)
	if l == nil {
		return false
	}
	at := w.leg(l.SID)
	return at != nil && at.machine
}

// checkMachines is invariant 11: no machine has a customer.
func (w *world) checkMachines(k *customer, c *call.Call) {
	if c.Stage != call.Talking {
		return
	}
	if l := c.AgentLeg(c.Owner); l != nil {
		if at := w.leg(l.SID); at != nil && at.machine {
			w.fail(11, k, "a machine at %s has %s", c.Owner, k.name)
		}
	}
}
