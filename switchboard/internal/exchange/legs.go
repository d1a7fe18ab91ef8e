package exchange

import (
	"errors"
	"net/url"
	"slices"

	"warmdesk/twilio"
)

// Caller is who places a call from a browser, as its token says.
type Caller struct {
	Identity       string
	ApplicationSID string
	Params         url.Values // of the token
}

// standard are the parameters that a browser cannot set.
func standard(name string) bool {
	switch name {
	case "CallSid", "AccountSid", "From", "To", "Caller", "Called", "CallStatus", "Direction", "ApiVersion",
		"DialCallStatus", "ErrorCode", "ErrorUrl", "ConferenceSid", "FriendlyName", "Timestamp", "CallbackSource",
		"SequenceNumber", "CallDuration", "Duration", "SipResponseCode",
		"AnsweredBy", "Digits", "FinishedOnKey", "RecordingSid", "RecordingUrl", "RecordingDuration":
		return true
	}
	return false
}

func customParams(sources ...url.Values) url.Values {
	custom := url.Values{}
	for _, s := range sources {
		for name, values := range s {
			if !standard(name) {
				custom[name] = slices.Clone(values)
			}
		}
	}
	return custom
}

// Invited takes a call that a browser places.
func (x *Exchange) Invited(leg Leg, who Caller, params url.Values) {
	taken := x.post(func() {
		c := &call{
			rec: Call{
				From: "client:" + who.Identity, To: params.Get("To"),
				Status: twilio.CallRinging, Direction: DirectionInbound,
			},
			identity: who.Identity, custom: customParams(params, who.Params),
			leg: leg, timeLimit: defaultTimeLimit,
		}
		x.addCall(c)
		x.placed[leg] = c
		leg.Ringing(c.rec.SID)
		x.log.Info("call arrives", "call", c.rec.SID, "from", c.rec.From, "to", c.rec.To)
		switch {
		case x.echoes(who.ApplicationSID):
			c.answerEcho()
			return
		case !x.route(c, who.ApplicationSID):
			c.end(outcomeNoApplication)
			return
		}
		c.main.Fetch(c.first.URL, c.first.Method, nil)
	})
	if !taken {
		leg.Hangup(0, "")
	}
}

// echoes reports whether the calls of an application hear themselves.
func (x *Exchange) echoes(applicationSID string) bool {
	return slices.ContainsFunc(x.cfg.Applications, func(a Application) bool { return a.SID == applicationSID && a.Echo })
}

// route finds what an inbound call runs: its application, or, where that names
// no document, the number it calls.
func (x *Exchange) route(c *call, applicationSID string) bool {
	i := slices.IndexFunc(x.cfg.Applications, func(a Application) bool { return a.SID == applicationSID })
	if i < 0 {
		return false
	}
	if a := x.cfg.Applications[i]; a.VoiceURL != "" {
		c.runs(Target{URL: a.VoiceURL}, a.FallbackURL, a.StatusCallbackURL)
		return true
	}
	j := slices.IndexFunc(x.cfg.Numbers, func(n Number) bool { return n.PhoneNumber == c.rec.To })
	if j < 0 || x.cfg.Numbers[j].VoiceURL == "" {
		return false
	}
	n := x.cfg.Numbers[j]
	c.runs(Target{URL: n.VoiceURL, Method: n.VoiceMethod}, n.FallbackURL, n.StatusCallbackURL)
	return true
}

func (c *call) runs(first Target, fallback, status string) {
	c.first = first
	c.fallback = Target{URL: fallback}
	c.hook = Callback{Target: Target{URL: status}, Events: []string{"completed"}}
}

// dialled: the browser rings, or it could not be rung.
func (c *call) dialled(leg Leg, err error) {
	switch {
	case errors.Is(err, ErrNotRegistered):
		c.end(outcomeUnregistered)
		return
	case errors.Is(err, ErrBusy):
		c.end(outcomeDeclined)
		return
	case err != nil:
		c.x.log.Error("dial failed", "call", c.rec.SID, "error", err)
		c.end(outcomeFailed)
		return
	case c.over:
		leg.Hangup(0, "")
		return
	case c.leg != nil:
		return // its first event came before Dial returned
	}
	c.leg = leg
	c.setStatus(twilio.CallRinging)
	c.event("ringing", twilio.CallRinging, "")
	c.ring = c.x.after(c.ringTime, func() {
		if c.rec.Status == twilio.CallRinging {
			c.end(outcomeNoAnswer)
		}
	})
}

// happened runs do for the call of a leg that something happened to. A leg that
// its browser gave up before Ringing never has a SID. An event of a dialled one
// may come before Dial has returned it: then it is adopted here.
func (x *Exchange) happened(leg Leg, do func(c *call)) {
	x.post(func() {
		c := x.placed[leg]
		if c == nil {
			c = x.calls[leg.SID()]
		}
		if c == nil {
			return
		}
		if c.leg == nil {
			c.dialled(leg, nil)
		}
		if !c.over {
			do(c)
		}
	})
}

// Answered tells that a leg's media path is up: a browser that was rung has
// accepted, or one that called was answered.
func (x *Exchange) Answered(leg Leg) { x.happened(leg, (*call).answered) }

// Rejected tells that a person declined.
func (x *Exchange) Rejected(leg Leg) {
	x.happened(leg, func(c *call) { c.end(outcomeDeclined) })
}

// HungUp tells that the browser ended the call.
func (x *Exchange) HungUp(leg Leg) {
	x.happened(leg, func(c *call) { c.end(c.gone(outcomeHungUp)) })
}

// Lost tells that the browser is not there any more; why is for people.
func (x *Exchange) Lost(leg Leg, why string) {
	x.happened(leg, func(c *call) {
		o := c.gone(outcomeLost)
		o.reason = why
		c.end(o)
	})
}

// gone is the outcome of a call whose browser has gone: one that was never
// answered cannot have completed.
func (c *call) gone(o outcome) outcome {
	switch {
	case !c.rec.Started.IsZero():
		return o
	case c.rec.Direction == DirectionInbound:
		return outcomeCanceled
	}
	return outcomeNoAnswer
}

// MediaFailed tells that no audio could flow; why is for people.
func (x *Exchange) MediaFailed(leg Leg, why string) {
	x.happened(leg, func(c *call) {
		o := outcomeNoMedia
		o.reason = why
		c.end(o)
	})
}
