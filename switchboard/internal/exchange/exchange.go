// Package exchange holds the state of calls and conferences and moves it on. One
// goroutine, Run's, owns all of it; everything else reaches it as commands in a
// queue. A call is a record, a document with a position, timers, and callbacks
// owed; a room is its members and their flags. Audio, browsers, speech and HTTP
// are ports, so that the whole of it runs in tests without any of them.
//
// Twilio's words are used throughout: a call is one leg. Where Twilio's
// behaviour is not documented, what is done here stands in choices.go.
package exchange

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/url"
	"sync"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/switchboard/internal/conference"
	"warmdesk/switchboard/internal/webhook"
	"warmdesk/twiml"
)

// Audio opens seats in the audio engine.
type Audio interface {
	Open(p conference.Port) Line
}

// Line is a call's seat in the audio engine. Its commands return at once and
// take effect in the order given, also across lines.
type Line interface {
	// Play replaces what plays; loops 0 is for ever. done is called once at the
	// natural end only, from another goroutine.
	Play(clip audio.Clip, loops int, done func())
	Stop()
	// Speak says the clip in the party's place.
	Speak(clip audio.Clip)
	// Record lets t hear what the party says, nil nobody.
	Record(t conference.Tape)
	// Tap lets t hear all that goes over the line, until Untap.
	Tap(t conference.Tape)
	Untap(t conference.Tape)
	Join(room string)
	Leave()
	Mute(on bool)
	Hold(on bool)
	// Coach lets p alone hear the line; nil: everybody in its room.
	Coach(p conference.Port)
	Close()
}

// Leg is a browser's, or a telephone's, end of a call. Its methods do not block.
type Leg interface {
	// SID is the call SID that Browsers.Dial or Ringing gave.
	SID() string
	Port() conference.Port
	Ringing(sid string)
	Answer()
	// Hangup ends the leg in whatever state it is; code 0 is the normal end.
	// No event of the leg is reported afterwards.
	Hangup(code int, message string)
}

// ErrNotRegistered is Browsers' answer for an identity without a device.
var ErrNotRegistered = errors.New("exchange: client not registered")

// Browsers rings browsers. What becomes of the leg is reported to the Exchange
// by its methods Answered, Rejected, HungUp, Lost and MediaFailed.
type Browsers interface {
	Dial(sid, identity string, parameters map[string]string, custom url.Values) (Leg, error)
}

// ErrBusy is Telephones' answer for a line that is in use.
var ErrBusy = errors.New("exchange: telephone busy")

// Telephones rings telephone numbers. What becomes of the leg is reported as that of
// a browser is.
type Telephones interface {
	Dial(ctx context.Context, sid, number string) (Leg, error)
}

// Speech speaks texts.
type Speech interface {
	Say(ctx context.Context, text, voice string) (audio.Clip, error)
}

// Web is the application behind the switchboard.
type Web interface {
	// Document asks for TwiML; its errors are *webhook.Error.
	Document(ctx context.Context, req webhook.Request) (twiml.Document, error)
	Clip(ctx context.Context, url string) (audio.Clip, error)
	// Notify owes a callback and returns at once. Those of one key are
	// delivered in order.
	Notify(key string, req webhook.Request)
}

// Number is a telephone number that browsers may call.
type Number struct {
	PhoneNumber                                           string // E.164
	VoiceURL, VoiceMethod, FallbackURL, StatusCallbackURL string
}

// Application is a TwiML application: what the calls of a browser token run.
type Application struct {
	SID                                      string // AP…
	VoiceURL, FallbackURL, StatusCallbackURL string
	Echo                                     bool // its calls hear themselves, see EchoDelay, and run nothing
}

// Config is what an exchange is made of. All fields but Numbers, Applications,
// Telephones and Recordings are needed.
type Config struct {
	AccountSID string
	// PublicURL is scheme and host of the REST API, for RecordingUrl.
	PublicURL    string
	Numbers      []Number
	Applications []Application
	Audio        Audio
	Browsers     Browsers
	Telephones   Telephones // nil: no number can be rung
	Speech       Speech
	Web          Web
	Recordings   Recordings // nil: a <Record> records nothing
	Music        audio.Clip // played where Twilio would play its own
	Logger       *slog.Logger
}

// Errors of requests.
var (
	ErrNotFound      = errors.New("exchange: no such resource")
	ErrNotInProgress = errors.New("exchange: the call is not in a state for this")
	// ErrNobodyToCoach: the call to be coached is not in the conference.
	ErrNobodyToCoach = errors.New("exchange: the call to be coached is not in the conference")
	ErrStopped       = errors.New("exchange: stopped")
)

// Exchange owns calls and conferences. Run must be running for anything to
// happen.
type Exchange struct {
	cfg  Config
	log  *slog.Logger
	ctx  context.Context // the life of fetches and dials; ends with Run
	stop context.CancelFunc
	work sync.WaitGroup // fetches and dials under way

	mu      sync.Mutex
	queue   []func()
	closed  bool
	wake    chan struct{} // one token when the queue is not empty
	stopped chan struct{} // closed at the end of Run

	// Owned by Run.
	calls  map[string]*call
	order  []*call          // oldest first
	placed map[Leg]*call    // live calls that browsers placed
	rooms  map[string]*room // live conferences by name
	past   []*room          // every conference, oldest first
}

// New returns an exchange without calls.
func New(cfg Config) *Exchange {
	x := &Exchange{
		cfg: cfg, log: cfg.Logger,
		wake: make(chan struct{}, 1), stopped: make(chan struct{}),
		calls: map[string]*call{}, placed: map[Leg]*call{}, rooms: map[string]*room{},
	}
	x.ctx, x.stop = context.WithCancel(context.Background())
	return x
}

// Run moves calls on until ctx ends. It then hangs up every leg, owes the last
// callbacks and waits for what it started.
func (x *Exchange) Run(ctx context.Context) error {
	defer close(x.stopped)
	x.tellRepaired()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-x.wake:
			x.runQueue()
		}
	}
	x.mu.Lock()
	x.closed = true
	x.mu.Unlock()
	x.runQueue()
	for _, c := range x.order {
		c.main.stop() // nobody's end leads anybody on
	}
	for _, c := range x.order {
		c.end(outcomeShutdown)
	}
	x.stop()
	x.work.Wait()
	x.runQueue() // what became of the last recordings
	return context.Cause(ctx)
}

func (x *Exchange) runQueue() {
	for {
		x.mu.Lock()
		batch := x.queue
		x.queue = nil
		x.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		for _, do := range batch {
			do()
		}
	}
}

// post has do run by Run after everything posted before. It never waits, and
// reports false when Run has ended and do will not be run.
func (x *Exchange) post(do func()) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return false
	}
	x.queue = append(x.queue, do)
	select {
	case x.wake <- struct{}{}:
	default: // there is a token already
	}
	return true
}

// conclude is post for what must be dealt with even at the end of Run, which
// waits for the goroutine that calls it.
func (x *Exchange) conclude(do func()) {
	if x.post(do) {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.queue = append(x.queue, do)
}

// ask has do run by Run and waits for it.
func (x *Exchange) ask(ctx context.Context, do func()) error {
	done := make(chan struct{})
	if !x.post(func() { do(); close(done) }) {
		return ErrStopped
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-x.stopped:
		return ErrStopped
	}
}

// start runs do on a goroutine that Run waits for. Run's goroutine calls it.
func (x *Exchange) start(do func()) {
	x.work.Go(do)
}

func newSID(prefix string) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, as its documentation says
	return prefix + hex.EncodeToString(b[:])
}
