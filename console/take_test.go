package console_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/console"
)

// snapshot reads what an agent's page is shown.
func (w *world) snapshot(id string) console.Snapshot {
	w.t.Helper()
	status, body, _ := w.send("GET", "/api/agents/"+id+"/snapshot", "", "Warmdesk-Agent", id)
	var s console.Snapshot
	if err := json.Unmarshal([]byte(body), &s); err != nil || status != 200 {
		w.t.Fatalf("%d %s: %v", status, body, err)
	}
	return s
}

// The note of a call is shared by its people, and nobody else reads it.
func TestNote(t *testing.T) {
	w := newWorld(t, nil)
	id := w.talk("CA1")
	if status, body, _ := w.send("POST", "/api/calls/CA1/note", `{"text":"refund over limit"}`, "Warmdesk-Agent", "agent1"); status != 202 ||
		!strings.Contains(body, `"note":"refund over limit"`) {
		t.Fatalf("%d %s", status, body)
	}
	if status, body, _ := w.send("POST", "/api/calls/CA1/note", `{"text":"hello"}`, "Warmdesk-Agent", "agent2"); status != 409 ||
		!strings.Contains(body, `is already with Ana."`) {
		t.Errorf("a stranger writes: %d %s", status, body)
	}
	if s := w.snapshot("agent1"); s.Calls[0].IfLost == nil || *s.Calls[0].IfLost != (console.IfLostView{Seconds: 30}) {
		t.Errorf("without the agent's line: %+v", s.Calls[0].IfLost)
	}
	if _, body, _ := w.send("GET", "/api/agents/agent2/snapshot", "", "Warmdesk-Agent", "agent2"); strings.Contains(body, "refund") {
		t.Errorf("a stranger reads %s", body)
	}
	if status, body, _ := w.send("POST", "/api/calls/CA1/outcome", `{"text":"Won the lottery"}`, "Warmdesk-Agent", "agent1"); status != 400 ||
		!strings.Contains(body, "Solved, Follow-up needed, Wrong number") {
		t.Errorf("an outcome that is none: %d %s", status, body)
	}
	for path, text := range map[string]string{"topic": "an order", "outcome": "Solved"} {
		if status, body, _ := w.send("POST", "/api/calls/CA1/"+path, `{"text":"`+text+`"}`, "Warmdesk-Agent", "agent1"); status != 202 ||
			!strings.Contains(body, `"`+path+`":"`+text+`"`) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	stored, _, err := w.db.Call(t.Context(), id)
	if err != nil || stored.Note != "refund over limit" {
		t.Errorf("stored: %q %v", stored.Note, err)
	}
	if status, body, _ := w.send("POST", "/api/calls/CA1/hold", "", "Warmdesk-Agent", "agent1"); status != 202 {
		t.Fatalf("%d %s", status, body)
	}
	if _, body, _ := w.send("GET", "/api/calls/CA1/timeline", "", "Warmdesk-Agent", "agent1"); !strings.Contains(body, `Ana noted \"refund over limit\".`) {
		t.Errorf("timeline: %s", body)
	}
}

// Whoever is free sees that a customer has lost their agent, and may take them.
func TestTake(t *testing.T) {
	w := newWorld(t, nil)
	id := w.talk("CA1")
	if s := w.snapshot("agent2"); len(s.NeedsSomeone) != 0 {
		t.Errorf("%+v", s.NeedsSomeone)
	}
	if _, err := w.desk.Fact(t.Context(), id, call.LegMoved{Account: account, SID: "CA" + string(id) + "-2", Status: call.Over, Seq: 9}, nil); err != nil {
		t.Fatal(err)
	}
	w.until(id, func(c call.Call) bool { return c.Stage == call.Recovering })
	s := w.snapshot("agent2")
	if len(s.NeedsSomeone) != 1 || s.NeedsSomeone[0].ID != id || len(s.NeedsSomeone[0].Allowed) != 0 ||
		s.NeedsSomeone[0].Sentence != "Ana's connection dropped. Dana hears music." {
		t.Fatalf("not signed in, and %+v", s.NeedsSomeone)
	}
	take := func() (int, string) {
		status, body, _ := w.send("POST", "/api/calls/CA1/take", "", "Warmdesk-Agent", "agent2")
		return status, body
	}
	if status, body := take(); status != 409 || !strings.Contains(body, "not_free") {
		t.Errorf("with no phone: %d %s", status, body)
	}
	if err := w.desk.TokenFetched(t.Context(), "agent2", time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := w.desk.SetPresence(t.Context(), "agent2", agent.Available, ""); err != nil {
		t.Fatal(err)
	}
	if s := w.snapshot("agent2"); len(s.NeedsSomeone) != 1 || s.NeedsSomeone[0].Allowed[0] != call.Take {
		t.Errorf("free, and %+v", s.NeedsSomeone)
	}
	if status, body := take(); status != 202 {
		t.Fatalf("%d %s", status, body)
	}
	c := w.until(id, func(c call.Call) bool { l := c.AgentLeg("agent2"); return l != nil && l.SID != "" })
	if l := c.AgentLeg("agent2"); c.Target != "agent2" || l.Key == "" || l.Purpose != call.Rejoin {
		t.Errorf("%+v", c)
	}
	s = w.snapshot("agent2")
	if len(s.NeedsSomeone) != 0 || len(s.Calls) != 1 || s.Calls[0].Rejoin == nil || s.Calls[0].Sentence != "Connecting you to Dana..." {
		t.Errorf("%+v", s)
	}
}
