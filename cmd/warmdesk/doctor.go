package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"time"

	"warmdesk/console"
	"warmdesk/say"
	"warmdesk/twilio"
)

// doctorCommand looks at everything a desk needs and says what is wrong.
type doctorCommand struct {
	Settings serveCommand `embed:""`
	JSON     bool         `name:"json" help:"Print a list for programs: state, check, found, todo."`
}

// Run ends with an error if anything is wrong; warnings alone are none.
func (c *doctorCommand) Run(ctx context.Context) error {
	d := newDoctor(&c.Settings)
	d.examine(ctx)
	if err := d.print(os.Stdout, c.JSON); err != nil {
		return err
	}
	if n := d.count(console.FindingWrong); n > 0 {
		return fmt.Errorf("%d of %d checks found something wrong", n, len(d.findings))
	}
	return nil
}

// doctor is one examination.
type doctor struct {
	s        *serveCommand
	public   *url.URL
	findings []console.Finding
	// desk is the name of the process that should be behind PUBLIC_URL; running:
	// it is a desk, not our stand-in.
	desk    string
	running bool
	// authToken signs what the carrier would sign; empty: not known.
	authToken string
	http      *http.Client
}

// examineTime bounds one request of an examination.
const examineTime = 10 * time.Second

func newDoctor(s *serveCommand) *doctor {
	return &doctor{s: s, http: &http.Client{
		Timeout: examineTime,
		// A carrier that is sent elsewhere asks there with GET, and what it had to
		// say is lost.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DisableKeepAlives: true},
	}}
}

func (d *doctor) ok(check, format string, args ...any) {
	d.findings = append(d.findings, console.Finding{State: console.FindingOK, Check: check, Found: marked(format, args)})
}

func (d *doctor) warning(check, todo, format string, args ...any) {
	d.findings = append(d.findings, console.Finding{State: console.FindingWarning, Check: check, Found: marked(format, args), Todo: todo})
}

func (d *doctor) wrong(check, todo, format string, args ...any) {
	d.findings = append(d.findings, console.Finding{State: console.FindingWrong, Check: check, Found: marked(format, args), Todo: todo})
}

var verb = regexp.MustCompile(`%[dqsv]`)

// marked is a sentence whose values are told from its words, so that a page can have
// it in another language (package say). A value that is marked already stays as it is.
func marked(format string, args []any) string {
	at := 0
	return verb.ReplaceAllStringFunc(format, func(v string) string {
		value := fmt.Sprintf(v, args[at])
		at++
		if value == say.Plain(value) {
			value = say.Name(value)
		}
		return value
	})
}

func (d *doctor) count(state string) (n int) {
	for _, f := range d.findings {
		if f.State == state {
			n++
		}
	}
	return n
}

// examine goes from what needs nothing to what needs everything before it.
func (d *doctor) examine(ctx context.Context) {
	d.settings()
	d.database(ctx)
	d.disk()
	leave := d.port(ctx)
	defer leave()
	if d.s.twilio() && d.s.check() == nil {
		d.carrier(ctx)
	}
	if d.public != nil {
		d.microphone()
		d.outside(ctx)
	}
}

// print writes the report.
func (d *doctor) print(w io.Writer, asJSON bool) error {
	findings := make([]console.Finding, 0, len(d.findings))
	for _, f := range d.findings {
		findings = append(findings, f.In(say.English))
	}
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(findings)
	}
	for _, f := range findings {
		if _, err := fmt.Fprintf(w, "%-8s %-15s %s\n", f.State, f.Check, f.Found); err != nil {
			return err
		}
		if f.Todo != "" {
			if _, err := fmt.Fprintf(w, "%-24s -> %s\n", "", f.Todo); err != nil {
				return err
			}
		}
	}
	_, err := fmt.Fprintf(w, "\n%d ok, %d warnings, %d wrong\n", d.count(console.FindingOK), d.count(console.FindingWarning), d.count(console.FindingWrong))
	return err
}

// settings are those that a start would refuse.
func (d *doctor) settings() {
	const check = "settings"
	public, err := d.s.publicURL(d.listenPort())
	if err != nil {
		d.wrong(check, "correct it and run this again", "%v", err)
	}
	d.public = public
	if err := d.s.check(); err != nil {
		d.wrong(check, "warmdesk setup writes them all into "+defaultEnvFile, "%v", err)
		return
	}
	if err != nil {
		return
	}
	named, err := d.s.people()
	if err == nil { // TEAMS may name stored users, who come and go
		err = d.s.known(rosterOf(named), true)
	}
	if err == nil {
		_, err = d.s.service()
	}
	switch {
	case err != nil:
		d.wrong(check, "correct it and run this again", "%v", err)
	case len(named) > 0:
		d.ok(check, "%d people may sign in by AGENTS, besides those of warmdesk user list", len(named))
	case d.s.private(public.Hostname()):
		d.ok(check, "demo, unless warmdesk user list has somebody: people without passwords, on this computer only")
	default:
		d.ok(check, "warmdesk user list shows who may sign in; nobody: the start prints a link for the first admin")
	}
	if d.s.twilio() {
		d.authToken = d.s.TwilioAuthToken
		return
	}
	d.ok("carrier", "the switchboard built in; TWILIO_ACCOUNT_SID is not set")
	if _, err := os.Stat(credentialsPath(d.s.DatabaseURL)); err == nil {
		if own, err := loadCredentials(credentialsPath(d.s.DatabaseURL)); err != nil {
			d.wrong("carrier", "move it away and new ones are made", "%v", err)
		} else {
			d.authToken = own.AuthToken
		}
	}
}

// carrierHost is whom the carrier's lines speak of.
func (d *doctor) carrierHost() string {
	if u, err := url.Parse(d.s.TwilioAPIURL); err == nil && d.s.TwilioAPIURL != twilio.DefaultBaseURL {
		return u.Host
	}
	return "Twilio"
}
