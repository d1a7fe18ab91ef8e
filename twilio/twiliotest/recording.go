package twiliotest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmdesk/twilio"
	"warmdesk/twiml"
)

// kept is a recording. The double guards it.
type kept struct {
	sid, call string
	status    string
	length    time.Duration
	created   time.Time
	verb      twiml.Record
	base      target // of the document

	// Of one that REST has begun: what was heard on the leg while it ran.
	api   bool
	heard []string
	since time.Time // while it runs
}

// processing is the time in which a recording cannot be had yet, though its
// action has been told of it.
const processing = "processing"

// record records what the party says. It goes on until a key, silence, the
// longest time, the leg's end or a redirect.
func (l *Leg) record(ctx context.Context, base target, v twiml.Record) (next *target, done bool) {
	if v.PlayBeep == nil || *v.PlayBeep {
		if !l.play(ctx, "beep") || !pause(ctx, l.d.cfg.SpeakTime) {
			return nil, true
		}
	}
	l.play(ctx, "silence")
	k := &kept{sid: newSID("RE"), call: l.SID, status: twilio.RecordingInProgress, created: time.Now(), verb: v, base: base}
	l.d.mu.Lock()
	l.d.kept = append(l.d.kept, k)
	l.d.report(k)
	l.d.mu.Unlock()
	a := &listening{records: true, longest: orDefault(v.MaxLength, twiml.DefaultRecordMaxLength), interrupt: func() {}}
	l.attend(a, v.FinishOnKey, twiml.DefaultRecordKeys)
	l.hush(ctx, a, orDefault(v.Timeout, twiml.DefaultRecordTimeout))

	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	k.length = a.said
	if k.length <= 0 {
		k.status = twilio.RecordingAbsent
		l.d.report(k)
		return nil, ctx.Err() != nil
	}
	k.status = processing
	l.d.start(func() { l.d.complete(k) })
	action := target{url: base.resolve(v.Action), method: v.Method, extra: url.Values{
		"RecordingUrl": {l.d.recordingURL(k)}, "RecordingSid": {k.sid}, "RecordingDuration": {k.seconds()},
	}}
	if a.key != "" {
		action.extra.Set("Digits", a.key)
	}
	switch cause := context.Cause(ctx); {
	case cause == nil:
		return &action, true
	case errors.Is(cause, errEnding) && l.ending != nil:
		// The action is told of it, but what it answers is not run.
		form := l.form()
		form.Set("CallStatus", l.ending.status)
		for name, values := range action.extra {
			form[name] = values
		}
		form.Set("Digits", "hangup")
		l.d.owe(l.SID, action, form)
	}
	return nil, true
}

// complete makes a recording one that can be had, and reports it.
func (d *Double) complete(k *kept) {
	if !pause(d.ctx, d.cfg.SpeakTime) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	k.status = twilio.RecordingCompleted
	d.report(k)
	d.touch()
}

func (k *kept) seconds() string {
	return strconv.Itoa(max(1, int(k.length.Round(time.Second)/time.Second)))
}

func (d *Double) recordingURL(k *kept) string {
	return "https://api.twilio.com" + d.uri("/Recordings/%s", k.sid)
}

// report sends a recording's status callback, if it is subscribed to. The lock
// is held.
func (d *Double) report(k *kept) {
	events := k.verb.RecordingStatusCallbackEvents
	if len(events) == 0 {
		events = []string{twiml.RecordingCompleted}
	}
	if k.verb.RecordingStatusCallback == "" || !slices.Contains(events, k.status) {
		return
	}
	form := url.Values{
		"AccountSid": {d.cfg.AccountSID}, "CallSid": {k.call}, "RecordingSid": {k.sid}, "RecordingUrl": {d.recordingURL(k)},
		"RecordingStatus": {k.status}, "RecordingChannels": {"1"}, "RecordingSource": {k.source()},
		"RecordingStartTime": {twilio.FormatTime(k.created)}, "ErrorCode": {"0"},
	}
	if k.status == twilio.RecordingCompleted {
		form.Set("RecordingDuration", k.seconds())
	}
	// Apart from the leg's callbacks: in no order with them.
	d.owe(k.sid, target{url: k.base.resolve(k.verb.RecordingStatusCallback), method: k.verb.RecordingStatusCallbackMethod}, form)
}

// find returns the recording that a request names; one in which nothing was said
// is none.
func (d *Double) find(sid string) *kept {
	i := slices.IndexFunc(d.kept, func(k *kept) bool { return k.sid == sid && k.status != twilio.RecordingAbsent })
	if i < 0 {
		return nil
	}
	return d.kept[i]
}

func (d *Double) fetchRecording(r *http.Request) (int, any, *apiError) {
	name := r.PathValue("recording")
	if sid, ok := strings.CutSuffix(name, ".json"); ok {
		k := d.find(sid)
		if k == nil {
			return 0, nil, notFound(r)
		}
		return http.StatusOK, d.recording(k), nil
	}
	k := d.find(strings.TrimSuffix(name, ".wav"))
	if k == nil || k.status != twilio.RecordingCompleted {
		return 0, nil, notFound(r)
	}
	return http.StatusOK, sound(wav(k.length)), nil
}

func (d *Double) deleteRecording(r *http.Request) (int, any, *apiError) {
	k := d.find(resource(r, "recording"))
	if k == nil {
		return 0, nil, notFound(r)
	}
	d.kept = slices.DeleteFunc(d.kept, func(other *kept) bool { return other == k })
	return http.StatusNoContent, nil, nil
}

func (d *Double) listRecordings(r *http.Request) (int, any, *apiError) {
	q := r.URL.Query()
	if refused := only(q, "CallSid", "ConferenceSid", "DateCreated", "DateCreated>", "DateCreated<", "IncludeSoftDeleted", "PageSize", "Page", "PageToken"); refused != nil {
		return 0, nil, refused
	}
	call := r.PathValue("call")
	if call == "" {
		call = q.Get("CallSid")
	}
	since, _ := time.Parse(time.RFC3339, q.Get("DateCreated>")) // a day alone is not what we ask
	var all []map[string]any
	for _, k := range slices.Backward(d.kept) {
		if matches(call, k.call) && !k.created.Before(since) && k.status != twilio.RecordingAbsent && q.Get("ConferenceSid") == "" {
			all = append(all, d.recording(k))
		}
	}
	return page(r, "recordings", all)
}

// recording is its record.
func (d *Double) recording(k *kept) map[string]any {
	record := map[string]any{
		"sid": k.sid, "account_sid": d.cfg.AccountSID, "api_version": twilio.APIVersion, "call_sid": k.call, "conference_sid": nil,
		"status": k.status, "channels": 1, "source": k.source(), "duration": nil, "price": nil, "price_unit": "USD",
		"start_time": date(k.created), "date_created": date(k.created), "date_updated": date(time.Now()), "error_code": nil,
		"encryption_details": nil, "media_url": d.recordingURL(k), "subresource_uris": map[string]string{},
		"uri": d.uri("/Recordings/%s.json", k.sid),
	}
	if k.status == twilio.RecordingCompleted {
		record["duration"] = k.seconds()
	}
	return record
}

// sound is an answer that is a WAV file.
type sound []byte

func (s sound) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "audio/x-wav")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s))
}

// wav is a file of that length: 8 kHz, one channel, 16 bits, in which nothing is
// heard.
func wav(length time.Duration) []byte {
	const rate, header = 8000, 44
	size := uint32(2 * length * rate / time.Second)
	b := append(binary.LittleEndian.AppendUint32([]byte("RIFF"), header-8+size), "WAVEfmt "...)
	for _, field := range []uint32{16, 1 | 1<<16, rate, 2 * rate, 2 | 16<<16} { // PCM, channels; bytes a second; block, bits
		b = binary.LittleEndian.AppendUint32(b, field)
	}
	b = binary.LittleEndian.AppendUint32(append(b, "data"...), size)
	return append(b, make([]byte, size)...)
}
