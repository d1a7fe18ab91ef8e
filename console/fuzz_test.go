package console_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"warmdesk/agent"
)

// FuzzRequests has anybody send anything to every route, signed in or not: it is
// answered in JSON or refused in a sentence, and nothing fails on our side.
func FuzzRequests(f *testing.F) {
	w := newWorld(f, map[agent.ID]string{"agent1": "secret", "agent2": "secret"})
	id := string(w.talk("CAfuzz"))
	_, _, header := w.send("POST", "/api/session", "agent=agent1&password=secret", "Content-Type", "application/x-www-form-urlencoded")
	session, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
	routes := []string{
		"POST /agent1/token", "POST /conference/agent1/call", "POST /api/session", "GET /api/config", "GET /api/agents/agent1/snapshot",
		"POST /api/agents/agent1/presence", "POST /api/calls/" + id + "/note", "POST /api/calls/" + id + "/consult", "GET /api/calls/" + id + "/timeline",
		"GET /api/calls.json", "GET /api/calls.csv", "GET /api/webhooks/deliveries", "POST /api/webhooks/deliveries/x/retry",
		"POST /api/tasks/x/done", "GET /api/tasks/x/recording", "POST /api/caller/callback", "POST /api/caller/token", "POST /api/caller/end",
	}
	for i := range routes {
		f.Add(uint8(i), "", `{"to":["agent2","team:x"],"reason":"r","text":"t","presence":"away","next":"x"}`, "")
		f.Add(uint8(i), "from=2026-01-01T00:00:00Z&to=9999-99-99&limit=0&cursor=%00", "agent=agent1&password=%zz&to=x", "warmdesk_agent1=x; warmdesk_=; =;;")
		f.Add(uint8(i), "limit=-1&from=%ff", strings.Repeat("[", 9000), "warmdesk_agent2=\"a\"; warmdesk_agent1="+strings.Repeat("y", 5000))
	}
	f.Add(uint8(16), "", `{"name":"\u0000\u202e","return":"`+strings.Repeat("f", 32)+`","token":5}`, "")
	f.Fuzz(func(t *testing.T, route uint8, query, body, cookie string) {
		method, path, _ := strings.Cut(routes[int(route)%len(routes)], " ")
		for _, cookies := range []string{cookie, session + "; " + cookie} {
			r, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.URL.RawQuery = query
			r.Header.Set("Cookie", cookies)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				return // not what a request can hold
			}
			content, err := io.ReadAll(response.Body)
			response.Body.Close()
			if response.StatusCode >= 500 {
				t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, content)
			}
			if err != nil {
				continue // what is no HTTP is answered with a cut connection
			}
			if strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") && !json.Valid(content) {
				t.Fatalf("%s %s: %s", method, path, content)
			}
		}
	})
}

// FuzzStream has a page say anything on its socket: the desk goes on, and the
// socket is closed or still tells the truth.
func FuzzStream(f *testing.F) {
	w := newWorld(f, nil)
	w.talk("CAfuzz")
	f.Add(`{"type":"hello","page":"p1","age":-1}`, `{"type":"device","registered":true}`)
	f.Add(`{"type":"hello","page":"p2","live":"x","age":9223372036854775807}`, `{"type":"call","sid":"CAfuzz","state":"closed","muted":true}`)
	f.Add(`{"type":"hello","page":"\u0000"}`, `{"type":"mic","state":"denied"}`)
	f.Add(`{"type":"hello","page":""}`, `[]`)
	f.Add(`{"type":"hello","page":"p3"}`, `{"type":"quality","sid":"CAfuzz","word":"weak","loss":-1,"rtt":9223372036854775807}`)
	f.Add(strings.Repeat("[", 10000), `{"type":{}}`)
	f.Fuzz(func(t *testing.T, first, second string) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		for _, path := range []string{"/api/agents/agent1/stream", "/api/caller/stream"} {
			ws, _, err := websocket.Dial(ctx, strings.Replace(w.url, "http", "ws", 1)+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, message := range []string{first, second} {
				_ = ws.Write(ctx, websocket.MessageText, []byte(message)) // it may be closed by now
			}
			ws.CloseNow()
		}
		response, err := http.Get(w.url + "/api/agents/agent1/snapshot")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Fatal(response.Status)
		}
	})
}
