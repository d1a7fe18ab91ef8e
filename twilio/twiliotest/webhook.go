package twiliotest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmdesk/twilio"
	"warmdesk/twiml"
)

// answerTime is how long Twilio waits for a webhook in total.
const answerTime = 15 * time.Second

// target is a URL of the desk's, with how to ask it.
type target struct {
	url, method string // "" is POST
	twiml       string // instead of a URL: the document itself
	extra       url.Values
}

// resolve makes a URL in the target's document absolute.
func (t target) resolve(ref string) string {
	base, err := url.Parse(t.url)
	if err != nil {
		return ref
	}
	base.Fragment = "" // it said how to ask for this document
	u, err := base.Parse(ref)
	if err != nil {
		return ref
	}
	return u.String()
}

// hook is a status callback and the events it is told of.
type hook struct {
	target
	events []string
}

// webhook is a callback on its way.
type webhook struct {
	to   target
	form url.Values
}

// owe sends a callback, after those of the same source that were owed before.
// The lock is held.
func (d *Double) owe(source string, to target, form url.Values) {
	copies := 1
	if d.knobs.copies != nil {
		copies = d.knobs.copies(form)
	}
	for range copies {
		d.owed[source] = append(d.owed[source], webhook{to, form})
		if len(d.owed[source]) == 1 {
			d.start(func() { d.deliver(source) })
		}
	}
}

// deliver sends what is owed by one source, one after another.
func (d *Double) deliver(source string) {
	for {
		d.mu.Lock()
		if len(d.owed[source]) == 0 || d.closed {
			delete(d.owed, source)
			d.mu.Unlock()
			return
		}
		next := d.owed[source][0]
		d.mu.Unlock()
		if _, _, err := d.post(d.ctx, next.to, next.form); err != nil && d.ctx.Err() == nil {
			d.fault("callback %s: %v", next.to.url, err)
		}
		d.mu.Lock()
		d.owed[source] = d.owed[source][1:]
		d.mu.Unlock()
	}
}

// document asks for TwiML.
func (d *Double) document(ctx context.Context, t target, form url.Values) (twiml.Document, error) {
	if t.twiml != "" && t.url == "" {
		return twiml.Parse([]byte(t.twiml))
	}
	body, contentType, err := d.post(ctx, t, form)
	if err != nil {
		return nil, err
	}
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil || (media != "text/xml" && media != "application/xml") {
		return nil, fmt.Errorf("12300: content type %q", contentType)
	}
	doc, err := twiml.Parse(body)
	if err == nil {
		for _, strange := range strangers(body) {
			d.fault("12200: document %s: %s", t.url, strange)
		}
	}
	return doc, err
}

// statusError is an answer that is not a success.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("11200: HTTP %d", int(e)) }

// errorCode is what the fallback is told of an error.
func errorCode(err error) string {
	code, _, _ := strings.Cut(err.Error(), ":")
	if _, notNumber := strconv.Atoi(code); notNumber == nil {
		return code
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "dial" {
		return "11205"
	}
	return "11200"
}

// post makes a signed request, repeated as the URL's fragment says.
func (d *Double) post(ctx context.Context, t target, form url.Values) ([]byte, string, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	count, policy := retries(t.url)
	for try := 0; ; try++ {
		body, contentType, err := d.postOnce(ctx, t, form, try)
		if err == nil || try >= count || ctx.Err() != nil || !repeated(err, policy) {
			return body, contentType, err
		}
	}
}

// retries reads the connection overrides in a URL's fragment.
func retries(address string) (int, []string) {
	_, fragment, found := strings.Cut(address, "#")
	values, err := url.ParseQuery(fragment)
	if !found || err != nil {
		return 1, []string{"ct"}
	}
	count, err := strconv.Atoi(values.Get("rc"))
	if err != nil || count < 0 || count > 5 {
		count = 1
	}
	policy := []string{"ct"}
	if values.Has("rp") {
		policy = strings.Split(values.Get("rp"), ",")
	}
	return count, policy
}

// repeated reports whether a failure is one of those to be repeated.
func repeated(err error, policy []string) bool {
	kind := "rt"
	if status, ok := errors.AsType[statusError](err); ok {
		kind = strconv.Itoa(int(status)/100) + "xx"
	} else if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "dial" {
		kind = "ct"
	}
	return slices.Contains(policy, kind) || slices.Contains(policy, "all")
}

func (d *Double) postOnce(ctx context.Context, t target, form url.Values, try int) ([]byte, string, error) {
	address, _, _ := strings.Cut(t.url, "#")
	method, body := http.MethodPost, io.Reader(strings.NewReader(form.Encode()))
	signature := twilio.Sign(d.cfg.AuthToken, address, form)
	if t.method == http.MethodGet {
		method, body = http.MethodGet, nil
		join := "?"
		if strings.Contains(address, "?") {
			join = "&"
		}
		address += join + form.Encode()
		signature = twilio.Sign(d.cfg.AuthToken, address, nil)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, "", fmt.Errorf("11100: %w", err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	req.Header.Set(twilio.SignatureHeader, signature)
	if try > 0 {
		req.Header.Set("I-Twilio-Idempotency-Token", form.Get("CallSid")+form.Get("SequenceNumber"))
	}
	res, err := d.client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, twiml.MaxSize+1))
	if err != nil {
		return nil, "", err
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return nil, "", statusError(res.StatusCode)
	}
	return answer, res.Header.Get("Content-Type"), nil
}
