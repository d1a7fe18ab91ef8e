package twilio

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
	oracle "github.com/twilio/twilio-go/client/jwt"
)

const (
	testAccount = "AC00000000000000000000000000000001"
	testKey     = "SK00000000000000000000000000000001"
	testApp     = "AP00000000000000000000000000000001"
	testSecret  = "key-secret-of-the-test"
)

func secrets(sid string) (string, bool) { return testSecret, sid == testKey }

func tokenConfig(now time.Time) AccessTokenConfig {
	return AccessTokenConfig{
		AccountSID: testAccount, KeySID: testKey, KeySecret: testSecret, Identity: "agent1",
		TTL: 10 * time.Minute, Now: now, Incoming: true, ApplicationSID: testApp, Params: map[string]string{"desk": "a b"},
	}
}

func TestAccessTokenRoundTrip(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	token, err := AccessToken(tokenConfig(now))
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseAccessToken(token, secrets, now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	want := Grant{
		AccountSID: testAccount, KeySID: testKey, Identity: "agent1", Expires: now.Add(10 * time.Minute).Local(),
		Incoming: true, ApplicationSID: testApp, Params: map[string]string{"desk": "a b"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("grant (-want +got):\n%s", diff)
	}
}

func TestAccessTokenLastsNoLongerThanTwilioLetsIt(t *testing.T) {
	cfg := tokenConfig(time.Now())
	cfg.TTL = MostTokenTTL + time.Second
	if _, err := AccessToken(cfg); err == nil {
		t.Error("made")
	}
}

func TestAccessTokenHeaderAndOracle(t *testing.T) {
	now := time.Now()
	cfg := tokenConfig(now)
	cfg.TTL = time.Hour
	token, err := AccessToken(cfg)
	if err != nil {
		t.Fatal(err)
	}
	read := &oracle.AccessToken{}
	decoded, err := read.FromJwt(token, testSecret)
	if err != nil {
		t.Fatalf("Twilio's library refuses our token: %v", err)
	}
	if decoded.Identity != "agent1" || decoded.SigningKeySid != testKey {
		t.Errorf("Twilio's library reads identity %q, key %q", decoded.Identity, decoded.SigningKeySid)
	}
	parsed, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"alg": "HS256", "typ": "JWT", "cty": "twilio-fpa;v=1"}, parsed.Header); diff != "" {
		t.Errorf("header: %s", diff)
	}
}

func TestParseReadsTokensOfTwiliosLibrary(t *testing.T) {
	made := oracle.CreateAccessToken(oracle.AccessTokenParams{
		AccountSid: testAccount, SigningKeySid: testKey, Secret: testSecret, Identity: "ana",
		Grants: []oracle.BaseGrant{&oracle.VoiceGrant{
			Incoming: oracle.Incoming{Allow: true},
			Outgoing: oracle.Outgoing{ApplicationSid: testApp, ApplicationParams: map[string]any{"a": "1"}},
		}},
	})
	token, err := made.ToJwt()
	if err != nil {
		t.Fatal(err)
	}
	g, err := ParseAccessToken(token, secrets, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if g.Identity != "ana" || !g.Incoming || g.ApplicationSID != testApp || g.Params["a"] != "1" {
		t.Errorf("grant = %+v", g)
	}
}

func TestParseAccessTokenRefuses(t *testing.T) {
	now := time.Now()
	forge := func(change func(*AccessTokenConfig)) string {
		cfg := tokenConfig(now)
		change(&cfg)
		token, err := AccessToken(cfg)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	good := forge(func(*AccessTokenConfig) {})
	unsigned, err := jwt.NewWithClaims(jwt.SigningMethodNone, accessClaims{}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	capability, err := ClientCapability(ClientCapabilityConfig{AccountSID: testKey, AuthToken: testSecret, Identity: "x", Incoming: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		token string
		at    time.Time
		want  error
	}{
		"garbage":           {"garbage", now, ErrTokenInvalid},
		"nothing":           {"", now, ErrTokenInvalid},
		"another secret":    {forge(func(c *AccessTokenConfig) { c.KeySecret = "x" }), now, ErrTokenInvalid},
		"another key":       {forge(func(c *AccessTokenConfig) { c.KeySID = "SKx" }), now, ErrTokenInvalid},
		"not yet valid":     {forge(func(c *AccessTokenConfig) { c.Now = now.Add(time.Hour) }), now, ErrTokenInvalid},
		"cut":               {good[:len(good)-2], now, ErrTokenInvalid},
		"another payload":   {strings.Replace(good, ".", ".e", 1), now, ErrTokenInvalid},
		"unsigned":          {unsigned, now, ErrTokenInvalid},
		"a capability":      {capability, now, ErrTokenInvalid},
		"expired":           {good, now.Add(11 * time.Minute), ErrTokenExpired},
		"expired just then": {good, now.Add(10*time.Minute + time.Second), ErrTokenExpired},
	} {
		if _, err := ParseAccessToken(c.token, secrets, c.at); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestClientCapability(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	token, err := ClientCapability(ClientCapabilityConfig{
		AccountSID: testAccount, AuthToken: "auth", Identity: "agent1", Now: now,
		Incoming: true, ApplicationSID: testApp, Params: map[string]string{"k": "v w"},
	})
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		t.Fatal(err)
	}
	if want := "scope:client:incoming?clientName=agent1 scope:client:outgoing?appSid=" + testApp +
		"&clientName=agent1&appParams=k%3Dv%2Bw"; claims["scope"] != want {
		t.Errorf("scope = %v, want %s", claims["scope"], want)
	}
	g, err := ParseClientCapability(token, testAccount, "auth", now)
	if err != nil {
		t.Fatal(err)
	}
	want := Grant{
		AccountSID: testAccount, Identity: "agent1", Expires: now.Add(time.Hour).Local(),
		Incoming: true, ApplicationSID: testApp, Params: map[string]string{"k": "v w"},
	}
	if diff := cmp.Diff(want, g); diff != "" {
		t.Error(diff)
	}
	if _, err := ParseClientCapability(token, "ACx", "auth", now); !errors.Is(err, ErrTokenInvalid) {
		t.Errorf("another account: %v", err)
	}
	if _, err := ParseClientCapability(token, testAccount, "auth", now.Add(2*time.Hour)); !errors.Is(err, ErrTokenExpired) {
		t.Errorf("expired: %v", err)
	}
}

// FuzzParseAccessToken: no input is accepted or makes it panic.
func FuzzParseAccessToken(f *testing.F) {
	f.Add("a.b.c")
	f.Add("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.x")
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := ParseAccessToken(token, func(string) (string, bool) { return "unguessable", true }, time.Now()); err == nil {
			t.Errorf("accepted %q", token)
		}
	})
}
