package script

import (
	"net/http"

	"warmdesk/twiml"
)

// redirect goes on with another document; without a URL, with the same one
// asked for afresh. Documents that only send each other round are stopped.
func (p *Program) redirect(v twiml.Redirect, s Stage) {
	target, err := p.resolve(v.URL)
	if err != nil {
		s.Failed(codeBadURL, v.URL, err.Error())
		return
	}
	if !p.hop(target, s) {
		return
	}
	s.Fetch(target, methodOr(v.Method, http.MethodPost), nil)
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
