package phone

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"

	"warmdesk/call"
	"warmdesk/twilio"
	"warmdesk/twiml"
)

// record does what is asked of the recording of a customer's leg. The tracks are
// those that the carrier answered for, also where others failed.
func (p *Carrier) record(ctx context.Context, c call.Call, l *call.Leg, a call.Action) ([]call.Track, error) {
	if l == nil || l.SID == "" {
		return nil, errNoLeg
	}
	switch a.Kind {
	case call.StartRecording:
		r, err := p.client.StartRecording(ctx, l.SID, twilio.NewRecording{
			StatusCallback: p.urls.track(c.Room), StatusCallbackMethod: http.MethodPost,
			StatusCallbackEvents: []string{twiml.RecordingInProgress, twiml.RecordingCompleted, twiml.RecordingAbsent},
		})
		if err == nil && r.SID == "" {
			err = errors.New("the carrier records but did not name it")
		}
		if err != nil {
			return nil, err
		}
		return []call.Track{trackOf(r)}, nil
	case call.LookRecordings:
		list, err := p.client.ListCallRecordings(ctx, l.SID)
		return tracks(list), err
	}
	status := map[call.ActionKind]string{
		call.PauseRecording: twilio.RecordingPaused, call.ResumeRecording: twilio.RecordingInProgress, call.StopRecording: twilio.RecordingStopped,
	}[a.Kind]
	var done []call.Track
	var failed error
	for _, t := range call.TracksOf(c, l.ID, a.Kind) {
		r, err := p.client.UpdateRecording(ctx, l.SID, t.SID, status)
		if err != nil {
			failed = fmt.Errorf("recording %s: %w", t.SID, err)
			continue
		}
		done = append(done, trackOf(r))
	}
	return done, failed
}

// tracks are those of a call's recordings that we have begun: not messages, nor
// what an account records of every call.
func tracks(list []twilio.Recording) []call.Track {
	var all []call.Track
	for _, r := range list {
		if r.Source == twilio.StartCallRecordingAPI {
			all = append(all, trackOf(r))
		}
	}
	return all
}

func trackOf(r twilio.Recording) call.Track {
	return call.Track{SID: r.SID, Status: trackStatus(r.Status), Length: r.Length()}
}

// trackStatus is a recording's status in our words. One that we do not know may
// record.
func trackStatus(status string) call.TrackStatus {
	switch status {
	case twilio.RecordingPaused:
		return call.TrackPaused
	case twilio.RecordingStopped, "processing":
		return call.TrackStopped
	case twilio.RecordingCompleted:
		return call.TrackKept
	case twilio.RecordingAbsent, "deleted", "failed":
		return call.TrackAbsent
	}
	return call.TrackRunning
}

// track is the carrier's word on a recording of the conversation, beside the call
// and after it.
func (w *Webhooks) track(ctx context.Context, r request) (twiml.Document, error) {
	e := call.TrackMoved{SID: r.sid, Track: r.form.Get("RecordingSid"), Status: trackStatus(r.form.Get("RecordingStatus"))}
	if address := r.form.Get("RecordingUrl"); e.Track == "" && address != "" {
		e.Track = path.Base(address)
	}
	if e.Status == call.TrackKept {
		e.Length = max(r.recorded().Length, 0)
	}
	return nothing(), w.report(ctx, r, e)
}

// track receives what becomes of a recording of the conversation.
func (u urls) track(room string) string { return u.room(room) + "/track" + retried }
