// Package rest serves the part of Twilio's REST API that the switchboard has:
// Calls, Conferences, Participants, Recordings and Keys below
// /2010-04-01/Accounts/{AccountSid}. Names, shapes and error codes are those of
// Twilio's OpenAPI document. Parameters that the document knows and the
// switchboard does not are accepted and have no effect.
package rest

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"warmdesk/switchboard/internal/exchange"
	"warmdesk/switchboard/internal/recording"
	"warmdesk/twilio"
)

// Prefix is the path below which everything is.
const Prefix = "/" + twilio.APIVersion + "/"

// maxBody bounds a request's form, in bytes.
const maxBody = 64 << 10

// Config is what the API is made of; all fields but Recordings are needed.
type Config struct {
	AccountSID, AuthToken string
	// PublicURL is scheme and host of the API, for media_url.
	PublicURL  string
	Recordings *recording.Store // nil: there are none
	Keys       *Keyring
	Exchange   *exchange.Exchange
	Numbers    []exchange.Number
	// Telephone tells of a number in E.164 whether it can be rung; nil: none can.
	Telephone    func(number string) bool
	Applications []exchange.Application
	Logger       *slog.Logger
	// Strangers tells how long who has no valid credentials has to wait; nil:
	// nobody does.
	Strangers func(*http.Request) time.Duration
}

// Handler is the API.
type Handler struct {
	cfg Config
}

// New returns the API.
func New(cfg Config) *Handler { return &Handler{cfg: cfg} }

// request is one authenticated request: its form or query, and the variable
// parts of its path.
type request struct {
	ctx  context.Context
	form url.Values
	path string   // without a query
	args []string // SIDs and labels
}

// answer is a successful response; a nil body is none.
type answer struct {
	status int
	body   any
}

type endpoint func(*Handler, request) (answer, error)

// route finds the resource of a path below the account, its methods and its
// variable parts.
func route(parts []string) (map[string]endpoint, []string) {
	switch {
	case match(parts, "Calls.json"):
		return map[string]endpoint{"GET": (*Handler).listCalls, "POST": (*Handler).createCall}, nil
	case match(parts, "Calls", "*", "Recordings.json"):
		return map[string]endpoint{"GET": (*Handler).listCallRecordings, "POST": (*Handler).startRecording}, []string{parts[1]}
	case match(parts, "Calls", "*", "Recordings", "*"):
		return map[string]endpoint{
			"GET": (*Handler).fetchCallRecording, "POST": (*Handler).updateRecording, "DELETE": (*Handler).deleteCallRecording,
		}, []string{parts[1], sid(parts[3])}
	case match(parts, "Calls", "*"):
		return map[string]endpoint{"GET": (*Handler).fetchCall, "POST": (*Handler).updateCall, "DELETE": (*Handler).deleteCall}, []string{sid(parts[1])}
	case match(parts, "Conferences.json"):
		return map[string]endpoint{"GET": (*Handler).listConferences}, nil
	case match(parts, "Conferences", "*"):
		return map[string]endpoint{"GET": (*Handler).fetchConference, "POST": (*Handler).updateConference}, []string{sid(parts[1])}
	case match(parts, "Conferences", "*", "Participants.json"):
		return map[string]endpoint{"GET": (*Handler).listParticipants, "POST": (*Handler).createParticipant}, []string{parts[1]}
	case match(parts, "Conferences", "*", "Participants", "*"):
		return map[string]endpoint{
			"GET": (*Handler).fetchParticipant, "POST": (*Handler).updateParticipant, "DELETE": (*Handler).deleteParticipant,
		}, []string{parts[1], sid(parts[3])}
	case match(parts, "Recordings.json"):
		return map[string]endpoint{"GET": (*Handler).listRecordings}, nil
	case match(parts, "Recordings", "*") && strings.HasSuffix(parts[1], ".json"):
		return map[string]endpoint{"GET": (*Handler).fetchRecording, "DELETE": (*Handler).deleteRecording}, []string{sid(parts[1])}
	case match(parts, "Recordings", "*"):
		return map[string]endpoint{"GET": (*Handler).audio, "HEAD": (*Handler).audio}, []string{parts[1]}
	case match(parts, "Keys.json"):
		return map[string]endpoint{"GET": (*Handler).listKeys, "POST": (*Handler).createKey}, nil
	}
	return nil, nil
}

// match compares a path; "*" stands for anything.
func match(parts []string, pattern ...string) bool {
	if len(parts) != len(pattern) {
		return false
	}
	for i, p := range pattern {
		if p != "*" && p != parts[i] {
			return false
		}
	}
	return true
}

func sid(part string) string { return strings.TrimSuffix(part, ".json") }

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, err := h.serve(w, r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	if s, ok := a.body.(sound); ok {
		s.serve(w, r)
		return
	}
	writeJSON(w, a.status, a.body)
}

func (h *Handler) serve(w http.ResponseWriter, r *http.Request) (answer, error) {
	account, parts, err := split(r.URL)
	if err != nil {
		return answer{}, notFound(r.URL.Path)
	}
	if !h.authenticated(r, account) {
		if h.cfg.Strangers != nil {
			if wait := h.cfg.Strangers(r); wait > 0 {
				w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
				return answer{}, &apiError{http.StatusTooManyRequests, twilio.CodeTooManyRequests, "Too many requests without valid credentials"}
			}
		}
		return answer{}, &apiError{http.StatusUnauthorized, twilio.CodeUnauthorized, "Authentication Error - invalid username"}
	}
	methods, args := route(parts)
	if methods == nil {
		return answer{}, notFound(r.URL.Path)
	}
	do, ok := methods[r.Method]
	if !ok {
		return answer{}, &apiError{http.StatusMethodNotAllowed, twilio.CodeMethodNotAllowed, "Method not allowed"}
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return answer{}, &apiError{http.StatusRequestEntityTooLarge, codeParameter, "The request is too long"}
		}
		return answer{}, badParameter("The request's form cannot be read")
	}
	form := r.PostForm
	if r.Method == http.MethodGet {
		form = r.Form
	}
	return do(h, request{ctx: r.Context(), form: form, path: r.URL.Path, args: args})
}

// split takes a path apart into account and unescaped parts below it.
func split(u *url.URL) (account string, parts []string, err error) {
	rest, ok := strings.CutPrefix(u.EscapedPath(), Prefix+"Accounts/")
	if !ok {
		return "", nil, errors.New("not below an account")
	}
	for part := range strings.SplitSeq(rest, "/") {
		p, err := url.PathUnescape(part)
		if err != nil {
			return "", nil, fmt.Errorf("path %q: %w", rest, err)
		}
		parts = append(parts, p)
	}
	return parts[0], parts[1:], nil
}

// authenticated checks Basic credentials: the account's own, or an API key's.
func (h *Handler) authenticated(r *http.Request, account string) bool {
	user, password, ok := r.BasicAuth()
	if !ok || account != h.cfg.AccountSID {
		return false
	}
	secret := h.cfg.AuthToken
	if user != h.cfg.AccountSID {
		if secret, ok = h.cfg.Keys.Secret(user); !ok {
			return false
		}
	}
	return subtle.ConstantTimeCompare([]byte(password), []byte(secret)) == 1
}

// apiError is a refusal in Twilio's shape.
type apiError struct {
	status  int
	code    int
	message string
}

func (e *apiError) Error() string { return fmt.Sprintf("%d: %s", e.code, e.message) }

// Codes of bad requests, from Twilio's list.
const (
	codeParameter    = 20001
	codeNoTo         = 21201
	codeURL          = 21205
	codeTimeout      = 21208
	codeMethod       = 21209
	codeFromUnowned  = 21210
	codeToInvalid    = 21211
	codeFromInvalid  = 21212
	codeUnreachable  = 21214
	codeApplication  = 21218
	codeInternal     = 20500
	codeShuttingDown = 20503
)

func badParameter(format string, args ...any) *apiError {
	return bad(codeParameter, format, args...)
}

func bad(code int, format string, args ...any) *apiError {
	return &apiError{http.StatusBadRequest, code, fmt.Sprintf(format, args...)}
}

func notFound(path string) *apiError {
	return &apiError{http.StatusNotFound, twilio.CodeNotFound, fmt.Sprintf("The requested resource %s was not found", path)}
}

// refuse writes an error. What is not the caller's doing is logged and told
// without detail.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	e, ok := errors.AsType[*apiError](err)
	switch {
	case ok:
	case errors.Is(err, exchange.ErrNotFound), errors.Is(err, recording.ErrNotFound):
		e = notFound(r.URL.Path)
	case errors.Is(err, exchange.ErrNobodyToCoach):
		e = badParameter("CallSidToCoach is not another call in this conference")
	case errors.Is(err, exchange.ErrNotInProgress):
		message := "Call is not in-progress. Cannot redirect."
		if r.PostForm.Get("Status") != "" {
			message = "Call is not in a state for this change."
		}
		e = bad(twilio.CodeNotInProgress, "%s", message)
	case errors.Is(err, recording.ErrInProgress):
		e = badParameter("The recording is still in progress")
	case errors.Is(err, exchange.ErrStopped), errors.Is(err, context.Canceled):
		e = &apiError{http.StatusServiceUnavailable, codeShuttingDown, "Service unavailable"}
	default:
		h.cfg.Logger.Error("request failed", "method", r.Method, "path", r.URL.Path, "error", err)
		e = &apiError{http.StatusInternalServerError, codeInternal, "An internal server error has occurred"}
	}
	if e.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Basic realm="Twilio API"`)
	}
	writeJSON(w, e.status, map[string]any{
		"code": e.code, "message": e.message, "status": e.status,
		"more_info": fmt.Sprintf("https://www.twilio.com/docs/errors/%d", e.code),
	})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	b, err := json.Marshal(body)
	if err != nil {
		// Our own types of strings, numbers and times: it cannot happen.
		panic(fmt.Sprintf("rest: %v", err))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b) // the client may be gone
}

// uri is a resource's path, relative to the host.
func (h *Handler) uri(format string, args ...any) string {
	return Prefix + "Accounts/" + h.cfg.AccountSID + fmt.Sprintf(format, args...)
}
