package main

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"warmdesk/console"
	"warmdesk/twilio"
)

// clinic is a workshop with a public https address in front of the desk.
type clinic struct {
	*workshop
	desk  *program
	front atomic.Pointer[http.Handler] // what is behind the public address; nil: the desk
}

func newClinic(t *testing.T) *clinic {
	t.Helper()
	c := &clinic{}
	addr := freeAddr(t)
	desk := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: addr})
	quiet := log.New(io.Discard, "", 0) // of what the tests break on purpose
	desk.ErrorLog = quiet
	public := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if other := c.front.Load(); other != nil {
			(*other).ServeHTTP(w, r)
			return
		}
		desk.ServeHTTP(w, r)
	}))
	public.Config.ErrorLog = quiet
	public.StartTLS()
	t.Cleanup(public.Close)
	roots := x509.NewCertPool()
	roots.AddCert(public.Certificate())
	c.workshop = newWorkshopThatTrusts(t, roots)
	trusted := filepath.Join(c.dir, "trusted.pem")
	if err := os.WriteFile(trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: public.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	c.env = append(c.env, "PUBLIC_URL="+public.URL, "ADDR="+addr, "AGENTS=agent1=Ana:one,agent2=Ben:two", "SSL_CERT_FILE="+trusted)
	// The desk has its settings from the file that setup writes.
	c.desk = &program{t: t, url: "http://" + addr, addr: addr, dir: c.dir, env: []string{"SSL_CERT_FILE=" + trusted}}
	return c
}

// start runs the desk.
func (c *clinic) start() {
	c.t.Helper()
	c.desk.start()
	c.t.Cleanup(func() { c.desk.stop(syscall.SIGKILL) })
}

// examine runs the doctor, in an environment that overrules the env file.
func (c *clinic) examine(env ...string) (findings []console.Finding, code int) {
	c.t.Helper()
	said, code := c.runWith(append(slices.Clone(c.desk.env), env...), "", "doctor", "--json")
	_, list, found := strings.Cut(said, "[\n")
	list, _, ended := strings.Cut(list, "\n]")
	if !found || !ended {
		c.t.Fatalf("no list: %s", said)
	}
	if err := json.Unmarshal([]byte("["+list+"]"), &findings); err != nil {
		c.t.Fatalf("%v: %s", err, said)
	}
	return findings, code
}

// unwell are the findings that are not ok.
func unwell(findings []console.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		if f.State != console.FindingOK {
			fmt.Fprintf(&b, "%s %s: %s\n", f.State, f.Check, f.Found)
		}
		if (f.State == console.FindingOK) != (f.Todo == "") {
			fmt.Fprintf(&b, "%s %s has the advice %q\n", f.State, f.Check, f.Todo)
		}
	}
	return b.String()
}

func TestDoctor(t *testing.T) {
	c := newClinic(t)
	if said, code := c.run("", "setup", "--yes"); code != 0 {
		t.Fatalf("%d %s", code, said)
	}
	if findings, code := c.examine(); code != 0 || unwell(findings) != "warning signature: not tried: no desk is running\n" {
		t.Errorf("before the start: %d\n%s", code, unwell(findings))
	}
	c.start()
	findings, code := c.examine()
	if code != 0 || unwell(findings) != "" {
		t.Errorf("all is well, but: %d\n%s", code, unwell(findings))
	}
	var looked []string
	for _, f := range findings {
		looked = append(looked, f.Check)
	}
	if got, want := strings.Join(looked, ", "), "settings, database, disk, port, clock, credentials, account, number, number fallback, TwiML app, TwiML app fallback, API key, microphone, PUBLIC_URL, certificate, reachable, signature"; got != want {
		t.Errorf("looked at %s", got)
	}
	if legs := c.double.Legs(); len(legs) > 0 {
		t.Errorf("it has made calls: %v", legs)
	}
	if findings, _ := c.examine("TWILIO_AUTH_TOKEN=guess"); !strings.Contains(unwell(findings), "wrong signature: a request signed as the carrier does is refused") {
		t.Errorf("another token:\n%s", unwell(findings))
	}
	t.Run("Finds", func(t *testing.T) { doctorFinds(t, c) })
}

// doctorFinds breaks one thing after another and mends it again.
func doctorFinds(t *testing.T, c *clinic) {
	number := func(set func(*twilio.IncomingNumber)) func() (mend func()) {
		return func() func() {
			before := c.double.Numbers()[0]
			c.double.Provision(func(_ *twilio.Account, numbers *[]*twilio.IncomingNumber) { set((*numbers)[0]) })
			return func() {
				c.double.Provision(func(_ *twilio.Account, numbers *[]*twilio.IncomingNumber) { *(*numbers)[0] = before })
			}
		}
	}
	account := func(set func(*twilio.Account)) func() func() {
		return func() func() {
			c.double.Provision(func(a *twilio.Account, _ *[]*twilio.IncomingNumber) { set(a) })
			return func() {
				c.double.Provision(func(a *twilio.Account, _ *[]*twilio.IncomingNumber) { a.Status, a.Type = twilio.AccountActive, "Full" })
			}
		}
	}
	front := func(h http.HandlerFunc) func() func() {
		return func() func() {
			other := http.Handler(h)
			c.front.Store(&other)
			return func() { c.front.Store(nil) }
		}
	}
	date := func(off time.Duration) func() func() {
		set := func(date string) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.date = date
		}
		return func() func() {
			set(time.Now().Add(off).UTC().Format(http.TimeFormat))
			return func() { set("") }
		}
	}
	for name, test := range map[string]struct {
		breaks func() (mend func())
		env    []string
		want   string // the beginning of a line, and what is in it behind …
	}{
		"token":          {nil, []string{"TWILIO_AUTH_TOKEN=guess"}, "wrong credentials: "},
		"carrier away":   {nil, []string{"TWILIO_API_URL=http://127.0.0.1:1"}, "wrong credentials: 127.0.0.1:1 cannot be asked"},
		"half":           {nil, []string{"TWILIO_NUMBER="}, "wrong settings: for Twilio, TWILIO_NUMBER must be set too"},
		"people":         {nil, []string{"AGENTS=Ana"}, "wrong settings: AGENTS has an entry"},
		"hours":          {nil, []string{"HOURS=always"}, "wrong settings: HOURS cannot be read"},
		"address":        {nil, []string{"PUBLIC_URL=desk.example.com"}, "wrong settings: PUBLIC_URL is"},
		"suspended":      {account(func(a *twilio.Account) { a.Status = twilio.AccountSuspended }), nil, "wrong account: " + testAccount + " is suspended"},
		"trial":          {account(func(a *twilio.Account) { a.Type = twilio.TrialAccount }), nil, "warning account: a trial account"},
		"clock":          {date(-2 * time.Minute), nil, "wrong clock: this machine is 2m"},
		"clock a bit":    {date(45 * time.Second), nil, "warning clock: this machine is 4"},
		"not ours":       {nil, []string{"TWILIO_NUMBER=+15550177"}, "wrong number: +15550177 is not a number of this account"},
		"messages":       {number(func(n *twilio.IncomingNumber) { n.Capabilities.Voice = false }), nil, "wrong number: " + testNumber + " is for messages only"},
		"elsewhere":      {number(func(n *twilio.IncomingNumber) { n.VoiceURL = "https://pbx.example.com/" }), nil, `wrong number: calls to +15550100 go to "https://pbx.example.com/"`},
		"GET":            {number(func(n *twilio.IncomingNumber) { n.VoiceMethod = "GET" }), nil, "wrong number: calls to +15550100 are asked for with GET"},
		"trunk":          {number(func(n *twilio.IncomingNumber) { n.TrunkSID = "TK1" }), nil, "wrong number: calls to +15550100 go to the SIP trunk TK1"},
		"callback":       {number(func(n *twilio.IncomingNumber) { n.StatusCallback = "" }), nil, "warning number: calls to +15550100 come here, but their ends"},
		"fallback":       {number(func(n *twilio.IncomingNumber) { n.VoiceFallbackURL = "" }), nil, "warning number fallback: none"},
		"application":    {nil, []string{"TWILIO_TWIML_APP_SID=AP00000000000000000000000000000404"}, "wrong TwiML app: AP00000000000000000000000000000404 is not"},
		"no application": {nil, []string{"TWILIO_TWIML_APP_SID="}, "warning TwiML app: none"},
		"key":            {nil, []string{"TWILIO_API_KEY_SID=SK00000000000000000000000000000404"}, "wrong API key: SK00000000000000000000000000000404 is not"},
		"secret":         {nil, []string{"TWILIO_API_KEY_SECRET=guess"}, "wrong API key: the secret of SK"},
		"database":       {nil, []string{"DATABASE_URL=nowhere/desk.db"}, "wrong database: the database cannot be created"},
		"port":           {nil, []string{"ADDR=" + strings.TrimPrefix(c.setting("TWILIO_API_URL"), "http://")}, "wrong port: another program is at 127.0.0.1:"},
		"other machine":  {nil, []string{"ADDR=192.0.2.1:8080"}, "wrong port: cannot listen at 192.0.2.1:8080"},
		"name":           {nil, []string{"PUBLIC_URL=https://desk.invalid"}, "wrong name: nobody knows desk.invalid"},
		"not trusted":    {nil, []string{"SSL_CERT_FILE=/dev/null", "SSL_CERT_DIR=/nowhere"}, "wrong certificate: "},
		"nobody":         {nil, []string{"PUBLIC_URL=http://127.0.0.1:1"}, "wrong reachable: http://127.0.0.1:1 does not answer"},
		"redirect": {front(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://www.example.com/", http.StatusMovedPermanently)
		}), nil, "wrong reachable: https://127.0.0.1:… redirects to https://www.example.com/"},
		"another site":    {front(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }), nil, "wrong reachable: https://127.0.0.1:… answers HTTP 200, and is no desk"},
		"another desk":    {front(pretender), nil, "warning reachable: another desk than that of ADDR="},
		"lets all in":     {front(pretender), nil, "wrong signature: a request that nobody signed is answered with HTTP 400"},
		"this machine":    {nil, []string{"TWILIO_API_URL=https://carrier.invalid"}, "wrong PUBLIC_URL: PUBLIC_URL is https://127.0.0.1:"},
		"plain elsewhere": {nil, []string{"PUBLIC_URL=http://desk.invalid"}, "wrong microphone: browsers give http://desk.invalid no microphone"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.breaks != nil {
				defer test.breaks()()
			}
			findings, code := c.examine(test.env...)
			begins, ends, _ := strings.Cut(test.want, "…")
			if lines := unwell(findings); !slices.ContainsFunc(strings.Split(lines, "\n"), func(line string) bool {
				return strings.HasPrefix(line, begins) && strings.Contains(line, ends)
			}) {
				t.Errorf("%d\n%s", code, lines)
			}
			if strings.HasPrefix(test.want, console.FindingWrong) && code != 1 {
				t.Errorf("it ends with %d", code)
			}
		})
	}
	// What the desk refused in so short a time has made it refuse more.
	c.desk.stop(syscall.SIGTERM)
	c.start()
	if findings, code := c.examine(); code != 0 || unwell(findings) != "" {
		t.Errorf("mended, but: %d\n%s", code, unwell(findings))
	}
}

// pretender answers as a desk of another name that judges nothing.
func pretender(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(console.ProcessHeader, "other")
	if r.Method == http.MethodPost {
		w.WriteHeader(http.StatusBadRequest)
	}
}

// Without Twilio it looks at what applies.
func TestDoctorOfTheBuiltInSwitchboard(t *testing.T) {
	c := newClinic(t)
	addr := "ADDR=" + freeAddr(t)
	said, code := c.runWith([]string{addr}, "", "doctor")
	if code != 0 || !strings.Contains(said, "the switchboard built in") || strings.Contains(said, "wrong  ") || strings.Contains(said, "number") {
		t.Errorf("%d %s", code, said)
	}
	desk := &program{t: t, url: "http://" + strings.TrimPrefix(addr, "ADDR="), dir: c.dir, env: []string{addr}}
	desk.start()
	defer desk.stop(syscall.SIGKILL)
	if said, code = c.runWith([]string{addr}, "", "doctor"); code != 0 || !strings.Contains(said, "signed requests are let in") || !strings.Contains(said, " 0 warnings, 0 wrong") {
		t.Errorf("%d %s", code, said)
	}
}
