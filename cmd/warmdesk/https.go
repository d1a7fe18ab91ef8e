package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/sync/errgroup"

	"warmdesk/edge"
)

// httpsOptions say where certificates come from. Without them we speak http, to
// this computer or to a proxy that speaks https for us.
type httpsOptions struct {
	TLSCert       string `env:"TLS_CERT" help:"File with the certificate and its chain (PEM); with TLS_KEY the desk speaks https on ADDR. Read again when it changes."`
	TLSKey        string `env:"TLS_KEY" help:"File with the certificate's key (PEM)."`
	ACMEDomain    string `env:"ACME_DOMAIN" help:"The name to get a certificate for by itself (Let's Encrypt); ADDR must be reached at its port 443."`
	ACMEEmail     string `env:"ACME_EMAIL" help:"Whom the authority writes to about the certificate."`
	ACMEDirectory string `env:"ACME_DIRECTORY" help:"Another authority's ACME directory. Unset: Let's Encrypt."`
	HTTPAddr      string `env:"HTTP_ADDR" help:"Address for plain http besides https, :80 for example: leads to https, and proves ACME_DOMAIN to the authority."`
}

func (o *httpsOptions) on() bool { return o.TLSCert != "" || o.ACMEDomain != "" }

// check names what is half or contradicts itself.
func (o *httpsOptions) check(public string) error {
	directory, err := url.Parse(o.ACMEDirectory)
	switch {
	case (o.TLSCert == "") != (o.TLSKey == ""):
		return wrong("TLS_CERT and TLS_KEY go together: set both, or neither")
	case o.TLSCert != "" && o.ACMEDomain != "":
		return wrong("TLS_CERT and ACME_DOMAIN are two ways to have a certificate: set one of them")
	case o.ACMEDomain == "" && (o.ACMEEmail != "" || o.ACMEDirectory != ""):
		return wrong("ACME_EMAIL and ACME_DIRECTORY need ACME_DOMAIN, the name to get a certificate for")
	case strings.ContainsAny(o.ACMEDomain, ":/*") || o.ACMEDomain != "" && !strings.Contains(o.ACMEDomain, "."):
		return wrong("ACME_DOMAIN is %q; it must be a name like desk.example.com", o.ACMEDomain)
	case err != nil || o.ACMEDirectory != "" && directory.Scheme != "https":
		return wrong("ACME_DIRECTORY is %q; it must be an https URL", o.ACMEDirectory)
	case o.HTTPAddr != "" && !o.on():
		return wrong("HTTP_ADDR leads to https: it needs TLS_CERT and TLS_KEY, or ACME_DOMAIN")
	case o.on() && strings.HasPrefix(public, "http:"):
		return wrong("PUBLIC_URL is %s, but the desk is to speak https: write https://, or leave PUBLIC_URL out", public)
	}
	if u, err := url.Parse(public); public != "" && o.ACMEDomain != "" && (err != nil || !strings.EqualFold(u.Hostname(), o.ACMEDomain)) {
		return wrong("PUBLIC_URL is %s, but the certificate will be for ACME_DOMAIN=%s: both must be the same name", public, o.ACMEDomain)
	}
	return nil
}

// certificates is where they come from, and who answers plain http.
type certificates struct {
	tls  *tls.Config
	http http.Handler
}

// certificates reads the files, or gets ready to ask the authority.
func (o *httpsOptions) certificates(first *edge.Edge, cache string, log *slog.Logger) (*certificates, error) {
	if !o.on() {
		return nil, nil
	}
	if o.TLSCert != "" {
		files, err := edge.LoadFiles(o.TLSCert, o.TLSKey, log)
		if err != nil {
			return nil, wrong("TLS_CERT and TLS_KEY cannot be used: %v", err)
		}
		return &certificates{edge.TLSConfig(files.Certificate), first.ToHTTPS()}, nil
	}
	manager := &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(cache), HostPolicy: autocert.HostWhitelist(o.ACMEDomain), Email: o.ACMEEmail,
	}
	if o.ACMEDirectory != "" {
		manager.Client = &acme.Client{DirectoryURL: o.ACMEDirectory}
	}
	told := edge.NewRates(edge.Rate{Burst: 3, Every: time.Minute})
	config := edge.TLSConfig(func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		c, err := manager.GetCertificate(hello)
		if err != nil && strings.EqualFold(hello.ServerName, o.ACMEDomain) && told.Take("") == 0 {
			log.Error("no certificate from the authority; is ADDR reached at port 443 of this name, or HTTP_ADDR at port 80?", "name", o.ACMEDomain, "err", err)
		}
		return c, err
	})
	config.NextProtos = append(config.NextProtos, acme.ALPNProto)
	plain := first.ToHTTPS()
	if o.HTTPAddr != "" {
		plain = manager.HTTPHandler(plain)
	}
	return &certificates{config, plain}, nil
}

// doors are where requests come in: from outside, by https if so configured, in
// plain text from ourselves then, and from those who are to be led to https.
type doors struct {
	public, inner, plain net.Listener
}

// open listens at ADDR and, with https, where only this computer can reach us,
// because the built-in switchboard and the desk speak plain http with each other,
// and at HTTP_ADDR.
func (s *serveCommand) open() (d *doors, err error) {
	d = &doors{}
	if d.public, err = net.Listen("tcp", s.Addr); err != nil {
		return nil, wrong("cannot listen on ADDR=%s: %v; another program may use the port: set ADDR=127.0.0.1:0 for a free one", s.Addr, err)
	}
	d.inner = d.public
	if !s.HTTPS.on() {
		return d, nil
	}
	if d.inner, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		d.close()
		return nil, err
	}
	if s.HTTPS.HTTPAddr == "" {
		return d, nil
	}
	if d.plain, err = net.Listen("tcp", s.HTTPS.HTTPAddr); err != nil {
		d.close()
		return nil, wrong("cannot listen on HTTP_ADDR=%s: %v", s.HTTPS.HTTPAddr, err)
	}
	return d, nil
}

// close is for what was not served: a server closes its own.
func (d *doors) close() {
	for _, l := range []net.Listener{d.public, d.inner, d.plain} {
		if l != nil {
			l.Close()
		}
	}
}

// serve serves every door until stop; pages' sockets end with working.
func (a *app) serve(g *errgroup.Group, working context.Context, d *doors) (stop func(context.Context) error) {
	var servers []*http.Server
	serve := func(handler http.Handler, config *tls.Config, l net.Listener) {
		server := a.server(working, handler)
		server.TLSConfig = config
		servers = append(servers, server)
		g.Go(func() error {
			var err error
			if bounded := a.edge.Listen(l, addressConnections); config != nil {
				err = server.ServeTLS(bounded, "", "")
			} else {
				err = server.Serve(bounded)
			}
			if !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve: %w", err)
			}
			return nil
		})
	}
	if a.certificates == nil {
		serve(a.handler, nil, d.public)
	} else {
		serve(a.handler, a.certificates.tls, d.public)
		serve(a.handler, nil, d.inner)
	}
	if d.plain != nil {
		serve(a.certificates.http, nil, d.plain)
	}
	return func(ctx context.Context) (err error) {
		for _, server := range servers {
			if server.Shutdown(ctx) != nil {
				err = errors.Join(err, server.Close()) // whoever is left has had the time
			}
		}
		return err
	}
}

// serverLog is where net/http complains. That a client broke a handshake off is no
// news of ours: anybody on the internet can have it said as often as they like.
func serverLog(l *slog.Logger) *log.Logger { return log.New(complaints{l}, "", 0) }

type complaints struct{ log *slog.Logger }

func (c complaints) Write(line []byte) (int, error) {
	level := slog.LevelWarn
	if bytes.Contains(line, []byte("TLS handshake error")) || bytes.Contains(line, []byte("http2: server: error reading preface")) {
		level = slog.LevelDebug
	}
	c.log.Log(context.Background(), level, string(bytes.TrimSpace(line)))
	return len(line), nil
}
