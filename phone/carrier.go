package phone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/twilio"
)

// requestTime bounds the REST requests of one action.
const requestTime = 3 * time.Second

// ringMargin is how much longer the carrier lets somebody's phone ring than the
// rulebook does, which cancels the ring itself.
const ringMargin = 5 * time.Second

// Carrier carries actions out. It is safe for concurrent use.
type Carrier struct {
	client  *twilio.Client
	cfg     Config
	urls    urls
	breaker *Breaker
	queue   queue
}

var (
	_ desk.Phone = (*Carrier)(nil)
	_ desk.Line  = (*Carrier)(nil)
)

// NewCarrier makes the way from the desk to the carrier.
func NewCarrier(cfg Config) *Carrier {
	return &Carrier{client: cfg.Client, cfg: cfg, urls: newURLs(cfg.PublicURL), breaker: NewBreaker(time.Now, rand.Float64)}
}

// Carry carries one action out, within 3 s. Whatever goes wrong is in the
// result.
func (p *Carrier) Carry(ctx context.Context, c call.Call, a call.Action) call.Result {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	if held, ok := p.queue.held(c, a, time.Now()); ok {
		return held
	}
	if held, ok := p.breaker.Held(c, a); ok {
		return held
	}
	r := call.Result{Key: a.Key, Kind: a.Kind, Attempt: a.Attempt}
	err := p.ask(ctx, c, a, &r)
	p.breaker.Ended(err)
	r.Verdict, r.Refusal, r.RetryIn = verdict(err), refused(err), p.retryIn(a, err)
	if err != nil {
		r.Why = line(a.Kind, err)
	}
	return r
}

// ask makes the requests of an action.
func (p *Carrier) ask(ctx context.Context, c call.Call, a call.Action, r *call.Result) (err error) {
	l := c.Leg(a.Leg)
	switch {
	case a.Kind == call.Look:
		r.Seen, err = p.look(ctx, c)
	case a.Kind == call.Collect:
		r.Messages, r.Tracks, err = p.collect(ctx, l)
	case a.Kind.Records():
		r.Tracks, err = p.record(ctx, c, l, a)
	case l == nil:
		err = fmt.Errorf("leg %s: %w", a.Leg, errNoLeg)
	case a.Kind == call.Dial:
		p.queue.sent(time.Now())
		if r.SID, r.Queued, err = p.dial(ctx, c, l); err == nil {
			p.queue.took(r.Queued, time.Now())
		}
	case a.Kind == call.Find:
		r.Others, err = p.find(ctx, c, l)
		if len(r.Others) > 0 {
			r.SID, r.Others = r.Others[0], r.Others[1:]
		}
	default:
		err = p.do(ctx, c, l, a)
	}
	return err
}

// retryIn is the least pause before an action is tried again: what the carrier has
// asked for. Requests that were too many come back spread out,
// the wider the more often they failed, or they would be too many again.
func (p *Carrier) retryIn(a call.Action, err error) time.Duration {
	e, ok := errors.AsType[*twilio.Error](err)
	if !ok || e.Status != http.StatusTooManyRequests {
		return 0
	}
	spread := time.Second << min(max(a.Attempt-1, 0), 3)
	return retryAfter(err) + time.Duration(rand.Float64()*float64(spread))
}

// probeTime bounds the request that finds out whether the carrier answers again.
const probeTime = requestTime

// Watch tells of the carrier's trouble. At the start, and from time to time after a
// request has failed, it asks whether the carrier takes requests: nobody else may
// have anything to ask. It runs until ctx ends.
func (p *Carrier) Watch(ctx context.Context, tell func(desk.Trouble)) error {
	p.breaker.Ended(p.probe(ctx)) // a wrong token is known before the first caller
	var told desk.Trouble
	for {
		var due <-chan time.Time
		if in, failing := p.breaker.probeIn(); failing {
			due = time.After(in + breakFirst/4) // not at once: somebody else's answer may be on the way
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-p.breaker.changed:
			if t := p.breaker.Trouble(); t != told {
				told = t
				tell(t)
			}
		case <-due:
			if p.breaker.Allow(false) == nil {
				p.breaker.Ended(p.probe(ctx))
			}
		}
	}
}

func (p *Carrier) probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	_, err := p.client.ListConferences(ctx, twilio.ConferenceFilter{Limit: 1})
	return err
}

// errNoLeg is an action for a leg that the call or the carrier does not have.
var errNoLeg = errors.New("there is no such leg")

// do changes a leg that there is.
func (p *Carrier) do(ctx context.Context, c call.Call, l *call.Leg, a call.Action) (err error) {
	if l.SID == "" {
		return fmt.Errorf("leg %s was not dialled: %w", l.ID, errNoLeg)
	}
	switch a.Kind {
	case call.Hang:
		// completed ends a ringing call as well as one in progress.
		_, err = p.client.UpdateCall(ctx, l.SID, twilio.CallUpdate{Status: twilio.CallCompleted})
	case call.Hold:
		// Said in full: the default would be a GET, and music we do not know.
		hold := true
		_, err = p.client.UpdateParticipant(ctx, l.RoomSID, l.SID, twilio.ParticipantUpdate{
			Hold: &hold, HoldURL: p.urls.hold(c.ID), HoldMethod: http.MethodPost,
		})
	case call.Unhold:
		hold := false
		_, err = p.client.UpdateParticipant(ctx, l.RoomSID, l.SID, twilio.ParticipantUpdate{Hold: &hold})
	case call.Quiet, call.Speak, call.Guide, call.Unguide:
		_, err = p.client.UpdateParticipant(ctx, l.RoomSID, l.SID, voice(c, a))
	case call.Enter:
		// Whoever is sent there asks what to do, and it is noted what they were told.
		address := p.urls.out(c.Room, l.ID)
		if l.Role != call.Customer {
			address = p.urls.connect(c.Room, l.Agent, l.ID)
		}
		_, err = p.client.UpdateCall(ctx, l.SID, twilio.CallUpdate{URL: address, Method: http.MethodPost})
	default:
		err = fmt.Errorf("unknown action %q", a.Kind)
	}
	return err
}

// voice is whom a supervisor is to be heard by: one thing is changed at a time.
func voice(c call.Call, a call.Action) twilio.ParticipantUpdate {
	muted, coaching := a.Kind == call.Quiet, a.Kind == call.Guide
	switch a.Kind {
	case call.Guide:
		return twilio.ParticipantUpdate{Coaching: &coaching, CallSIDToCoach: call.GuideTo(c, a.Leg)}
	case call.Unguide:
		return twilio.ParticipantUpdate{Coaching: &coaching}
	}
	return twilio.ParticipantUpdate{Muted: &muted}
}

// dial rings an agent's browser. What the answering agent gets is asked for at
// the moment of answering. The custom parameters tell the agent's page which of
// its calls this is.
func (p *Carrier) dial(ctx context.Context, c call.Call, l *call.Leg) (sid string, queued time.Duration, err error) {
	if l.Phone != "" {
		return p.dialPhone(ctx, c, l)
	}
	custom := url.Values{"call": {string(c.ID)}, "leg": {string(l.ID)}, "kind": {string(l.Purpose)}}
	if l.Key != "" {
		custom.Set("key", l.Key)
	}
	made, err := p.client.CreateCall(ctx, twilio.NewCall{
		To:                   address(l) + "?" + custom.Encode(),
		From:                 p.cfg.Number,
		URL:                  p.urls.connect(c.Room, l.Agent, l.ID),
		Method:               http.MethodPost,
		StatusCallback:       p.urls.progress(c.Room, l.ID),
		StatusCallbackMethod: http.MethodPost,
		StatusCallbackEvents: []string{"initiated", "ringing", "answered", "completed"},
		Timeout:              c.RingTime() + ringMargin,
	})
	return named(made, err)
}

// named is the SID of a leg that was dialled, and how long it waits in the carrier's
// queue.
func named(made twilio.Call, err error) (sid string, queued time.Duration, _ error) {
	if err == nil && made.SID == "" {
		err = errors.New("the carrier took the call but did not name it")
	}
	return made.SID, made.Queue(), err
}

// address is what a leg rings, as the carrier names it.
func address(l *call.Leg) string {
	if l.Phone != "" {
		return l.Phone
	}
	return "client:" + string(l.Agent)
}

// findSlack allows for clocks that differ and for dates in whole seconds.
const findSlack = 5 * time.Second

// find looks for the leg of a dial whose answer was lost. Twilio's record of a
// call shows neither its URL nor its parameters, so the leg is known by whom it
// rings and since when; that nobody else rings the agent is what the claim is
// for (transfer.md, Finding a lost dial). A number may be rung by several: all are
// told, the one made soonest after the dial was decided first. No error and none:
// there is none.
func (p *Carrier) find(ctx context.Context, c call.Call, l *call.Leg) ([]string, error) {
	calls, err := p.client.ListCalls(ctx, twilio.CallFilter{To: address(l)})
	if err != nil {
		return nil, err
	}
	calls = slices.DeleteFunc(calls, func(found twilio.Call) bool {
		name, _, _ := strings.Cut(found.To, "?")
		return name != address(l) || twilio.CallEnded(found.Status) || c.LegBySID(found.SID) != nil || found.DateCreated.Before(l.PlannedAt.Add(-findSlack))
	})
	slices.SortStableFunc(calls, func(a, b twilio.Call) int {
		return cmp.Compare(a.DateCreated.Sub(l.PlannedAt).Abs(), b.DateCreated.Sub(l.PlannedAt).Abs())
	})
	var sids []string
	for _, found := range calls {
		sids = append(sids, found.SID)
	}
	return sids, nil
}

// verdict classifies how a request ended: what may be asked again, and what may
// have happened although we were not told.
func verdict(err error) call.Verdict {
	if err == nil {
		return call.Done
	}
	if errors.Is(err, errNoLeg) || twilio.IsCode(err, twilio.CodeNotFound, twilio.CodeNotInProgress) {
		return call.Missing
	}
	if e, ok := errors.AsType[*twilio.Error](err); ok {
		switch {
		case e.Status == http.StatusNotFound:
			return call.Missing
		case e.Status == http.StatusTooManyRequests:
			return call.TryBack
		case e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden:
			// Nothing happened, and nothing is proved about the leg: somebody must
			// correct the credentials, and until then we go on asking.
			return call.TryBack
		case e.Status >= 500 || e.Status == http.StatusRequestTimeout || e.Status < 400:
			return call.Unknown
		}
		return call.Refused
	}
	// Not connected: the request was never sent.
	if notSent(err) {
		return call.TryBack
	}
	return call.Unknown
}
