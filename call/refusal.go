package call

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Refusal is why the carrier did not do what it was asked, in words for people.
// The zero Refusal: nothing is known.
type Refusal struct {
	Code int    // the carrier's number for it; 0: it gave none
	Said string // what is wrong, without a stop: "number not valid"
	Do   string // what can be done, as a whole sentence; empty: nothing that a person could
}

// Why is a refusal within another sentence, for the timeline.
func (r Refusal) Why() string {
	if r.Code == 0 {
		return r.Said
	}
	return fmt.Sprintf("%s (Twilio %d)", r.Said, r.Code)
}

// sentences say that somebody could not be rung, and what to do (console.md 2.7).
// now is how things are.
func (r Refusal) sentences(who, now string) string {
	text := fmt.Sprintf("The phone network refused %s: %s.", who, r.Why())
	if r.Code == 0 {
		text = fmt.Sprintf("The phone network did not ring %s: %s.", who, r.Said)
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s. %s", text, now, r.Do))
}

// QueueMost is how long a dial in the carrier's own queue is waited for, before
// its time to ring begins.
const QueueMost = time.Minute

// RetryMost is the longest pause before an action is tried again because the
// carrier asks for it, and VitalMost that of an action which somebody hears.
const (
	RetryMost = 30 * time.Second
	VitalMost = 2 * time.Second
)

// Vital reports whether a live customer's ears depend on an action, or a leg would
// stay that nobody wants: it is asked for whatever the carrier does. A look is where
// such an action may or may not have happened, because nothing else is asked for
// that leg before it is seen. What is not to be recorded is as urgent.
func Vital(c Call, a Action) bool {
	quiet := a.Kind == LookRecordings && (c.Recorder.Paused || c.Recorder.Stopped)
	return a.Kind.urgent() || quiet || a.Kind == Look && slices.ContainsFunc(c.Doing, func(d Doing) bool {
		return d.Kind.heard() && d.Unknown
	})
}

// urgent reports whether an action changes what somebody hears, or keeps something
// from being recorded.
func (k ActionKind) urgent() bool {
	return k.heard() || k == PauseRecording || k == StopRecording
}

// heard reports whether an action changes what somebody hears.
func (k ActionKind) heard() bool {
	switch k {
	case Hang, Hold, Unhold, Enter, Quiet, Speak, Guide, Unguide:
		return true
	}
	return false
}

// pause is how long an action waits after its n-th failed attempt: longer where
// the carrier, or whoever speaks to it, asks for it.
func (e *Result) pause(n int) time.Duration {
	most := RetryMost
	if e.Kind.urgent() {
		most = VitalMost
	}
	return max(backOff(n), min(e.RetryIn, most))
}

// refusedAs notes why a leg was not dialled.
func (l *Leg) refusedAs(e Result) {
	if e.Refusal != (Refusal{}) {
		l.Refusal = e.Refusal
	}
}

// refusal is why the target of a stage could not be rung; zero where it was, or
// nothing is known.
func (c *Call) refusal() Refusal {
	for i := len(c.Legs) - 1; i >= 0; i-- {
		if l := &c.Legs[i]; l.Role == Agent && l.Agent == c.Target && l.Release != Doubled {
			if l.queued() {
				return Refusal{Said: "too many calls were waiting to be made", Do: "Try again in a moment."}
			}
			return l.Refusal
		}
	}
	return Refusal{}
}

// queued reports whether a dial was last heard of in the carrier's own queue.
func (l *Leg) queued() bool { return l.Queued > 0 && l.Status == Dialled }

// ringing says that the target is being rung, or how long that will take to
// begin.
func (c *Call) ringing(who string) string {
	if l := c.AgentLeg(c.Target); l != nil && l.Queued >= time.Second && l.Status < Ringing {
		return fmt.Sprintf("Ringing %s is delayed by about %d s: the phone network is busy.", who, int(l.Queued.Round(time.Second).Seconds()))
	}
	return fmt.Sprintf("Ringing %s (%d s).", who, int(c.RingTime().Seconds()))
}
