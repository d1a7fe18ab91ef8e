package main

import (
	"net/url"
	"strings"

	"warmdesk/edge"
)

// secrets are what must not be in anything this process writes.
func (s *serveCommand) secrets() *edge.Secrets {
	if s.hide != nil {
		return s.hide
	}
	s.hide = &edge.Secrets{}
	s.hide.Add(s.TwilioAuthToken, s.TwilioAPIKeySecret, s.Edge.MetricsToken, s.Edge.EmbedKey)
	s.hide.Add(s.WebhookSecret...)
	s.hide.Add(s.WebhookURLs...)
	for _, text := range append([]string{s.DatabaseURL}, s.WebhookURLs...) {
		if u, err := url.Parse(text); err == nil && u.User != nil {
			password, _ := u.User.Password()
			s.hide.Add(password)
		}
	}
	for entry := range strings.SplitSeq(s.Agents, ",") {
		_, rest, _ := strings.Cut(entry, "=")
		_, password, _ := strings.Cut(rest, ":")
		s.hide.Add(password)
	}
	return s.hide
}

// discreet is an error that may tell of secrets, told without them.
type discreet struct {
	error
	secrets *edge.Secrets
}

func (d discreet) Error() string { return d.secrets.Hide(d.error.Error()) }

func (d discreet) Unwrap() error { return d.error }
