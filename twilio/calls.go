package twilio

import (
	"context"
	"net/url"
	"strconv"
	"time"
)

// Statuses of a call.
const (
	CallQueued     = "queued"
	CallRinging    = "ringing"
	CallInProgress = "in-progress"
	CallCompleted  = "completed"
	CallBusy       = "busy"
	CallFailed     = "failed"
	CallNoAnswer   = "no-answer"
	CallCanceled   = "canceled"
)

// CallEnded reports whether a call of that status is over.
func CallEnded(status string) bool {
	switch status {
	case CallCompleted, CallBusy, CallFailed, CallNoAnswer, CallCanceled:
		return true
	}
	return false
}

// Call is one leg as the service knows it.
type Call struct {
	SID           string `json:"sid"`
	AccountSID    string `json:"account_sid"`
	ParentCallSID string `json:"parent_call_sid"`
	To            string `json:"to"`
	From          string `json:"from"`
	Status        string `json:"status"`
	Direction     string `json:"direction"`
	StartTime     Time   `json:"start_time"` // when it was answered
	EndTime       Time   `json:"end_time"`
	Duration      string `json:"duration"` // seconds
	DateCreated   Time   `json:"date_created"`
	DateUpdated   Time   `json:"date_updated"`
	URI           string `json:"uri"`
	// QueueTime is told of a new call: how long it waits in the account's queue
	// before it is dialled, in milliseconds.
	QueueTime string `json:"queue_time"`
}

// Queue is QueueTime as a duration, 0 where none is told.
func (c Call) Queue() time.Duration {
	ms, err := strconv.ParseInt(c.QueueTime, 10, 32)
	if err != nil || ms < 0 {
		return 0
	}
	return time.Duration(ms) * time.Millisecond
}

// NewCall is a call to be made.
type NewCall struct {
	To, From             string // required; To is a number, client:name?k=v or sip:…
	URL, Method          string // asked for TwiML when the callee answers
	Twiml                string // instead of URL, at most 4000 characters
	FallbackURL          string
	FallbackMethod       string
	StatusCallback       string
	StatusCallbackMethod string
	StatusCallbackEvents []string      // initiated, ringing, answered, completed
	Timeout              time.Duration // ring time in whole seconds; 0 is Twilio's 60 s
	TimeLimit            time.Duration
	// MachineDetection, MachineDetectionEnable or empty: URL is asked when it is known
	// what has answered, after MachineDetectionTimeout (whole seconds, 3 to 59) at the
	// latest, and told so as AnsweredBy.
	MachineDetection        string
	MachineDetectionTimeout time.Duration
	// CallToken, as an incoming call brought it, allows its From as this one's.
	CallToken string
}

// MachineDetectionEnable has the carrier listen until it knows whether a person has
// answered.
const MachineDetectionEnable = "Enable"

// CreateCall rings To. It is not idempotent: after an unknown outcome look for
// the call before making another.
func (c *Client) CreateCall(ctx context.Context, n NewCall) (Call, error) {
	f := newForm()
	f.text("To", n.To)
	f.text("From", n.From)
	f.text("Url", n.URL)
	f.text("Method", n.Method)
	f.text("Twiml", n.Twiml)
	f.text("FallbackUrl", n.FallbackURL)
	f.text("FallbackMethod", n.FallbackMethod)
	f.text("StatusCallback", n.StatusCallback)
	f.text("StatusCallbackMethod", n.StatusCallbackMethod)
	f.texts("StatusCallbackEvent", n.StatusCallbackEvents)
	f.seconds("Timeout", n.Timeout)
	f.seconds("TimeLimit", n.TimeLimit)
	f.text("MachineDetection", n.MachineDetection)
	f.seconds("MachineDetectionTimeout", n.MachineDetectionTimeout)
	f.text("CallToken", n.CallToken)
	var call Call
	err := c.post(ctx, "/Calls.json", f.Values, &call)
	return call, err
}

// FetchCall reads one call.
func (c *Client) FetchCall(ctx context.Context, sid string) (Call, error) {
	var call Call
	err := c.get(ctx, "/Calls/"+url.PathEscape(sid)+".json", nil, &call)
	return call, err
}

// CallFilter chooses calls; empty fields do not restrict.
type CallFilter struct {
	To, From, ParentCallSID, Status string
	// Limit is how many calls are read at most, newest first; 0 is 50.
	Limit int
}

// defaultPageSize and maxPageSize are Twilio's.
const (
	defaultPageSize = 50
	maxPageSize     = 1000
)

// ListCalls reads calls, newest first, over as many pages as Limit needs.
func (c *Client) ListCalls(ctx context.Context, filter CallFilter) ([]Call, error) {
	limit := filter.Limit
	if limit <= 0 {
		limit = defaultPageSize
	}
	f := newForm()
	f.text("To", filter.To)
	f.text("From", filter.From)
	f.text("ParentCallSid", filter.ParentCallSID)
	f.text("Status", filter.Status)
	f.text("PageSize", strconv.Itoa(min(limit, maxPageSize)))
	return list(ctx, c, "/Calls.json", f.Values, limit, func(p *struct {
		page
		Calls []Call `json:"calls"`
	}) (page, []Call) {
		return p.page, p.Calls
	})
}

// list follows a list's pages until limit items are read. open takes a page
// apart.
func list[P, T any](ctx context.Context, c *Client, path string, query url.Values, limit int, open func(*P) (page, []T)) ([]T, error) {
	target := c.account + path + "?" + query.Encode()
	var all []T
	for {
		p := new(P)
		if err := c.do(ctx, "GET", target, nil, p); err != nil {
			return nil, err
		}
		pg, items := open(p)
		all = append(all, items...)
		if len(all) >= limit {
			return all[:limit], nil
		}
		next, err := c.next(pg)
		if err != nil {
			return nil, err
		}
		if next == "" || len(items) == 0 {
			return all, nil
		}
		target = next
	}
}

// CallUpdate changes a live call; what is empty stays.
type CallUpdate struct {
	Status      string // completed ends it; canceled does so only before the answer
	URL, Method string // the call leaves what it does and runs this document
	Twiml       string
}

// UpdateCall changes a call. Redirecting one that is not in progress is refused
// with CodeNotInProgress.
func (c *Client) UpdateCall(ctx context.Context, sid string, u CallUpdate) (Call, error) {
	f := newForm()
	f.text("Status", u.Status)
	f.text("Url", u.URL)
	f.text("Method", u.Method)
	f.text("Twiml", u.Twiml)
	var call Call
	err := c.post(ctx, "/Calls/"+url.PathEscape(sid)+".json", f.Values, &call)
	return call, err
}

// Key is an API key. Its secret is told once, when it is made.
type Key struct {
	SID          string `json:"sid"`
	FriendlyName string `json:"friendly_name"`
	Secret       string `json:"secret"`
	DateCreated  Time   `json:"date_created"`
}

// CreateKey makes an API key for signing browser tokens.
func (c *Client) CreateKey(ctx context.Context, friendlyName string) (Key, error) {
	f := newForm()
	f.text("FriendlyName", friendlyName)
	var key Key
	err := c.post(ctx, "/Keys.json", f.Values, &key)
	return key, err
}
