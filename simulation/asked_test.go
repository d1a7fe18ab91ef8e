package simulation

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

// Customers who are asked what else they want: they press keys or do not, type
// numbers, and leave messages.

// impatient is what the desk promises in a run: in every third one a wait is long
// soon, and in every third one it closes and opens again; then customers are asked.
func impatient(r *rand.Rand) (s agent.Service) {
	if r.IntN(3) == 0 {
		s.MaxWait = time.Duration(15+r.IntN(30)) * time.Second
	}
	if r.IntN(3) == 0 {
		closes := 1 + r.IntN(3) // minutes after ten: see base
		s.Hours = hours(closes, closes+1+r.IntN(2))
	}
	return s
}

// hours are closed between two minutes after ten.
func hours(closes, opens int) agent.Hours {
	h, err := agent.ParseHours(fmt.Sprintf("Mon-Sun 00:00-10:%02d 10:%02d-24:00 UTC", closes, opens))
	if err != nil {
		panic(err)
	}
	return h
}

// checkAsked is invariant 6, too: who waits while the desk is closed, or for too
// long, is asked what else they want.
func (w *world) checkAsked() {
	for _, c := range w.customers {
		stored, now := w.known[c.call], w.at(w.now)
		from, ok := stored.AskableFrom()
		if !ok || c.leg == nil || c.leg.over() || now.Before(from) {
			c.unasked = -1
			continue
		}
		why, at := w.service.Unserved(stored.WaitingAt, time.Time{}, false, now)
		if at.IsZero() || now.Before(at) {
			c.unasked = -1
			continue
		}
		if c.unasked < 0 {
			c.unasked = w.now
		}
		if w.overdue(c, c.unasked, dueTime) {
			w.fail(6, c, "%s is not asked what else they want: %s", c.name, why)
		}
	}
}

// isAsked is a customer who hears a question, and after a while does something
// about it, or nothing.
func (w *world) isAsked(l *leg, d call.Document) {
	l.outside = "question"
	mine := l.asking
	after := func(d time.Duration, do func()) {
		w.in(d, func() {
			if l.asking == mine && !l.over() {
				do()
			}
		})
	}
	think := time.Second + time.Duration(w.mind.Int64N(int64(20*time.Second)))
	press := func(digits string) {
		after(think, func() {
			w.tell(l.customer.name, "%s presses %s", l, digits)
			w.says(l, call.Chose{SID: l.sid, Question: d.Question, Digits: digits})
		})
	}
	switch d.Kind {
	case call.AskKey:
		if n := w.mind.IntN(6); n < 4 {
			press([]string{"1", "1", "2", "7"}[n])
		}
	case call.AskNumber:
		if n := w.mind.IntN(4); n < 3 {
			press([]string{"0301234567", "0301234567", "12"}[n])
		}
	case call.AskMessage:
		l.recorded = &call.Recorded{SID: l.sid, Question: d.Question}
		after(time.Second, func() { // behind the words
			if l.recorded != nil && w.mind.IntN(4) > 0 {
				l.recorded.RecordingSID, l.recorded.Length = fmt.Sprintf("RE-%s-%d", l.sid, d.Question), time.Second
			}
		})
		after(think, func() {
			e := *l.recorded
			w.stopRecording(l)
			if e.RecordingSID != "" {
				e.Asks = true
				w.says(l, e)
			}
		})
	}
}

// stopRecording reports what became of a message: it has ended, or the leg has.
func (w *world) stopRecording(l *leg) {
	e := l.recorded
	if e == nil {
		return
	}
	l.recorded = nil
	if e.RecordingSID != "" {
		l.kept = append(l.kept, call.Message{RecordingSID: e.RecordingSID, Length: e.Length})
	}
	w.tell(l.customer.name, "%s: recorded %q", l, e.RecordingSID)
	w.report(l.customer, *e)
}

// says lets a leg say something and do as it is told.
func (w *world) says(l *leg, e call.Event) {
	l.said = e
	w.ask(l, said)
}

// answerSaid is phone.says: what cannot be kept is asked for again.
func (p *process) answerSaid(l *leg) told {
	id, err := p.resolveLeg(l)
	if errors.Is(err, desk.ErrNotFound) {
		return p.answer(l, out)
	}
	if err != nil {
		return p.strayed(l)
	}
	c, err := p.desk.Fact(p.ctx, id, l.said, nil)
	if err != nil {
		return p.strayed(l)
	}
	return p.w.document(c, l)
}

// checkTasks: each wish of a call is a task, in the same moment, and nothing else
// is. Who is told goodbye has left us something.
func (w *world) checkTasks(k *customer, c *call.Call) {
	if len(c.Wishes) == 0 && c.Stage != call.Parting {
		return
	}
	if len(c.Wishes) == 0 {
		w.fail(1, k, "%s is told goodbye for nothing", k.name)
		return
	}
	tasks, err := w.shelves.Tasks(context.Background(), account)
	if err != nil {
		panic(err)
	}
	n := 0
	for _, t := range tasks {
		if t.Call == string(c.ID) {
			n++
			if t.Owner == "" {
				w.fail(1, k, "nobody owns the task of %s", k.name)
			}
		}
	}
	if n != len(c.Wishes) {
		w.fail(1, k, "%s has left %d things to do, and there are %d tasks", k.name, len(c.Wishes), n)
	}
	if c.Stage == call.Parting {
		k.parted = true
	}
}

// checkKept: in the end each message that the carrier has is a task, once,
// whatever became of the callbacks that told of it.
func (w *world) checkKept() {
	tasks, err := w.shelves.Tasks(context.Background(), account)
	if err != nil {
		panic(err)
	}
	found := map[string]int{}
	for _, t := range tasks {
		found[t.Recording]++
	}
	for _, l := range w.legs {
		for _, m := range l.kept {
			if n := found[m.RecordingSID]; n != 1 {
				w.fail(1, l.customer, "the message %s of %s is %d tasks", m.RecordingSID, l.customer.name, n)
			}
		}
	}
}
