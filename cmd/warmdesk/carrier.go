package main

import (
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"warmdesk/edge"
	"warmdesk/outside"
	"warmdesk/switchboard"
	"warmdesk/twilio"
)

// rendered holds what the build made: flite.wasm and the sentences it spoke.
//
//go:embed all:rendered
var rendered embed.FS

// carrier is who connects the calls: Twilio, or the switchboard built in.
type carrier struct {
	account, authToken, number string
	client                     *twilio.Client
	tokens                     *tokens
	board                      *switchboard.Switchboard // nil with Twilio
	listed                     []outside.Listed         // its test telephones
}

// newTwilio uses the configured account.
func newTwilio(cfg *serveCommand, log *slog.Logger) (*carrier, error) {
	client, err := twilio.NewClient(twilio.Config{
		AccountSID: cfg.TwilioAccountSID, Password: cfg.TwilioAuthToken, BaseURL: cfg.TwilioAPIURL,
	})
	if err != nil {
		return nil, fmt.Errorf("twilio: %w", err)
	}
	keys, err := newTwilioKeys(cfg, client, credentialsPath(cfg.DatabaseURL), log)
	if err != nil {
		return nil, err
	}
	return &carrier{
		account: cfg.TwilioAccountSID, authToken: cfg.TwilioAuthToken, number: cfg.TwilioNumber, client: client,
		tokens: &tokens{
			agentTime: cfg.Signin.TokenTime,
			account:   cfg.TwilioAccountSID, authToken: cfg.TwilioAuthToken, application: cfg.TwilioTwimlAppSID,
			legacy: cfg.LegacyToken == "on", keys: keys,
		},
	}, nil
}

// newBuiltIn starts a switchboard with an account of its own. The two halves
// still talk over HTTP in Twilio's words, on loopback.
func newBuiltIn(cfg *serveCommand, public *url.URL, loopback string, music []byte, log *slog.Logger) (*carrier, error) {
	own, err := loadCredentials(credentialsPath(cfg.DatabaseURL))
	if err != nil {
		return nil, err
	}
	prompts, err := fs.Sub(rendered, "rendered/prompts")
	if err != nil {
		return nil, err
	}
	voice := public.String() + "/conference/connect/client"
	status := public.String() + "/conference/status"
	telephones, err := cfg.tests(cfg.private(public.Hostname()))
	if err != nil {
		return nil, err
	}
	echo := newSID("AP") // its calls last a minute, and each has a fresh token
	board, err := switchboard.New(switchboard.Config{
		Telephones: telephones,
		AccountSID: own.AccountSID, AuthToken: own.AuthToken,
		APIKeys:      map[string]string{own.APIKeySID: own.APIKeySecret},
		Numbers:      []switchboard.Number{{PhoneNumber: switchboardNumber, VoiceURL: voice, StatusCallback: status}},
		Applications: []switchboard.Application{{SID: own.ApplicationSID, VoiceURL: voice, StatusCallback: status}, {SID: echo, Echo: true}},
		PublicURL:    public.String(), RecordingsDir: recordingsPath(cfg.DatabaseURL),
		Strangers:  edge.NewRates(strangerRate).Address,
		HTTP:       &http.Client{Transport: &inProcess{public: public, loopback: loopback, next: webhookTransport()}},
		MediaAddrs: cfg.mediaAddrs(), MediaPort: cfg.MediaPort, MediaPublicIP: cfg.MediaPublicIP,
		Flite: func() ([]byte, error) { return rendered.ReadFile("rendered/flite.wasm") }, Speech: prompts, Music: music, Logger: log.With("part", "switchboard"),
	})
	if err != nil {
		return nil, err
	}
	client, err := twilio.NewClient(twilio.Config{
		AccountSID: own.AccountSID, Password: own.AuthToken, BaseURL: "http://" + loopback,
	})
	if err != nil {
		return nil, fmt.Errorf("switchboard client: %w", err)
	}
	return &carrier{
		account: own.AccountSID, authToken: own.AuthToken, number: switchboardNumber, client: client, board: board, listed: offered(telephones),
		tokens: &tokens{
			agentTime: cfg.Signin.TokenTime,
			account:   own.AccountSID, authToken: own.AuthToken, application: own.ApplicationSID, echo: echo,
			keys: &keySource{have: apiKey{own.APIKeySID, own.APIKeySecret}},
		},
	}, nil
}

// recordingsPath is the folder of callers' messages, beside the database.
func recordingsPath(database string) string { return database + ".recordings" }

// webhookTransport has Twilio's limit of 5 s to connect, takes no proxy of this
// machine's in between, and goes nowhere near what machines in a cloud are told
// about themselves, whatever a document or a redirect names.
func webhookTransport() http.RoundTripper {
	return &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 5 * time.Second, Control: noLinkLocal}).DialContext,
		MaxIdleConnsPerHost: 64, IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 5 * time.Second,
	}
}

// noLinkLocal refuses addresses of the link: a cloud's metadata, with its keys, is
// at 169.254.169.254. It looks at the address itself, so no name leads around it.
func noLinkLocal(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if ip := to.Addr().Unmap(); ip.IsLinkLocalUnicast() || ip.IsLinkLocalMulticast() {
		return fmt.Errorf("%s is a link-local address, which no webhook may name", ip)
	}
	return nil
}

// inProcess brings the switchboard's requests for our own public address to our
// own listener: a proxy in front of us may know nothing of this machine.
type inProcess struct {
	public   *url.URL
	loopback string // host:port
	next     http.RoundTripper
}

func (t *inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == t.public.Scheme && strings.EqualFold(r.URL.Host, t.public.Host) {
		own := r.Clone(r.Context())
		own.Host = r.URL.Host
		own.URL.Scheme, own.URL.Host = "http", t.loopback
		return t.next.RoundTrip(own)
	}
	return t.next.RoundTrip(r)
}
