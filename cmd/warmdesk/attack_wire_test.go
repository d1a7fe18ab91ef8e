package main

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
)

// smuggled are requests that two readers may read differently. Whatever is behind
// the first request must not be taken for one of Ana's.
func (v *victim) smuggled() []attack {
	cookie := "Cookie: " + v.cookies["ana"] + "\r\n"
	inner := "POST /api/calls/{id}/end HTTP/1.1\r\nHost: {host}\r\n" + cookie + "Content-Length: 2\r\n\r\n{}"
	post := "POST /api/session HTTP/1.1\r\nHost: {host}\r\n"
	refused := []int{0, http.StatusTooManyRequests, http.StatusBadRequest, http.StatusUnauthorized, http.StatusNotImplemented, http.StatusForbidden, http.StatusExpectationFailed, http.StatusHTTPVersionNotSupported, http.StatusMisdirectedRequest}
	var rows []attack
	for name, raw := range map[string]string{
		"two lengths":                 post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
		"a list of lengths":           post + "Content-Length: 5, 6\r\n\r\nabcdef",
		"a negative length":           post + "Content-Length: -1\r\n\r\n",
		"a length with a plus":        post + "Content-Length: +5\r\n\r\nabcde",
		"a length beyond all numbers": post + "Content-Length: 99999999999999999999\r\n\r\n",
		"length and chunks":           post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
		"an unknown encoding":         post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"an encoding with a space":    post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
		"two encodings":               post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
		"a folded header":             post + "Content-Length:\r\n 5\r\nConnection: close\r\n\r\nabcde",
		"a chunk without a size":      post + "Transfer-Encoding: chunked\r\n\r\n;\r\n\r\n0\r\n\r\n",
		"a chunk beyond all numbers":  post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
		"a negative chunk":            post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
		"two hosts":                   "GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n",
		"no host":                     "GET / HTTP/1.1\r\n\r\n",
		"an empty host":               "GET /api/calls.json HTTP/1.1\r\nHost:\r\n" + cookie + "\r\n",
		"another version":             "GET / HTTP/9.9\r\nHost: {host}\r\n\r\n",
		"a header without a name":     "GET / HTTP/1.1\r\nHost: {host}\r\n: x\r\n\r\n",
		"a header with a NUL":         "GET / HTTP/1.1\r\nHost: {host}\r\nX: \x00\r\n\r\n",
		"what is no HTTP":             "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x00", 200),
		"nothing at all":              "\r\n\r\n\r\n",
		"an upgrade to HTTP/2":        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"an unknown expectation":      post + "Expect: a-miracle\r\nContent-Length: 1\r\n\r\nx",
	} {
		rows = append(rows, attack{name: "wire: " + name, raw: raw, want: refused})
	}
	// A second request in the body of the first one is a body.
	return append(rows,
		attack{name: "wire: a request in a body", raw: post + "Connection: close\r\nContent-Type: text/plain\r\nContent-Length: " + strconv.Itoa(len(v.fill(inner))) + "\r\n\r\n" + inner, want: refused},
		attack{name: "wire: a request behind chunks and a length", want: refused,
			raw: post + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n" + inner},
	)
}

// methods are those that a route does not have.
func (v *victim) methods() (rows []attack) {
	for _, method := range []string{"TRACE", "CONNECT", "OPTIONS", "PUT", "PATCH", "DELETE", "post", "GET", "HEAD", "PROPFIND"} {
		for _, path := range []string{"/api/calls/{id}/end", "/agent1/token", "/conference/connect/client", "/api/caller/end"} {
			rows = append(rows, attack{name: method + " " + path, as: "ana", method: method, path: path, never: "ECHO",
				headers: []string{"X-Echo", "ECHO", "Origin", "http://{host}"}, want: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusForbidden}})
		}
	}
	return append(rows,
		attack{name: "a method in a header", as: "ana", method: "GET", path: "/api/calls/{id}/end", headers: []string{"X-HTTP-Method-Override", "POST", "X-Method-Override", "POST"}, want: []int{404, 405}},
		attack{name: "a method in the address", as: "ana", method: "GET", path: "/api/calls/{id}/end?_method=POST", want: []int{404, 405}},
		attack{name: "a path in a header", as: "ana", method: "POST", path: "/api/config", headers: []string{"X-Original-URL", "/api/calls/{id}/end", "X-Rewrite-URL", "/api/calls/{id}/end"}, body: "{}", want: []int{404, 405}},
		attack{name: "a tunnel", raw: "CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254:80\r\nConnection: close\r\n\r\n", want: []int{400, 403, 404, 405, 421}},
		attack{name: "a proxy's request", raw: "GET http://169.254.169.254/latest/meta-data/ HTTP/1.1\r\nHost: 169.254.169.254\r\nConnection: close\r\n\r\n", want: []int{403, 404, 421}},
	)
}

// accounts are attempts on the built-in switchboard's API; on Twilio it is not
// there.
func (v *victim) accounts() (rows []attack) {
	if v.double != nil {
		return []attack{
			{name: "an API that is not there", method: "GET", path: "/2010-04-01/Accounts/" + testAccount + "/Calls.json", headers: []string{"Authorization", basic(testAccount, testToken)}, want: []int{404}},
			{name: "signalling that is not there", method: "GET", path: "/signal", want: []int{404}},
		}
	}
	calls := "/2010-04-01/Accounts/" + v.own.AccountSID + "/Calls"
	other := "AC" + strings.Repeat("0", 32)
	refused := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests, http.StatusNotFound}
	for name, authorization := range map[string]string{
		"nobody":                       "",
		"a wrong token":                basic(v.own.AccountSID, "wrong"),
		"an empty token":               basic(v.own.AccountSID, ""),
		"another account":              basic(other, v.own.AuthToken),
		"a key with the account's":     basic(v.own.APIKeySID, v.own.AuthToken),
		"the account with a key's":     basic(v.own.AccountSID, v.own.APIKeySecret),
		"an unknown key":               basic("SK"+strings.Repeat("0", 32), v.own.APIKeySecret),
		"no key at all":                basic("", ""),
		"not base64":                   "Basic %%%",
		"a bearer":                     "Bearer " + v.cookies["ana"],
		"a name with a colon in front": basic(":"+v.own.AccountSID, v.own.AuthToken),
	} {
		for _, row := range []attack{
			{method: "GET", path: calls + ".json"},
			{method: "POST", path: calls + "/{call}.json", body: "Status=completed"},
			{method: "POST", path: "/2010-04-01/Accounts/" + v.own.AccountSID + "/Keys.json", body: "FriendlyName=mine"},
		} {
			row.name = "API, " + name + " " + row.method + " " + row.path
			row.headers, row.want = form("Authorization", authorization), refused
			rows = append(rows, row)
		}
	}
	own := basic(v.own.AccountSID, v.own.AuthToken)
	return append(rows,
		attack{name: "API, a signed-in agent", as: "ana", method: "POST", path: calls + "/{call}.json", headers: form(), body: "Status=completed", want: refused},
		attack{name: "API, a password in the address", method: "GET", path: calls + ".json?AuthToken=x", want: refused},
		attack{name: "API, another account's path", method: "GET", path: "/2010-04-01/Accounts/" + other + "/Calls.json", headers: []string{"Authorization", own}, want: refused},
		attack{name: "API, the account in small letters", method: "GET", path: "/2010-04-01/Accounts/" + strings.ToLower(v.own.AccountSID) + "/Calls.json", headers: []string{"Authorization", own}, want: refused},
		attack{name: "API, a recording's file", method: "GET", path: "/2010-04-01/Accounts/" + v.own.AccountSID + "/Recordings/..%2f..%2fdesk.db.credentials", headers: []string{"Authorization", own}, want: []int{400, 404}},
		attack{name: "API, a document with a file in it", method: "POST", path: calls + "/{call}.json", headers: form("Authorization", own), body: "Url=file:///etc/passwd", want: []int{400}},
		attack{name: "API, a document by another protocol", method: "POST", path: calls + "/{call}.json", headers: form("Authorization", own), body: "Url=gopher://127.0.0.1:25/", want: []int{400}},
		attack{name: "API, a document with a password in its address", method: "GET", path: calls + "/CA%00.json", headers: []string{"Authorization", own}, want: []int{400, 404}},
	)
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// injections put into names and words what means something elsewhere. They are
// refused, or asked by somebody whose request changes nothing.
func (v *victim) injections() []attack {
	line := "x\\r\\nSet-Cookie: a=b\\r\\n\\r\\n<script>alert(1)</script>"
	return []attack{
		{name: "a header in a name", method: "POST", path: "/api/session", headers: form(), body: "agent=agent1%0d%0aSet-Cookie:%20a=b&password=x", want: []int{401, 429}, never: "Set-Cookie: a=b"},
		{name: "a page in a name", method: "POST", path: "/api/session", headers: form(), body: "agent=%3Cscript%3E&password=x", want: []int{401, 429}, never: "<script>"},
		{name: "a header in a target", as: "ben", method: "POST", path: "/api/calls/{id}/consult", body: `{"to":"` + line + `"}`, want: []int{400, 403, 404, 409}, never: "\r\nSet-Cookie: a=b"},
		{name: "TwiML in a target", as: "ana", method: "POST", path: "/api/calls/{id}/consult", body: `{"to":"</Client><Number>+19005550100</Number>"}`, want: []int{400, 403, 404, 409, 501}},
		{name: "parameters in a target", as: "ana", method: "POST", path: "/api/calls/{id}/consult", body: `{"to":"agent2?key=x&leg=y"}`, want: []int{400, 403, 404, 409, 501}},
		{name: "a carrier's address as a target", as: "ana", method: "POST", path: "/api/calls/{id}/consult", body: `{"to":"sip:x@evil.example;transport=tcp"}`, want: []int{400, 403, 404, 409, 501}},
		{name: "an expensive number as a target", as: "ana", method: "POST", path: "/api/calls/{id}/invite", body: `{"to":"+19005550100"}`, want: []int{400, 403, 404, 409, 501}},
		{name: "the desk's own number as a target", as: "ana", method: "POST", path: "/api/calls/{id}/send", body: `{"to":"+15550100"}`, want: []int{400, 403, 404, 409, 501}},
		{name: "an expensive number by the tutorial's button", as: "ana", method: "POST", path: "/conference/agent1/call", headers: form(), body: "to=%2B19005550100", want: []int{400, 403, 404, 409, 501}},
		{name: "a page in an address", method: "GET", path: "/<script>alert(1)</script>", want: []int{404, 400}, never: "<script>alert"},
		{name: "a page in a query", method: "GET", path: "/api/calls.json?from=<script>alert(1)</script>", as: "ana", want: []int{400}, never: "<script>alert"},
		{name: "a version that is none", as: "ana", method: "POST", path: "/api/calls/{id}/end", headers: []string{"If-Match", `"999999"`}, body: "{}", want: []int{409}},
		{name: "a presence that is none", as: "ana", method: "POST", path: "/api/agents/agent1/presence", body: `{"presence":"<b>"}`, want: []int{400}, never: "<b>"},
		{name: "what is no JSON", as: "ana", method: "POST", path: "/api/agents/agent1/presence", body: `presence=offline`, want: []int{400}},
		{name: "a prototype", as: "ana", method: "POST", path: "/api/agents/agent1/presence", body: `{"__proto__":{"presence":"offline"}}`, want: []int{400}},
	}
}

// sockets are upgrades that another site's page, or nobody's, asks for.
func (v *victim) sockets() (rows []attack) {
	upgrade := []string{"Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}
	paths := []string{"/api/agents/agent1/stream", "/api/caller/stream"}
	if v.double == nil {
		paths = append(paths, "/signal")
	}
	for _, path := range paths {
		for name, headers := range map[string][]string{
			"another site": {"Origin", evil}, "nowhere": {"Origin", "null"}, "our name in another": {"Origin", "http://{host}.evil.example"},
			"another site, rebound": {"Origin", "http://evil.example", "Host", "evil.example"},
		} {
			rows = append(rows, attack{name: "socket of " + name + " " + path, as: "ana", want: []int{http.StatusForbidden, http.StatusMisdirectedRequest},
				raw: upgradeRequest(path, append(headers, upgrade...), v.cookies["ana"])})
		}
	}
	return append(rows,
		attack{name: "socket of nobody", want: []int{401}, raw: upgradeRequest(paths[0], append([]string{"Origin", "http://{host}"}, upgrade...), "")},
		attack{name: "socket of somebody else", want: []int{403}, raw: upgradeRequest(paths[0], append([]string{"Origin", "http://{host}"}, upgrade...), v.cookies["ben"])},
		attack{name: "socket without an upgrade", as: "ana", method: "GET", path: paths[0], want: []int{400, 426}},
		attack{name: "socket of another version", want: []int{400, 426}, raw: upgradeRequest(paths[1], []string{"Upgrade", "websocket", "Sec-WebSocket-Version", "7", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}, "")},
	)
}

func upgradeRequest(path string, headers []string, cookie string) string {
	request := "GET " + path + " HTTP/1.1\r\nConnection: Upgrade\r\n"
	host := "{host}"
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			host = headers[i+1]
			continue
		}
		request += headers[i] + ": " + headers[i+1] + "\r\n"
	}
	if cookie != "" {
		request += "Cookie: " + cookie + "\r\n"
	}
	return request + "Host: " + host + "\r\n\r\n"
}
