package call

import (
	"fmt"
	"slices"
	"time"
)

// record does what is asked of the recordings of a leg, and tells so.
func (k *carrier) record(c Call, a Action, p *party) (r Result, facts []Event) {
	r = Result{Key: a.Key, Kind: a.Kind, Attempt: a.Attempt, Verdict: Done}
	if p == nil || p.status != Answered {
		r.Verdict = Missing
		return r, nil
	}
	switch a.Kind {
	case StartRecording:
		k.tracks++
		t := Track{SID: fmt.Sprintf("RE%d", 100+k.tracks), Status: TrackRunning}
		p.tracks = append(p.tracks, t)
		r.Tracks = []Track{t}
		facts = []Event{TrackMoved{SID: p.sid, Track: t.SID, Status: TrackRunning}}
	case LookRecordings:
		r.Tracks = slices.Clone(p.tracks)
	default:
		for _, t := range TracksOf(c, a.Leg, a.Kind) {
			i := slices.IndexFunc(p.tracks, func(o Track) bool { return o.SID == t.SID })
			if i < 0 || p.tracks[i].Status == TrackKept {
				r.Verdict = Missing
				continue
			}
			p.tracks[i].Status = map[ActionKind]TrackStatus{
				PauseRecording: TrackPaused, ResumeRecording: TrackRunning, StopRecording: TrackStopped,
			}[a.Kind]
			r.Tracks = append(r.Tracks, p.tracks[i])
			if a.Kind == StopRecording {
				p.tracks[i].Status, p.tracks[i].Length = TrackKept, time.Minute
				facts = append(facts, TrackMoved{SID: p.sid, Track: t.SID, Status: TrackKept, Length: time.Minute})
			}
		}
	}
	return r, facts
}

// recorded completes what was recorded of a party that has ended.
func (k *carrier) recorded(p *party) (facts []Event) {
	for i := range p.tracks {
		if t := &p.tracks[i]; t.Status != TrackKept {
			t.Status, t.Length = TrackKept, time.Minute
			facts = append(facts, TrackMoved{SID: p.sid, Track: t.SID, Status: TrackKept, Length: t.Length})
		}
	}
	return facts
}

// checkRecorded: at rest what the carrier records is what is wanted, and we know
// of everything it has.
func (w *world) checkRecorded() {
	for i := range w.c.Legs {
		l := &w.c.Legs[i]
		p := w.k.party(l.SID)
		if p == nil || !w.c.Recorder.on() && len(p.tracks) == 0 {
			continue
		}
		reel, running := w.c.Recorder.reel(l.ID), 0
		for _, t := range p.tracks {
			if t.Status == TrackRunning {
				running++
			}
			known := reel != nil && slices.ContainsFunc(reel.Tracks, func(o Track) bool {
				// That it is complete is told at the call's end, at the latest.
				return o == t || o.SID == t.SID && o.Status == TrackStopped && l.Status != Over
			})
			if !known {
				w.t.Fatalf("at rest in %s the carrier has %+v of %s, we %+v", w.c.Stage, t, l.ID, reel)
			}
		}
		want := 0
		if l.Role == Customer && l.Status == Answered && w.c.recordWanted(l) == TrackRunning && !w.c.Recorder.NoStart {
			want = 1
		}
		if running > want && l.Role == Customer && l == w.c.CustomerLeg() && w.c.Recorder.Paused || running > 0 && want == 0 || running == 0 && want == 1 {
			w.t.Fatalf("at rest in %s %d recordings of %s run, wanted %d\n%+v", w.c.Stage, running, l.ID, want, w.c.Recorder)
		}
	}
}

// checkQuiet: who is told that nothing is recorded can rely on it. What was asked
// before and may still be done later is what the looks are for.
func (w *world) checkQuiet(fail func(string, ...any)) {
	if s := RecordingOf(w.c); s != RecordingPaused && s != RecordingStopped {
		return
	}
	l := w.c.CustomerLeg()
	p := w.k.party(l.SID)
	if p == nil || p.status == Over || w.c.Stage == Ending || w.c.Stage == Ended {
		return
	}
	for _, t := range p.tracks {
		if t.Status == TrackRunning {
			fail("an agent was told that nothing is recorded, and %s is: %+v", t.SID, w.c.Recorder)
		}
	}
}
