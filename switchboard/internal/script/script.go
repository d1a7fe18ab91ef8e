// Package script performs TwiML documents. A Program is where a call stands in
// its documents: plain data, stepped by whoever owns the call. It waits for
// nothing; what takes time is asked of the Stage, which calls Step again when it
// is done.
package script

import (
	"fmt"
	"net/url"
	"time"

	"warmdesk/twiml"
)

// Stage is where a program is performed: one call's ears and its line to the
// application. No method may call back into the program before it returns.
type Stage interface {
	// Say, Play and Pause end by a later call of Program.Step. loops is how
	// often to play; 0 is for ever.
	Say(text, voice string, loops int)
	Play(url string, loops int)
	Pause(d time.Duration)
	// Fetch replaces the document: a later Load and Step, or a failure that the
	// stage deals with. extra is added to the standard parameters.
	Fetch(url, method string, extra url.Values)
	// Dial ends by a later call of Program.DialEnded.
	Dial(d twiml.Dial)
	// Hush ends what plays, or is about to, or pauses.
	Hush()
	// Listen does so too and is silent for d; then it calls Program.Silent. Keys
	// come by Program.Keys at any time.
	Listen(d time.Duration)
	// Record ends by a later call of Program.Recorded. All URLs and methods of r
	// are set and absolute, but for a callback that is not wanted.
	Record(r twiml.Record)
	Hangup()
	Reject(reason string)
	// Finished: the document has run out.
	Finished()
	// Failed: the document cannot go on. code is Twilio's.
	Failed(code int, url string, why string)
}

// Kind says which verbs a document may have and what follows its end.
type Kind int

const (
	// Main is a call's own document.
	Main Kind = iota
	// Wait is what somebody hears who waits or is held in a conference: Play,
	// Say, Pause and Redirect only (Twilio's error 13238).
	Wait
)

// Errors of a document's course, in Twilio's numbers.
const (
	codeBadURL       = 11100
	codeManyRedirect = 11215
)

// maxHops is how many documents in a row may do nothing but name the next one.
const maxHops = 10

// Program is a document and the position in it.
type Program struct {
	Kind   Kind
	URL    string // where the document came from; "" when it came with a request
	Method string // how it was asked for
	Doc    twiml.Document
	Next   int // index of the verb that Step performs
	Hops   int // documents left behind since Heard
	// Gathering is the <Gather> before Next, while it is under way.
	Gathering *Gathering
}

// Heard tells that the caller heard something, waited, or was in a conference:
// the documents do not merely send each other round.
func (p *Program) Heard() { p.Hops = 0 }

// Load replaces the document and begins at its start.
func (p *Program) Load(doc twiml.Document, url, method string) error {
	if p.Kind == Wait {
		for _, v := range doc {
			if !allowedWaiting(v) {
				return &twiml.Error{Code: twiml.CodeWaitVerb, Message: fmt.Sprintf("%T is not allowed in a wait document", v)}
			}
		}
	}
	p.Doc, p.URL, p.Method, p.Next, p.Gathering = doc, url, method, 0, nil
	return nil
}

func allowedWaiting(v twiml.Verb) bool {
	switch v.(type) {
	case twiml.Play, twiml.Say, twiml.Pause, twiml.Redirect:
		return true
	}
	return false
}

// Step performs the next verb, or the next prompt of the one under way.
func (p *Program) Step(s Stage) {
	if p.Gathering != nil {
		p.prompt(s)
		return
	}
	if p.Next >= len(p.Doc) {
		s.Finished()
		return
	}
	v := p.Doc[p.Next]
	p.Next++
	switch v := v.(type) {
	case twiml.Say:
		p.say(v, s)
	case twiml.Play:
		p.play(v, s)
	case twiml.Pause:
		p.pause(v, s)
	case twiml.Redirect:
		p.redirect(v, s)
	case twiml.Dial:
		p.dial(v, s)
	case twiml.Gather:
		p.gather(v, s)
	case twiml.Record:
		p.record(v, s)
	case twiml.Hangup:
		p.hangup(s)
	case twiml.Reject:
		p.reject(v, s)
	}
}

// resolve makes a URL of the document absolute.
func (p *Program) resolve(ref string) (string, error) {
	u, err := url.Parse(ref)
	if err != nil {
		return "", fmt.Errorf("resolve %q: %w", ref, err)
	}
	if p.URL != "" {
		base, err := url.Parse(p.URL)
		if err != nil {
			return "", fmt.Errorf("resolve against %q: %w", p.URL, err)
		}
		u = base.ResolveReference(u)
	}
	if u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "", fmt.Errorf("%q is not an absolute http URL", ref)
	}
	return u.String(), nil
}

// loops turns the vocabulary's Loop into the stage's.
func loops(n int) int {
	switch n {
	case 0:
		return 1
	case twiml.Forever:
		return 0
	}
	return n
}

func methodOr(method, standard string) string {
	if method == "" {
		return standard
	}
	return method
}
