package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client"
	"github.com/twilio/twilio-go/client/jwt"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"warmdesk/twilio"
)

// arguments of an operation, by name.
type arguments map[string]any

// answer of a foreign client.
type answer struct {
	OK struct {
		resource
		List                   []resource
		Text                   string
		Valid                  bool
		Identity, Account, Key string
	}
	// Status and Code say why it was refused, in the library's own error.
	Status, Code int
	// Broken is an error that is not the service's.
	Broken string
}

// resource is what the libraries show of one, under the names of the REST API.
type resource struct {
	SID          string `json:"sid"`
	CallSID      string `json:"call_sid"`
	Status       string `json:"status"`
	Direction    string `json:"direction"`
	To           string `json:"to"`
	From         string `json:"from"`
	Hold         bool   `json:"hold"`
	Muted        bool   `json:"muted"`
	FriendlyName string `json:"friendly_name"`
	Reason       string `json:"reason_conference_ended"`
	Secret       string `json:"secret"`
	Created      int64  `json:"created"` // Unix seconds
}

// foreigner is one of Twilio's own libraries.
type foreigner interface {
	ask(operation string, with arguments) (answer, error)
}

// piped is a library in a process of its own, which reads requests and writes
// answers line by line.
type piped struct {
	in  io.Writer
	out *bufio.Reader
}

func (p *piped) ask(operation string, with arguments) (a answer, err error) {
	request, err := json.Marshal(map[string]any{"op": operation, "args": with})
	if err != nil {
		return a, err
	}
	if _, err := p.in.Write(append(request, '\n')); err != nil {
		return a, err
	}
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(line, &a)
}

// startPiped starts a library's process, which ends with the test.
func startPiped(t *testing.T, env string, command ...string) foreigner {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), env)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // its end of input
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", command[0], err)
		}
	})
	return &piped{in, bufio.NewReader(out)}
}

func pythonLibrary(t *testing.T) foreigner {
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		try := exec.Command(python, "-c", "import twilio.rest")
		try.Dir = t.TempDir() // our own folder twilio is not Twilio's library
		if try.Run() == nil {
			return startPiped(t, "PYTHONDONTWRITEBYTECODE=1", python, "testdata/foreign.py")
		}
	}
	t.Skip("python3-twilio is not installed (make deps): Twilio's library for Python is not tried")
	return nil
}

func nodeLibrary(t *testing.T) foreigner {
	modules, err := filepath.Abs("../../web/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "twilio")); err != nil {
		t.Skip("the npm package twilio is not installed in web/: Twilio's library for Node is not tried")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: Twilio's library for Node is not tried")
	}
	return startPiped(t, "MODULES="+modules, node, "testdata/foreign.mjs")
}

// goLibrary is twilio-go in this process. Its TwiML is not tried: it puts
// attributes in a random order and brings a library of its own.
type goLibrary struct{ service *api.ApiService }

// elsewhere gives the library another host than Twilio's.
type elsewhere struct{ base *url.URL }

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	there := r.Clone(r.Context())
	there.URL.Scheme, there.URL.Host, there.Host = e.base.Scheme, e.base.Host, e.base.Host
	return http.DefaultTransport.RoundTrip(there)
}

func (g *goLibrary) ask(operation string, with arguments) (a answer, err error) {
	text := func(name string) string { return fmt.Sprint(with[name]) }
	switch operation {
	case "use":
		base, err := url.Parse(text("Base"))
		if err != nil {
			return a, err
		}
		c := &client.Client{
			Credentials: client.NewCredentials(text("User"), text("Password")),
			HTTPClient:  &http.Client{Transport: elsewhere{base}, Timeout: 10 * time.Second},
		}
		c.SetAccountSid(text("Account"))
		g.service = api.NewApiServiceWithClient(c)
	case "rest":
		return g.rest(with)
	case "twiml":
		a.OK.Text = fmt.Sprintf(`<Response><Dial action=%q><Conference beep="false" startConferenceOnEnter="true" waitUrl=%q statusCallback=%q `+
			`statusCallbackEvent="start end join leave hold mute">%s</Conference></Dial></Response>`, text("Action"), text("Wait"), text("Events"), text("Room"))
	case "token":
		token := jwt.CreateAccessToken(jwt.AccessTokenParams{
			AccountSid: text("Account"), SigningKeySid: text("Key"), Secret: text("Secret"), Identity: text("Identity"),
		})
		token.AddGrant(&jwt.VoiceGrant{Incoming: jwt.Incoming{Allow: true}, Outgoing: jwt.Outgoing{ApplicationSid: text("Application")}})
		a.OK.Text, err = token.ToJwt()
	case "read_token":
		token, err := new(jwt.AccessToken).FromJwt(text("Token"), text("Secret"))
		if err != nil {
			return a, err
		}
		a.OK.Identity, a.OK.Account, a.OK.Key = fmt.Sprint(token.Identity), token.AccountSid, token.SigningKeySid
	case "validate":
		validator := client.NewRequestValidator(text("Secret"))
		a.OK.Valid = validator.Validate(text("Url"), with["Form"].(map[string]string), text("Signature"))
	default:
		return a, fmt.Errorf("twilio-go has no %s", operation)
	}
	return a, err
}

// rest carries out one request by the library's own function for it.
func (g *goLibrary) rest(with arguments) (a answer, err error) {
	on := with["On"].([]string)
	var names, sids []string
	for i, step := range on {
		if i%2 == 0 {
			names = append(names, step)
		} else {
			sids = append(sids, step)
		}
	}
	result, err := g.resource(fmt.Sprint(with["Do"])+" "+strings.Join(names, " "), append(sids, "", ""), with["With"])
	if refused, ok := errors.AsType[*client.TwilioRestError](err); ok {
		return answer{Status: refused.Status, Code: refused.Code}, nil
	}
	if err != nil {
		return a, err
	}
	content, err := json.Marshal(result)
	if err != nil {
		return a, err
	}
	if strings.HasPrefix(string(content), "[") {
		return a, json.Unmarshal(content, &a.OK.List)
	}
	var dates struct {
		Created string `json:"date_created"`
	}
	if err := json.Unmarshal(content, &dates); err != nil {
		return a, err
	}
	if created, err := time.Parse(time.RFC1123Z, dates.Created); err == nil {
		a.OK.Created = created.Unix()
	}
	return a, json.Unmarshal(content, &a.OK.resource)
}

func (g *goLibrary) resource(what string, sids []string, with any) (any, error) {
	s := g.service
	switch what {
	case "create calls":
		return s.CreateCall(params[api.CreateCallParams](with))
	case "fetch calls":
		return s.FetchCall(sids[0], nil)
	case "update calls":
		return s.UpdateCall(sids[0], params[api.UpdateCallParams](with))
	case "list calls":
		return s.ListCall(params[api.ListCallParams](with))
	case "fetch conferences":
		return s.FetchConference(sids[0], nil)
	case "update conferences":
		return s.UpdateConference(sids[0], params[api.UpdateConferenceParams](with))
	case "list conferences":
		return s.ListConference(params[api.ListConferenceParams](with))
	case "list conferences participants":
		return s.ListParticipant(sids[0], params[api.ListParticipantParams](with))
	case "fetch conferences participants":
		return s.FetchParticipant(sids[0], sids[1], nil)
	case "update conferences participants":
		return s.UpdateParticipant(sids[0], sids[1], params[api.UpdateParticipantParams](with))
	case "delete conferences participants":
		return struct{}{}, s.DeleteParticipant(sids[0], sids[1], nil)
	case "list recordings":
		return s.ListRecording(params[api.ListRecordingParams](with))
	case "fetch recordings":
		return s.FetchRecording(sids[0], nil)
	case "delete recordings":
		return struct{}{}, s.DeleteRecording(sids[0], nil)
	case "create new_keys":
		return s.CreateNewKey(params[api.CreateNewKeyParams](with))
	}
	return nil, fmt.Errorf("twilio-go is not asked to %s", what)
}

// params fills the library's struct from names of the REST API, which are its tags.
func params[T any](with any) *T {
	p := new(T)
	content, err := json.Marshal(with)
	if err == nil {
		err = json.Unmarshal(content, p)
	}
	if err != nil {
		panic(fmt.Sprintf("%T: %v", p, err)) // a mistake in the test's own table
	}
	return p
}

// signer is who signs what a library only checks.
func signed(c foreigner, secret, address string, form map[string]string) (string, error) {
	if _, ok := c.(*goLibrary); ok {
		values := url.Values{}
		for name, value := range form {
			values.Set(name, value)
		}
		return twilio.Sign(secret, address, values), nil
	}
	a, err := c.ask("sign", arguments{"Secret": secret, "Url": address, "Form": form})
	if err == nil && a.Broken != "" {
		err = errors.New(a.Broken)
	}
	return a.OK.Text, err
}
