package console_test

import (
	"strings"
	"testing"
)

// The page of a customer elsewhere comes with each call, and nothing that a caller
// says gets out of its place in the address.
func TestScreenPop(t *testing.T) {
	w := newWorld(t, nil)
	id := w.talk("CA1")
	if s := w.snapshot("agent1"); s.ScreenPop != nil || s.Calls[0].Customer.Link != "" {
		t.Errorf("without an address: %+v %q", s.ScreenPop, s.Calls[0].Customer.Link)
	}
	if status, got := w.settings("PATCH", "/api/settings/screenPop", `{"version":0,"set":{"url":"javascript:alert({from})"}}`); status != 422 && status != 400 {
		t.Errorf("an address that is no page: %d %+v", status, got)
	}
	status, got := w.settings("PATCH", "/api/settings/screenPop", `{"version":0,"set":{"url":"https://crm.example.com/x?call={id}&topic={topic}","label":"Open in Acme","on":"never"}}`)
	if status != 200 {
		t.Fatalf("%d %+v", status, got)
	}
	w.send("POST", "/api/calls/"+string(id)+"/topic", `{"text":"a&b=c"}`, "Warmdesk-Agent", "agent1")
	s := w.snapshot("agent1")
	if s.ScreenPop == nil || s.ScreenPop.Label != "Open in Acme" || !strings.HasSuffix(s.Calls[0].Customer.Link, "call="+string(id)+"&topic=a%26b%3Dc") {
		t.Errorf("%+v %q", s.ScreenPop, s.Calls[0].Customer.Link)
	}
}
