package phone

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/twilio"
	"warmdesk/twiml"
)

// How long a customer may think. Behind each of these documents there is music
// for ever: the desk, which may be down, sends whoever does nothing on.
const (
	typingTime  = 10 * time.Second // without a key, while a number is typed
	silenceTime = 5 * time.Second  // without a word, while a message is left
)

// asking is the document in which a customer may press a key, type a number or
// leave a message.
func (w *Webhooks) asking(c call.Call, d call.Document) twiml.Document {
	said := w.say(w.earOf(c, c.CustomerLeg().ID), d.Words...)
	music := twiml.Play{URL: w.cfg.Heard().MusicURL, Loop: twiml.Forever}
	choice := w.urls.choice(c.Room, d.Question, nil)
	switch d.Kind {
	case call.AskMessage:
		return twiml.Document{said, twiml.Record{
			Action: w.urls.message(c.Room, d.Question, nil), Method: http.MethodPost,
			Timeout: silenceTime, MaxLength: call.MessageTime,
			RecordingStatusCallback:       w.urls.recording(c.Room, d.Question),
			RecordingStatusCallbackMethod: http.MethodPost,
			RecordingStatusCallbackEvents: []string{twiml.RecordingCompleted, twiml.RecordingAbsent},
		}, music}
	case call.AskNumber:
		return twiml.Document{twiml.Gather{
			Action: choice, Method: http.MethodPost, Timeout: typingTime, Prompts: []twiml.Verb{said},
		}, music}
	}
	// The keys hold as long as the music plays.
	return twiml.Document{twiml.Gather{
		Action: choice, Method: http.MethodPost, NumDigits: 1, FinishOnKey: twiml.String(""),
		Prompts: []twiml.Verb{said, music},
	}, music}
}

// choice is a customer who has pressed a key, or typed a number.
func (w *Webhooks) choice(ctx context.Context, r request) (twiml.Document, error) {
	e := call.Chose{SID: r.sid, Question: r.question(), Digits: r.value("Digits")}
	again := w.urls.choice(r.PathValue("conference_id"), e.Question, url.Values{"Digits": {e.Digits}})
	return w.says(ctx, r, e, again)
}

// message is a customer who has left a message and asks what is next; or who has
// hung up while speaking, which the carrier tells in the same way.
func (w *Webhooks) message(ctx context.Context, r request) (twiml.Document, error) {
	e := r.recorded()
	e.Asks = !twilio.CallEnded(r.form.Get("CallStatus"))
	again := w.urls.message(r.PathValue("conference_id"), e.Question, url.Values{
		"RecordingSid": {e.RecordingSID}, "RecordingDuration": {r.value("RecordingDuration")},
	})
	return w.says(ctx, r, e, again)
}

// says applies what a customer has said, and answers with what they are to hear.
// What cannot be kept now is asked for again, after some music, at an address
// that tells it once more: nothing that was said is lost by our being unable to
// write it down.
func (w *Webhooks) says(ctx context.Context, r request, e call.Event, again string) (twiml.Document, error) {
	var c call.Call
	id, err := w.find(ctx, r, r.PathValue("conference_id"))
	if err == nil {
		c, err = w.desk.Fact(ctx, id, e, r.form)
	}
	switch {
	case twilio.CallEnded(r.form.Get("CallStatus")):
		return nothing(), notFoundIsFine(err)
	case errors.Is(err, desk.ErrNotFound):
		return w.out(ctx, r)
	case err != nil:
		w.log.Error("what a customer said is not kept yet", "path", r.URL.Path, "call_sid", r.sid, "err", err)
		return twiml.Document{twiml.Play{URL: w.cfg.Heard().MusicURL}, twiml.Redirect{URL: again, Method: http.MethodPost}}, nil
	}
	return w.documentFor(c, r.sid), nil
}

// recording is what became of a message, told beside the call, and after it too.
func (w *Webhooks) recording(ctx context.Context, r request) (twiml.Document, error) {
	e := r.recorded()
	switch r.form.Get("RecordingStatus") {
	case twilio.RecordingAbsent:
		e.RecordingSID = ""
	case twilio.RecordingCompleted:
	default:
		return nothing(), nil
	}
	return nothing(), w.report(ctx, r, e)
}

// errNotRecorded: a message is not ready yet.
var errNotRecorded = errors.New("the carrier has not finished a recording")

// collect lists what was recorded of a leg that is over: the messages, which are
// those of <Record>, and our recordings of the conversation. An account may record
// whole calls besides.
func (p *Carrier) collect(ctx context.Context, l *call.Leg) ([]call.Message, []call.Track, error) {
	if l == nil {
		return nil, nil, errNoLeg
	}
	list, err := p.client.ListCallRecordings(ctx, l.SID)
	if err != nil {
		return nil, nil, err
	}
	kept := tracks(list)
	var messages []call.Message
	for _, r := range list {
		switch {
		case trackStatus(r.Status) == call.TrackAbsent || r.Source != twilio.RecordVerb && r.Source != twilio.StartCallRecordingAPI:
		case r.Status != twilio.RecordingCompleted:
			return messages, kept, errNotRecorded
		case r.Source == twilio.StartCallRecordingAPI:
		default:
			messages = append(messages, call.Message{RecordingSID: r.SID, Length: r.Length()})
		}
	}
	return messages, kept, nil
}

// value is a parameter of the form, or of the address when it was asked again.
func (r request) value(name string) string {
	if v := r.form.Get(name); v != "" {
		return v
	}
	return r.URL.Query().Get(name)
}

// question is the question that an answer names; 0 for none.
func (r request) question() int {
	n, err := strconv.Atoi(r.URL.Query().Get("question"))
	if err != nil {
		return 0
	}
	return n
}

// recorded reads what a webhook tells of a recording.
func (r request) recorded() call.Recorded {
	e := call.Recorded{SID: r.sid, Question: r.question(), RecordingSID: r.value("RecordingSid"), Length: -1}
	if address := r.form.Get("RecordingUrl"); e.RecordingSID == "" && address != "" {
		e.RecordingSID = path.Base(address)
	}
	if seconds, err := strconv.Atoi(r.value("RecordingDuration")); err == nil && seconds >= 0 {
		e.Length = time.Duration(seconds) * time.Second
	}
	return e
}

// choice is asked when a key was pressed; said is what was, when it is asked
// again.
func (u urls) choice(room string, question int, said url.Values) string {
	return u.answer(room, "/choice", question, said)
}

// message is asked when a message was left.
func (u urls) message(room string, question int, said url.Values) string {
	return u.answer(room, "/message", question, said)
}

// recording receives what became of a message.
func (u urls) recording(room string, question int) string {
	return u.answer(room, "/recording", question, nil)
}

func (u urls) answer(room, what string, question int, said url.Values) string {
	query := url.Values{"question": {strconv.Itoa(question)}}
	for name, values := range said {
		query[name] = values
	}
	return u.room(room) + what + "?" + query.Encode() + retried
}

// withheld are what Twilio gives as the number of a caller who does not show it:
// the letters of RESTRICTED, BLOCKED, UNKNOWN, ANONYMOUS and UNAVAILABLE on a
// telephone's keys.
func withheld(number string) bool {
	switch number {
	case "+7378742833", "+2562533", "+8656696", "+266696687", "+86282452253":
		return true
	}
	return false
}
