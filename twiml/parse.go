package twiml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Codes of the errors of Parse, from Twilio's list.
const (
	CodeMalformed = 12100 // not well-formed XML, or too long
	CodeSchema    = 12200 // well-formed, but not TwiML as spoken here
	CodeWaitVerb  = 13238 // a wait document with a verb that may not be in one
)

// Error says why a document cannot be run.
type Error struct {
	Code    int // Twilio's error code
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("twiml %d: %s", e.Code, e.Message) }

func schemaError(format string, args ...any) error {
	return &Error{CodeSchema, fmt.Sprintf(format, args...)}
}

// Parse reads a document of at most MaxSize bytes. Its errors are *Error. An
// empty body is not a document; an empty <Response/> is.
func Parse(body []byte) (Document, error) {
	if len(body) > MaxSize {
		return nil, &Error{CodeMalformed, fmt.Sprintf("the document is %d bytes long, the limit is %d", len(body), MaxSize)}
	}
	p := &parser{dec: xml.NewDecoder(bytes.NewReader(body))}
	doc, err := p.document()
	if err != nil {
		if _, ok := errors.AsType[*Error](err); ok {
			return nil, err
		}
		return nil, &Error{CodeMalformed, err.Error()}
	}
	return doc, nil
}

// parser reads tokens one by one. It calls itself nowhere, so the nesting of
// the input is bounded by the three levels of the grammar; entities other than
// XML's five are unknown to the decoder, and a document type is refused.
type parser struct {
	dec *xml.Decoder
}

// next returns the next start element, end element or text, skipping comments.
func (p *parser) next() (xml.Token, error) {
	for {
		t, err := p.dec.Token()
		if err != nil {
			return nil, err
		}
		switch t.(type) {
		case xml.Comment, xml.ProcInst:
			continue
		case xml.Directive:
			return nil, &Error{CodeMalformed, "a document type is not allowed"}
		}
		return t, nil
	}
}

func (p *parser) document() (Document, error) {
	if err := p.root(); err != nil {
		return nil, err
	}
	doc := Document{}
	for {
		t, err := p.next()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			v, err := p.verb(t)
			if err != nil {
				return nil, err
			}
			doc = append(doc, v)
		case xml.CharData:
			if err := blank(t, "Response"); err != nil {
				return nil, err
			}
		case xml.EndElement:
			return doc, p.trailer()
		}
	}
}

// root reads up to and including <Response>.
func (p *parser) root() error {
	for {
		t, err := p.next()
		if errors.Is(err, io.EOF) {
			return errors.New("the document is empty")
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local != "Response" {
				return schemaError("the root element is <%s>, not <Response>", t.Name.Local)
			}
			return nil
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return errors.New("text before the root element")
			}
		}
	}
}

// trailer checks that nothing follows </Response>.
func (p *parser) trailer() error {
	for {
		t, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if text, ok := t.(xml.CharData); !ok || len(bytes.TrimSpace(text)) > 0 {
			return errors.New("content after the root element")
		}
	}
}

// verb reads the element that start began, to its end.
func (p *parser) verb(start xml.StartElement) (Verb, error) {
	a := attributes{element: start.Name.Local, attrs: start.Attr}
	switch a.element {
	case "Dial":
		return p.dial(a)
	case "Gather":
		return p.gather(a)
	case "Say", "Play", "Pause", "Record", "Redirect", "Hangup", "Reject":
		return p.leaf(a)
	}
	return nil, schemaError("<%s> is not a verb spoken here", a.element)
}

// leaf reads a verb that has text and attributes but no nouns.
func (p *parser) leaf(a attributes) (Verb, error) {
	text, err := p.text(a.element)
	if err != nil {
		return nil, err
	}
	var v Verb
	switch a.element {
	case "Say":
		v = Say{Text: text, Voice: a.text("voice"), Language: a.text("language"), Loop: a.loop()}
	case "Play":
		if text == "" {
			return nil, schemaError("<Play> names no file")
		}
		v = Play{URL: text, Loop: a.loop()}
	case "Pause":
		v = Pause{Length: a.seconds("length")}
	case "Record":
		if text != "" {
			return nil, schemaError("text is not allowed within <Record>")
		}
		v = record(&a)
	case "Redirect":
		v = Redirect{URL: text, Method: a.method("method", CodeSchema)}
	case "Hangup":
		v = Hangup{}
	case "Reject":
		v = Reject{Reason: a.oneOf("reason", CodeSchema, "rejected", "busy")}
	}
	return v, a.err
}

// text reads the text of an element that may have no children.
func (p *parser) text(element string) (string, error) {
	var b strings.Builder
	for {
		t, err := p.next()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			return "", schemaError("<%s> is not allowed within <%s>", t.Name.Local, element)
		case xml.CharData:
			b.Write(t)
		case xml.EndElement:
			return strings.TrimSpace(b.String()), nil
		}
	}
}

func (p *parser) dial(a attributes) (Verb, error) {
	d := Dial{
		Action:       a.text("action"),
		Method:       a.method("method", CodeSchema),
		Timeout:      a.seconds("timeout"),
		TimeLimit:    a.seconds("timeLimit"),
		HangupOnStar: a.flag("hangupOnStar", CodeSchema),
		CallerID:     a.text("callerId"),
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
			if t.Name.Local != "Conference" {
				return nil, schemaError("<%s> is not spoken here within <Dial>", t.Name.Local)
			}
			if d.Conference != nil {
				return nil, schemaError("<Dial> names more than one <Conference>")
			}
			if d.Conference, err = p.conference(attributes{element: "Conference", attrs: t.Attr}); err != nil {
				return nil, err
			}
		case xml.CharData:
			if err := blank(t, "Dial"); err != nil {
				return nil, err
			}
		case xml.EndElement:
			return d, nil
		}
	}
}

// Codes of <Conference>'s attributes, from Twilio's list.
const (
	codeMuted        = 13230
	codeEndOnExit    = 13231
	codeStartOnEnter = 13232
	codeWaitMethod   = 13234
	codeBeep         = 13235
	codeName         = 13237
	codeLabel        = 16023
)

func (p *parser) conference(a attributes) (*Conference, error) {
	name, err := p.text(a.element)
	if err != nil {
		return nil, err
	}
	c := &Conference{
		Name:                 name,
		Muted:                a.flag("muted", codeMuted),
		Beep:                 a.oneOf("beep", codeBeep, "true", "false", "onEnter", "onExit"),
		EndOnExit:            a.flag("endConferenceOnExit", codeEndOnExit),
		WaitMethod:           a.method("waitMethod", codeWaitMethod),
		StatusCallback:       a.text("statusCallback"),
		StatusCallbackMethod: a.method("statusCallbackMethod", CodeSchema),
		StatusCallbackEvents: strings.Fields(a.text("statusCallbackEvent")),
		Label:                a.text("participantLabel"),
		MaxParticipants:      a.number("maxParticipants", 2, 250),
		Region:               a.text("region"),
		Coach:                a.text("coach"),
	}
	if _, ok := a.get("startConferenceOnEnter"); ok {
		c.StartOnEnter = Bool(a.flag("startConferenceOnEnter", codeStartOnEnter))
	}
	if url, ok := a.get("waitUrl"); ok {
		c.WaitURL = &url
	}
	if len(c.StatusCallbackEvents) == 0 {
		c.StatusCallbackEvents = nil
	}
	switch {
	case a.err != nil:
		return nil, a.err
	case name == "":
		return nil, &Error{codeName, "<Conference> has no name"}
	case !validLabel(c.Label):
		return nil, &Error{codeLabel, fmt.Sprintf("participantLabel %q is not allowed", c.Label)}
	}
	return c, nil
}

// validLabel: at most 128 characters, none of them a slash, written out or
// percent-encoded, because labels stand in REST paths.
func validLabel(s string) bool {
	return len([]rune(s)) <= 128 && !strings.Contains(s, "/") && !strings.Contains(strings.ToUpper(s), "%2F")
}

// blank refuses text where only elements may stand.
func blank(text xml.CharData, element string) error {
	if len(bytes.TrimSpace(text)) > 0 {
		return schemaError("text is not allowed directly within <%s>", element)
	}
	return nil
}

// attributes reads an element's attributes and keeps the first error.
type attributes struct {
	element string
	attrs   []xml.Attr
	err     error
}

// get returns an attribute without surrounding blanks and whether it is there.
func (a *attributes) get(name string) (string, bool) {
	i := slices.IndexFunc(a.attrs, func(x xml.Attr) bool { return x.Name.Local == name })
	if i < 0 {
		return "", false
	}
	return strings.TrimSpace(a.attrs[i].Value), true
}

func (a *attributes) text(name string) string {
	s, _ := a.get(name)
	return s
}

func (a *attributes) fail(code int, name, value string) {
	if a.err == nil {
		a.err = &Error{code, fmt.Sprintf("<%s> has %s=%q", a.element, name, value)}
	}
}

func (a *attributes) flag(name string, code int) bool {
	switch s := a.text(name); strings.ToLower(s) {
	case "true":
		return true
	case "", "false":
	default:
		a.fail(code, name, s)
	}
	return false
}

func (a *attributes) oneOf(name string, code int, values ...string) string {
	s := a.text(name)
	if s == "" {
		return ""
	}
	for _, v := range values {
		if strings.EqualFold(s, v) {
			return v
		}
	}
	a.fail(code, name, s)
	return ""
}

// keys reads a set of keys of a telephone; nil when the attribute is absent.
func (a *attributes) keys(name string) *string {
	s, ok := a.get(name)
	if !ok {
		return nil
	}
	if strings.Trim(s, "0123456789*#") != "" {
		a.fail(CodeSchema, name, s)
	}
	return &s
}

func (a *attributes) method(name string, code int) string {
	return a.oneOf(name, code, "GET", "POST")
}

// number returns 0 when the attribute is absent.
func (a *attributes) number(name string, low, high int) int {
	s := a.text(name)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < low || n > high {
		a.fail(CodeSchema, name, s)
		return 0
	}
	return n
}

// maxSeconds bounds lengths: Twilio's longest call is 24 hours.
const maxSeconds = 86400

func (a *attributes) seconds(name string) time.Duration {
	return time.Duration(a.number(name, 1, maxSeconds)) * time.Second
}

// maxLoops is Twilio's bound of loop.
const maxLoops = 1000

func (a *attributes) loop() int {
	if a.text("loop") == "" {
		return 0
	}
	switch n := a.number("loop", 0, maxLoops); n {
	case 0:
		return Forever
	case 1:
		return 0 // once, which is the default
	default:
		return n
	}
}
