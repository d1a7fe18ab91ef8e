package twiliotest

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmdesk/twilio"
)

// clientTo is what To may be here: a client and its custom parameters.
var clientTo = regexp.MustCompile(`^client:([A-Za-z0-9_.\-]{1,121})(\?.*)?$`)

func (d *Double) createCall(r *http.Request) (int, any, *apiError) {
	f := r.PostForm
	identity, params, refused := d.checkNewCall(f)
	if refused != nil {
		return 0, nil, refused
	}
	l := d.newLeg(f.Get("From"), "client:"+identity, "outbound-api")
	l.identity, l.params = identity, params
	l.timeout = time.Minute
	if s := f.Get("Timeout"); s != "" {
		n, _ := strconv.Atoi(s) // checked
		l.timeout = time.Duration(n) * time.Second
	}
	l.hook = hook{target{url: f.Get("StatusCallback"), method: f.Get("StatusCallbackMethod")}, f["StatusCallbackEvent"]}
	if len(l.hook.events) == 0 {
		l.hook.events = []string{"completed"}
	}
	var queued time.Duration
	if d.cfg.Pace > 0 {
		now := time.Now()
		queued = max(0, d.nextDial.Sub(now))
		d.nextDial = now.Add(queued + d.cfg.Pace)
	}
	first := target{url: f.Get("Url"), method: f.Get("Method")}
	d.start(func() { l.ring(first, queued) })
	d.touch()
	record := d.call(l)
	record["queue_time"] = strconv.FormatInt(queued.Milliseconds(), 10)
	return http.StatusCreated, record, nil
}

// checkNewCall refuses what Twilio refuses, and whom the test does not know.
func (d *Double) checkNewCall(f url.Values) (identity string, params url.Values, refused *apiError) {
	bad := func(code int, format string, args ...any) (string, url.Values, *apiError) {
		return "", nil, refuse(http.StatusBadRequest, code, format, args...)
	}
	if refused := first(
		only(f, "To", "From", "Url", "Method", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackMethod",
			"StatusCallbackEvent", "Timeout", "TimeLimit", "CallReason"),
		absolute("Url", f.Get("Url"), codeURL), absolute("FallbackUrl", f.Get("FallbackUrl"), codeURL),
		absolute("StatusCallback", f.Get("StatusCallback"), codeStatusCallback),
		httpMethod("Method", f.Get("Method")), httpMethod("StatusCallbackMethod", f.Get("StatusCallbackMethod")),
	); refused != nil {
		return "", nil, refused
	}
	for _, event := range f["StatusCallbackEvent"] {
		if !slices.Contains([]string{"initiated", "ringing", "answered", "completed"}, event) {
			return bad(codeParameter, "StatusCallbackEvent is %q", event)
		}
	}
	if s := f.Get("Timeout"); s != "" {
		if n, err := strconv.Atoi(s); err != nil || n < 1 || n > 600 {
			return bad(codeTimeout, "Timeout is %q", s)
		}
	}
	to := clientTo.FindStringSubmatch(f.Get("To"))
	switch {
	case f.Get("To") == "":
		return bad(codeNoTo, "No 'To' number is specified")
	case f.Get("From") == "":
		return bad(codeNoFrom, "'From' phone number is required")
	case f.Get("Url") == "":
		return bad(codeURL, "Url parameter is required")
	case f.Get("From") != d.cfg.Number:
		return bad(codeFromNotOurs, "%s is not the account's number", f.Get("From"))
	case to == nil:
		return bad(codeToNotReachable, "%q is not a client: the double rings nothing else", f.Get("To"))
	case d.cfg.Identities != nil && !slices.Contains(d.cfg.Identities, to[1]):
		return bad(codeTo, "%q is not an identity of this test", to[1])
	}
	params, err := url.ParseQuery(strings.TrimPrefix(to[2], "?"))
	if err != nil {
		return bad(codeTo, "the parameters of %q are malformed", f.Get("To"))
	}
	return to[1], params, nil
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
	if l == nil {
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
		if matches(q.Get("To"), l.To) && matches(q.Get("From"), l.From) && matches(q.Get("Status"), l.status) && q.Get("ParentCallSid") == "" {
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
		only(f, "Url", "Method", "Status", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackMethod", "TimeLimit"),
		absolute("Url", f.Get("Url"), codeURL), httpMethod("Method", f.Get("Method")),
	); refused != nil {
		return 0, nil, refused
	}
	live := l.status == twilio.CallInProgress && l.ending == nil
	notLive := refuse(http.StatusBadRequest, twilio.CodeNotInProgress, "Call is not in-progress. Cannot redirect.")
	switch status := f.Get("Status"); {
	case status != "" && status != twilio.CallCompleted && status != twilio.CallCanceled:
		return 0, nil, refuse(http.StatusBadRequest, codeParameter, "Status is %q", status)
	case status != "" && (l.over || l.ending != nil), status == twilio.CallCanceled && live:
		return 0, nil, notLive
	case status != "":
		l.endLocked(ending{status: twilio.CallCompleted, sip: "200", leave: leftByAPI})
	case f.Get("Url") != "" && !live:
		return 0, nil, notLive
	case f.Get("Url") != "":
		l.redirect = &target{url: f.Get("Url"), method: f.Get("Method")}
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
		"date_created": date(l.created), "date_updated": date(time.Now()), "uri": d.uri("/Calls/%s.json", l.SID),
	}
}
