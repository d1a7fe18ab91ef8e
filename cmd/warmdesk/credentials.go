package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// credentials are the secrets this desk made for itself, kept beside the
// database and readable by its owner only.
type credentials struct {
	// The built-in switchboard's own account.
	AccountSID     string `json:"account_sid"`
	AuthToken      string `json:"auth_token"`
	APIKeySID      string `json:"api_key_sid"`
	APIKeySecret   string `json:"api_key_secret"`
	ApplicationSID string `json:"application_sid"`
	// WebhookSecret signs what other systems are told.
	WebhookSecret string `json:"webhook_secret,omitempty"`
	// Keys made at Twilio, by account.
	Twilio map[string]apiKey `json:"twilio,omitempty"`
}

type apiKey struct {
	SID    string `json:"sid"`
	Secret string `json:"secret"`
}

// switchboardNumber is the number of the built-in switchboard: one that no
// phone network connects.
const switchboardNumber = "+15005550006"

func credentialsPath(database string) string { return database + ".credentials" }

// loadCredentials reads the file, or makes the account on the first start.
func loadCredentials(path string) (credentials, error) {
	var c credentials
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c = credentials{
			AccountSID: newSID("AC"), AuthToken: randomHex(), APIKeySID: newSID("SK"),
			APIKeySecret: randomHex(), ApplicationSID: newSID("AP"),
		}
		return c, c.save(path)
	case err != nil:
		return c, fmt.Errorf("read credentials: %w", err)
	}
	if err := json.Unmarshal(data, &c); err != nil || c.AccountSID == "" {
		return c, wrong("%s cannot be read as credentials; move it away and new ones are made", path)
	}
	return c, nil
}

// save writes the file whole or not at all.
func (c credentials) save(path string) error {
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("write credentials: %w", err)
	}
	part := path + ".part"
	if err := os.WriteFile(part, append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("write credentials: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("write credentials: %w", err)
	}
	return nil
}

func newSID(prefix string) string { return prefix + randomHex() }

func randomHex() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// credentialsCommand prints what a Twilio client needs to talk to the built-in
// switchboard.
type credentialsCommand struct {
	Addr        string `env:"ADDR" default:"127.0.0.1:8080"`
	DatabaseURL string `env:"DATABASE_URL" default:"warmdesk.db"`
}

func (c credentialsCommand) Run() error {
	path := credentialsPath(c.DatabaseURL)
	if _, err := os.Stat(path); err != nil {
		return wrong("there is no account yet: run `warmdesk serve` once in this folder")
	}
	have, err := loadCredentials(path)
	if err != nil {
		return err
	}
	if !strings.HasSuffix(c.Addr, ":0") { // otherwise the program says it when it starts
		fmt.Printf("TWILIO_API_URL=http://%s\n", c.Addr)
	}
	fmt.Printf("TWILIO_ACCOUNT_SID=%s\nTWILIO_AUTH_TOKEN=%s\nTWILIO_API_KEY_SID=%s\nTWILIO_API_KEY_SECRET=%s\nTWILIO_TWIML_APP_SID=%s\nTWILIO_NUMBER=%s\n",
		have.AccountSID, have.AuthToken, have.APIKeySID, have.APIKeySecret, have.ApplicationSID, switchboardNumber)
	if have.WebhookSecret != "" {
		fmt.Printf("WEBHOOK_SECRET=%s\n", have.WebhookSecret)
	}
	return nil
}
