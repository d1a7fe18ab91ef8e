package main

import (
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"
)

<<<<<<< HEAD
=======
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
	log  *lines
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
// the same one.
func freeAddr(t *testing.T) string {
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	return strings.TrimPrefix(s.URL, "http://")
}

// twilioWorld is a double of Twilio and the program configured for it, with more
// of an environment where a test needs it.
func twilioWorld(t *testing.T, env ...string) (*twiliotest.Double, *program) {
	t.Helper()
	addr := freeAddr(t)
	public := "http://" + addr
	double := twiliotest.New(twiliotest.Config{
		AccountSID: testAccount, AuthToken: testToken, Number: testNumber,
		VoiceURL: public + "/conference/connect/client", StatusCallback: public + "/conference/status",
	})
	t.Cleanup(double.Close)
	api := httptest.NewServer(double)
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
		resp, err := http.Get(p.url + "/readyz")
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
	resp, err := http.PostForm(p.url+"/api/session", url.Values{"agent": {id}, "password": {password}})
	if err != nil {
		p.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusNoContent || len(resp.Cookies()) != 1 {
		p.t.Fatalf("sign in %s: %s", id, resp.Status)
	}
	cookie := resp.Cookies()[0].Name + "=" + resp.Cookies()[0].Value
	if status, body := p.post("/"+id+"/token", cookie); status != http.StatusOK {
		p.t.Fatalf("token of %s: %d %s", id, status, body)
	}
	return cookie
}

func (p *program) post(path, cookie string) (int, string) {
	p.t.Helper()
	r, err := http.NewRequest(http.MethodPost, p.url+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
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

// ask posts a request about the customer's call as soon as the agent's snapshot
// offers it: the button is not there before.
func (p *program) ask(id, cookie string, customer *twiliotest.Leg, request string) {
	p.t.Helper()
	for end := time.Now().Add(5 * time.Second); ; {
		r, err := http.NewRequest(http.MethodGet, p.url+"/api/agents/"+id+"/snapshot", nil)
		if err != nil {
			p.t.Fatal(err)
		}
		r.Header.Set("Cookie", cookie)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			p.t.Fatal(err)
		}
		var snapshot struct{ Calls []struct{ Allowed []string } }
		err = json.NewDecoder(resp.Body).Decode(&snapshot)
		resp.Body.Close()
		if err != nil {
			p.t.Fatal(err)
		}
		if len(snapshot.Calls) == 1 && slices.Contains(snapshot.Calls[0].Allowed, request) {
			break
		}
		if time.Now().After(end) {
			p.t.Fatalf("%s may not %s: %+v", id, request, snapshot)
		}
		time.Sleep(5 * time.Millisecond) // polling, with the deadline above
	}
	if status, body := p.post("/api/calls/"+customer.SID+"/"+request, cookie); status != http.StatusAccepted {
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

>>>>>>> 7943303 (Send webhooks from the program, show their deliveries, export calls)
func TestTwilioWarmTransfer(t *testing.T) {
	double, p := twilioWorld(t)
	ana, ben := double.Agent("agent1"), double.Agent("agent2")
	anaSession, benSession := p.signIn("agent1", "one"), p.signIn("agent2", "two")
	dana := double.Call("+15550001")
	dana.WaitFor(t, "words: Thank you for calling")
	dana.WaitFor(t, "music")
	ana.Ringing(t).Answer()
	dana.WaitFor(t, "people: agent1")
	if status, body := p.post("/conference/agent1/call", anaSession); status != http.StatusAccepted {
		t.Fatalf("dial agent 2: %d %s", status, body)
	}
	ben.Ringing(t).Answer()
	dana.WaitFor(t, "people: agent1, agent2")
	p.ask("agent1", anaSession, dana, "leave")
	dana.WaitFor(t, "people: agent2")
	p.ask("agent2", benSession, dana, "end")
	dana.WaitFor(t, "completed")
	if faults := double.Faults(); len(faults) > 0 {
		t.Errorf("Twilio would complain: %q", faults)
	}
	if gap := dana.Silence(); gap > 300*time.Millisecond {
		t.Errorf("the customer heard nothing for %v", gap)
	}
}

func TestTwilioKilledDeskPicksUpEveryCall(t *testing.T) {
	double, p := twilioWorld(t)
	ana, ben := double.Agent("agent1"), double.Agent("agent2")
	anaSession := p.signIn("agent1", "one")
	dana := double.Call("+15550001")
	ana.Ringing(t).Answer()
	dana.WaitFor(t, "people: agent1")
	p.signIn("agent2", "two")
	if status, body := p.post("/conference/agent1/call", anaSession); status != http.StatusAccepted {
		t.Fatalf("dial agent 2: %d %s", status, body)
	}
	ring := ben.Ringing(t)
	eve := double.Call("+15550002")
	eve.WaitFor(t, "music")
	p.stop(syscall.SIGKILL)
	// While nobody is there to be asked, a caller in the room hears music on.
	eve.WaitFor(t, "music")
	p.start()
	ring.Answer()
	dana.WaitFor(t, "people: agent1, agent2")
	p.ask("agent1", anaSession, dana, "leave")
	dana.WaitFor(t, "people: agent2")
	p.ask("agent1", anaSession, dana, "finish") // and so not claimed any more for taking Dana back
	ana.Ringing(t).Answer()                     // who is free again, and Eve still waits
	eve.WaitFor(t, "people: agent1")
}

func TestTwilioHangingRESTNeverDelaysTwiML(t *testing.T) {
	double, p := twilioWorld(t)
	p.signIn("agent1", "one")
	double.HangREST(30 * time.Second)
	form := url.Values{"CallSid": {"CA00000000000000000000000000000009"}, "From": {"+15550009"}, "To": {testNumber}, "CallStatus": {"ringing"}, "Direction": {"inbound"}}
	body, took := p.webhook("/conference/connect/client", form)
	if !strings.Contains(body, "<Conference") || took > 100*time.Millisecond {
		t.Errorf("connect took %v: %s", took, body)
	}
	body, took = p.webhook("/conference/wait", form)
	if !strings.Contains(body, "Thank you for calling") || !strings.Contains(body, `loop="0"`) || took > 100*time.Millisecond {
		t.Errorf("wait took %v: %s", took, body)
	}
}

func TestTwilioFailingRESTKeepsTheCustomer(t *testing.T) {
	double, p := twilioWorld(t)
	ana := double.Agent("agent1")
	p.signIn("agent1", "one")
	double.FailREST(http.StatusInternalServerError)
	dana := double.Call("+15550001")
	dana.WaitFor(t, "words: Thank you for calling")
	dana.WaitFor(t, "music")
	for end := time.Now().Add(10 * time.Second); strings.Count(p.log.String(), "action=") < 2; {
		if time.Now().After(end) {
			t.Fatal("the dial is not repeated")
		}
		time.Sleep(20 * time.Millisecond) // polling, with the deadline above
	}
	double.FailREST(0)
	ana.Ringing(t).Answer()
	dana.WaitFor(t, "people: agent1")
}

func TestTwilioStopsCleanly(t *testing.T) {
	double, p := twilioWorld(t)
	dana := double.Call("+15550001")
	dana.WaitFor(t, "music")
	begun := time.Now()
	if err := p.stop(syscall.SIGTERM); err != nil {
		t.Errorf("stopped with %v\n%s", err, p.log)
	}
	if took := time.Since(begun); took > stopTime+2*time.Second { // the race detector alone adds a second at the exit
		t.Errorf("stopping took %v", took)
	}
	if dana.Status() != "in-progress" {
		t.Errorf("the customer is %s: on Twilio calls go on", dana.Status())
	}
}
