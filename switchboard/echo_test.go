package switchboard_test

import (
	"net/url"
	"testing"
	"time"

	"warmdesk/twilio"
)

// A browser hears itself a second later, with real audio, and its call is nobody's.
func TestEcho(t *testing.T) {
	w := newWorld(t)
	ana := w.phoneOf("agent1", anaTone, echoApp)
	call, err := ana.Call(w.ctx, url.Values{"To": {line}})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	w.hears(call, anaTone)
	if late := time.Since(began); late < 900*time.Millisecond || late > 2*time.Second {
		t.Errorf("heard after %v", late)
	}
	call.Mute(true)
	muted := time.Now()
	w.hears(call)
	if late := time.Since(muted); late < 900*time.Millisecond || late > 2*time.Second {
		t.Errorf("still heard after %v", late)
	}
	calls, err := w.client.ListCalls(w.ctx, twilio.CallFilter{To: line})
	if err != nil || len(calls) != 0 {
		t.Errorf("calls to the line: %+v, %v", calls, err)
	}
	call.Hangup()
	if seen := w.app.seen(); len(seen) != 0 {
		t.Errorf("the application was asked: %v", seen)
	}
}
