package twilio

import (
	"context"
	"net/url"
	"strconv"
)

// Statuses of a conference.
const (
	ConferenceInit       = "init" // not yet started: its participants wait
	ConferenceInProgress = "in-progress"
	ConferenceCompleted  = "completed"
)

// Conference is a room as the service knows it.
type Conference struct {
	SID                     string `json:"sid"`
	AccountSID              string `json:"account_sid"`
	FriendlyName            string `json:"friendly_name"`
	Status                  string `json:"status"`
	Region                  string `json:"region"`
	ReasonConferenceEnded   string `json:"reason_conference_ended"`
	CallSIDEndingConference string `json:"call_sid_ending_conference"`
	DateCreated             Time   `json:"date_created"`
	DateUpdated             Time   `json:"date_updated"`
	URI                     string `json:"uri"`
}

// ConferenceFilter chooses conferences; empty fields do not restrict.
type ConferenceFilter struct {
	FriendlyName, Status string
	Limit                int // 0 is 50
}

// ListConferences reads conferences, newest first.
func (c *Client) ListConferences(ctx context.Context, filter ConferenceFilter) ([]Conference, error) {
	limit := filter.Limit
	if limit <= 0 {
		limit = defaultPageSize
	}
	f := newForm()
	f.text("FriendlyName", filter.FriendlyName)
	f.text("Status", filter.Status)
	f.text("PageSize", strconv.Itoa(min(limit, maxPageSize)))
	return list(ctx, c, "/Conferences.json", f.Values, limit, func(p *struct {
		page
		Conferences []Conference `json:"conferences"`
	}) (page, []Conference) {
		return p.page, p.Conferences
	})
}

// FetchConference reads one conference.
func (c *Client) FetchConference(ctx context.Context, sid string) (Conference, error) {
	var conf Conference
	err := c.get(ctx, "/Conferences/"+url.PathEscape(sid)+".json", nil, &conf)
	return conf, err
}

// EndConference ends a conference for everybody in it.
func (c *Client) EndConference(ctx context.Context, sid string) (Conference, error) {
	var conf Conference
	err := c.post(ctx, "/Conferences/"+url.PathEscape(sid)+".json", url.Values{"Status": {ConferenceCompleted}}, &conf)
	return conf, err
}

// Participant is a call within a conference.
type Participant struct {
	CallSID                string `json:"call_sid"`
	ConferenceSID          string `json:"conference_sid"`
	AccountSID             string `json:"account_sid"`
	Label                  string `json:"label"`
	Status                 string `json:"status"` // queued, connecting, ringing, connected, complete, failed
	Muted                  bool   `json:"muted"`
	Hold                   bool   `json:"hold"`
	StartConferenceOnEnter bool   `json:"start_conference_on_enter"`
	EndConferenceOnExit    bool   `json:"end_conference_on_exit"`
	Coaching               bool   `json:"coaching"`
	CallSIDToCoach         string `json:"call_sid_to_coach"`
	DateCreated            Time   `json:"date_created"`
	DateUpdated            Time   `json:"date_updated"`
	URI                    string `json:"uri"`
}

// maxParticipants is how many one conference can have.
const maxParticipants = 250

func participantsPath(conference string) string {
	return "/Conferences/" + url.PathEscape(conference) + "/Participants"
}

func participantPath(conference, participant string) string {
	return participantsPath(conference) + "/" + url.PathEscape(participant) + ".json"
}

// ListParticipants reads everybody in a conference. It is empty once the
// conference has completed.
func (c *Client) ListParticipants(ctx context.Context, conference string) ([]Participant, error) {
	q := url.Values{"PageSize": {strconv.Itoa(maxParticipants)}}
	return list(ctx, c, participantsPath(conference)+".json", q, maxParticipants, func(p *struct {
		page
		Participants []Participant `json:"participants"`
	}) (page, []Participant) {
		return p.page, p.Participants
	})
}

// FetchParticipant reads one participant, named by Call SID or label.
func (c *Client) FetchParticipant(ctx context.Context, conference, participant string) (Participant, error) {
	var part Participant
	err := c.get(ctx, participantPath(conference, participant), nil, &part)
	return part, err
}

// ParticipantUpdate changes a participant; what is nil or empty stays.
type ParticipantUpdate struct {
	Muted *bool
	Hold  *bool
	// HoldURL is what the held participant hears; HoldMethod "" is GET.
	HoldURL, HoldMethod string
	// EndConferenceOnExit has no effect while the participant is held.
	EndConferenceOnExit *bool
	// Coaching: only the participant CallSIDToCoach hears this one.
	Coaching       *bool
	CallSIDToCoach string
}

// UpdateParticipant changes one participant, named by Call SID or label.
func (c *Client) UpdateParticipant(ctx context.Context, conference, participant string, u ParticipantUpdate) (Participant, error) {
	f := newForm()
	f.flag("Muted", u.Muted)
	f.flag("Hold", u.Hold)
	f.text("HoldUrl", u.HoldURL)
	f.text("HoldMethod", u.HoldMethod)
	f.flag("EndConferenceOnExit", u.EndConferenceOnExit)
	f.flag("Coaching", u.Coaching)
	f.text("CallSidToCoach", u.CallSIDToCoach)
	var part Participant
	err := c.post(ctx, participantPath(conference, participant), f.Values, &part)
	return part, err
}

// DeleteParticipant removes a participant from a conference; its call goes on
// with whatever follows the dial.
func (c *Client) DeleteParticipant(ctx context.Context, conference, participant string) error {
	return c.delete(ctx, participantPath(conference, participant))
}
