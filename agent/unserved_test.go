package agent

import (
	"slices"
	"testing"
	"time"
)

func TestUnserved(t *testing.T) {
	office := Service{Hours: hours(t, "Mon-Fri 09:00-17:00 Europe/Berlin"), MaxWait: 10 * time.Minute}
	long, free := Service{MaxWait: 10 * time.Minute}, Service{}
	const minute = time.Minute
	for _, tt := range []struct {
		name          string
		service       Service
		now           string
		waits         time.Duration // since then
		off           time.Duration // nobody has been signed in for so long; 0: somebody is
		why           Unserved
		in            time.Duration // from now; may be negative
		neverAsThings bool
	}{
		{"somebody is there and no end is set", free, "2026-11-23 10:00", time.Hour, 0, "", 0, true},
		{"waits not long enough yet", long, "2026-11-23 10:00", 9 * minute, 0, Long, minute, false},
		{"has waited for long", long, "2026-11-23 10:00", 10 * minute, 0, Long, 0, false},
		{"nobody, for two minutes", free, "2026-11-23 10:00", 3 * minute, 2 * minute, Nobody, 0, false},
		{"nobody for long, but has only just called", free, "2026-11-23 10:00", 0, time.Hour, Nobody, 2 * minute, false},
		{"has waited, and the last one has just left", free, "2026-11-23 10:00", time.Hour, time.Second, Nobody, 2*minute - time.Second, false},
		{"nobody sooner than long", long, "2026-11-23 10:00", 0, time.Hour, Nobody, 2 * minute, false},
		{"long sooner than nobody", long, "2026-11-23 10:00", 9 * minute, time.Second, Long, minute, false},
		{"nobody before long when both are so", long, "2026-11-23 10:00", time.Hour, time.Hour, Nobody, -58 * minute, false},
		{"closed", office, "2026-11-22 10:00", minute, 0, Closed, -minute, false},
		{"closed before all else", office, "2026-11-22 10:00", time.Hour, time.Hour, Closed, -time.Hour, false},
		{"closes while they wait", office, "2026-11-23 16:55", 0, 0, Closed, 5 * minute, false},
		{"open, and there is much time", office, "2026-11-23 10:00", 0, 0, Long, 10 * minute, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			now := berlin(t, tt.now)
			why, at := tt.service.Unserved(now.Add(-tt.waits), now.Add(-tt.off), tt.off > 0, now)
			if tt.neverAsThings {
				if !at.IsZero() {
					t.Fatalf("%s at %v", why, at)
				}
				return
			}
			if why != tt.why || !at.Equal(now.Add(tt.in)) {
				t.Errorf("%s in %v, want %s in %v", why, at.Sub(now), tt.why, tt.in)
			}
		})
	}
}

func TestSignedOff(t *testing.T) {
	away := Agent{ID: "a", Presence: Away, Since: noon}
	off, later := Agent{ID: "b", Presence: Offline, Since: noon}, Agent{ID: "c", Presence: Offline, Since: noon.Add(time.Minute)}
	if _, all := SignedOff(slices.Values([]Agent{off, away, later})); all {
		t.Error("somebody who is away is signed in")
	}
	if since, all := SignedOff(slices.Values([]Agent{later, off})); !all || !since.Equal(noon.Add(time.Minute)) {
		t.Errorf("signed off since %v, %v", since, all)
	}
	if since, all := SignedOff(slices.Values([]Agent(nil))); !all || !since.IsZero() {
		t.Errorf("a roster of nobody: %v, %v", since, all)
	}
}
