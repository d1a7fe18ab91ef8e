package script

import (
	"net/http"
	"net/url"

	"warmdesk/twiml"
)

// redirect goes on with another document; without a URL, with the same one
// asked for afresh. Documents that only send each other round are stopped.
func (p *Program) redirect(v twiml.Redirect, s Stage) {
	p.follow(s, v.URL, v.Method, nil)
}

// follow goes on with the document at ref, "" being the present one, and tells
// it of extra.
func (p *Program) follow(s Stage, ref, method string, extra url.Values) {
	target, err := p.resolve(ref)
	if err != nil {
		s.Failed(codeBadURL, ref, err.Error())
		return
	}
	if !p.hop(target, s) {
		return
	}
	s.Fetch(target, methodOr(method, http.MethodPost), extra)
}

// hop counts the way to another document. It reports false, after telling the
// stage, when too many led nowhere.
func (p *Program) hop(target string, s Stage) bool {
	p.Hops++
	if p.Hops > maxHops {
		s.Failed(codeManyRedirect, target, "too many documents in a row in which nothing was heard")
		return false
	}
	return true
}
