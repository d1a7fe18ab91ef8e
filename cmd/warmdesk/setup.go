package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"warmdesk/twilio"
)

// setupCommand makes a Twilio account ready for this desk, or takes that back.
type setupCommand struct {
	PublicURL         string `env:"PUBLIC_URL" help:"The address Twilio reaches this desk at, like https://desk.example.com."`
	TwilioAccountSID  string `env:"TWILIO_ACCOUNT_SID" help:"The account; asked for when missing."`
	TwilioNumber      string `env:"TWILIO_NUMBER" help:"The number customers call; the account's only one, or asked for, when missing."`
	TwilioTwimlAppSID string `env:"TWILIO_TWIML_APP_SID" help:"A TwiML application to use instead of one of our own."`
	TwilioAPIURL      string `env:"TWILIO_API_URL" name:"twilio-api-url" default:"https://api.twilio.com" help:"Another carrier that speaks Twilio's contract."`

	FallbackURL string `env:"TWILIO_FALLBACK_URL" name:"fallback-url" help:"Where callers go while no desk answers: a TwiML Bin with what 'warmdesk fallback' prints. Unset: the desk is asked once more."`
	Yes         bool   `help:"Do it without asking."`
	Undo        bool   `help:"Put back what setup replaced, and delete what it made."`

	// From the environment alone: other programs see a command's arguments.
	authToken string
	key       apiKey

	// others names the variables of serve.
	others []string

	in  *bufio.Reader
	out io.Writer
}

// Run asks for what is missing, shows what would change, and changes it when
// told to.
func (s *setupCommand) Run(ctx context.Context, file *envFile, line *kong.Context) error {
	s.others = served(line)
	s.in, s.out = bufio.NewReader(os.Stdin), os.Stdout
	s.authToken = os.Getenv("TWILIO_AUTH_TOKEN")
	s.key = apiKey{os.Getenv("TWILIO_API_KEY_SID"), os.Getenv("TWILIO_API_KEY_SECRET")}
	if err := s.complete(); err != nil {
		return err
	}
	client, err := twilio.NewClient(twilio.Config{AccountSID: s.TwilioAccountSID, Password: s.authToken, BaseURL: s.TwilioAPIURL})
	if err != nil {
		return wrong("TWILIO_API_URL is %q; it must be scheme and host, like https://api.twilio.com", s.TwilioAPIURL)
	}
	undo, err := readUndo(file.path, s.TwilioAccountSID)
	if err != nil {
		return err
	}
	p := &provision{client: client, file: file, undo: undo, out: s.out, say: func(format string, args ...any) { fmt.Fprintf(s.out, format+"\n", args...) }}
	if s.Undo {
		return s.takeBack(ctx, p)
	}
	return s.provide(ctx, p)
}

// served names the variables that serve has its settings from.
func served(line *kong.Context) (names []string) {
	for _, command := range line.Model.Children {
		if command.Name != "serve" {
			continue
		}
		for _, flag := range command.Flags {
			names = append(names, flag.Envs...)
		}
	}
	return names
}

// provide makes the account ready.
func (s *setupCommand) provide(ctx context.Context, p *provision) error {
	public, err := (&serveCommand{PublicURL: s.PublicURL}).publicURL(0)
	if err != nil {
		return err
	}
	account, err := p.client.FetchAccount(ctx)
	if err != nil {
		return refusedBy(s.TwilioAPIURL, "read the account", err)
	}
	if account.Status != twilio.AccountActive {
		return fmt.Errorf("the account %s is %s: calls cannot be made or taken; nothing was changed. Open console.twilio.com to see why", account.SID, account.Status)
	}
	number, err := s.choose(ctx, p.client)
	if err != nil {
		return err
	}
	plan, err := s.plan(ctx, p, public, number)
	if err != nil {
		return err
	}
	p.say("Account    %s %q (%s, %s)", account.SID, account.FriendlyName, account.Type, account.Status)
	if account.Type == twilio.TrialAccount {
		p.say("           A trial account: callers hear Twilio's notice first, and only numbers you have verified can be called.")
	}
	steps := plan.show(p)
	if len(steps) == 0 {
		p.say("\nNothing to do: everything is as it should be. Next: warmdesk doctor, then warmdesk serve")
		return nil
	}
	if err := s.confirm(); err != nil {
		return err
	}
	if err := p.do(ctx, steps); err != nil {
		return err
	}
	p.say("\nDone. Settings are in %s. Next: warmdesk doctor, then warmdesk serve", p.file.path)
	p.say("To put everything back: warmdesk setup --undo")
	return nil
}

// takeBack is the way back.
func (s *setupCommand) takeBack(ctx context.Context, p *provision) error {
	steps, err := p.undoSteps(ctx)
	if err != nil {
		return refusedBy(s.TwilioAPIURL, "look at what setup changed", err)
	}
	if len(steps) == 0 {
		p.say("Nothing to take back: %s does not tell of anything that setup changed.", undoPath(p.file.path))
		return nil
	}
	if err := s.confirm(); err != nil {
		return err
	}
	if err := p.do(ctx, steps); err != nil {
		return err
	}
	p.say("\nDone. What is left in %s is yours.", p.file.path)
	return nil
}

// complete asks on the terminal for what neither the environment nor the env
// file has.
func (s *setupCommand) complete() error {
	for _, want := range []struct {
		name, question string
		value          *string
		secret, undo   bool
	}{
		{"TWILIO_ACCOUNT_SID", "Account SID (AC…, on the first page of console.twilio.com)", &s.TwilioAccountSID, false, true},
		{"TWILIO_AUTH_TOKEN", "Auth token (beside it; not shown while you type)", &s.authToken, true, true},
		{"PUBLIC_URL", "Address Twilio reaches this desk at (https://…)", &s.PublicURL, false, false},
	} {
		if *want.value != "" || s.Undo && !want.undo {
			continue
		}
		if !interactive() {
			return wrong("%s must be set: in the environment or in the env file; nothing was changed", want.name)
		}
		answer, err := s.ask(want.question, want.secret)
		if err != nil {
			return err
		}
		*want.value = answer
	}
	if u, err := url.Parse(s.TwilioAccountSID); err != nil || u.Path != s.TwilioAccountSID || strings.Contains(s.TwilioAccountSID, "/") {
		return wrong("TWILIO_ACCOUNT_SID is %q; it begins with AC and has 34 characters", s.TwilioAccountSID)
	}
	if s.FallbackURL != "" {
		return httpAddress("--fallback-url", s.FallbackURL)
	}
	return nil
}

func interactive() bool { return term.IsTerminal(int(os.Stdin.Fd())) }

// ask asks on the terminal; a secret is not shown.
func (s *setupCommand) ask(question string, secret bool) (string, error) {
	fmt.Fprintf(s.out, "%s: ", question)
	var line string
	var err error
	if secret {
		var typed []byte
		typed, err = term.ReadPassword(int(os.Stdin.Fd()))
		line = string(typed)
		fmt.Fprintln(s.out)
	} else {
		line, err = s.in.ReadString('\n')
	}
	line = strings.TrimSpace(line)
	if err != nil && line == "" || line == "" {
		return "", wrong("nothing was typed; nothing was changed")
	}
	return line, nil
}

// confirm asks for a yes, unless it was given.
func (s *setupCommand) confirm() error {
	if s.Yes {
		return nil
	}
	fmt.Fprint(s.out, "\nType yes to do this: ")
	line, err := s.in.ReadString('\n')
	if strings.TrimSpace(line) == "yes" {
		return nil
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the answer: %w", err)
	}
	return wrong("nothing was changed: type yes, or run it with --yes")
}

// choose finds the number: the one that was named, the only one, or the one that
// is typed.
func (s *setupCommand) choose(ctx context.Context, client *twilio.Client) (twilio.IncomingNumber, error) {
	all, err := client.ListNumbers(ctx, "")
	if err != nil {
		return twilio.IncomingNumber{}, refusedBy(s.TwilioAPIURL, "list the account's numbers", err)
	}
	var able []twilio.IncomingNumber
	for _, n := range all {
		switch {
		case n.PhoneNumber == s.TwilioNumber && !n.Capabilities.Voice:
			return n, wrong("%s cannot take calls: it is for messages only; choose another number", n.PhoneNumber)
		case n.PhoneNumber == s.TwilioNumber:
			return n, nil
		case n.Capabilities.Voice:
			able = append(able, n)
		}
	}
	switch {
	case len(able) == 0:
		return twilio.IncomingNumber{}, wrong("the account has no number that takes calls; buy one at console.twilio.com (Phone Numbers, Buy a number, Voice) and run this again")
	case s.TwilioNumber != "":
		return twilio.IncomingNumber{}, wrong("%s is not a number of this account; it has %s", s.TwilioNumber, listed(able))
	case len(able) == 1:
		return able[0], nil
	case !interactive():
		return twilio.IncomingNumber{}, wrong("the account has several numbers: set TWILIO_NUMBER to one of %s", listed(able))
	}
	for _, n := range able {
		fmt.Fprintf(s.out, "  %s  %s\n", n.PhoneNumber, n.FriendlyName)
	}
	answer, err := s.ask("Number that customers call", false)
	if err != nil {
		return twilio.IncomingNumber{}, err
	}
	for _, n := range able {
		if n.PhoneNumber == answer {
			return n, nil
		}
	}
	return twilio.IncomingNumber{}, wrong("%s is none of them; nothing was changed", answer)
}

// listed names the first numbers.
func listed(numbers []twilio.IncomingNumber) string {
	const most = 10
	var names []string
	for _, n := range numbers[:min(len(numbers), most)] {
		names = append(names, n.PhoneNumber)
	}
	if len(numbers) > most {
		names = append(names, fmt.Sprintf("and %d more", len(numbers)-most))
	}
	return strings.Join(names, ", ")
}

// httpAddress refuses what is not an absolute address.
func httpAddress(name, value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return wrong("%s is %q; it must be an address like https://handler.twilio.com/twiml/EH0123", name, value)
	}
	return nil
}

// refusedBy is an error of the carrier's for the person at the terminal.
func refusedBy(api, what string, err error) error {
	host := api
	if u, parseErr := url.Parse(api); parseErr == nil {
		host = u.Host
	}
	if twilio.IsCode(err, twilio.CodeUnauthorized) {
		return wrong("%s does not accept TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN (20003); copy both again from console.twilio.com (not an API key); nothing was changed", host)
	}
	if e, ok := errors.AsType[*twilio.Error](err); ok {
		return fmt.Errorf("%s refused to %s: %s (code %d, HTTP %d)", host, what, e.Message, e.Code, e.Status)
	}
	return fmt.Errorf("cannot %s at %s: %w; is this machine on the internet?", what, host, err)
}
