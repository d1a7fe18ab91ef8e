package twilio

import (
	"net/url"
	"testing"
	"time"
)

// FuzzForged: no signature is taken but the one.
func FuzzForged(f *testing.F) {
	f.Add("https://a.test/x", "CallSid=CA1", "")
	f.Add("https://a.test:443/x?y=1", "a=1&a=2", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=")
	f.Add("", "", "AAAA")
	f.Fuzz(func(t *testing.T, address, body, signature string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		if Verify("a token that nobody can guess", signature, address, form) {
			t.Errorf("accepted %q for %q %q", signature, address, body)
		}
	})
}

// FuzzParseClientCapability: no text is a token of the account's.
func FuzzParseClientCapability(f *testing.F) {
	f.Add("a.b.c")
	f.Add("eyJhbGciOiJub25lIn0.eyJpc3MiOiJBQzEifQ.")
	f.Add("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJBQzEifQ.x")
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := ParseClientCapability(token, "AC1", "a token that nobody can guess", time.Unix(1_800_000_000, 0)); err == nil {
			t.Errorf("accepted %q", token)
		}
	})
}
