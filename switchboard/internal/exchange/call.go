package exchange

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"warmdesk/switchboard/internal/conference"
	"warmdesk/switchboard/internal/webhook"
	"warmdesk/twilio"
	"warmdesk/twiml"
)

// Directions of a call.
const (
	DirectionInbound  = "inbound"
	DirectionOutbound = "outbound-api"
)

// Call is the record of one call, as REST shows it.
type Call struct {
	SID, To, From     string
	Status, Direction string
	AnsweredBy        string // where that was asked: human, machine_start, unknown
	Created, Updated  time.Time
	Started           time.Time // when it was answered; zero before
	Ended             time.Time
}

// Duration is the time from answer to end, in whole seconds.
func (c Call) Duration() time.Duration {
	if c.Started.IsZero() || c.Ended.IsZero() {
		return 0
	}
	return c.Ended.Sub(c.Started).Round(time.Second)
}

// Target is something to ask for by HTTP; Method "" is POST.
type Target struct{ URL, Method string }

// Callback is who is told of a call's progress.
type Callback struct {
	Target
	Events []string // initiated, ringing, answered, completed
}

// call is one leg: its record, where it stands in its documents, its timers.
// Run's goroutine owns it.
type call struct {
	x   *Exchange
	rec Call

	identity string     // the browser's name
	number   string     // or the telephone's
	detect   *Detection // nil: nobody asks who has answered
	custom   url.Values // parameters that go with every document request
	hook     Callback
	seq      int // callbacks sent
	first    Target
	twiml    string // the first document itself, instead of first
	fallback Target
	into     *addition // made by the Participants resource

	leg     Leg
	line    Line // from the answer on; port is the party behind it
	port    conference.Port
	main    *player // performs the documents
	seat    *member // the place in a conference
	reels   []*reel // recordings that REST has begun
	echoes  bool    // it is to hear itself
	mirror  Line    // what it then hears, from the answer on
	dialing bool    // the program stands at a <Dial>
	over    bool

	ringTime, timeLimit time.Duration
	ring, limit         *time.Timer
}

func (x *Exchange) addCall(c *call) {
	now := time.Now()
	c.x = x
	c.rec.SID = newSID("CA")
	c.rec.Created, c.rec.Updated = now, now
	c.main = newPlayer(c, nil)
	x.calls[c.rec.SID] = c
	x.order = append(x.order, c)
	x.order = forget(x.order, func(c *call) bool {
		if c.over {
			delete(x.calls, c.rec.SID)
		}
		return c.over
	})
}

func (c *call) setStatus(status string) {
	c.rec.Status = status
	c.rec.Updated = time.Now()
}

// dial rings the browser, or the telephone, of an outbound call. That takes a moment,
// so it happens on a goroutine.
func (c *call) dial() {
	if c.over {
		return
	}
	c.event("initiated", "initiated", "")
	sid, identity, number, custom := c.rec.SID, c.identity, c.number, c.custom
	parameters := map[string]string{
		"CallSid": sid, "AccountSid": c.x.cfg.AccountSID, "ApiVersion": twilio.APIVersion,
		"From": c.rec.From, "To": c.rec.To,
	}
	c.x.start(func() {
		var leg Leg
		var err error
		if number != "" {
			leg, err = c.x.cfg.Telephones.Dial(c.x.ctx, sid, number)
		} else {
			leg, err = c.x.cfg.Browsers.Dial(sid, identity, parameters, custom)
		}
		if !c.x.post(func() { c.dialled(leg, err) }) && err == nil {
			leg.Hangup(0, "")
		}
	})
}

// answered: the other side is there and its media path is up.
func (c *call) answered() {
	if c.over || !c.rec.Started.IsZero() {
		return
	}
	c.ring = stopTimer(c.ring)
	c.limit = c.x.after(c.timeLimit, func() { c.end(outcomeFinished) })
	c.rec.Started = time.Now()
	c.setStatus(twilio.CallInProgress)
	c.port = c.leg.Port()
	c.line = c.x.cfg.Audio.Open(c.port)
	c.event("answered", twilio.CallInProgress, "")
	switch {
	case c.echoes:
		c.hearItself()
	case c.rec.Direction == DirectionInbound:
		c.main.step() // the document was read while it rang
	case c.detect != nil:
		c.detect.ask(c)
	default:
		c.begin()
	}
}

// begin starts the first document of an answered outbound call.
func (c *call) begin() {
	switch {
	case c.into != nil:
		c.main.perform(c.into.document(), "", "")
	case c.twiml != "":
		c.performTwiml(c.twiml)
	default:
		c.main.Fetch(c.first.URL, c.first.Method, nil)
	}
}

// performTwiml runs a document that came with a REST request.
func (c *call) performTwiml(body string) {
	doc, err := twiml.Parse([]byte(body))
	if err != nil {
		c.trouble(err, "")
		return
	}
	c.main.perform(doc, "", "")
}

// redirect takes a live call away from whatever it does.
func (c *call) redirect(t Target, body string) {
	c.main.stop()
	c.main = newPlayer(c, nil)
	c.leaveRoom(leftByAPI, twilio.CallInProgress, true)
	if body != "" {
		c.performTwiml(body)
		return
	}
	c.main.Fetch(t.URL, t.Method, nil)
}

// trouble deals with a document that could not be had or run: the fallback is
// asked once, and then the caller hears an apology.
func (c *call) trouble(err error, failed string) {
	code := codeOf(err)
	c.x.log.Warn("document failed", "call", c.rec.SID, "url", failed, "code", code, "error", err)
	if c.fallback.URL != "" && !c.main.fallback {
		c.main.fallback = true
		c.main.Fetch(c.fallback.URL, c.fallback.Method, url.Values{
			"ErrorCode": {strconv.Itoa(code)}, "ErrorUrl": {failed},
		})
		return
	}
	c.main.perform(apology(), "", "")
}

// end ends the call, whatever it does.
func (c *call) end(o outcome) {
	if c.over {
		return
	}
	c.over = true
	c.ring, c.limit = stopTimer(c.ring), stopTimer(c.limit)
	c.main.stop()
	for _, r := range c.reels {
		r.end()
	}
	c.leaveRoom(o.leave, o.status, o.kicked)
	if c.line != nil {
		c.line.Close()
	}
	if c.mirror != nil {
		c.mirror.Close()
	}
	if c.leg != nil {
		c.leg.Hangup(o.code, o.reason)
		delete(c.x.placed, c.leg)
	}
	c.rec.Ended = time.Now()
	c.setStatus(o.status)
	if c.into != nil && c.rec.Started.IsZero() {
		c.into.failed(c, o.status)
	}
	c.event("completed", o.status, o.sip)
	c.leg, c.port, c.line, c.mirror, c.reels, c.twiml = nil, nil, nil, nil, nil, "" // the record is remembered for long
	c.x.log.Info("call ended", "call", c.rec.SID, "from", c.rec.From, "to", c.rec.To,
		"status", o.status, "reason", o.reason, "duration", c.rec.Duration())
}

// event owes a progress callback if the application asked for it.
func (c *call) event(name, status, sip string) {
	if c.hook.URL == "" || !slices.Contains(c.hook.Events, name) {
		return
	}
	p := c.params()
	p.Set("CallStatus", status)
	p.Set("Timestamp", twilio.FormatTime(time.Now()))
	p.Set("CallbackSource", "call-progress-events")
	p.Set("SequenceNumber", strconv.Itoa(c.seq))
	c.seq++
	if name == "completed" {
		seconds := int(c.rec.Duration() / time.Second)
		p.Set("CallDuration", strconv.Itoa(seconds))
		p.Set("Duration", strconv.Itoa((seconds+59)/60))
		if sip != "" {
			p.Set("SipResponseCode", sip)
		}
	}
	c.x.cfg.Web.Notify(c.rec.SID, webhook.Request{URL: c.hook.URL, Method: c.hook.Method, Params: p})
}

// params are the parameters of every request about the call.
func (c *call) params() url.Values {
	p := url.Values{}
	for name, values := range c.custom {
		p[name] = slices.Clone(values)
	}
	p.Set("CallSid", c.rec.SID)
	p.Set("AccountSid", c.x.cfg.AccountSID)
	p.Set("From", c.rec.From)
	p.Set("Caller", c.rec.From)
	p.Set("To", c.rec.To)
	p.Set("Called", c.rec.To)
	p.Set("CallStatus", c.rec.Status)
	p.Set("Direction", c.rec.Direction)
	p.Set("ApiVersion", twilio.APIVersion)
	if c.rec.AnsweredBy != "" {
		p.Set("AnsweredBy", c.rec.AnsweredBy)
	}
	return p
}

// after has do run by Run once d has passed.
func (x *Exchange) after(d time.Duration, do func()) *time.Timer {
	return time.AfterFunc(d, func() { x.post(do) })
}

// stopTimer stops t, which may be nil, and returns nil for the field it was in.
// What a timer posted before is still run: whoever it calls checks.
func stopTimer(t *time.Timer) *time.Timer {
	if t != nil {
		t.Stop()
	}
	return nil
}
