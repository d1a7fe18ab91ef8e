package twiliotest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"warmdesk/twilio"
)

func (d *Double) room(r *http.Request) *room {
	sid := resource(r, "conference")
	i := slices.IndexFunc(d.rooms, func(r *room) bool { return r.sid == sid })
	if i < 0 {
		return nil
	}
	return d.rooms[i]
}

func (d *Double) listConferences(r *http.Request) (int, any, *apiError) {
	q := r.URL.Query()
	if refused := only(q, "FriendlyName", "Status", "DateCreated", "DateUpdated", "PageSize", "Page", "PageToken"); refused != nil {
		return 0, nil, refused
	}
	var all []map[string]any
	for _, room := range slices.Backward(d.rooms) {
		if matches(q.Get("FriendlyName"), room.name) && matches(q.Get("Status"), room.status) {
			all = append(all, d.conference(room))
		}
	}
	return page(r, "conferences", all)
}

func (d *Double) fetchConference(r *http.Request) (int, any, *apiError) {
	room := d.room(r)
	if room == nil {
		return 0, nil, notFound(r)
	}
	return http.StatusOK, d.conference(room), nil
}

func (d *Double) updateConference(r *http.Request) (int, any, *apiError) {
	room := d.room(r)
	if room == nil {
		return 0, nil, notFound(r)
	}
	if refused := only(r.PostForm, "Status"); refused != nil {
		return 0, nil, refused
	}
	if status := r.PostForm.Get("Status"); status != twilio.ConferenceCompleted {
		return 0, nil, refuse(http.StatusBadRequest, codeParameter, "Status is %q", status)
	}
	room.end("conference-ended-via-api", "conference_ended_via_api", "")
	return http.StatusOK, d.conference(room), nil
}

func (d *Double) conference(r *room) map[string]any {
	return map[string]any{
		"sid": r.sid, "account_sid": d.cfg.AccountSID, "friendly_name": r.name, "status": r.status, "region": "us1",
		"reason_conference_ended": r.reason, "call_sid_ending_conference": r.endedBy,
		"date_created": date(r.created), "date_updated": date(r.updated), "api_version": twilio.APIVersion,
		"uri": d.uri("/Conferences/%s.json", r.sid),
	}
}

// seat finds a participant of a conference that has not ended.
func (d *Double) seat(r *http.Request) *seat {
	room := d.room(r)
	if room == nil {
		return nil
	}
	name := resource(r, "participant")
	i := slices.IndexFunc(room.seats, func(s *seat) bool { return s.leg.SID == name || s.label != "" && s.label == name })
	if i < 0 {
		return nil
	}
	return room.seats[i]
}

func (d *Double) listParticipants(r *http.Request) (int, any, *apiError) {
	room := d.room(r)
	if room == nil {
		return 0, nil, notFound(r)
	}
	q := r.URL.Query()
	if refused := only(q, "Muted", "Hold", "Coaching", "PageSize", "Page", "PageToken"); refused != nil {
		return 0, nil, refused
	}
	var all []map[string]any
	for _, s := range room.seats {
		if matches(strings.ToLower(q.Get("Muted")), strconv.FormatBool(s.muted)) && matches(strings.ToLower(q.Get("Hold")), strconv.FormatBool(s.held)) && matches(strings.ToLower(q.Get("Coaching")), strconv.FormatBool(s.coaches != "")) {
			all = append(all, d.participant(s))
		}
	}
	return page(r, "participants", all)
}

func (d *Double) fetchParticipant(r *http.Request) (int, any, *apiError) {
	s := d.seat(r)
	if s == nil {
		return 0, nil, notFound(r)
	}
	return http.StatusOK, d.participant(s), nil
}

func (d *Double) updateParticipant(r *http.Request) (int, any, *apiError) {
	f := r.PostForm
	s := d.seat(r)
	if s == nil {
		return 0, nil, notFound(r)
	}
	muted, setMuted, badMuted := boolean(f, "Muted")
	held, setHeld, badHeld := boolean(f, "Hold")
	endOnExit, setEnd, badEnd := boolean(f, "EndConferenceOnExit")
	if refused := first(
		only(f, "Muted", "Hold", "HoldUrl", "HoldMethod", "EndConferenceOnExit", "AnnounceUrl", "AnnounceMethod", "WaitUrl", "WaitMethod", "BeepOnExit", "Coaching", "CallSidToCoach"),
		badMuted, badHeld, badEnd, s.badCoach(f),
	); refused != nil {
		return 0, nil, refused
	}
	// While a participant is held this has no effect, and the API says nothing.
	if setEnd && !s.held {
		s.endOnExit = endOnExit
	}
	// Whom fewer are to hear is not heard by more on the way.
	if muted {
		s.mute(true)
	}
	if _, set, _ := boolean(f, "Coaching"); set {
		s.coach(f.Get("CallSidToCoach"))
	}
	if setMuted {
		s.mute(muted)
	}
	if setHeld {
		t := target{url: f.Get("HoldUrl"), method: f.Get("HoldMethod")}
		if t.method == "" {
			t.method = http.MethodGet // unlike everywhere else
		}
		if !held {
			t.url = ""
		}
		s.hold(held, t)
	}
	return http.StatusOK, d.participant(s), nil
}

// badCoach refuses a coach who names nobody in the same conference. How Twilio does
// is not known; the double is strict.
func (s *seat) badCoach(f url.Values) *apiError {
	coaching, _, bad := boolean(f, "Coaching")
	sid := f.Get("CallSidToCoach")
	other := slices.ContainsFunc(s.room.seats, func(o *seat) bool { return o != s && o.leg.SID == sid })
	if bad == nil && (coaching && !other || !coaching && sid != "") {
		return refuse(http.StatusBadRequest, codeParameter, "CallSidToCoach is not another participant's, or Coaching is not true")
	}
	return bad
}

func (d *Double) deleteParticipant(r *http.Request) (int, any, *apiError) {
	s := d.seat(r)
	if s == nil {
		return 0, nil, notFound(r)
	}
	s.leave(leftByAPI, twilio.CallInProgress, true)
	close(s.out)
	return http.StatusNoContent, nil, nil
}

func (d *Double) participant(s *seat) map[string]any {
	return map[string]any{
		"call_sid": s.leg.SID, "conference_sid": s.room.sid, "account_sid": d.cfg.AccountSID, "label": nilIfEmpty(s.label),
		"status": "connected", "muted": s.muted, "hold": s.held, "coaching": s.coaches != "", "call_sid_to_coach": nilIfEmpty(s.coaches),
		"start_conference_on_enter": s.startOnEnter, "end_conference_on_exit": s.endOnExit,
		"date_created": date(s.created), "date_updated": date(s.updated),
		"uri": d.uri("/Conferences/%s/Participants/%s.json", s.room.sid, s.leg.SID),
	}
}

func nilIfEmpty(s string) any {
	if s == "" {
		return nil
	}
	return s
}
