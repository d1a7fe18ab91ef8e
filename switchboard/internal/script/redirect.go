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
	p.Hops++
	if p.Hops > maxHops {
		s.Failed(codeManyRedirect, target, "too many redirects in which nothing was heard")
		return
	}
	s.Fetch(target, methodOr(v.Method, http.MethodPost), nil)
}
