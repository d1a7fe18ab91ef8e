package script

import "warmdesk/twiml"

func (p *Program) say(v twiml.Say, s Stage) {
	p.Hops = 0
	s.Say(v.Text, v.Voice, loops(v.Loop))
}
