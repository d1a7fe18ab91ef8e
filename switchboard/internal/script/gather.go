package script

import (
	"net/url"
	"strings"

	"warmdesk/twiml"
)

// telephoneKeys are the keys that a <Gather> collects; A to D, which a browser
// can send too, are nobody's.
const telephoneKeys = "0123456789*#"

// Gathering is a <Gather> under way.
type Gathering struct {
	Verb   twiml.Gather
	Next   int    // index of the prompt that Step performs
	Digits string // pressed so far
}

func (p *Program) gather(v twiml.Gather, s Stage) {
	p.Gathering = &Gathering{Verb: v}
	p.prompt(s)
}

// prompt performs the next prompt; behind the last one it listens.
func (p *Program) prompt(s Stage) {
	g := p.Gathering
	if g.Next >= len(g.Verb.Prompts) {
		p.listen(s)
		return
	}
	v := g.Verb.Prompts[g.Next]
	g.Next++
	switch v := v.(type) {
	case twiml.Say:
		p.say(v, s)
	case twiml.Play:
		p.play(v, s)
	case twiml.Pause:
		p.pause(v, s)
	}
}

func (p *Program) listen(s Stage) {
	timeout := p.Gathering.Verb.Timeout
	if timeout == 0 {
		timeout = twiml.DefaultGatherTimeout
	}
	s.Listen(timeout)
}

// Keys takes the keys that the caller pressed. Nobody hears of them while
// nothing gathers.
func (p *Program) Keys(s Stage, keys string) {
	if p.Gathering == nil {
		return
	}
	v, pressed := p.Gathering.Verb, false
	finish := twiml.DefaultGatherKey
	if v.FinishOnKey != nil {
		finish = *v.FinishOnKey
	}
	for _, key := range keys {
		switch {
		case !strings.ContainsRune(telephoneKeys, key):
			continue
		case strings.ContainsRune(finish, key):
			p.gathered(s, string(key))
			return
		}
		pressed = true
		p.Gathering.Digits += string(key)
		if v.NumDigits > 0 && len(p.Gathering.Digits) >= v.NumDigits {
			p.gathered(s, "")
			return
		}
	}
	if pressed {
		p.listen(s) // for the next key; a prompt ends
	}
}

// Silent tells that the time of Listen has passed without a key.
func (p *Program) Silent(s Stage) {
	if p.Gathering != nil {
		p.gathered(s, "")
	}
}

// gathered goes on with what was pressed, or with the next verb. finishedOn is
// the key that ended it, if one did.
func (p *Program) gathered(s Stage, finishedOn string) {
	g := p.Gathering
	p.Gathering = nil
	s.Hush()
	if g.Digits == "" && !g.Verb.ActionOnEmptyResult {
		p.Step(s)
		return
	}
	p.follow(s, g.Verb.Action, g.Verb.Method, url.Values{"Digits": {g.Digits}, "FinishedOnKey": {finishedOn}})
}
