package console_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"warmdesk/desk"
)

// What an agent's page measures is on the board and among the figures.
func TestQualityOfACall(t *testing.T) {
	w := newWorld(t, nil)
	id := w.talk("CA1")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, w.url+"/api/agents/agent1/stream", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {w.url}}})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	sid := "CA" + string(id) + "-2"
	say(ctx, t, ws, `{"type":"hello","page":"p1","live":"`+sid+`"}`)
	if q := w.board().Calls[0].Quality; q != nil {
		t.Errorf("known before anybody told: %+v", q)
	}
	say(ctx, t, ws, `{"type":"quality","sid":"`+sid+`","word":"weak","loss":8,"rtt":410,"jitter":38}`)
	b := w.board()
	for ; b.Calls[0].Quality == nil; b = w.board() {
		if ctx.Err() != nil {
			t.Fatalf("not on the board: %+v", b.Calls)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if q := *b.Calls[0].Quality; q.Word != desk.QualityWeak || q.Loss != 8 || q.RTT != 410 || q.Jitter != 38 {
		t.Errorf("%+v", q)
	}
	if _, body, _ := w.send("GET", "/metrics", ""); !strings.Contains(body, `warmdesk_calls_heard{quality="weak"} 1`) {
		t.Errorf("the figures lack it:\n%s", body)
	}
}
