package twiml

import (
	"encoding/xml"
	"strconv"
	"time"
)

// DefaultGatherTimeout is how long a Gather without a Timeout waits for a key.
const DefaultGatherTimeout = 5 * time.Second

// DefaultGatherKey ends a Gather without a FinishOnKey.
const DefaultGatherKey = "#"

// Gather collects the keys that the caller presses while it prompts, and after.
// Of Twilio's inputs only keys (input="dtmf") are in the vocabulary, not speech.
type Gather struct {
	// Action is asked for the next document with the keys as Digits; "" is the
	// document itself. Without a key the call goes on with the next verb.
	Action string
	Method string // for Action; "" is POST
	// NumDigits is how many keys end it; 0 sets no number.
	NumDigits int
	// FinishOnKey ends it and is not among the Digits: nil is DefaultGatherKey,
	// a pointer to "" no key.
	FinishOnKey *string
	// Timeout, in whole seconds, ends it: counted from the last key or from the
	// end of the prompts. 0 is DefaultGatherTimeout.
	Timeout time.Duration
	// ActionOnEmptyResult asks Action also when no key was pressed.
	ActionOnEmptyResult bool
	// Prompts are heard meanwhile: Say, Play and Pause. A key stops them.
	Prompts []Verb
}

func (v Gather) encode(w *writer) {
	w.begin("Gather")
	w.attr("action", v.Action)
	w.attr("method", v.Method)
	if v.NumDigits > 0 {
		w.attrAlways("numDigits", strconv.Itoa(v.NumDigits))
	}
	w.optional("finishOnKey", v.FinishOnKey)
	w.seconds("timeout", v.Timeout)
	w.flag("actionOnEmptyResult", v.ActionOnEmptyResult)
	if len(v.Prompts) == 0 {
		w.end()
		return
	}
	w.buf.WriteByte('>')
	for _, prompt := range v.Prompts {
		prompt.encode(w)
	}
	w.close("Gather")
}

// maxDigits bounds numDigits; nobody presses more keys in one call.
const maxDigits = 1000

func (p *parser) gather(a attributes) (Verb, error) {
	a.oneOf("input", CodeSchema, "dtmf")
	g := Gather{
		Action:              a.text("action"),
		Method:              a.method("method", CodeSchema),
		NumDigits:           a.number("numDigits", 1, maxDigits),
		FinishOnKey:         a.keys("finishOnKey"),
		Timeout:             a.seconds("timeout"),
		ActionOnEmptyResult: a.flag("actionOnEmptyResult", CodeSchema),
	}
	if a.err != nil {
		return nil, a.err
	}
	for {
		t, err := p.next()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			prompt, err := p.prompt(t)
			if err != nil {
				return nil, err
			}
			g.Prompts = append(g.Prompts, prompt)
		case xml.CharData:
			if err := blank(t, a.element); err != nil {
				return nil, err
			}
		case xml.EndElement:
			return g, nil
		}
	}
}

// prompt reads a verb within <Gather>.
func (p *parser) prompt(start xml.StartElement) (Verb, error) {
	switch start.Name.Local {
	case "Say", "Play", "Pause":
		return p.leaf(attributes{element: start.Name.Local, attrs: start.Attr})
	}
	return nil, schemaError("<%s> is not allowed within <Gather>", start.Name.Local)
}
