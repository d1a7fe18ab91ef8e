package script

import "warmdesk/twiml"

// Reasons of a <Reject>.
const (
	RejectedBusy  = "busy"
	RejectedPlain = "rejected"
)

// reject refuses a call that has not been answered. On one that has, there is
// nothing left to refuse and it is hung up.
func (p *Program) reject(v twiml.Reject, s Stage) {
	reason := v.Reason
	if reason == "" {
		reason = RejectedPlain
	}
	s.Reject(reason)
}

// Rejects reports whether the document begins with a <Reject>: the only
// beginning that does not answer an incoming call.
func (p *Program) Rejects() bool {
	if p.Next >= len(p.Doc) {
		return false
	}
	_, ok := p.Doc[p.Next].(twiml.Reject)
	return ok
}
