package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"warmdesk/agent"
	"warmdesk/console"
	"warmdesk/twilio"
)

// tokens makes browser tokens for one account.
type tokens struct {
	account, authToken string
	application        string        // lets customers call; empty: they cannot
	echo               string        // lets agents call to hear themselves, and nothing else; empty: they cannot
	legacy             bool          // the tutorial's ClientCapability
	agentTime          time.Duration // how long an agent's lasts; pages fetch a new one in time
	keys               *keySource
}

func (t *tokens) AgentToken(id agent.ID) (string, time.Time, error) {
	now := time.Now()
	until := now.Add(t.agentTime)
	if t.legacy {
		token, err := twilio.ClientCapability(twilio.ClientCapabilityConfig{
			AccountSID: t.account, AuthToken: t.authToken, Identity: string(id), Incoming: true, TTL: t.agentTime, Now: now,
		})
		return token, until, err
	}
	token, err := t.access(string(id), twilio.AccessTokenConfig{Incoming: true, ApplicationSID: t.echo, Now: now, TTL: t.agentTime})
	return token, until, err
}

func (t *tokens) CallerToken(identity string) (string, error) {
	if t.application == "" {
		return "", console.ErrNoCallerPage
	}
	return t.access(identity, twilio.AccessTokenConfig{ApplicationSID: t.application, Now: time.Now(), TTL: console.TicketTime})
}

func (t *tokens) access(identity string, cfg twilio.AccessTokenConfig) (string, error) {
	key, err := t.keys.key()
	if err != nil {
		return "", err
	}
	cfg.AccountSID, cfg.KeySID, cfg.KeySecret = t.account, key.SID, key.Secret
	cfg.Identity = identity
	return twilio.AccessToken(cfg)
}

// CallerIdentity checks a customer's own token.
func (t *tokens) CallerIdentity(token string) (string, error) {
	key, err := t.keys.key()
	if err != nil {
		return "", err
	}
	grant, err := twilio.ParseAccessToken(token, func(sid string) (string, bool) { return key.Secret, sid == key.SID }, time.Now())
	if err != nil {
		return "", err
	}
	return grant.Identity, nil
}

// keySource is the API key that signs browser tokens. In Twilio mode a missing
// one is made by REST once and kept.
type keySource struct {
	mu   sync.Mutex
	have apiKey
	// make creates a key; nil when there is one from the start.
	make func(context.Context) (apiKey, error)
}

// keyTime is how long making a key may take.
const keyTime = 5 * time.Second

func (s *keySource) key() (apiKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.have.SID != "" {
		return s.have, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), keyTime)
	defer cancel()
	made, err := s.make(ctx)
	if err != nil {
		return apiKey{}, fmt.Errorf("make an API key for browser tokens: %w", err)
	}
	s.have = made
	return made, nil
}

// newTwilioKeys uses the configured key, the one made earlier, or makes one.
func newTwilioKeys(cfg *serveCommand, client *twilio.Client, path string, log *slog.Logger) (*keySource, error) {
	if cfg.TwilioAPIKeySID != "" {
		return &keySource{have: apiKey{cfg.TwilioAPIKeySID, cfg.TwilioAPIKeySecret}}, nil
	}
	stored, err := loadCredentials(path)
	if err != nil {
		return nil, err
	}
	return &keySource{have: stored.Twilio[cfg.TwilioAccountSID], make: func(ctx context.Context) (apiKey, error) {
		key, err := client.CreateKey(ctx, "Warmdesk")
		if err != nil {
			return apiKey{}, err
		}
		if stored.Twilio == nil {
			stored.Twilio = map[string]apiKey{}
		}
		made := apiKey{key.SID, key.Secret}
		cfg.secrets().Add(made.Secret)
		stored.Twilio[cfg.TwilioAccountSID] = made
		log.Info("made an API key for browser tokens", "sid", made.SID, "kept_in", path)
		return made, stored.save(path)
	}}, nil
}

// keptKey is the key that was made at Twilio and kept; an empty SID is none.
func keptKey(path, account string) (apiKey, error) {
	if _, err := os.Stat(path); err != nil {
		return apiKey{}, err
	}
	stored, err := loadCredentials(path)
	return stored.Twilio[account], err
}
