package call

import (
	"slices"
	"time"
	"unicode/utf8"

	"warmdesk/agent"
)

// What agents write down of a call: the note, why the customer called, and what
// the call came to. The owner and whoever helps write and read it, whoever has
// handed over as long as they may take back, and each of them in their own time
// after the call (Request.After). The last writer wins.

// The longest texts, in characters.
const (
	MostNote       = 2000
	MostTopic      = 80
	MostConclusion = 40
)

// written are the requests for that.
func written() []RequestKind { return []RequestKind{Write, SetTopic, Conclude} }

// AllowedAfter lists what an agent may ask in the time after the call.
func AllowedAfter() []RequestKind { return append([]RequestKind{Finish}, written()...) }

// notes reports whether an agent may write and read what is written down.
func (c *Call) notes(by agent.ID) bool {
	switch PartOf(*c, by) {
	case Owner, Targeted, Released, Supervising:
		return true
	}
	return false
}

// allowedWriting is what an agent may write down now. What the call came to is
// said by whoever has the customer, or had.
func (c *Call) allowedWriting(by agent.ID) []RequestKind {
	switch PartOf(*c, by) {
	case Owner, Released:
		return written()
	case Targeted:
		return []RequestKind{Write, SetTopic}
	}
	return nil
}

// NoteFor is the call's shared note as an agent may read it.
func NoteFor(c Call, id agent.ID) string {
	if c.notes(id) {
		return c.Note
	}
	return ""
}

// refuseText tells why a text cannot be written down.
func refuseText(r Request) *RefusedError {
	length := utf8.RuneCountInString(r.Text)
	switch {
	case r.Kind == SetTopic && length > MostTopic:
		return &RefusedError{Code: BadRequest, Message: "The reason for the call is longer than 80 characters. It is as it was."}
	case r.Kind == Conclude && length > MostConclusion:
		return &RefusedError{Code: BadRequest, Message: "The outcome is longer than 40 characters. It is as it was."}
	case length > MostNote:
		return &RefusedError{Code: BadRequest, Message: "The note is longer than 2000 characters. It is as it was."}
	}
	return nil
}

// writes does one of the requests that write something down, and says whether r
// is one.
func (c *Call) writes(r Request, now time.Time) bool {
	switch r.Kind {
	case Write:
		c.write(r, now)
	case SetTopic:
		if c.Topic != r.Text {
			c.Topic = r.Text
			c.report(now, News{Kind: NewsTopic, Agent: r.By, Why: r.Text})
		}
	case Conclude:
		c.tellNote(now)
		if c.Conclusion != r.Text {
			c.Conclusion = r.Text
			c.report(now, News{Kind: NewsConcluded, Agent: r.By, Why: r.Text})
		}
	}
	return slices.Contains(written(), r.Kind)
}

// write replaces the note. A page saves it with every pause in the typing: the
// timeline gets what came of it, before somebody else writes, the call goes on to
// another stage, or somebody says what the call came to.
func (c *Call) write(r Request, now time.Time) {
	if c.Note == r.Text {
		return
	}
	if c.NoteBy != r.By {
		c.tellNote(now)
	}
	c.Note, c.NoteBy = r.Text, r.By
}

// tellNote tells the timeline what has been written down.
func (c *Call) tellNote(now time.Time) {
	if c.NoteBy != "" {
		c.report(now, News{Kind: NewsNoted, Agent: c.NoteBy, Why: c.Note})
		c.NoteBy = ""
	}
}
