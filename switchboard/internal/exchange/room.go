package exchange

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmdesk/switchboard/internal/webhook"
	"warmdesk/twilio"
)

// Conference is the record of a conference, as REST shows it.
type Conference struct {
	SID, Name, Status string
	Reason            string // ReasonConferenceEnded
	EndedBy           string // the call whose leaving ended it
	Created, Updated  time.Time
}

// Reasons why a participant left.
const (
	leftConferenceEnded = "conference_ended_via_api"
	leftModeratorEnded  = "moderator_ended_conference"
	leftByAPI           = "participant_updated_via_api"
	leftHungUp          = "participant_hung_up"
	leftNeverCame       = "participant_add_failed"
)

// Reasons why a conference ended, with the sentence that Twilio adds.
const (
	endedByAPI        = "conference-ended-via-api"
	endedLastLeft     = "last-participant-left"
	endedLastKicked   = "last-participant-kicked"
	endedMasterLeft   = "participant-with-end-conference-on-exit-left"
	endedMasterKicked = "participant-with-end-conference-on-exit-kicked"
)

// roomHook is who is told of a conference's events. The first participant fixes
// it.
type roomHook struct {
	Target
	events []string
}

// room is a conference: its members in the order they came. Run's goroutine owns
// it.
type room struct {
	x       *Exchange
	rec     Conference
	hook    roomHook
	members []*member
	coming  []*addition // rung for this room, not in it yet
	seq     int
}

// findRoom returns the live conference of that name, a new one if there is none.
func (x *Exchange) findRoom(name string, hook roomHook) *room {
	if r := x.rooms[name]; r != nil {
		return r
	}
	now := time.Now()
	r := &room{x: x, hook: hook, rec: Conference{
		SID: newSID("CF"), Name: name, Status: twilio.ConferenceInit, Created: now, Updated: now,
	}}
	x.rooms[name] = r
	x.past = append(x.past, r)
	x.past = forget(x.past, (*room).done)
	return r
}

// forget drops the oldest finished things beyond maxHistory.
func forget[T any](all []T, finished func(T) bool) []T {
	excess := len(all) - maxHistory
	if excess <= 0 {
		return all
	}
	return slices.DeleteFunc(all, func(t T) bool {
		if excess <= 0 || !finished(t) {
			return false
		}
		excess--
		return true
	})
}

func (r *room) done() bool { return r.rec.Status == twilio.ConferenceCompleted }

func (r *room) started() bool { return r.rec.Status == twilio.ConferenceInProgress }

// join takes a member in. The conference starts as soon as two are there and one
// of them has startConferenceOnEnter.
func (r *room) join(m *member) {
	r.members = append(r.members, m)
	m.c.seat = m
	m.c.line.Mute(m.muted)
	m.coach()
	r.memberEvent("join", "participant-join", m, nil)
	switch {
	case r.started():
		m.mix()
	case len(r.members) >= 2 && slices.ContainsFunc(r.members, func(m *member) bool { return m.startOnEnter }):
		r.setStatus(twilio.ConferenceInProgress)
		r.event("start", "conference-start", nil)
		for _, m := range r.members {
			m.mix()
		}
	default:
		m.wait()
	}
}

// remove takes a member out: it left, or was taken out by REST (kicked).
func (r *room) remove(m *member, reason, callStatus string, kicked bool) {
	r.members = slices.DeleteFunc(r.members, func(o *member) bool { return o == m })
	m.detach()
	r.leaveEvent(m, reason, callStatus)
	switch {
	case m.endOnExit && kicked:
		r.finish(endedMasterKicked, m.c.rec.SID)
	case m.endOnExit:
		r.finish(endedMasterLeft, m.c.rec.SID)
	case len(r.members)+len(r.coming) > 0:
	case kicked:
		r.finish(endedLastKicked, m.c.rec.SID)
	default:
		r.finish(endedLastLeft, m.c.rec.SID)
	}
}

// finish ends the conference for everybody. Its name is free from here on.
func (r *room) finish(reason, by string) {
	if r.done() {
		return
	}
	r.rec.Reason, r.rec.EndedBy = reason, by
	r.setStatus(twilio.ConferenceCompleted)
	delete(r.x.rooms, r.rec.Name)
	leave := leftModeratorEnded
	if reason == endedByAPI {
		leave = leftConferenceEnded
	}
	others, coming := r.members, r.coming
	r.members, r.coming = nil, nil
	for _, m := range others {
		m.detach()
		r.leaveEvent(m, leave, twilio.CallInProgress)
	}
	for _, a := range coming {
		a.call.end(outcomeCanceled)
	}
	extra := url.Values{"ReasonConferenceEnded": {reason}, "Reason": {sentence(reason)}}
	if by != "" {
		extra.Set("CallSidEndingConference", by)
	}
	r.event("end", "conference-end", extra)
	for _, m := range others {
		m.c.dialEnded()
	}
}

func sentence(reason string) string {
	s := strings.ReplaceAll(reason, "-", " ")
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func (r *room) setStatus(s string) {
	r.rec.Status = s
	r.rec.Updated = time.Now()
}

// event owes a conference callback if word was subscribed to.
func (r *room) event(word, name string, extra url.Values) {
	if r.hook.URL == "" || !slices.Contains(r.hook.events, word) {
		return
	}
	seq := twilio.FirstConferenceSequence + r.seq
	r.seq++
	p := url.Values{
		"AccountSid": {r.x.cfg.AccountSID}, "ConferenceSid": {r.rec.SID}, "FriendlyName": {r.rec.Name},
		"SequenceNumber": {strconv.Itoa(seq)}, "Timestamp": {twilio.FormatTime(time.Now())},
		"StatusCallbackEvent": {name},
	}
	for k, v := range extra {
		p[k] = v
	}
	r.x.cfg.Web.Notify(r.rec.SID, webhook.Request{URL: r.hook.URL, Method: r.hook.Method, Params: p})
}

func (r *room) memberEvent(word, name string, m *member, extra url.Values) {
	p := url.Values{
		"CallSid":                {m.c.rec.SID},
		"Muted":                  {strconv.FormatBool(m.muted)},
		"Hold":                   {strconv.FormatBool(m.hold)},
		"Coaching":               {strconv.FormatBool(m.coached != nil)},
		"EndConferenceOnExit":    {strconv.FormatBool(m.endOnExit)},
		"StartConferenceOnEnter": {strconv.FormatBool(m.startOnEnter)},
	}
	if m.label != "" {
		p.Set("ParticipantLabel", m.label)
	}
	for k, v := range extra {
		p[k] = v
	}
	r.event(word, name, p)
}

func (r *room) leaveEvent(m *member, reason, callStatus string) {
	r.memberEvent("leave", "participant-leave", m, url.Values{
		"ReasonParticipantLeft": {reason}, "ParticipantCallStatus": {callStatus},
	})
}
