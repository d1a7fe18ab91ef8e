package twiliotest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"

	"warmdesk/twilio"
	"warmdesk/twiml"
)

// leftByAPI is the reason of a leg that REST took out of a conference.
const leftByAPI = "participant_updated_via_api"

// room is a conference. Its double guards it.
type room struct {
	d                *Double
	sid, name        string
	status           string
	hook             hook // the first participant's: later ones' are ignored
	seats            []*seat
	seq              int
	created, updated time.Time
	reason, endedBy  string
}

// seat is a leg in a conference.
type seat struct {
	leg              *Leg
	room             *room
	held, muted      bool
	startOnEnter     bool
	endOnExit        bool
	label            string
	coaches          string // the leg that alone hears it; empty: it does not coach
	created, updated time.Time
	out              chan struct{} // closed when the leg is taken out
	wait             func()        // begins the wait document
	// stopSound ends the wait or hold document.
	stopSound context.CancelFunc
}

func (r *room) started() bool { return r.status == twilio.ConferenceInProgress }
func (r *room) ended() bool   { return r.status == twilio.ConferenceCompleted }

// liveRoom finds a conference that has not ended, by name. The lock is held.
func (d *Double) liveRoom(name string) *room {
	for _, r := range d.rooms {
		if r.name == name && !r.ended() {
			return r
		}
	}
	return nil
}

// join seats a leg. out is closed when something takes it out again.
func (d *Double) join(ctx context.Context, l *Leg, base target, c *twiml.Conference) (out <-chan struct{}, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if ctx.Err() != nil {
		return nil, false
	}
	now := time.Now()
	r := d.liveRoom(c.Name)
	if code, why := refusedSeat(r, c); code != 0 {
		d.faults = append(d.faults, fmt.Sprintf("%s: %d: %s", l.name(), code, why))
		return nil, false
	}
	if r == nil {
		r = &room{
			d: d, sid: newSID("CF"), name: c.Name, status: twilio.ConferenceInit, created: now, updated: now,
			hook: hook{target{url: base.resolve(c.StatusCallback), method: c.StatusCallbackMethod}, c.StatusCallbackEvents},
		}
		if c.StatusCallback == "" {
			r.hook.url = ""
		}
		d.rooms = append(d.rooms, r)
	}
	s := &seat{
		leg: l, room: r, muted: c.Muted, coaches: c.Coach, startOnEnter: c.StartOnEnter == nil || *c.StartOnEnter, endOnExit: c.EndOnExit,
		label: c.Label, created: now, updated: now, out: make(chan struct{}),
	}
	r.seats = append(r.seats, s)
	l.seat, l.playing = s, ""
	r.participant("join", "participant-join", s, nil)
	if !r.started() && len(r.seats) >= 2 && slices.ContainsFunc(r.seats, func(s *seat) bool { return s.startOnEnter }) {
		r.status, r.updated = twilio.ConferenceInProgress, now
		r.event("start", "conference-start", nil)
		for _, s := range r.seats {
			if !s.held {
				s.hush()
			}
		}
	}
	s.wait = func() { s.await(base, c) }
	if !r.started() {
		s.wait()
	}
	d.touch()
	return s.out, true
}

// Codes of a <Conference> that cannot be entered. Other bad labels than a Call SID
// are known to the reader of documents.
const (
	codeLabel      = 16023
	codeLabelTaken = 16025
	codeCoach      = 13240
)

var callSID = regexp.MustCompile(`^CA[0-9a-fA-F]{32}$`)

// refusedSeat tells why a leg does not get into a room, which may be nil.
func refusedSeat(r *room, c *twiml.Conference) (code int, why string) {
	seated := func(which func(*seat) bool) bool { return r != nil && slices.ContainsFunc(r.seats, which) }
	switch {
	case callSID.MatchString(c.Label):
		return codeLabel, "the participant's label is a Call SID"
	case c.Label != "" && seated(func(s *seat) bool { return s.label == c.Label }):
		return codeLabelTaken, "the participant's label is in use"
	case c.Coach != "" && !seated(func(s *seat) bool { return s.leg.SID == c.Coach }):
		return codeCoach, "whom to coach is not in the conference"
	}
	return 0, ""
}

// await makes a participant hear the wait document. If it cannot be had, the
// conference is not properly set up and the dial ends.
func (s *seat) await(base target, c *twiml.Conference) {
	switch {
	case c.WaitURL == nil:
		s.leg.playing = "music"
	case *c.WaitURL == "":
		s.leg.playing = ""
	default:
		method := c.WaitMethod
		if method == "" {
			method = http.MethodPost
		}
		s.sound(target{url: base.resolve(*c.WaitURL), method: method}, func() {
			if s.leg.seat == s {
				s.leave("participant_hung_up", twilio.CallInProgress, false)
				close(s.out)
				s.room.d.touch()
			}
		})
	}
}

// hush ends the wait or hold document.
func (s *seat) hush() {
	if s.stopSound != nil {
		s.stopSound()
		s.stopSound = nil
	}
	s.leg.playing = ""
}

// sound makes a participant hear a document of its own. failed is called with
// the lock held if that cannot be had.
func (s *seat) sound(t target, failed func()) {
	s.hush()
	d := s.room.d
	ctx, stop := context.WithCancel(d.ctx)
	s.stopSound = stop
	form := s.leg.form()
	d.start(func() {
		defer stop()
		if d.perform(ctx, s.leg, t, form) {
			return
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if ctx.Err() == nil {
			failed()
		}
	})
}

// perform runs a wait or hold document: sounds and redirects only. When it runs
// out there is silence.
func (d *Double) perform(ctx context.Context, l *Leg, t target, form url.Values) bool {
	for {
		doc, err := d.document(ctx, t, form)
		if ctx.Err() != nil {
			return true
		}
		if err != nil {
			d.fault("%s: wait or hold document %s: %v", l.name(), t.url, err)
			return false
		}
		var next *target
		for _, verb := range doc {
			switch v := verb.(type) {
			case twiml.Redirect:
				next = &target{url: t.resolve(v.URL), method: v.Method}
			case twiml.Say, twiml.Play, twiml.Pause:
				if !l.sound(ctx, verb) {
					return true
				}
				continue
			default:
				d.fault("%s: %T is not allowed in a wait document (%d)", l.name(), verb, twiml.CodeWaitVerb)
				return false
			}
			break
		}
		if next == nil {
			l.play(ctx, "")
			return true
		}
		t = *next
	}
}

// hold takes a participant out of the mix or back into it.
func (s *seat) hold(held bool, t target) {
	if held == s.held && t.url == "" {
		return
	}
	was := s.held
	s.held, s.updated = held, time.Now()
	switch {
	case held && t.url != "":
		s.sound(t, func() {})
	case held:
		s.hush()
		s.leg.playing = "music" // the service's own
	case s.room.started():
		s.hush()
	default:
		s.wait()
	}
	if held != was {
		event := "participant-unhold"
		if held {
			event = "participant-hold"
		}
		s.room.participant("hold", event, s, nil)
	}
	s.room.d.touch()
}

// coach makes a participant heard by that leg only; empty: by everybody.
func (s *seat) coach(sid string) {
	if s.coaches == sid {
		return
	}
	s.coaches, s.updated = sid, time.Now()
	s.room.participant("modify", "participant-modify", s, nil)
	s.room.d.touch()
}

func (s *seat) mute(muted bool) {
	if s.muted == muted {
		return
	}
	s.muted, s.updated = muted, time.Now()
	event := "participant-unmute"
	if muted {
		event = "participant-mute"
	}
	s.room.participant("mute", event, s, nil)
	s.room.d.touch()
}

// leave takes a participant out and ends the conference if that is what its
// leaving does.
func (s *seat) leave(reason, status string, kicked bool) {
	s.goOut(reason, status)
	r := s.room
	how := "left"
	if kicked {
		how = "kicked"
	}
	switch {
	case r.ended():
	case s.endOnExit:
		r.end("participant-with-end-conference-on-exit-"+how, "moderator_ended_conference", s.leg.SID)
	case len(r.seats) == 0:
		r.end("last-participant-"+how, "", s.leg.SID)
	}
	r.d.touch()
}

func (s *seat) goOut(reason, status string) {
	s.hush()
	s.leg.seat = nil
	s.room.seats = slices.DeleteFunc(s.room.seats, func(o *seat) bool { return o == s })
	s.room.participant("leave", "participant-leave", s, map[string]string{
		"ReasonParticipantLeft": reason, "ParticipantCallStatus": status,
	})
}

// end ends the conference for everybody in it.
func (r *room) end(reason, leave, by string) {
	if r.ended() {
		return
	}
	r.status, r.updated, r.reason, r.endedBy = twilio.ConferenceCompleted, time.Now(), reason, by
	for _, s := range slices.Clone(r.seats) {
		s.goOut(leave, twilio.CallInProgress)
		close(s.out)
	}
	r.event("end", "conference-end", map[string]string{
		"ReasonConferenceEnded": reason, "CallSidEndingConference": by, "Reason": "The conference has ended: " + reason,
	})
	r.d.touch()
}

// participant reports what happened to one.
func (r *room) participant(word, event string, s *seat, extra map[string]string) {
	form := map[string]string{
		"CallSid": s.leg.SID, "Muted": strconv.FormatBool(s.muted), "Hold": strconv.FormatBool(s.held), "Coaching": strconv.FormatBool(s.coaches != ""),
		"EndConferenceOnExit": strconv.FormatBool(s.endOnExit), "StartConferenceOnEnter": strconv.FormatBool(s.startOnEnter),
	}
	if s.label != "" {
		form["ParticipantLabel"] = s.label
	}
	for name, value := range extra {
		form[name] = value
	}
	r.event(word, event, form)
}

// event reports to the conference's callback if it subscribed to word.
func (r *room) event(word, event string, extra map[string]string) {
	if r.hook.url == "" || !slices.Contains(r.hook.events, word) {
		return
	}
	seq := twilio.FirstConferenceSequence + r.seq
	r.seq++
	form := url.Values{
		"AccountSid": {r.d.cfg.AccountSID}, "ConferenceSid": {r.sid}, "FriendlyName": {r.name},
		"SequenceNumber": {strconv.Itoa(seq)}, "Timestamp": {twilio.FormatTime(time.Now())}, "StatusCallbackEvent": {event},
	}
	for name, value := range extra {
		form.Set(name, value)
	}
	r.d.owe(r.sid, r.hook.target, form)
}
