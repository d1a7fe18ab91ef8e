package simulation

import (
	"context"
	"errors"
	"slices"
	"time"

	"warmdesk/call"
	"warmdesk/twilio"
)

// line is the desk's Phone: requests on the way to the carrier and back.
type line struct{ p *process }

// carrying is an action under way: the desk's code, stopped in Phone.Carry.
type carrying struct {
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
	done  bool
}

type carryingKey struct{}

// Carry sends the request and waits for its answer in virtual time.
func (l line) Carry(ctx context.Context, c call.Call, a call.Action) call.Result {
	b := l.p.breaker
	if held, ok := b.Held(c, a); ok {
		// What is held back is asked for again, as after a failure.
		l.p.w.excuse(c.ID, held.RetryIn+restBack)
		l.p.w.tellCall(c.ID, "! %s %s: not sent, others failed", a.Kind, a.Key)
		l.p.w.held++
		return held
	}
	var result call.Result
	l.wait(ctx, func(done func()) {
		l.p.w.request(c, a, func(r call.Result) {
			r.Key, r.Kind, r.Attempt = a.Key, a.Kind, a.Attempt
			result = r
			b.Ended(ending(r.Verdict))
			done()
		})
	})
	return result
}

// ending is the error behind a verdict, as far as the breaker tells errors apart.
func ending(v call.Verdict) error {
	switch v {
	case call.TryBack, call.Unknown:
		return context.DeadlineExceeded
	case call.Refused:
		return &twilio.Error{Status: 400, Code: 21211}
	}
	return nil
}

// wait stops the desk's code until what is sent is answered, or for ever.
func (l line) wait(ctx context.Context, send func(done func())) {
	co, life := ctx.Value(carryingKey{}).(*carrying), l.p.life
	co.done = false
	send(func() {
		if l.p.life == life { // the desk that asked is alive
			co.next()
		}
	})
	co.done = co.yield(struct{}{})
}

// Strangers is phone.Strangers: what is known is asked of the desk when the list
// is there.
func (l line) Strangers(ctx context.Context, known func(string) bool) ([]call.Arrived, error) {
	w := l.p.w
	there, back := w.hop(), w.hop()
	var list []call.Arrived
	err := errors.New("the carrier does not answer")
	l.wait(ctx, func(done func()) {
		switch {
		case w.now < w.restOut, w.strikes(tooMany, 6, nil, "429"), w.strikes(serverError, 6, nil, "500"), w.strikes(reset, 6, nil, "reset"):
			w.in(there+back, done)
		case w.strikes(timeOut, 8, nil, "time-out"):
			w.in(requestTime, done)
		default:
			w.in(there, func() {
				err = nil
				for _, k := range w.alive {
					if k.agent == "" && k.status == call.Answered && (k.room == nil || len(k.room.in) < 2) {
						e := w.arrival(k.customer, true)
						e.Return = "" // a list of calls does not tell it
						list = append(list, e)
					}
				}
				w.in(back, done)
			})
		}
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return slices.DeleteFunc(list, func(e call.Arrived) bool { return known(e.SID) }), err
}

// requestTime is the desk's patience (phone, requestTime).
const requestTime = 3 * time.Second

// request lets an action take its way, or go wrong on it.
func (w *world) request(c call.Call, a call.Action, answer func(call.Result)) {
	there, back, k := w.hop(), w.hop(), w.customerOf(c.Room)
	fails := func(d time.Duration, v call.Verdict, why string) {
		w.excuse(c.ID, d+restBack)
		w.tellCall(c.ID, "! %s %s: %s", a.Kind, a.Key, why)
		w.in(d, func() { answer(call.Result{Verdict: v, Why: why}) })
	}
	happens := func(d time.Duration) {
		w.in(d, func() { w.perform(c, a, d > requestTime) })
	}
	switch {
	case w.now < w.restOut:
		fails(there, call.TryBack, "connection refused")
	case w.strikes(tooMany, 6, k, "429"):
		w.tooMany(c, a, there+back, answer)
	case w.strikes(serverError, 6, k, "500"):
		if w.rng.IntN(2) == 0 {
			happens(there)
		}
		fails(there+back, call.Unknown, "500")
	case w.strikes(reset, 6, k, "reset"):
		if w.rng.IntN(2) == 0 {
			happens(there)
		}
		fails(there+back, call.Unknown, "connection reset")
	case w.strikes(timeOut, 8, k, "time-out"):
		if w.rng.IntN(3) > 0 {
			happens(w.between(0, 5*time.Second))
		}
		fails(requestTime, call.Unknown, "time-out")
	case (a.Kind == call.Hold || a.Kind == call.Unhold) && w.strikes(holdRefused, 3, k, "refused"):
		fails(there+back, call.Refused, "400")
	case a.Kind == call.Dial && w.strikes(dialRefused, 3, k, "refused"):
		fails(there+back, call.Refused, "400")
	case a.Kind == call.Look:
		w.look(c, there, back, answer)
	default:
		w.in(there, func() {
			r := w.perform(c, a, false)
			w.in(back, func() { answer(r) })
		})
	}
}

// tooMany refuses a request, and asks for a pause in half of the cases.
func (w *world) tooMany(c call.Call, a call.Action, d time.Duration, answer func(call.Result)) {
	asked := max(0, w.between(-10*time.Second, 10*time.Second))
	w.excuse(c.ID, d+asked+restBack)
	w.tellCall(c.ID, "! %s %s: 429, come again in %s", a.Kind, a.Key, seconds(asked))
	w.in(d, func() { answer(call.Result{Verdict: call.TryBack, Why: "429", RetryIn: asked}) })
}

// look sees the legs first and then the conference, as phone.look does.
func (w *world) look(c call.Call, there, back time.Duration, answer func(call.Result)) {
	r := call.Result{Verdict: call.Done}
	w.in(there, func() {
		for _, l := range c.Legs {
			if l.SID == "" || l.Status == call.Over {
				continue
			}
			s := call.Seen{Leg: l.ID}
			if k := w.leg(l.SID); k != nil {
				s.Found, s.Status = true, k.status
				if k.status == call.Over {
					s.Outcome = k.outcome
				}
			}
			r.Seen = append(r.Seen, s)
		}
		w.in(back, func() {
			for i := range r.Seen {
				if k := w.leg(c.Leg(r.Seen[i].Leg).SID); k != nil && k.room != nil && k.room.name == c.Room {
					r.Seen[i].RoomSID, r.Seen[i].Begun, r.Seen[i].Held = k.room.sid, k.room.begun, k.held
					r.Seen[i].Muted, r.Seen[i].Coaches = k.muted, k.coaches
				}
			}
			w.in(back, func() { answer(r) })
		})
	})
}

// perform is what an action does at the carrier. late: the desk has given up
// waiting for it.
func (w *world) perform(c call.Call, a call.Action, late bool) call.Result {
	w.cause = &c
	w.late = late
	defer func() { w.heard(); w.overheard(); w.cause, w.late = nil, false }()
	w.tellCall(c.ID, "carrier: %s %s", a.Kind, a.Key)
	wanted := c.Leg(a.Leg)
	if wanted == nil {
		return call.Result{Verdict: call.Done}
	}
	switch a.Kind {
	case call.Dial:
		made, queued := w.dial(c, wanted)
		return call.Result{Verdict: call.Done, SID: made.sid, Queued: queued}
	case call.Find:
		r := call.Result{Verdict: call.Done, Others: w.find(c, wanted)}
		if len(r.Others) > 0 {
			r.SID, r.Others = r.Others[0], r.Others[1:]
		}
		return r
	}
	l := w.leg(wanted.SID)
	missing := call.Result{Verdict: call.Missing, Why: "404"}
	if l != nil && a.Kind == call.Collect {
		return call.Result{Verdict: call.Done, Messages: l.kept, Tracks: l.tracks}
	}
	if l == nil || l.over() {
		return missing
	}
	if a.Kind.Records() {
		return w.records(c, a, l)
	}
	switch a.Kind {
	case call.Hang:
		w.cutOff(l)
		o := call.Completed
		if l.status < call.Answered {
			o = call.Canceled
		}
		w.end(l, o)
	case call.Hold, call.Unhold:
		if !w.hold(l, wanted.RoomSID, a.Kind == call.Hold) {
			return missing
		}
	case call.Quiet, call.Speak, call.Guide, call.Unguide:
		return call.Result{Verdict: w.voice(c, a, l)}
	case call.Enter:
		if l.status != call.Answered {
			return missing
		}
		w.leave(l)
		q := out
		if l.agent != "" {
			q = connect
		}
		w.ask(l, q)
	}
	return call.Result{Verdict: call.Done}
}

// ringTime is how long the carrier lets a phone ring (phone, ringTime).
const ringTime = 25 * time.Second

// dial makes a leg, which is dialled when it is its turn in the account's queue.
func (w *world) dial(c call.Call, wanted *call.Leg) (l *leg, queued time.Duration) {
	l = w.newLeg(leg{customer: w.customerOf(c.Room), agent: wanted.Agent, id: wanted.ID, purpose: wanted.Purpose, phone: wanted.Phone})
	w.tell(l.customer.name, "carrier: %s is dialled for %s as %s", l, l.purpose, l.id)
	l.far = w.strikes(regions, 4, l.customer, "%s is in another region", l)
	delay := w.between(20*time.Millisecond, 200*time.Millisecond)
	if w.plan[pacing] && !w.calm {
		w.paced = max(w.paced+time.Second, w.now)
		if queued = w.paced - w.now; queued > 0 {
			w.struck[pacing]++
			l.customer.excuse(w, queued)
			delay += queued
		}
	}
	w.in(delay, func() {
		if l.over() {
			return
		}
		w.progress(l, call.Dialled, call.NoOutcome)
		ring := w.rings
		if l.phone != "" {
			ring = w.rungPhone
		}
		w.in(w.between(50*time.Millisecond, 500*time.Millisecond), func() { ring(l) })
	})
	return l, queued
}

func (w *world) rings(l *leg) {
	p := w.person(l.agent)
	switch {
	case l.over():
	case p.page == "" || !p.registered:
		w.end(l, call.Unreachable)
	default:
		w.progress(l, call.Ringing, call.NoOutcome)
		w.in(ringTime, func() {
			if l.status == call.Ringing {
				w.end(l, call.NoAnswer)
			}
		})
		p.rung(l)
	}
}

// find is phone.find: by whom it rings and since when.
func (w *world) find(c call.Call, wanted *call.Leg) (sids []string) {
	since := wanted.PlannedAt.Add(-5 * time.Second)
	for _, l := range slices.Backward(w.legs) {
		if l.agent == wanted.Agent && !l.over() && c.LegBySID(l.sid) == nil && !w.at(l.created).Before(since) {
			sids = append(sids, l.sid)
		}
	}
	return sids
}
