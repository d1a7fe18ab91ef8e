package phone

import (
	"cmp"
	"strings"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/say"
	"warmdesk/twiml"
)

// ear is to whom something is said: in what language, and which number of ours they
// called; both empty for agents on telephones, who are spoken to as the desk is.
type ear struct{ language, dialled string }

// earOf is the ear of a leg.
func (w *Webhooks) earOf(c call.Call, leg call.LegID) ear {
	if l := c.Leg(leg); l == nil || l.Role == call.Customer {
		return ear{c.Language, c.Dialled}
	}
	return ear{}
}

// speaker is who says a language, and what that is called, in Twilio's words. The two
// must fit: Twilio fails a <Say> whose do not. Without either a <Say> is English
// (Twilio, TwiML Voice: <Say>), as the tutorial has it.
func speaker(language say.Language) (voice, locale string) {
	if language == say.German {
		return "Polly.Vicki", "de-DE"
	}
	return "", ""
}

// say says texts of the rulebook.
func (w *Webhooks) say(to ear, words ...string) twiml.Say {
	heard := w.cfg.Heard()
	language := cmp.Or(to.language, heard.Language)
	said := make([]string, len(words))
	for i, english := range words {
		said[i] = say.Plain(english)
		if heard.Text != nil {
			said[i] = heard.Text(language, to.dialled, english)
		}
	}
	voice, locale := speaker(say.Known(language))
	return twiml.Say{Text: strings.Join(said, " "), Voice: voice, Language: locale}
}

// keyWords ask whoever has picked a telephone up for the key, with the names within
// marked for whoever translates.
func (w *Webhooks) keyWords(c call.Call, leg call.LegID) twiml.Say {
	mark := say.Phrase
	if c.Name != "" || strings.HasPrefix(c.Number, "+") {
		mark = say.Name
	}
	c.Name = mark(c.CustomerName())
	names := func(id agent.ID) string { return say.Name(w.desk.Name(id)) }
	return w.say(ear{}, call.KeyWords(c, leg, names))
}

// languageOf is what callers of a number are spoken to in.
func (h Heard) languageOf(dialled string) string {
	return cmp.Or(h.Numbers[dialled].Language, h.Language)
}

// dialled is which number of ours a customer called, empty for a page, and what they
// are spoken to in: pages say so.
func (w *Webhooks) dialled(r request) (number, language string) {
	heard, kept := w.cfg.Heard(), r.URL.Query() // see keep
	if kept.Has("language") {
		return kept.Get("dialled"), kept.Get("language")
	}
	if strings.HasPrefix(r.form.Get("From"), "client:") {
		if asked := say.Known(r.form.Get("Language")); r.form.Has("Language") {
			return "", string(asked)
		}
		return "", heard.Language
	}
	number = r.form.Get("To")
	return number, heard.languageOf(number)
}
