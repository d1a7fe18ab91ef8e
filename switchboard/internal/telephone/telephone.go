// Package telephone has telephones to call where there is no telephone network:
// each is a number that behaves in one way. They ring, speak, hear, press a key and
// hang up by themselves, so that whatever an application does with numbers can be
// tried, and tested, without calling anybody.
package telephone

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"warmdesk/switchboard/internal/audio"
)

// Behaviour is what a telephone does when it is called.
type Behaviour string

// The behaviours.
const (
	Answers Behaviour = "answer"   // rings, and somebody answers
	Warm    Behaviour = "warm"     // the same, and presses 1 once, when something was said to them
	Busy    Behaviour = "busy"     // is in use
	Silent  Behaviour = "noanswer" // rings, and nobody answers
	Machine Behaviour = "machine"  // rings, and an answering machine answers
)

// Behaviours returns all of them.
func Behaviours() []Behaviour { return []Behaviour{Answers, Warm, Busy, Silent, Machine} }

// Telephone is one telephone.
type Telephone struct {
	Number    string // E.164
	Behaviour Behaviour
	// Stays is how long after answering it hangs up; 0 is never.
	Stays time.Duration
	// Tone, in Hz, sounds in place of a voice; 0 is a voice.
	Tone float64
}

// Errors of Dial.
var (
	ErrBusy      = errors.New("telephone: busy")
	ErrNoNumber  = errors.New("telephone: no such number")
	errBehaviour = errors.New("telephone: no such behaviour")
)

// Handler hears what telephones do. Its methods return at once.
type Handler interface {
	Answered(*Leg)
	HungUp(*Leg)
	Digits(l *Leg, digits string)
}

// Config is what a Network is made of; all fields are needed.
type Config struct {
	Telephones []Telephone
	// Say speaks a text.
	Say     func(ctx context.Context, text, voice string) (audio.Clip, error)
	Handler Handler
	Logger  *slog.Logger
}

// Network is the telephones that there are.
type Network struct{ cfg Config }

// New checks the telephones and returns their network.
func New(cfg Config) (*Network, error) {
	for _, t := range cfg.Telephones {
		if !slices.Contains(Behaviours(), t.Behaviour) {
			return nil, errBehaviour
		}
	}
	return &Network{cfg}, nil
}

// Has reports whether a number is one of the telephones'.
func (n *Network) Has(number string) bool { return n.find(number) >= 0 }

func (n *Network) find(number string) int {
	return slices.IndexFunc(n.cfg.Telephones, func(t Telephone) bool { return t.Number == number })
}

// Dial rings a telephone; sid names the call. It returns when the telephone rings,
// which takes as long as its words to be made.
func (n *Network) Dial(ctx context.Context, sid, number string) (*Leg, error) {
	i := n.find(number)
	if i < 0 {
		return nil, ErrNoNumber
	}
	t := n.cfg.Telephones[i]
	if t.Behaviour == Busy {
		return nil, ErrBusy
	}
	l := newLeg(sid, t, n.cfg.Handler)
	if t.Behaviour != Silent {
		l.first, l.then = n.words(ctx, t)
		l.answerAfter(ringing)
	}
	return l, nil
}

// What is said, and by whom, in Twilio's words for voices.
const (
	voice    = "Polly.Stephen"
	greeting = "Hello, Robin speaking."
	message  = "You have reached Robin's answering machine. Nobody can come to the telephone now. Please leave a message after the tone."
)

// small talk, and how long the speaker then listens.
var talk = []struct {
	text  string
	pause time.Duration
}{
	{"Yes, I can hear you.", 1500 * time.Millisecond},
	{"I am on an ordinary telephone.", 2 * time.Second},
	{"It is about the order from last week, is it?", 3 * time.Second},
}

// How a telephone is answered.
const (
	ringing = 2 * time.Second        // a ring, and a hand that picks up
	breath  = 300 * time.Millisecond // before the first word
	// listening is how long whoever has answered then waits for the caller to speak.
	listening = 1500 * time.Millisecond
)

// loudness is the peak of tones, -12 dBFS.
const loudness = 8000

// words are what a telephone says: first, once, and then over and over.
func (n *Network) words(ctx context.Context, t Telephone) (first, then []int16) {
	if t.Tone > 0 {
		second := audio.Tone(t.Tone, loudness, audio.Rate).Samples
		if t.Behaviour == Machine {
			return slices.Concat(quiet(breath), slices.Repeat(second, 4), beep()), nil
		}
		return slices.Concat(quiet(breath), second, quiet(listening)), second
	}
	if t.Behaviour == Machine {
		return slices.Concat(quiet(breath), n.say(ctx, message), beep()), nil
	}
	for _, line := range talk {
		then = slices.Concat(then, n.say(ctx, line.text), quiet(line.pause))
	}
	return slices.Concat(quiet(breath), n.say(ctx, greeting), quiet(listening)), then
}

// say is a text as sound; where it cannot be said there is none.
func (n *Network) say(ctx context.Context, text string) []int16 {
	clip, err := n.cfg.Say(ctx, text, voice)
	if err != nil {
		n.cfg.Logger.Warn("a test telephone is silent", "error", err)
	}
	return clip.Samples
}

// beep is the machine's.
func beep() []int16 { return audio.Tone(1000, loudness, audio.Rate*2/5).Samples }

func quiet(d time.Duration) []int16 { return make([]int16, int(d*audio.Rate/time.Second)) }
