package console

import (
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"

	"warmdesk/call"
)

// vouchTime is the longest that a site's word on its visitor may be good for.
const vouchTime = 24 * time.Hour

// mostSigned bounds a signed word, in bytes.
const mostSigned = 4 << 10

// vouchClaims is what a site signs of its visitor, with EMBED_KEY by HS256
// (docs/embedding.md).
type vouchClaims struct {
	jwt.RegisteredClaims
	ID    string `json:"id"`
	Name  string `json:"name"`
	Phone string `json:"phone"`
	Email string `json:"email"`
	Topic string `json:"topic"`
}

// vouched reads a site's signed word on its visitor. audience is this desk's address,
// which the token must be for if it says for whom it is. No error has anything of the
// token but the names of its fields.
func vouched(token, key, audience string, now time.Time) (call.Vouched, error) {
	switch {
	case key == "":
		return call.Vouched{}, errors.New("EMBED_KEY is not set")
	case len(token) > mostSigned:
		return call.Vouched{}, fmt.Errorf("longer than %d bytes", mostSigned)
	}
	var claims vouchClaims
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithStrictDecoding(), jwt.WithExpirationRequired(), jwt.WithTimeFunc(func() time.Time { return now }))
	if _, err := parser.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return []byte(key), nil }); err != nil {
		return call.Vouched{}, vouchError(err)
	}
	switch {
	case claims.ExpiresAt.Sub(now) > vouchTime:
		return call.Vouched{}, fmt.Errorf("exp is more than %d hours ahead", int(vouchTime.Hours()))
	case len(claims.Audience) > 0 && !slices.ContainsFunc(claims.Audience, func(one string) bool { return strings.TrimSuffix(one, "/") == strings.TrimSuffix(audience, "/") }):
		return call.Vouched{}, errors.New("aud is another than this desk's address, PUBLIC_URL")
	}
	return claims.vouched()
}

// vouchError is what is wrong with a token, in words of its own: those of the parser
// may quote it.
func vouchError(err error) error {
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return errors.New("exp is over")
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		return errors.New("nbf is to come")
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return errors.New("exp is missing")
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return errors.New("not signed by HS256 with EMBED_KEY")
	}
	return errors.New("not a JWT")
}

// vouched is what the claims say of somebody, if they can be shown to people.
func (c vouchClaims) vouched() (call.Vouched, error) {
	for _, field := range []struct {
		name, value string
		most        int
	}{{"id", c.ID, 100}, {"name", c.Name, longestName}, {"phone", c.Phone, 30}, {"email", c.Email, 254}, {"topic", c.Topic, call.MostTopic}} {
		switch {
		case utf8.RuneCountInString(field.value) > field.most:
			return call.Vouched{}, fmt.Errorf("%s is longer than %d characters", field.name, field.most)
		case strings.ContainsFunc(field.value, func(r rune) bool { return !unicode.IsPrint(r) }):
			return call.Vouched{}, fmt.Errorf("%s has characters that cannot be shown", field.name)
		}
	}
	if _, err := mail.ParseAddress(c.Email); c.Email != "" && err != nil {
		return call.Vouched{}, errors.New("email is no address")
	}
	v := call.Vouched{
		ID: strings.TrimSpace(c.ID), Name: strings.TrimSpace(c.Name), Phone: strings.TrimSpace(c.Phone), Email: strings.TrimSpace(c.Email),
		Topic: strings.TrimSpace(c.Topic),
	}
	if !v.Verified() {
		return call.Vouched{}, errors.New("it has no id, name, phone or email")
	}
	return v, nil
}

// vouch is what the site around a customer's page has signed of them. A word that is
// not believed harms nobody: the call goes on without it, and the log says why.
func (c *Console) vouch(r *http.Request, token string) call.Vouched {
	if token == "" {
		return call.Vouched{}
	}
	v, err := vouched(token, c.cfg.EmbedKey, c.cfg.PublicURL.String(), time.Now())
	if err != nil {
		c.log.Warn("what a site signed of a customer is not believed", "why", err, "address", c.address(r))
	}
	return v
}
