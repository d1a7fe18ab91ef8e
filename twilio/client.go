// Package twilio is the client side of Twilio's voice service, as much of it as
// the desk and the switchboard need: the REST resources Calls, Conferences,
// Participants, Recordings and Keys, the signature of webhooks, and browser tokens.
//
// It differs from Twilio's own library where that stands in the way: every
// request takes a context, nothing is retried behind the caller's back, the
// base URL is free, and an error keeps its HTTP status whatever its body is.
package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// DefaultBaseURL is Twilio's own API host.
const DefaultBaseURL = "https://api.twilio.com"

// APIVersion is the version of the API that is spoken, and a path element of
// every resource.
const APIVersion = "2010-04-01"

// maxResponse bounds what is read of one answer: a page of 1000 calls is about
// 1.5 MB.
const maxResponse = 4 << 20

// defaultTimeout is that of Twilio's own Go library.
const defaultTimeout = 10 * time.Second

// Config says where and as whom to speak.
type Config struct {
	AccountSID string // AC…
	// User and Password are the account SID and its auth token, or an API
	// key's SID and secret. An empty User means AccountSID.
	User, Password string
	// BaseURL is scheme, host and an optional path before "/2010-04-01"; empty
	// means DefaultBaseURL.
	BaseURL string
	// HTTP is used for every request; nil means a client of its own with a timeout of
	// 10 s. Redirects are not followed unless the given client says how.
	HTTP *http.Client
}

// Client speaks to one account. It is safe for concurrent use.
type Client struct {
	cfg     Config
	account string // base URL and path of the account, without a final slash
	host    string // scheme and host, what the URIs in answers are relative to
	http    *http.Client
}

// NewClient checks the configuration and returns a client. It does not
// contact the service.
func NewClient(cfg Config) (*Client, error) {
	if cfg.AccountSID == "" {
		return nil, errors.New("twilio: no account SID")
	}
	if cfg.BaseURL == "" {
		cfg.BaseURL = DefaultBaseURL
	}
	if cfg.User == "" {
		cfg.User = cfg.AccountSID
	}
	base, err := url.Parse(cfg.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("twilio: base URL: %w", err)
	}
	if base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, fmt.Errorf("twilio: base URL %q is not http(s)://host", cfg.BaseURL)
	}
	httpClient := http.Client{Timeout: defaultTimeout, Transport: newTransport(quietTime, pingTime)}
	if cfg.HTTP != nil {
		httpClient = *cfg.HTTP
	}
	if httpClient.CheckRedirect == nil {
		// A redirected POST would silently become a GET.
		httpClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	return &Client{
		cfg:     cfg,
		account: strings.TrimSuffix(cfg.BaseURL, "/") + "/" + APIVersion + "/Accounts/" + url.PathEscape(cfg.AccountSID),
		host:    base.Scheme + "://" + base.Host,
		http:    &httpClient,
	}, nil
}

// get fetches a resource below the account into out.
func (c *Client) get(ctx context.Context, path string, query url.Values, out any) error {
	target := c.account + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	return c.do(ctx, http.MethodGet, target, nil, out)
}

func (c *Client) post(ctx context.Context, path string, form url.Values, out any) error {
	return c.do(ctx, http.MethodPost, c.account+path, form, out)
}

func (c *Client) delete(ctx context.Context, path string) error {
	return c.do(ctx, http.MethodDelete, c.account+path, nil, nil)
}

// do makes one request. A nil out discards the body of a success.
func (c *Client) do(ctx context.Context, method, target string, form url.Values, out any) error {
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, target, body)
	if err != nil {
		return fmt.Errorf("twilio: %w", err)
	}
	req.SetBasicAuth(c.cfg.User, c.cfg.Password)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("twilio: %w", err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxResponse+1))
	if err != nil {
		return fmt.Errorf("twilio: read the answer to %s %s: %w", method, req.URL.Path, err)
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return readError(res, answer)
	}
	if len(answer) > maxResponse {
		return fmt.Errorf("twilio: the answer to %s %s is longer than %d bytes", method, req.URL.Path, maxResponse)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("twilio: read the answer to %s %s: %w", method, req.URL.Path, err)
	}
	return nil
}

// Error is a request the service refused.
type Error struct {
	Status   int    // HTTP status
	Code     int    // Twilio's error code; 0 when the answer named none
	Message  string // Twilio's sentence, or the start of a body of another kind
	MoreInfo string
	// RetryAfter is how long the service asks to be left alone; 0: it does not say.
	RetryAfter time.Duration
}

func (e *Error) Error() string {
	if e.Code == 0 {
		return fmt.Sprintf("twilio: HTTP %d: %s", e.Status, e.Message)
	}
	return fmt.Sprintf("twilio: %d (HTTP %d): %s", e.Code, e.Status, e.Message)
}

// Codes the desk branches on; the list of codes is open.
const (
	CodeUnauthorized     = 20003
	CodeMethodNotAllowed = 20004
	CodeNotFound         = 20404
	CodeTooManyRequests  = 20429
	CodeFromNotVerified  = 21210 // From is not a number of the account, nor verified
	CodeFromNotValid     = 21212 // From is no number that may be shown
	CodeNotInProgress    = 21220 // the call is not in the state the change needs
)

// IsCode reports whether err is a refusal with one of Twilio's codes.
func IsCode(err error, codes ...int) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return false
	}
	for _, c := range codes {
		if e.Code == c {
			return true
		}
	}
	return false
}

// readError makes the error of a refusal. A gateway in between may answer HTML
// or nothing: the status then stands for itself.
func readError(res *http.Response, body []byte) error {
	e := &Error{Status: res.StatusCode, RetryAfter: retryAfter(res.Header.Get("Retry-After"))}
	media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	var shape struct {
		Code     int    `json:"code"`
		Message  string `json:"message"`
		MoreInfo string `json:"more_info"`
	}
	if (media == "application/json" || media == "application/problem+json") && json.Unmarshal(body, &shape) == nil && shape.Message != "" {
		e.Code, e.Message, e.MoreInfo = shape.Code, shape.Message, shape.MoreInfo
		return e
	}
	e.Message = http.StatusText(res.StatusCode)
	if excerpt := strings.ToValidUTF8(strings.TrimSpace(string(body[:min(len(body), 200)])), ""); excerpt != "" {
		e.Message += ": " + excerpt
	}
	return e
}

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(header string) time.Duration {
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(time.Until(at), 0)
	}
	return 0
}

// Time is a point in time as the API writes it: RFC 2822, or null, which is the
// zero time.
type Time struct{ time.Time }

// timeLayout is RFC 2822; Go reads one- and two-digit days with "2".
const timeLayout = "Mon, 2 Jan 2006 15:04:05 -0700"

// FormatTime writes t as the API and the webhooks do, in UTC.
func FormatTime(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700") }

// ParseTime reads what FormatTime writes, with one- or two-digit days.
func ParseTime(s string) (time.Time, error) {
	t, err := time.Parse(timeLayout, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("twilio: time: %w", err)
	}
	return t.UTC(), nil
}

// UnmarshalJSON reads a time or null.
func (t *Time) UnmarshalJSON(b []byte) error {
	var s *string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	if s == nil || *s == "" {
		t.Time = time.Time{}
		return nil
	}
	parsed, err := ParseTime(*s)
	t.Time = parsed
	return err
}

// MarshalJSON writes the time, or null for the zero time.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(FormatTime(t.Time))
}

// form collects a request's parameters, leaving out what is not said.
type form struct{ url.Values }

func newForm() form { return form{url.Values{}} }

func (f form) text(name, value string) {
	if value != "" {
		f.Set(name, value)
	}
}

func (f form) texts(name string, values []string) {
	for _, v := range values {
		f.Add(name, v)
	}
}

func (f form) seconds(name string, d time.Duration) {
	if d > 0 {
		f.Set(name, strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10))
	}
}

func (f form) flag(name string, b *bool) {
	if b != nil {
		f.Set(name, strconv.FormatBool(*b))
	}
}

// page is one page of a list; Next is relative to the host, empty at the end.
type page struct {
	Next *string `json:"next_page_uri"`
}

// next returns the absolute URL of the following page. A URI that is not a path
// on our own host is refused: the credentials go there.
func (c *Client) next(p page) (string, error) {
	if p.Next == nil || *p.Next == "" {
		return "", nil
	}
	if !strings.HasPrefix(*p.Next, "/") || strings.HasPrefix(*p.Next, "//") {
		return "", fmt.Errorf("twilio: next page %q is not a path", *p.Next)
	}
	return c.host + *p.Next, nil
}
