package exchange

import (
	"context"
	"time"

	"warmdesk/switchboard/internal/audio"
)

// Detection is how it is found out who has answered a call (MachineDetection),
// with Twilio's defaults for what is zero.
type Detection struct {
	Timeout   time.Duration // after it, who answered is unknown; 30 s
	Speech    time.Duration // whoever goes on for longer is a machine; 2.4 s
	SpeechEnd time.Duration // of silence, behind which somebody waits for an answer; 1.2 s
	Silence   time.Duration // from the beginning, after which it is unknown; 5 s
}

func (d Detection) withDefaults() Detection {
	return Detection{
		orDefault(d.Timeout, 30*time.Second), orDefault(d.Speech, 2400*time.Millisecond),
		orDefault(d.SpeechEnd, 1200*time.Millisecond), orDefault(d.Silence, 5*time.Second),
	}
}

// Who has answered, in Twilio's words.
const (
	answeredByHuman   = "human"
	answeredByMachine = "machine_start"
	answeredByUnknown = "unknown"
)

// ask listens who has answered, and only then starts the call's document.
func (d Detection) ask(c *call) {
	ear := &answererEar{Detection: d.withDefaults(), heard: make(chan string, 1)}
	c.line.Record(ear)
	away(c.main, ear.wait, func(by string, _ error) {
		c.line.Record(nil)
		c.rec.AnsweredBy = by
		c.begin()
	})
}

// answererEar hears who answers: people say a word or two and wait, machines go on.
// It belongs to whoever moves the sound.
type answererEar struct {
	Detection
	heard chan string // the answer, once

	done   bool
	now    time.Duration // since the answer
	spoken int           // frames of speech
	begun  time.Duration // when the speech began
	last   time.Duration // when the latest of it ended
}

// click is how many frames of sound are not yet a word: 80 ms.
const click = 4

// Hear takes the next 20 ms.
func (e *answererEar) Hear(f *audio.Frame) {
	if e.done {
		return
	}
	e.now += audio.FrameTime
	if f.Speech() {
		if e.spoken == 0 {
			e.begun = e.now - audio.FrameTime
		}
		e.spoken++
		e.last = e.now
	} else if e.spoken > 0 && e.spoken <= click && e.now-e.last >= e.SpeechEnd {
		e.spoken = 0
	}
	switch talked := e.spoken > click; {
	case talked && e.last-e.begun >= e.Speech:
		e.tell(answeredByMachine)
	case talked && e.now-e.last >= e.SpeechEnd:
		e.tell(answeredByHuman)
	case e.now >= e.Timeout, e.spoken == 0 && e.now >= e.Silence:
		e.tell(answeredByUnknown)
	}
}

func (e *answererEar) tell(who string) {
	e.done = true
	e.heard <- who // has room for the one answer
}

// wait waits until it is known who has answered.
func (e *answererEar) wait(ctx context.Context) (string, error) {
	select {
	case who := <-e.heard:
		return who, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}
