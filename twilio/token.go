package twilio

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Why a browser token is not accepted.
var (
	ErrTokenInvalid = errors.New("twilio: token invalid")
	ErrTokenExpired = errors.New("twilio: token expired")
)

// accessTokenType is the content type in an access token's header.
const accessTokenType = "twilio-fpa;v=1"

// DefaultTokenTTL is how long a token lasts unless its maker says otherwise.
const DefaultTokenTTL = time.Hour

// AccessTokenConfig describes a browser's token.
type AccessTokenConfig struct {
	AccountSID        string
	KeySID, KeySecret string // an API key; the secret signs
	Identity          string // who the browser is; [A-Za-z0-9_] to be safe
	TTL               time.Duration
	Now               time.Time // the time of making; zero is now
	Incoming          bool      // may be called as client:Identity
	ApplicationSID    string    // the application its calls run; "" forbids calling
	Params            map[string]string
}

// Grant is what a valid token allows.
type Grant struct {
	AccountSID     string
	KeySID         string // the API key that signed; "" for a capability token
	Identity       string
	Expires        time.Time
	Incoming       bool
	ApplicationSID string
	Params         map[string]string
}

type accessClaims struct {
	jwt.RegisteredClaims
	Grants grants `json:"grants"`
}

type grants struct {
	Identity string      `json:"identity,omitempty"`
	Voice    *voiceGrant `json:"voice,omitempty"`
}

type voiceGrant struct {
	Incoming *incomingGrant `json:"incoming,omitempty"`
	Outgoing *outgoingGrant `json:"outgoing,omitempty"`
}

type incomingGrant struct {
	Allow bool `json:"allow"`
}

type outgoingGrant struct {
	ApplicationSID string            `json:"application_sid"`
	Params         map[string]string `json:"params,omitempty"`
}

// AccessToken makes a token for the 2.x browser SDK.
func AccessToken(cfg AccessTokenConfig) (string, error) {
	if cfg.AccountSID == "" || cfg.KeySID == "" || cfg.KeySecret == "" || cfg.Identity == "" {
		return "", errors.New("twilio: an access token needs account, key, secret and identity")
	}
	if cfg.TTL > MostTokenTTL {
		return "", fmt.Errorf("twilio: an access token lasts %v at most", MostTokenTTL)
	}
	now, expires := validity(cfg.Now, cfg.TTL)
	voice := &voiceGrant{}
	if cfg.Incoming {
		voice.Incoming = &incomingGrant{Allow: true}
	}
	if cfg.ApplicationSID != "" {
		voice.Outgoing = &outgoingGrant{ApplicationSID: cfg.ApplicationSID, Params: cfg.Params}
	}
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, accessClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			ID:        fmt.Sprintf("%s-%d", cfg.KeySID, now.Unix()),
			Issuer:    cfg.KeySID,
			Subject:   cfg.AccountSID,
			NotBefore: jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(expires),
		},
		Grants: grants{Identity: cfg.Identity, Voice: voice},
	})
	t.Header["cty"] = accessTokenType
	return t.SignedString([]byte(cfg.KeySecret))
}

func validity(now time.Time, ttl time.Duration) (from, until time.Time) {
	if now.IsZero() {
		now = time.Now()
	}
	if ttl <= 0 {
		ttl = DefaultTokenTTL
	}
	return now, now.Add(ttl)
}

// ParseAccessToken checks a token against the secret of the API key that it
// names. secret answers false for a key it does not know. The errors are
// ErrTokenExpired and ErrTokenInvalid, wrapped with the reason.
func ParseAccessToken(token string, secret func(keySID string) (string, bool), now time.Time) (Grant, error) {
	claims := &accessClaims{}
	parsed, err := parser(now).ParseWithClaims(token, claims, func(*jwt.Token) (any, error) {
		s, ok := secret(claims.Issuer)
		if !ok {
			return nil, fmt.Errorf("unknown key %q", claims.Issuer)
		}
		return []byte(s), nil
	})
	if err != nil {
		return Grant{}, tokenError(err)
	}
	if parsed.Header["cty"] != accessTokenType {
		return Grant{}, fmt.Errorf("%w: content type %v", ErrTokenInvalid, parsed.Header["cty"])
	}
	if claims.Grants.Identity == "" || claims.Grants.Voice == nil {
		return Grant{}, fmt.Errorf("%w: no identity or no voice grant", ErrTokenInvalid)
	}
	g := Grant{
		AccountSID: claims.Subject,
		KeySID:     claims.Issuer,
		Identity:   claims.Grants.Identity,
		Expires:    claims.ExpiresAt.Time,
	}
	if in := claims.Grants.Voice.Incoming; in != nil {
		g.Incoming = in.Allow
	}
	if out := claims.Grants.Voice.Outgoing; out != nil {
		g.ApplicationSID, g.Params = out.ApplicationSID, out.Params
	}
	return g, nil
}

func parser(now time.Time) *jwt.Parser {
	return jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithTimeFunc(func() time.Time { return now }),
		jwt.WithExpirationRequired(),
	)
}

func tokenError(err error) error {
	if errors.Is(err, jwt.ErrTokenExpired) {
		return fmt.Errorf("%w: %w", ErrTokenExpired, err)
	}
	return fmt.Errorf("%w: %w", ErrTokenInvalid, err)
}

// ClientCapabilityConfig describes a token of the deprecated kind, which only
// the 1.x browser SDK understands.
type ClientCapabilityConfig struct {
	AccountSID     string
	AuthToken      string // signs
	Identity       string // [A-Za-z0-9_]
	TTL            time.Duration
	Now            time.Time
	Incoming       bool
	ApplicationSID string
	Params         map[string]string
}

type capabilityClaims struct {
	jwt.RegisteredClaims
	Scope string `json:"scope"`
}

const (
	scopeIncoming = "scope:client:incoming"
	scopeOutgoing = "scope:client:outgoing"
)

// ClientCapability makes a token for the 1.x browser SDK.
func ClientCapability(cfg ClientCapabilityConfig) (string, error) {
	if cfg.AccountSID == "" || cfg.AuthToken == "" || cfg.Identity == "" {
		return "", errors.New("twilio: a capability token needs account, auth token and identity")
	}
	now, expires := validity(cfg.Now, cfg.TTL)
	var scopes []string
	if cfg.Incoming {
		scopes = append(scopes, scopeIncoming+"?clientName="+url.QueryEscape(cfg.Identity))
	}
	if cfg.ApplicationSID != "" {
		s := scopeOutgoing + "?appSid=" + url.QueryEscape(cfg.ApplicationSID) + "&clientName=" + url.QueryEscape(cfg.Identity)
		if len(cfg.Params) > 0 {
			params := url.Values{}
			for k, v := range cfg.Params {
				params.Set(k, v)
			}
			s += "&appParams=" + url.QueryEscape(params.Encode())
		}
		scopes = append(scopes, s)
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, capabilityClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    cfg.AccountSID,
			NotBefore: jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(expires),
		},
		Scope: strings.Join(scopes, " "),
	}).SignedString([]byte(cfg.AuthToken))
}

// ParseClientCapability checks a capability token of the account. Its errors
// are those of ParseAccessToken.
func ParseClientCapability(token, accountSID, authToken string, now time.Time) (Grant, error) {
	claims := &capabilityClaims{}
	_, err := parser(now).ParseWithClaims(token, claims, func(*jwt.Token) (any, error) {
		if claims.Issuer != accountSID {
			return nil, fmt.Errorf("unknown account %q", claims.Issuer)
		}
		return []byte(authToken), nil
	})
	if err != nil {
		return Grant{}, tokenError(err)
	}
	g := Grant{AccountSID: claims.Issuer, Expires: claims.ExpiresAt.Time}
	for scope := range strings.FieldsSeq(claims.Scope) {
		if err := g.addScope(scope); err != nil {
			return Grant{}, err
		}
	}
	if g.Identity == "" {
		return Grant{}, fmt.Errorf("%w: no client name", ErrTokenInvalid)
	}
	return g, nil
}

func (g *Grant) addScope(scope string) error {
	name, query, _ := strings.Cut(scope, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return fmt.Errorf("%w: scope: %w", ErrTokenInvalid, err)
	}
	switch name {
	case scopeIncoming:
		g.Incoming = true
	case scopeOutgoing:
		g.ApplicationSID = values.Get("appSid")
		params, err := url.ParseQuery(values.Get("appParams"))
		if err != nil {
			return fmt.Errorf("%w: application parameters: %w", ErrTokenInvalid, err)
		}
		for k := range params {
			if g.Params == nil {
				g.Params = map[string]string{}
			}
			g.Params[k] = params.Get(k)
		}
	}
	if client := values.Get("clientName"); client != "" {
		g.Identity = client
	}
	return nil
}
