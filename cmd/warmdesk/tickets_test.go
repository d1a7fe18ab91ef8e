package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
)

// ofThePage is the configuration of a customer's page that calls on Twilio.
var ofThePage = []string{"TRUSTED_PROXIES=loopback", "TWILIO_TWIML_APP_SID=AP1", "TWILIO_API_KEY_SID=SK1", "TWILIO_API_KEY_SECRET=of-the-test"}

type ticket struct{ Identity, Return, State, Code, Message string }

// ticket asks for what a page at an address needs to call.
func (p *program) ticket(address, key string) (int, http.Header, ticket) {
	p.t.Helper()
	status, h, body := p.send(http.MethodPost, "/api/caller/token", `{"return":"`+key+`"}`, from(address)...)
	var answer ticket
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		p.t.Fatalf("%d %s", status, body)
	}
	return status, h, answer
}

// A ticket is good for one call, and for coming back into it.
func TestTicketServesForOneCall(t *testing.T) {
	t.Parallel()
	double, p := twilioWorld(t, ofThePage...)
	_, _, mine := p.ticket("203.0.113.7", "")
	const refused = "words: This page may call once only. Please load it again and call once more. Goodbye."
	stranger := double.Call("client:caller_0000000000000000")
	stranger.WaitFor(t, refused)
	stranger.WaitFor(t, "completed")
	key := url.Values{"ReturnKey": {mine.Return}}
	first := double.CallWith("client:"+mine.Identity, key)
	first.WaitFor(t, "music")
	again := double.Call("client:" + mine.Identity)
	again.WaitFor(t, refused)
	again.WaitFor(t, "completed")
	p.stop(syscall.SIGKILL) // a ticket that was used is not forgotten
	p.start()
	first.HangUp() // the line is lost, and the page comes back with its key
	first.WaitFor(t, "completed")
	status, _, back := p.ticket("203.0.113.7", mine.Return)
	if status != http.StatusOK || back.Identity != mine.Identity {
		t.Fatalf("coming back: %d %+v", status, back)
	}
	second := double.CallWith("client:"+mine.Identity, key)
	second.WaitFor(t, "music")
	if status, _, body := p.send(http.MethodPost, "/api/caller/end", `{"return":"`+mine.Return+`"}`, from("203.0.113.7")...); status != http.StatusNoContent {
		t.Fatalf("end: %d %s", status, body)
	}
	second.WaitFor(t, "completed")
	after := double.CallWith("client:"+mine.Identity, key)
	after.WaitFor(t, refused)
}

func TestCallsPerAddress(t *testing.T) {
	t.Parallel()
	_, p := twilioWorld(t, append(ofThePage, "CALLS_PER_ADDRESS=3", "CALLS_PER_ADDRESS_HOUR=3", "WEB_CALLS=5")...)
	for i := range 3 {
		if status, _, answer := p.ticket("203.0.113.7", ""); status != http.StatusOK {
			t.Fatalf("call %d: %d %+v", i+1, status, answer)
		}
	}
	status, h, answer := p.ticket("203.0.113.7", "")
	if status != http.StatusTooManyRequests || h.Get("Retry-After") == "" ||
		!strings.HasPrefix(answer.Message, "Too many calls from your connection. Nothing has changed. Try again in ") || !strings.HasSuffix(answer.Message, ", or dial "+testNumber+".") {
		t.Errorf("the fourth: %d %v %+v", status, h, answer)
	}
	for i := range 2 {
		if status, _, answer := p.ticket("2001:db8::1", ""); status != http.StatusOK {
			t.Errorf("call %d from elsewhere: %d %+v", i+1, status, answer)
		}
	}
	if status, _, answer := p.ticket("2001:db8:9::1", ""); status != http.StatusTooManyRequests || !strings.HasPrefix(answer.Message, "All our lines") {
		t.Errorf("more than WEB_CALLS: %d %+v", status, answer)
	}
}

// With the page closed nobody begins a call, and whoever is in one comes back into it.
func TestClosedPage(t *testing.T) {
	t.Parallel()
	double, p := twilioWorld(t, ofThePage...)
	_, _, mine := p.ticket("203.0.113.7", "")
	dana := double.CallWith("client:"+mine.Identity, url.Values{"ReturnKey": {mine.Return}})
	dana.WaitFor(t, "music")
	p.stop(syscall.SIGTERM)
	p.env = append(p.env, "CALL_PAGE=off")
	p.start()
	if status, _, answer := p.ticket("203.0.113.8", ""); status != http.StatusForbidden || answer.Code != "calls_closed" || !strings.HasSuffix(answer.Message, ", or dial "+testNumber+".") {
		t.Errorf("a new call: %d %+v", status, answer)
	}
	if status, _, answer := p.ticket("203.0.113.7", mine.Return); status != http.StatusOK || answer.Identity != mine.Identity {
		t.Errorf("the call in progress: %d %+v", status, answer)
	}
	if _, _, body := p.get("/api/config"); !strings.Contains(body, `"closed":true`) {
		t.Errorf("the page is told %s", body)
	}
}

func TestHalfALimit(t *testing.T) {
	o := edgeOptions{CallsAtOnce: 3, CallsPerHour: 10, WebCalls: 0}
	if _, err := o.edge(nil, nil); err == nil || !strings.Contains(err.Error(), "WEB_CALLS is 0") {
		t.Errorf("%v", err)
	}
}

// An address may ask to be called back five times in an hour, and does not keep others
// from it.
func TestRequestsPerAddress(t *testing.T) {
	t.Parallel()
	_, p := twilioWorld(t, ofThePage...)
	ask := func(address string, n, want int) {
		t.Helper()
		body := fmt.Sprintf(`{"name":"Eve","number":"+4930123%03d"}`, n)
		status, h, answer := p.send(http.MethodPost, "/api/caller/request", body, from(address)...)
		if status != want || (status == http.StatusTooManyRequests) != (h.Get("Retry-After") != "") {
			t.Errorf("request %d of %s: %d %s", n, address, status, answer)
		}
	}
	for n := range 5 {
		ask("203.0.113.7", n, http.StatusAccepted)
	}
	ask("203.0.113.7", 5, http.StatusTooManyRequests)
	ask("2001:db8::1", 6, http.StatusAccepted)
}
