package console

import (
	"net/http"
	"slices"
	"strings"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/say"
)

// teller says things to one reader: in their language, with people by name.
type teller struct {
	lang  say.Language
	names call.Names // marked where there is something to be translated
}

func tellerOf(v desk.View, lang say.Language) teller {
	t := teller{lang, v.Name}
	if t.translates() {
		t.names = func(id agent.ID) string { return say.Name(v.Name(id)) }
	}
	return t
}

func (t teller) translates() bool { return t.lang != "" && t.lang != say.English }

// of is a text of ours for the reader.
func (t teller) of(text string) string { return t.lang.Of(text) }

// name is a value within a text that is the same in every language.
func (t teller) name(s string) string {
	if !t.translates() {
		return s
	}
	return say.Name(s)
}

// why is a value within a text that is words of ours.
func (t teller) why(s string) string {
	if !t.translates() {
		return s
	}
	return say.Phrase(s)
}

// call is c with everything marked that its sentences are made of.
func (t teller) call(c call.Call) call.Call {
	if !t.translates() {
		return c
	}
	c.Name = t.customer(&c)
	c.Asked, c.Returned, c.NotTaken = say.Name(c.Asked), say.Phrase(call.ReturnedText(c, t.names)), ""
	c.Seeking = slices.Clone(c.Seeking)
	for i, a := range c.Seeking {
		if a.Kind == call.ToTeam {
			c.Seeking[i].Value = say.Name(agent.TeamTitle(a.Value))
		}
	}
	if c.Notice != nil {
		n := *c.Notice
		n.Why, n.Team, n.Refusal.Said = say.Name(n.Why), say.Name(agent.TeamTitle(n.Team)), say.Phrase(n.Refusal.Said)
		c.Notice = &n
	}
	return c
}

// toCustomer says to the customer how things are.
func (t teller) toCustomer(c call.Call) string {
	text := call.CustomerSentence(t.call(c), t.names)
	return t.of(strings.ReplaceAll(text, call.SomebodyOutside, t.why(call.SomebodyOutside)))
}

// customer is what to call the customer of c, within a text.
func (t teller) customer(c *call.Call) string {
	if known := c.Number != "" && !strings.HasPrefix(c.Number, "client:"); c.Name != "" || known {
		return t.name(c.CustomerName())
	}
	return t.why(c.CustomerName())
}

// languageOf is the language that a request wants to be answered in.
func languageOf(r *http.Request) say.Language {
	return say.Accepted(r.Header.Get("Accept-Language"))
}
