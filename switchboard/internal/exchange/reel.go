package exchange

import (
	"context"
	"slices"
	"time"

	"warmdesk/switchboard/internal/recording"
	"warmdesk/twilio"
	"warmdesk/twiml"
)

// current stands for the recording of a call that is under way.
const current = "Twilio.CURRENT"

// NewRecording is the recording of a call to be begun.
type NewRecording struct {
	Callback Target
	Events   []string // in-progress, completed, absent; none is completed
}

// reel is a recording of all that goes over a call's line, begun by REST. Run's
// goroutine owns it.
type reel struct {
	c      *call
	rec    recording.Recording
	tape   Tape
	events []string
	over   bool // it is being written, or is
}

// StartRecording records a call: what its party says and hears, wherever it is.
// ErrNotInProgress: it is not answered yet, or over.
func (x *Exchange) StartRecording(ctx context.Context, callSID string, n NewRecording) (recording.Recording, error) {
	var made recording.Recording
	_, err := onCall(ctx, x, callSID, func(c *call) error {
		if c.over || c.line == nil || x.cfg.Recordings == nil {
			return ErrNotInProgress
		}
		r := &reel{c: c, events: n.Events, rec: recording.Recording{
			SID: newSID("RE"), CallSID: c.rec.SID, Status: twilio.RecordingInProgress, Source: twilio.StartCallRecordingAPI,
			Started: time.Now(), Updated: time.Now(), Callback: n.Callback.URL, Method: n.Callback.Method,
		}}
		o := recording.Options{SID: r.rec.SID, CallSID: r.rec.CallSID, Whole: true, Source: r.rec.Source}
		if r.wants(twiml.RecordingCompleted) { // who is told though this process dies
			o.Callback, o.Method = r.rec.Callback, r.rec.Method
		}
		r.tape = x.cfg.Recordings.Start(o)
		c.line.Tap(r.tape)
		c.reels = append(c.reels, r)
		r.tell(r.rec)
		made = r.rec
		return nil
	})
	return made, err
}

// ChangeRecording pauses a recording under way, leaving a gap or silence, lets it
// go on, or stops it. ErrNotInProgress: it is over.
func (x *Exchange) ChangeRecording(ctx context.Context, callSID, sid, status string, silence bool) (recording.Recording, error) {
	var changed recording.Recording
	_, err := onCall(ctx, x, callSID, func(c *call) error {
		i := slices.IndexFunc(c.reels, func(r *reel) bool { return r.rec.SID == sid || sid == current && !r.over })
		switch {
		case i < 0:
			return ErrNotFound
		case c.reels[i].over:
			return ErrNotInProgress
		}
		r := c.reels[i]
		switch status {
		case twilio.RecordingPaused:
			r.tape.Pause(silence)
		case twilio.RecordingInProgress:
			r.tape.Resume()
		case twilio.RecordingStopped:
			r.end()
		}
		r.rec.Status, r.rec.Updated = status, time.Now()
		changed = r.rec
		return nil
	})
	return changed, err
}

// end ends the recording and tells of it when it is kept.
func (r *reel) end() {
	if r.over {
		return
	}
	r.over = true
	x := r.c.x
	r.tape.Stop()
	r.c.line.Untap(r.tape)
	x.start(func() {
		kept, ok, err := r.tape.Close()
		x.conclude(func() {
			if err != nil {
				x.log.Error("recording failed", "call", r.rec.CallSID, "recording", r.rec.SID, "kept", ok, "error", err)
			}
			told := r.rec
			told.Status, told.Duration = twilio.RecordingCompleted, kept.Duration
			if !ok {
				told.Status = twilio.RecordingAbsent
			}
			r.tell(told)
		})
	})
}

// tell owes the status callback of a recording, if it was asked for.
func (r *reel) tell(rec recording.Recording) {
	if r.wants(rec.Status) {
		r.c.x.tellRecording(rec)
	}
}

func (r *reel) wants(status string) bool {
	events := r.events
	if len(events) == 0 {
		events = []string{twiml.RecordingCompleted}
	}
	return r.rec.Callback != "" && slices.Contains(events, status)
}

// ForgetCall removes the record of a call that is over. ErrNotInProgress: it is
// not.
func (x *Exchange) ForgetCall(ctx context.Context, sid string) error {
	_, err := onCall(ctx, x, sid, func(c *call) error {
		if !c.over {
			return ErrNotInProgress
		}
		delete(x.calls, sid)
		x.order = slices.DeleteFunc(x.order, func(o *call) bool { return o == c })
		return nil
	})
	return err
}
