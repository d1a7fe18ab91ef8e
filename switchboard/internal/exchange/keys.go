package exchange

import (
	"slices"
	"time"

	"warmdesk/switchboard/internal/audio"
)

// mostKeys is how many keys pressed at once are heard in a conference; no person is
// that fast.
const mostKeys = 32

// Digits tells that keys were pressed. A recording, a <Gather> and hangupOnStar
// listen to them, and who is in a conference hears them as tones; otherwise they are
// nobody's.
func (x *Exchange) Digits(leg Leg, digits string) {
	x.happened(leg, func(c *call) {
		switch {
		case c.seat == nil:
			c.main.keys(digits)
		case c.seat.star && slices.Contains([]byte(digits), '*'):
			c.fallOut(leftHungUp, false)
		default:
			c.line.Speak(audio.Keys(digits[:min(len(digits), mostKeys)]))
		}
	})
}

// keys gives what was pressed to what the document is doing.
func (p *player) keys(digits string) {
	switch {
	case p.over:
	case p.take != nil:
		p.take.keys(digits)
	default:
		p.prog.Keys(p, digits)
	}
}

// Hush ends what plays, and what was to come of it.
func (p *player) Hush() {
	p.turn++
	p.pause = stopTimer(p.pause)
	p.c.line.Stop()
}

// Listen is silent until d has passed or a key comes.
func (p *player) Listen(d time.Duration) {
	p.heard()
	p.Hush()
	turn := p.turn
	p.pause = p.c.x.after(d, func() {
		if !p.over && p.turn == turn {
			p.prog.Silent(p)
		}
	})
}
