package script

import "warmdesk/twiml"

func (p *Program) say(v twiml.Say, s Stage) {
	s.Say(v.Text, v.Voice, loops(v.Loop))
}
