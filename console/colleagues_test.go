package console_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"warmdesk/call"
)

// What is usual comes from calls of the past: five at least.
func TestColleagues(t *testing.T) {
	w := newWorld(t, nil)
	ask := func() (known string) {
		t.Helper()
		status, body, _ := w.send("GET", "/api/colleagues?topic=refund+of+order+13", "", "Warmdesk-Agent", "agent1")
		if status != 200 {
			t.Fatalf("%d %s", status, body)
		}
		return strings.TrimSpace(body)
	}
	if got := ask(); got != `{"people":[],"teams":[]}` {
		t.Errorf("of nothing: %s", got)
	}
	w = newWorld(t, nil)
	began := time.Now().Add(-2 * time.Hour)
	for i := range 5 {
		w.over(call.Call{Name: "Dana", StartedAt: began.Add(time.Duration(i) * time.Minute), Topic: "Refund of order 12"},
			entry(call.NewsArrived), entry(call.NewsTalking, "agent1"), entry(call.NewsCallerLeft, "agent1"))
	}
	w.talk("CA1")
	var known struct {
		People []struct {
			ID     string
			FreeIn int
			Knows  bool
		}
	}
	if err := json.Unmarshal([]byte(ask()), &known); err != nil {
		t.Fatal(err)
	}
	if len(known.People) != 1 || known.People[0].ID != "agent1" || !known.People[0].Knows || known.People[0].FreeIn < 5 || known.People[0].FreeIn > 10 {
		t.Errorf("known: %+v, want of agent1 that 10 s are usual", known)
	}
}

// A break has a length, which others see; a wrong one changes nothing.
func TestBreak(t *testing.T) {
	w := newWorld(t, nil)
	for body, want := range map[string]int{
		`{"presence":"away","minutes":481}`:                 400,
		`{"presence":"away","minutes":-1}`:                  400,
		`{"presence":"away","minutes":9223372036854775807}`: 400,
		`{"presence":"available","minutes":5}`:              400,
	} {
		if status, answer, _ := w.send("POST", "/api/agents/agent1/presence", body, "Warmdesk-Agent", "agent1"); status != want || !strings.Contains(answer, "A break takes 1 to 480 minutes") {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
	if s := w.snapshot("agent1"); s.BreakUntil != nil {
		t.Errorf("a break until %v", s.BreakUntil)
	}
	if status, answer, _ := w.send("POST", "/api/agents/agent1/presence", `{"presence":"away","minutes":15}`, "Warmdesk-Agent", "agent1"); status != 202 {
		t.Fatalf("%d %s", status, answer)
	}
	s := w.snapshot("agent1")
	if s.BreakUntil == nil || s.BreakUntil.Sub(time.Now()).Round(time.Minute) != 15*time.Minute {
		t.Errorf("a break until %v", s.BreakUntil)
	}
	for _, one := range w.snapshot("agent2").Team {
		if one.ID == "agent1" && (one.BreakUntil == nil || !one.BreakUntil.Equal(*s.BreakUntil)) {
			t.Errorf("others see %+v", one)
		}
	}
}
