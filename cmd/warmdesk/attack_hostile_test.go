package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"

	"warmdesk/switchboard/switchboardtest"
	"warmdesk/twilio"
)

// browserToken is one of the built-in switchboard's, with claims changed.
func (v *victim) browserToken(secret string, method jwt.SigningMethod, change func(claims, grants jwt.MapClaims)) string {
	v.Helper()
	now := time.Now().Unix()
	grants := jwt.MapClaims{"identity": "mallory", "voice": map[string]any{"incoming": map[string]any{"allow": true}}}
	claims := jwt.MapClaims{"jti": "x", "iss": v.own.APIKeySID, "sub": v.own.AccountSID, "nbf": now - 1, "exp": now + 600, "grants": grants}
	change(claims, grants)
	token := jwt.NewWithClaims(method, claims)
	token.Header["cty"] = "twilio-fpa;v=1"
	var key any = []byte(secret)
	if method == jwt.SigningMethodNone {
		key = jwt.UnsafeAllowNoneSignatureType
	}
	text, err := token.SignedString(key)
	if err != nil {
		v.Fatal(err)
	}
	return text
}

// TestAttackTokens presents tokens to /signal that are not the switchboard's, or
// that do not allow what is asked for.
func TestAttackTokens(t *testing.T) {
	t.Parallel()
	v := builtInVictim(t)
	before := v.state()
	nothing := func(_, _ jwt.MapClaims) {}
	claim := func(name string, value any) func(claims, _ jwt.MapClaims) {
		return func(claims, _ jwt.MapClaims) { claims[name] = value }
	}
	hour := time.Now().Add(time.Hour).Unix()
	good := v.browserToken(v.own.APIKeySecret, jwt.SigningMethodHS256, nothing)
	parts := strings.Split(good, ".")
	other, _ := json.Marshal(map[string]any{"iss": v.own.APIKeySID, "sub": v.own.AccountSID, "exp": hour, "grants": map[string]any{"identity": "agent1", "voice": map[string]any{"incoming": map[string]any{"allow": true}}}})
	for name, token := range map[string]string{
		"none":                    "",
		"what is no token":        "a.b.c",
		"unsigned":                v.browserToken("", jwt.SigningMethodNone, nothing),
		"another secret":          v.browserToken("another", jwt.SigningMethodHS256, nothing),
		"the account's token":     v.browserToken(v.own.AuthToken, jwt.SigningMethodHS256, nothing),
		"another algorithm":       v.browserToken(v.own.APIKeySecret, jwt.SigningMethodHS512, nothing),
		"another account":         v.browserToken(v.own.APIKeySecret, jwt.SigningMethodHS256, claim("sub", "AC"+strings.Repeat("0", 32))),
		"an unknown key":          v.browserToken(v.own.APIKeySecret, jwt.SigningMethodHS256, claim("iss", "SK"+strings.Repeat("0", 32))),
		"expired":                 v.browserToken(v.own.APIKeySecret, jwt.SigningMethodHS256, claim("exp", hour-7200)),
		"without end":             v.browserToken(v.own.APIKeySecret, jwt.SigningMethodHS256, func(claims, _ jwt.MapClaims) { delete(claims, "exp") }),
		"not yet":                 v.browserToken(v.own.APIKeySecret, jwt.SigningMethodHS256, claim("nbf", hour)),
		"nobody's":                v.browserToken(v.own.APIKeySecret, jwt.SigningMethodHS256, func(_, grants jwt.MapClaims) { delete(grants, "identity") }),
		"changed behind its name": parts[0] + "." + base64.RawURLEncoding.EncodeToString(other) + "." + parts[2],
		"very long":               good + strings.Repeat("A", 100_000),
	} {
		phone, err := switchboardtest.Dial(t.Context(), switchboardtest.Config{URL: v.url, Token: token, Origin: v.url})
		if refused, ok := errors.AsType[*switchboardtest.Error](err); !ok && !errors.Is(err, switchboardtest.ErrGone) || ok && refused.Code/100 != 312 {
			t.Errorf("%s: %v, want a refusal of the token", name, err)
		}
		if err == nil {
			phone.Close()
		}
	}
	// A customer's token cannot be called, and an agent's cannot call.
	customer := v.phone(t.Context(), v.token("/api/caller/token", ""), 0)
	short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond) // a refusal is told, and no more comes
	defer cancel()
	if err := customer.Register(short); err == nil {
		t.Error("a customer's page can be called")
	}
	agent := v.phone(t.Context(), good, 0)
	for _, params := range []url.Values{{"To": {"agent1"}}, {"To": {"client:agent1"}}, {"To": {"+19005550100"}}, {"Conference": {v.call}}, {"ApplicationSid": {v.own.ApplicationSID}}} {
		call, err := agent.Call(t.Context(), params)
		if err == nil {
			call.Hangup()
			t.Errorf("a token that may not call has called %v", params)
		}
	}
	// The desk's own tokens for agents call nobody but themselves, whatever they ask for.
	ben := v.phone(t.Context(), v.token("/agent2/token", v.cookies["ben"]), anaTone)
	before = v.state()
	for _, params := range []url.Values{{"To": {switchboardNumber}}, {"To": {"client:agent1"}}, {"ApplicationSid": {v.own.ApplicationSID}}} {
		call, err := ben.Call(t.Context(), params)
		if err != nil {
			t.Fatal(err)
		}
		if err := call.WaitTones(t.Context(), []float64{anaTone}, []float64{anaTone, danaTone}); err != nil {
			t.Errorf("%v does not hear itself: %v", params, err)
		}
		call.Hangup()
	}
	if err := v.unharmed(before); err != nil {
		t.Fatal(err)
	}
}

// hostile is an application that means harm. What it serves by path is asked for
// by calls that the account's owner makes.
type hostile struct {
	leaked atomic.Int64
	server *httptest.Server
}

func newHostile(t *testing.T) *hostile {
	h := &hostile{}
	h.server = httptest.NewServer(http.HandlerFunc(h.serve))
	t.Cleanup(func() { h.server.CloseClientConnections(); h.server.Close() })
	return h
}

func (h *hostile) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/xml")
	write := func(text string) { _, _ = io.WriteString(w, text) } // whoever stops reading is right
	switch r.URL.Path {
	case "/laughs":
		entities := `<!ENTITY a0 "lol">`
		for i := 1; i < 20; i++ {
			entities += fmt.Sprintf(`<!ENTITY a%d "%s">`, i, strings.Repeat(fmt.Sprintf("&a%d;", i-1), 10))
		}
		write(`<?xml version="1.0"?><!DOCTYPE Response [` + entities + `]><Response><Say>&a19;</Say></Response>`)
	case "/file":
		write(`<!DOCTYPE Response [<!ENTITY x SYSTEM "file:///etc/passwd">]><Response><Say>&x;</Say></Response>`)
	case "/entity":
		write(`<!DOCTYPE Response [<!ENTITY x SYSTEM "` + h.server.URL + `/leak"> %x;]><Response><Say>&x;</Say></Response>`)
	case "/dtd":
		write(`<!DOCTYPE Response SYSTEM "` + h.server.URL + `/leak"><Response><Hangup/></Response>`)
	case "/leak":
		h.leaked.Add(1)
		write("secret")
	case "/deep":
		write("<Response>" + strings.Repeat("<Gather>", 7000))
	case "/attributes":
		write("<Response><Say")
		for i := range 5000 {
			write(fmt.Sprintf(" a%d='x'", i))
		}
		write(">x</Say></Response>")
	case "/endless":
		write("<Response>")
		for r.Context().Err() == nil {
			write(strings.Repeat("<Pause/>", 1000))
		}
	case "/packed":
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		for range 200 { // 200 MB
			if _, err := packed.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
		_ = packed.Close()
	case "/ring":
		write(`<Response><Redirect/></Response>`)
	case "/moved":
		http.Redirect(w, r, "/moved", http.StatusFound)
	case "/away":
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	case "/words":
		write(`<Response><Say>` + strings.Repeat("many words ", 5000) + `</Say></Response>`)
	case "/text":
		w.Header().Set("Content-Type", "text/plain")
		write(strings.Repeat("many words ", 500_000))
	case "/sound":
		write(`<Response><Play>/noise</Play></Response>`)
	case "/noise":
		w.Header().Set("Content-Type", "audio/wav")
		write("RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00\x01\x00\xff\xff\x01\x00\x00\x00\xff\xff\xff\xff\xff\xff\x10\x00data\xff\xff\xff\xff")
		for range 64 {
			write(strings.Repeat("\x00", 1<<20))
		}
	case "/rooms":
		write(`<Response><Dial><Conference waitUrl="/rooms">` + strings.Repeat("r", 60_000) + `</Conference></Dial></Response>`)
	case "/none":
	}
}

// TestAttackDocuments has the switchboard run documents of an application that
// means harm, or fetch from where nothing is to be had: those calls end, nothing
// else does.
func TestAttackDocuments(t *testing.T) {
	t.Parallel()
	v := builtInVictim(t)
	h := newHostile(t)
	phone := v.phone(t.Context(), v.browserToken(v.own.APIKeySecret, jwt.SigningMethodHS256, func(_, _ jwt.MapClaims) {}), 0)
	if err := phone.Register(t.Context()); err != nil {
		t.Fatal(err)
	}
	client, err := twilio.NewClient(twilio.Config{AccountSID: v.own.AccountSID, Password: v.own.AuthToken, BaseURL: v.url})
	if err != nil {
		t.Fatal(err)
	}
	before := v.state()
	calls, rings := map[string]string{}, []*switchboardtest.Call{} // all at once
	for _, target := range []string{
		"/laughs", "/file", "/entity", "/dtd", "/deep", "/attributes", "/endless", "/packed", "/ring", "/moved", "/away", "/words", "/text", "/sound", "/rooms", "/none",
		"http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/", "http://[::ffff:169.254.169.254]/",
	} {
		address := target
		if strings.HasPrefix(target, "/") {
			address = h.server.URL + target
		}
		made, err := client.CreateCall(t.Context(), twilio.NewCall{To: "client:mallory", From: switchboardNumber, URL: address, Timeout: 20 * time.Second})
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		calls[target] = made.SID
		ring, err := phone.Incoming(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		_ = ring.Accept(t.Context()) // the document may have ended it by now
		rings = append(rings, ring)
	}
	if err := v.unharmed(before); err != nil {
		t.Fatal(err)
	}
	enough := time.After(time.Second)
	for _, ring := range rings {
		select {
		case <-ring.Ended():
		case <-enough: // it waits or speaks: its own affair
			ring.Hangup()
			enough = time.After(0)
		}
	}
	for target, sid := range calls {
		for end := time.Now().Add(10 * time.Second); ; {
			call, err := client.FetchCall(t.Context(), sid)
			if err != nil {
				t.Fatalf("%s: %v", target, err)
			}
			if twilio.CallEnded(call.Status) {
				break
			}
			if time.Now().After(end) {
				t.Errorf("%s: the call is still %s", target, call.Status)
				break
			}
			time.Sleep(10 * time.Millisecond) // polling, with the deadline above
		}
	}
	if err := v.unharmed(before); err != nil {
		t.Fatal(err)
	}
	if n := h.leaked.Load(); n > 0 {
		t.Errorf("a document had the switchboard fetch %d other ones", n)
	}
}

// What machines in a cloud are told about themselves is out of reach.
func TestWebhooksToTheLink(t *testing.T) {
	transport := webhookTransport()
	for _, address := range []string{"http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/", "http://[fe80::1%25lo]/"} {
		r, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := transport.RoundTrip(r); err == nil || !strings.Contains(err.Error(), "link-local") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestAttackSlowly opens connections and gives them as little as possible: others
// are answered all the same, and the slow ones are closed in time.
func TestAttackSlowly(t *testing.T) {
	t.Parallel()
	v := builtInVictim(t)
	before := v.state()
	type slow struct {
		name string
		conn net.Conn
	}
	var waiting []slow
	open := func(name, begin string) {
		conn, err := net.Dial("tcp", v.addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		if _, err := io.WriteString(conn, v.fill(begin)); err != nil {
			t.Fatal(err)
		}
		waiting = append(waiting, slow{name, conn})
	}
	upgrade := "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://{host}\r\n\r\n"
	for range 20 {
		open("nothing", "")
		open("half a header", "GET / HTTP/1.1\r\nHost: {host}\r\nX-Slow: ")
		open("socket without a token", "GET /signal HTTP/1.1\r\nHost: {host}\r\n"+upgrade)
		open("page without hello", "GET /api/caller/stream HTTP/1.1\r\nHost: {host}\r\n"+upgrade)
	}
	for range 20 {
		begun := time.Now()
		if a := v.strike(attack{method: "GET", path: "/healthz"}); a.status != http.StatusOK || time.Since(begun) > 2*time.Second {
			t.Fatalf("beside slow ones: %d after %v", a.status, time.Since(begun))
		}
	}
	v.tooMuchOnASocket()
	end := time.Now().Add(15 * time.Second)
	for _, s := range waiting {
		if err := s.conn.SetReadDeadline(end); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, bufio.NewReader(s.conn)); err != nil && errors.Is(err, context.DeadlineExceeded) || time.Now().After(end) {
			t.Errorf("%s is still open", s.name)
		}
	}
	if err := v.unharmed(before); err != nil {
		t.Fatal(err)
	}
}

// tooMuchOnASocket says more on sockets than they take.
func (v *victim) tooMuchOnASocket() {
	v.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for path, message := range map[string]string{
		"/api/caller/stream":        `{"type":"hello","token":"` + strings.Repeat("x", 1<<20) + `"}`,
		"/api/agents/agent2/stream": `{"type":"hello","page":"` + strings.Repeat("x", 1<<20) + `"}`,
		"/signal":                   `{"type":"listen","payload":{"token":"` + strings.Repeat("x", 1<<20) + `"}}`,
	} {
		ws, _, err := websocket.Dial(ctx, "ws://"+v.addr+path, &websocket.DialOptions{HTTPHeader: http.Header{"Cookie": {v.cookies["ben"]}, "Origin": {"http://" + v.addr}}})
		if err != nil {
			v.Errorf("%s: %v", path, err)
			continue
		}
		_ = ws.Write(ctx, websocket.MessageText, []byte(message)) // it may be cut while it is sent
		for err == nil {
			_, _, err = ws.Read(ctx)
		}
		if ctx.Err() != nil {
			v.Errorf("%s takes a message of 1 MB", path)
		}
		ws.CloseNow()
	}
}
