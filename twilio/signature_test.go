package twilio

import (
	"net/url"
	"testing"

	"github.com/twilio/twilio-go/client"
)

// companyParams are those of the vector in the tests of Twilio's Go library.
func companyParams() url.Values {
	return url.Values{
		"Digits": {"1234"}, "CallSid": {"CA1234567890ABCDE"}, "To": {"+18005551212"}, "Caller": {"+14158675309"},
		"From": {"+14158675309"}, "ReasonConferenceEnded": {"test"}, "Reason": {"Participant"},
	}
}

func inboundParams() url.Values {
	return url.Values{
		"CallSid": {"CA00000000000000000000000000000001"}, "CallStatus": {"ringing"},
		"From": {"+15005550006"}, "To": {"+15005550001"},
	}
}

func TestSignVectors(t *testing.T) {
	const hash = "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
	for _, c := range []struct {
		token, url string
		params     url.Values
		want       string
	}{
		{"12345", "https://mycompany.com/myapp.php?foo=1&bar=2", companyParams(), "vOEb5UThFn24KEfnOFLQY2AE5FY="},
		{"secret-token", "https://app.example.test/voice/inbound", inboundParams(), "nB1rCNRNstYp5cEbeERujrsyTV4="},
		{"secret-token", "https://app.example.test/voice/inbound#rc=2&rp=5xx", inboundParams(), "nB1rCNRNstYp5cEbeERujrsyTV4="},
		{"secret-token", "https://app.example.test:8443/voice/inbound", inboundParams(), "EsJK2EDjy623OgH3ARcDftI0Xww="},
		{"secret-token", "https://app.example.test/events?bodySHA256=" + hash, nil, "h66/3rvU+/Qrv1uxoRk1Evil/j4="},
	} {
		if got := Sign(c.token, c.url, c.params); got != c.want {
			t.Errorf("Sign(%s) = %s, want %s", c.url, got, c.want)
		}
		if !Verify(c.token, c.want, c.url, c.params) {
			t.Errorf("Verify(%s) refuses the vector", c.url)
		}
	}
}

// TestOracle: Twilio's validator accepts what Sign makes.
func TestOracle(t *testing.T) {
	validator := client.NewRequestValidator("secret-token")
	for _, u := range []string{
		"https://app.example.test/voice", "https://app.example.test:8443/voice?leg=1&x=a%20b",
		"http://127.0.0.1:8080/conference/connect/client", "http://localhost/wait?reason=%C3%BC",
	} {
		params := companyParams()
		params.Set("FriendlyName", "Zoë & Co = 100 %")
		flat := map[string]string{}
		for k := range params {
			flat[k] = params.Get(k)
		}
		if !validator.Validate(u, flat, Sign("secret-token", u, params)) {
			t.Errorf("Twilio's validator refuses our signature of %s", u)
		}
	}
}

func TestVerifyAcceptsEitherPortSpelling(t *testing.T) {
	for _, c := range []struct{ signed, configured string }{
		{"https://a.test:443/x", "https://a.test/x"},
		{"https://a.test/x", "https://a.test:443/x"},
		{"http://a.test:80?y=1", "http://a.test?y=1"},
		{"http://a.test/x", "http://a.test:8080/x"},
		{"http://[::1]:80/x", "http://[::1]/x"},
	} {
		if !Verify("t", Sign("t", c.signed, inboundParams()), c.configured, inboundParams()) {
			t.Errorf("signed for %s, refused at %s", c.signed, c.configured)
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	const u = "https://a.test/x"
	good := Sign("t", u, inboundParams())
	changed := inboundParams()
	changed.Set("From", "client:mallory")
	added := inboundParams()
	added.Add("From", "client:mallory")
	for name, ok := range map[string]bool{
		"another token":       Verify("u", good, u, inboundParams()),
		"another path":        Verify("t", good, u+"y", inboundParams()),
		"another host":        Verify("t", good, "https://b.test/x", inboundParams()),
		"a changed parameter": Verify("t", good, u, changed),
		"an added value":      Verify("t", good, u, added),
		"no signature":        Verify("t", "", u, inboundParams()),
	} {
		if ok {
			t.Errorf("%s is accepted", name)
		}
	}
}

// FuzzVerify: nothing that is signed is refused, whatever the URL looks like.
func FuzzVerify(f *testing.F) {
	f.Add("https://a.test:1/x", "k", "v")
	f.Add("::", "", "")
	f.Fuzz(func(t *testing.T, u, name, value string) {
		params := url.Values{name: {value}}
		if !Verify("t", Sign("t", u, params), u, params) {
			t.Errorf("refused: %q", u)
		}
	})
}
