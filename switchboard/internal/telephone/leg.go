package telephone

import (
	"sync"
	"time"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/switchboard/internal/conference"
)

// When a key is pressed: behind so much of speech, once it has paused for so long.
const (
	spokenTo = 20 // frames, 400 ms
	paused   = 600 * time.Millisecond
)

// Leg is a telephone's end of a call.
type Leg struct {
	sid         string
	telephone   Telephone
	handler     Handler
	first, then []int16 // what it says

	mu   sync.Mutex
	over bool
	next *time.Timer // answers, then hangs up; nil: neither

	// What follows belongs to whoever moves the sound.
	at     int         // of first and then, in samples
	spoken int         // frames of speech heard
	press  *time.Timer // presses the key; put off by every word, nil: never
	once   sync.Once   // guards the key
}

func newLeg(sid string, t Telephone, h Handler) *Leg {
	return &Leg{sid: sid, telephone: t, handler: h}
}

// SID is the call's.
func (l *Leg) SID() string { return l.sid }

// Port is where the telephone speaks and hears.
func (l *Leg) Port() conference.Port { return l }

// Ringing and Answer are for legs that call; these are called.
func (l *Leg) Ringing(string) {}

// Answer does nothing, see Ringing.
func (l *Leg) Answer() {}

// Hangup ends the call. Nothing is heard of the leg afterwards.
func (l *Leg) Hangup(int, string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	if l.next != nil {
		l.next.Stop()
	}
	if l.press != nil {
		l.press.Stop()
	}
}

// do runs something unless the call is over.
func (l *Leg) do(something func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.over {
		something()
	}
}

func (l *Leg) answerAfter(d time.Duration) {
	if l.telephone.Behaviour == Warm {
		l.press = time.AfterFunc(never, func() {
			l.once.Do(func() { l.do(func() { l.handler.Digits(l, "1") }) })
		})
	}
	l.do(func() {
		l.next = time.AfterFunc(d, func() {
			l.do(func() {
				if stays := l.telephone.Stays; stays > 0 {
					l.next = time.AfterFunc(stays, func() { l.do(func() { l.handler.HungUp(l) }) })
				}
				l.handler.Answered(l)
			})
		})
	})
}

// never is longer than any call.
const never = 1000 * time.Hour

// Read says the next 20 ms.
func (l *Leg) Read(f *audio.Frame) bool {
	if l.at >= len(l.first) && len(l.then) == 0 {
		return false
	}
	for i := range f {
		if l.at == len(l.first)+len(l.then) {
			l.at = len(l.first)
		}
		switch {
		case l.at < len(l.first):
			f[i] = l.first[l.at]
		case len(l.then) == 0:
			f[i] = 0
			continue
		default:
			f[i] = l.then[l.at-len(l.first)]
		}
		l.at++
	}
	return true
}

// Write hears the next 20 ms.
func (l *Leg) Write(f *audio.Frame) {
	if l.press == nil || !f.Speech() {
		return
	}
	if l.spoken++; l.spoken >= spokenTo {
		l.press.Reset(paused)
	}
}
