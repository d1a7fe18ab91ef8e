// Package webhook is what the switchboard asks of its application over HTTP:
// documents, callbacks and sound files, signed and timed as Twilio does it.
package webhook

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"warmdesk/twilio"
	"warmdesk/twiml"
)

// Twilio's time limits of a webhook. ConnectTimeout is kept by the transport
// of Config.HTTP; the default client's does.
const (
	TotalTimeout   = 15 * time.Second
	ConnectTimeout = 5 * time.Second
)

// userAgent is what applications know such requests by.
const userAgent = "TwilioProxy/1.1"

// Codes of failures, from Twilio's list.
const (
	CodeBadURL       = 11100
	CodeHTTP         = 11200 // an answer other than 2xx, or none in time
	CodeConnect      = 11205
	CodeDNS          = 11210
	CodeRedirects    = 11215
	CodeTLS          = 11220
	CodeContentType  = 12300
	codeDocumentSize = twiml.CodeMalformed
)

// Request is one webhook. A fragment of the URL overrides time limit and
// retries (Twilio's "#rc=2&rp=5xx,ct"); it is neither sent nor signed.
type Request struct {
	URL    string // absolute
	Method string // "" is POST
	Params url.Values
}

// Error says how a webhook failed.
type Error struct {
	Code int    // Twilio's
	URL  string // what was asked
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("webhook %s: %d: %v", e.URL, e.Code, e.Err) }

func (e *Error) Unwrap() error { return e.Err }

// Config says how to reach applications.
type Config struct {
	// HTTP sends everything. Nil means a client that gives up connecting after
	// ConnectTimeout.
	HTTP      *http.Client
	AuthToken string // signs every request
	Logger    *slog.Logger
}

// Client sends webhooks. It is safe for concurrent use.
type Client struct {
	http  http.Client
	token string
	log   *slog.Logger
	clips *clips

	ctx    context.Context // the life of callbacks and shared downloads
	cancel context.CancelFunc
	work   sync.WaitGroup
	slots  chan struct{} // one per callback under way

	mu     sync.Mutex
	closed bool
	owed   map[string][]Request // by key; present while a goroutine works on it
}

// maxParallel bounds the callbacks under way.
const maxParallel = 64

// New returns a client. Close it.
func New(cfg Config) *Client {
	c := &Client{
		token: cfg.AuthToken, log: cfg.Logger,
		owed: map[string][]Request{}, slots: make(chan struct{}, maxParallel),
	}
	if cfg.HTTP != nil {
		c.http = *cfg.HTTP
	} else {
		c.http.Transport = &http.Transport{
			DialContext:         (&net.Dialer{Timeout: ConnectTimeout}).DialContext,
			MaxIdleConnsPerHost: 16,
			IdleConnTimeout:     30 * time.Second,
			Proxy:               http.ProxyFromEnvironment,
		}
	}
	c.http.CheckRedirect = c.redirect
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.clips = newClips(c.download)
	return c
}

// Close delivers what is owed until ctx ends, drops the rest, and waits for
// everything that was under way.
func (c *Client) Close(ctx context.Context) {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.work.Wait()
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	c.cancel()
	<-done
	c.http.CloseIdleConnections()
}

// begin registers work unless the client is closing.
func (c *Client) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.work.Add(1)
	return true
}

// Document asks for TwiML. A sound file as the answer counts as a document
// that plays it, a text as one that says it. Errors are *Error.
func (c *Client) Document(ctx context.Context, req Request) (twiml.Document, error) {
	res, err := c.send(ctx, req, twiml.MaxSize)
	if err != nil {
		return nil, err
	}
	media, _, err := mime.ParseMediaType(res.contentType)
	switch {
	case res.status == http.StatusNoContent:
		return twiml.Document{}, nil
	case err == nil && strings.HasPrefix(media, "audio/"):
		return twiml.Document{twiml.Play{URL: withoutFragment(req.URL)}}, nil
	case err == nil && media == "text/plain":
		return twiml.Document{twiml.Say{Text: string(res.body)}}, nil
	case err != nil || !isXML(media):
		return nil, &Error{CodeContentType, req.URL, fmt.Errorf("content type %q", res.contentType)}
	case res.cut:
		return nil, &Error{codeDocumentSize, req.URL, fmt.Errorf("longer than %d bytes", twiml.MaxSize)}
	}
	doc, err := twiml.Parse(res.body)
	if err != nil {
		code := twiml.CodeMalformed
		if te, ok := errors.AsType[*twiml.Error](err); ok {
			code = te.Code
		}
		return nil, &Error{code, req.URL, err}
	}
	return doc, nil
}

func isXML(media string) bool {
	switch media {
	case "text/xml", "application/xml", "text/html":
		return true
	}
	return false
}

// maxRedirects is how many redirects in a row are followed.
const maxRedirects = 10

var errRedirects = errors.New("too many redirects")

// redirect signs the request that follows a redirect. It is a GET without the
// parameters of the first one, as Twilio's is; where the method would have to
// stay POST (307, 308), the redirect itself is the answer, and so a failure.
func (c *Client) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return errRedirects
	}
	if req.Method != http.MethodGet {
		return http.ErrUseLastResponse
	}
	req.Header.Set(twilio.SignatureHeader, twilio.Sign(c.token, req.URL.String(), nil))
	return nil
}

// response is what came back, read to its end or to the limit.
type response struct {
	status      int
	contentType string
	header      http.Header
	body        []byte
	cut         bool // there was more than the limit
}

// send makes a request with its retries. An answer other than 2xx is an error.
func (c *Client) send(ctx context.Context, req Request, limit int64) (response, error) {
	p := policyOf(req.URL)
	ctx, cancel := context.WithTimeout(ctx, p.total)
	defer cancel()
	for try := 0; ; try++ {
		res, err := c.once(ctx, req, limit, nil)
		if err == nil && res.status >= 200 && res.status <= 299 {
			return res, nil
		}
		if err == nil {
			err = &Error{CodeHTTP, req.URL, fmt.Errorf("HTTP status %d", res.status)}
		}
		if try >= p.retries || ctx.Err() != nil || !p.retriable(err, res.status) {
			return response{}, err
		}
	}
}

// once makes one request; any HTTP status is a success here.
func (c *Client) once(ctx context.Context, req Request, limit int64, header http.Header) (response, error) {
	r, err := c.build(ctx, req)
	if err != nil {
		return response{}, &Error{CodeBadURL, req.URL, err}
	}
	for name, values := range header {
		r.Header[name] = values
	}
	res, err := c.http.Do(r)
	if err != nil {
		return response{}, &Error{failureCode(err), req.URL, err}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		return response{}, &Error{CodeHTTP, req.URL, err}
	}
	out := response{status: res.StatusCode, contentType: res.Header.Get("Content-Type"), header: res.Header, body: body}
	if int64(len(body)) > limit {
		out.body, out.cut = body[:limit], true
	}
	return out, nil
}

// build makes the signed HTTP request.
func (c *Client) build(ctx context.Context, req Request) (*http.Request, error) {
	target, err := url.Parse(withoutFragment(req.URL))
	if err != nil {
		return nil, err
	}
	if target.Host == "" || (target.Scheme != "http" && target.Scheme != "https") {
		return nil, fmt.Errorf("%q is not an absolute http URL", req.URL)
	}
	var r *http.Request
	if req.Method == http.MethodGet {
		if extra := req.Params.Encode(); extra != "" {
			target.RawQuery = strings.TrimPrefix(target.RawQuery+"&"+extra, "&")
		}
		if r, err = http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil); err != nil {
			return nil, err
		}
		r.Header.Set(twilio.SignatureHeader, twilio.Sign(c.token, target.String(), nil))
	} else {
		if r, err = http.NewRequestWithContext(ctx, http.MethodPost, target.String(), strings.NewReader(req.Params.Encode())); err != nil {
			return nil, err
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
		r.Header.Set(twilio.SignatureHeader, twilio.Sign(c.token, target.String(), req.Params))
	}
	r.Header.Set("User-Agent", userAgent)
	r.Header.Set("Accept", "*/*")
	return r, nil
}

func withoutFragment(u string) string {
	before, _, _ := strings.Cut(u, "#")
	return before
}

// failureCode tells the kinds of failure apart that Twilio has numbers for.
func failureCode(err error) int {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return CodeDNS
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return CodeTLS
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return CodeTLS
	}
	if isConnect(err) {
		return CodeConnect
	}
	if errors.Is(err, errRedirects) {
		return CodeRedirects
	}
	return CodeHTTP
}

// isConnect reports that the request was never sent.
func isConnect(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}
