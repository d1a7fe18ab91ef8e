package exchange

import (
	"time"

	"warmdesk/switchboard/internal/audio"
)

// A call to an application that echoes lets whoever calls hear themselves, and how well
// their connection carries it. It runs no document and nobody else is on it.
const (
	// EchoDelay is how much later: late enough to be told from one's own voice.
	EchoDelay = time.Second
	echoTo    = "echo" // what such calls are to, whatever the browser says
	echoLimit = time.Minute
)

// mirror is a party that says what it has heard, EchoDelay later.
type mirror struct {
	frames [EchoDelay / audio.FrameTime]audio.Frame
	loud   [EchoDelay / audio.FrameTime]bool // frames at the same place were heard
	at     int                               // of the oldest
}

// Read says the oldest frame. The engine reads before it writes.
func (m *mirror) Read(f *audio.Frame) bool {
	*f = m.frames[m.at]
	return m.loud[m.at]
}

// Write hears the next one, in place of the oldest.
func (m *mirror) Write(f *audio.Frame) {
	m.frames[m.at], m.loud[m.at] = *f, *f != (audio.Frame{})
	m.at = (m.at + 1) % len(m.frames)
}

// answerEcho takes a call that is to hear itself.
func (c *call) answerEcho() {
	c.echoes, c.rec.To, c.timeLimit = true, echoTo, echoLimit
	c.leg.Answer()
}

// hearItself puts the call opposite a mirror.
func (c *call) hearItself() {
	c.mirror = c.x.cfg.Audio.Open(&mirror{})
	c.mirror.Join(c.rec.SID)
	c.line.Join(c.rec.SID)
}
