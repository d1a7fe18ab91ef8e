package outbox

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		url     string
		trusted bool
		name    string // or, in brackets, a part of the error
	}{
		{"https://crm.example.com/hook", false, "https://crm.example.com/hook"},
		{" https://crm.example.com/hook#part", false, "https://crm.example.com/hook"},
		{"https://user:pass@crm.example.com/hook", false, "https://crm.example.com/hook#c9ef689c"},
		{"http://crm.example.com/hook", false, "(must be https)"},
		{"http://crm.example.com/hook", true, "http://crm.example.com/hook"},
		{"http://10.0.0.7/hook", false, "(must be https)"},
		{"http://127.0.0.1:9000/hook", false, "http://127.0.0.1:9000/hook"},
		{"http://[::1]:9000/", false, "http://[::1]:9000/"},
		{"http://localhost/", false, "http://localhost/"},
		{"http://localhost.example.com/", false, "(must be https)"},
		{"ftp://crm.example.com/", true, "(must read like)"},
		{"crm.example.com/hook", false, "(must read like)"},
		{"https:///hook?key=hidden", false, "(must read like)"},
		{"https://:443/", false, "(must read like)"},
	} {
		r, err := Parse(test.url, test.trusted)
		switch want, wrong := strings.CutPrefix(test.name, "("); {
		case wrong && (err == nil || !strings.Contains(err.Error(), strings.TrimSuffix(want, ")")) || strings.Contains(err.Error(), "hidden")):
			t.Errorf("%s: %v, want %s", test.url, err, want)
		case !wrong && (err != nil || r.Name != test.name):
			t.Errorf("%s: %+v, %v; want %s", test.url, r, err, test.name)
		}
	}
}

// Logs and metrics have neither path nor query, and tell two receivers of one host
// apart.
func TestShown(t *testing.T) {
	for name, want := range map[string]string{
		"https://crm.example.com": "crm.example.com", "https://crm.example.com/": "crm.example.com",
		"https://crm.example.com/hook/T0KEN": "crm.example.com#17c58a95", "https://crm.example.com/hook#c9ef689c": "crm.example.com#4a8f8b49",
		"https://crm.example.com/other": "crm.example.com#eeae0807", "nothing": "receiver", "%": "receiver",
	} {
		if got := Shown(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Who may be connected to is decided by the address, whatever the name resolves to.
func TestAddresses(t *testing.T) {
	for _, test := range []struct {
		url  string
		yes  string
		deny string
	}{
		{"https://crm.example.com", "93.184.216.34 2606:2800:220:1::1",
			"127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 198.18.0.1 ::1 fe80::1 fc00::1 :: ff02::1 64:ff9b::7f00:1 2002:7f00:1::"},
		{"https://10.1.2.3", "10.1.2.3", "10.1.2.4 127.0.0.1 93.184.216.34"},
		{"http://localhost", "127.0.0.1 ::1", "10.1.2.3 93.184.216.34"},
		{"http://[::ffff:127.0.0.1]", "127.0.0.1", "127.0.0.2"},
	} {
		r, err := Parse(test.url, false)
		if err != nil {
			t.Fatal(err)
		}
		for a := range strings.FieldsSeq(test.yes) {
			if !r.may(netip.MustParseAddr(a)) {
				t.Errorf("%s may not be at %s", test.url, a)
			}
		}
		for a := range strings.FieldsSeq(test.deny) {
			if r.may(netip.MustParseAddr(a)) {
				t.Errorf("%s may be at %s", test.url, a)
			}
		}
	}
}

// The dialer asks before it connects: a public name that leads to this computer
// is not followed, and what is said of it tells no secret.
func TestAddressIsLookedAtWhenConnecting(t *testing.T) {
	r, err := Parse("https://localhost:1/hook?key=hidden", false)
	if err != nil {
		t.Fatal(err)
	}
	r.may = public // as of any other name
	client := r.client()
	defer client.CloseIdleConnections()
	_, err = client.Get(r.url)
	if err == nil || !strings.Contains(err.Error(), "is not a public address") {
		t.Fatalf("connected: %v", err)
	}
	if said := without(err); strings.Contains(said, "hidden") || !strings.Contains(said, "not a public address") {
		t.Error(said)
	}
}

// The convention's own example, and a message of two secrets at its library.
func TestSignature(t *testing.T) {
	secret, err := ParseSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	h := http.Header{}
	sign(h, []Secret{secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if got := h.Get("webhook-signature"); got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" || h.Get("webhook-timestamp") != "1614265330" {
		t.Errorf("%v", h)
	}
	older := NewSecret()
	old, err := ParseSecret(older)
	if err != nil {
		t.Fatal(err)
	}
	sign(h, []Secret{secret, old}, "msg_1", time.Now(), []byte("{}"))
	for _, known := range []string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", older} {
		verifier, err := standardwebhooks.NewWebhook(known)
		if err != nil {
			t.Fatal(err)
		}
		if err := verifier.Verify([]byte("{}"), h); err != nil {
			t.Error(err)
		}
		if verifier.Verify([]byte("{} "), h) == nil {
			t.Error("another body has the same signature")
		}
	}
}

func TestParseSecret(t *testing.T) {
	for _, wrong := range []string{"", "secret", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!!!!", "whsec_" + strings.Repeat("AAAA", 30)} {
		if _, err := ParseSecret(wrong); err == nil || wrong != "" && strings.Contains(err.Error(), wrong) && len(wrong) > 6 {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
