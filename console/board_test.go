package console_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/console"
	"warmdesk/desk"
)

func (w *world) board() console.Board {
	w.t.Helper()
	status, body, _ := w.send("GET", "/api/board", "", "Warmdesk-Agent", "agent2")
	var b console.Board
	if err := json.Unmarshal([]byte(body), &b); err != nil || status != 200 || strings.Contains(body, "null") {
		w.t.Fatalf("%d %s: %v", status, body, err)
	}
	return b
}

// Those on the call see who supervises it, and how, among the people.
func TestWatchersAmongThePeople(t *testing.T) {
	w := newWorld(t, nil)
	id := w.talk("CA1")
	if err := w.desk.PageOpened(t.Context(), "agent2", desk.Page{ID: "p2"}); err != nil {
		t.Fatal(err)
	}
	// Its word that the phone is connected may come after the first request.
	for _, mode := range []string{"listen", "coach", "join"} {
		if status, body, _ := w.send("POST", "/api/calls/CA1/"+mode, "", "Warmdesk-Agent", "agent2"); status != 202 {
			t.Fatalf("%s: %d %s", mode, status, body)
		}
		w.until(id, func(c call.Call) bool { l, _ := call.WatchOf(c, "agent2"); return l != nil && l.SID != "" })
		if _, err := w.desk.Fact(t.Context(), id, call.RoomMoved{SID: "CA" + string(id) + "-3", RoomSID: "CF1", Seq: 3, Move: call.Joined}, nil); err != nil {
			t.Fatal(err)
		}
		word := map[string]string{"listen": "Listening", "coach": "Coaching", "join": "Talking"}[mode]
		for _, who := range []string{"agent1", "agent2"} {
			legs := w.snapshot(who).Calls[0].Legs
			if len(legs) != 3 || legs[2].Role != call.Supervisor || legs[2].Name != "Ben" || legs[2].Word != word || legs[2].Muted {
				t.Errorf("%s sees of %s: %+v", who, mode, legs)
			}
		}
	}
}

// Where the desk allows it a lead listens and those on the call are not told; else not.
func TestPrivateListening(t *testing.T) {
	w := newWorld(t, nil)
	id := w.talk("CA1")
	if err := w.desk.PageOpened(t.Context(), "agent2", desk.Page{ID: "p2"}); err != nil {
		t.Fatal(err)
	}
	ask := func() (int, string) {
		status, body, _ := w.send("POST", "/api/calls/CA1/listen-privately", "", "Warmdesk-Agent", "agent2")
		return status, body
	}
	offered := func() bool { return slices.Contains(w.board().Calls[0].Allowed, call.ListenPrivately) }
	if status, body := ask(); status != 409 || !strings.Contains(body, "turned off") || offered() {
		t.Errorf("not allowed: %d %s", status, body)
	}
	w.desk.SetRules(desk.Rules{PrivateListening: true})
	for end := time.Now().Add(5 * time.Second); !offered(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the board does not offer it")
		}
	}
	if status, body := ask(); status != 202 {
		t.Fatalf("%d %s", status, body)
	}
	w.until(id, func(c call.Call) bool { l, _ := call.WatchOf(c, "agent2"); return l != nil && l.SID != "" })
	if own := w.snapshot("agent2").Calls[0]; own.Chip != "Listening privately" || len(own.Legs) != 3 {
		t.Errorf("Ben: %+v", own)
	}
	if ana := w.snapshot("agent1").Calls[0]; ana.Watched != "" || len(ana.Legs) != 2 {
		t.Errorf("Ana is told: %+v", ana)
	}
	if row := w.board().Calls[0]; row.Watched != "" {
		t.Errorf("the board tells: %+v", row)
	}
}

// The board has every call, what it needs and what a lead may do about it, and the team.
func TestBoard(t *testing.T) {
	w := newWorld(t, nil)
	if b := w.board(); len(b.Calls)+len(b.Needs) != 0 || len(b.Team) < 2 || !b.Numbers.Known {
		t.Errorf("nobody has called: %+v", b)
	}
	id := w.talk("CA1")
	b := w.board()
	if len(b.Needs) != 0 || len(b.Calls) != 1 || b.Calls[0].ID != id || b.Calls[0].Sentence != "Ana and Dana hear each other." ||
		b.Calls[0].Agents[0] != "Ana" || len(b.Calls[0].Allowed) != 4 {
		t.Errorf("they talk: %+v", b)
	}
	// The day is counted once a second.
	for end := time.Now().Add(5 * time.Second); b.Numbers.InTime != 1 || b.Numbers.Timed != 1 || b.Team[0].Today != 1; b = w.board() {
		if time.Now().After(end) {
			t.Fatalf("the day: %+v, %+v", b.Numbers, b.Team)
		}
		time.Sleep(50 * time.Millisecond)
	}
	if status, body, _ := w.send("POST", "/api/calls/CA1/listen", "", "Warmdesk-Agent", "agent2"); status != 409 || !strings.Contains(body, "not_free") {
		t.Errorf("listens without a page: %d %s", status, body)
	}
	if _, err := w.desk.Fact(t.Context(), id, call.LegMoved{Account: account, SID: "CA" + string(id) + "-2", Status: call.Over, Seq: 9}, nil); err != nil {
		t.Fatal(err)
	}
	w.until(id, func(c call.Call) bool { return c.Stage == call.Recovering })
	if b := w.board(); len(b.Needs) != 1 || b.Needs[0].Why != console.NeedReconnecting || len(b.Needs[0].Allowed) != 2 {
		t.Errorf("Ana is lost: %+v", b.Needs)
	}
	if status, body, _ := w.send("POST", "/api/team/agent2/presence", `{"presence":"away"}`, "Warmdesk-Agent", "agent2"); status != 202 {
		t.Errorf("%d %s", status, body)
	}
	if b := w.board(); b.Team[1].Word != "Away - set by Ben" {
		t.Errorf("%+v", b.Team[1])
	}
	if n := w.snapshot("agent2").Notices; len(n) != 1 || n[0].Text != "Ben set you to away: you get no calls." {
		t.Errorf("Ben is told %+v", n)
	}
	for member, want := range map[string]int{"agent1": 400, "nobody": 403} {
		presence := map[int]string{400: "dancing", 403: "away"}[want]
		if status, body, _ := w.send("POST", "/api/team/"+member+"/presence", `{"presence":"`+presence+`"}`, "Warmdesk-Agent", "agent2"); status != want {
			t.Errorf("%s is to be %s: %d %s", member, presence, status, body)
		}
	}
}

// While nobody is signed in the board tells when new callers are offered a callback.
func TestBoardTellsWhatBecomesOfCallers(t *testing.T) {
	w := newWorld(t, nil)
	for _, id := range []agent.ID{"agent1", "agent2"} {
		if err := w.desk.SetPresence(t.Context(), id, agent.Offline, ""); err != nil {
			t.Fatal(err)
		}
	}
	closed, err := agent.ParseHours("Mon 00:00-00:01, Wed 00:00-00:01 UTC")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		service agent.Service
		want    int
	}{
		{agent.Service{MaxWait: 10 * time.Minute}, 120},
		{agent.Service{MaxWait: 30 * time.Second}, 30},
		{agent.Service{Hours: closed}, 0},
	} {
		w.desk.SetRules(desk.Rules{Service: test.service})
		var after *int
		for end := time.Now().Add(5 * time.Second); after == nil || *after != test.want; after = w.board().Numbers.AskedAfter {
			if time.Now().After(end) {
				t.Fatalf("%+v: %v", test, after)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	if err := w.desk.SetPresence(t.Context(), "agent1", agent.Away, ""); err != nil {
		t.Fatal(err)
	}
	if n := w.board().Numbers; n.SignedIn != 1 || n.AskedAfter != nil {
		t.Errorf("%+v", n)
	}
}
