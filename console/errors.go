package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/edge"
	"warmdesk/say"
	"warmdesk/staff"
)

// apiError is what a page is told: what happened, what is safe, what to do.
type apiError struct {
	Status  int    `json:"-"`
	Code    string `json:"code"`
	Message string `json:"message"` // with its values marked (package say)
	// After is when to ask again, if that helps.
	After time.Duration `json:"-"`
}

func (e *apiError) Error() string { return say.Plain(e.Message) }

// in is the error in words of a language.
func (e *apiError) in(lang say.Language) *apiError {
	told := *e
	told.Message = lang.Of(e.Message)
	return &told
}

var (
	errSignIn      = &apiError{Status: http.StatusUnauthorized, Code: "sign_in", Message: "You are not signed in. Calls in progress go on. Sign in to use the buttons."}
	errNotYou      = &apiError{Status: http.StatusForbidden, Code: "not_yours", Message: "You are signed in as somebody else. Nothing has changed."}
	errNoAgent     = &apiError{Status: http.StatusForbidden, Code: "no_such_agent", Message: "There is no agent of that name here. Nothing has changed."}
	errNotYourCall = &apiError{Status: http.StatusForbidden, Code: "not_yours", Message: "This page has no call. Nothing has changed."}
	errNoSound     = &apiError{Status: http.StatusNotFound, Code: "no_recording", Message: "There is no message to be heard here, or not yet. Try again in a moment."}
	errForm        = &apiError{Status: http.StatusBadRequest, Code: "bad_request", Message: "The request could not be read. Nothing has changed."}
	errTooBig      = &apiError{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Message: "The request is too large. Nothing has changed."}
	errAudit       = &apiError{Status: http.StatusBadRequest, Code: "bad_request", Message: "limit is 1 to 1000, and before the number of a line."}
)

// told is what people are told of an error, by what it is. The first that fits
// counts.
var told = []struct {
	err error
	api *apiError
}{
	{staff.ErrWrong, &apiError{Status: http.StatusUnauthorized, Code: "wrong_password", Message: "That name and password do not fit together. Try again."}},
	{staff.ErrSignedOut, errSignIn},
	{staff.ErrBusy, &apiError{Status: http.StatusServiceUnavailable, Code: "busy", Message: "Many people sign in at this moment. Calls go on. Try again in a moment."}},
	{staff.ErrFixed, &apiError{Status: http.StatusConflict, Code: "not_here", Message: "Your password is set in AGENTS where the desk is started, and is changed there. Nothing has changed."}},
	{staff.ErrLink, &apiError{Status: http.StatusGone, Code: "link_over", Message: "This link has been used or is too old. Nothing has changed. Ask for a new one."}},
	{staff.ErrTaken, &apiError{Status: http.StatusConflict, Code: "taken", Message: "There is somebody of that id already. Nothing has changed."}},
	{staff.ErrNotFound, &apiError{Status: http.StatusNotFound, Code: "no_such_user", Message: "There is no such user. Nothing has changed."}},
	{staff.ErrLastAdmin, &apiError{Status: http.StatusConflict, Code: "last_admin", Message: "This is the last admin. Nothing has changed. Make somebody else an admin first."}},
	{desk.ErrNotFound, &apiError{Status: http.StatusNotFound, Code: "no_such_call", Message: "That call is not known here, or it is over."}},
	{desk.ErrNoTask, &apiError{Status: http.StatusNotFound, Code: "no_such_task", Message: "There is no such task. Nothing has changed."}},
	{agent.ErrTaskRequest, &apiError{Status: http.StatusNotFound, Code: "no_such_request", Message: "There is no such request. Nothing has changed."}},
	{agent.ErrTaskNotNow, &apiError{Status: http.StatusConflict, Code: "not_now", Message: "That changed meanwhile: somebody else has seen to it."}},
	{agent.ErrTaskTo, &apiError{Status: http.StatusBadRequest, Code: "bad_request", Message: "Say who is to have the task. Nothing has changed."}},
	{agent.ErrRequestName, &apiError{Status: http.StatusBadRequest, Code: "bad_request", Message: "Tell us your name, with 60 characters at most. Nothing was noted."}},
	{agent.ErrRequestNumber, &apiError{Status: http.StatusBadRequest, Code: "bad_request", Message: "That does not look like a telephone number. Nothing was noted."}},
	{agent.ErrRequestText, &apiError{Status: http.StatusBadRequest, Code: "bad_request", Message: "What it is about, and when it suits you, may have 80 characters each. Nothing was noted."}},
	{agent.ErrRequestsMost, &apiError{Status: http.StatusServiceUnavailable, Code: "busy", Message: "So many people wait to be called back that we cannot promise it. Nothing was noted. Try again later."}},
	{desk.ErrNoAgent, errNoAgent},
	{desk.ErrConflict, &apiError{Status: http.StatusConflict, Code: "changed", Message: "That changed meanwhile. Look at the call and try again."}},
	{agent.ErrNoPhone, &apiError{Status: http.StatusConflict, Code: "no_phone", Message: "No phone number is known for you. Ask whoever runs the desk to add it (PHONES). Nothing has changed."}},
	{agent.ErrBreak, &apiError{Status: http.StatusBadRequest, Code: "bad_request", Message: "A break takes 1 to 480 minutes, and only who goes away takes one. Nothing has changed."}},
	{agent.ErrPresence, &apiError{Status: http.StatusBadRequest, Code: "bad_presence", Message: "Presence is one of available, away and offline. Nothing has changed."}},
	{ErrNoCallerPage, &apiError{Status: http.StatusNotFound, Code: "not_available", Message: "Calls from this page are not set up here. Please dial the number instead."}},
}

// asAPIError translates any error once, for people: what is not known is
// internal, logged in full and hidden.
func asAPIError(err error) *apiError {
	var known *apiError
	var refused *call.RefusedError
	var tooBig *http.MaxBytesError
	var locked *staff.LockedError
	switch {
	case errors.As(err, &locked):
		return &apiError{Status: http.StatusTooManyRequests, Code: "locked", After: locked.For,
			Message: "Too many sign-ins have failed. Whoever is signed in stays so, and calls go on. Try again in " + say.Phrase(span(locked.For)) + "."}
	case errors.As(err, &known):
		return known
	case errors.As(err, &refused):
		status := http.StatusConflict
		if refused.Code == call.BadRequest {
			status = http.StatusBadRequest
		}
		return &apiError{Status: status, Code: refused.Code, Message: refused.Message}
	case errors.As(err, &tooBig):
		return errTooBig
	}
	for _, bad := range []error{staff.ErrID, staff.ErrName, staff.ErrRole, staff.ErrPhone, staff.ErrShort, staff.ErrLong, staff.ErrOwnName} {
		if errors.Is(err, bad) {
			text := bad.Error()
			return &apiError{Status: http.StatusBadRequest, Code: "bad_request", Message: strings.ToUpper(text[:1]) + text[1:] + ". Nothing has changed."}
		}
	}
	for _, t := range told {
		if errors.Is(err, t.err) {
			return t.api
		}
	}
	return nil
}

func (c *Console) fail(w http.ResponseWriter, r *http.Request, err error) {
	e := asAPIError(err)
	if e == nil {
		c.log.Error("request failed", "method", r.Method, "path", r.URL.Path, "err", err)
		e = &apiError{Status: http.StatusInternalServerError, Code: "internal", Message: "Something went wrong on our side. Calls in progress go on. Try again."}
	}
	if e.After > 0 {
		edge.RetryAfter(w, e.After)
	}
	writeJSON(w, e.Status, e.in(languageOf(r)))
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) // a page that is gone cannot be told
}

func parseForm(r *http.Request) error {
	err := r.ParseForm()
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return errTooBig
	case err != nil:
		return errForm
	}
	return nil
}
