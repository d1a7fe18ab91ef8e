package phone

import (
	"context"
	"net/http"
	"strings"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/twilio"
	"warmdesk/twiml"
)

// listenTime is how long the carrier may listen whether a person has answered;
// meanwhile they hear nothing.
const listenTime = 5 * time.Second

// pressTime is how long a telephone is silent between two times of being asked for
// the key.
const pressTime = 4 * time.Second

// dialPhone rings a telephone. Somebody outside is listened to: an answering
// machine is not to be spoken to. Agents are asked for a key in any case, and do
// not wait for the carrier to have listened.
func (p *Carrier) dialPhone(ctx context.Context, c call.Call, l *call.Leg) (sid string, queued time.Duration, err error) {
	n := twilio.NewCall{
		To: l.Phone, From: p.cfg.Number, URL: p.urls.connect(c.Room, l.Agent, l.ID), Method: http.MethodPost,
		StatusCallback: p.urls.progress(c.Room, l.ID), StatusCallbackMethod: http.MethodPost,
		StatusCallbackEvents: []string{"initiated", "ringing", "answered", "completed"},
		// The network's own time before the first ring included.
		Timeout: call.PhoneDialTime + c.RingTime() + ringMargin,
	}
	if call.Outside(l.Agent) {
		n.MachineDetection, n.MachineDetectionTimeout = twilio.MachineDetectionEnable, listenTime
		if p.cfg.CustomerID != nil && p.cfg.CustomerID() && c.CallToken != "" && strings.HasPrefix(c.Number, "+") {
			n.From, n.CallToken = c.Number, c.CallToken
		}
	}
	made, err := p.client.CreateCall(ctx, n)
	if n.CallToken != "" && twilio.IsCode(err, twilio.CodeFromNotVerified, twilio.CodeFromNotValid) {
		// It was refused for that, and so nothing rings: once again, from us.
		n.From, n.CallToken = p.cfg.Number, ""
		made, err = p.client.CreateCall(ctx, n)
	}
	return named(made, err)
}

// answerer is what the carrier has heard, in our words.
func answerer(by string) call.Answerer {
	switch {
	case by == "human":
		return call.Person
	case strings.HasPrefix(by, "machine") || by == "fax":
		return call.Machinery
	}
	return call.NotHeard
}

// askAccept asks whoever has picked a telephone up for the key, again and again:
// the rulebook ends the ring.
func (w *Webhooks) askAccept(c call.Call, leg call.LegID) twiml.Document {
	l := c.Leg(leg)
	said := w.keyWords(c, leg)
	return twiml.Document{
		twiml.Gather{
			Action: w.urls.accept(c.Room), Method: http.MethodPost, NumDigits: 1, FinishOnKey: twiml.String(""),
			Timeout: pressTime, Prompts: []twiml.Verb{said},
		},
		twiml.Redirect{URL: w.urls.connect(c.Room, l.Agent, l.ID), Method: http.MethodPost},
	}
}

// accept is a key pressed on a telephone that was asked for one.
func (w *Webhooks) accept(ctx context.Context, r request) (twiml.Document, error) {
	id, err := w.find(ctx, r, r.PathValue("conference_id"))
	if err == nil && twilio.CallEnded(r.form.Get("CallStatus")) {
		_, err := w.desk.Fact(ctx, id, w.legFact("", r.form), r.form)
		return nothing(), notFoundIsFine(err)
	}
	var c call.Call
	if err == nil {
		c, err = w.desk.Fact(ctx, id, call.KeyPressed{SID: r.sid, Digits: r.form.Get("Digits")}, r.form)
	}
	if err == nil && c.LegBySID(r.sid) == nil {
		err = desk.ErrNotFound
	}
	if err != nil {
		return w.releaseAgent(r, err), nil
	}
	return w.documentFor(c, r.sid), nil
}
