package script

import (
	"time"

	"warmdesk/twiml"
)

// defaultPause is Twilio's length of a <Pause> that names none.
const defaultPause = time.Second

func (p *Program) pause(v twiml.Pause, s Stage) {
	d := v.Length
	if d == 0 {
		d = defaultPause
	}
	s.Pause(d)
}
