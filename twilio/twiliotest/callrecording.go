package twiliotest

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"warmdesk/twilio"
	"warmdesk/twiml"
)

// Recordings of whole calls, begun by REST: what the party says and hears, hold
// music too, in mono.

// codeNotEligible refuses what cannot be done to a recording.
const codeNotEligible = 21220

func (k *kept) source() string {
	if k.api {
		return twilio.StartCallRecordingAPI
	}
	return twilio.RecordVerb
}

// Recorded is what can be heard on the recordings of a call, one list for each, in
// Leg.Hears' words. A party that says something is not told apart from one that
// does not.
func (d *Double) Recorded(callSID string) [][]string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all [][]string
	for _, k := range d.kept {
		if k.api && k.call == callSID {
			all = append(all, slices.Clone(k.heard))
		}
	}
	return all
}

func (d *Double) startRecording(r *http.Request) (int, any, *apiError) {
	f := r.PostForm
	l := d.leg(r.PathValue("call"))
	if l == nil {
		return 0, nil, notFound(r)
	}
	if refused := first(
		only(f, "RecordingStatusCallback", "RecordingStatusCallbackMethod", "RecordingStatusCallbackEvent", "Trim", "RecordingChannels", "RecordingTrack"),
		hostName("RecordingStatusCallback", f.Get("RecordingStatusCallback")),
	); refused != nil {
		return 0, nil, refused
	}
	for _, event := range f["RecordingStatusCallbackEvent"] {
		if !slices.Contains([]string{"in-progress", "completed", "absent"}, event) {
			return 0, nil, refuse(http.StatusBadRequest, codeParameter, "RecordingStatusCallbackEvent is %q", event)
		}
	}
	if l.status != twilio.CallInProgress || l.ending != nil {
		return 0, nil, refuse(http.StatusBadRequest, codeNotEligible, "Requested resource is not eligible for recording")
	}
	k := &kept{
		sid: newSID("RE"), call: l.SID, status: twilio.RecordingInProgress, created: time.Now(), api: true,
		verb: twiml.Record{
			RecordingStatusCallback: f.Get("RecordingStatusCallback"), RecordingStatusCallbackMethod: f.Get("RecordingStatusCallbackMethod"),
			RecordingStatusCallbackEvents: f["RecordingStatusCallbackEvent"],
		},
	}
	d.kept = append(d.kept, k)
	d.runs(k, l)
	d.report(k)
	d.touch()
	return http.StatusCreated, d.recording(k), nil
}

// runs lets a recording go on. The lock is held.
func (d *Double) runs(k *kept, l *Leg) {
	k.since = time.Now()
	k.heard = append(k.heard, l.hears())
}

// rests ends the stretch that is recorded. The lock is held.
func (k *kept) rests() {
	if !k.since.IsZero() {
		k.length += time.Since(k.since)
		k.since = time.Time{}
	}
}

func (d *Double) updateRecording(r *http.Request) (int, any, *apiError) {
	f := r.PostForm
	if refused := only(f, "Status", "PauseBehavior"); refused != nil {
		return 0, nil, refused
	}
	k, l := d.find(resource(r, "recording")), d.leg(r.PathValue("call"))
	if k == nil || l == nil || k.call != l.SID || !k.api {
		return 0, nil, notFound(r)
	}
	status, behaviour := f.Get("Status"), f.Get("PauseBehavior")
	switch {
	case behaviour != "" && (status != twilio.RecordingPaused || behaviour != "skip" && behaviour != "silence"):
		return 0, nil, refuse(http.StatusBadRequest, codeParameter, "PauseBehavior is %q", behaviour)
	case k.status != twilio.RecordingInProgress && k.status != twilio.RecordingPaused:
		return 0, nil, refuse(http.StatusBadRequest, codeNotEligible, "The recording is %s", k.status)
	}
	switch status {
	case twilio.RecordingPaused:
		k.rests()
	case twilio.RecordingInProgress:
		if k.since.IsZero() {
			d.runs(k, l)
		}
	case twilio.RecordingStopped:
		k.rests()
		d.finish(k)
	default:
		return 0, nil, refuse(http.StatusBadRequest, codeParameter, "Status is %q", status)
	}
	if k.status != processing {
		k.status = status
	}
	d.touch()
	answer := d.recording(k)
	answer["status"] = status
	return http.StatusOK, answer, nil
}

// finish completes a recording in a while. The lock is held.
func (d *Double) finish(k *kept) {
	k.status = processing
	d.start(func() { d.complete(k) })
}

// recorded ends the recordings of a leg that is over. The lock is held.
func (l *Leg) recorded() {
	for _, k := range l.d.kept {
		if k.api && k.call == l.SID && (k.status == twilio.RecordingInProgress || k.status == twilio.RecordingPaused) {
			k.rests()
			l.d.finish(k)
		}
	}
}

func (d *Double) deleteCall(r *http.Request) (int, any, *apiError) {
	l := d.leg(strings.TrimSuffix(r.PathValue("call"), ".json"))
	switch {
	case l == nil || l.forgotten:
		return 0, nil, notFound(r)
	case !l.over:
		return 0, nil, refuse(http.StatusBadRequest, codeNotEligible, "A call in progress cannot be deleted")
	}
	l.forgotten = true
	return http.StatusNoContent, nil, nil
}
