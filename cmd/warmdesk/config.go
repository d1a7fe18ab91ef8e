package main

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/edge"
)

// serveCommand is the configuration (architecture.md, Surface).
type serveCommand struct {
	Addr        string `env:"ADDR" default:"127.0.0.1:8080" help:"Address to listen on; port 0 takes any free one."`
	PublicURL   string `env:"PUBLIC_URL" help:"How carriers and browsers reach us; webhook signatures are made and checked against it. Default: http://localhost:PORT."`
	DatabaseURL string `env:"DATABASE_URL" default:"warmdesk.db" help:"SQLite file."`
	SharedDB    string `env:"SHARED_DATABASE" enum:"on,off" default:"off" help:"on: another desk works on the same database (Twilio only)."`

	MediaAddr     []string `env:"MEDIA_ADDR" help:"IP addresses where browser audio reaches the switchboard. Default: 127.0.0.1 and the first address of the local network."`
	MediaPort     int      `env:"MEDIA_PORT" default:"0" help:"The one UDP port of browser audio; 0 takes any free one."`
	MediaPublicIP string   `env:"MEDIA_PUBLIC_IP" help:"Address to advertise for audio when the machine has another one from outside."`

	Recordings recordingSettings `embed:""`

	TwilioAccountSID   string `env:"TWILIO_ACCOUNT_SID" help:"Use Twilio with this account. Unset: the built-in switchboard."`
	TwilioAuthToken    string `env:"TWILIO_AUTH_TOKEN" secret:"" help:"The account's auth token."`
	TwilioNumber       string `env:"TWILIO_NUMBER" help:"The number customers call, in E.164 form."`
	TwilioAPIKeySID    string `env:"TWILIO_API_KEY_SID" help:"API key for browser tokens; made once when missing."`
	TwilioAPIKeySecret string `env:"TWILIO_API_KEY_SECRET" secret:"" help:"The API key's secret."`
	TwilioAPIURL       string `env:"TWILIO_API_URL" default:"https://api.twilio.com" help:"Another carrier that speaks Twilio's contract."`
	TwilioTwimlAppSID  string `env:"TWILIO_TWIML_APP_SID" help:"TwiML application that lets the web customer page call on Twilio."`

	telephones `embed:""`

	Agents      string        `env:"AGENTS" secret:"" help:"Who may sign in besides those of warmdesk user: agent1=Ana:secret,agent2=Ben:secret. Unset on this computer without Twilio and users: demo people."`
	Teams       string        `env:"TEAMS" help:"Who is in which team: billing=agent1,agent2;tech=agent2,agent3. Unset: one team of everybody."`
	Recovery    string        `env:"RECOVERY" enum:"on,off" default:"on" help:"off: exactly the tutorial's conference flags."`
	WrapUp      time.Duration `env:"WRAP_UP" default:"0s" help:"Time an agent has after a call before the next one rings, 30s for example, unless done sooner."`
	Hours       string        `env:"HOURS" help:"Business hours and their time zone: Mon-Fri 09:00-17:00, Sat 10:00-14:00 Europe/Berlin. Outside them callers may leave a message. Unset: always open."`
	MaxWait     time.Duration `env:"MAX_WAIT" default:"10m" help:"Time in line after which a caller may leave a message or ask to be called back; 0: never."`
	LegacyToken string        `env:"LEGACY_TOKEN" enum:"on,off" default:"off" help:"on: the tutorial's ClientCapability tokens, for browser SDK 1.x."`

	Signin signinOptions `embed:""`

	WebhookURLs     []string `name:"webhook-urls" env:"WEBHOOK_URLS" secret:"" help:"Who is told of calls as they happen, separated by commas: https URLs (docs/webhooks.md)."`
	WebhookSecret   []string `env:"WEBHOOK_SECRET" secret:"" help:"Signs what they are told: whsec_ and base64; older ones after a comma. Unset: one is made and kept."`
	WebhookInsecure string   `env:"WEBHOOK_INSECURE" enum:"on,off" default:"off" help:"on: http, and names of addresses that are not public, are right too."`

	hide *edge.Secrets // see secrets

	Edge  edgeOptions  `embed:""`
	HTTPS httpsOptions `embed:""`
}

// service reads HOURS and MAX_WAIT.
func (s *serveCommand) service() (agent.Service, error) {
	hours, err := agent.ParseHours(s.Hours)
	if err != nil {
		return agent.Service{}, wrong("HOURS cannot be read: %v; write it like Mon-Fri 09:00-17:00, Sat 10:00-14:00 Europe/Berlin", err)
	}
	if s.MaxWait < 0 {
		return agent.Service{}, wrong("MAX_WAIT is %v; it must be a time like 10m, or 0 for no end", s.MaxWait)
	}
	return agent.Service{Hours: hours, MaxWait: s.MaxWait}, nil
}

// configError is a configuration that cannot be served: one line that says what
// is missing and what to do.
type configError struct{ line string }

func (e *configError) Error() string { return e.line }

func wrong(format string, args ...any) error { return &configError{fmt.Sprintf(format, args...)} }

// twilio reports whether Twilio is configured.
func (s *serveCommand) twilio() bool { return s.TwilioAccountSID != "" }

// check names the first thing that is missing of half a configuration.
func (s *serveCommand) check() error {
	parts := []struct{ name, value string }{
		{"TWILIO_ACCOUNT_SID", s.TwilioAccountSID}, {"TWILIO_AUTH_TOKEN", s.TwilioAuthToken}, {"TWILIO_NUMBER", s.TwilioNumber},
	}
	var missing []string
	for _, p := range parts {
		if p.value == "" {
			missing = append(missing, p.name)
		}
	}
	anyTwilio := s.TwilioAPIKeySID != "" || s.TwilioAPIKeySecret != "" || s.TwilioTwimlAppSID != "" || len(missing) < len(parts)
	switch {
	case anyTwilio && len(missing) > 0:
		return wrong("for Twilio, %s must be set too; for the built-in switchboard unset all of TWILIO_*", strings.Join(missing, " and "))
	case (s.TwilioAPIKeySID == "") != (s.TwilioAPIKeySecret == ""):
		return wrong("TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET go together: set both, or neither and a key is made")
	case s.twilio() && (!strings.HasPrefix(s.TwilioNumber, "+") || len(s.TwilioNumber) < 8):
		return wrong("TWILIO_NUMBER is %q; it must be a number like +15550100123", s.TwilioNumber)
	case s.twilio() && s.PublicURL == "" && s.HTTPS.ACMEDomain == "":
		return wrong("PUBLIC_URL must be set with Twilio: the address Twilio reaches this desk at, like https://desk.example.com")
	case s.SharedDB == "on" && !s.twilio():
		return wrong("SHARED_DATABASE=on needs Twilio: the built-in switchboard's calls live in one process")
	case s.twilio() && len(s.TestPhones) > 0:
		return wrong("TEST_PHONES are the built-in switchboard's: unset it, or all of TWILIO_*")
	case s.LegacyToken == "on" && !s.twilio():
		return wrong("LEGACY_TOKEN=on needs Twilio: the built-in switchboard serves browser SDK 2.x, which takes access tokens")
	}
	if err := s.Signin.check(); err != nil {
		return err
	}
	return s.HTTPS.check(s.PublicURL)
}

// publicURL is how others reach us; port is the one we listen on.
func (s *serveCommand) publicURL(port int) (*url.URL, error) {
	switch {
	case s.PublicURL != "":
	case s.HTTPS.ACMEDomain != "":
		return url.Parse("https://" + s.HTTPS.ACMEDomain)
	case s.HTTPS.on():
		return url.Parse(fmt.Sprintf("https://localhost:%d", port))
	default:
		return url.Parse(fmt.Sprintf("http://localhost:%d", port))
	}
	u, err := url.Parse(s.PublicURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, wrong("PUBLIC_URL is %q; it must be scheme and host only, like https://desk.example.com", s.PublicURL)
	}
	u.Path = ""
	return u, nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// mediaAddrs is where browsers send their audio: loopback, because a browser on
// this computer may use it, and the first address of the local network, because
// some browsers will not use loopback.
func (s *serveCommand) mediaAddrs() []string {
	if len(s.MediaAddr) > 0 {
		return s.MediaAddr
	}
	addrs := []string{"127.0.0.1"}
	known, err := net.InterfaceAddrs()
	if err != nil {
		return addrs
	}
	for _, a := range known {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() && !n.IP.IsLinkLocalUnicast() {
			return append(addrs, n.IP.String())
		}
	}
	return addrs
}
