package phone

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"warmdesk/call"
	"warmdesk/twilio"
)

func TestRefusalsInWords(t *testing.T) {
	for _, test := range []struct {
		err  error
		want call.Refusal
	}{
		{nil, call.Refusal{}},
		{&twilio.Error{Status: 400, Code: 21211, Message: "The 'To' number +1555 is not a valid phone number."}, call.Refusal{Code: 21211, Said: "number not valid", Do: "Check the number."}},
		{fmt.Errorf("dial: %w", &twilio.Error{Status: 401, Code: 20003}), call.Refusal{Code: 20003, Said: "wrong auth token", Do: "An admin must set TWILIO_AUTH_TOKEN to the account's token."}},
		{&twilio.Error{Status: 400, Code: 21999, Message: "The  moon is\nfull. Try tomorrow."}, call.Refusal{Code: 21999, Said: "The moon is full"}},
		{&twilio.Error{Status: 400, Code: 21999}, call.Refusal{Code: 21999, Said: "it did not say why"}},
		{&twilio.Error{Status: 400, Code: 21999, Message: strings.Repeat("ä", 200)}, call.Refusal{Code: 21999, Said: strings.Repeat("ä", 120) + "..."}},
		{&twilio.Error{Status: 502, Message: "Bad Gateway: <html>"}, call.Refusal{Said: "it has trouble of its own (HTTP 502)", Do: doWait}},
		{&twilio.Error{Status: 429}, call.Refusal{Said: "too many requests at once", Do: doWait}},
		{&twilio.Error{Status: 418}, call.Refusal{Said: "it answered HTTP 418", Do: doReport}},
		{fmt.Errorf("twilio: %w", context.DeadlineExceeded), call.Refusal{Said: "it did not answer in time", Do: doWait}},
		{&net.OpError{Op: "dial", Err: errors.New("refused")}, call.Refusal{Said: "it cannot be reached", Do: doWait}},
		{&net.DNSError{}, call.Refusal{Said: "it cannot be reached", Do: doWait}},
		{errNoLeg, call.Refusal{Said: "there is no such line any more"}},
		{errors.New("unexpected EOF"), call.Refusal{Said: "the connection to it broke", Do: doWait}},
	} {
		if got := refused(test.err); got != test.want {
			t.Errorf("%v: %+v, want %+v", test.err, got, test.want)
		}
	}
}

// The words stand within sentences of ours, and say what can be done as a
// sentence of their own.
func TestRefusalsFitTheirSentences(t *testing.T) {
	for code, s := range refusals() {
		if s.what == "" || strings.HasSuffix(s.what, ".") || strings.ToLower(s.what[:1]) != s.what[:1] {
			t.Errorf("%d: %q", code, s.what)
		}
		if s.do != "" && !strings.HasSuffix(s.do, ".") {
			t.Errorf("%d: %q", code, s.do)
		}
	}
}
