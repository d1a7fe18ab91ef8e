package phone

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/twilio"
	"warmdesk/twiml"
)

// Desk is what the webhooks need of the application. None of its methods waits
// for the carrier.
type Desk interface {
	// Arrive takes a customer's leg: it creates the call, or returns the one that
	// has the leg already.
	Arrive(ctx context.Context, e call.Arrived, raw url.Values) (call.Call, error)
	// Fact applies what the carrier says; desk.ErrNotFound.
	Fact(ctx context.Context, id call.ID, e call.Event, raw url.Values) (call.Call, error)
	// Resolve names the call that ref means: our id or a CallSid of one of its
	// legs; desk.ErrNotFound.
	Resolve(ctx context.Context, account, ref string) (call.ID, error)
	// Call loads a call; desk.ErrNotFound.
	Call(ctx context.Context, id call.ID) (call.Call, error)
	// Name is what people call somebody.
	Name(id agent.ID) string
}

// Webhooks answers what the carrier asks and reports.
type Webhooks struct {
	cfg  Config
	urls urls
	desk Desk
	log  *slog.Logger
}

// NewWebhooks makes the way from the carrier to the desk.
func NewWebhooks(cfg Config, d Desk) *Webhooks {
	return &Webhooks{cfg: cfg, urls: newURLs(cfg.PublicURL), desk: d, log: cfg.Logger}
}

// Register adds the webhooks' routes. They are whole patterns: a subtree pattern
// would clash with POST /{agent}/token.
func (w *Webhooks) Register(mux *http.ServeMux) {
	for pattern, answer := range map[string]handler{
		"/conference/connect/client":                      w.arrive,
		"/conference/wait":                                w.wait,
		"/conference/status":                              w.customerProgress,
		"/conference/{conference_id}/connect/{agent}":     w.connect,
		"/conference/{conference_id}/connect/{agent}/{$}": w.connect,
		"/conference/{conference_id}/legs/{leg}":          w.legProgress,
		"/conference/{conference_id}/out":                 w.out,
		"/conference/{conference_id}/accept":              w.accept,
		"/conference/{conference_id}/choice":              w.choice,
		"/conference/{conference_id}/message":             w.message,
		"/conference/{conference_id}/recording":           w.recording,
		"/conference/{conference_id}/track":               w.track,
	} {
		mux.HandleFunc("POST "+pattern, w.guard("CallSid", answer))
	}
	mux.HandleFunc("POST /conference/{conference_id}/events", w.guard("ConferenceSid", w.events))
}

// request is a webhook that has been found genuine.
type request struct {
	*http.Request
	form url.Values
	sid  string // CallSid
	key  string // of a customer's page; the form does not have it any more
	// token is CallToken, with which another leg may show the customer's number;
	// likewise.
	token string
}

// handler answers a genuine webhook. Only a report may fail: it is answered with
// 503, so that the carrier repeats it. Whoever asks for a document gets one.
type handler func(context.Context, request) (twiml.Document, error)

// Limits of a webhook.
const (
	maxBody    = 64 << 10 // Twilio's longest are below 8 kB
	answerTime = 3 * time.Second
)

// guard lets only genuine webhooks through that name what they are about.
func (w *Webhooks) guard(required string, answer handler) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		form, refused := w.read(rw, r)
		if refused == nil && strings.TrimSpace(form.Get(required)) == "" {
			refused = &refusal{http.StatusBadRequest, "The form has no " + required + ".", ""}
		}
		if refused != nil {
			if wait := w.limited(r); wait > 0 {
				rw.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
				http.Error(rw, "Too many requests that are not the carrier's came from this address.", http.StatusTooManyRequests)
				return
			}
			w.log.Warn("webhook refused", "path", r.URL.Path, "status", refused.status, "why", refused.message, "detail", refused.detail)
			http.Error(rw, refused.message, refused.status)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), answerTime)
		defer cancel()
		genuine := request{r, form, form.Get("CallSid"), form.Get("ReturnKey"), form.Get("CallToken")}
		forgetCredentials(form)
		doc, err := answer(ctx, genuine)
		status := http.StatusOK
		if err != nil {
			status = http.StatusServiceUnavailable
		}
		w.cfg.Recent.add(Seen{At: time.Now(), Path: r.URL.Path, Status: status, Form: form})
		if err != nil {
			w.log.Error("webhook failed", "path", r.URL.Path, "call_sid", form.Get("CallSid"), "err", err)
			http.Error(rw, "The desk cannot take this right now. Please repeat it.", status)
			return
		}
		rw.Header().Set("Content-Type", twiml.ContentType)
		if _, err := rw.Write(doc.Encode()); err != nil {
			w.log.Warn("webhook answer not delivered", "path", r.URL.Path, "err", err)
		}
	}
}

// limited is how long a sender of what is not genuine has to wait. What the carrier
// has signed never waits: others may share its address.
func (w *Webhooks) limited(r *http.Request) time.Duration {
	if w.cfg.Strangers == nil {
		return 0
	}
	return w.cfg.Strangers(r)
}

// refusal is an answer to what is not a genuine webhook.
type refusal struct {
	status  int
	message string // for the sender
	detail  string // for the log
}

// read returns the form of a genuine webhook, or why it is refused.
func (w *Webhooks) read(rw http.ResponseWriter, r *http.Request) (url.Values, *refusal) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("The body is longer than %d bytes.", maxBody), ""}
	}
	if err != nil {
		return nil, &refusal{http.StatusBadRequest, "The body could not be read.", err.Error()}
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, &refusal{http.StatusBadRequest, "The body is not a well-formed form.", err.Error()}
	}
	// The URL comes from the configuration: what a proxy makes of scheme and host
	// is not what the carrier signed.
	tried := w.urls.public + r.URL.RequestURI()
	signature := r.Header.Get(twilio.SignatureHeader)
	if signature == "" {
		return nil, &refusal{http.StatusForbidden, "Webhooks are accepted from the carrier only: there is no " + twilio.SignatureHeader + ".", ""}
	}
	if !twilio.Verify(w.cfg.AuthToken, signature, tried, form) {
		return nil, &refusal{http.StatusForbidden, "Webhooks are accepted from the carrier only: the signature is not valid.",
			"tried " + tried + "; compare PUBLIC_URL and the auth token"}
	}
	return form, nil
}

// forgetCredentials drops what is of no use to us: the timeline is not to keep it.
// What a browser has dialled with comes with every question about its leg, the key
// of a customer's page too. What an agent's browser was dialled with may come back
// behind the address, the one-time key of a rejoin too.
func forgetCredentials(form url.Values) {
	form.Del("CallToken")
	form.Del("StirPassportToken")
	form.Del("ReturnKey")
	for _, name := range []string{"To", "Called"} {
		if address, _, dialled := strings.Cut(form.Get(name), "?"); dialled {
			form.Set(name, address)
		}
	}
}

// nothing answers a report.
func nothing() twiml.Document { return twiml.Document{} }

// find names the call a webhook belongs to: by our id or a CallSid in its URL,
// else by its own leg.
func (w *Webhooks) find(ctx context.Context, r request, refs ...string) (call.ID, error) {
	for _, ref := range append(refs, r.sid) {
		if ref == "" {
			continue
		}
		id, err := w.desk.Resolve(ctx, w.cfg.Account, ref)
		if err == nil || !errors.Is(err, desk.ErrNotFound) {
			return id, err
		}
	}
	return "", desk.ErrNotFound
}
