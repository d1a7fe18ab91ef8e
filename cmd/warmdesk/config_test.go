package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// whole is a complete configuration for Twilio.
func whole() serveCommand {
	return serveCommand{
		Addr: "127.0.0.1:8080", PublicURL: "https://desk.example.com",
		TwilioAccountSID: "AC1", TwilioAuthToken: "t", TwilioNumber: "+15550100123", LegacyToken: "off", Signin: signinOptions{TokenTime: time.Hour},
	}
}

func TestHalfAConfigurationSaysWhatIsMissing(t *testing.T) {
	if s := whole(); s.check() != nil {
		t.Fatalf("a whole configuration is refused: %v", s.check())
	}
	for name, c := range map[string]struct {
		change func(*serveCommand)
		want   string
	}{
		"no token":               {func(s *serveCommand) { s.TwilioAuthToken = "" }, "TWILIO_AUTH_TOKEN must be set"},
		"only a number":          {func(s *serveCommand) { s.TwilioAccountSID, s.TwilioAuthToken = "", "" }, "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"},
		"only an app":            {func(s *serveCommand) { *s = serveCommand{TwilioTwimlAppSID: "AP1"} }, "unset all of TWILIO_*"},
		"key without its secret": {func(s *serveCommand) { s.TwilioAPIKeySID = "SK1" }, "go together"},
		"number in words":        {func(s *serveCommand) { s.TwilioNumber = "555-0100" }, `"555-0100"`},
		"no public address":      {func(s *serveCommand) { s.PublicURL = "" }, "PUBLIC_URL must be set"},
		"a token of no time":     {func(s *serveCommand) { s.Signin.TokenTime = time.Second }, "TOKEN_TIME is 1s"},
		"old tokens here":        {func(s *serveCommand) { *s = serveCommand{LegacyToken: "on"} }, "LEGACY_TOKEN=on needs Twilio"},
	} {
		s := whole()
		c.change(&s)
		err := s.check()
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v; want one line with %q", name, err, c.want)
		}
	}
}

func TestPublicURL(t *testing.T) {
	s := serveCommand{}
	if u, err := s.publicURL(4711); err != nil || u.String() != "http://localhost:4711" {
		t.Errorf("default: %v %v", u, err)
	}
	for _, bad := range []string{"desk.example.com", "ftp://desk.example.com", "https://", "https://desk.example.com/a", "https://desk.example.com?x=1"} {
		s.PublicURL = bad
		if u, err := s.publicURL(1); err == nil {
			t.Errorf("%q was taken as %v", bad, u)
		}
	}
	s.PublicURL = "https://desk.example.com/"
	if u, err := s.publicURL(1); err != nil || u.String() != "https://desk.example.com" {
		t.Errorf("with a slash: %v %v", u, err)
	}
}

func TestPeople(t *testing.T) {
	demo, wide, twilio := serveCommand{Addr: "127.0.0.1:8080"}, serveCommand{Addr: "0.0.0.0:8080"}, whole()
	for name, c := range map[string]struct {
		s    *serveCommand
		host string
		want bool
	}{
		"this computer": {&demo, "localhost", true}, "all addresses": {&wide, "localhost", false},
		"public": {&demo, "desk.example.com", false}, "Twilio": {&twilio, "localhost", false},
	} {
		if got := c.s.private(c.host); got != c.want {
			t.Errorf("%s: private is %v", name, got)
		}
	}
	list, err := (&serveCommand{Agents: "agent1=Ana:se:cret, ben=Ben:two"}).people()
	if err != nil || len(list) != 2 || list[0].Password != "se:cret" || list[1].ID != "ben" || list[1].Name != "Ben" {
		t.Errorf("named: %v %v", list, err)
	}
	for _, bad := range []string{"agent1", "agent1=Ana", "agent1=Ana:", "agent1=:x", "Agent1=Ana:x", "api=Ana:x", "a=A:x,a=B:y", ","} {
		if _, err := (&serveCommand{Agents: bad}).people(); err == nil {
			t.Errorf("%q was taken", bad)
		} else if strings.Contains(bad, ":x") && strings.Contains(err.Error(), ":x") {
			t.Errorf("%q: the error tells the password: %v", bad, err)
		}
	}
}

func TestCredentialsAreMadeOnceAndKeptSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db.credentials")
	made, err := loadCredentials(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := loadCredentials(path)
	if err != nil || again.AccountSID != made.AccountSID || again.AuthToken != made.AuthToken {
		t.Errorf("loaded again: %+v %v", again, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("half a f"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := loadCredentials(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a broken file: %v", err)
	}
}

func TestService(t *testing.T) {
	s := serveCommand{Hours: "Mon-Fri 09:00-17:00 Europe/Berlin", MaxWait: 5 * time.Minute}
	if got, err := s.service(); err != nil || got.MaxWait != 5*time.Minute || got.Hours.Always() {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := (&serveCommand{}).service(); err != nil || got.MaxWait != 0 || !got.Hours.Always() {
		t.Errorf("unset: %+v, %v", got, err)
	}
	for name, bad := range map[string]serveCommand{"HOURS": {Hours: "nine to five"}, "MAX_WAIT": {MaxWait: -time.Second}} {
		_, err := bad.service()
		if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
