package twilio

import (
	"context"
	"net/url"
)

// StartCallRecordingAPI is the Source of a recording that StartRecording began.
const StartCallRecordingAPI = "StartCallRecordingAPI"

// Statuses of a recording that UpdateRecording may give it, besides
// RecordingInProgress.
const (
	RecordingPaused  = "paused"
	RecordingStopped = "stopped"
)

// NewRecording describes the recording of a call in progress: what its party says
// and what it hears, in one channel.
type NewRecording struct {
	StatusCallback       string
	StatusCallbackMethod string
	StatusCallbackEvents []string // in-progress, completed, absent; default completed
}

// StartRecording records a call. It is not idempotent: after an unknown outcome
// look for the recording before making another.
func (c *Client) StartRecording(ctx context.Context, callSID string, n NewRecording) (Recording, error) {
	f := newForm()
	f.text("RecordingStatusCallback", n.StatusCallback)
	f.text("RecordingStatusCallbackMethod", n.StatusCallbackMethod)
	f.texts("RecordingStatusCallbackEvent", n.StatusCallbackEvents)
	var r Recording
	err := c.post(ctx, "/Calls/"+url.PathEscape(callSID)+"/Recordings.json", f.Values, &r)
	return r, err
}

// UpdateRecording pauses a recording under way, lets it go on, or stops it for
// good. What is said during a pause is left out of it.
func (c *Client) UpdateRecording(ctx context.Context, callSID, sid, status string) (Recording, error) {
	f := newForm()
	f.text("Status", status)
	if status == RecordingPaused {
		f.text("PauseBehavior", "skip") // the default would be silence of the same length
	}
	var r Recording
	err := c.post(ctx, "/Calls/"+url.PathEscape(callSID)+"/Recordings/"+url.PathEscape(sid)+".json", f.Values, &r)
	return r, err
}

// DeleteCall removes the record of a call that is over.
func (c *Client) DeleteCall(ctx context.Context, sid string) error {
	return c.delete(ctx, "/Calls/"+url.PathEscape(sid)+".json")
}
