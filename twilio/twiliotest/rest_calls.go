package twiliotest

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"warmdesk/twilio"
)

// What To may be: a client and its custom parameters, or an outside number.
var (
	clientTo = regexp.MustCompile(`^client:([A-Za-z0-9_.\-]{1,121})(\?.*)?$`)
	e164     = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	numeric  = regexp.MustCompile(`^[+0-9]`)
	digits   = regexp.MustCompile(`^[0-9A-D#*wW]{1,32}$`)
)

// mostTwiml is how many characters Twiml may have.
const mostTwiml = 4000

// callee is who is to be rung.
type callee struct {
	to       string // as the call's record shows it
	identity string // of the client, or the number
	params   url.Values
}

func (d *Double) createCall(r *http.Request) (int, any, *apiError) {
	f := r.PostForm
	if refused := checkNewCall(f); refused != nil {
		return 0, nil, refused
	}
	who, refused := d.callee(f.Get("To"))
	if refused == nil {
		refused = d.caller(f, who)
	}
	if refused == nil {
		refused = d.another()
	}
	if refused != nil {
		return 0, nil, refused
	}
	l := d.newLeg(f.Get("From"), who.to, "outbound-api")
	l.identity, l.params, l.amd = who.identity, who.params, amdOf(f)
	l.timeout = time.Minute
	if s := f.Get("Timeout"); s != "" {
		l.timeout = time.Duration(number(s)) * time.Second
	}
	l.hook = hook{target{url: f.Get("StatusCallback"), method: f.Get("StatusCallbackMethod")}, f["StatusCallbackEvent"]}
	if len(l.hook.events) == 0 {
		l.hook.events = []string{"completed"}
	}
	now := time.Now()
	queued := max(0, d.nextDial.Sub(now))
	d.nextDial = now.Add(queued + d.cfg.Pace)
	first := target{url: f.Get("Url"), method: f.Get("Method"), twiml: f.Get("Twiml")}
	d.start(func() { l.ring(first, queued) })
	d.touch()
	record := d.call(l)
	record["queue_time"] = strconv.FormatInt(queued.Milliseconds(), 10)
	return http.StatusCreated, record, nil
}

// checkNewCall refuses what Twilio refuses whoever is called, and what the double
// does not do.
func checkNewCall(f url.Values) *apiError {
	if refused := first(
		only(f, "To", "From", "Url", "Method", "Twiml", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackMethod",
			"StatusCallbackEvent", "Timeout", "TimeLimit", "CallReason", "CallToken", "SendDigits", "ApplicationSid",
			"MachineDetection", "MachineDetectionTimeout", "AsyncAmd", "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod"),
		hostName("StatusCallback", f.Get("StatusCallback")),
	); refused != nil {
		return refused
	}
	bad := func(code int, format string, args ...any) *apiError {
		return refuse(http.StatusBadRequest, code, format, args...)
	}
	for _, event := range f["StatusCallbackEvent"] {
		if !slices.Contains([]string{"initiated", "ringing", "answered", "completed"}, event) {
			return bad(codeParameter, "StatusCallbackEvent is %q", event)
		}
	}
	timeout, machine := f.Get("Timeout"), f.Get("MachineDetection")
	switch {
	case timeout != "" && (number(timeout) < 1 || number(timeout) > 600):
		return bad(codeTimeout, "Timeout is %q", timeout)
	case f.Get("SendDigits") != "" && !digits.MatchString(f.Get("SendDigits")):
		return bad(codeDigits, "SendDigits is %q", f.Get("SendDigits"))
	case machine != "" && machine != "Enable" && machine != "DetectMessageEnd":
		return bad(codeParameter, "MachineDetection is %q", machine)
	case utf8.RuneCountInString(f.Get("Twiml")) > mostTwiml:
		return bad(codeTwimlLength, "Twiml is longer than %d characters", mostTwiml)
	case f.Get("ApplicationSid") != "":
		return bad(codeApplication, "the account has no application %s", f.Get("ApplicationSid"))
	case f.Get("Url") == "" && f.Get("Twiml") == "":
		return bad(codeURL, "Url parameter is required")
	}
	return nil
}

// callee reads To, and refuses whom Twilio would not ring and whom the test does
// not know.
func (d *Double) callee(to string) (callee, *apiError) {
	bad := func(code int, format string, args ...any) (callee, *apiError) {
		return callee{}, refuse(http.StatusBadRequest, code, format, args...)
	}
	client := clientTo.FindStringSubmatch(to)
	switch code, refused := d.cfg.Refused[to]; {
	case refused:
		return bad(code, "%s may not be called", to)
	case e164.MatchString(to):
		return callee{to: to, identity: to}, nil
	case numeric.MatchString(to):
		return bad(codeTo, "The 'To' number %s is not a valid phone number", to)
	case client == nil:
		return bad(codeToNotValid, "%q is neither a number nor a client: the double rings nothing else", to)
	case d.cfg.Identities != nil && !slices.Contains(d.cfg.Identities, client[1]):
		return bad(codeTo, "%q is not an identity of this test", client[1])
	}
	params, err := url.ParseQuery(strings.TrimPrefix(client[2], "?"))
	if err != nil {
		return bad(codeTo, "the parameters of %q are malformed", to)
	}
	return callee{"client:" + client[1], client[1], params}, nil
}

// caller checks From: our own number, a client's name towards a client, or, with
// the token of a caller who is there, that caller's number.
func (d *Double) caller(f url.Values, who callee) *apiError {
	from := f.Get("From")
	switch {
	case from == d.cfg.Number:
		return nil
	case clientTo.MatchString(from) && strings.HasPrefix(who.to, "client:"):
		return nil
	case !e164.MatchString(from):
		return refuse(http.StatusBadRequest, codeFrom, "%s is not a valid phone number or caller id", from)
	}
	for _, l := range d.legs {
		if l.callToken() != "" && l.callToken() == f.Get("CallToken") && l.From == from && !l.over {
			return nil
		}
	}
	return refuse(http.StatusBadRequest, codeFromNotOurs, "%s is not the account's number, nor verified", from)
}

// another refuses one call too many.
func (d *Double) another() *apiError {
	alive := 0
	for _, l := range d.legs {
		if !l.over {
			alive++
		}
	}
	if d.cfg.MostCalls > 0 && alive >= d.cfg.MostCalls {
		return refuse(twilio.StatusTooManyCalls, codeTooManyCalls, "The account has %d calls already", alive)
	}
	return nil
}

func (d *Double) leg(sid string) *Leg {
	i := slices.IndexFunc(d.legs, func(l *Leg) bool { return l.SID == sid })
	if i < 0 {
		return nil
	}
	return d.legs[i]
}

func (d *Double) fetchCall(r *http.Request) (int, any, *apiError) {
	l := d.leg(resource(r, "call"))
	if l == nil || l.forgotten {
		return 0, nil, notFound(r)
	}
	return http.StatusOK, d.call(l), nil
}

func (d *Double) listCalls(r *http.Request) (int, any, *apiError) {
	q := r.URL.Query()
	if refused := only(q, "To", "From", "Status", "ParentCallSid", "StartTime", "EndTime", "StartTime>", "StartTime<", "PageSize", "Page", "PageToken"); refused != nil {
		return 0, nil, refused
	}
	var all []map[string]any
	for _, l := range slices.Backward(d.legs) {
		if !l.forgotten && matches(q.Get("To"), l.To) && matches(q.Get("From"), l.From) && matches(q.Get("Status"), l.status) && q.Get("ParentCallSid") == "" {
			all = append(all, d.call(l))
		}
	}
	return page(r, "calls", all)
}

func matches(filter, value string) bool { return filter == "" || filter == value }

func (d *Double) updateCall(r *http.Request) (int, any, *apiError) {
	f := r.PostForm
	l := d.leg(resource(r, "call"))
	if l == nil {
		return 0, nil, notFound(r)
	}
	if refused := first(
		only(f, "Url", "Method", "Twiml", "Status", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackMethod", "TimeLimit"),
		hostName("StatusCallback", f.Get("StatusCallback")),
	); refused != nil {
		return 0, nil, refused
	}
	if utf8.RuneCountInString(f.Get("Twiml")) > mostTwiml {
		return 0, nil, refuse(http.StatusBadRequest, codeTwimlLength, "Twiml is longer than %d characters", mostTwiml)
	}
	document := f.Get("Url") != "" || f.Get("Twiml") != ""
	live := l.status == twilio.CallInProgress && l.ending == nil
	notLive := refuse(http.StatusBadRequest, twilio.CodeNotInProgress, "Call is not in-progress. Cannot redirect.")
	switch status := f.Get("Status"); {
	case status != "" && status != twilio.CallCompleted && status != twilio.CallCanceled:
		return 0, nil, refuse(http.StatusBadRequest, codeParameter, "Status is %q", status)
	case status != "" && (l.over || l.ending != nil), status == twilio.CallCanceled && live:
		return 0, nil, notLive
	case status != "":
		l.endLocked(ending{status: twilio.CallCompleted, sip: "200", leave: leftByAPI})
	case document && !live:
		return 0, nil, notLive
	case document:
		l.redirect = &target{url: f.Get("Url"), method: f.Get("Method"), twiml: f.Get("Twiml")}
		l.stop(errRedirected)
	}
	return http.StatusOK, d.call(l), nil
}

// call is a leg's record: it shows neither the URL nor the custom parameters.
func (d *Double) call(l *Leg) map[string]any {
	return map[string]any{
		"sid": l.SID, "account_sid": d.cfg.AccountSID, "parent_call_sid": nil, "to": l.To, "from": l.From,
		"status": l.status, "direction": l.Direction, "api_version": twilio.APIVersion, "duration": l.duration(),
		"start_time": date(l.started), "end_time": date(l.ended),
		"date_created": date(l.created), "answered_by": nilIfEmpty(l.answeredBy), "date_updated": date(time.Now()), "uri": d.uri("/Calls/%s.json", l.SID),
	}
}
