package phone

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strings"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/twilio"
	"warmdesk/twiml"
)

// maxName bounds the name a customer gives, in characters.
const maxName = 60

// arrive is a new customer, or one who is sent into the room afresh.
func (w *Webhooks) arrive(ctx context.Context, r request) (twiml.Document, error) {
	e := w.arrival(r, false)
	ticket, ok := w.admitted(ctx, r)
	if !ok {
		w.log.Warn("call from a page without a ticket refused", "call_sid", r.sid, "from", r.form.Get("From"))
		return w.release(ear{e.Language, e.Dialled}, call.WordsNoTicket), nil
	}
	e.Since, e.Vouched = ticket.Given, ticket.Vouched
	c, err := w.desk.Arrive(ctx, e, r.form)
	if err != nil {
		// Whatever is wrong with us, the customer is not to suffer.
		w.log.Error("arrival not recorded", "call_sid", r.sid, "err", err)
		return w.keep(e), nil
	}
	return w.documentFor(c, r.sid), nil
}

// admitted reports whether who calls may. Only pages need a ticket: with their
// token anybody could call, as often as they like. When we cannot tell, they may:
// a customer is not to suffer.
func (w *Webhooks) admitted(ctx context.Context, r request) (desk.Ticket, bool) {
	identity, page := strings.CutPrefix(r.form.Get("From"), "client:")
	if !page || w.cfg.Tickets == nil {
		return desk.Ticket{}, true
	}
	if _, err := w.desk.Resolve(ctx, w.cfg.Account, r.sid); err == nil {
		return desk.Ticket{}, true // asked again
	}
	ticket, err := w.cfg.Tickets.Admit(ctx, identity, r.sid, r.key)
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		w.log.Error("ticket not known", "call_sid", r.sid, "err", err)
	}
	return ticket, !errors.Is(err, desk.ErrNotFound)
}

// admit makes the call of a leg that has waited before we heard of it, or finds it.
func (w *Webhooks) admit(ctx context.Context, r request) (call.Call, error) {
	return w.desk.Arrive(ctx, w.arrival(r, true), r.form)
}

// arrival is who calls, and from which page. returning: the customer has waited
// before we heard of them.
func (w *Webhooks) arrival(r request, returning bool) call.Arrived {
	kept := r.URL.Query() // see keep
	name := []rune(strings.TrimSpace(r.form.Get("CallerName")))
	topic := []rune(strings.Join(strings.Fields(r.form.Get("Topic")), " "))
	dialled, language := w.dialled(r)
	return call.Arrived{
		Dialled: dialled, Language: language,
		Account: w.cfg.Account, SID: r.form.Get("CallSid"),
		Number: number(r.form.Get("From")), Name: cmp.Or(string(name[:min(len(name), maxName)]), kept.Get("name")),
		Topic: string(topic[:min(len(topic), call.MostTopic)]),
		Team:  w.team(r), Return: cmp.Or(desk.ReturnHash(r.key), kept.Get("return")), Returning: returning,
		CallToken: r.token,
	}
}

// number is where a customer calls from; empty when that is withheld.
func number(from string) string {
	if withheld(from) {
		return ""
	}
	return from
}

// team is whom a customer wants to speak to: the web page says so itself, a number
// by the voice URL that is set for it, or by what was set here.
func (w *Webhooks) team(r request) string {
	return cmp.Or(r.form.Get("Team"), r.URL.Query().Get("team"), w.cfg.Heard().Numbers[r.form.Get("To")].Team)
}

// documentFor is the document of the leg with this carrier id.
func (w *Webhooks) documentFor(c call.Call, sid string) twiml.Document {
	var leg call.LegID
	if l := c.LegBySID(sid); l != nil {
		leg = l.ID
	}
	return w.document(c, leg, call.DocumentFor(c, leg))
}

// inbound reports whether a leg that we do not know is a customer's: it called
// us, and is not one that we dialled.
func inbound(form url.Values) bool {
	return form.Get("Direction") == "inbound" && form.Get("CallSid") != "" && !twilio.CallEnded(form.Get("CallStatus"))
}

// wait is what a party hears who waits or is held: a customer, the words of the
// moment and music; an agent, music only.
func (w *Webhooks) wait(ctx context.Context, r request) (twiml.Document, error) {
	c, err := w.waitingCall(ctx, r)
	if err != nil {
		w.log.Error("who waits is not known", "call_sid", r.sid, "err", err)
		dialled, language := w.dialled(r)
		return w.waiting(ear{language, dialled}, call.Welcome, ""), nil
	}
	l := c.LegBySID(r.sid)
	if l != nil && l.Role != call.Customer {
		return w.waiting(ear{}, "", ""), nil
	}
	return w.waiting(ear{c.Language, c.Dialled}, call.WordsFor(c), call.LaterWords(c)), nil
}

func (w *Webhooks) waitingCall(ctx context.Context, r request) (call.Call, error) {
	id, err := w.find(ctx, r, r.URL.Query().Get("call"))
	if errors.Is(err, desk.ErrNotFound) && inbound(r.form) {
		// We could not record the arrival; now we can.
		return w.admit(ctx, r)
	}
	if err != nil {
		return call.Call{}, err
	}
	return w.desk.Call(ctx, id)
}

// connect is an agent who answered: where to go is decided now.
func (w *Webhooks) connect(ctx context.Context, r request) (twiml.Document, error) {
	id, err := w.find(ctx, r, r.PathValue("conference_id"))
	if err != nil {
		return w.releaseAgent(r, err), nil
	}
	c, err := w.desk.Call(ctx, id)
	if err != nil {
		return w.releaseAgent(r, err), nil
	}
	l := answering(&c, call.LegID(r.URL.Query().Get("leg")), agent.ID(r.PathValue("agent")), r.sid)
	if l == nil {
		return w.releaseAgent(r, desk.ErrNotFound), nil
	}
	fact := w.legFact(l.ID, r.form)
	// Who asks for the document has answered, whatever the status says.
	fact.Status, fact.Asks = max(fact.Status, call.Answered), true
	if c, err = w.desk.Fact(ctx, id, fact, r.form); err != nil {
		return w.releaseAgent(r, err), nil
	}
	if l := c.LegBySID(r.sid); l == nil || l.Role == call.Customer {
		return w.releaseAgent(r, desk.ErrNotFound), nil // the leg is somebody else's by now
	}
	return w.documentFor(c, r.sid), nil
}

// answering is the leg an agent answers on: the one the dial named, else the one
// the agent is rung on.
func answering(c *call.Call, id call.LegID, who agent.ID, sid string) *call.Leg {
	l := c.Leg(id)
	if id == "" {
		if l = c.LegBySID(sid); l == nil {
			l = c.AgentLeg(who)
		}
	}
	if l == nil || l.Role == call.Customer || l.Agent != who || (l.SID != "" && l.SID != sid) {
		return nil
	}
	return l
}

// releaseAgent tells an agent that there is nobody to be joined to. The customer
// has music meanwhile.
func (w *Webhooks) releaseAgent(r request, err error) twiml.Document {
	if errors.Is(err, desk.ErrNotFound) {
		w.log.Warn("unknown agent leg released", "path", r.URL.Path, "call_sid", r.sid)
		return w.document(call.Call{}, "", call.DocumentFor(call.Call{}, ""))
	}
	w.log.Error("agent leg released", "path", r.URL.Path, "call_sid", r.sid, "err", err)
	return w.release(ear{}, call.WordsTrouble)
}

// out is a leg that fell out of the conference, for whatever reason, and asks
// what is next; or one that has ended, which the carrier tells in the same way.
func (w *Webhooks) out(ctx context.Context, r request) (twiml.Document, error) {
	id, err := w.find(ctx, r, r.PathValue("conference_id"))
	if errors.Is(err, desk.ErrNotFound) && inbound(r.form) {
		var c call.Call
		c, err = w.admit(ctx, r)
		id = c.ID
	}
	if err != nil {
		return w.strayed(r, err), nil
	}
	if twilio.CallEnded(r.form.Get("CallStatus")) {
		_, err := w.desk.Fact(ctx, id, w.legFact("", r.form), r.form)
		return nothing(), notFoundIsFine(err)
	}
	c, err := w.desk.Fact(ctx, id, call.AskedAgain{SID: r.sid}, r.form)
	if err != nil {
		return w.strayed(r, err), nil
	}
	return w.documentFor(c, r.sid), nil
}

// strayed is the document of a leg that asks while we cannot look anything up:
// an agent is released, a customer hears music outside the room, where people
// may be talking in private, and asks again.
func (w *Webhooks) strayed(r request, err error) twiml.Document {
	if !inbound(r.form) {
		return w.releaseAgent(r, err)
	}
	w.log.Error("customer kept waiting", "call_sid", r.sid, "err", err)
	return w.outside(r.PathValue("conference_id"), "")
}

// customerProgress is how far a customer's leg has come; what counts is its end.
func (w *Webhooks) customerProgress(ctx context.Context, r request) (twiml.Document, error) {
	return nothing(), w.report(ctx, r, w.legFact("", r.form))
}

// legProgress is how far a leg has come that we dialled.
func (w *Webhooks) legProgress(ctx context.Context, r request) (twiml.Document, error) {
	return nothing(), w.report(ctx, r, w.legFact(call.LegID(r.PathValue("leg")), r.form))
}

// events is what happens in a conference.
func (w *Webhooks) events(ctx context.Context, r request) (twiml.Document, error) {
	facts := roomFacts(w.cfg.Account, r.form)
	if len(facts) == 0 {
		return nothing(), nil
	}
	if err := w.adopt(ctx, r); err != nil {
		return nil, err
	}
	return nothing(), w.report(ctx, r, facts...)
}

// adopt takes up a customer whose arrival we could not record: the room is
// named by their own leg, and they are in it.
func (w *Webhooks) adopt(ctx context.Context, r request) error {
	if r.form.Get("StatusCallbackEvent") != "participant-join" || r.sid == "" || r.sid != r.PathValue("conference_id") {
		return nil
	}
	_, err := w.find(ctx, r)
	if errors.Is(err, desk.ErrNotFound) {
		_, err = w.admit(ctx, r)
	}
	return err
}

// report applies facts to the call they belong to. What belongs to none is
// ignored.
func (w *Webhooks) report(ctx context.Context, r request, facts ...call.Event) error {
	id, err := w.find(ctx, r, r.PathValue("conference_id"))
	for _, fact := range facts {
		if err == nil {
			_, err = w.desk.Fact(ctx, id, fact, r.form)
		}
	}
	if errors.Is(err, desk.ErrNotFound) {
		w.log.Info("report of an unknown call", "path", r.URL.Path, "call_sid", r.sid)
	}
	return notFoundIsFine(err)
}

func notFoundIsFine(err error) error {
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	return err
}
