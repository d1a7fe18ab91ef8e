package console_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/console"
	"warmdesk/desk"
	"warmdesk/internal/wiretest"
	"warmdesk/outbox"
	"warmdesk/settings"
	"warmdesk/staff"
	"warmdesk/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const account = "AC00000000000000000000000000000001"

// obedient is a carrier that does what it is told.
type obedient struct{}

func (obedient) Carry(_ context.Context, _ call.Call, a call.Action) call.Result {
	r := call.Result{Key: a.Key, Kind: a.Kind, Attempt: a.Attempt, Verdict: call.Done}
	if a.Kind == call.Dial {
		r.SID = "CA" + string(a.Leg)
	}
	return r
}

func (obedient) Strangers(context.Context, func(string) bool) ([]call.Arrived, error) {
	return nil, nil
}

// plainTokens are tokens anybody can read.
type plainTokens struct{}

func (plainTokens) AgentToken(id agent.ID) (string, time.Time, error) {
	return "token-of-" + string(id), time.Now().Add(time.Hour), nil
}
func (plainTokens) CallerToken(identity string) (string, error) { return "caller:" + identity, nil }
func (plainTokens) CallerIdentity(token string) (string, error) {
	identity, ok := strings.CutPrefix(token, "caller:")
	if !ok {
		return "", console.ErrNoCallerPage
	}
	return identity, nil
}

// world is a running desk with its console in front.
type world struct {
	t       testing.TB
	desk    *desk.Desk
	db      *store.Store
	records *records
	url     string
	host    string
	handler http.Handler
}

func newWorld(t testing.TB, passwords map[agent.ID]string) *world {
	t.Helper()
	return newWorldWith(t, passwords, func(*console.Config) {})
}

// newWorldWith is one whose console is configured otherwise.
func newWorldWith(t testing.TB, passwords map[agent.ID]string, change func(*console.Config)) *world {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{URL: store.Memory})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	old := &records{whole: db}
	hub := console.NewHub()
	log := slog.New(slog.DiscardHandler)
	d, err := desk.New(t.Context(), desk.Config{
		Store: db, Phone: obedient{}, Feed: hub, Account: account, Recovery: true, Logger: log,
		Roster: []agent.Agent{{ID: "agent1", Name: "Ana"}, {ID: "agent2", Name: "Ben"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	var fixed []staff.Fixed
	for id, password := range passwords {
		e, _ := d.View().Agent(id)
		fixed = append(fixed, staff.Fixed{ID: id, Name: e.Name, Password: password})
	}
	server := httptest.NewUnstartedServer(nil)
	public, _ := url.Parse("http://" + server.Listener.Addr().String())
	set, err := settings.New(t.Context(), settings.Config{
		Store: db, Defaults: defaults(), Fixed: map[string]string{"wrapUp.seconds": "WRAP_UP"}, Logger: log,
		Changed: func(_ context.Context, now settings.State) {
			d.SetRules(desk.Rules{Limits: call.Limits{Ring: time.Duration(now.Document.Transfers.Ring) * time.Second}})
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	tickets := console.NewTickets(console.TicketConfig{Store: db, Desk: d, Closed: func() bool { return !set.Now().Document.CallPage.Open }, AtOnce: 3, PerHour: 10, All: 50})
	cfg := console.Config{
		Desk: d, Hub: hub, Staff: staff.New(staff.Config{Store: db, Fixed: fixed, Logger: log}), Records: old, Outbox: outbox.New(outbox.Config{Store: db, Logger: log}), Recordings: tape{}, Tokens: plainTokens{}, Tickets: tickets, Account: account,
		Demo: passwords == nil, PublicURL: public, Number: "+15005550006",
		Pages: fstest.MapFS{
			"index.html": {Data: []byte("<h1>desk</h1>")}, "assets/ring.wav": {Data: []byte("sound")},
			"assets/app.js": {Data: []byte("plain")}, "assets/app.js.br": {Data: []byte("br")}, "assets/app.js.gz": {Data: []byte("gz")},
		},
		Ready:    func(context.Context) error { return nil },
		Keeper:   desk.NewKeeper(desk.KeeperConfig{Archive: db, Account: account, Erased: d.Forget, Logger: log}),
		Settings: set, Sounds: beeps{},
		Carrier: console.Carrier{Name: "Twilio", TokenSet: true, Test: found},
		Logger:  log,
	}
	change(&cfg)
	c, err := console.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	c.Register(mux)
	server.Config.Handler = mux
	server.Config.BaseContext = func(net.Listener) context.Context { return ctx } // sockets end with the world
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run desk: %v", err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	return &world{t, d, db, old, server.URL, public.Host, mux}
}

// send makes a request; headers come in pairs.
func (w *world) send(method, path, body string, headers ...string) (int, string, http.Header) {
	w.t.Helper()
	status, header, answer := wiretest.Send(w.t, method, w.url+path, body, headers...)
	return status, answer, header
}

// arrive puts a customer in line.
func (w *world) arrive(sid string) call.ID {
	w.t.Helper()
	c, err := w.desk.Arrive(w.t.Context(), call.Arrived{Account: account, SID: sid, Number: "client:dana", Name: "Dana"}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return c.ID
}

// talk brings agent1 into a conversation with a new customer.
func (w *world) talk(sid string) call.ID {
	w.t.Helper()
	id := w.arrive(sid)
	ctx := w.t.Context()
	if err := w.desk.TokenFetched(ctx, "agent1", time.Now().Add(time.Hour)); err != nil {
		w.t.Fatal(err)
	}
	if err := w.desk.SetPresence(ctx, "agent1", agent.Available, ""); err != nil {
		w.t.Fatal(err)
	}
	w.until(id, func(c call.Call) bool { l := c.AgentLeg("agent1"); return l != nil && l.SID != "" })
	for _, e := range []call.Event{
		call.RoomMoved{SID: sid, RoomSID: "CF1", Seq: 1, Move: call.Joined},
		call.RoomMoved{SID: "CA" + string(id) + "-2", RoomSID: "CF1", Seq: 2, Move: call.Joined},
	} {
		if _, err := w.desk.Fact(ctx, id, e, nil); err != nil {
			w.t.Fatal(err)
		}
	}
	w.until(id, func(c call.Call) bool { return c.Stage == call.Talking })
	return id
}

func (w *world) until(id call.ID, ok func(call.Call) bool) call.Call {
	w.t.Helper()
	for end := time.Now().Add(5 * time.Second); ; {
		c, err := w.desk.Call(w.t.Context(), id)
		if err != nil {
			w.t.Fatal(err)
		}
		if ok(c) {
			return c
		}
		if time.Now().After(end) {
			w.t.Fatalf("call stays %s: %+v", c.Stage, c.Legs)
		}
		time.Sleep(2 * time.Millisecond) // polling, with the deadline above
	}
}

func TestDemoAnswersOnlyHere(t *testing.T) {
	w := newWorld(t, nil)
	for name, headers := range map[string][]string{
		"another host name": {"Host", "desk.example.com"},
		"rebound name":      {"Host", "127.0.0.1.example.com"},
		"behind a proxy":    {"X-Forwarded-For", "203.0.113.9"},
		"foreign origin":    {"Origin", "https://evil.example"},
		"null origin":       {"Origin", "null"},
		"cross-site fetch":  {"Sec-Fetch-Site", "cross-site"},
	} {
		status, body, _ := w.send("POST", "/agent1/token", "", headers...)
		if status != http.StatusForbidden || !strings.Contains(body, `"message"`) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if v, _ := w.desk.View().Agent("agent1"); v.Presence != agent.Offline {
		t.Errorf("a refused request made the agent %s", v.Presence)
	}
	if status, body, _ := w.send("POST", "/agent1/token", "", "Origin", w.url); status != 200 || !strings.Contains(body, `"agentId":"agent1"`) {
		t.Errorf("own page: %d %s", status, body)
	}
}

func TestTokenMeansAvailableOnlyWithoutAPage(t *testing.T) {
	w := newWorld(t, nil)
	presence := func() agent.Presence { e, _ := w.desk.View().Agent("agent1"); return e.Presence }
	if w.send("POST", "/agent1/token", "", "Warmdesk-Agent", "agent1"); presence() != agent.Offline {
		t.Errorf("a page's token made the agent %s", presence())
	}
	if w.send("POST", "/agent1/token", ""); presence() != agent.Available {
		t.Errorf("the tutorial's client is %s", presence())
	}
}

func TestRequestsOfACall(t *testing.T) {
	w := newWorld(t, nil)
	id := w.talk("CA1")
	ana := []string{"Warmdesk-Agent", "agent1"}
	for _, c := range []struct {
		name, path, body string
		headers          []string
		status           int
		code             string
	}{
		{"nobody named", "/end", "", nil, 401, "sign_in"},
		{"nobody to ring again", "/redial", "", ana, 409, "not_now"},
		{"long note", "/note", `{"text":"` + strings.Repeat("x", call.MostNote+1) + `"}`, ana, 400, "bad_request"},
		{"no such request", "/explode", "", ana, 404, "no_such_request"},
		{"malformed", "/invite", "{", ana, 400, "bad_request"},
		{"too large", "/invite", `{"reason":"` + strings.Repeat("x", 20<<10) + `"}`, ana, 413, "too_large"},
		{"nobody to invite", "/invite", "{}", ana, 400, "bad_request"},
		{"not reachable", "/invite", `{"to":"agent2"}`, ana, 409, "not_free"},
		{"several, and none reachable", "/invite", `{"to":["agent2","agent3"]}`, ana, 409, "not_free"},
		{"a team that is not there", "/consult", `{"to":"team:billing"}`, ana, 409, "not_free"},
		{"a number", "/send", `{"to":"agent2,+4930123456"}`, ana, 409, "not_allowed"},
		{"a SIP address", "/send", `{"to":["sip:ben@example.com"]}`, ana, 409, "not_available"},
		{"not an address", "/send", `{"to":7}`, ana, 400, "bad_request"},
		{"long reason", "/invite", `{"to":"agent2","reason":"` + strings.Repeat("x", 81) + `"}`, ana, 409, "not_free"},
		{"not now", "/leave", "", ana, 409, "not_now"},
		{"seen too long ago", "/end", "", append(ana, "If-Match", "1"), 409, "changed"},
	} {
		status, body, _ := w.send("POST", "/api/calls/"+string(id)+c.path, c.body, c.headers...)
		var answer struct{ Code, Message string }
		if err := json.Unmarshal([]byte(body), &answer); err != nil || status != c.status || answer.Code != c.code || answer.Message == "" {
			t.Errorf("%s: %d %s, want %d %s", c.name, status, body, c.status, c.code)
		}
	}
	if status, body, _ := w.send("POST", "/api/calls/CA9/end", "", ana...); status != 404 || !strings.Contains(body, "no_such_call") {
		t.Errorf("unknown call: %d %s", status, body)
	}
	if c, _ := w.desk.Call(t.Context(), id); c.Stage != call.Talking {
		t.Errorf("refused requests made the call %s", c.Stage)
	}
	// The customer's CallSid names the call as well.
	status, body, _ := w.send("POST", "/api/calls/CA1/end", "", append(ana, "Idempotency-Key", "k")...)
	if status != 202 || !strings.Contains(body, `"version"`) {
		t.Fatalf("end: %d %s", status, body)
	}
	if status, _, _ = w.send("POST", "/api/calls/CA1/end", "", append(ana, "Idempotency-Key", "k")...); status != 202 {
		t.Errorf("the same again: %d", status)
	}
	w.until(id, func(c call.Call) bool { return c.Stage == call.Ended })
	status, body, _ = w.send("GET", "/api/calls/"+string(id)+"/timeline", "", ana...)
	if status != 200 || strings.Index(body, "arrived") > strings.Index(body, "ended") || !strings.Contains(body, `"sentence":"Ana ended the call."`) {
		t.Errorf("timeline: %d %s", status, body)
	}
}

func TestDialSecondInvitesFromOwnCall(t *testing.T) {
	w := newWorld(t, nil)
	if status, body, _ := w.send("POST", "/conference/agent1/call", ""); status != 409 || !strings.Contains(body, "no_call") {
		t.Errorf("without a call: %d %s", status, body)
	}
	id := w.talk("CA1")
	w.send("POST", "/agent2/token", "")
	if status, body, _ := w.send("POST", "/conference/agent1/call", ""); status != 202 {
		t.Fatalf("dial agent 2: %d %s", status, body)
	}
	if c := w.until(id, func(c call.Call) bool { return c.Stage == call.Inviting }); c.Target != "agent2" {
		t.Errorf("invited %s", c.Target)
	}
}

func TestStreamSendsSnapshotsAndHearsThePage(t *testing.T) {
	w := newWorld(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	dial := func(page string) *websocket.Conn {
		ws, _, err := websocket.Dial(ctx, w.url+"/api/agents/agent1/stream", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {w.url}}})
		if err != nil {
			t.Fatal(err)
		}
		say(ctx, t, ws, `{"type":"hello","page":"`+page+`"}`)
		return ws
	}
	ws := dial("p1")
	if s := hear(ctx, t, ws); s.Type != "snapshot" || s.Me.Name != "Ana" || s.Presence != "offline" {
		t.Fatalf("first message: %+v", s)
	}
	say(ctx, t, ws, `{"type":"device","registered":true}`)
	if err := w.desk.SetPresence(ctx, "agent1", agent.Available, ""); err != nil {
		t.Fatal(err)
	}
	waitFor(ctx, t, ws, func(s message) bool { return s.Presence == "available" })
	w.arrive("CA1")
	waitFor(ctx, t, ws, func(s message) bool { return len(s.Calls) == 1 && s.Calls[0].Stage == "offering" })
	say(ctx, t, ws, `{"type":"mic","state":"denied"}`)
	waitFor(ctx, t, ws, func(s message) bool { return s.PresenceReason == "microphone not available" })

	second := dial("p2")
	defer second.CloseNow()
	for {
		_, _, err := ws.Read(ctx)
		if websocket.CloseStatus(err) == 4001 {
			break
		}
		if err != nil {
			t.Fatalf("the older page was closed with %v", err)
		}
	}
}

// In a call the next one is kept away, and not if the microphone works again in time.
func TestMicrophoneLostInACall(t *testing.T) {
	w := newWorld(t, nil)
	w.talk("CA1")
	for _, works := range []bool{false, true} {
		if err := w.desk.Microphone(t.Context(), "agent1", works); err != nil {
			t.Fatal(err)
		}
		if s := w.snapshot("agent1"); s.Presence != agent.OnCall || (s.Next == agent.Away) == works {
			t.Errorf("works %v: %s, then %q", works, s.Presence, s.Next)
		}
	}
}

func TestStreamRefusesForeignPages(t *testing.T) {
	w := newWorld(t, nil)
	_, resp, err := websocket.Dial(t.Context(), w.url+"/api/agents/agent1/stream", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {"https://evil.example"}}})
	if err == nil || resp == nil || resp.StatusCode != 403 {
		t.Errorf("foreign origin: %v %v", resp, err)
	}
}

func TestCallerFollowsOnlyTheirOwnCall(t *testing.T) {
	w := newWorld(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	follow := func(token string) *websocket.Conn {
		ws, _, err := websocket.Dial(ctx, w.url+"/api/caller/stream", nil)
		if err != nil {
			t.Fatal(err)
		}
		say(ctx, t, ws, `{"type":"hello","token":"`+token+`"}`)
		return ws
	}
	mine, other := follow("caller:dana"), follow("caller:eve")
	defer mine.CloseNow()
	defer other.CloseNow()
	w.talk("CA1")
	waitFor(ctx, t, mine, func(m message) bool { return m.State == "talking" && m.Sentence == "Ana is here." })
	if m := hear(ctx, t, other); m.State != "none" {
		t.Errorf("a stranger sees %+v", m)
	}
	// The place in line is told, and that of somebody who came back is before.
	for _, name := range []string{"eve", "mia"} {
		if _, err := w.desk.Arrive(ctx, call.Arrived{Account: account, SID: "CA-" + name, Number: "client:" + name, Returning: name == "mia"}, nil); err != nil {
			t.Fatal(err)
		}
	}
	waitFor(ctx, t, other, func(m message) bool { return m.State == "waiting" && m.Position == 2 })
	bad := follow("forged")
	if _, _, err := bad.Read(ctx); websocket.CloseStatus(err) != 4003 {
		t.Errorf("a forged token: %v", err)
	}
}

func TestEveryRouteIsDescribed(t *testing.T) {
	w := newWorld(t, nil)
	_, body, _ := w.send("GET", "/api/openapi.json", "")
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil {
		t.Fatal(err)
	}
	for pattern := range (&console.Console{}).Routes() {
		method, path, _ := strings.Cut(pattern, " ")
		path = strings.ReplaceAll(strings.TrimSuffix(path, "{$}"), "...}", "}")
		if doc.Paths[path][strings.ToLower(method)] == nil {
			t.Errorf("%s is not described", pattern)
		}
	}
}

func TestPagesCarryTheirPolicy(t *testing.T) {
	w := newWorld(t, nil)
	status, body, head := w.send("GET", "/", "")
	if status != 200 || body != "<h1>desk</h1>" || !strings.Contains(head.Get("Content-Security-Policy"), "script-src 'self'") {
		t.Errorf("page: %d %q %v", status, body, head)
	}
	if status, _, _ := w.send("GET", "/assets/../console.go", ""); status != 404 {
		t.Errorf("a path out of the pages: %d", status)
	}
	if status, _, _ := w.send("GET", "/assets/ring.wav", "", "If-None-Match", ""); status != 200 {
		t.Errorf("asset: %d", status)
	}
}

type message struct {
	Type           string
	Me             struct{ Name string }
	Presence       string
	PresenceReason string
	State          string
	Sentence       string
	Position       int
	Calls          []struct{ Stage string }
}

func say(ctx context.Context, t *testing.T, ws *websocket.Conn, text string) {
	t.Helper()
	if err := ws.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func hear(ctx context.Context, t *testing.T, ws *websocket.Conn) message {
	t.Helper()
	_, data, err := ws.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func waitFor(ctx context.Context, t *testing.T, ws *websocket.Conn, ok func(message) bool) {
	t.Helper()
	for !ok(hear(ctx, t, ws)) {
	}
}
