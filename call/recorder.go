package call

import (
	"slices"
	"time"

	"warmdesk/agent"
)

// A conversation is recorded on the customer's own leg: what is there to be
// recorded is what the customer says and hears. So a private word of two agents
// can be in no recording, whatever is late or lost, because the customer is apart
// before a colleague is even rung (privacy.go). What the conference hears would
// have it. While the customer hears music the recording is paused.
//
// It is level-triggered like everything else: whether the leg is to be recorded
// now follows from the intent (an announcement that was told, no pause, somebody to
// talk with), what is recorded is what the carrier has told of it, and Plan names
// the difference. Nothing of it ever changes who hears whom.

// Recorder is what is to be recorded of a call, and what is.
type Recorder struct {
	// Announcement is what the customer is told before anything is recorded, fixed
	// when the call begins; empty: the call is not recorded.
	Announcement string
	// Telling is the customer's leg that is being told, on its way into the room;
	// Told: one of them has heard it to its end.
	Telling LegID
	Told    bool
	// Paused and Stopped are what an agent has asked for, By whom and when. A pause
	// ends only when an agent says so, whoever has the customer by then; a stop never.
	Paused, Stopped bool
	By              agent.ID
	At              time.Time
	// Reels are what there is of each of the customer's legs.
	Reels []Reel
	// NoStart: the carrier refused to record for good. Failed: it did not begin when
	// last asked. Unheeded: a pause, or a stop, did not get through.
	NoStart, Failed, Unheeded bool
	// Said is what the timeline was last told of it.
	Said RecordingState
}

// Reel is what is recorded of one leg: as a rule one track.
type Reel struct {
	Leg    LegID
	Tracks []Track
	// Unsure counts the looks at the carrier that are due before anything is certain,
	// the next one at LookAt. SeenAt is when one last came back.
	Unsure         int
	LookAt, SeenAt time.Time
	// Moves counts what was asked and told of the tracks. LookedAt holds its value
	// when a look began: a reel that moved meanwhile ignores what the look saw.
	Moves, LookedAt int
	// NoPause: the carrier refused to pause; what is not to be recorded is then kept
	// out by stopping.
	NoPause bool
}

// Track is one recording of the carrier's.
type Track struct {
	SID    string
	Status TrackStatus
	Length time.Duration // of what was kept; zero: not known
}

// TrackStatus is how far a track has come.
type TrackStatus string

// The statuses.
const (
	TrackRunning TrackStatus = "running"
	TrackPaused  TrackStatus = "paused"
	TrackStopped TrackStatus = "stopped" // nothing is added any more, and it is not ready yet
	TrackKept    TrackStatus = "kept"    // complete
	TrackAbsent  TrackStatus = "absent"  // nothing came of it
)

// What may be asked of the carrier for the recording of a leg.
const (
	StartRecording  ActionKind = "record_start"
	PauseRecording  ActionKind = "record_pause"
	ResumeRecording ActionKind = "record_resume"
	StopRecording   ActionKind = "record_stop"
	LookRecordings  ActionKind = "record_look" // which tracks are there?
)

// TracksOf are the tracks of a leg that an action of that kind is about.
func TracksOf(c Call, leg LegID, kind ActionKind) []Track {
	r := c.Recorder.reel(leg)
	if r == nil {
		return nil
	}
	var list []Track
	for _, t := range r.Tracks {
		running, paused := t.Status == TrackRunning, t.Status == TrackPaused
		if kind == PauseRecording && running || kind == ResumeRecording && paused || kind == StopRecording && (running || paused) {
			list = append(list, t)
		}
	}
	return list
}

// Times of it.
const (
	missingLook = 500 * time.Millisecond // from a leg's not being found to the second look for it
	recordCheck = time.Minute            // between two looks at what is recorded, though nothing seems wrong
	// WordPace is how long a letter of the announcement is reckoned to take, for how
	// long its leg may be outside the room.
	wordPace = 100 * time.Millisecond
)

// Records reports whether the action is about what is recorded of the conversation.
func (k ActionKind) Records() bool {
	switch k {
	case StartRecording, PauseRecording, ResumeRecording, StopRecording, LookRecordings:
		return true
	}
	return false
}

// recordKey is one key for start, pause, resume and stop, which contradict each
// other. A look has its own, so that a pause need not wait for it.
func recordKey(l *Leg) string     { return "record:" + string(l.ID) }
func recordLookKey(l *Leg) string { return "record_look:" + string(l.ID) }

func (r *Recorder) on() bool { return r.Announcement != "" }

func (r *Recorder) reel(leg LegID) *Reel {
	for i := range r.Reels {
		if r.Reels[i].Leg == leg {
			return &r.Reels[i]
		}
	}
	return nil
}

// openReel is the reel of a leg, made if there is none.
func (r *Recorder) openReel(leg LegID) *Reel {
	if found := r.reel(leg); found != nil {
		return found
	}
	r.Reels = append(r.Reels, Reel{Leg: leg})
	return &r.Reels[len(r.Reels)-1]
}

// clone copies what Step may write to.
func (r Recorder) clone() Recorder {
	r.Reels = slices.Clone(r.Reels)
	for i := range r.Reels {
		r.Reels[i].Tracks = slices.Clone(r.Reels[i].Tracks)
	}
	return r
}

// has counts the tracks of a status; nil has none.
func (r *Reel) has(s TrackStatus) bool {
	return r != nil && slices.ContainsFunc(r.Tracks, func(t Track) bool { return t.Status == s })
}

// done reports whether it is known what became of everything on the reel.
func (r *Reel) done() bool {
	return r.Unsure == 0 && !slices.ContainsFunc(r.Tracks, func(t Track) bool { return t.Status != TrackKept })
}

// announces reports whether a leg that goes into the room is told first that the
// call is recorded.
func (c *Call) announces(l *Leg) bool {
	r := &c.Recorder
	return r.on() && !r.Told && !r.Stopped && l.Role == Customer
}

// announcing notes that a leg is being told. It may be outside the room for as
// long as that takes.
func (c *Call) announcing(l *Leg, now time.Time) {
	c.Recorder.Telling = l.ID
	l.OutSince = now.Add(time.Duration(len(c.Recorder.Announcement)) * wordPace)
}

// announced notes that a leg has come into the room: the words come before it.
func (c *Call) announced(l *Leg) {
	if c.Recorder.on() && c.Recorder.Telling == l.ID {
		c.Recorder.Told, c.Recorder.Telling = true, ""
	}
}

// heardBy reports whether the customer's leg and an agent hear each other.
func (c *Call) heardBy(l *Leg) bool {
	return slices.ContainsFunc(c.Legs, func(o Leg) bool { return o.Role == Agent && Hears(*c, l.ID, o.ID) })
}

// recordWanted is how the recording of a customer's leg is to be.
func (c *Call) recordWanted(l *Leg) TrackStatus {
	switch r := &c.Recorder; {
	case r.Stopped:
		return TrackStopped
	case r.Paused || !r.Told || l != c.CustomerLeg() || !c.heardBy(l):
		return TrackPaused
	}
	return TrackRunning
}

// recordStep is what is to be asked for the recording of a leg, and the action's
// key; or nothing.
func (c *Call) recordStep(l *Leg, now time.Time) (ActionKind, string) {
	r := &c.Recorder
	if !r.on() || l.Role != Customer || l.Status != Answered || c.wanted(l) == Gone {
		return "", ""
	}
	d, key := c.doing(recordKey(l)), recordKey(l)
	if d != nil && d.busy(now) {
		return "", ""
	}
	reel, want := r.reel(l.ID), c.recordWanted(l)
	running, paused := reel.has(TrackRunning), reel.has(TrackPaused)
	loud := running && want != TrackRunning || paused && want == TrackStopped
	if !r.Paused && !r.Stopped && !l.InRoom && now.Before(l.OutSince.Add(AloneTime)) {
		return "", "" // on the way out, as a rule, or to be back at once
	}
	look := reel != nil && reel.lookDue(now)
	switch {
	case look && (d != nil || !loud):
		return LookRecordings, recordLookKey(l)
	case loud && (want == TrackStopped || reel.NoPause):
		return StopRecording, key
	case loud:
		return PauseRecording, key
	case want != TrackRunning || running:
		return "", ""
	case paused:
		return ResumeRecording, key
	case r.NoStart || reel != nil && reel.Unsure > 0:
		return "", "" // there may be one already
	}
	return StartRecording, key
}

// lookDue reports whether the carrier is to be asked for its tracks.
func (r *Reel) lookDue(now time.Time) bool {
	if r.Unsure > 0 { // however far away that is: the clock may have been set back
		return !now.Before(r.LookAt) || r.LookAt.After(now.Add(SecondLook))
	}
	return (r.has(TrackRunning) || r.has(TrackPaused) || r.has(TrackStopped)) && !now.Before(r.SeenAt.Add(recordCheck))
}

// beginRecording notes what of an action is so before it is carried out.
func (c *Call) beginRecording(a Action, now time.Time) {
	l := c.Leg(a.Leg)
	switch {
	case l == nil:
	case a.Kind == LookRecordings:
		r := c.Recorder.openReel(l.ID)
		r.LookedAt = r.Moves
	case a.Kind.Records():
		r := c.Recorder.openReel(l.ID)
		r.Moves++
		if r.SeenAt.IsZero() {
			r.SeenAt = now
		}
	}
}

// recordQuiet reports whether it is certain that nothing is being recorded.
func (c *Call) recordQuiet() bool {
	l := c.CustomerLeg()
	reel := c.Recorder.reel(l.ID)
	if reel == nil || !l.alive() {
		return true
	}
	d := c.doing(recordKey(l))
	begins := d != nil && d.Running && (d.Kind == StartRecording || d.Kind == ResumeRecording)
	return !begins && reel.Unsure == 0 && !reel.has(TrackRunning)
}

// recordsFor reports whether an agent may say whether the call is recorded: who is
// with the customer, or helps.
func (c *Call) recordsFor(by agent.ID) bool {
	l := c.AgentLeg(by)
	part := PartOf(*c, by)
	return c.Recorder.on() && !c.Recorder.Stopped && (part == Owner || part == Targeted) && l != nil && l.Status == Answered
}

// allowedRecording is what an agent may ask about the recording.
func (c *Call) allowedRecording(by agent.ID) []RequestKind {
	switch {
	case !c.recordsFor(by):
		return nil
	case c.Recorder.Paused:
		return []RequestKind{RecordResume, RecordStop}
	}
	return []RequestKind{RecordPause, RecordStop}
}

// record applies what an agent asks about the recording.
func (c *Call) record(r Request, now time.Time) {
	rec := &c.Recorder
	rec.Paused, rec.Stopped = r.Kind == RecordPause, r.Kind == RecordStop
	rec.By, rec.At, rec.Unheeded = r.By, now, false
	if l := c.CustomerLeg(); l != nil {
		if d := c.doing(recordKey(l)); d != nil && !d.Running {
			d.NotBefore = now // whoever asks again does not wait for another attempt
		}
	}
}
