package rest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"warmdesk/switchboard/internal/exchange"
	"warmdesk/twilio"
	"warmdesk/twiml"
)

// conferenceJSON has the fields of api.v2010.account.conference.
type conferenceJSON struct {
	SID                     string            `json:"sid"`
	AccountSID              string            `json:"account_sid"`
	FriendlyName            string            `json:"friendly_name"`
	Status                  string            `json:"status"`
	Region                  string            `json:"region"`
	ReasonConferenceEnded   *string           `json:"reason_conference_ended"`
	CallSIDEndingConference *string           `json:"call_sid_ending_conference"`
	APIVersion              string            `json:"api_version"`
	DateCreated             twilio.Time       `json:"date_created"`
	DateUpdated             twilio.Time       `json:"date_updated"`
	URI                     string            `json:"uri"`
	SubresourceURIs         map[string]string `json:"subresource_uris"`
}

func (h *Handler) showConference(c exchange.Conference) any {
	j := conferenceJSON{
		SID: c.SID, AccountSID: h.cfg.AccountSID, FriendlyName: c.Name, Status: c.Status, Region: "us1",
		APIVersion:  twilio.APIVersion,
		DateCreated: twilio.Time{Time: c.Created}, DateUpdated: twilio.Time{Time: c.Updated},
		URI:             h.uri("/Conferences/%s.json", c.SID),
		SubresourceURIs: map[string]string{"participants": h.uri("/Conferences/%s/Participants.json", c.SID)},
	}
	if c.Reason != "" {
		j.ReasonConferenceEnded = &c.Reason
	}
	if c.EndedBy != "" {
		j.CallSIDEndingConference = &c.EndedBy
	}
	return j
}

func (h *Handler) fetchConference(r request) (answer, error) {
	c, err := h.cfg.Exchange.Conference(r.ctx, r.args[0])
	return answer{http.StatusOK, h.showConference(c)}, err
}

func (h *Handler) listConferences(r request) (answer, error) {
	status := r.form.Get("Status")
	if status != "" && !slices.Contains([]string{twilio.ConferenceInit, twilio.ConferenceInProgress, twilio.ConferenceCompleted}, status) {
		return answer{}, badParameter("Status %q is not a status of conferences", status)
	}
	created, err := within(r.form, "DateCreated")
	if err != nil {
		return answer{}, err
	}
	updated, err := within(r.form, "DateUpdated")
	if err != nil {
		return answer{}, err
	}
	all, err := h.cfg.Exchange.Conferences(r.ctx, func(c exchange.Conference) bool {
		return is(r.form.Get("FriendlyName"), c.Name) && is(status, c.Status) && created.has(c.Created) && updated.has(c.Updated)
	})
	if err != nil {
		return answer{}, err
	}
	return list(r, "conferences", all, func(c exchange.Conference) string { return c.SID }, h.showConference)
}

func (h *Handler) updateConference(r request) (answer, error) {
	switch r.form.Get("Status") {
	case twilio.ConferenceCompleted:
		c, err := h.cfg.Exchange.EndConference(r.ctx, r.args[0])
		return answer{http.StatusOK, h.showConference(c)}, err
	case "":
		return h.fetchConference(r)
	}
	return answer{}, badParameter("Status %q is not completed", r.form.Get("Status"))
}

// participantJSON has the fields of api.v2010.account.conference.participant.
type participantJSON struct {
	AccountSID             string      `json:"account_sid"`
	CallSID                string      `json:"call_sid"`
	Label                  *string     `json:"label"`
	CallSIDToCoach         *string     `json:"call_sid_to_coach"`
	Coaching               bool        `json:"coaching"`
	ConferenceSID          string      `json:"conference_sid"`
	DateCreated            twilio.Time `json:"date_created"`
	DateUpdated            twilio.Time `json:"date_updated"`
	EndConferenceOnExit    bool        `json:"end_conference_on_exit"`
	Muted                  bool        `json:"muted"`
	Hold                   bool        `json:"hold"`
	StartConferenceOnEnter bool        `json:"start_conference_on_enter"`
	Status                 string      `json:"status"`
	QueueTime              *string     `json:"queue_time"`
	URI                    string      `json:"uri"`
}

func (h *Handler) showParticipant(p exchange.Participant) any {
	j := participantJSON{
		AccountSID: h.cfg.AccountSID, CallSID: p.CallSID, ConferenceSID: p.ConferenceSID,
		DateCreated: twilio.Time{Time: p.Created}, DateUpdated: twilio.Time{Time: p.Updated},
		EndConferenceOnExit: p.EndOnExit, Muted: p.Muted, Hold: p.Hold, StartConferenceOnEnter: p.StartOnEnter,
		Status: p.Status, URI: h.uri("/Conferences/%s/Participants/%s.json", p.ConferenceSID, p.CallSID),
	}
	if p.Label != "" {
		j.Label = &p.Label
	}
	if p.Coaches != "" {
		j.Coaching, j.CallSIDToCoach = true, &p.Coaches
	}
	return j
}

func (h *Handler) listParticipants(r request) (answer, error) {
	muted, err := flag(r.form, "Muted")
	if err != nil {
		return answer{}, err
	}
	hold, err := flag(r.form, "Hold")
	if err != nil {
		return answer{}, err
	}
	coaching, err := flag(r.form, "Coaching")
	if err != nil {
		return answer{}, err
	}
	all, err := h.cfg.Exchange.Participants(r.ctx, r.args[0], func(p exchange.Participant) bool {
		return (muted == nil || *muted == p.Muted) && (hold == nil || *hold == p.Hold) && (coaching == nil || *coaching == (p.Coaches != ""))
	})
	if err != nil {
		return answer{}, err
	}
	return list(r, "participants", all, func(p exchange.Participant) string { return p.CallSID }, h.showParticipant)
}

func (h *Handler) fetchParticipant(r request) (answer, error) {
	p, err := h.cfg.Exchange.Participant(r.ctx, r.args[0], r.args[1])
	return answer{http.StatusOK, h.showParticipant(p)}, err
}

func (h *Handler) updateParticipant(r request) (answer, error) {
	var change exchange.ParticipantChange
	var err error
	if change.Muted, err = flag(r.form, "Muted"); err != nil {
		return answer{}, err
	}
	if change.Hold, err = flag(r.form, "Hold"); err != nil {
		return answer{}, err
	}
	if change.EndOnExit, err = flag(r.form, "EndConferenceOnExit"); err != nil {
		return answer{}, err
	}
	if change.HoldTarget, err = target(r.form, "HoldUrl", "HoldMethod"); err != nil {
		return answer{}, err
	}
	if change.Coaches, err = coached(r.form); err != nil {
		return answer{}, err
	}
	p, err := h.cfg.Exchange.ChangeParticipant(r.ctx, r.args[0], r.args[1], change)
	return answer{http.StatusOK, h.showParticipant(p)}, err
}

func (h *Handler) deleteParticipant(r request) (answer, error) {
	err := h.cfg.Exchange.RemoveParticipant(r.ctx, r.args[0], r.args[1])
	return answer{status: http.StatusNoContent}, err
}

func (h *Handler) createParticipant(r request) (answer, error) {
	n := exchange.NewParticipant{}
	var err error
	if n.Call, err = h.newCall(r.form); err != nil {
		return answer{}, err
	}
	if n.Conference, err = readConference(r.form); err != nil {
		return answer{}, err
	}
	p, err := h.cfg.Exchange.AddParticipant(r.ctx, r.args[0], n)
	return answer{http.StatusCreated, h.showParticipant(p)}, err
}

// coached reads whom a participant is to coach: a Call SID, "" for nobody; nil: that
// stays. One who is to coach names whom, and whom to coach is named for nothing else.
func coached(form url.Values) (*string, error) {
	coaching, err := flag(form, "Coaching")
	sid := form.Get("CallSidToCoach")
	switch {
	case err != nil:
		return nil, err
	case coaching == nil && sid == "":
		return nil, nil
	case coaching == nil || !*coaching && sid != "":
		return nil, badParameter("CallSidToCoach is for Coaching=true")
	case *coaching && sid == "":
		return nil, badParameter("CallSidToCoach is needed for Coaching=true")
	}
	return &sid, nil
}

// readConference reads how a participant enters.
func readConference(form url.Values) (c twiml.Conference, err error) {
	muted, err := flag(form, "Muted")
	if err != nil {
		return c, err
	}
	c.Muted = muted != nil && *muted
	if c.StartOnEnter, err = flag(form, "StartConferenceOnEnter"); err != nil {
		return c, err
	}
	end, err := flag(form, "EndConferenceOnExit")
	if err != nil {
		return c, err
	}
	c.EndOnExit = end != nil && *end
	if form.Has("WaitUrl") {
		wait, err := target(form, "WaitUrl", "WaitMethod")
		if err != nil {
			return c, err
		}
		c.WaitURL, c.WaitMethod = &wait.URL, wait.Method
	}
	hook, err := target(form, "ConferenceStatusCallback", "ConferenceStatusCallbackMethod")
	if err != nil {
		return c, err
	}
	c.StatusCallback, c.StatusCallbackMethod = hook.URL, hook.Method
	if c.StatusCallbackEvents, err = words(form, "ConferenceStatusCallbackEvent", []string{"start", "end"},
		"start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"); err != nil {
		return c, err
	}
	coach, err := coached(form)
	if err != nil {
		return c, err
	}
	if coach != nil {
		c.Coach = *coach
	}
	c.Label = form.Get("Label")
	if len([]rune(c.Label)) > 128 || strings.Contains(c.Label, "/") {
		return c, badParameter("Label is longer than 128 characters or has a slash")
	}
	return c, nil
}
