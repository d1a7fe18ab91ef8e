package twiml

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"time"
)

// header is what Twilio's own libraries begin a document with.
const header = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// ContentType is the media type a document is served with.
const ContentType = "text/xml; charset=utf-8"

// Encode writes the document. Characters that XML cannot carry become U+FFFD.
func (d Document) Encode() []byte {
	w := &writer{}
	w.buf.WriteString(header)
	w.buf.WriteString("<Response>")
	for _, v := range d {
		v.encode(w)
	}
	w.buf.WriteString("</Response>")
	return w.buf.Bytes()
}

// writer builds one document. Attributes are left out when they say what the
// default says, except where absence and presence differ.
type writer struct {
	buf bytes.Buffer
}

func (w *writer) begin(name string) {
	w.buf.WriteByte('<')
	w.buf.WriteString(name)
}

// attr writes an attribute unless its value is empty.
func (w *writer) attr(name, value string) {
	if value != "" {
		w.attrAlways(name, value)
	}
}

func (w *writer) attrAlways(name, value string) {
	w.buf.WriteByte(' ')
	w.buf.WriteString(name)
	w.buf.WriteString(`="`)
	w.escape(value)
	w.buf.WriteByte('"')
}

// optional writes an attribute whose absence and emptiness differ.
func (w *writer) optional(name string, value *string) {
	if value != nil {
		w.attrAlways(name, *value)
	}
}

func (w *writer) flag(name string, value bool) {
	if value {
		w.attrAlways(name, "true")
	}
}

func (w *writer) seconds(name string, d time.Duration) {
	if d > 0 {
		w.attrAlways(name, strconv.FormatInt(int64(wholeSeconds(d)/time.Second), 10))
	}
}

func (w *writer) loop(n int) {
	switch {
	case n == Forever:
		w.attrAlways("loop", "0")
	case n > 1:
		w.attrAlways("loop", strconv.Itoa(n))
	}
}

// end closes an element that has no children.
func (w *writer) end() { w.buf.WriteString("/>") }

// text writes the element's text and closes it.
func (w *writer) text(name, text string) {
	w.buf.WriteByte('>')
	w.escape(text)
	w.close(name)
}

func (w *writer) close(name string) {
	w.buf.WriteString("</")
	w.buf.WriteString(name)
	w.buf.WriteByte('>')
}

func (w *writer) escape(s string) {
	// A bytes.Buffer does not fail, so neither does EscapeText.
	_ = xml.EscapeText(&w.buf, []byte(s))
}

func (v Say) encode(w *writer) {
	w.begin("Say")
	w.attr("voice", v.Voice)
	w.attr("language", v.Language)
	w.loop(v.Loop)
	w.text("Say", v.Text)
}

func (v Play) encode(w *writer) {
	w.begin("Play")
	w.loop(v.Loop)
	w.text("Play", v.URL)
}

func (v Pause) encode(w *writer) {
	w.begin("Pause")
	w.seconds("length", v.Length)
	w.end()
}

func (v Redirect) encode(w *writer) {
	w.begin("Redirect")
	w.attr("method", v.Method)
	w.text("Redirect", v.URL)
}

func (v Hangup) encode(w *writer) {
	w.begin("Hangup")
	w.end()
}

func (v Reject) encode(w *writer) {
	w.begin("Reject")
	w.attr("reason", v.Reason)
	w.end()
}

func (v Dial) encode(w *writer) {
	w.begin("Dial")
	w.attr("action", v.Action)
	w.attr("method", v.Method)
	w.seconds("timeout", v.Timeout)
	w.seconds("timeLimit", v.TimeLimit)
	w.flag("hangupOnStar", v.HangupOnStar)
	w.attr("callerId", v.CallerID)
	if v.Conference == nil {
		w.end()
		return
	}
	w.buf.WriteByte('>')
	v.Conference.encode(w)
	w.close("Dial")
}

func (c *Conference) encode(w *writer) {
	w.begin("Conference")
	w.flag("muted", c.Muted)
	w.attr("beep", c.Beep)
	if c.StartOnEnter != nil {
		w.attrAlways("startConferenceOnEnter", strconv.FormatBool(*c.StartOnEnter))
	}
	w.flag("endConferenceOnExit", c.EndOnExit)
	w.optional("waitUrl", c.WaitURL)
	w.attr("waitMethod", c.WaitMethod)
	w.attr("statusCallback", c.StatusCallback)
	w.attr("statusCallbackMethod", c.StatusCallbackMethod)
	w.attr("statusCallbackEvent", strings.Join(c.StatusCallbackEvents, " "))
	w.attr("participantLabel", c.Label)
	if c.MaxParticipants > 0 {
		w.attrAlways("maxParticipants", strconv.Itoa(c.MaxParticipants))
	}
	w.attr("region", c.Region)
	w.attr("coach", c.Coach)
	w.text("Conference", c.Name)
}

// wholeSeconds rounds up, so that a short wait does not become none.
func wholeSeconds(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}
