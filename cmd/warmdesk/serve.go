package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"warmdesk/agent"
	"warmdesk/console"
	"warmdesk/desk"
	"warmdesk/edge"
	"warmdesk/outbox"
	"warmdesk/phone"
	"warmdesk/settings"
	"warmdesk/staff"
	"warmdesk/store"
	"warmdesk/web"
)

// stopTime is how long requests under way may take when we stop. Connections a
// client has opened and not used would hold the stop up for longer than that.
const stopTime = 2 * time.Second

// Run serves until ctx ends.
func (s *serveCommand) Run(ctx context.Context) error {
	if err := errors.Join(s.check(), s.Recordings.check()); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(s.secrets().Writer(os.Stderr), nil))
	d, err := s.open()
	if err != nil {
		return err
	}
	defer d.close() // serving closes them first; this is for the errors below
	app, err := s.build(ctx, d, log)
	if err != nil {
		return err
	}
	defer app.store.Close()
	app.announce(s)
	return errors.Join(app.run(ctx, d), app.sounds.close())
}

// app is everything built and not yet running.
type app struct {
	keeper  *desk.Keeper
	public  *url.URL
	demo    bool
	carrier *carrier
	store   *store.Store
	outbox  *outbox.Outbox
	staff   *staff.Staff

	settings *settings.Settings
	sounds   *sounds
	recent   *phone.Recent
	seating  sync.Mutex    // held while the desk is told who works here
	roster   []agent.Agent // whom it was told of, without their teams; guarded by seating
	former   []agent.Agent

	welcome string // the token of the first admin's link; empty: nobody needs one
	desk    *desk.Desk
	left    *phone.Messages // nil without a carrier that takes them
	edge    *edge.Edge
	handler http.Handler
	// certificates are nil without https.
	certificates *certificates
	log          *slog.Logger
}

func (s *serveCommand) build(ctx context.Context, d *doors, log *slog.Logger) (*app, error) {
	public, err := s.publicURL(d.public.Addr().(*net.TCPAddr).Port)
	if err != nil {
		return nil, err
	}
	fixed, err := s.people()
	if err != nil {
		return nil, err
	}
	// Before the carrier, which keeps its own copy of the credentials.
	hooks, err := s.webhooks(log)
	if err != nil {
		return nil, err
	}
	pages := web.Files()
	a := &app{public: public, log: log, sounds: newSounds(log), recent: &phone.Recent{}}
	if a.edge, err = s.Edge.edge(public, log); err != nil {
		return nil, err
	}
	if a.certificates, err = s.HTTPS.certificates(a.edge, s.DatabaseURL+".acme", log); err != nil {
		return nil, err
	}
	if a.carrier, err = s.newCarrier(public, d.inner.Addr().(*net.TCPAddr), pages, log); err != nil {
		return nil, err
	}
	if a.store, err = store.Open(ctx, store.Config{URL: s.DatabaseURL}); err != nil {
		return nil, err
	}
	hooks.Store = a.store
	a.outbox = outbox.New(hooks)
	var roster []agent.Agent
	if err = a.loadSettings(ctx, s); err == nil {
		roster, err = a.hire(ctx, s, fixed)
	}
	if err == nil {
		err = a.connect(ctx, s, roster, pages)
	}
	if err != nil {
		return nil, errors.Join(err, a.store.Close())
	}
	return a, nil
}

func (s *serveCommand) newCarrier(public *url.URL, addr *net.TCPAddr, pages fs.FS, log *slog.Logger) (*carrier, error) {
	if s.twilio() {
		return newTwilio(s, log)
	}
	music, err := fs.ReadFile(pages, "assets/music.wav")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	host := addr.IP.String()
	if addr.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return newBuiltIn(s, public, net.JoinHostPort(host, fmt.Sprint(addr.Port)), music, log)
}

// musicTime is how long the music takes: a WAV with a header of 44 bytes, as
// cmd/render writes it, tells its bytes per second at offset 28. Zero: there is
// none.
func musicTime(pages fs.FS) time.Duration {
	const header = 44
	music, err := fs.ReadFile(pages, "assets/music.wav")
	if err != nil || len(music) < header {
		return 0
	}
	rate := binary.LittleEndian.Uint32(music[28:])
	if rate == 0 {
		return 0
	}
	return time.Duration(len(music)-header) * time.Second / time.Duration(rate)
}

// connect builds the desk and what talks to it.
func (a *app) connect(ctx context.Context, s *serveCommand, roster []agent.Agent, pages fs.FS) error {
	hub := console.NewHub()
	strangers := edge.NewRates(strangerRate)
	line := phone.Config{
		Client: a.carrier.client, Account: a.carrier.account, AuthToken: a.carrier.authToken,
		PublicURL: a.public.String(), Number: a.carrier.number, Recent: a.recent,
		Heard:     a.heard(phone.Heard{MusicURL: a.public.String() + "/assets/music.wav", MusicTime: musicTime(pages)}),
		Strangers: strangers.Address, Logger: a.log,
	}
	line.CustomerID = func() bool { return a.settings.Now().Document.Telephones.CustomerID }
	requests := phone.NewCarrier(line)
	a.keeper = a.newKeeper(requests)
	var err error
	a.desk, err = desk.New(ctx, desk.Config{
		Store: a.store, Phone: requests, Line: requests, Feed: hub, Outbox: a.outbox, Account: a.carrier.account,
		Recovery: s.Recovery == "on", Shared: s.SharedDB == "on", Rules: a.rules(a.settings.Now().Document), Roster: roster, Logger: a.log,
	})
	if err != nil {
		return err
	}
	tickets := s.Edge.tickets(a.store, a.desk, func() bool { return !a.settings.Now().Document.CallPage.Open })
	line.Tickets = tickets
	signalHost := ""
	if a.carrier.board != nil {
		signalHost = a.public.Host
	}
	pagesAPI, err := console.New(console.Config{
		Desk: a.desk, Hub: hub, Staff: a.staff, Records: a.store, Outbox: a.outbox, Tokens: a.carrier.tokens, Tickets: tickets, EmbedKey: s.Edge.EmbedKey, Recordings: a.carrier.client, Account: a.carrier.account,
		Demo: a.demo, PublicURL: a.public, Number: a.carrier.number, SignalHost: signalHost,
		Version: version, Pages: pages, Ready: a.ready, Logger: a.log,
		Keeper: a.keeper, Carrier: a.consoleCarrier(s),
		Health: console.Health{Started: time.Now(), Webhooks: a.webhooks}, Settings: a.settings, Sounds: a.sounds, Outcomes: func() []string { return a.settings.Now().Document.WrapUp.Outcomes }, MetricsToken: s.Edge.MetricsToken,
	})
	if err != nil {
		return err
	}
	if a.carrier.board == nil {
		a.left = phone.NewMessages(line, a.desk)
	}
	mux := http.NewServeMux()
	phone.NewWebhooks(line, a.desk).Register(mux)
	pagesAPI.Register(mux)
	a.handler = a.edge.Handler(a.route(mux))
	return nil
}

// ready reports whether the database answers.
func (a *app) ready(ctx context.Context) error {
	_, err := a.store.Agents(ctx)
	return err
}

// route takes the contract's prefixes before the mux: its patterns would clash
// with POST /{agent}/token.
func (a *app) route(mux *http.ServeMux) http.Handler {
	if a.carrier.board == nil {
		return mux
	}
	board := guardBoard(boundSockets(a.carrier.board.Handler()), a.demo)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/2010-04-01/") || r.URL.Path == "/signal" {
			board.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// announce prints what to open, or what to tell Twilio.
func (a *app) announce(s *serveCommand) {
	defer a.announceWelcome()
	if a.carrier.board != nil {
		fmt.Printf("Open %s  (built-in switchboard ready)\n", a.public)
		return
	}
	fmt.Printf("Open %s  (calls by %s)\n", a.public, s.TwilioAPIURL)
	fmt.Printf("Set the voice URL of %s to %s/conference/connect/client (POST)\n", a.carrier.number, a.public)
	fmt.Printf("and its status callback to %s/conference/status (POST): warmdesk setup does both, warmdesk doctor looks\n", a.public)
	if a.public.Scheme != "https" || loopback(a.public.Hostname()) {
		fmt.Printf("Warning: PUBLIC_URL is %s; Twilio reaches only public https addresses\n", a.public)
	}
}

// run serves until ctx ends, then stops in order: the switchboard says its
// goodbyes while the desk can still hear them, then the pages' sockets and the
// requests under way end, then the desk.
func (a *app) run(ctx context.Context, d *doors) error {
	g, ctx := errgroup.WithContext(ctx)
	serving, stopServing := context.WithCancel(context.WithoutCancel(ctx))
	defer stopServing()
	g.Go(func() error { return a.keeper.Run(serving) })
	working, stopWorking := context.WithCancel(serving)
	defer stopWorking()
	shut := a.serve(g, working, d)
	g.Go(func() error { return a.desk.Run(serving) })
	g.Go(func() error { return a.outbox.Run(serving) })
	if a.left != nil {
		g.Go(func() error { return a.left.Run(serving) })
	}
	g.Go(func() error { return a.keepRoster(serving) })
	g.Go(func() error { return a.digest(serving) })
	g.Go(func() error { return a.settings.Run(serving) })
	goodbyes := make(chan struct{})
	g.Go(func() error {
		defer close(goodbyes)
		if a.carrier.board == nil {
			return nil
		}
		return a.carrier.board.Run(ctx)
	})
	g.Go(func() error {
		<-ctx.Done()
		<-goodbyes
		stopWorking()
		defer stopServing()
		stop, cancel := context.WithTimeout(serving, stopTime)
		defer cancel()
		return shut(stop)
	})
	err := g.Wait()
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

// digest brings the digests of older calls up to date. Without them lists and
// reports lack calls, and nothing else.
func (a *app) digest(ctx context.Context) error {
	if err := a.store.Digest(ctx); err != nil && ctx.Err() == nil {
		a.log.Error("older calls are missing from lists and reports until the next start", "err", err)
	}
	return nil
}
