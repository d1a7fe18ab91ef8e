package main

import (
	"bytes"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmdesk/phone"
	"warmdesk/twilio"
	"warmdesk/twilio/twiliotest"
)

// workshop is an account at the double and a folder in which the commands are
// run as a person would.
type workshop struct {
	t      *testing.T
	double *twiliotest.Double
	dir    string
	env    []string

	mu     sync.Mutex
	asked  []string // requests that change something
	refuse func(*http.Request) bool
	date   string // what the carrier's clock says; empty: the time
}

func newWorkshop(t *testing.T) *workshop { return newWorkshopThatTrusts(t, nil) }

func newWorkshopThatTrusts(t *testing.T, roots *x509.CertPool) *workshop {
	t.Helper()
	w := &workshop{t: t, dir: t.TempDir(), double: twiliotest.New(twiliotest.Config{
		AccountSID: testAccount, AuthToken: testToken, Number: testNumber, VoiceURL: "https://demo.twilio.com/welcome/voice/", RootCAs: roots,
	})}
	t.Cleanup(w.double.Close)
	api := httptest.NewServer(w)
	t.Cleanup(api.Close)
	w.env = []string{"TWILIO_ACCOUNT_SID=" + testAccount, "TWILIO_AUTH_TOKEN=" + testToken, "TWILIO_API_URL=" + api.URL, "PUBLIC_URL=https://desk.example.com"}
	return w
}

// ServeHTTP is between the program and the double.
func (w *workshop) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	if r.Method != http.MethodGet {
		w.asked = append(w.asked, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/2010-04-01/Accounts/"+testAccount))
	}
	refused := w.refuse != nil && w.refuse(r)
	if w.date != "" {
		rw.Header().Set("Date", w.date)
	}
	w.mu.Unlock()
	if refused {
		rw.WriteHeader(http.StatusBadGateway)
		return
	}
	w.double.ServeHTTP(rw, r)
}

// refuses has the carrier refuse what it is told; nil: nothing.
func (w *workshop) refuses(these func(*http.Request) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refuse = these
}

// client is somebody else who uses the account.
func (w *workshop) client() *twilio.Client {
	w.t.Helper()
	c, err := twilio.NewClient(twilio.Config{AccountSID: testAccount, Password: testToken, BaseURL: w.setting("TWILIO_API_URL")})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// setting is a variable of the environment.
func (w *workshop) setting(name string) string {
	return (&program{env: w.env}).setting(name)
}

// changes are the requests since the last look that change something.
func (w *workshop) changes() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := w.asked
	w.asked = nil
	return asked
}

// run runs a command in the folder; what it prints must hold no secret.
func (w *workshop) run(stdin string, args ...string) (said string, code int) {
	w.t.Helper()
	return w.runWith(w.env, stdin, args...)
}

func (w *workshop) runWith(env []string, stdin string, args ...string) (said string, code int) {
	w.t.Helper()
	cmd := exec.CommandContext(w.t.Context(), os.Args[0], args...)
	cmd.Dir, cmd.Env, cmd.Stdin = w.dir, append(append(os.Environ(), env...), runAsProgram+"=1"), strings.NewReader(stdin)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		w.t.Fatal(err)
	}
	for name, value := range w.file() {
		if (name == "TWILIO_AUTH_TOKEN" || name == "TWILIO_API_KEY_SECRET") && strings.Contains(out.String(), value) {
			w.t.Errorf("%v prints %s:\n%s", args, name, &out)
		}
	}
	if strings.Contains(out.String(), testToken) {
		w.t.Errorf("%v prints the token:\n%s", args, &out)
	}
	return out.String(), code
}

// file is the env file's settings.
func (w *workshop) file() map[string]string {
	w.t.Helper()
	f, err := readEnvFile(filepath.Join(w.dir, defaultEnvFile), true)
	if err != nil {
		w.t.Fatal(err)
	}
	return f.values
}

// private checks that a file of the folder is its owner's alone.
func (w *workshop) private(name string) {
	w.t.Helper()
	if info, err := os.Stat(filepath.Join(w.dir, name)); err != nil || info.Mode().Perm() != 0o600 {
		w.t.Errorf("%s: %v %v", name, info, err)
	}
}

func TestSetupAndBack(t *testing.T) {
	w := newWorkshop(t)
	before := w.double.Numbers()
	said, code := w.run("no\n", "setup")
	if asked := w.changes(); code != 2 || len(asked) > 0 || len(w.file()) > 0 || !strings.Contains(said, "nothing was changed") {
		t.Fatalf("without a yes: %d, %q, %s", code, asked, said)
	}
	if !strings.Contains(said, "https://demo.twilio.com/welcome/voice/") || !strings.Contains(said, "-> https://desk.example.com/conference/connect/client") {
		t.Errorf("the plan does not tell what is and what will be:\n%s", said)
	}
	if said, code = w.runWith(append(slices.Clone(w.env), "HOURS=Mon-Fri 09:00-17:00 Europe/Berlin"), "yes\n", "setup"); code != 0 {
		t.Fatalf("%d %s", code, said)
	}
	w.private("warmdesk.env")
	w.private("warmdesk.env.undo")
	want := phone.Settings("https://desk.example.com")
	apps, keys, file := w.double.Applications(), w.double.Keys(), w.file()
	if n := w.double.Numbers()[0]; n.VoiceSettings != want {
		t.Error(cmp.Diff(want, n.VoiceSettings))
	}
	if len(apps) != 1 || apps[0].VoiceSettings != want || len(keys) != 1 || file["TWILIO_API_KEY_SID"] != keys[0] || file["TWILIO_TWIML_APP_SID"] != apps[0].SID ||
		file["TWILIO_NUMBER"] != testNumber || file["TWILIO_AUTH_TOKEN"] != testToken || file["PUBLIC_URL"] != "https://desk.example.com" || file["HOURS"] != "Mon-Fri 09:00-17:00 Europe/Berlin" {
		t.Fatalf("applications %v, keys %v", apps, keys)
	}
	w.changes()

	// The env file is enough from now on, and there is nothing left to do.
	if said, code = w.runWith(nil, "", "setup", "--yes"); code != 0 || len(w.changes()) > 0 || !strings.Contains(said, "Nothing to do") {
		t.Errorf("again: %d %s", code, said)
	}
	// Another address changes that and nothing else.
	if said, code = w.runWith([]string{"PUBLIC_URL=https://other.example.com"}, "", "setup", "--yes"); code != 0 {
		t.Fatalf("%d %s", code, said)
	}
	moved := []string{"POST /Applications/" + apps[0].SID + ".json", "POST /IncomingPhoneNumbers/" + before[0].SID + ".json"}
	if d := cmp.Diff(moved, w.changes()); d != "" {
		t.Error(d)
	}

	if said, code = w.runWith(nil, "yes\n", "setup", "--undo"); code != 0 {
		t.Fatalf("%d %s", code, said)
	}
	if d := cmp.Diff(before, w.double.Numbers()); d != "" {
		t.Error(d)
	}
	if apps, keys := w.double.Applications(), w.double.Keys(); len(apps)+len(keys) > 0 {
		t.Errorf("left: %v %v", apps, keys)
	}
	file = w.file()
	if _, left := file["TWILIO_API_KEY_SID"]; left || file["TWILIO_API_KEY_SECRET"] != "" || file["TWILIO_TWIML_APP_SID"] != "" || file["TWILIO_NUMBER"] != testNumber {
		t.Error("the env file still names what was deleted, or lost what was not")
	}
	if _, err := os.Stat(filepath.Join(w.dir, "warmdesk.env.undo")); err == nil {
		t.Error("the record of what to undo is left")
	}
	if said, code = w.runWith(nil, "", "setup", "--undo"); code != 0 || !strings.Contains(said, "Nothing to take back") {
		t.Errorf("%d %s", code, said)
	}
}

// Wherever it breaks off, the second run goes on, makes nothing twice, and the
// way back is the whole way.
func TestSetupBrokenOff(t *testing.T) {
	for _, at := range []string{"/Applications.json", "/IncomingPhoneNumbers/", "/Keys.json"} {
		t.Run(strings.Trim(at, "/"), func(t *testing.T) {
			w := newWorkshop(t)
			before := w.double.Numbers()
			w.refuses(func(r *http.Request) bool { return r.Method == http.MethodPost && strings.Contains(r.URL.Path, at) })
			said, code := w.run("", "setup", "--yes")
			if code != 1 || !strings.Contains(said, "failed ") || !strings.Contains(said, "running the same command again") {
				t.Fatalf("%d %s", code, said)
			}
			w.refuses(nil)
			if said, code := w.run("", "setup", "--yes"); code != 0 {
				t.Fatalf("%d %s", code, said)
			}
			if apps, keys := w.double.Applications(), w.double.Keys(); len(apps) != 1 || len(keys) != 1 {
				t.Errorf("made twice: %v %v", apps, keys)
			}
			if said, code := w.run("", "setup", "--undo", "--yes"); code != 0 {
				t.Fatalf("%d %s", code, said)
			}
			if d := cmp.Diff(before, w.double.Numbers()); d != "" || len(w.double.Applications())+len(w.double.Keys()) > 0 {
				t.Errorf("not as it was: %s", d)
			}
		})
	}
}

func TestSetupTellsWhoseNumberItIs(t *testing.T) {
	const trunk = "TK00000000000000000000000000000007"
	for name, test := range map[string]struct {
		set  func(*twilio.IncomingNumber)
		want string
	}{
		"application": {func(n *twilio.IncomingNumber) { n.VoiceApplicationSID = "AP" }, "belongs to the TwiML application AP"},
		"trunk":       {func(n *twilio.IncomingNumber) { n.TrunkSID = trunk }, "belongs to the SIP trunk " + trunk},
		"flex":        {func(n *twilio.IncomingNumber) { n.VoiceURL = "https://webhooks.twilio.com/v1/Accounts/AC1/Flows/FW1" }, "as Flex has it"},
		"other":       {func(n *twilio.IncomingNumber) { n.VoiceURL = "https://pbx.example.com/in" }, "another program now, at https://pbx.example.com/in"},
		"fax":         {func(n *twilio.IncomingNumber) { n.VoiceReceiveMode = "fax" }, "receives faxes"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkshop(t)
			other, err := w.client().CreateApplication(t.Context(), "Another program", twilio.VoiceSettings{})
			if err != nil {
				t.Fatal(err)
			}
			w.double.Provision(func(a *twilio.Account, numbers *[]*twilio.IncomingNumber) {
				a.Type = twilio.TrialAccount
				test.set((*numbers)[0])
				if (*numbers)[0].VoiceApplicationSID != "" {
					(*numbers)[0].VoiceApplicationSID = other.SID
				}
			})
			before := w.double.Numbers()
			said, code := w.run("", "setup", "--yes")
			if code != 0 || !strings.Contains(said, test.want) || !strings.Contains(said, "A trial account") {
				t.Errorf("%d %s", code, said)
			}
			if n := w.double.Numbers()[0]; n.VoiceSettings != phone.Settings("https://desk.example.com") || n.VoiceApplicationSID != "" || n.TrunkSID != "" {
				t.Errorf("%+v", n)
			}
			if said, code := w.run("", "setup", "--undo", "--yes"); code != 0 {
				t.Fatalf("%d %s", code, said)
			}
			if d := cmp.Diff(before, w.double.Numbers()); d != "" {
				t.Error(d)
			}
		})
	}
}

// What cannot be set up is said in a sentence, and nothing is changed.
func TestSetupRefuses(t *testing.T) {
	second := func(voice bool) func(*twilio.Account, *[]*twilio.IncomingNumber) {
		return func(_ *twilio.Account, numbers *[]*twilio.IncomingNumber) {
			(*numbers)[0].Capabilities.Voice = voice
			*numbers = append(*numbers, &twilio.IncomingNumber{PhoneNumber: "+15550199"})
		}
	}
	for name, test := range map[string]struct {
		set  func(*twilio.Account, *[]*twilio.IncomingNumber)
		env  string
		args []string
		want string
	}{
		"wrong token":      {nil, "TWILIO_AUTH_TOKEN=guess", nil, "does not accept TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN (20003)"},
		"no token":         {nil, "TWILIO_AUTH_TOKEN=", nil, "TWILIO_AUTH_TOKEN must be set"},
		"no address":       {nil, "PUBLIC_URL=", nil, "PUBLIC_URL must be set"},
		"address":          {nil, "PUBLIC_URL=desk.example.com", nil, "scheme and host only"},
		"account":          {nil, "TWILIO_ACCOUNT_SID=AC/../1", nil, "begins with AC"},
		"suspended":        {func(a *twilio.Account, _ *[]*twilio.IncomingNumber) { a.Status = twilio.AccountSuspended }, "", nil, "is suspended"},
		"several numbers":  {second(true), "", nil, "set TWILIO_NUMBER to one of " + testNumber + ", +15550199"},
		"another's number": {nil, "TWILIO_NUMBER=+15550177", nil, "is not a number of this account; it has " + testNumber},
		"messages only":    {second(false), "TWILIO_NUMBER=" + testNumber, nil, "for messages only"},
		"no number":        {func(_ *twilio.Account, numbers *[]*twilio.IncomingNumber) { *numbers = nil }, "", nil, "buy one"},
		"fallback":         {nil, "", []string{"--fallback-url=bin"}, "--fallback-url is"},
		"nobody there":     {nil, "TWILIO_API_URL=http://127.0.0.1:1", nil, "cannot read the account at 127.0.0.1:1"},
		"no carrier":       {nil, "TWILIO_API_URL=127.0.0.1", nil, "TWILIO_API_URL is"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkshop(t)
			if test.set != nil {
				w.double.Provision(test.set)
			}
			before := w.double.Numbers()
			said, code := w.runWith(append(slices.Clone(w.env), test.env), "", append([]string{"setup", "--yes"}, test.args...)...)
			if code == 0 || !strings.Contains(said, test.want) {
				t.Errorf("%d %s", code, said)
			}
			if asked := w.changes(); len(asked) > 0 || len(w.file()) > 0 || cmp.Diff(before, w.double.Numbers()) != "" {
				t.Errorf("something was changed: %q", asked)
			}
		})
	}
}

// What a person has changed since is not overwritten, another account's record
// is not used, and a number's team stays.
func TestSetupLeavesAlone(t *testing.T) {
	w := newWorkshop(t)
	if said, code := w.run("", "setup", "--yes"); code != 0 {
		t.Fatalf("%d %s", code, said)
	}
	w.double.Provision(func(_ *twilio.Account, numbers *[]*twilio.IncomingNumber) {
		(*numbers)[0].VoiceURL = "https://desk.example.com/conference/connect/client?team=billing"
	})
	if said, code := w.run("", "setup", "--yes", "--fallback-url=https://handler.twilio.com/twiml/EH1"); code != 0 {
		t.Fatalf("%d %s", code, said)
	}
	n := w.double.Numbers()[0]
	if !strings.HasPrefix(n.VoiceURL, "https://desk.example.com/conference/connect/client?team=billing#") || n.VoiceFallbackURL != "https://handler.twilio.com/twiml/EH1" || n.VoiceFallbackMethod != "GET" {
		t.Errorf("%+v", n.VoiceSettings)
	}
	w.double.Provision(func(_ *twilio.Account, numbers *[]*twilio.IncomingNumber) {
		(*numbers)[0].VoiceURL = "https://pbx.example.com/in"
	})
	said, code := w.runWith(append(slices.Clone(w.env), "TWILIO_ACCOUNT_SID=AC00000000000000000000000000000002"), "", "setup", "--undo", "--yes")
	if code != 2 || !strings.Contains(said, "tells of another account") {
		t.Errorf("%d %s", code, said)
	}
	if said, code := w.run("", "setup", "--undo", "--yes"); code != 0 || !strings.Contains(said, "changed since by somebody else") {
		t.Errorf("%d %s", code, said)
	}
	if n := w.double.Numbers()[0]; n.VoiceURL != "https://pbx.example.com/in" {
		t.Errorf("%+v", n.VoiceSettings)
	}
}
