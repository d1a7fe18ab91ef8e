package twiliotest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmdesk/twilio"
)

// apiError is a refusal as the API words it.
type apiError struct {
	Status  int    `json:"status"`
	Code    int    `json:"code"`
	Message string `json:"message"`
	More    string `json:"more_info"`
}

func refuse(status, code int, format string, args ...any) *apiError {
	return &apiError{status, code, fmt.Sprintf(format, args...), fmt.Sprintf("https://www.twilio.com/docs/errors/%d", code)}
}

func notFound(r *http.Request) *apiError {
	return refuse(http.StatusNotFound, twilio.CodeNotFound, "The requested resource %s was not found", r.URL.Path)
}

// answer is what a resource's method returns: a status and a body, or a refusal.
// It is called with the lock held.
type answer func(r *http.Request) (int, any, *apiError)

// resources are the paths below the account and what their methods do. What
// requests to them may say is looked up in Twilio's document.
func (d *Double) resources() map[string]map[string]answer {
	all := map[string]map[string]answer{
		"/Calls.json":               {"POST": d.createCall, "GET": d.listCalls},
		"/Calls/{call}":             {"POST": d.updateCall, "GET": d.fetchCall, "DELETE": d.deleteCall},
		"/Conferences.json":         {"GET": d.listConferences},
		"/Conferences/{conference}": {"POST": d.updateConference, "GET": d.fetchConference},
		"/Conferences/{conference}/Participants.json":          {"GET": d.listParticipants},
		"/Conferences/{conference}/Participants/{participant}": {"POST": d.updateParticipant, "GET": d.fetchParticipant, "DELETE": d.deleteParticipant},
		"/Calls/{call}/Recordings.json":                        {"GET": d.listRecordings, "POST": d.startRecording},
		"/Calls/{call}/Recordings/{recording}":                 {"POST": d.updateRecording, "GET": d.fetchRecording, "DELETE": d.deleteRecording},
		"/Recordings.json":                                     {"GET": d.listRecordings},
		"/Recordings/{recording}":                              {"GET": d.fetchRecording, "DELETE": d.deleteRecording},
	}
	maps.Copy(all, d.provisioning())
	return all
}

// uncovered tells why a resource is not looked up in the document.
func uncovered(resource string) (reason string, ok bool) {
	if strings.HasPrefix(resource, "/Recordings/") && (strings.HasSuffix(resource, ".wav") || strings.HasSuffix(resource, ".mp3")) {
		return "the sound of a recording is described in words only", true
	}
	if strings.HasPrefix(resource, "/"+twilio.APIVersion+"/Accounts/") {
		return "the account itself is in another part of the document", true
	}
	return "", false
}

func (d *Double) routes() http.Handler {
	mux := http.NewServeMux()
	const account = "/2010-04-01/Accounts/{account}"
	for path, methods := range d.resources() {
		mux.HandleFunc(account+path, d.serve(methods))
	}
	mux.HandleFunc("/2010-04-01/Accounts/{document}", d.fetchAccount)
	mux.HandleFunc("/", d.serve(nil))
	return mux
}

// ServeHTTP answers the REST API, as well as the knobs let it.
func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	knobs := d.knobs
	d.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		write(w, http.StatusBadRequest, refuse(http.StatusBadRequest, 20001, "The form is malformed"))
		return
	}
	if !pause(r.Context(), knobs.hang) || d.ctx.Err() != nil {
		return // nobody waits any more
	}
	if knobs.refuse != nil {
		if refusal := knobs.refuse(r); refusal != nil {
			refusal.write(w)
			return
		}
	}
	if knobs.lose != nil && knobs.lose(r) {
		d.rest.ServeHTTP(discard{http.Header{}}, r)
		panic(http.ErrAbortHandler) // breaks the connection
	}
	d.rest.ServeHTTP(w, r)
}

func (r *Refusal) write(w http.ResponseWriter) {
	if r.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(r.RetryAfter.Seconds())))
	}
	write(w, r.Status, refuse(r.Status, r.Code, "%s", r.Message))
}

// discard is a ResponseWriter for an answer that gets lost.
type discard struct{ header http.Header }

func (w discard) Header() http.Header         { return w.header }
func (w discard) Write(b []byte) (int, error) { return len(b), nil }
func (w discard) WriteHeader(int)             {}

// serve answers one resource.
func (d *Double) serve(methods map[string]answer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		defer d.mu.Unlock()
		status, body, refused := d.answer(methods, r)
		if refused != nil {
			write(w, refused.Status, refused)
			return
		}
		if s, ok := body.(sound); ok {
			s.serve(w, r)
			return
		}
		write(w, status, body)
	}
}

func (d *Double) answer(methods map[string]answer, r *http.Request) (int, any, *apiError) {
	if !d.authorised(r) {
		return 0, nil, refuse(http.StatusUnauthorized, twilio.CodeUnauthorized, "Authenticate")
	}
	if methods == nil || r.PathValue("account") != d.cfg.AccountSID {
		return 0, nil, notFound(r)
	}
	do, ok := methods[r.Method]
	if !ok {
		return 0, nil, refuse(http.StatusMethodNotAllowed, twilio.CodeMethodNotAllowed, "%s is not allowed here", r.Method)
	}
	if media := r.Header.Get("Content-Type"); r.Method == http.MethodPost && !strings.HasPrefix(media, "application/x-www-form-urlencoded") {
		return 0, nil, refuse(http.StatusUnsupportedMediaType, 20001, "The content type is %q", media)
	}
	resource := belowAccount(r.URL.EscapedPath())
	if _, ok := uncovered(resource); !ok {
		known, v := documentedIn(d.contract, r)
		switch {
		case !known: // without .json, which would be answered in XML
			return 0, nil, notFound(r)
		case v != nil:
			return 0, nil, v.refusal(resource)
		}
	}
	return do(r)
}

// authorised: the account with its token, or a key that was made.
func (d *Double) authorised(r *http.Request) bool {
	user, password, ok := r.BasicAuth()
	if user == d.cfg.AccountSID {
		return ok && password == d.cfg.AuthToken
	}
	secret, known := d.keys[user]
	return known && password == secret
}

func write(w http.ResponseWriter, status int, body any) {
	if body == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		return // the client has gone
	}
}

// only refuses parameters that the documentation does not name. Twilio ignores
// them, and the misspelt option with them.
func only(form url.Values, names ...string) *apiError {
	for name := range form {
		if !slices.Contains(names, name) {
			return refuse(http.StatusBadRequest, 20001, "Parameter %s is not documented here", name)
		}
	}
	return nil
}

// hostName refuses a callback whose host has a name that Twilio does not call.
func hostName(name, value string) *apiError {
	if u, err := url.Parse(value); err == nil && strings.Contains(u.Hostname(), "_") {
		return refuse(http.StatusBadRequest, codeStatusCallback, "%s has an underscore in its host name: %s", name, value)
	}
	return nil
}

// Codes of refusals, from Twilio's list.
const (
	codeTooManyCalls   = 10004
	codeParameter      = 20001
	codeNoTo           = 21201
	codeURL            = 21205
	codeDigits         = 21206
	codeTimeout        = 21208
	codeMethod         = 21209
	codeFromNotOurs    = 21210
	codeTo             = 21211
	codeFrom           = 21212
	codeNoFrom         = 21213
	codeToNotValid     = 21217
	codeApplication    = 21218
	codeStatusCallback = 21609
	codeTwimlLength    = 32018
)

func boolean(form url.Values, name string) (value, given bool, refused *apiError) {
	switch form.Get(name) {
	case "":
		return false, false, nil
	case "true", "True":
		return true, true, nil
	case "false", "False":
		return false, true, nil
	}
	return false, false, refuse(http.StatusBadRequest, codeParameter, "%s is neither true nor false", name)
}

// first returns the first refusal.
func first(refusals ...*apiError) *apiError {
	for _, r := range refusals {
		if r != nil {
			return r
		}
	}
	return nil
}

// page cuts a list into what PageSize and Page ask for.
func page[T any](r *http.Request, key string, all []T) (int, any, *apiError) {
	q := r.URL.Query()
	size, number := 50, 0
	if s := q.Get("PageSize"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			return 0, nil, refuse(http.StatusBadRequest, codeParameter, "PageSize is %q", s)
		}
		size = min(n, 1000)
	}
	if n, err := strconv.Atoi(q.Get("Page")); err == nil && n > 0 {
		number = n
	}
	from := min(number*size, len(all))
	to := min(from+size, len(all))
	uri := func(n int) string {
		q.Set("Page", strconv.Itoa(n))
		q.Set("PageSize", strconv.Itoa(size))
		return r.URL.Path + "?" + q.Encode()
	}
	body := map[string]any{
		key: append([]T{}, all[from:to]...), "page": number, "page_size": size, "start": from, "end": max(to-1, from),
		"uri": uri(number), "first_page_uri": uri(0), "next_page_uri": nil, "previous_page_uri": nil,
	}
	if to < len(all) {
		body["next_page_uri"] = uri(number + 1)
	}
	if number > 0 {
		body["previous_page_uri"] = uri(number - 1)
	}
	return http.StatusOK, body, nil
}

// date writes a time, or null.
func date(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return twilio.FormatTime(t)
}

// resource is the SID in the last path element, which ends in .json.
func resource(r *http.Request, name string) string {
	return strings.TrimSuffix(r.PathValue(name), ".json")
}

func (d *Double) uri(format string, args ...any) string {
	return "/2010-04-01/Accounts/" + d.cfg.AccountSID + fmt.Sprintf(format, args...)
}

func (d *Double) createKey(r *http.Request) (int, any, *apiError) {
	if refused := only(r.PostForm, "FriendlyName"); refused != nil {
		return 0, nil, refused
	}
	sid, secret := newSID("SK"), newSID("")
	d.keys[sid], d.keyNames[sid] = secret, r.PostForm.Get("FriendlyName")
	return http.StatusCreated, map[string]any{
		"sid": sid, "friendly_name": r.PostForm.Get("FriendlyName"), "secret": secret,
		"date_created": date(time.Now()), "date_updated": date(time.Now()),
	}, nil
}
