// Package twiml is the part of TwiML, Twilio's call-control markup, that the
// desk writes and the switchboard runs.
//
// A Document is an ordered list of verbs. Encode is deterministic: the same
// document gives the same bytes, so that a webhook's answer can be compared,
// cached and signed. Parse is strict about what would change a call (unknown
// verbs, malformed values) and lenient about what would not: unknown attributes
// are ignored, as Twilio adds them without notice.
//
// The zero value of every optional field means Twilio's default.
package twiml

import "time"

// MaxSize is the largest document Parse reads, in bytes. It is Twilio's limit.
const MaxSize = 64 << 10

// Forever is the Loop value that repeats until the call moves on. It is written
// loop="0", as Twilio has it; the Go value differs from zero so that a Say or
// Play without a Loop is heard once.
const Forever = -1

// Document is what a voice webhook answers: verbs, run in order.
type Document []Verb

// Verb is one instruction. The implementations are the structs of this package.
type Verb interface {
	// encode writes the verb as an element.
	encode(w *writer)
}

// Say speaks a text.
type Say struct {
	Text     string // at most 4096 characters on Twilio
	Voice    string // "" is the platform's own voice
	Language string // "" is the voice's own language
	Loop     int    // how often; 0 is once, Forever until the call moves on
}

// Play plays a sound file.
type Play struct {
	URL  string // absolute, or relative to the document
	Loop int    // how often; 0 is once, Forever until the call moves on
}

// Pause waits in silence.
type Pause struct {
	// Length is in whole seconds; 0 is Twilio's default of one second.
	Length time.Duration
}

// Redirect continues with another document. The verbs behind it are not reached.
type Redirect struct {
	URL    string // "" is the document itself
	Method string // "" is POST
}

// Hangup ends the call.
type Hangup struct{}

// Reject refuses an incoming call without answering it. It works as a
// document's first verb only.
type Reject struct {
	Reason string // "rejected" (also "") or "busy"
}

// Dial connects the call. Of Twilio's nouns only Conference is in the
// vocabulary.
type Dial struct {
	// Action is asked for the next document when the dial has ended. Without
	// one the call goes on with the next verb, and ends when there is none.
	Action       string
	Method       string        // for Action; "" is POST
	Timeout      time.Duration // ring time in whole seconds; no effect on a conference
	TimeLimit    time.Duration // longest stay in whole seconds; 0 is Twilio's four hours
	HangupOnStar bool          // "*" leaves the conference
	CallerID     string        // no effect on a conference
	Conference   *Conference
}

// Conference is the room a Dial enters.
type Conference struct {
	// Name tells the room apart within the account. Two calls that give the
	// same name at the same time meet.
	Name  string
	Muted bool
	Beep  string // "true" (also ""), "false", "onEnter", "onExit"
	// StartOnEnter is startConferenceOnEnter; nil is true. False makes the
	// participant wait until somebody with true is there.
	StartOnEnter *bool
	// EndOnExit is endConferenceOnExit: the conference ends for everybody when
	// this participant leaves.
	EndOnExit bool
	// WaitURL is what waiting participants hear: nil is the platform's music,
	// a pointer to "" is silence.
	WaitURL    *string
	WaitMethod string // "" is POST when WaitURL is set, else GET
	// StatusCallback receives the conference's events. Only what the first
	// participant of a conference says counts.
	StatusCallback       string
	StatusCallbackMethod string // "" is POST
	// StatusCallbackEvents is any of start, end, join, leave, mute, hold,
	// modify, speaker, announcement.
	StatusCallbackEvents []string
	Label                string // unique in the room, at most 128 characters, no "/"
	MaxParticipants      int    // 2 to 250; 0 is 250
	Region               string
	Coach                string // the Call SID of the participant who alone hears this one
}

// Bool returns a pointer to b, for StartOnEnter and PlayBeep.
func Bool(b bool) *bool { return &b }

// String returns a pointer to s, for WaitURL and FinishOnKey.
func String(s string) *string { return &s }
