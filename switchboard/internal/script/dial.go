package script

import (
	"net/http"
	"net/url"

	"warmdesk/twilio"
	"warmdesk/twiml"
)

// Outcomes of a dial, as DialCallStatus tells them.
const (
	DialAnswered = twilio.DialStatusAfterConference // the end of a conference the call was in
	DialFailed   = twilio.DialStatusRefused         // the call never got in
)

func (p *Program) dial(v twiml.Dial, s Stage) {
	s.Dial(v)
}

// DialEnded continues after the dial that the program stands behind: with its
// action, or with the next verb. Verbs behind a dial with an action are never
// reached.
func (p *Program) DialEnded(s Stage, status string) {
	d, ok := p.Doc[p.Next-1].(twiml.Dial)
	if !ok || d.Action == "" {
		p.Step(s)
		return
	}
	p.follow(s, d.Action, d.Method, url.Values{"DialCallStatus": {status}})
}

// WaitDocument resolves what a participant of the dialled conference hears
// while it waits, and how to ask for it. own reports that the conference names
// something; otherwise the platform's music is meant. An empty target of its
// own is silence.
func (p *Program) WaitDocument(c *twiml.Conference) (target, method string, own bool, err error) {
	if c.WaitURL == nil {
		return "", "", false, nil
	}
	if *c.WaitURL == "" {
		return "", "", true, nil
	}
	target, err = p.resolve(*c.WaitURL)
	return target, methodOr(c.WaitMethod, http.MethodPost), true, err
}

// Callback resolves where the dialled conference's events go; "" is nowhere.
func (p *Program) Callback(c *twiml.Conference) (target, method string, err error) {
	if c.StatusCallback == "" {
		return "", "", nil
	}
	target, err = p.resolve(c.StatusCallback)
	return target, methodOr(c.StatusCallbackMethod, http.MethodPost), err
}
