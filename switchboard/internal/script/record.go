package script

import (
	"net/http"
	"net/url"

	"warmdesk/twiml"
)

// record asks for a recording. Its addresses are made absolute first: nobody
// speaks to a tape that cannot be delivered.
func (p *Program) record(v twiml.Record, s Stage) {
	action, err := p.resolve(v.Action)
	if err != nil {
		s.Failed(codeBadURL, v.Action, err.Error())
		return
	}
	v.Action = action
	if v.RecordingStatusCallback != "" {
		callback, err := p.resolve(v.RecordingStatusCallback)
		if err != nil {
			s.Failed(codeBadURL, v.RecordingStatusCallback, err.Error())
			return
		}
		v.RecordingStatusCallback = callback
	}
	v.Method = methodOr(v.Method, http.MethodPost)
	v.RecordingStatusCallbackMethod = methodOr(v.RecordingStatusCallbackMethod, http.MethodPost)
	s.Record(v)
}

// Recorded continues after a recording that Stage.Record was asked for: with its
// action and what is to be told of it, or, when nothing was said and params are
// nil, with the next verb.
func (p *Program) Recorded(s Stage, v twiml.Record, params url.Values) {
	if params == nil {
		p.Step(s)
		return
	}
	p.follow(s, v.Action, v.Method, params)
}
