package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"warmdesk/twilio"
)

// attacks are all rows for a victim.
func (v *victim) attacks() []attack {
	return slices.Concat(v.forgeries(), v.crossSite(), v.withoutRight(), v.rebinding(), v.paths(), v.oversized(), v.smuggled(), v.methods(),
		v.accounts(), v.injections(), v.sockets(), v.unsettling())
}

const evil = "https://evil.example"

// form are the headers of a form.
func form(headers ...string) []string {
	return append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)
}

// webhookPaths are the carrier's routes.
func webhookPaths() []string {
	return []string{
		"/conference/connect/client", "/conference/wait", "/conference/status", "/conference/{call}/connect/agent1", "/conference/{call}/connect/agent2/",
		"/conference/{call}/legs/{id}-2", "/conference/{call}/out", "/conference/{call}/choice?question=1",
		"/conference/{call}/message?question=1", "/conference/{call}/recording?question=1", "/conference/{call}/events",
	}
}

// token is the account's, which the attacker does not have.
func (v *victim) authToken() (account, token string) {
	if v.double != nil {
		return testAccount, testToken
	}
	return v.own.AccountSID, v.own.AuthToken
}

// forgeries claim to be the carrier's: the customer has left, the agent is in the
// room, somebody new is there.
func (v *victim) forgeries() (rows []attack) {
	account, token := v.authToken()
	for _, path := range webhookPaths() {
		path = v.fill(path)
		lie := url.Values{
			"AccountSid": {account}, "CallSid": {v.call}, "CallStatus": {"completed"}, "ConferenceSid": {"CF00000000000000000000000000000001"},
			"StatusCallbackEvent": {"conference-end"}, "SequenceNumber": {"999"}, "Direction": {"inbound"}, "From": {"+15550666"}, "Digits": {"1"},
		}
		body := lie.Encode()
		signed := func(token, address string, form url.Values) string { return twilio.Sign(token, address, form) }
		add := func(name, body string, headers ...string) {
			rows = append(rows, attack{name: "webhook " + name + " " + path, method: "POST", path: path, headers: form(headers...), body: body, want: []int{http.StatusForbidden}})
		}
		add("unsigned", body)
		add("signed by another account", body, twilio.SignatureHeader, signed("another account's token", v.url+path, lie))
		add("signed with nothing", body, twilio.SignatureHeader, signed("", v.url+path, lie))
		add("signed for another desk", body, twilio.SignatureHeader, signed(token, "https://other.example"+path, lie))
		add("signed for another path", body, twilio.SignatureHeader, signed(token, v.url+"/conference/elsewhere", lie))
		add("signed for another form", body+"&CallStatus=busy", twilio.SignatureHeader, signed(token, v.url+path, lie))
		add("signed without its form", body, twilio.SignatureHeader, signed(token, v.url+path, nil))
	}
	path := v.fill("/conference/{call}/events")
	lie := url.Values{"ConferenceSid": {"CF1"}, "CallSid": {v.call}, "SequenceNumber": {"99"}, "StatusCallbackEvent": {"participant-leave"}}
	right := twilio.Sign(token, v.url+path, lie)
	for name, a := range map[string]attack{
		"query added":       {path: path + "?x=1", headers: form(twilio.SignatureHeader, right), body: lie.Encode()},
		"path in capitals":  {path: strings.Replace(path, "/events", "/Events", 1), headers: form(twilio.SignatureHeader, right), body: lie.Encode(), want: []int{404}},
		"two signatures":    {path: path, headers: form(twilio.SignatureHeader, "AAAA", twilio.SignatureHeader, right), body: lie.Encode()},
		"not base64":        {path: path, headers: form(twilio.SignatureHeader, "%%%"), body: lie.Encode()},
		"cut signature":     {path: path, headers: form(twilio.SignatureHeader, right[:27]), body: lie.Encode()},
		"another host":      {path: path, headers: form(twilio.SignatureHeader, twilio.Sign(token, "http://evil.example"+path, lie), "Host", "evil.example"), body: lie.Encode()},
		"forwarded host":    {path: path, headers: form(twilio.SignatureHeader, twilio.Sign(token, "http://evil.example"+path, lie), "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "http"), body: lie.Encode()},
		"body's hash":       {path: path + "?bodySHA256=0", headers: []string{"Content-Type", "application/json", twilio.SignatureHeader, twilio.Sign(token, v.url+path+"?bodySHA256=0", nil)}, body: `{"CallSid":"` + v.call + `"}`},
		"form in the query": {path: path + "?" + lie.Encode(), headers: form(twilio.SignatureHeader, twilio.Sign("another", v.url+path+"?"+lie.Encode(), nil))},
	} {
		a.name, a.method = "webhook, "+name, "POST"
		if a.want == nil {
			a.want = []int{http.StatusForbidden, http.StatusMisdirectedRequest}
		}
		rows = append(rows, a)
	}
	return rows
}

// described are the operations of the program's own description of itself, as
// "POST /api/…": what is added to the program is attacked without a word here.
func (v *victim) described() (found []string) {
	v.Helper()
	var d struct {
		Paths map[string]map[string]any
	}
	r := v.strike(attack{method: "GET", path: "/api/openapi.json"})
	if err := json.Unmarshal([]byte(r.body), &d); err != nil || len(d.Paths) < 20 {
		v.Fatalf("openapi.json: %v, %d paths", err, len(d.Paths))
	}
	names := strings.NewReplacer("{agent}", "agent1", "{call}", "{id}", "{request}", "end", "{task}", "task-1", "{conference_id}", "{call}",
		"{delivery}", "1", "{user}", "agent1", "{token}", "0123456789abcdef", "{recording}", "RE00000000000000000000000000000001")
	for path, methods := range d.Paths {
		for method := range methods {
			found = append(found, strings.ToUpper(method)+" "+names.Replace(path))
		}
	}
	slices.Sort(found)
	return found
}

// harm is a body that would do something wherever it is taken.
const harm = `{"presence":"offline","to":"agent2","reason":"x","text":"written by another site","name":"Eve","number":"+15550666","id":"eve","role":"admin"}`

// crossSite are requests that another site makes a signed-in person's browser
// send: every unsafe route there is.
func (v *victim) crossSite() (rows []attack) {
	for _, operation := range v.described() {
		method, path, _ := strings.Cut(operation, " ")
		if method == http.MethodGet || method == http.MethodHead {
			continue
		}
		for name, headers := range map[string][]string{
			"from another site":          {"Origin", evil},
			"from nowhere":               {"Origin", "null"},
			"from another port":          {"Origin", "http://127.0.0.1:1"},
			"from another scheme":        {"Origin", "https://{host}", "Sec-Fetch-Site", "cross-site"},
			"cross-site without origin":  {"Sec-Fetch-Site", "cross-site"},
			"same-site without origin":   {"Sec-Fetch-Site", "same-site"},
			"a form from another site":   {"Origin", evil, "Content-Type", "text/plain"},
			"with the victim's own name": {"Origin", "http://{host}.evil.example"},
		} {
			headers := slices.Clone(headers)
			if !slices.Contains(headers, "Content-Type") {
				headers = append(headers, "Content-Type", "application/json")
			}
			rows = append(rows, attack{name: "CSRF " + name + " " + operation, as: "ana", method: method, path: path, headers: headers, body: harm, want: []int{http.StatusForbidden}})
		}
	}
	return rows
}

// open are the addresses that are everybody's, or look at a customer's own key.
// What is not named here must refuse who is not signed in.
var open = []string{
	"/", "/as/agent1", "/as/agent1/{screen}", "/call", "/embed.js", "/embed/agent", "/tutorial", "/welcome", "/https", "/assets/", "/favicon.ico", "/healthz", "/readyz", "/metrics", "/api/config", "/api/openapi.json", "/api/sounds/{sound}",
	"/api/session", "/api/welcome", "/api/caller/callback", "/api/caller/request", "/api/caller/token", "/api/caller/end", "/api/caller/line", "/api/caller/rating", "/api/caller/stream",
}

// withoutRight are requests of nobody, of somebody else, and of sessions that are
// none.
func (v *victim) withoutRight() (rows []attack) {
	token := func(cookie string) string { _, value, _ := strings.Cut(cookie, "="); return value }
	ana, _, _ := strings.Cut(v.cookies["ana"], "=")
	ben, _, _ := strings.Cut(v.cookies["ben"], "=")
	for _, operation := range v.described() {
		method, path, _ := strings.Cut(operation, " ")
		if slices.Contains(open, path) && operation != "DELETE /api/session" {
			continue
		}
		refused := []int{http.StatusUnauthorized, http.StatusForbidden}
		for name, cookie := range map[string]string{
			"nobody":                       "",
			"an invented session":          ana + "=" + strings.Repeat("0", 64),
			"a session chosen beforehand":  ana + "=chosen-by-the-attacker",
			"Ben's session in Ana's place": ana + "=" + token(v.cookies["ben"]),
			"SQL as a session":             ana + "=' OR 1=1 --",
			"an empty session":             ana + "=",
		} {
			rows = append(rows, attack{name: name + ": " + operation, method: method, path: path, body: bodyOf(method), headers: []string{"Cookie", cookie, "Content-Type", "application/json"}, want: refused})
		}
		// Ana and Ben are admins, who may: TestRolesOfTheRoutes has the others.
		if strings.Contains(path, "agent1") && !strings.HasPrefix(path, "/api/users/") {
			rows = append(rows, attack{name: "as somebody else: " + operation, as: "ben", method: method, path: path, body: bodyOf(method), want: refused})
		}
		rows = append(rows, attack{name: "under another name: " + operation, as: "ben", method: method, path: path, body: bodyOf(method), headers: []string{"Warmdesk-Agent", "agent1"}, want: refused})
	}
	for _, request := range []string{"end", "hold", "resume", "consult", "invite", "send", "merge", "swap", "handover", "keep", "leave", "remove", "cancel", "takeback", "requeue", "redial", "finish", "note", "topic", "outcome", "take", "answer", "pass"} {
		rows = append(rows, attack{name: "Ben's " + request + " in Ana's call", as: "ben", method: "POST", path: "/api/calls/{id}/" + request,
			body: `{"to":"agent2","text":"mine"}`, want: []int{http.StatusConflict, http.StatusForbidden, http.StatusBadRequest, http.StatusNotFound}})
	}
	return append(rows,
		attack{name: "Ben's tutorial button in Ana's call", as: "ben", method: "POST", path: "/conference/agent2/call", want: []int{http.StatusConflict}},
		attack{name: "Ana's tutorial button pressed by Ben", as: "ben", method: "POST", path: "/conference/agent1/call", want: []int{http.StatusForbidden}},
		attack{name: "somebody's task", as: "ben", method: "POST", path: "/api/tasks/{id}/done", want: []int{http.StatusNotFound, http.StatusForbidden}},
		attack{name: "somebody's message", as: "ben", method: "GET", path: "/api/tasks/1%20OR%201=1/recording", want: []int{http.StatusNotFound}},
		attack{name: "a call that is not there", as: "ana", method: "POST", path: "/api/calls/CA00000000000000000000000000000000/end", want: []int{http.StatusNotFound}},
		attack{name: "SQL as a call", as: "ana", method: "POST", path: "/api/calls/'%20OR%20''='/end", want: []int{http.StatusNotFound}},
		attack{name: "an unknown request", as: "ana", method: "POST", path: "/api/calls/{id}/__proto__", want: []int{http.StatusNotFound}},
		attack{name: "a customer's end without a key", method: "POST", path: "/api/caller/end", body: `{}`, want: []int{http.StatusForbidden}},
		attack{name: "a customer's end with an invented key", method: "POST", path: "/api/caller/end", body: `{"return":"` + strings.Repeat("ab", 16) + `"}`, want: []int{http.StatusNoContent}},
		attack{name: "a customer's end with an invented token", method: "POST", path: "/api/caller/end", body: `{"token":"a.b.c"}`, want: []int{http.StatusForbidden}},
		attack{name: "a rating of somebody's call", method: "POST", path: "/api/caller/rating", body: `{"call":"` + v.call + `","return":"` + strings.Repeat("ab", 16) + `","stars":1}`, want: []int{http.StatusForbidden}},
		attack{name: "a rating without a key", method: "POST", path: "/api/caller/rating", body: `{"call":"` + v.call + `","return":"","stars":1}`, want: []int{http.StatusForbidden}},
		attack{name: "a rating by the call's own id", method: "POST", path: "/api/caller/rating", body: `{"call":"` + v.id + `","stars":1}`, want: []int{http.StatusForbidden}},
		attack{name: "a password in capitals", method: "POST", path: "/api/session", headers: form(), body: "agent=agent1&password=" + strings.ToUpper(anaPassword), want: []int{http.StatusTooManyRequests, http.StatusUnauthorized}},
		attack{name: "a password given twice", method: "POST", path: "/api/session", headers: form(), body: "agent=agent1&password=x&password=" + anaPassword, want: []int{http.StatusTooManyRequests, http.StatusUnauthorized}},
		attack{name: "somebody's password", method: "POST", path: "/api/session", headers: form(), body: "agent=agent2&password=" + anaPassword, want: []int{http.StatusTooManyRequests, http.StatusUnauthorized}},
		attack{name: "a password in the address", method: "POST", path: "/api/session?agent=agent1&password=" + anaPassword, headers: form(), body: "x=1", want: []int{http.StatusTooManyRequests, http.StatusUnauthorized, http.StatusBadRequest}},
		attack{name: "sign-in as everybody", method: "POST", path: "/api/session", headers: form(), body: "agent=%25&password=%25", want: []int{http.StatusTooManyRequests, http.StatusUnauthorized}},
		attack{name: "two people's cookies", method: "GET", path: "/api/calls.json", headers: []string{"Cookie", ana + "=x; " + ben + "=y"}, want: []int{http.StatusUnauthorized}},
	)
}

func bodyOf(method string) string {
	if method == http.MethodGet {
		return ""
	}
	return harm
}

// rebinding reaches us under names that are not ours.
func (v *victim) rebinding() (rows []attack) {
	refused := []int{http.StatusForbidden, http.StatusMisdirectedRequest, http.StatusBadRequest}
	for _, host := range []string{"evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example:80", "0.0.0.0", "[::ffff:169.254.169.254]", "{host}@evil.example", "evil.example/{host}"} {
		for _, path := range []string{"/", "/api/agents/agent1/snapshot", "/api/calls.json"} {
			rows = append(rows, attack{name: "rebound " + host + " " + path, as: "ana", method: "GET", path: path, headers: []string{"Host", host}, want: refused})
		}
		rows = append(rows, attack{name: "rebound request " + host, as: "ana", method: "POST", path: "/api/calls/{id}/end", headers: []string{"Host", host, "Origin", "http://" + host}, body: "{}", want: refused})
	}
	return append(rows, attack{
		name: "an absolute address of another", as: "ana", want: refused,
		raw: "GET http://evil.example/api/calls.json HTTP/1.1\r\nHost: {host}\r\nCookie: " + v.cookies["ana"] + "\r\nConnection: close\r\n\r\n",
	})
}

// paths are tricks with what an address means.
func (v *victim) paths() (rows []attack) {
	nothing := []int{http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusPermanentRedirect, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusMisdirectedRequest}
	for _, path := range []string{
		"/../../../etc/passwd", "/assets/../../../../etc/passwd", "/assets/..%2f..%2f..%2fetc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "/assets/..%5c..%5cetc%5cpasswd",
		"/assets/....//....//etc/passwd", "/assets/%252e%252e%252fetc/passwd", "/assets//etc/passwd", "/assets/%00", "/assets/music.wav%00.js", "/assets/", "/assets",
		"//evil.example/", "//evil.example/%2e%2e", "/\\evil.example", "/%5cevil.example", "///evil.example/..", "/.git/config", "/warmdesk.db", "/desk.db.credentials", "/..;/api/calls.json",
		"/API/calls.json", "/api//calls.json", "/api/./calls.json", "/api/calls.json/", "/api/calls.json%00", "/api/calls%2ejson", "/api/calls.json;x=1", "/x/../api/calls.json",
		"/api/agents/agent2%2f..%2fagent1/snapshot", "/api/agents/agent1%00/snapshot", "/api/agents/AGENT1/snapshot", "/api/agents/%61gent1%20/snapshot", "/api/agents/ａgent1/snapshot",
		"/api/agents/agent1%e2%80%8b/snapshot", "/api/agents/%ff%fe/snapshot", "/api/agents/" + strings.Repeat("a", 5000) + "/snapshot", "/api/agents//snapshot",
		"/2010-04-01/../api/calls.json", "/2010-04-01/Accounts/../../api/calls.json", "/2010-04-01/%2e%2e/api/calls.json", "/2010-04-01//Accounts", "/signal/../api/calls.json", "/signal/",
		"/conference//connect/client", "/conference/../api/calls.json", "/metrics/../api/calls.json", "/api/tasks/..%2f..%2fdesk.db/recording", "/debug/pprof/", "/debug/vars", "/server-status",
	} {
		rows = append(rows, attack{name: "path " + path, method: "GET", path: path, want: nothing, never: "root:"})
	}
	return append(rows,
		attack{name: "path with a space", raw: "GET /api/calls.json HTTP/1.1 HTTP/1.1\r\nHost: {host}\r\n\r\n", want: []int{0, 400}},
		attack{name: "path with a NUL", raw: "GET /\x00 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", want: []int{0, 400, 404}},
		attack{name: "path with a bare CR", raw: "GET /\rX: y HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", want: []int{0, 400}},
		attack{name: "path without a slash", raw: "GET api/calls.json HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", want: []int{0, 400}},
		attack{name: "a header in the path", method: "GET", path: "/as/agent1%0d%0aSet-Cookie:%20a=b", want: []int{200, 400, 404}, never: "\r\nSet-Cookie: a=b"},
		attack{name: "a header in a redirect", method: "GET", path: "//x%0d%0aSet-Cookie:%20a=b", want: nothing, never: "\r\nSet-Cookie: a=b"},
	)
}

// oversized are requests that want our memory.
func (v *victim) oversized() []attack {
	big := strings.Repeat("x", 1<<20)
	deep := strings.Repeat(`{"to":[`, 200_000)
	tooLarge := []int{0, http.StatusTooManyRequests, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestEntityTooLarge}
	heavy := []int{0, http.StatusBadRequest, http.StatusRequestHeaderFieldsTooLarge, http.StatusRequestURITooLong, http.StatusUnauthorized}
	cookies := strings.Repeat("warmdesk_agent1=x; ", 3000)
	rows := []attack{
		{name: "a large request", as: "ana", method: "POST", path: "/api/calls/{id}/note", body: `{"text":"` + big + `"}`, want: []int{0, 413}},
		{name: "a large request in chunks", as: "ana", method: "POST", path: "/api/calls/{id}/note", headers: []string{"Transfer-Encoding", "chunked"}, body: fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(big), big), want: []int{0, 413, 400}},
		{name: "a large sign-in", method: "POST", path: "/api/session", headers: form(), body: "agent=agent1&password=" + big, want: tooLarge},
		{name: "a large webhook", method: "POST", path: "/conference/connect/client", headers: form(twilio.SignatureHeader, "AAAA"), body: "CallSid=" + big, want: tooLarge},
		{name: "a large form in parts", method: "POST", path: "/api/session", headers: []string{"Content-Type", "multipart/form-data; boundary=b"}, body: "--b\r\nContent-Disposition: form-data; name=agent\r\n\r\n" + big + "\r\n--b--\r\n", want: tooLarge},
		{name: "a deep request", as: "ana", method: "POST", path: "/api/calls/{id}/consult", body: deep, want: []int{0, 400, 413}},
		{name: "deep within the limit", as: "ana", method: "POST", path: "/api/calls/{id}/consult", body: deep[:16000], want: []int{400}},
		{name: "numbers without end", as: "ana", method: "POST", path: "/api/agents/agent1/presence", body: `{"presence":1e999999999}`, want: []int{400}},
		{name: "a compressed request", as: "ana", method: "POST", path: "/api/calls/{id}/note", headers: []string{"Content-Encoding", "gzip"}, body: "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", want: []int{400, 415}},
		{name: "a long header", method: "GET", path: "/", headers: []string{"X-Long", big}, want: heavy},
		{name: "many headers", method: "GET", path: "/", headers: slices.Repeat([]string{"X-A", "b"}, 20_000), want: heavy},
		{name: "many cookies", method: "GET", path: "/api/agents/agent1/snapshot", headers: []string{"Cookie", cookies}, want: heavy},
		{name: "a long address", method: "GET", path: "/?" + big, want: heavy},
		{name: "a long export cursor", as: "ana", method: "GET", path: "/api/calls.json?cursor=" + strings.Repeat("c", 5000), want: []int{400}},
		{name: "an export of everything", as: "ana", method: "GET", path: "/api/calls.json?limit=999999999", want: []int{400}},
		{name: "an export of all time", as: "ana", method: "GET", path: "/api/calls.csv?from=0000-01-01T00:00:00Z", want: []int{400}},
		{name: "a note that is too long", as: "ana", method: "POST", path: "/api/calls/{id}/note", body: `{"text":"` + strings.Repeat("n", 15_000) + `"}`, want: []int{400, 413}},
		{name: "a reason that is too long", as: "ana", method: "POST", path: "/api/agents/agent1/presence", body: `{"presence":"away","reason":"` + strings.Repeat("r", 5000) + `"}`, want: []int{400}},
		{name: "a wish that is too long", method: "POST", path: "/api/caller/request", body: `{"name":"Eve","number":"+15550666","topic":"` + strings.Repeat("t", 5000) + `"}`, want: []int{400}},
		{name: "a number that is markup", method: "POST", path: "/api/caller/request", body: `{"name":"Eve","number":"<Dial>+15550666</Dial>"}`, want: []int{400}},
		{name: "a name that is too long", method: "POST", path: "/api/caller/token", body: `{"name":"` + strings.Repeat("n", 5000) + `"}`, want: []int{400, 404}},
	}
	if v.double == nil {
		user := "Basic " + base64.StdEncoding.EncodeToString([]byte(v.own.AccountSID+":"+v.own.AuthToken))
		rows = append(rows, attack{name: "a large form to the API", method: "POST", path: "/2010-04-01/Accounts/" + v.own.AccountSID + "/Calls.json", headers: form("Authorization", user), body: "To=" + big, want: []int{0, 413}})
	}
	return rows
}
