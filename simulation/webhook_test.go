package simulation

import (
	"errors"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
)

// What the carrier tells and asks of the desk, and what package phone makes of
// it: the same calls of the desk in the same order.

const account = "AC1"

// hop is one way over the network.
func (w *world) hop() time.Duration { return w.between(15*time.Millisecond, 120*time.Millisecond) }

// report sends a callback about a customer's call.
func (w *world) report(c *customer, e call.Event) {
	send := func(d time.Duration) { w.in(d, func() { w.deliver(c, e, 1) }) }
	switch {
	case w.strikes(callbackLost, 8, c, "lost: %s", word{e}):
		if w.now < c.unheard+time.Second {
			c.excuse(w, lookTime) // nothing else tells of it, then
		}
		c.unheard = w.now
		c.excuse(w, w.lookTime())
		return
	case w.strikes(callbackTwice, 5, c, "twice: %s", word{e}):
		send(w.between(0, 20*time.Second))
	case w.strikes(callbackLate, 4, c, "late: %s", word{e}):
		d := w.between(0, 5*time.Second)
		c.excuse(w, d+restBack)
		send(d)
		return
	case w.strikes(callbackLatest, 8, c, "very late: %s", word{e}):
		d := w.between(0, 60*time.Second)
		c.excuse(w, d+restBack)
		send(d)
		return
	}
	send(w.hop())
}

// tries is how often a callback is tried, tryPause apart: the URL's fragment asks
// for two more (phone, retried).
const (
	tries    = 3
	tryPause = 500 * time.Millisecond
)

// deliver hands a callback to the desk. A desk that is down or cannot save is
// tried again, and then no more.
func (w *world) deliver(c *customer, e call.Event, try int) {
	again := func() {
		if try < tries {
			c.excuse(w, tryPause)
			w.in(tryPause, func() { w.deliver(c, e, try+1) })
			return
		}
		w.tell(c.name, "given up: %s", word{e})
		c.excuse(w, lookTime)
	}
	p := w.reached()
	if p == nil {
		again()
		return
	}
	if w.plant.deaf != nil && w.plant.deaf(e) {
		return
	}
	ctx, d := p.ctx, p.desk
	if m, ok := e.(call.RoomMoved); ok && m.Move == call.Joined && m.SID == c.leg.sid {
		// phone.adopt: a customer whose arrival we could not record.
		if _, err := d.Resolve(ctx, account, m.SID); errors.Is(err, desk.ErrNotFound) {
			if _, err := d.Arrive(ctx, w.arrival(c, true), nil); err != nil {
				again()
				return
			}
		}
	}
	id, err := p.resolve(c)
	if err == nil {
		_, err = d.Fact(ctx, id, e, nil)
	}
	if err == nil && p.desk != nil && w.rng.IntN(8) == 0 {
		w.repeat(id, c, e)
	}
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		again()
	}
}

// repeat is invariant 7: a fact that comes again changes nothing.
func (w *world) repeat(id call.ID, c *customer, e call.Event) {
	p := w.reached()
	if p == nil {
		return
	}
	before := w.saves
	_, err := p.desk.Fact(p.ctx, id, e, nil)
	if err == nil && w.saves > before {
		w.fail(7, c, "it changes something when repeated: %s", word{e})
	}
}

// resolve names a customer's call; it may be that the desk died meanwhile.
func (p *process) resolve(c *customer) (call.ID, error) {
	if p.desk == nil {
		return "", errKilled
	}
	return p.desk.Resolve(p.ctx, account, c.room)
}

// resolveLeg is the call of a leg that asks: the address names the room that the leg
// was told, which is its own while its arrival is not saved (phone.find).
func (p *process) resolveLeg(l *leg) (call.ID, error) {
	if l.unsaved && p.desk != nil {
		return p.desk.Resolve(p.ctx, account, l.sid)
	}
	return p.resolve(l.customer)
}

func (w *world) arrival(c *customer, returning bool) call.Arrived {
	e := call.Arrived{Account: account, SID: c.leg.sid, Name: c.name, Team: c.team, Returning: returning}
	if !returning || c.leg.unsaved { // only the page itself brings its key
		e.Return = c.key
	}
	if w.plant.arrival != nil && c.call != "" {
		w.plant.arrival(&e)
	}
	return e
}

// question is where a leg asks what to do.
type question int

const (
	arrive  question = iota // a customer's first
	connect                 // an agent who answered or was sent in afresh
	out                     // out of a room or from the waiting place
	said                    // has said something
)

// pieceTime is how long the piece of music lasts after which a parked leg asks
// again; fallbackTime the same of the number's fallback document, which is
// played to customers while we are down (an assumption).
const (
	pieceTime    = 20 * time.Second
	fallbackTime = 5 * time.Second
	wordsTime    = 2 * time.Second
)

// ask lets a leg ask what to do and do as it is told.
func (w *world) ask(l *leg, q question) {
	if l.over() {
		return
	}
	if q != said {
		w.stopRecording(l) // sent elsewhere in the middle of it
	}
	l.asking++
	l.outside = ""
	mine := l.asking
	w.in(w.hop(), func() {
		if l.over() || l.asking != mine {
			return
		}
		p := w.reached()
		if p == nil {
			w.unanswered(l, q, mine)
			return
		}
		told := p.answer(l, q)
		if told.doc.Kind == "" { // the desk died over it
			w.unanswered(l, q, mine)
			return
		}
		delay := w.hop()
		if w.strikes(documentTwice, 4, l.customer, "%s: the answer is lost", l) {
			l.customer.excuse(w, 8*time.Second)
			delay = w.between(time.Second, 5*time.Second)
			w.in(delay, func() {
				if !l.over() && l.asking == mine {
					w.ask(l, q)
				}
			})
			return
		}
		w.in(delay, func() {
			if !l.over() && l.asking == mine {
				w.obey(l, told)
			}
		})
	})
}

// askWait asks for the music of a customer who waits. Who is not known is taken
// up (phone.waitingCall). If nobody answers, the dial ends and asks what is next.
func (w *world) askWait(l *leg) {
	if l.over() || l.room == nil {
		return
	}
	p := w.reached()
	if p == nil {
		w.leave(l)
		l.asking++
		w.unanswered(l, out, l.asking)
		return
	}
	if _, err := p.desk.Resolve(p.ctx, account, l.sid); errors.Is(err, desk.ErrNotFound) {
		_, _ = p.desk.Arrive(p.ctx, w.arrival(l.customer, true), nil) // the join callback is the next chance
	}
}

// unanswered: nobody answers the question. A customer hears the fallback
// document and asks again; an agent is cut off.
func (w *world) unanswered(l *leg, q question, mine int) {
	if l.agent != "" {
		w.in(time.Second, func() {
			if l.asking == mine {
				w.end(l, call.Completed)
			}
		})
		return
	}
	l.outside = "fallback"
	if w.up() != nil { // of two desks it was the one that is down
		l.customer.excuse(w, fallbackTime+wordsTime+time.Second)
	}
	w.in(fallbackTime, func() {
		if l.asking == mine {
			w.ask(l, q)
		}
	})
}

// told is a document and the call it was decided from.
type told struct {
	doc call.Document
	by  *call.Call
}

// answer asks the desk, as phone's webhooks do. An empty document: no answer.
func (p *process) answer(l *leg, q question) told {
	switch q {
	case arrive:
		return p.answerArrival(l)
	case connect:
		return p.answerAgent(l)
	case said:
		return p.answerSaid(l)
	}
	ctx := p.ctx
	id, err := p.resolveLeg(l)
	if errors.Is(err, desk.ErrNotFound) && l.agent == "" {
		var c call.Call
		c, err = p.desk.Arrive(ctx, p.w.arrival(l.customer, true), nil)
		id = c.ID
	}
	if err != nil {
		return p.strayed(l)
	}
	c, err := p.desk.Fact(ctx, id, call.AskedAgain{SID: l.sid}, nil)
	if err != nil {
		return p.strayed(l)
	}
	return p.w.document(c, l)
}

func (p *process) answerArrival(l *leg) told {
	before := p.w.known[l.customer.call]
	c, err := p.desk.Arrive(p.ctx, p.w.arrival(l.customer, false), nil)
	switch {
	case err != nil && p.desk == nil:
		return told{}
	case err != nil: // phone.keep
		l.customer.excuse(p.w, storeTime)
		l.unsaved = true
		return told{doc: call.Document{Kind: call.EnterRoom, Words: call.Words{p.w.announcement()}}}
	}
	p.w.returned(l, &before, &c)
	return p.w.document(c, l)
}

// returned is invariant 10: a customer whose page is back is in the call they
// were in, with whom they were.
func (w *world) returned(l *leg, before, now *call.Call) {
	k := l.customer
	switch {
	case before.ID == now.ID && before.Stage == call.Awaiting && before.Place != call.Recovering && before.Owner != now.Owner:
		w.fail(10, k, "%s was with %q and is back with %q", k.name, before.Owner, now.Owner)
	case before.ID == now.ID:
	case before.Live() && before.Stage != call.Ending && before.ID != "":
		w.fail(10, k, "%s is back in another call, and the one of before is %s", k.name, before.Stage)
	default:
		k.room, k.call = l.sid, now.ID // that one is over
	}
}

func (p *process) answerAgent(l *leg) told {
	ctx := p.ctx
	id, err := p.resolve(l.customer)
	if err != nil {
		return p.strayed(l)
	}
	c, err := p.desk.Call(ctx, id)
	if err != nil {
		return p.strayed(l)
	}
	if known := c.Leg(l.id); known == nil || known.Role == call.Customer || known.SID != "" && known.SID != l.sid {
		return told{doc: call.Document{Kind: call.SayGone}, by: &c}
	}
	c, err = p.desk.Fact(ctx, id, call.LegMoved{
		Leg: l.id, Account: account, SID: l.sid, Status: call.Answered, Seq: -1, By: l.by, Asks: true,
	}, nil)
	if err != nil {
		return p.strayed(l)
	}
	return p.w.document(c, l)
}

func (w *world) document(c call.Call, l *leg) told {
	var id call.LegID
	if known := c.LegBySID(l.sid); known != nil {
		id = known.ID
	}
	doc := call.DocumentFor(c, id)
	if w.plant.document != nil {
		doc = w.plant.document(c, doc)
	}
	return told{doc, &c}
}

// strayed is what a leg is told while nothing can be looked up.
func (p *process) strayed(l *leg) told {
	if p.desk == nil {
		return told{}
	}
	if l.agent != "" {
		l.customer.excuse(p.w, storeTime)
		return told{doc: call.Document{Kind: call.SayGone, Words: call.Words{call.WordsTrouble}}}
	}
	return told{doc: call.Document{Kind: call.WaitOutside, Words: call.Words{"again"}}}
}

// roomOf is the room a document names: the call's, or the leg's own where no call
// is known.
func (c *customer) roomOf(l *leg, by *call.Call) string {
	if by == nil {
		return l.sid
	}
	return by.Room
}

// obey does what a document says.
func (w *world) obey(l *leg, t told) {
	w.tell(l.customer.name, "%s is told: %s %s", l, t.doc.Kind, t.doc.Words)
	mine := l.asking
	if t.doc.Kind != call.WaitOutside {
		l.said = nil
	}
	switch t.doc.Kind {
	case call.EnterRoom:
		enter := func() {
			w.cause = t.by
			l.muted = t.doc.Muted
			l.ends, l.only = t.doc.EndOnExit, t.by != nil && !t.by.Recovery
			w.enter(l, l.customer.roomOf(l, t.by))
			w.heard()
			w.overheard()
			w.cause = nil
		}
		if len(t.doc.Words) == 0 {
			enter()
			return
		}
		l.outside = "words"
		w.in(wordsTime, func() {
			if l.asking == mine {
				l.customer.told = true
				enter()
			}
		})
	case call.WaitOutside:
		l.outside = "music"
		if l.agent == "" && len(t.doc.Words) == 0 {
			return // for ever: the desk sends it in
		}
		w.in(pieceTime, func() {
			if l.asking == mine && l.outside != "" {
				if l.said != nil {
					w.ask(l, said)
					return
				}
				w.ask(l, out)
			}
		})
	case call.AskKey, call.AskNumber, call.AskMessage:
		w.isAsked(l, t.doc)
	case call.AskAccept:
		w.isAskedForKey(l)
	case call.SayGone:
		l.outside = "words"
		w.in(wordsTime, func() {
			if l.asking == mine {
				w.cutOff(l)
				w.end(l, call.Completed)
			}
		})
	}
}
