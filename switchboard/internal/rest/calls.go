package rest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmdesk/switchboard/internal/exchange"
	"warmdesk/twilio"
)

// callJSON has the fields of the OpenAPI schema api.v2010.account.call.
type callJSON struct {
	SID             string            `json:"sid"`
	AccountSID      string            `json:"account_sid"`
	ParentCallSID   *string           `json:"parent_call_sid"`
	To              string            `json:"to"`
	ToFormatted     string            `json:"to_formatted"`
	From            string            `json:"from"`
	FromFormatted   string            `json:"from_formatted"`
	PhoneNumberSID  *string           `json:"phone_number_sid"`
	Status          string            `json:"status"`
	StartTime       twilio.Time       `json:"start_time"`
	EndTime         twilio.Time       `json:"end_time"`
	Duration        *string           `json:"duration"`
	Price           *string           `json:"price"`
	PriceUnit       string            `json:"price_unit"`
	Direction       string            `json:"direction"`
	AnsweredBy      *string           `json:"answered_by"`
	APIVersion      string            `json:"api_version"`
	ForwardedFrom   *string           `json:"forwarded_from"`
	GroupSID        *string           `json:"group_sid"`
	CallerName      *string           `json:"caller_name"`
	QueueTime       string            `json:"queue_time"` // ms; nothing queues here
	TrunkSID        *string           `json:"trunk_sid"`
	DateCreated     twilio.Time       `json:"date_created"`
	DateUpdated     twilio.Time       `json:"date_updated"`
	URI             string            `json:"uri"`
	SubresourceURIs map[string]string `json:"subresource_uris"`
}

func (h *Handler) showCall(c exchange.Call) any {
	j := callJSON{
		SID: c.SID, AccountSID: h.cfg.AccountSID, To: c.To, ToFormatted: c.To, From: c.From, FromFormatted: c.From,
		Status: c.Status, StartTime: twilio.Time{Time: c.Started}, EndTime: twilio.Time{Time: c.Ended},
		PriceUnit: "USD", Direction: c.Direction, APIVersion: twilio.APIVersion, QueueTime: "0",
		DateCreated: twilio.Time{Time: c.Created}, DateUpdated: twilio.Time{Time: c.Updated},
		URI: h.uri("/Calls/%s.json", c.SID), SubresourceURIs: map[string]string{},
	}
	if !c.Ended.IsZero() {
		seconds := strconv.Itoa(int(c.Duration() / time.Second))
		j.Duration = &seconds
	}
	if c.AnsweredBy != "" {
		j.AnsweredBy = &c.AnsweredBy
	}
	return j
}

func (h *Handler) fetchCall(r request) (answer, error) {
	c, err := h.cfg.Exchange.Call(r.ctx, r.args[0])
	return answer{http.StatusOK, h.showCall(c)}, err
}

func (h *Handler) listCalls(r request) (answer, error) {
	start, err := within(r.form, "StartTime")
	if err != nil {
		return answer{}, err
	}
	end, err := within(r.form, "EndTime")
	if err != nil {
		return answer{}, err
	}
	status := r.form.Get("Status")
	if status != "" && !slices.Contains(callStatuses(), status) {
		return answer{}, badParameter("Status %q is not a status of calls", status)
	}
	all, err := h.cfg.Exchange.Calls(r.ctx, func(c exchange.Call) bool {
		return is(r.form.Get("To"), c.To) && is(r.form.Get("From"), c.From) && is(status, c.Status) &&
			r.form.Get("ParentCallSid") == "" && start.has(c.Started) && end.has(c.Ended)
	})
	if err != nil {
		return answer{}, err
	}
	return list(r, "calls", all, func(c exchange.Call) string { return c.SID }, h.showCall)
}

func callStatuses() []string {
	return []string{
		twilio.CallQueued, twilio.CallRinging, twilio.CallInProgress, twilio.CallCompleted,
		twilio.CallBusy, twilio.CallFailed, twilio.CallNoAnswer, twilio.CallCanceled,
	}
}

// is reports whether a filter lets a value through.
func is(filter, value string) bool { return filter == "" || filter == value }

func (h *Handler) createCall(r request) (answer, error) {
	n, err := h.newCall(r.form)
	if err != nil {
		return answer{}, err
	}
	if err := h.readStart(r.form, &n); err != nil {
		return answer{}, err
	}
	c, err := h.cfg.Exchange.CreateCall(r.ctx, n)
	return answer{http.StatusCreated, h.showCall(c)}, err
}

// newCall reads what creating a call and creating a participant have in common.
func (h *Handler) newCall(form url.Values) (n exchange.NewCall, err error) {
	if err = h.readTo(form.Get("To"), &n); err != nil {
		return n, err
	}
	if n.Detection, err = readDetection(form); err != nil {
		return n, err
	}
	if n.From, err = h.readFrom(form.Get("From")); err != nil {
		return n, err
	}
	if n.Timeout, err = seconds(form, "Timeout", 600); err != nil {
		return n, err
	}
	if n.TimeLimit, err = seconds(form, "TimeLimit", 86400); err != nil {
		return n, err
	}
	n.Callback, err = readCallback(form)
	return n, err
}

// readTo reads a callee: a browser, or a telephone that there is. The record shows
// the client without the parameters that go with this one call.
func (h *Handler) readTo(to string, n *exchange.NewCall) error {
	if to == "" {
		return bad(codeNoTo, "No 'To' number is specified")
	}
	name, ok := strings.CutPrefix(to, "client:")
	switch {
	case ok:
	case isE164(to) && h.cfg.Telephone != nil && h.cfg.Telephone(to):
		n.To, n.Number = to, to
		return nil
	case isE164(to) || strings.HasPrefix(to, "sip:"):
		return bad(codeUnreachable, "'To' %s cannot be reached: this switchboard rings browsers and its test telephones only", to)
	default:
		return bad(codeToInvalid, "The 'To' number %s is not valid", to)
	}
	name, query, _ := strings.Cut(name, "?")
	identity, nameErr := url.PathUnescape(name)
	custom, queryErr := url.ParseQuery(query)
	if nameErr != nil || queryErr != nil || identity == "" || len(to) > 800 {
		return bad(codeToInvalid, "The 'To' client %s is not valid", to)
	}
	n.To, n.Identity, n.Custom = "client:"+name, identity, custom
	return nil
}

// readDetection reads whether it is to be found out who has answered.
func readDetection(form url.Values) (*exchange.Detection, error) {
	switch asked := form.Get("MachineDetection"); {
	case asked == "" || form.Has("SendDigits"): // which switches it off
		return nil, nil
	case asked != "Enable" || form.Get("AsyncAmd") == "true":
		return nil, badParameter("MachineDetection %q is not offered: Enable, without AsyncAmd, is", asked)
	}
	var d exchange.Detection
	for _, t := range []struct {
		name      string
		unit      time.Duration
		low, high int
		to        *time.Duration
	}{
		{"MachineDetectionTimeout", time.Second, 3, 59, &d.Timeout},
		{"MachineDetectionSpeechThreshold", time.Millisecond, 1000, 6000, &d.Speech},
		{"MachineDetectionSpeechEndThreshold", time.Millisecond, 500, 5000, &d.SpeechEnd},
		{"MachineDetectionSilenceTimeout", time.Millisecond, 2000, 10000, &d.Silence},
	} {
		s := form.Get(t.name)
		if s == "" {
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < t.low || n > t.high {
			return nil, badParameter("%s is not between %d and %d", t.name, t.low, t.high)
		}
		*t.to = time.Duration(n) * t.unit
	}
	return &d, nil
}

// isE164 reports whether s looks like +15551234567.
func isE164(s string) bool {
	digits, ok := strings.CutPrefix(s, "+")
	return ok && len(digits) >= 2 && len(digits) <= 15 && digits[0] != '0' && strings.Trim(digits, "0123456789") == ""
}

// readFrom reads a caller: one of the account's numbers, or a client.
func (h *Handler) readFrom(from string) (string, error) {
	if name, ok := strings.CutPrefix(from, "client:"); ok && name != "" {
		return from, nil
	}
	if !isE164(from) {
		return "", bad(codeFromInvalid, "The 'From' number %s is not valid", from)
	}
	if !slices.ContainsFunc(h.cfg.Numbers, func(n exchange.Number) bool { return n.PhoneNumber == from }) {
		return "", bad(codeFromUnowned, "The 'From' number %s is not a number of this account", from)
	}
	return from, nil
}

// readStart reads what the call runs when it is answered: an application, a URL
// or a document.
func (h *Handler) readStart(form url.Values, n *exchange.NewCall) (err error) {
	if app := form.Get("ApplicationSid"); app != "" {
		i := slices.IndexFunc(h.cfg.Applications, func(a exchange.Application) bool { return a.SID == app })
		if i < 0 || h.cfg.Applications[i].VoiceURL == "" {
			return bad(codeApplication, "ApplicationSid %s is not valid", app)
		}
		a := h.cfg.Applications[i]
		n.Start, n.Fallback = exchange.Target{URL: a.VoiceURL}, exchange.Target{URL: a.FallbackURL}
		n.Callback = exchange.Callback{Target: exchange.Target{URL: a.StatusCallbackURL}, Events: []string{"completed"}}
		return nil
	}
	if n.Start, err = target(form, "Url", "Method"); err != nil {
		return err
	}
	if n.Fallback, err = target(form, "FallbackUrl", "FallbackMethod"); err != nil {
		return err
	}
	if n.Start.URL != "" {
		return nil
	}
	if n.Twiml, err = readTwiml(form); err == nil && n.Twiml == "" {
		return bad(codeURL, "Url parameter is required")
	}
	return err
}

// maxTwiml is the length of the parameter Twiml, in characters.
const maxTwiml = 4000

func readTwiml(form url.Values) (string, error) {
	body := form.Get("Twiml")
	if len([]rune(body)) > maxTwiml {
		return "", badParameter("Twiml is longer than %d characters", maxTwiml)
	}
	return body, nil
}

func (h *Handler) updateCall(r request) (answer, error) {
	var change exchange.CallChange
	var err error
	change.Status = r.form.Get("Status")
	if !slices.Contains([]string{"", twilio.CallCompleted, twilio.CallCanceled}, change.Status) {
		return answer{}, badParameter("Status %q is neither completed nor canceled", change.Status)
	}
	if change.Redirect, err = target(r.form, "Url", "Method"); err != nil {
		return answer{}, err
	}
	if change.Twiml, err = readTwiml(r.form); err != nil {
		return answer{}, err
	}
	if r.form.Has("FallbackUrl") {
		t, err := target(r.form, "FallbackUrl", "FallbackMethod")
		if err != nil {
			return answer{}, err
		}
		change.Fallback = &t
	}
	if r.form.Has("StatusCallback") {
		cb, err := readCallback(r.form)
		if err != nil {
			return answer{}, err
		}
		change.Callback = &cb
	}
	c, err := h.cfg.Exchange.ChangeCall(r.ctx, r.args[0], change)
	return answer{http.StatusOK, h.showCall(c)}, err
}

func readCallback(form url.Values) (cb exchange.Callback, err error) {
	if cb.Target, err = target(form, "StatusCallback", "StatusCallbackMethod"); err != nil {
		return cb, err
	}
	cb.Events, err = words(form, "StatusCallbackEvent", []string{"completed"}, "initiated", "ringing", "answered", "completed")
	return cb, err
}

// words reads a list that comes as repeated parameters, as blank-separated
// words, or both.
func words(form url.Values, name string, otherwise []string, allowed ...string) ([]string, error) {
	var all []string
	for _, v := range form[name] {
		all = append(all, strings.Fields(v)...)
	}
	for _, w := range all {
		if !slices.Contains(allowed, w) {
			return nil, badParameter("%s %q is not one of %s", name, w, strings.Join(allowed, ", "))
		}
	}
	if len(all) == 0 {
		return otherwise, nil
	}
	return all, nil
}

// target reads a URL and its method; without the URL the method means nothing.
func target(form url.Values, urlName, methodName string) (exchange.Target, error) {
	t := exchange.Target{URL: form.Get(urlName), Method: strings.ToUpper(form.Get(methodName))}
	if t.Method != "" && t.Method != http.MethodGet && t.Method != http.MethodPost {
		return t, bad(codeMethod, "%s %s is neither GET nor POST", methodName, t.Method)
	}
	if t.URL == "" {
		return exchange.Target{}, nil
	}
	u, err := url.Parse(t.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.Contains(u.Host, "_") {
		return t, bad(codeURL, "%s is not a valid URL: %s", urlName, t.URL)
	}
	return t, nil
}

func seconds(form url.Values, name string, high int) (time.Duration, error) {
	s := form.Get(name)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > high {
		return 0, bad(codeTimeout, "%s is not between 1 and %d", name, high)
	}
	return time.Duration(n) * time.Second, nil
}
