// Package twiliotest is a double of Twilio's voice service for tests: the REST
// resources the desk uses, answered as strictly as Twilio does, and legs that
// have no audio but do all the rest. A customer's leg asks the voice URL, runs
// the TwiML it gets, joins a conference, asks its waitUrl and "hears" words,
// music or people; an agent's leg rings until the test answers it.
//
//	double := twiliotest.New(twiliotest.Config{AccountSID: …, VoiceURL: desk + "/conference/connect/client"})
//	defer double.Close()
//	server := httptest.NewServer(double) // TWILIO_API_URL
//	ana := double.Agent("ana")
//	dana := double.Call("+15550001")
//	dana.WaitFor(t, "words: Thank you")
//	ana.Ringing(t).Answer()
//	dana.WaitFor(t, "people: ana")
//
// A document that asks for keys or a message has them from Leg.Press and
// Leg.Speak.
//
// It lives outside the desk's process, as Twilio does: legs go on while the desk
// is killed and started again. Where Twilio's behaviour is not documented it
// takes the choice that is worse for the desk. What the desk did wrong without
// a request of its own being refused, such as a document that cannot be run, is
// listed by Faults.
package twiliotest

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"warmdesk/twilio"
)

// Config describes the account that the double serves.
type Config struct {
	AccountSID, AuthToken string // required
	// Number is the account's phone number; From must be it. Calls to it ask
	// VoiceURL, and its StatusCallback is told of their end.
	Number, VoiceURL, StatusCallback string
	// VoiceFallbackURL is asked when a document could not be had or run, the
	// number's or a later one of the call.
	VoiceFallbackURL string
	// Identities, when given, are the only clients that may be called: any other
	// is refused, to find misspelt names. Twilio itself takes every name.
	Identities []string
	// Refused are numbers, or clients with what leads to them, that are not called,
	// and the code by which a call to one is refused: 21214, 21215, 21216, 21219.
	Refused map[string]int
	// MostCalls is how many calls the account may have at a time; one more is
	// refused. The default is any number.
	MostCalls int
	// Pace is the pause between two calls made by REST, which wait in a queue for
	// it: one second for a new account. The default is none.
	Pace time.Duration
	// SpeakTime is how long a sentence or a sound takes; the default is 20 ms.
	SpeakTime time.Duration
	// RootCAs sign the certificates of applications that are reached by https; nil:
	// those of this machine.
	RootCAs *x509.CertPool
}

// Double is the service. It is an http.Handler for the REST API.
type Double struct {
	cfg Config
	// contract is what requests may say, by Twilio's own document.
	contract []operation
	rest     http.Handler
	client   *http.Client
	ctx      context.Context // ends with Close
	cancel   context.CancelFunc
	wait     sync.WaitGroup

	mu       sync.Mutex // guards what follows, and the legs and rooms in it
	closed   bool
	changed  chan struct{} // closed and replaced whenever something changes
	legs     []*Leg        // in the order they were made
	rooms    []*room       // likewise, ended ones too
	agents   map[string]*Agent
	keys     map[string]string // API keys made by REST
	keyNames map[string]string
	account  twilio.Account
	// numbers and applications are as REST has set them.
	numbers      []*twilio.IncomingNumber
	applications []*twilio.Application
	kept         []*kept // recordings, in the order they were made
	owed         map[string][]webhook
	nextDial     time.Time
	faults       []string
	knobs        knobs
}

// knobs is what a test makes go wrong.
type knobs struct {
	hang   time.Duration
	refuse func(*http.Request) *Refusal
	lose   func(*http.Request) bool
	copies func(url.Values) int
}

// New starts a double. Close it.
func New(cfg Config) *Double {
	if cfg.SpeakTime == 0 {
		cfg.SpeakTime = 20 * time.Millisecond
	}
	ctx, cancel := context.WithCancel(context.Background())
	d := &Double{
		cfg: cfg, contract: readContract(contractText), ctx: ctx, cancel: cancel,
		client:  &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8, TLSClientConfig: &tls.Config{RootCAs: cfg.RootCAs}}, Timeout: answerTime},
		changed: make(chan struct{}),
		agents:  map[string]*Agent{}, keys: map[string]string{}, keyNames: map[string]string{}, owed: map[string][]webhook{},
	}
	d.provision()
	d.rest = d.routes()
	return d
}

// Close ends every leg without a word to the desk and waits for what the double
// has started.
func (d *Double) Close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.cancel()
	d.wait.Wait()
	d.client.CloseIdleConnections()
}

// start runs do beside the caller until Close. The lock is held.
func (d *Double) start(do func()) {
	if !d.closed {
		d.wait.Go(do)
	}
}

// HangREST makes every REST request wait for so long before it is looked at. One
// whose sender gives up meanwhile is not carried out. 0 ends it.
func (d *Double) HangREST(t time.Duration) { d.turn(func(k *knobs) { k.hang = t }) }

// Refusal is an answer of Twilio's to a request that it does not carry out.
type Refusal struct {
	Status, Code int
	Message      string
	// RetryAfter is said in a header of that name, in whole seconds; 0 is not said.
	RetryAfter time.Duration
}

// FailREST makes every REST request fail with an HTTP status, such as 401, 429 or
// 500 and Twilio's words for it, and changes nothing. 0 ends it.
func (d *Double) FailREST(status int) {
	if status == 0 {
		d.RefuseREST(nil)
		return
	}
	r := &Refusal{Status: status, Code: 20000 + status, Message: http.StatusText(status)}
	if status == http.StatusUnauthorized {
		r.Code, r.Message = twilio.CodeUnauthorized, "Authenticate"
	}
	d.RefuseREST(func(*http.Request) *Refusal { return r })
}

// RefuseREST refuses the REST requests for which which has a refusal, and changes
// nothing. nil ends it.
func (d *Double) RefuseREST(which func(*http.Request) *Refusal) {
	d.turn(func(k *knobs) { k.refuse = which })
}

// Busy puts calls of other programs into the account's queue, which take so long:
// the next one made by REST waits for them.
func (d *Double) Busy(t time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.nextDial = time.Now().Add(t)
}

// LoseAnswers carries out the REST requests that which chooses, but breaks the
// connection instead of answering. nil ends it.
func (d *Double) LoseAnswers(which func(*http.Request) bool) {
	d.turn(func(k *knobs) { k.lose = which })
}

// Callbacks says how often a status callback is delivered, by its form: 0 drops
// it, 2 repeats it. nil delivers each once. Requests for TwiML are not affected.
func (d *Double) Callbacks(copies func(url.Values) int) {
	d.turn(func(k *knobs) { k.copies = copies })
}

func (d *Double) turn(set func(*knobs)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	set(&d.knobs)
}

// Faults lists what the desk did wrong where Twilio would write to its debugger:
// documents that could not be had or run, callbacks answered with an error.
func (d *Double) Faults() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.faults)
}

func (d *Double) fault(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults = append(d.faults, fmt.Sprintf(format, args...))
}

// Legs lists all legs there have been, in the order they were made.
func (d *Double) Legs() []*Leg {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.legs)
}

// Live lists the legs that have not ended.
func (d *Double) Live() []*Leg {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(d.legs), func(l *Leg) bool { return l.over })
}

// touch tells whoever waits that something changed. The lock is held.
func (d *Double) touch() {
	now := time.Now()
	for _, l := range d.legs {
		l.listen(now)
	}
	close(d.changed)
	d.changed = make(chan struct{})
}

// newSID makes an id of Twilio's kind.
func newSID(prefix string) string {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand
	return prefix + hex.EncodeToString(b[:])
}
