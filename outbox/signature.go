package outbox

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Secret is a key of the signature, shared with the receivers.
type Secret []byte

// secretPrefix marks a secret of the Standard Webhooks convention
// (standardwebhooks.com, Signature scheme).
const secretPrefix = "whsec_"

// NewSecret makes a secret of 256 random bits, as text.
func NewSecret() string {
	var b [32]byte
	rand.Read(b[:]) // never fails: crypto/rand
	return secretPrefix + base64.StdEncoding.EncodeToString(b[:])
}

// ParseSecret reads a secret: whsec_ and 24 to 64 bytes in base64.
func ParseSecret(text string) (Secret, error) {
	encoded, ok := strings.CutPrefix(text, secretPrefix)
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(key) < 24 || len(key) > 64 {
		return nil, errors.New("must read whsec_ and 24 to 64 bytes in base64: echo whsec_$(openssl rand -base64 32) makes one")
	}
	return key, nil
}

// sign adds the three headers of the convention: HMAC-SHA256 of id, time in
// seconds and body, joined by dots.
func sign(h http.Header, secrets []Secret, id string, at time.Time, body []byte) {
	seconds := strconv.FormatInt(at.Unix(), 10)
	signatures := make([]string, len(secrets))
	for i, s := range secrets {
		mac := hmac.New(sha256.New, s)
		mac.Write([]byte(id + "." + seconds + "."))
		mac.Write(body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", seconds)
	h.Set("webhook-signature", strings.Join(signatures, " "))
}
