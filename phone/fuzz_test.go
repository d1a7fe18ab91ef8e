package phone_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"warmdesk/twilio"
	"warmdesk/twiml"
)

// FuzzWebhooks asks every webhook anything: a body that is signed gets a document
// that can be run, or a refusal; one that is not signed gets nothing.
func FuzzWebhooks(f *testing.F) {
	paths := []string{
		"/conference/connect/client", "/conference/wait", "/conference/status", "/conference/CA1/connect/ana", "/conference/CA1/connect/ana/",
		"/conference/CA1/legs/call-CA1-2", "/conference/CA1/out", "/conference/CA1/choice", "/conference/CA1/message",
		"/conference/CA1/recording", "/conference/CA1/events",
	}
	for i := range paths {
		f.Add(uint8(i), "leg=call-CA1-1&question=1", "CallSid=CA1&From=%2B1555&CallStatus=in-progress&Digits=1")
		f.Add(uint8(i), "", "CallSid=CA2&From=client:%3Cx%3E&CallerName=%5D%5D%3E%26%00%0D%0A&Name=%22%27&CallStatus=completed")
		f.Add(uint8(i), "return=%ff&name=%3CSay%3E&team=x", "CallSid=CA9&ConferenceSid=CF1&SequenceNumber=-9&StatusCallbackEvent=participant-leave")
	}
	f.Add(uint8(9), "question=1", "CallSid=CA1&RecordingSid=RE1&RecordingStatus=completed&RecordingDuration=-1&RecordingUrl=http://169.254.169.254/")
	f.Add(uint8(0), "%zz", "CallSid=%zz;a=b")
	f.Fuzz(func(t *testing.T, route uint8, query, body string) {
		if strings.ContainsFunc(query, func(r rune) bool { return r <= ' ' || r > '~' || r == '#' }) {
			return // not what a request line can hold
		}
		path := paths[int(route)%len(paths)]
		if query != "" {
			path += "?" + query
		}
		s := newSite()
		s.ring(t)
		known := len(s.calls)
		if w := s.send(path, body, "c2lnbmVkIGJ5IG5vYm9keQ=="); w.Code < 400 || w.Code > 499 || len(s.facts) > 0 || len(s.calls) != known {
			t.Fatalf("forged: %d %s", w.Code, w.Body)
		}
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		w := s.send(path, body, twilio.Sign(token, public+path, form))
		if w.Code >= 500 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if w.Code != http.StatusOK {
			return
		}
		if _, err := twiml.Parse(w.Body.Bytes()); err != nil {
			t.Fatalf("%s\ncannot be run: %v", w.Body, err)
		}
	})
}
