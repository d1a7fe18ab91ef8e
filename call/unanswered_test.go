package call

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmdesk/agent"
)

func TestUnansweredIsOverAndKeepsWhatWasSaid(t *testing.T) {
	began := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	over := began.Add(time.Minute)
	c := Unanswered(Arrived{Call: "1", Account: "AC1", SID: "CA1", Number: "+15550001", Recovery: true},
		[]Message{{RecordingSID: "RE1", Length: 5 * time.Second}, {RecordingSID: "RE2", Length: time.Second}, {RecordingSID: "RE1", Length: 5 * time.Second}, {RecordingSID: "RE3", Length: 0}}, began, over)
	want := []Wish{{Kind: agent.Voicemail, Recording: "RE1", Length: 5 * time.Second}, {Kind: agent.Voicemail, Recording: "RE2", Length: time.Second}}
	if d := cmp.Diff(want, c.Wishes); d != "" {
		t.Error(d)
	}
	if c.Live() || c.Stage != Ended || !c.StartedAt.Equal(began) || !c.EndedAt.Equal(over) {
		t.Errorf("%s, %v to %v", c.Stage, c.StartedAt, c.EndedAt)
	}
	if actions := Plan(c, over.Add(time.Hour)); len(actions) > 0 {
		t.Errorf("something is to be done at the carrier: %v", actions)
	}
	if claims := Claims(c); len(claims) > 0 {
		t.Errorf("somebody is taken: %v", claims)
	}
	if again, err := Step(c, Recorded{SID: "CA1", RecordingSID: "RE2", Length: time.Second}, over); err != nil || len(again.Wishes) != 2 {
		t.Errorf("heard of again: %v %v", again.Wishes, err)
	}
}
