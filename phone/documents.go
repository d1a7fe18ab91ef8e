package phone

import (
	"net/http"
	"net/url"
	"strings"

	"warmdesk/call"
	"warmdesk/twiml"
)

// document writes what the rulebook tells a leg.
func (w *Webhooks) document(c call.Call, leg call.LegID, d call.Document) twiml.Document {
	switch d.Kind {
	case call.AskKey, call.AskNumber, call.AskMessage:
		return w.asking(c, d)
	case call.AskAccept:
		return w.askAccept(c, leg)
	}
	var doc twiml.Document
	if len(d.Words) > 0 {
		doc = append(doc, w.say(w.earOf(c, leg), d.Words...))
	}
	switch d.Kind {
	case call.SayGone:
		return append(doc, twiml.Hangup{})
	case call.WaitOutside:
		if l := c.Leg(leg); l == nil || l.Role == call.Customer {
			return append(doc, w.waiting(ear{}, "", "")...)
		}
		return append(doc, w.outside(c.Room, leg)...)
	}
	dial := w.room(c.Room, leg)
	dial.Conference.StartOnEnter = twiml.Bool(d.StartOnEnter)
	dial.Conference.EndOnExit, dial.Conference.Muted = d.EndOnExit, d.Muted
	if !c.Recovery {
		// The tutorial's own document: who leaves the room has left the call.
		dial.Action = ""
	}
	return append(doc, dial)
}

// room enters the conference. Whoever falls out of it asks us what is next. The
// callback stands on every leg, because only the first one's counts.
func (w *Webhooks) room(room string, leg call.LegID) twiml.Dial {
	return twiml.Dial{
		Action: w.urls.out(room, leg),
		Conference: &twiml.Conference{
			Name: room, Beep: "false",
			StartOnEnter:         twiml.Bool(false),
			WaitURL:              twiml.String(w.urls.wait()),
			WaitMethod:           http.MethodPost,
			StatusCallback:       w.urls.events(room),
			StatusCallbackMethod: http.MethodPost,
			StatusCallbackEvents: []string{"start", "end", "join", "leave", "mute", "hold"},
		},
	}
}

// outside is music for a leg that is not to be in the conference now, and then
// the question what is next.
func (w *Webhooks) outside(room string, leg call.LegID) twiml.Document {
	return twiml.Document{twiml.Play{URL: w.cfg.Heard().MusicURL}, twiml.Redirect{URL: w.urls.out(room, leg), Method: http.MethodPost}}
}

// keep is a customer's document while we cannot look anything up: welcome and
// music in the room that would be theirs. What happens there is reported, and
// the call is taken up when we can again. Its addresses keep what only the first
// request of a page tells: with it the page can come back into the call.
func (w *Webhooks) keep(e call.Arrived) twiml.Document {
	kept := url.Values{}
	for name, value := range map[string]string{"return": e.Return, "name": e.Name, "team": e.Team, "dialled": e.Dialled, "language": e.Language} {
		if value != "" {
			kept.Set(name, value)
		}
	}
	dial := w.room(e.SID, "")
	dial.Action, dial.Conference.StatusCallback = keeping(dial.Action, kept), keeping(dial.Conference.StatusCallback, kept)
	dial.Conference.WaitURL = twiml.String(keeping(w.urls.wait(), kept))
	if told := w.cfg.Heard().Announcements[e.Language]; told != "" {
		// The call may be saved all the same, as one whose customer was told.
		return twiml.Document{w.say(ear{e.Language, e.Dialled}, told), dial}
	}
	return twiml.Document{dial}
}

// keeping adds a query to an address that has none.
func keeping(address string, kept url.Values) string {
	if len(kept) == 0 {
		return address
	}
	before, after, found := strings.Cut(address, "#")
	address = before + "?" + kept.Encode()
	if found {
		address += "#" + after
	}
	return address
}

// waiting is words once, then music for ever: the carrier does not ask again,
// so that the music goes on while we are down. later is a word in between for
// who waits for long; that it is in the document makes it come without us.
func (w *Webhooks) waiting(to ear, words, later string) twiml.Document {
	var doc twiml.Document
	heard := w.cfg.Heard()
	if words != "" {
		doc = append(doc, w.say(to, words))
	}
	if later != "" && heard.MusicTime > 0 {
		pieces := max(1, int(call.WordTime/heard.MusicTime))
		doc = append(doc, twiml.Play{URL: heard.MusicURL, Loop: pieces}, w.say(to, later))
	}
	return append(doc, twiml.Play{URL: heard.MusicURL, Loop: twiml.Forever})
}

// release says a sentence and hangs up.
func (w *Webhooks) release(to ear, words string) twiml.Document {
	return twiml.Document{w.say(to, words), twiml.Hangup{}}
}
