package call

import (
	"slices"
	"time"

	"warmdesk/agent"
)

// What the carrier tells of recordings, and what is said of them.

// TrackMoved is the carrier's word on one recording of a customer's leg. It may
// come after the call's end.
type TrackMoved struct {
	SID    string // of the leg
	Track  string // the carrier's id of the recording
	Status TrackStatus
	Length time.Duration // of one that is kept
}

func (TrackMoved) callEvent() {}

// trackMoved takes what a callback tells of a track. What is known already is not
// taken back: only answers and looks tell that a track is paused.
func (c *Call) trackMoved(e TrackMoved, now time.Time) {
	l := c.LegBySID(e.SID)
	if l == nil || l.Role != Customer || e.Track == "" || !c.Recorder.on() {
		return
	}
	r := c.Recorder.openReel(l.ID)
	i := slices.IndexFunc(r.Tracks, func(t Track) bool { return t.SID == e.Track })
	switch {
	case e.Status == TrackAbsent && i >= 0 && r.Tracks[i].Status != TrackKept:
		r.Moves++
		r.Tracks = slices.Delete(r.Tracks, i, i+1)
	case e.Status == TrackRunning && i < 0 && l.alive():
		r.Moves++
		r.Tracks = append(r.Tracks, Track{SID: e.Track, Status: TrackRunning})
	case e.Status == TrackKept:
		c.keepTrack(r, Track{SID: e.Track, Status: TrackKept, Length: e.Length}, now)
	}
}

// keepTrack notes that a recording is complete.
func (c *Call) keepTrack(r *Reel, t Track, now time.Time) {
	i := slices.IndexFunc(r.Tracks, func(o Track) bool { return o.SID == t.SID })
	switch {
	case i < 0:
		r.Tracks = append(r.Tracks, t)
	case r.Tracks[i].Status == TrackKept:
		return
	default:
		r.Tracks[i] = t
	}
	r.Moves++
	c.report(now, News{Kind: NewsTrackKept, Track: &t})
}

// recordResult takes how an action for the recording of a leg went.
func (c *Call) recordResult(l *Leg, kind ActionKind, e Result, now time.Time) {
	rec, r := &c.Recorder, c.Recorder.openReel(l.ID)
	if kind == LookRecordings {
		if e.Verdict == Done {
			c.sawTracks(r, e.Tracks, now)
		}
		c.Doubt = c.Doubt || e.Verdict == Missing
		return
	}
	r.Moves++
	for _, t := range e.Tracks { // some, even if not all
		c.sawTrack(r, t, now)
	}
	if e.Verdict == Missing { // the leg may be over; a look under way may have come before that
		c.Doubt = true
		if c.LookAgain.IsZero() {
			c.LookAgain = now.Add(missingLook)
		}
	}
	switch {
	case e.Verdict == Done:
		rec.Failed = rec.Failed && kind != StartRecording
		rec.Unheeded = rec.Unheeded && !(kind == PauseRecording || kind == StopRecording)
		return
	case kind == StartRecording:
		rec.Failed = true
		rec.NoStart = rec.NoStart || e.Verdict == Refused
	case kind == PauseRecording || kind == StopRecording:
		rec.Unheeded = rec.Paused || rec.Stopped
		r.NoPause = r.NoPause || kind == PauseRecording && e.Verdict == Refused
	}
	if e.Verdict != TryBack && (kind != StartRecording || e.Verdict == Unknown) {
		r.doubt(kind, now)
	}
}

// doubt has the carrier looked at. What may come late and begin to record is looked
// for twice.
func (r *Reel) doubt(kind ActionKind, now time.Time) {
	looks := 1
	if kind == StartRecording || kind == ResumeRecording {
		looks = 2
	}
	r.Unsure, r.LookAt = max(r.Unsure, looks), now
}

// sawTracks takes what tracks the carrier has of a leg. What we know of and it does
// not is nothing.
func (c *Call) sawTracks(r *Reel, seen []Track, now time.Time) {
	if r.Moves != r.LookedAt {
		return // it may be older than what we know: another look
	}
	r.SeenAt = now
	if d := c.doing("record:" + string(r.Leg)); d != nil && !d.Running {
		d.Unknown = false
	}
	if r.Unsure > 0 {
		r.Unsure--
		r.LookAt = now.Add(SecondLook)
	}
	r.Tracks = slices.DeleteFunc(r.Tracks, func(t Track) bool {
		return t.Status != TrackKept && !slices.ContainsFunc(seen, func(s Track) bool { return s.SID == t.SID })
	})
	for _, t := range seen {
		c.sawTrack(r, t, now)
	}
	if !r.has(TrackRunning) {
		c.Recorder.Unheeded = false
	}
}

// sawTrack takes what the carrier says of one track.
func (c *Call) sawTrack(r *Reel, t Track, now time.Time) {
	i := slices.IndexFunc(r.Tracks, func(o Track) bool { return o.SID == t.SID })
	switch {
	case t.Status == TrackKept:
		c.keepTrack(r, t, now)
	case t.Status == TrackAbsent:
	case i < 0:
		r.Tracks = append(r.Tracks, t)
	case r.Tracks[i].Status != TrackKept:
		r.Tracks[i] = t
	}
}

// recordingUnknown: nobody answers any more for what was asked of a recording.
func (c *Call) recordingUnknown(d *Doing, now time.Time) {
	if l := c.Leg(legOf(d.Key)); l != nil && d.Kind != LookRecordings {
		r := c.Recorder.openReel(l.ID)
		r.Moves++
		r.doubt(d.Kind, now)
	}
}

// owesTracks reports whether it is not known what became of a leg's recording.
func (c *Call) owesTracks(l *Leg) bool {
	r := c.Recorder.reel(l.ID)
	return r != nil && !r.done()
}

// collectTracks takes all that there is of a leg that is over.
func (c *Call) collectTracks(l *Leg, seen []Track, all bool, now time.Time) {
	r := c.Recorder.reel(l.ID)
	if r == nil {
		return
	}
	for _, t := range seen {
		if t.Status == TrackKept {
			c.keepTrack(r, t, now)
		}
	}
	if all {
		r.Unsure = 0
		r.Tracks = slices.DeleteFunc(r.Tracks, func(t Track) bool { return t.Status != TrackKept })
	}
}

// giveUpTracks: the carrier was asked long enough. What it has is ours all the
// same, and has to be deleted one day.
func (c *Call) giveUpTracks(now time.Time) {
	for i := range c.Recorder.Reels {
		r := &c.Recorder.Reels[i]
		r.Unsure = 0
		for _, t := range slices.Clone(r.Tracks) {
			t.Status = TrackKept
			c.keepTrack(r, t, now)
		}
	}
}

// owing reports whether something that was recorded is still to be told of.
func (c *Call) owing() bool {
	return len(c.Tapes) > 0 || slices.ContainsFunc(c.Recorder.Reels, func(r Reel) bool { return !r.done() })
}

// RecordingState is what the people on a call are told of its recording.
type RecordingState string

// The states.
const (
	NotRecorded      RecordingState = ""         // the call is not to be
	RecordingWaits   RecordingState = "waiting"  // nothing is recorded yet, or any more
	RecordingRuns    RecordingState = "on"       // the customer and whoever is with them
	RecordingHeld    RecordingState = "held"     // not while the customer is on hold
	RecordingPausing RecordingState = "pausing"  // it is not certain yet
	RecordingLoud    RecordingState = "unpaused" // it should be paused, or stopped, and is not
	RecordingPaused  RecordingState = "paused"
	RecordingStopped RecordingState = "stopped"
	RecordingFailed  RecordingState = "failed" // the carrier does not record
)

// RecordingOf is how the recording of a call stands.
func RecordingOf(c Call) RecordingState {
	if !c.Recorder.on() {
		return NotRecorded
	}
	r, reel := &c.Recorder, c.Recorder.reel(c.CustomerLeg().ID)
	heard := c.heardBy(c.CustomerLeg())
	switch {
	case c.Stage == Ending || c.Stage == Ended:
		return RecordingWaits
	case (r.Paused || r.Stopped) && !c.recordQuiet():
		if r.Unheeded {
			return RecordingLoud
		}
		return RecordingPausing
	case r.Stopped:
		return RecordingStopped
	case r.Paused:
		return RecordingPaused
	case heard && reel.has(TrackRunning):
		return RecordingRuns
	case r.Failed:
		return RecordingFailed
	case !heard && len(r.Reels) > 0:
		return RecordingHeld
	}
	return RecordingWaits
}

// tellRecording tells the timeline how the recording stands, when that has
// changed.
func (c *Call) tellRecording(now time.Time) {
	if !c.Recorder.on() || c.Stage == Ending || c.Stage == Ended {
		return
	}
	state, by := RecordingOf(*c), c.Recorder.By
	kind := map[RecordingState]NewsKind{
		RecordingRuns: NewsRecorded, RecordingPaused: NewsRecordPaused, RecordingLoud: NewsRecordLoud,
		RecordingStopped: NewsRecordStopped, RecordingFailed: NewsRecordFailed,
	}[state]
	if kind == "" || state == c.Recorder.Said {
		return
	}
	if kind == NewsRecorded && !c.Recorder.resumed() {
		by = ""
	}
	c.Recorder.Said = state
	c.report(now, News{Kind: kind, Agent: by})
}

// resumed reports whether it was an agent who has let the recording go on.
func (r *Recorder) resumed() bool { return r.Said == RecordingPaused || r.Said == RecordingLoud }

// recordingWords is what an agent is told of the recording, next to its mark; empty:
// nothing.
func recordingWords(s RecordingState) string {
	switch s {
	case RecordingRuns:
		return "Recording"
	case RecordingHeld:
		return "Not recording on hold"
	case RecordingPausing:
		return "Pausing the recording..."
	case RecordingLoud:
		return "Not paused - still recording. Trying again."
	case RecordingPaused:
		return "Recording paused"
	case RecordingStopped:
		return "Recording stopped"
	case RecordingFailed:
		return "Not recorded - the carrier did not start it"
	}
	return ""
}

// RecordingWords says how the recording of a call stands; empty: there is nothing
// to say.
func RecordingWords(c Call) string { return recordingWords(RecordingOf(c)) }

// RecordingBy is who has paused or stopped the recording, and when; nobody where
// it is neither.
func RecordingBy(c Call) (agent.ID, time.Time) {
	if c.Recorder.Paused || c.Recorder.Stopped {
		return c.Recorder.By, c.Recorder.At
	}
	return "", time.Time{}
}
