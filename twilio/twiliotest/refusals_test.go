package twiliotest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"warmdesk/twilio"
	"warmdesk/twilio/twiliotest"
)

// api speaks to the double's REST API by hand.
type api struct {
	t    *testing.T
	base string
	user string
	pass string
}

func newAPI(t *testing.T, a *app) *api {
	server := httptest.NewServer(a.Double)
	t.Cleanup(server.Close)
	return &api{t, server.URL + "/2010-04-01/Accounts/" + account, account, token}
}

// ask makes a request and returns its status and the code of a refusal.
func (a *api) ask(method, path, form string) (status, code int, header http.Header) {
	a.t.Helper()
	req, err := http.NewRequestWithContext(a.t.Context(), method, a.base+path, strings.NewReader(form))
	if err != nil {
		a.t.Fatal(err)
	}
	req.SetBasicAuth(a.user, a.pass)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	var body struct {
		Code     int
		Message  string
		MoreInfo string `json:"more_info"`
		Status   int
	}
	if err := json.NewDecoder(res.Body).Decode(&body); err != nil && res.StatusCode >= 300 {
		a.t.Fatalf("%s %s: %v", method, path, err)
	}
	if res.StatusCode >= 300 && (body.Status != res.StatusCode || body.Message == "" || !strings.HasPrefix(body.MoreInfo, "https://www.twilio.com/docs/errors/")) {
		a.t.Errorf("%s %s: HTTP %d with %+v", method, path, res.StatusCode, body)
	}
	return res.StatusCode, body.Code, res.Header
}

// One case for each refusal of the contract note, section 6, that REST has.
func TestRefusals(t *testing.T) {
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	a := newApp(t, func(c *twiliotest.Config) {
		c.Identities = []string{"ana"}
		c.Refused = map[string]int{"+15550214": 21214, "+15550215": 21215, "+15550216": 21216, "+15550219": 21219}
	})
	a.Agent("ana")
	dana := a.Call("+15550001")
	dana.WaitFor(t, "music")
	rest := newAPI(t, a)
	room := must[[]twilio.Conference](t)(a.client.ListConferences(t.Context(), twilio.ConferenceFilter{}))[0]
	participant := "/Conferences/" + room.SID + "/Participants/" + dana.SID + ".json"
	gone := a.Call("+15550002")
	gone.WaitFor(t, "music")
	gone.HangUp()
	gone.WaitFor(t, "completed")
	dial := func(change ...string) string {
		f := url.Values{"To": {"client:ana"}, "From": {number}, "Url": {a.url + "/agent"}}
		for i := 0; i < len(change); i += 2 {
			f.Set(change[i], change[i+1])
		}
		return f.Encode()
	}
	for name, test := range map[string]struct {
		method, path, form string
		status, code       int
	}{
		"parameter not documented":   {"POST", "/Calls.json", dial("Urll", "x"), 400, 20001},
		"filter not documented":      {"GET", "/Calls.json?Too=x", "", 400, 20001},
		"boolean":                    {"POST", participant, "Hold=yes", 400, 20001},
		"event":                      {"POST", "/Calls.json", dial("StatusCallbackEvent", "picked-up"), 400, 20001},
		"status":                     {"POST", "/Calls/" + dana.SID + ".json", "Status=over", 400, 20001},
		"method of a resource":       {"PUT", "/Calls.json", "", 405, 20004},
		"no such call":               {"GET", "/Calls/CA404.json", "", 404, 20404},
		"no such participant":        {"POST", "/Conferences/" + room.SID + "/Participants/CA404.json", "Hold=true", 404, 20404},
		"not JSON":                   {"GET", "/Calls/" + dana.SID, "", 404, 20404},
		"no To":                      {"POST", "/Calls.json", dial("To", ""), 400, 21201},
		"relative Url":               {"POST", "/Calls.json", dial("Url", "/agent"), 400, 21205},
		"no document":                {"POST", "/Calls.json", dial("Url", ""), 400, 21205},
		"relative HoldUrl":           {"POST", participant, "Hold=true&HoldUrl=/hold", 400, 21205},
		"SendDigits":                 {"POST", "/Calls.json", dial("SendDigits", "12x"), 400, 21206},
		"Timeout":                    {"POST", "/Calls.json", dial("Timeout", "601"), 400, 21208},
		"Timeout in words":           {"POST", "/Calls.json", dial("Timeout", "soon"), 400, 21208},
		"Method":                     {"POST", "/Calls.json", dial("Method", "PUT"), 400, 21209},
		"HoldMethod":                 {"POST", participant, "Hold=true&HoldMethod=PUT", 400, 21209},
		"From not ours":              {"POST", "/Calls.json", dial("From", "+15559999"), 400, 21210},
		"From with a wrong token":    {"POST", "/Calls.json", dial("From", "+15550001", "CallToken", "token-CA1"), 400, 21210},
		"From of one who has gone":   {"POST", "/Calls.json", dial("From", "+15550002", "CallToken", "token-"+gone.SID), 400, 21210},
		"number too short":           {"POST", "/Calls.json", dial("To", "+1555"), 400, 21211},
		"no such identity":           {"POST", "/Calls.json", dial("To", "client:anna"), 400, 21211},
		"From is no number":          {"POST", "/Calls.json", dial("From", "Warmdesk"), 400, 21212},
		"From is a name, To is not":  {"POST", "/Calls.json", dial("From", "client:ana", "To", "+15550155"), 400, 21212},
		"no From":                    {"POST", "/Calls.json", dial("From", ""), 400, 21213},
		"cannot be reached":          {"POST", "/Calls.json", dial("To", "+15550214"), 400, 21214},
		"country not allowed":        {"POST", "/Calls.json", dial("To", "+15550215"), 400, 21215},
		"account may not":            {"POST", "/Calls.json", dial("To", "+15550216"), 400, 21216},
		"not a number":               {"POST", "/Calls.json", dial("To", "ana"), 400, 21217},
		"no such application":        {"POST", "/Calls.json", dial("Url", "", "ApplicationSid", "AP00000000000000000000000000000001"), 400, 21218},
		"trial, number not verified": {"POST", "/Calls.json", dial("To", "+15550219"), 400, 21219},
		"redirect of one who left":   {"POST", "/Calls/" + gone.SID + ".json", "Url=" + a.url, 400, 21220},
		"end of one who left":        {"POST", "/Calls/" + gone.SID + ".json", "Status=completed", 400, 21220},
		"cancel of a live one":       {"POST", "/Calls/" + dana.SID + ".json", "Status=canceled", 400, 21220},
		"underscore in a host":       {"POST", "/Calls.json", dial("StatusCallback", "https://my_desk.example.test/"), 400, 21609},
		"Twiml too long":             {"POST", "/Calls.json", dial("Url", "", "Twiml", strings.Repeat("x", 4001)), 400, 32018},
		"Twiml too long, later":      {"POST", "/Calls/" + dana.SID + ".json", "Twiml=" + strings.Repeat("x", 4001), 400, 32018},
	} {
		if status, code, _ := rest.ask(test.method, test.path, test.form); status != test.status || code != test.code {
			t.Errorf("%s: %d, HTTP %d; want %d, HTTP %d", name, code, status, test.code, test.status)
		}
	}
	rest.pass = "guess"
	if status, code, _ := rest.ask("GET", "/Calls.json", ""); status != 401 || code != 20003 {
		t.Errorf("a wrong password: %d, HTTP %d", code, status)
	}
	if len(a.Legs()) != 2 {
		t.Error("a refused request has made a leg")
	}
}

func TestTroubleOfTheService(t *testing.T) {
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	a := newApp(t, func(c *twiliotest.Config) { c.MostCalls = 1 })
	rest := newAPI(t, a)
	for status, code := range map[int]int{401: 20003, 403: 20403, 429: 20429, 500: 20500, 503: 20503} {
		a.FailREST(status)
		if gotStatus, got, _ := rest.ask("GET", "/Calls.json", ""); gotStatus != status || got != code {
			t.Errorf("HTTP %d: %d, HTTP %d", status, got, gotStatus)
		}
	}
	a.RefuseREST(func(r *http.Request) *twiliotest.Refusal {
		if r.Method == http.MethodPost {
			return &twiliotest.Refusal{Status: 429, Code: 20429, Message: "Too Many Requests", RetryAfter: 3 * time.Second}
		}
		return nil
	})
	if status, _, header := rest.ask("POST", "/Calls.json", ""); status != 429 || header.Get("Retry-After") != "3" {
		t.Errorf("HTTP %d, Retry-After %q", status, header.Get("Retry-After"))
	}
	if status, _, _ := rest.ask("GET", "/Calls.json", ""); status != 200 {
		t.Errorf("a request that was not to be refused: HTTP %d", status)
	}
	a.RefuseREST(nil)
	a.Call("+15550001").WaitFor(t, "music")
	form := url.Values{"To": {"client:ana"}, "From": {number}, "Url": {a.url}}.Encode()
	if status, code, _ := rest.ask("POST", "/Calls.json", form); status != 429 || code != 10004 {
		t.Errorf("one call too many: %d, HTTP %d", code, status)
	}
}

// An outside phone is rung as a browser is, with the caller's number where that
// is allowed, and tells of a machine where it was asked.
func TestPhone(t *testing.T) {
	a := newApp(t, nil)
	rest := newAPI(t, a)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	phone := a.Phone("+15550155")
	phone.Machine(true)
	dana := a.Call("+15550001")
	dana.WaitFor(t, "music")
	form := url.Values{
		"To": {"+15550155"}, "From": {"+15550001"}, "CallToken": {"token-" + dana.SID}, "MachineDetection": {"Enable"},
		"Twiml": {"<Response><Say loop=\"0\">Press a key</Say></Response>"},
	}
	if status, code, _ := rest.ask("POST", "/Calls.json", form.Encode()); status != 201 {
		t.Fatalf("%d, HTTP %d", code, status)
	}
	ring := phone.Ringing(t)
	if ring.From != "+15550001" || ring.To != "+15550155" {
		t.Errorf("from %s to %s", ring.From, ring.To)
	}
	ring.Answer()
	ring.WaitFor(t, "words: Press a key")
	form = url.Values{"To": {"+15550155"}, "From": {number}, "Url": {a.url + "/second"}, "MachineDetection": {"DetectMessageEnd"}}
	rest.ask("POST", "/Calls.json", form.Encode())
	phone.Ringing(t).Answer()
	a.reports(t, "/second", "machine_end_beep", "AnsweredBy")
	form.Set("AsyncAmd", "true")
	form.Set("AsyncAmdStatusCallback", a.url+"/machine")
	phone.Machine(false)
	rest.ask("POST", "/Calls.json", form.Encode())
	phone.Ringing(t).Answer()
	a.reports(t, "/machine", "human", "AnsweredBy")
}

// What a <Conference> or a <Say> must not say is found when it is run.
func TestDocumentRefusals(t *testing.T) {
	a := newApp(t, nil)
	enter := func(attributes string) string {
		return `<Dial action="/out"><Conference waitUrl="/wait" ` + attributes + `>room</Conference></Dial>`
	}
	a.set("/voice", enter(`participantLabel="customer"`))
	a.Call("+15550001").WaitFor(t, "music")
	for _, test := range []struct{ doc, heard, fault string }{
		{enter(`participantLabel="customer"`), "words: You are out.", "16025"},
		{enter(`participantLabel="a/b"`), "completed", "16023"},
		{enter(`participantLabel="` + strings.Repeat("x", 129) + `"`), "completed", "16023"},
		{enter(`participantLabel="CA00000000000000000000000000000001"`), "words: You are out.", "16023"},
		{enter(`coach="CA00000000000000000000000000000001"`), "words: You are out.", "13240"},
		{`<Dial><Conference participantLabel="customer">room</Conference></Dial><Say loop="0">Next.</Say>`, "words: Next.", "16025"},
		{"<Say>" + strings.Repeat("x", 4097) + "</Say><Say loop=\"0\">Next.</Say>", "words: Next.", "13520"},
	} {
		a.set("/voice", test.doc)
		before := len(a.Faults())
		l := a.Call("+15550002")
		l.WaitFor(t, test.heard)
		if faults := a.Faults()[before:]; !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, test.fault) }) {
			t.Errorf("%.80s: %q, want %s", test.doc, faults, test.fault)
		}
		l.HangUp()
	}
}

// The account's pace: calls wait in a queue, and the answer tells for how long.
func TestPace(t *testing.T) {
	a := newApp(t, func(c *twiliotest.Config) { c.Pace = 300 * time.Millisecond })
	ana := a.Agent("ana")
	first := must[twilio.Call](t)(a.dial(t, "ana", nil))
	ana.Ringing(t).Reject()
	second := must[twilio.Call](t)(a.dial(t, "ana", nil))
	if first.Queue() != 0 || second.Queue() <= 0 || second.Queue() > 300*time.Millisecond {
		t.Errorf("queued for %v and %v", first.Queue(), second.Queue())
	}
	ana.Ringing(t)
}
