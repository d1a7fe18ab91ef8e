package simulation

import (
	"fmt"
	"slices"
	"time"

	"warmdesk/call"
)

// What the carrier records of a customer's leg, and what must never be on it
// (invariant 11): nobody is recorded before they were told; nothing is recorded when
// an agent has been told so; music is not, longer than it takes to pause.

// announced is what customers of a recorded run are told.
const announced = "This call may be recorded."

// recordTime is how long a recording may go on when nothing is to blame: the
// request and its answer, after what is heard has been told.
const recordTime = 3 * time.Second

// records does what is asked of the recording of a leg.
func (w *world) records(c call.Call, a call.Action, l *leg) call.Result {
	r := call.Result{Verdict: call.Done}
	switch a.Kind {
	case call.StartRecording:
		w.tapes++
		t := call.Track{SID: fmt.Sprintf("RT%d", w.tapes), Status: call.TrackRunning}
		l.tracks, r.Tracks = append(l.tracks, t), []call.Track{t}
		w.report(l.customer, call.TrackMoved{SID: l.sid, Track: t.SID, Status: t.Status})
		return r
	case call.LookRecordings:
		r.Tracks = slices.Clone(l.tracks)
		return r
	}
	for _, known := range call.TracksOf(c, a.Leg, a.Kind) {
		i := slices.IndexFunc(l.tracks, func(t call.Track) bool { return t.SID == known.SID })
		if i < 0 || l.tracks[i].Status == call.TrackKept {
			return call.Result{Verdict: call.Missing, Why: "404"}
		}
		t := &l.tracks[i]
		t.Status = map[call.ActionKind]call.TrackStatus{
			call.PauseRecording: call.TrackPaused, call.ResumeRecording: call.TrackRunning, call.StopRecording: call.TrackStopped,
		}[a.Kind]
		r.Tracks = append(r.Tracks, *t)
		if a.Kind == call.StopRecording {
			w.in(w.between(100*time.Millisecond, time.Second), func() { w.completes(l, known.SID) })
		}
	}
	return r
}

// completes makes a recording one that can be heard, and tells so.
func (w *world) completes(l *leg, sid string) {
	for i := range l.tracks {
		if t := &l.tracks[i]; t.SID == sid && t.Status != call.TrackKept {
			t.Status, t.Length = call.TrackKept, time.Minute
			w.report(l.customer, call.TrackMoved{SID: l.sid, Track: sid, Status: call.TrackKept, Length: t.Length})
		}
	}
}

// recordedOver completes what was recorded of a leg that has ended.
func (w *world) recordedOver(l *leg) {
	for _, t := range slices.Clone(l.tracks) {
		w.completes(l, t.SID)
	}
}

func (l *leg) isRecorded() bool {
	return slices.ContainsFunc(l.tracks, func(t call.Track) bool { return t.Status == call.TrackRunning })
}

// checkRecorded is invariant 11.
func (w *world) checkRecorded(c *customer) {
	if !c.leg.isRecorded() || c.leg.over() {
		c.loud = -1
		return
	}
	stored := w.known[c.call]
	switch s := call.RecordingOf(stored); {
	case !c.told:
		w.fail(11, c, "%s is recorded, and was not told", c.name)
	case stored.LegBySID(c.leg.sid) != stored.CustomerLeg():
	case s == call.RecordingPaused || s == call.RecordingStopped:
		w.fail(11, c, "%s is recorded, and an agent was told: %s", c.name, s)
	}
	if c.leg.hears() == talk {
		c.loud = -1
	} else if c.loud < 0 {
		c.loud = w.now
	}
	if w.overdue(c, c.loud, recordTime) {
		w.fail(11, c, "%s is recorded since %s and hears nobody", c.name, seconds(w.now-c.loud))
	}
}

// checkTapes: what the carrier has recorded is known, once.
func (w *world) checkTapes() {
	for _, l := range w.legs {
		stored, found := w.known[l.customer.call], 0
		for _, t := range l.tracks {
			for _, c := range w.known {
				for _, reel := range c.Recorder.Reels {
					if slices.Contains(reel.Tracks, t) {
						found++
					}
				}
			}
		}
		if found != len(l.tracks) {
			w.fail(11, l.customer, "of %d recordings of %s %d are known: %+v", len(l.tracks), l, found, stored.Recorder)
		}
	}
}

// announcement is what the customers of this run are told.
func (w *world) announcement() string {
	if w.recorded {
		return announced
	}
	return ""
}
