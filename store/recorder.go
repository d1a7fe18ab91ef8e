package store

import (
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// recorder is call.Recorder as it is stored. Times are nanos.
type recorder struct {
	Announcement string              `json:"announcement"`
	Telling      call.LegID          `json:"telling,omitempty"`
	Told         bool                `json:"told,omitempty"`
	Paused       bool                `json:"paused,omitempty"`
	Stopped      bool                `json:"stopped,omitempty"`
	By           agent.ID            `json:"by,omitempty"`
	At           int64               `json:"at,omitempty"`
	Reels        []reel              `json:"reels,omitempty"`
	NoStart      bool                `json:"no_start,omitempty"`
	Failed       bool                `json:"failed,omitempty"`
	Unheeded     bool                `json:"unheeded,omitempty"`
	Said         call.RecordingState `json:"said,omitempty"`
}

type reel struct {
	Leg      call.LegID `json:"leg"`
	Tracks   []track    `json:"tracks,omitempty"`
	Unsure   int        `json:"unsure,omitempty"`
	LookAt   int64      `json:"look_at,omitempty"`
	SeenAt   int64      `json:"seen_at,omitempty"`
	Moves    int        `json:"moves,omitempty"`
	LookedAt int        `json:"looked_at,omitempty"`
	NoPause  bool       `json:"no_pause,omitempty"`
}

type track struct {
	SID    string           `json:"sid"`
	Status call.TrackStatus `json:"status"`
	Length time.Duration    `json:"length,omitempty"`
}

// encodeRecorder is nil for a call that is not recorded.
func encodeRecorder(c *call.Recorder) *recorder {
	if c.Announcement == "" {
		return nil
	}
	r := &recorder{
		c.Announcement, c.Telling, c.Told, c.Paused, c.Stopped, c.By, nanos(c.At), nil, c.NoStart, c.Failed, c.Unheeded, c.Said,
	}
	for _, l := range c.Reels {
		out := reel{l.Leg, nil, l.Unsure, nanos(l.LookAt), nanos(l.SeenAt), l.Moves, l.LookedAt, l.NoPause}
		for _, t := range l.Tracks {
			out.Tracks = append(out.Tracks, track(t))
		}
		r.Reels = append(r.Reels, out)
	}
	return r
}

func (r *recorder) decode() call.Recorder {
	if r == nil {
		return call.Recorder{}
	}
	c := call.Recorder{
		Announcement: r.Announcement, Telling: r.Telling, Told: r.Told, Paused: r.Paused, Stopped: r.Stopped,
		By: r.By, At: moment(r.At), NoStart: r.NoStart, Failed: r.Failed, Unheeded: r.Unheeded, Said: r.Said,
	}
	for _, l := range r.Reels {
		in := call.Reel{Leg: l.Leg, Unsure: l.Unsure, LookAt: moment(l.LookAt), SeenAt: moment(l.SeenAt), Moves: l.Moves, LookedAt: l.LookedAt, NoPause: l.NoPause}
		for _, t := range l.Tracks {
			in.Tracks = append(in.Tracks, call.Track(t))
		}
		c.Reels = append(c.Reels, in)
	}
	return c
}
