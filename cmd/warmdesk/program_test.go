package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"warmdesk/twilio"
	"warmdesk/twilio/twiliotest"
)

// runAsProgram makes the test binary be the program itself: so the real main is
// killed and started again as a process of its own.
const runAsProgram = "WARMDESK_TEST_BE_THE_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(runAsProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

const (
	testAccount = "AC00000000000000000000000000000001"
	testToken   = "token-of-the-test"
	testNumber  = "+15550100"
)

// program is the running binary, and what it runs against.
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string
	env  []string
	addr string
	dir  string // where it runs; empty: here
	log  *lines
	// client asks it; nil is http.DefaultClient.
	client *http.Client
}

// lines collects what a process prints.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
	done chan struct{}
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func collect(r io.Reader) *lines {
	l := &lines{done: make(chan struct{})}
	go func() {
		defer close(l.done)
		for s := bufio.NewScanner(r); s.Scan(); {
			l.mu.Lock()
			fmt.Fprintln(&l.text, s.Text())
			l.mu.Unlock()
		}
	}()
	return l
}

// freeAddr is an address nobody listens on now: the program must come back at
// the same one. Its port is none that a system hands out by itself, so that
// nobody gets it while the program is away.
func freeAddr(t *testing.T) string {
	const first, last = 10_000, 32_000
	for {
		addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(first+rand.IntN(last-first)))
		l, err := net.Listen("tcp", addr)
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		return addr
	}
}

// twilioWorld is a double of Twilio and the program configured for it, with more
// of an environment where a test needs it.
func twilioWorld(t *testing.T, env ...string) (*twiliotest.Double, *program) {
	t.Helper()
	return twilioWorldBehind(t, func(double http.Handler) http.Handler { return double }, env...)
}

// twilioWorldBehind is a twilioWorld with something between the program and the
// double's REST API.
func twilioWorldBehind(t *testing.T, between func(http.Handler) http.Handler, env ...string) (*twiliotest.Double, *program) {
	t.Helper()
	addr := freeAddr(t)
	public := "http://" + addr
	double := twiliotest.New(twiliotest.Config{
		AccountSID: testAccount, AuthToken: testToken, Number: testNumber,
		VoiceURL: public + "/conference/connect/client", StatusCallback: public + "/conference/status",
	})
	t.Cleanup(double.Close)
	api := httptest.NewServer(between(double))
	t.Cleanup(api.Close)
	p := &program{t: t, addr: addr, url: public, env: append([]string{
		"ADDR=" + addr, "PUBLIC_URL=" + public, "DATABASE_URL=" + filepath.Join(t.TempDir(), "desk.db"),
		"TWILIO_ACCOUNT_SID=" + testAccount, "TWILIO_AUTH_TOKEN=" + testToken, "TWILIO_NUMBER=" + testNumber,
		"TWILIO_API_URL=" + api.URL, "AGENTS=agent1=Ana:one,agent2=Ben:two",
	}, env...)}
	p.start()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the program said:\n%s\nfaults: %q", p.log, double.Faults())
		}
		p.stop(syscall.SIGKILL)
	})
	return double, p
}

// start runs the program and waits until it answers.
func (p *program) start() {
	p.t.Helper()
	p.cmd = exec.Command(os.Args[0])
	p.cmd.Dir = p.dir
	p.cmd.Env = append(os.Environ(), append(p.env, runAsProgram+"=1")...)
	out, err := p.cmd.StderrPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.log = collect(out)
	for end := time.Now().Add(10 * time.Second); ; {
		resp, err := cmp.Or(p.client, http.DefaultClient).Get(p.url + "/readyz")
		if err == nil {
			resp.Body.Close()
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("the program does not answer: %v\n%s", err, p.log)
		}
		time.Sleep(5 * time.Millisecond) // polling, with the deadline above
	}
}

// setting is a variable of the program's environment.
func (p *program) setting(name string) string {
	for _, pair := range p.env {
		if value, found := strings.CutPrefix(pair, name+"="); found {
			return value
		}
	}
	return ""
}

// stop ends the program and tells how it exited.
func (p *program) stop(sig os.Signal) error {
	if p.cmd.ProcessState != nil {
		return nil
	}
	if err := p.cmd.Process.Signal(sig); err != nil {
		return err
	}
	<-p.log.done
	return p.cmd.Wait()
}

// signIn gives an agent's session; with it the tutorial's token route makes the
// agent available.
func (p *program) signIn(id, password string) string {
	p.t.Helper()
	cookie := p.session(id, password)
	p.available(id, cookie)
	return cookie
}

func (p *program) available(id, cookie string) {
	p.t.Helper()
	if status, body := p.post("/"+id+"/token", cookie); status != http.StatusOK {
		p.t.Fatalf("token of %s: %d %s", id, status, body)
	}
}

// session gives an agent's session cookie.
func (p *program) session(id, password string) string {
	p.t.Helper()
	resp, err := http.PostForm(p.url+"/api/session", url.Values{"agent": {id}, "password": {password}})
	if err != nil {
		p.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusNoContent || len(resp.Cookies()) != 1 {
		p.t.Fatalf("sign in %s: %s", id, resp.Status)
	}
	return resp.Cookies()[0].Name + "=" + resp.Cookies()[0].Value
}

// post posts an object of pairs.
func (p *program) post(path, cookie string, pairs ...string) (int, string) {
	p.t.Helper()
	object := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		object[pairs[i]] = pairs[i+1]
	}
	return p.postObject(path, cookie, object)
}

func (p *program) postObject(path, cookie string, object map[string]any) (int, string) {
	p.t.Helper()
	content, err := json.Marshal(object)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, p.url+path, bytes.NewReader(content))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Cookie", cookie)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// snapshot is what an agent's page is shown, as far as the tests look at it.
type snapshot struct {
	Calls []struct {
		Stage    string
		Allowed  []string
		Legs     []struct{ Agent, Word string }
		Notice   *struct{ Text string }
		Sentence string
	}
	Waiting int
	Alarms  []struct{ Text string }
	Tasks   []struct {
		Kind     string
		Length   int
		Customer struct{ Number string }
	}
}

func (p *program) snapshot(id, cookie string) (s snapshot) {
	p.t.Helper()
	r, err := http.NewRequest(http.MethodGet, p.url+"/api/agents/"+id+"/snapshot", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Cookie", cookie)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&s); err != nil {
		p.t.Fatal(err)
	}
	return s
}

// until waits for an agent's snapshot to be as it should.
func (p *program) until(id, cookie, what string, ok func(snapshot) bool) {
	p.t.Helper()
	p.untilIn(5*time.Second, id, cookie, what, ok)
}

func (p *program) untilIn(patience time.Duration, id, cookie, what string, ok func(snapshot) bool) {
	p.t.Helper()
	for end := time.Now().Add(patience); ; {
		s := p.snapshot(id, cookie)
		if ok(s) {
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("%s: not %s: %+v", id, what, s)
		}
		time.Sleep(5 * time.Millisecond) // polling, with the deadline above
	}
}

// ask posts a request about the customer's call as soon as the agent's snapshot
// offers it: the button is not there before.
func (p *program) ask(id, cookie string, customer *twiliotest.Leg, request string, pairs ...string) {
	p.t.Helper()
	p.until(id, cookie, "allowed to "+request, func(s snapshot) bool {
		return len(s.Calls) == 1 && slices.Contains(s.Calls[0].Allowed, request)
	})
	if status, body := p.post("/api/calls/"+customer.SID+"/"+request, cookie, pairs...); status != http.StatusAccepted {
		p.t.Fatalf("%s: %d %s", request, status, body)
	}
}

// webhook posts a signed webhook and tells how long the answer took.
func (p *program) webhook(path string, form url.Values) (string, time.Duration) {
	p.t.Helper()
	form.Set("AccountSid", testAccount)
	r, err := http.NewRequest(http.MethodPost, p.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set(twilio.SignatureHeader, twilio.Sign(testToken, p.url+path, form))
	begun := time.Now()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(body), time.Since(begun)
}
