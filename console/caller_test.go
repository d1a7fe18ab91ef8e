package console_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"warmdesk/call"
	"warmdesk/desk"
)

type granted struct{ Token, Identity, Name, Return, State string }

// granted asks for what the customer's page needs to call.
func (w *world) granted(body string) granted {
	w.t.Helper()
	status, answer, _ := w.send("POST", "/api/caller/token", body)
	var g granted
	if err := json.Unmarshal([]byte(answer), &g); status != 200 || err != nil {
		w.t.Fatalf("token: %d %s", status, answer)
	}
	return g
}

// dials is the customer's page calling with what it was granted.
func (w *world) dials(g granted, sid string) call.Call {
	w.t.Helper()
	c, err := w.desk.Arrive(w.t.Context(), call.Arrived{
		Account: account, SID: sid, Number: "client:" + g.Identity, Name: "Dana", Return: desk.ReturnHash(g.Return),
	}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// A reloaded page proves by its key whose call it comes back into, and is told
// how that is; nobody else is.
func TestCallerComesBack(t *testing.T) {
	w := newWorld(t, nil)
	first := w.granted(`{"name":"Dana"}`)
	if first.State != "none" || len(first.Return) != 32 || first.Token != "caller:"+first.Identity {
		t.Fatalf("%+v", first)
	}
	if again := w.granted(`{"return":"` + first.Return + `"}`); again.State != "none" || again.Identity == first.Identity || again.Return == first.Return {
		t.Errorf("a key without a call gives %+v", again)
	}
	id := w.dials(first, "CA1").ID
	back := w.granted(`{"return":"` + first.Return + `"}`)
	if back.State != "waiting" || back.Identity != first.Identity || back.Return != first.Return {
		t.Errorf("with the old leg alive: %+v", back)
	}

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, w.url+"/api/caller/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	say(ctx, t, ws, `{"type":"hello","token":"`+back.Token+`"}`)
	if _, err := w.desk.Fact(ctx, id, call.LegMoved{Account: account, SID: "CA1", Status: call.Over, Outcome: call.Completed, Seq: 1}, nil); err != nil {
		t.Fatal(err)
	}
	waitFor(ctx, t, ws, func(m message) bool {
		return m.State == "away" && m.Sentence == "Your internet blinked. Hold on, your place is kept."
	})
	if g := w.granted(`{"return":"` + first.Return + `"}`); g.State != "away" {
		t.Errorf("away: %+v", g)
	}
	for _, key := range []string{"", desk.ReturnHash(first.Return), strings.Repeat("0", 32)} {
		if g := w.granted(`{"return":"` + key + `"}`); g.State != "none" || g.Identity == first.Identity {
			t.Errorf("a stranger with %q gets %+v", key, g)
		}
	}
	if c := w.dials(back, "CA2"); c.ID != id || c.Stage != call.Queued {
		t.Errorf("back in %s, %s", c.ID, c.Stage)
	}
	waitFor(ctx, t, ws, func(m message) bool { return m.State == "waiting" })
}

// End is the customer's own, and ends the call at once.
func TestCallerEnds(t *testing.T) {
	w := newWorld(t, nil)
	g := w.granted(`{}`)
	id := w.dials(g, "CA1").ID
	for token, want := range map[string]int{"caller:somebody-else": 204, "forged": 403} {
		if status, body, _ := w.send("POST", "/api/caller/end", `{"token":"`+token+`"}`); status != want {
			t.Errorf("%s: %d %s", token, status, body)
		}
	}
	if c, err := w.desk.Call(t.Context(), id); err != nil || c.Stage != call.Queued {
		t.Fatalf("a stranger ended it: %s %v", c.Stage, err)
	}
	for range 2 {
		if status, body, _ := w.send("POST", "/api/caller/end", `{"token":"`+g.Token+`"}`); status != 204 {
			t.Errorf("end: %d %s", status, body)
		}
	}
	w.until(id, func(c call.Call) bool { return c.Stage == call.Ended })
	byKey := w.granted(`{}`)
	id = w.dials(byKey, "CA2").ID
	for _, key := range []string{strings.Repeat("0", 32), byKey.Return, byKey.Return} {
		if status, body, _ := w.send("POST", "/api/caller/end", `{"return":"`+key+`"}`); status != 204 {
			t.Errorf("end by key: %d %s", status, body)
		}
	}
	w.until(id, func(c call.Call) bool { return c.Stage == call.Ended })
	if again := w.granted(`{"return":"` + g.Return + `"}`); again.State != "none" {
		t.Errorf("after the end: %+v", again)
	}
}
