package exchange

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"time"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/switchboard/internal/conference"
	"warmdesk/switchboard/internal/recording"
	"warmdesk/switchboard/internal/webhook"
	"warmdesk/twilio"
	"warmdesk/twiml"
)

// Recordings keeps what is recorded.
type Recordings interface {
	// Start begins a recording and returns at once.
	Start(o recording.Options) Tape
	// Repaired returns, once, the recordings that the end of a former process cut
	// off and that were completed since.
	Repaired() []recording.Recording
}

// Tape is a recording under way.
type Tape interface {
	conference.Tape
	// Close ends it and waits until it is kept. kept reports whether something
	// was said; with an error it may be less than was said.
	Close() (r recording.Recording, kept bool, err error)
	// Pause leaves out what comes, or has silence in its place; Resume ends that.
	// Stop leaves out everything until Close.
	Pause(silence bool)
	Resume()
	Stop()
}

// hungUp is what Digits says of a recording that the call's end ended.
const hungUp = "hangup"

// beep sounds before a recording: 1000 Hz for 400 ms.
func beep() audio.Clip { return audio.Tone(1000, 8000, audio.Rate*2/5) }

// take is a <Record> under way. Run's goroutine owns it.
type take struct {
	p     *player
	verb  twiml.Record // its URLs are absolute
	sid   string
	tape  Tape
	begun time.Time
	limit *time.Timer
	over  bool   // it is being written
	key   string // that ended it
}

// Record records what the caller says. The tape starts after the beep.
func (p *player) Record(v twiml.Record) {
	p.heard()
	p.turn++
	turn := p.turn
	start := func() {
		p.c.x.post(func() {
			if !p.over && p.turn == turn {
				p.startTape(v)
			}
		})
	}
	if v.PlayBeep != nil && !*v.PlayBeep {
		p.c.line.Stop()
		start()
		return
	}
	p.c.line.Play(beep(), 1, start)
}

func (p *player) startTape(v twiml.Record) {
	c := p.c
	if c.x.cfg.Recordings == nil {
		c.x.log.Error("nothing is recorded: the switchboard has no folder for it", "call", c.rec.SID)
		p.step()
		return
	}
	t := &take{p: p, verb: v, sid: newSID("RE"), begun: time.Now()}
	o := recording.Options{
		SID: t.sid, CallSID: c.rec.SID, Silence: orDefault(v.Timeout, twiml.DefaultRecordTimeout),
		Quiet: func() { c.x.post(func() { t.end("") }) }, Trim: v.Trim != twiml.DoNotTrim,
	}
	if t.wants(twiml.RecordingCompleted) {
		o.Callback, o.Method = v.RecordingStatusCallback, v.RecordingStatusCallbackMethod
	}
	t.tape = c.x.cfg.Recordings.Start(o)
	t.limit = c.x.after(orDefault(v.MaxLength, twiml.DefaultRecordMaxLength), func() { t.end("") })
	c.line.Record(t.tape)
	p.take = t
	t.tell(twiml.RecordingInProgress, recording.Recording{})
}

// orDefault is d, or what stands for a zero d.
func orDefault(d, standard time.Duration) time.Duration {
	if d == 0 {
		return standard
	}
	return d
}

// keys ends the recording if one of its keys was pressed.
func (t *take) keys(digits string) {
	finish := twiml.DefaultRecordKeys
	if t.verb.FinishOnKey != nil {
		finish = *t.verb.FinishOnKey
	}
	for _, key := range digits {
		if slices.Contains([]rune(finish), key) {
			t.end(string(key))
			return
		}
	}
}

// end ends the recording, with the key that did, and goes on when it is kept.
func (t *take) end(key string) {
	if t.over {
		return
	}
	t.over, t.key = true, key
	t.limit = stopTimer(t.limit)
	x := t.p.c.x
	t.p.c.line.Record(nil)
	x.start(func() {
		r, kept, err := t.tape.Close()
		x.conclude(func() { t.ended(r, kept, err) })
	})
}

// ended tells what became of the recording and goes on in the document: with the
// action, or with the next verb when nothing was said. The action of a call that
// is over is told, but what it answers is not performed; that of a call that was
// taken elsewhere is not asked.
func (t *take) ended(r recording.Recording, kept bool, err error) {
	p, c := t.p, t.p.c
	if err != nil {
		c.x.log.Error("recording failed", "call", c.rec.SID, "recording", t.sid, "kept", kept, "error", err)
	}
	var params url.Values
	if kept {
		params = t.params(r)
	}
	p.take = nil
	switch {
	case !p.over:
		p.turn++
		p.prog.Recorded(p, t.verb, params)
	case c.over && kept:
		told := c.params()
		for name, values := range params {
			told[name] = values
		}
		c.x.cfg.Web.Notify(c.rec.SID, webhook.Request{URL: t.verb.Action, Method: t.verb.Method, Params: told})
	}
	if kept {
		t.tell(twiml.RecordingCompleted, r)
	} else {
		t.tell(twiml.RecordingAbsent, r)
	}
}

// params are what the action is told of a recording.
func (t *take) params(r recording.Recording) url.Values {
	params := url.Values{
		"RecordingSid": {t.sid}, "RecordingUrl": {t.p.c.x.recordingURL(t.sid)}, "RecordingDuration": {strconv.Itoa(r.Seconds())},
	}
	switch {
	case t.key != "":
		params.Set("Digits", t.key)
	case t.p.c.over:
		params.Set("Digits", hungUp)
	}
	return params
}

// tell owes a status callback of a recording if its document asked for it.
func (t *take) tell(status string, r recording.Recording) {
	if !t.wants(status) {
		return
	}
	r.SID, r.CallSID, r.Status, r.Started = t.sid, t.p.c.rec.SID, status, t.begun
	r.Callback, r.Method = t.verb.RecordingStatusCallback, t.verb.RecordingStatusCallbackMethod
	t.p.c.x.tellRecording(r)
}

// wants reports whether the document asked for callbacks of that status.
func (t *take) wants(status string) bool {
	events := t.verb.RecordingStatusCallbackEvents
	if len(events) == 0 {
		events = []string{twiml.RecordingCompleted}
	}
	return t.verb.RecordingStatusCallback != "" && slices.Contains(events, status)
}

// recordingURL is where a recording can be had; its sound is there too.
func (x *Exchange) recordingURL(sid string) string {
	return x.cfg.PublicURL + "/" + twilio.APIVersion + "/Accounts/" + x.cfg.AccountSID + "/Recordings/" + sid
}

// tellRecording owes a recording's status callback.
func (x *Exchange) tellRecording(r recording.Recording) {
	params := url.Values{
		"AccountSid": {x.cfg.AccountSID}, "CallSid": {r.CallSID}, "RecordingSid": {r.SID}, "RecordingUrl": {x.recordingURL(r.SID)},
		"RecordingStatus": {r.Status}, "RecordingChannels": {"1"}, "RecordingSource": {cmp.Or(r.Source, twilio.RecordVerb)},
		"RecordingStartTime": {twilio.FormatTime(r.Started)},
	}
	if r.Status == twiml.RecordingCompleted {
		params.Set("RecordingDuration", strconv.Itoa(r.Seconds()))
	}
	x.cfg.Web.Notify(r.CallSID, webhook.Request{URL: r.Callback, Method: r.Method, Params: params})
}

// tellRepaired owes the callbacks of what a former process recorded last.
func (x *Exchange) tellRepaired() {
	if x.cfg.Recordings == nil {
		return
	}
	for _, r := range x.cfg.Recordings.Repaired() {
		x.log.Warn("a message that was cut off has been kept", "call", r.CallSID, "recording", r.SID)
		if r.Callback != "" {
			x.tellRecording(r)
		}
	}
}
