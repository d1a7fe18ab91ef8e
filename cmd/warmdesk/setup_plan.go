package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"warmdesk/phone"
	"warmdesk/say"
	"warmdesk/twilio"
)

// provision is an account that is being set up.
type provision struct {
	client *twilio.Client
	file   *envFile
	undo   *undoRecord
	out    io.Writer
	say    func(format string, args ...any)
}

// step is one change; what is said of it when it is done, or was not.
type step struct {
	what string
	do   func(context.Context) error
}

// do carries steps out in order. Each can be done again: a second run looks at
// what is there and goes on.
func (p *provision) do(ctx context.Context, steps []step) error {
	for i, s := range steps {
		if err := s.do(ctx); err != nil {
			p.say("failed     %s", s.what)
			for _, left := range steps[i+1:] {
				p.say("not done   %s", left.what)
			}
			return fmt.Errorf("%s: %w. What is done stays, and is found by running the same command again", s.what, err)
		}
		p.say("done       %s", s.what)
	}
	return nil
}

// plan is what setup found and what it wants.
type plan struct {
	name   string // of the key and the application that are ours
	number twilio.IncomingNumber
	wants  twilio.VoiceSettings
	// app is the application there is, if its SID is not empty.
	app       twilio.Application
	appWants  twilio.VoiceSettings
	key       apiKey            // there is one, and its secret is right
	settings  map[string]string // of the env file
	names     []string          // of settings, in order
	warnings  []string
	publicURL *url.URL
}

func (s *setupCommand) plan(ctx context.Context, p *provision, public *url.URL, number twilio.IncomingNumber) (*plan, error) {
	plan := &plan{name: "Warmdesk " + number.PhoneNumber, number: number, publicURL: public}
	plan.wants = phone.SettingsFor(public.String(), number.VoiceSettings)
	plan.appWants = phone.Settings(public.String())
	if s.FallbackURL != "" {
		for _, wants := range []*twilio.VoiceSettings{&plan.wants, &plan.appWants} {
			// GET, because a document that never changes is hosted where nothing can
			// be posted, too.
			wants.VoiceFallbackURL, wants.VoiceFallbackMethod = s.FallbackURL, http.MethodGet
		}
	}
	if err := s.findApplication(ctx, p, plan); err != nil {
		return nil, refusedBy(s.TwilioAPIURL, "look for the TwiML application", err)
	}
	if err := s.findKey(ctx, p, plan); err != nil {
		return nil, refusedBy(s.TwilioAPIURL, "look for the API key", err)
	}
	plan.add("PUBLIC_URL", public.String())
	plan.add("TWILIO_ACCOUNT_SID", s.TwilioAccountSID)
	plan.add("TWILIO_AUTH_TOKEN", s.authToken)
	plan.add("TWILIO_NUMBER", number.PhoneNumber)
	if s.TwilioAPIURL != twilio.DefaultBaseURL {
		plan.add("TWILIO_API_URL", s.TwilioAPIURL)
	}
	if s.FallbackURL != "" {
		plan.add("TWILIO_FALLBACK_URL", s.FallbackURL)
	}
	for _, name := range s.others { // what else the desk is to be served with
		if value := os.Getenv(name); value != "" && !strings.HasPrefix(name, "TWILIO_") && name != "PUBLIC_URL" {
			plan.add(name, value)
		}
	}
	plan.warn(s.TwilioAPIURL)
	return plan, nil
}

func (plan *plan) add(name, value string) {
	if plan.settings == nil {
		plan.settings = map[string]string{}
	}
	plan.names = append(plan.names, name)
	plan.settings[name] = value
}

// findApplication takes the one that is configured, or one of our name.
func (s *setupCommand) findApplication(ctx context.Context, p *provision, plan *plan) error {
	if s.TwilioTwimlAppSID != "" {
		app, err := p.client.FetchApplication(ctx, s.TwilioTwimlAppSID)
		if err == nil {
			plan.app = app
			return nil
		}
		if !twilio.IsCode(err, twilio.CodeNotFound) {
			return err
		}
	}
	ours, err := p.client.ListApplications(ctx, plan.name)
	if err == nil && len(ours) > 0 {
		plan.app = ours[0]
	}
	return err
}

// findKey takes the key that is configured, if its secret is right: secrets are
// told once, so that one of our name is of no use without it.
func (s *setupCommand) findKey(ctx context.Context, p *provision, plan *plan) error {
	have := s.key
	if have.SID != "" && have.Secret != "" {
		right, err := keyWorks(ctx, s.TwilioAccountSID, have, s.TwilioAPIURL)
		if err != nil {
			return err
		}
		if right {
			plan.key = have
			return nil
		}
		plan.warnings = append(plan.warnings, fmt.Sprintf("the API key %s is not accepted any more; a new one is made", have.SID))
	}
	keys, err := p.client.ListKeys(ctx)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.FriendlyName == plan.name && k.SID != have.SID {
			plan.warnings = append(plan.warnings, fmt.Sprintf("there is an API key %s of the same name, whose secret is not known here; delete it if no other desk uses it", k.SID))
		}
	}
	return nil
}

// keyWorks reports whether a key may read the account's calls.
func keyWorks(ctx context.Context, account string, key apiKey, api string) (bool, error) {
	asKey, err := twilio.NewClient(twilio.Config{AccountSID: account, User: key.SID, Password: key.Secret, BaseURL: api})
	if err != nil {
		return false, err
	}
	_, err = asKey.ListCalls(ctx, twilio.CallFilter{Limit: 1})
	if twilio.IsCode(err, twilio.CodeUnauthorized) {
		return false, nil
	}
	return err == nil, err
}

// warn tells what whoever says yes should know.
func (plan *plan) warn(api string) {
	n := plan.number
	switch {
	case n.TrunkSID != "":
		plan.warnings = append(plan.warnings, fmt.Sprintf("%s belongs to the SIP trunk %s now, and is taken away from it", n.PhoneNumber, n.TrunkSID))
	case n.VoiceApplicationSID != "":
		plan.warnings = append(plan.warnings, fmt.Sprintf("%s belongs to the TwiML application %s now, and is taken away from it", n.PhoneNumber, n.VoiceApplicationSID))
	case strings.Contains(n.VoiceURL, "webhooks.twilio.com"):
		plan.warnings = append(plan.warnings, fmt.Sprintf("%s is answered by a Studio flow now, as Flex has it: it will not be any more", n.PhoneNumber))
	case n.VoiceURL != "" && !ours(n.VoiceURL, plan.publicURL) && !strings.HasPrefix(n.VoiceURL, "https://demo.twilio.com/"):
		plan.warnings = append(plan.warnings, fmt.Sprintf("%s is answered by another program now, at %s: it will not be any more", n.PhoneNumber, n.VoiceURL))
	}
	if n.VoiceReceiveMode == "fax" {
		plan.warnings = append(plan.warnings, fmt.Sprintf("%s receives faxes; change that at console.twilio.com, or callers hear a fax machine", n.PhoneNumber))
	}
	if _, todo := reachable(plan.publicURL, api); todo != "" {
		plan.warnings = append(plan.warnings, say.Plain(todo))
	}
}

// ours reports whether a voice URL leads to the desk at public.
func ours(address string, public *url.URL) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == public.Scheme && strings.EqualFold(u.Host, public.Host) && u.Path == "/conference/connect/client"
}

// reachable judges PUBLIC_URL by its looks. A carrier on this computer reaches
// what is on it.
func reachable(public *url.URL, api string) (fine, todo string) {
	if u, err := url.Parse(api); err == nil && loopback(u.Hostname()) {
		return "the carrier is on this computer, and needs no public address", ""
	}
	switch {
	case loopback(public.Hostname()):
		return "", fmt.Sprintf("PUBLIC_URL is %s, which is this computer alone: Twilio cannot reach it; use a tunnel (docs/twilio.md)", say.Name(public.String()))
	case public.Scheme != "https":
		return "", fmt.Sprintf("PUBLIC_URL is %s: calls would be asked for in the clear, and browsers give pages no microphone without https", say.Name(public.String()))
	}
	return "https", ""
}

// field is one setting of the carrier's, as it is and as it will be.
type field struct{ name, is, wants string }

func fields(is, wants twilio.VoiceSettings) (changed []field) {
	for _, f := range []field{
		{"voice URL", is.VoiceURL, wants.VoiceURL}, {"voice method", is.VoiceMethod, wants.VoiceMethod},
		{"fallback URL", is.VoiceFallbackURL, wants.VoiceFallbackURL}, {"fallback method", is.VoiceFallbackMethod, wants.VoiceFallbackMethod},
		{"status callback", is.StatusCallback, wants.StatusCallback}, {"status callback method", is.StatusCallbackMethod, wants.StatusCallbackMethod},
	} {
		if f.is != f.wants {
			changed = append(changed, f)
		}
	}
	return changed
}

func (p *provision) sayFields(changed []field) {
	for _, f := range changed {
		is := f.is
		if is == "" {
			is = "(none)"
		}
		wants := f.wants
		if wants == "" {
			wants = "(none)"
		}
		p.say("    %-24s%s\n    %-24s-> %s", f.name, is, "", wants)
	}
}

// show says what is and what will be, and returns the steps between them.
func (plan *plan) show(p *provision) []step {
	var steps []step
	if plan.key.SID == "" {
		p.say("API key    %q: none -> a new one, for browser tokens", plan.name)
		steps = append(steps, step{"make an API key", func(ctx context.Context) error { return p.makeKey(ctx, plan) }})
	} else {
		p.say("API key    %s: stays", plan.key.SID)
		plan.keyIs(plan.key)
	}
	switch changed := fields(plan.app.VoiceSettings, plan.appWants); {
	case plan.app.SID == "":
		p.say("TwiML app  %q: none -> a new one, for the customer's page", plan.name)
		steps = append(steps, step{"make a TwiML application", func(ctx context.Context) error { return p.makeApplication(ctx, plan) }})
	case len(changed) > 0:
		p.say("TwiML app  %s %q: changes", plan.app.SID, plan.app.FriendlyName)
		p.sayFields(changed)
		steps = append(steps, step{"change the TwiML application " + plan.app.SID, func(ctx context.Context) error { return p.changeApplication(ctx, plan) }})
	default:
		p.say("TwiML app  %s: stays", plan.app.SID)
	}
	if plan.app.SID != "" {
		plan.applicationIs(plan.app.SID)
	}
	if names := plan.unwritten(p.file); len(steps) > 0 || len(names) > 0 || p.file.mode.Perm() != 0o600 {
		p.say("%s: %s (only you can read it)", p.file.path, plan.tells(p.file, names))
		steps = append(steps, step{"write " + p.file.path, func(context.Context) error { return p.write(plan) }})
	}
	// The number comes last: calls come when everything else is there.
	if changed := append(fields(plan.number.VoiceSettings, plan.wants), plan.leaves()...); len(changed) > 0 {
		p.say("Number     %s %q: changes", plan.number.PhoneNumber, plan.number.FriendlyName)
		p.sayFields(changed)
		steps = append(steps, step{"point " + plan.number.PhoneNumber + " at " + plan.publicURL.String(), func(ctx context.Context) error { return p.changeNumber(ctx, plan) }})
	} else {
		p.say("Number     %s: stays", plan.number.PhoneNumber)
	}
	for _, w := range plan.warnings {
		p.say("Warning: %s", w)
	}
	return steps
}

// leaves is what would keep the number's own settings from being looked at.
func (plan *plan) leaves() (changed []field) {
	for _, f := range []field{{"TwiML application", plan.number.VoiceApplicationSID, ""}, {"SIP trunk", plan.number.TrunkSID, ""}} {
		if f.is != "" {
			changed = append(changed, f)
		}
	}
	return changed
}

func (plan *plan) keyIs(key apiKey) {
	plan.add("TWILIO_API_KEY_SID", key.SID)
	plan.add("TWILIO_API_KEY_SECRET", key.Secret)
}

func (plan *plan) applicationIs(sid string) { plan.add("TWILIO_TWIML_APP_SID", sid) }

// unwritten names the settings that the file does not have like that.
func (plan *plan) unwritten(file *envFile) (names []string) {
	for _, name := range plan.names {
		if file.values[name] != plan.settings[name] {
			names = append(names, name)
		}
	}
	return names
}

func (plan *plan) tells(file *envFile, names []string) string {
	if !file.exists {
		return "none -> a new file"
	}
	if len(names) == 0 {
		return "changes"
	}
	return "changes " + strings.Join(names, ", ")
}
