package main

import (
	"log/slog"
	"strings"

	"warmdesk/outbox"
)

// receivers reads WEBHOOK_URLS. What is wrong is told without the URL: it may
// hold a secret.
func (s *serveCommand) receivers() ([]*outbox.Receiver, error) {
	var list []*outbox.Receiver
	known := map[string]bool{}
	for i, text := range s.WebhookURLs {
		if strings.TrimSpace(text) == "" {
			continue
		}
		r, err := outbox.Parse(text, s.WebhookInsecure == "on")
		if err != nil {
			return nil, wrong("WEBHOOK_URLS: entry %d %v", i+1, err)
		}
		if known[r.Name] {
			return nil, wrong("WEBHOOK_URLS names %s twice", r.Name)
		}
		known[r.Name] = true
		list = append(list, r)
	}
	return list, nil
}

// webhookSecrets reads WEBHOOK_SECRET, or the one made earlier, or makes one.
func (s *serveCommand) webhookSecrets(log *slog.Logger) ([]outbox.Secret, error) {
	texts := s.WebhookSecret
	if len(texts) == 0 {
		path := credentialsPath(s.DatabaseURL)
		stored, err := loadCredentials(path)
		if err != nil {
			return nil, err
		}
		if stored.WebhookSecret == "" {
			stored.WebhookSecret = outbox.NewSecret()
			if err := stored.save(path); err != nil {
				return nil, err
			}
			log.Info("made a secret for webhooks; `warmdesk credentials` shows it", "kept_in", path)
		}
		texts = []string{stored.WebhookSecret}
	}
	var secrets []outbox.Secret
	for i, text := range texts {
		secret, err := outbox.ParseSecret(strings.TrimSpace(text))
		if err != nil {
			return nil, wrong("WEBHOOK_SECRET: entry %d %v", i+1, err)
		}
		secrets = append(secrets, secret)
	}
	return secrets, nil
}

// webhooks reads who is told of events, and how they know that it is us. Without
// receivers no secret is made.
func (s *serveCommand) webhooks(log *slog.Logger) (outbox.Config, error) {
	receivers, err := s.receivers()
	if err != nil || len(receivers) == 0 {
		return outbox.Config{Logger: log}, err
	}
	secrets, err := s.webhookSecrets(log)
	for _, r := range receivers {
		log.Info("webhooks are sent", "to", r.Name)
	}
	return outbox.Config{Receivers: receivers, Secrets: secrets, Logger: log}, err
}
