package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"warmdesk/switchboard/switchboardtest"
	"warmdesk/twilio/twiliotest"
)

// Passwords of the attacked desk's people.
const (
	anaPassword = "a-word-only-ana-knows"
	benPassword = "a-word-only-ben-knows"
)

// Tones of those who talk with real sound.
const anaTone, danaTone = 600.0, 900.0

// victim is the program as it is shipped, in the middle of a call: Ana talks
// with Dana, Ben is signed in. Attacks are sent to it over the wire.
type victim struct {
	testing.TB
	*program
	database string
	db       *sql.DB // what is in it; nil before the first look
	call     string  // the customer's CallSid
	id       string  // our own id of the call
	cookies  map[string]string
	// secrets must not be in any answer.
	secrets []string
	// talking reports what is wrong with the sound of the live call.
	talking   func() error
	double    *twiliotest.Double    // nil: the built-in switchboard
	callbacks *recorder             // of the double
	own       credentials           // of the built-in switchboard
	dana, ana *switchboardtest.Call // their ends of the call there
}

// twilioVictim is a desk on Twilio, whose part the double plays.
func twilioVictim(t *testing.T, env ...string) *victim {
	double, p := twilioWorld(t, append([]string{"AGENTS=agent1=Ana:" + anaPassword + ",agent2=Ben:" + benPassword}, env...)...)
	ana := double.Agent("agent1")
	callbacks := &recorder{}
	double.Callbacks(callbacks.take)
	v := &victim{TB: t, program: p, double: double, callbacks: callbacks, secrets: []string{testToken, anaPassword, benPassword}}
	v.database = v.setting("DATABASE_URL")
	v.cookies = map[string]string{"ana": p.signIn("agent1", anaPassword), "ben": p.session("agent2", benPassword)}
	dana := double.Call("+15550001")
	ana.Ringing(t).Answer()
	dana.WaitFor(t, "people: agent1")
	v.call = dana.SID
	v.talking = func() error {
		if hears := dana.Hears(); hears != "people: agent1" {
			return fmt.Errorf("Dana hears %q", hears)
		}
		return nil
	}
	v.settle()
	return v
}

// builtInVictim is a desk on its own switchboard, with real sound.
func builtInVictim(t *testing.T, env ...string) *victim {
	addr := freeAddr(t)
	p := &program{t: t, addr: addr, url: "http://" + addr, env: append([]string{
		"ADDR=" + addr, "PUBLIC_URL=http://" + addr, "DATABASE_URL=" + filepath.Join(t.TempDir(), "desk.db"),
		"MEDIA_ADDR=127.0.0.1", "AGENTS=agent1=Ana:" + anaPassword + ",agent2=Ben:" + benPassword,
	}, env...)}
	p.start()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the program said:\n%s", p.log)
		}
		p.stop(syscall.SIGKILL)
	})
	v := &victim{TB: t, program: p}
	v.database = v.setting("DATABASE_URL")
	own, err := loadCredentials(credentialsPath(v.database))
	if err != nil {
		t.Fatal(err)
	}
	v.own, v.secrets = own, []string{own.AuthToken, own.APIKeySecret, anaPassword, benPassword}
	v.cookies = map[string]string{"ana": p.session("agent1", anaPassword), "ben": p.session("agent2", benPassword)}

	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	ana := v.phone(ctx, v.token("/agent1/token", v.cookies["ana"]), anaTone)
	if err := ana.Register(ctx); err != nil {
		t.Fatal(err)
	}
	dana := v.phone(ctx, v.token("/api/caller/token", ""), danaTone)
	customer, err := dana.Call(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	agent, err := ana.Incoming(ctx)
	if err == nil {
		err = agent.Accept(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	patience, done := context.WithTimeout(ctx, 20*time.Second)
	defer done()
	for _, hears := range []struct {
		call *switchboardtest.Call
		tone float64
	}{{customer, anaTone}, {agent, danaTone}} {
		if err := hears.call.WaitTones(patience, []float64{hears.tone}, []float64{anaTone, danaTone}); err != nil {
			t.Fatal(err)
		}
	}
	v.call, v.dana, v.ana = customer.SID(), customer, agent
	begun := time.Now()
	v.talking = func() error {
		select {
		case <-customer.Ended():
			return fmt.Errorf("Dana's call has ended")
		default:
		}
		// A machine with other work may be late with a frame or some.
		if gap := customer.LongestGap(begun); gap > 2*time.Second {
			return fmt.Errorf("Dana heard nothing for %v", gap)
		}
		begun = time.Now()
		return nil
	}
	v.settle()
	return v
}

// phone signs a phone in, which ends with the test.
func (v *victim) phone(ctx context.Context, token string, tone float64) *switchboardtest.Phone {
	v.Helper()
	p, err := switchboardtest.Dial(ctx, switchboardtest.Config{URL: v.url, Token: token, Tone: tone, Origin: v.url})
	if err != nil {
		v.Fatal(err)
	}
	v.Cleanup(p.Close)
	return p
}

// token fetches a browser token.
func (v *victim) token(path, cookie string) string {
	v.Helper()
	status, body := v.post(path, cookie, "name", "Dana")
	var answer struct{ Token string }
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusOK || answer.Token == "" {
		v.Fatalf("%s: %d %s", path, status, body)
	}
	return answer.Token
}

// setting is one of the program's environment.
func (v *victim) setting(name string) string {
	for _, item := range slices.Backward(v.env) {
		if value, ok := strings.CutPrefix(item, name+"="); ok {
			return value
		}
	}
	return ""
}

// settle waits until the call has come to rest, and knows it by its id.
func (v *victim) settle() {
	v.Helper()
	v.until("agent1", v.cookies["ana"], "talking", func(s snapshot) bool { return len(s.Calls) == 1 && s.Calls[0].Stage == "talking" })
	for last := ""; ; {
		now := v.state()
		if sum := fmt.Sprint(now); sum == last {
			break
		} else {
			last = sum
		}
		time.Sleep(300 * time.Millisecond) // longer than anything that follows an answered call
	}
	var s struct{ Calls []struct{ ID string } }
	if err := json.Unmarshal([]byte(v.shown("ana")), &s); err != nil || len(s.Calls) != 1 {
		v.Fatalf("%v: %s", err, v.shown("ana"))
	}
	v.id = s.Calls[0].ID
}

// shown is an agent's snapshot.
func (v *victim) shown(who string) string {
	v.Helper()
	agent := map[string]string{"ana": "agent1", "ben": "agent2"}[who]
	a := v.strike(attack{as: who, method: "GET", path: "/api/agents/" + agent + "/snapshot"})
	if a.status != http.StatusOK {
		v.Fatalf("snapshot of %s: %d %s", who, a.status, a.body)
	}
	return a.body
}

// state is everything that an attack must not change, by name: what pages show,
// and each table.
func (v *victim) state() map[string]string {
	v.Helper()
	state := map[string]string{}
	for _, who := range []string{"ana", "ben"} {
		var s map[string]any
		if err := json.Unmarshal([]byte(v.shown(who)), &s); err != nil {
			v.Fatal(err)
		}
		delete(s, "now")
		delete(s, "version")
		content, err := json.Marshal(s)
		if err != nil {
			v.Fatal(err)
		}
		state["page of "+who] = string(content)
	}
	if v.db == nil {
		db, err := sql.Open("sqlite", "file:"+v.database+"?mode=ro&_pragma=busy_timeout(5000)")
		if err != nil {
			v.Fatal(err)
		}
		v.Cleanup(func() { db.Close() })
		v.db = db
	}
	for _, table := range v.tables(v.db) {
		state["table "+table] = v.dump(v.db, table)
	}
	return state
}

// noted are tables in which an attack may leave its trace, and nothing else.
var noted = []string{"sessions", "audit", "goose_db_version", "sqlite_sequence", "attempts", "tickets"}

func (v *victim) tables(db *sql.DB) []string {
	v.Helper()
	rows, err := db.Query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
	if err != nil {
		v.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			v.Fatal(err)
		}
		if !slices.Contains(noted, name) {
			names = append(names, name)
		}
	}
	if err := rows.Err(); err != nil {
		v.Fatal(err)
	}
	return names
}

// dump is a table's content, in no particular order.
func (v *victim) dump(db *sql.DB, table string) string {
	v.Helper()
	rows, err := db.Query("SELECT * FROM " + table)
	if err != nil {
		v.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		v.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(any)
		}
		if err := rows.Scan(cells...); err != nil {
			v.Fatal(err)
		}
		line := sha256.New()
		for i, cell := range cells {
			fmt.Fprintf(line, "%s=%v\n", columns[i], *cell.(*any))
		}
		lines = append(lines, fmt.Sprintf("%x", line.Sum(nil)[:8]))
	}
	if err := rows.Err(); err != nil {
		v.Fatal(err)
	}
	slices.Sort(lines)
	return strings.Join(lines, " ")
}

// unharmed checks that nothing has changed since before, and that the live call's
// sound goes on.
func (v *victim) unharmed(before map[string]string) error {
	v.Helper()
	now := v.state()
	for name, was := range before {
		if now[name] != was {
			return fmt.Errorf("%s has changed:\nfrom %.2000s\nto   %.2000s", name, was, now[name])
		}
	}
	return v.talking()
}

// attack is one request, as it goes over the wire.
type attack struct {
	name string
	as   string // "ana" or "ben": with their session; nobody's otherwise
	// {call}, {id} and {host} in path, headers and body are the live call's
	// CallSid, its id, and the victim's host and port.
	method, path string
	headers      []string // name, value, …; Host replaces the victim's
	body         string
	raw          string // instead of all this
	want         []int  // any of these statuses; 0 is a connection that was closed without an answer
	says         string // in the answer
	never        string // in the answer, its header included
}

// reply is what came back; status 0 is nothing.
type reply struct {
	status int
	header http.Header
	body   string
	raw    string
}

// strike sends an attack over a connection of its own.
func (v *victim) strike(a attack) reply {
	v.Helper()
	a.body = v.fill(a.body) // before its length is written
	r, err := strike(v.addr, v.fill(a.wire(v.cookies[a.as])), a.method)
	if err != nil {
		v.Fatalf("%s: %v", a.name, err)
	}
	return r
}

// fill puts the victim's own names in.
func (v *victim) fill(text string) string {
	return strings.NewReplacer("{call}", v.call, "{id}", v.id, "{host}", v.addr).Replace(text)
}

// wire is the request in bytes. Nothing is escaped or corrected.
func (a attack) wire(cookie string) string {
	if a.raw != "" {
		return a.raw
	}
	head := a.method + " " + a.path + " HTTP/1.1\r\n"
	host := "{host}"
	var rest string
	for i := 0; i < len(a.headers); i += 2 {
		if a.headers[i] == "Host" {
			host = a.headers[i+1]
			continue
		}
		rest += a.headers[i] + ": " + a.headers[i+1] + "\r\n"
	}
	head += "Host: " + host + "\r\nConnection: close\r\n" + rest
	if cookie != "" {
		head += "Cookie: " + cookie + "\r\n"
	}
	if a.body != "" && !strings.Contains(rest, "Content-Length") && !strings.Contains(rest, "Transfer-Encoding") {
		head += fmt.Sprintf("Content-Length: %d\r\n", len(a.body))
	}
	return head + "\r\n" + a.body
}

// strikeTime bounds one attack.
const strikeTime = 15 * time.Second

// strike sends bytes and reads the answer. The victim may close while it is
// still being written to. Its error is a victim that cannot be reached.
func strike(addr, wire, method string) (reply, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return reply{}, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(strikeTime)); err != nil {
		return reply{}, err
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		_, _ = io.WriteString(conn, wire) // the answer tells what was taken
	}()
	defer func() { <-written }()
	defer conn.Close() // whatever is not written by now is not wanted
	var raw strings.Builder
	response, err := http.ReadResponse(bufio.NewReader(io.TeeReader(conn, &raw)), &http.Request{Method: method})
	if err != nil {
		return reply{raw: raw.String()}, nil
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(response.Body, 1<<20)) // what was cut off is missing, no more
	return reply{response.StatusCode, response.Header, string(body), raw.String()}, nil
}

// judge says what is wrong with an answer.
func (v *victim) judge(a attack, r reply) error {
	if !slices.Contains(a.want, r.status) {
		return fmt.Errorf("answered %d %.300s, want one of %v", r.status, r.body, a.want)
	}
	if !strings.Contains(r.body, a.says) {
		return fmt.Errorf("answered %d %.300s, want %q in it", r.status, r.body, a.says)
	}
	if a.never != "" && strings.Contains(r.raw, a.never) {
		return fmt.Errorf("the answer has %q: %.500s", a.never, r.raw)
	}
	for _, secret := range v.secrets {
		if strings.Contains(r.raw, secret) {
			return fmt.Errorf("the answer has a secret: %.500s", r.raw)
		}
	}
	if a.as == "" && strings.Contains(r.raw, "15550001") {
		return fmt.Errorf("the answer has a customer's number: %.500s", r.raw)
	}
	if location := r.header.Get("Location"); strings.HasPrefix(location, "//") || strings.HasPrefix(location, "/\\") ||
		strings.Contains(location, "://") && !strings.HasPrefix(location, v.url+"/") {
		return fmt.Errorf("sent elsewhere, to %q", location)
	}
	return nil
}

// TestAttacks sends every row to the program in the middle of a call, on Twilio
// and on the built-in switchboard. Each is refused as its row says, nothing has
// changed, and the call goes on.
func TestAttacks(t *testing.T) {
	for name, start := range map[string]func(*testing.T, ...string) *victim{"twilio": twilioVictim, "built in": builtInVictim} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := start(t)
			before := v.state()
			rows := v.attacks()
			for _, a := range rows {
				if err := v.judge(a, v.strike(a)); err != nil {
					t.Errorf("%s: %v", a.name, err)
				}
				if err := v.unharmed(before); err != nil {
					t.Fatalf("%s: %v", a.name, err)
				}
			}
			if len(rows) < 150 {
				t.Errorf("only %d attacks", len(rows))
			}
			if v.double != nil {
				if faults := v.double.Faults(); len(faults) > 0 {
					t.Errorf("Twilio would complain: %q", faults)
				}
			}
		})
	}
}
