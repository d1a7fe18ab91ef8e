package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"warmdesk/switchboard/switchboardtest"
	"warmdesk/twilio"
	"warmdesk/twilio/twiliotest"
)

// TestForeignClients has Twilio's own libraries for Node, Python and Go drive
// the switchboard, in the program as it is shipped, and the strict double: one
// scenario for all of them. What a library would trip over at Twilio's place, it
// trips over here.
func TestForeignClients(t *testing.T) {
	t.Parallel()
	libraries := []struct {
		name  string
		start func(*testing.T) foreigner
	}{
		{"twilio-node", nodeLibrary},
		{"python3-twilio", pythonLibrary},
		{"twilio-go", func(*testing.T) foreigner { return &goLibrary{} }},
	}
	for _, service := range []struct {
		name  string
		start func(*testing.T) *service
	}{{"switchboard", switchboardService}, {"double", doubleService}} {
		t.Run(service.name, func(t *testing.T) {
			s := service.start(t)
			for _, library := range libraries {
				t.Run(library.name, func(t *testing.T) { newScenario(t, s, library.start(t), library.name).run() })
			}
		})
	}
}

// service is a Twilio, as its customers see it.
type service struct {
	base                              string
	account, token, key, secret, line string
	application                       string
	// signIn has a phone answer every call to an identity, until the test ends.
	// The token is a library's own.
	signIn func(t *testing.T, identity, token string)
	// speak has whoever is on a call say something for so long.
	speak func(t *testing.T, call string, length time.Duration)
	// browserToken is one of our own.
	browserToken func(t *testing.T) string
}

// switchboardService is the program with its built-in switchboard.
func switchboardService(t *testing.T) *service {
	addr := freeAddr(t)
	database := filepath.Join(t.TempDir(), "desk.db")
	p := &program{t: t, addr: addr, url: "http://" + addr, env: []string{"ADDR=" + addr, "PUBLIC_URL=http://" + addr, "DATABASE_URL=" + database}}
	p.start()
	t.Cleanup(func() { p.stop(syscall.SIGKILL) })
	own, err := loadCredentials(credentialsPath(database))
	if err != nil {
		t.Fatal(err)
	}
	return &service{
		base: p.url, account: own.AccountSID, token: own.AuthToken, key: own.APIKeySID, secret: own.APIKeySecret,
		line: switchboardNumber, application: own.ApplicationSID,
		signIn: func(t *testing.T, identity, token string) {
			ctx, cancel := context.WithCancel(t.Context())
			phone, err := switchboardtest.Dial(ctx, switchboardtest.Config{URL: p.url, Token: token, Tone: 600})
			if err == nil {
				err = phone.Register(ctx)
			}
			if err != nil {
				t.Fatalf("sign in %s: %v", identity, err)
			}
			var answering sync.WaitGroup
			answering.Go(func() {
				for {
					call, err := phone.Incoming(ctx)
					if err != nil || call.Accept(ctx) != nil {
						return // the end of the test, or a call that did not wait
					}
				}
			})
			t.Cleanup(func() { cancel(); answering.Wait(); phone.Close() })
		},
		speak: func(*testing.T, string, time.Duration) {}, // its tone is always there
		browserToken: func(t *testing.T) string {
			keys := &keySource{have: apiKey{own.APIKeySID, own.APIKeySecret}}
			token, _, err := (&tokens{account: own.AccountSID, keys: keys, agentTime: time.Hour}).AgentToken("agent1")
			if err != nil {
				t.Fatal(err)
			}
			return token
		},
	}
}

// doubleService is the double of Twilio.
func doubleService(t *testing.T) *service {
	const token = "tokenofthetest" // twilio-go takes letters and digits only
	double := twiliotest.New(twiliotest.Config{AccountSID: testAccount, AuthToken: token, Number: testNumber})
	t.Cleanup(double.Close)
	server := httptest.NewServer(double)
	t.Cleanup(server.Close)
	const key, secret = "SK00000000000000000000000000000001", "secretofthekey"
	return &service{
		base: server.URL, account: testAccount, token: token, key: key, secret: secret, line: testNumber,
		application: "AP00000000000000000000000000000001",
		signIn: func(t *testing.T, identity, _ string) {
			agent := double.Agent(identity)
			agent.AnswerAll(true)
			t.Cleanup(agent.SignOut)
		},
		speak: func(t *testing.T, call string, length time.Duration) {
			for _, leg := range double.Legs() {
				if leg.SID == call {
					leg.Speak(t, length)
				}
			}
		},
		browserToken: func(t *testing.T) string {
			token, err := twilio.AccessToken(twilio.AccessTokenConfig{
				AccountSID: testAccount, KeySID: key, KeySecret: secret, Identity: "agent1", Incoming: true, TTL: time.Hour, Now: time.Now(),
			})
			if err != nil {
				t.Fatal(err)
			}
			return token
		},
	}
}

// scenario is one library at one service, and the application between them.
type scenario struct {
	*testing.T
	s       *service
	library foreigner
	room    string
	one     string // two identities of this scenario's own
	two     string
	app     *httptest.Server

	mu        sync.Mutex
	documents map[string]string
	hooks     []hook
}

// hook is a webhook that the application has got.
type hook struct {
	path, query, signature string
	form                   map[string]string
}

func newScenario(t *testing.T, s *service, library foreigner, name string) *scenario {
	own := strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(name, "twilio-"), "python3-"), "-", "_")
	c := &scenario{T: t, s: s, library: library, room: name + " room", one: own + "_one", two: own + "_two", documents: map[string]string{
		"/wait":   `<Response><Pause length="600"/></Response>`,
		"/record": `<Response><Record maxLength="1" timeout="1" playBeep="false" action="/after"/></Response>`,
		"/after":  `<Response><Hangup/></Response>`,
	}}
	c.app = httptest.NewServer(http.HandlerFunc(c.answer))
	t.Cleanup(c.app.Close)
	return c
}

// answer is the application's.
func (c *scenario) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the service has given up
	}
	values, _ := url.ParseQuery(string(body)) // what cannot be read is not validated either
	form := map[string]string{}
	for name := range values {
		form[name] = values.Get(name)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hooks = append(c.hooks, hook{r.URL.Path, r.URL.RawQuery, r.Header.Get(twilio.SignatureHeader), form})
	if document, ok := c.documents[r.URL.Path]; ok {
		w.Header().Set("Content-Type", "text/xml")
		io.WriteString(w, document)
	}
}

// told waits for a webhook with these fields.
func (c *scenario) told(path string, pairs ...string) hook {
	c.Helper()
	var found hook
	c.eventually(fmt.Sprintf("%s is told of %q", path, pairs), func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, h := range c.hooks {
			fits := h.path == path
			for i := 0; i < len(pairs); i += 2 {
				fits = fits && h.form[pairs[i]] == pairs[i+1]
			}
			if fits {
				found = h
				return true
			}
		}
		return false
	})
	return found
}

func (c *scenario) eventually(what string, ok func() bool) {
	c.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); {
		if time.Now().After(end) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.Fatalf("never: %s; webhooks: %+v", what, c.hooks)
		}
		time.Sleep(10 * time.Millisecond) // polling, with the deadline above
	}
}

// do asks the library and wants success.
func (c *scenario) do(operation string, with arguments) answer {
	c.Helper()
	a, err := c.library.ask(operation, with)
	if err != nil || a.Broken != "" || a.Code != 0 {
		c.Fatalf("%s %v: %v %+v", operation, with, err, a)
	}
	return a
}

// rest has the library use the API: what, on which resource, with what.
func (c *scenario) rest(do string, on []string, pairs ...any) answer {
	c.Helper()
	return c.do("rest", arguments{"Do": do, "On": on, "With": pairsOf(pairs)})
}

// refused wants a refusal as the library reports it.
func (c *scenario) refused(status, code int, do string, on []string, pairs ...any) {
	c.Helper()
	a, err := c.library.ask("rest", arguments{"Do": do, "On": on, "With": pairsOf(pairs)})
	if err != nil || a.Status != status || a.Code != code {
		c.Errorf("%s %v %v: %v %+v, want status %d, code %d", do, on, pairs, err, a, status, code)
	}
}

func pairsOf(pairs []any) arguments {
	with := arguments{}
	for i := 0; i < len(pairs); i += 2 {
		with[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return with
}

func at(path ...string) []string { return path }

func (c *scenario) equal(what string, got, want any) {
	c.Helper()
	if got != want {
		c.Errorf("%s: %v, want %v", what, got, want)
	}
}

func (c *scenario) use(user, password string) {
	c.Helper()
	c.do("use", arguments{"Base": c.s.base, "Account": c.s.account, "User": user, "Password": password})
}

func (c *scenario) run() {
	c.use(c.s.account, c.s.token)
	c.signIn(c.one)
	c.signIn(c.two)
	c.documents["/room"] = c.do("twiml", arguments{
		"Action": "/after", "Room": c.room, "Wait": c.app.URL + "/wait", "Events": c.app.URL + "/events",
	}).OK.Text
	first, second := c.dial(c.one), c.dial(c.two)
	conference := c.told("/events", "StatusCallbackEvent", "participant-join", "CallSid", first).form["ConferenceSid"]
	c.told("/events", "StatusCallbackEvent", "participant-join", "CallSid", second)
	c.conference(conference, first)
	c.record(conference, first)
	c.remove(conference, second)
	c.endAll()
	c.lists()
	c.refusals(first)
	c.keys()
	c.tokens()
	c.signatures()
}

// signIn has a phone answer, with a token of the library's own making.
func (c *scenario) signIn(identity string) {
	c.Helper()
	token := c.do("token", arguments{
		"Account": c.s.account, "Key": c.s.key, "Secret": c.s.secret, "Identity": identity, "Application": c.s.application,
	}).OK.Text
	c.s.signIn(c.T, identity, token)
}

// dial makes a call into the room.
func (c *scenario) dial(identity string) string {
	c.Helper()
	begun := time.Now().Unix()
	made := c.rest("create", at("calls"), "To", "client:"+identity, "From", c.s.line, "Url", c.app.URL+"/room",
		"Timeout", 20, "StatusCallback", c.app.URL+"/status", "StatusCallbackEvent", []string{"initiated", "ringing", "answered", "completed"})
	c.equal("direction", made.OK.Direction, "outbound-api")
	c.equal("status", made.OK.Status, "queued")
	c.equal("to", made.OK.To, "client:"+identity)
	c.equal("from", made.OK.From, c.s.line)
	if made.OK.Created < begun-2 || made.OK.Created > time.Now().Unix()+2 {
		c.Errorf("created at %d, now is %d", made.OK.Created, begun)
	}
	c.told("/status", "CallSid", made.OK.SID, "CallStatus", "in-progress")
	c.equal("status once answered", c.rest("fetch", at("calls", made.OK.SID)).OK.Status, "in-progress")
	return made.OK.SID
}

// conference finds the room and turns what can be turned in it.
func (c *scenario) conference(sid, call string) {
	c.Helper()
	found := c.rest("list", at("conferences"), "FriendlyName", c.room, "Status", "in-progress").OK.List
	if len(found) != 1 || found[0].SID != sid {
		c.Fatalf("conferences %+v, want %s", found, sid)
	}
	c.equal("friendly name", c.rest("fetch", at("conferences", sid)).OK.FriendlyName, c.room)
	people := at("conferences", sid, "participants")
	c.equal("participants", len(c.rest("list", people).OK.List), 2)
	one := append(people, call)
	held := c.rest("update", one, "Hold", true, "HoldUrl", c.app.URL+"/wait")
	c.equal("hold", held.OK.Hold, true)
	c.told("/events", "StatusCallbackEvent", "participant-hold", "CallSid", call)
	on := c.rest("list", people, "Hold", true).OK.List
	if len(on) != 1 || on[0].CallSID != call {
		c.Errorf("on hold: %+v", on)
	}
	c.equal("hold", c.rest("update", one, "Hold", false).OK.Hold, false)
	c.equal("muted", c.rest("update", one, "Muted", true).OK.Muted, true)
	c.told("/events", "StatusCallbackEvent", "participant-mute", "CallSid", call)
	c.equal("muted", c.rest("fetch", one).OK.Muted, true)
	c.equal("muted", c.rest("update", one, "Muted", false).OK.Muted, false)
	c.equal("an announcement", c.rest("update", one, "AnnounceUrl", c.app.URL+"/wait").OK.CallSID, call)
}

// record takes a leg out of the room to be recorded, and has the recording.
func (c *scenario) record(conference, call string) {
	c.Helper()
	c.equal("redirected", c.rest("update", at("calls", call), "Url", c.app.URL+"/record").OK.Status, "in-progress")
	c.told("/events", "StatusCallbackEvent", "participant-leave", "CallSid", call)
	c.told("/record", "CallSid", call)
	c.s.speak(c.T, call, time.Second)
	sid := c.told("/after", "CallSid", call, "RecordingDuration", "1").form["RecordingSid"]
	c.eventually("the recording is complete", func() bool {
		list := c.rest("list", at("recordings"), "CallSid", call).OK.List
		return len(list) == 1 && list[0].SID == sid && list[0].Status == "completed"
	})
	c.equal("the recording's call", c.rest("fetch", at("recordings", sid)).OK.CallSID, call)
	c.rest("delete", at("recordings", sid))
	c.refused(http.StatusNotFound, 20404, "fetch", at("recordings", sid))
	c.refused(http.StatusNotFound, 20404, "fetch", at("conferences", conference, "participants", call))
	c.told("/status", "CallSid", call, "CallStatus", "completed")
}

// remove throws the last one out, which ends the conference.
func (c *scenario) remove(conference, call string) {
	c.Helper()
	c.rest("delete", at("conferences", conference, "participants", call))
	c.told("/after", "CallSid", call)
	c.told("/events", "StatusCallbackEvent", "conference-end", "ConferenceSid", conference)
	over := c.rest("fetch", at("conferences", conference))
	c.equal("status of the empty conference", over.OK.Status, "completed")
	c.equal("reason", over.OK.Reason, "last-participant-kicked")
	c.told("/status", "CallSid", call, "CallStatus", "completed")
}

// endAll ends a conference with people in it.
func (c *scenario) endAll() {
	c.Helper()
	call := c.dial(c.one)
	conference := c.told("/events", "StatusCallbackEvent", "participant-join", "CallSid", call).form["ConferenceSid"]
	over := c.rest("update", at("conferences", conference), "Status", "completed")
	c.equal("status of the ended conference", over.OK.Status, "completed")
	c.told("/after", "CallSid", call)
}

// lists turns pages and filters.
func (c *scenario) lists() {
	c.Helper()
	nobody := "client:" + c.one + "_absent"
	for range 5 {
		made := c.rest("create", at("calls"), "To", nobody, "From", c.s.line, "Url", c.app.URL+"/room").OK.SID
		c.eventually("the call fails", func() bool { return c.rest("fetch", at("calls", made)).OK.Status == "failed" })
	}
	seen := map[string]bool{}
	for _, r := range c.rest("list", at("calls"), "To", nobody, "PageSize", 2).OK.List {
		seen[r.SID] = true
	}
	c.equal("calls in all pages", len(seen), 5)
	c.equal("limited", len(c.rest("list", at("calls"), "To", nobody, "PageSize", 2, "Limit", 3).OK.List), 3)
	c.equal("failed", len(c.rest("list", at("calls"), "To", nobody, "Status", "failed").OK.List), 5)
	c.equal("busy", len(c.rest("list", at("calls"), "To", nobody, "Status", "busy").OK.List), 0)
	c.equal("of nobody", len(c.rest("list", at("calls"), "To", "client:"+c.one+"_nowhere").OK.List), 0)
}

// refusals have Twilio's status and code in the library's own error.
func (c *scenario) refusals(ended string) {
	c.Helper()
	const none = "00000000000000000000000000000000"
	line, address := c.s.line, c.app.URL+"/room"
	c.refused(http.StatusNotFound, 20404, "fetch", at("calls", "CA"+none))
	c.refused(http.StatusNotFound, 20404, "fetch", at("conferences", "CF"+none))
	c.refused(http.StatusNotFound, 20404, "list", at("conferences", "CF"+none, "participants"))
	c.refused(http.StatusNotFound, 20404, "fetch", at("recordings", "RE"+none))
	c.refused(http.StatusBadRequest, 21201, "create", at("calls"), "To", "", "From", line, "Url", address)
	c.refused(http.StatusBadRequest, 21205, "create", at("calls"), "To", "client:x", "From", line, "Url", "nowhere")
	c.refused(http.StatusBadRequest, 21210, "create", at("calls"), "To", "client:x", "From", "+15559999", "Url", address)
	c.refused(http.StatusBadRequest, 21220, "update", at("calls", ended), "Status", "completed")
	c.refused(http.StatusBadRequest, 21220, "update", at("calls", ended), "Url", address)
	c.use(c.s.account, "wrong")
	c.refused(http.StatusUnauthorized, 20003, "list", at("calls"))
	c.refused(http.StatusUnauthorized, 20003, "create", at("calls"), "To", "client:x", "From", line, "Url", address)
	c.use("AC"+none, c.s.token)
	c.refused(http.StatusUnauthorized, 20003, "list", at("calls"))
	c.use(c.s.account, c.s.token)
}

// keys open the account as its token does.
func (c *scenario) keys() {
	c.Helper()
	made := c.rest("create", at("new_keys"), "FriendlyName", "foreign")
	c.use(made.OK.SID, made.OK.Secret)
	c.equal("calls seen with a key", len(c.rest("list", at("calls"), "Limit", 1).OK.List), 1)
	c.use(made.OK.SID, "wrong")
	c.refused(http.StatusUnauthorized, 20003, "list", at("calls"))
	c.use(c.s.account, c.s.token)
}

// tokens of ours are read by the library, and with another secret they are not.
func (c *scenario) tokens() {
	c.Helper()
	ours := c.s.browserToken(c.T)
	read := c.do("read_token", arguments{"Token": ours, "Secret": c.s.secret}).OK
	c.equal("identity", read.Identity, "agent1")
	c.equal("account", read.Account, c.s.account)
	c.equal("key", read.Key, c.s.key)
	if a, err := c.library.ask("read_token", arguments{"Token": ours, "Secret": "another"}); err == nil && a.Broken == "" {
		c.Errorf("a token with another secret was read: %+v", a)
	}
}

// signatures of every webhook are good, for what they sign and nothing else.
func (c *scenario) signatures() {
	c.Helper()
	c.mu.Lock()
	hooks := c.hooks
	c.mu.Unlock()
	valid := func(secret string, h hook) bool {
		address := c.app.URL + h.path
		if h.query != "" {
			address += "?" + h.query
		}
		return c.do("validate", arguments{"Secret": secret, "Url": address, "Form": h.form, "Signature": h.signature}).OK.Valid
	}
	for _, h := range hooks {
		if !valid(c.s.token, h) {
			c.Errorf("the signature of %s %v is not valid", h.path, h.form)
		}
	}
	last := hooks[len(hooks)-1]
	c.equal("valid with another token", valid("another", last), false)
	last.form["CallSid"] = "CA0"
	c.equal("valid for another call", valid(c.s.token, last), false)
}
