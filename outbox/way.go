package outbox

import (
	"context"
	"net/http"
	"time"
)

// way is the one way to a receiver.
type way struct {
	to     *Receiver
	cfg    *Config
	client *http.Client
	wake   chan struct{}
	revive chan struct{}
	tally

	// Owned by run.
	flying   int       // attempts under way
	failures int       // in a row; while there are any, one attempt is made at a time
	resume   time.Time // no attempt before
	gone     bool      // the receiver said 410
}

func newWay(r *Receiver, cfg *Config) *way {
	return &way{to: r, cfg: cfg, client: r.client(), wake: make(chan struct{}, 1), revive: make(chan struct{}, 1)}
}

// rouse has the database looked at now; again: even if the receiver is gone.
func (w *way) rouse(again bool) {
	c := w.wake
	if again {
		c = w.revive
	}
	select {
	case c <- struct{}{}:
	default: // one is pending already
	}
}

// run delivers until ctx ends, and then waits for the attempts under way, which
// end with it.
func (w *way) run(ctx context.Context) {
	defer w.client.CloseIdleConnections()
	ended := make(chan verdict)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			for ; w.flying > 0; w.flying-- {
				<-ended
			}
			return
		case <-w.wake:
		case <-w.revive:
			w.gone, w.failures, w.resume = false, 0, time.Time{}
		case v := <-ended:
			w.flying--
			w.note(v)
		case <-timer.C:
		}
		timer.Reset(time.Until(w.fill(ctx, ended)))
	}
}

// fill begins what is due as far as there is room, and tells when to look again.
func (w *way) fill(ctx context.Context, ended chan<- verdict) time.Time {
	now := time.Now()
	room := slots - w.flying
	if w.failures > 0 {
		room = 1 - w.flying
	}
	switch {
	case w.gone || room <= 0:
		return now.Add(pollTime)
	case now.Before(w.resume):
		return w.resume
	}
	next, err := w.cfg.Store.NextDelivery(ctx, w.to.Name)
	if err == nil && next.IsZero() {
		return now.Add(pollTime)
	}
	if err == nil && next.After(now) {
		return earlier(next, now.Add(pollTime))
	}
	var claimed []Delivery
	if err == nil {
		claimed, err = w.cfg.Store.ClaimDeliveries(ctx, w.to.Name, now, now.Add(leaseTime), room)
	}
	if err != nil {
		if ctx.Err() == nil {
			w.cfg.Logger.Error("find webhooks to send", "receiver", Shown(w.to.Name), "err", err)
		}
		return now.Add(time.Second)
	}
	for _, d := range claimed {
		w.flying++
		go func() { ended <- w.attempt(ctx, d) }()
	}
	if len(claimed) == room {
		return now.Add(pollTime) // the next one to end makes room
	}
	return now // more may have been written meanwhile
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// verdict is what an attempt says of the receiver.
type verdict int

const (
	took verdict = iota
	failed
	isGone
	stopped // we did
)

// note takes an attempt's end. A receiver that fails is asked ever more rarely,
// one event at a time, so that a day without it costs next to nothing.
func (w *way) note(v verdict) {
	switch v {
	case took:
		w.failures, w.resume = 0, time.Time{}
	case isGone:
		w.gone = true
		w.cfg.Logger.Error("webhook receiver is gone (410): nothing is sent to it before a restart, or a retry by hand", "receiver", Shown(w.to.Name))
	case failed:
		w.failures++
		if w.failures > 1 { // the first may be the event's fault
			pause := w.cfg.Schedule[0] / 5 << min(w.failures-2, 10)
			w.resume = time.Now().Add(spread(min(pause, pauseMost)))
		}
	case stopped:
	}
}

// attempt sends a delivery once and saves what came of it.
func (w *way) attempt(ctx context.Context, d Delivery) verdict {
	var v verdict
	d.Code, d.Error = w.post(ctx, d)
	now := time.Now()
	switch {
	case d.Error == "":
		v, d.Status = took, Delivered
	case ctx.Err() != nil:
		v, d.Next, d.Error = stopped, now, "interrupted: the desk was stopped"
	case d.Code == http.StatusGone:
		v, d.Status = isGone, GivenUp
	case d.Tries > len(w.cfg.Schedule):
		v, d.Status = failed, GivenUp
	default:
		v, d.Next = failed, now.Add(spread(w.cfg.Schedule[d.Tries-1]))
	}
	if v != stopped {
		w.count(d.Status)
	}
	switch {
	case d.Status == GivenUp:
		w.cfg.Logger.Error("webhook given up", "receiver", Shown(w.to.Name), "event", d.Event, "type", d.Type, "tries", d.Tries, "why", d.Error)
	case v == failed:
		w.cfg.Logger.Warn("webhook not delivered", "receiver", Shown(w.to.Name), "event", d.Event, "type", d.Type, "try", d.Tries, "next", d.Next, "why", d.Error)
	}
	// What has been sent is to be known even if we are being stopped.
	if err := w.cfg.Store.FinishDelivery(context.WithoutCancel(ctx), d, now); err != nil {
		w.cfg.Logger.Error("save webhook delivery: it will be sent again", "receiver", Shown(w.to.Name), "event", d.Event, "err", err)
	}
	return v
}
