package twilio

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Statuses of a recording that the desk branches on; the list is open.
const (
	RecordingInProgress = "in-progress"
	RecordingCompleted  = "completed"
	RecordingAbsent     = "absent"
)

// RecordVerb is the Source of what <Record> has recorded.
const RecordVerb = "RecordVerb"

// Recording is what was recorded of a call.
type Recording struct {
	SID         string `json:"sid"`
	CallSID     string `json:"call_sid"`
	Status      string `json:"status"`
	Source      string `json:"source"`   // RecordVerb, …
	Duration    string `json:"duration"` // seconds; empty while it is in progress
	Channels    int    `json:"channels"`
	StartTime   Time   `json:"start_time"`
	DateCreated Time   `json:"date_created"`
	DateUpdated Time   `json:"date_updated"`
}

// Length is Duration as a duration, 0 where none is told.
func (r Recording) Length() time.Duration {
	seconds, err := strconv.Atoi(r.Duration)
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// FetchRecording reads what a recording is.
func (c *Client) FetchRecording(ctx context.Context, sid string) (Recording, error) {
	var r Recording
	err := c.get(ctx, "/Recordings/"+url.PathEscape(sid)+".json", nil, &r)
	return r, err
}

// ListCallRecordings reads the recordings of a call, at most fifty.
func (c *Client) ListCallRecordings(ctx context.Context, callSID string) ([]Recording, error) {
	return list(ctx, c, "/Calls/"+url.PathEscape(callSID)+"/Recordings.json", nil, defaultPageSize, func(p *struct {
		page
		Recordings []Recording `json:"recordings"`
	}) (page, []Recording) {
		return p.page, p.Recordings
	})
}

// ListRecordings reads the account's recordings that were made since then, to the
// second, at most a thousand, the newest first.
func (c *Client) ListRecordings(ctx context.Context, since time.Time) ([]Recording, error) {
	f := newForm()
	f.text("DateCreated>", since.UTC().Format(time.RFC3339))
	f.text("PageSize", strconv.Itoa(maxPageSize))
	return list(ctx, c, "/Recordings.json", f.Values, maxPageSize, func(p *struct {
		page
		Recordings []Recording `json:"recordings"`
	}) (page, []Recording) {
		return p.page, p.Recordings
	})
}

// DeleteRecording removes a recording and its sound.
func (c *Client) DeleteRecording(ctx context.Context, sid string) error {
	return c.delete(ctx, "/Recordings/"+url.PathEscape(sid)+".json")
}

// Sound is a recording's sound as it comes. Close it.
type Sound struct {
	io.ReadCloser
	Type string // media type, audio/x-wav
	Size int64  // bytes; -1 when the service does not tell
	// Range is what part of the whole this is, as Content-Range tells it; empty: all.
	Range string
}

// RecordingAudio opens the sound of a completed recording, a WAV file. It is not
// held in memory, and may take as long as ctx lets it: the time limit of a
// request does not apply to it. Twilio may answer with a redirect to where the
// sound is kept; that is followed, without the credentials if it is elsewhere.
func (c *Client) RecordingAudio(ctx context.Context, sid string) (Sound, error) {
	return c.RecordingPart(ctx, sid, "")
}

// RecordingPart is RecordingAudio of a part: ranges is the value of a Range header
// (RFC 9110, section 14.2). A service that does not know of parts gives all of it.
func (c *Client) RecordingPart(ctx context.Context, sid, ranges string) (Sound, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.account+"/Recordings/"+url.PathEscape(sid)+".wav", nil)
	if err != nil {
		return Sound{}, fmt.Errorf("twilio: %w", err)
	}
	req.SetBasicAuth(c.cfg.User, c.cfg.Password)
	if ranges != "" {
		req.Header.Set("Range", ranges)
	}
	streaming := *c.http
	streaming.Timeout = 0
	if c.cfg.HTTP == nil || c.cfg.HTTP.CheckRedirect == nil {
		streaming.CheckRedirect = nil // Go's own: ten at most, Authorization only to the same host
	}
	res, err := streaming.Do(req)
	if err != nil {
		return Sound{}, fmt.Errorf("twilio: %w", err)
	}
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusPartialContent {
		defer res.Body.Close()
		answer, err := io.ReadAll(io.LimitReader(res.Body, maxResponse))
		if err != nil {
			return Sound{}, fmt.Errorf("twilio: read the answer to GET %s: %w", req.URL.Path, err)
		}
		return Sound{}, readError(res, answer)
	}
	return Sound{res.Body, res.Header.Get("Content-Type"), res.ContentLength, res.Header.Get("Content-Range")}, nil
}
