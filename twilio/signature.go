package twilio

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
)

// SignatureHeader carries the signature of a webhook.
const SignatureHeader = "X-Twilio-Signature"

// Sign returns the signature of a webhook: the HMAC-SHA1, keyed with the
// account's auth token, of the URL and the parameters of a form body. The URL is
// the configured one, without a fragment; a GET webhook has its parameters in
// it and no params. A repeated name counts with each distinct value, as in
// Twilio's Node library.
func Sign(token, url string, params url.Values) string {
	return sign(token, withoutFragment(url), flatten(params))
}

// Verify reports whether signature is that of the URL and parameters. The port
// may be present or not, whichever way the URL is configured: Twilio signs
// either. It takes the same time for every wrong signature.
func Verify(token, signature, url string, params url.Values) bool {
	flat := flatten(params)
	ok := 0
	for _, u := range portVariants(withoutFragment(url)) {
		ok |= subtle.ConstantTimeCompare([]byte(sign(token, u, flat)), []byte(signature))
	}
	return ok == 1
}

func sign(token, url, flat string) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(url))
	mac.Write([]byte(flat))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// flatten writes names and values one after another, names in byte order.
func flatten(params url.Values) string {
	names := make([]string, 0, len(params))
	for name := range params {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		values := slices.Clone(params[name])
		slices.Sort(values)
		for _, v := range slices.Compact(values) {
			b.WriteString(name)
			b.WriteString(v)
		}
	}
	return b.String()
}

func withoutFragment(url string) string {
	before, _, _ := strings.Cut(url, "#")
	return before
}

// portVariants returns the URL as given, with the default port added and with
// the port removed. It works on the text: taking the URL apart and putting it
// together again could change how its path is escaped.
func portVariants(u string) []string {
	scheme, rest, ok := strings.Cut(u, "://")
	if !ok {
		return []string{u}
	}
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	host, tail := rest[:end], rest[end:]
	colon := strings.LastIndexByte(host, ':')
	if colon > strings.LastIndexByte(host, ']') { // not inside an IPv6 address
		return []string{u, scheme + "://" + host[:colon] + tail}
	}
	port := ":80"
	if strings.EqualFold(scheme, "https") {
		port = ":443"
	}
	return []string{u, scheme + "://" + host + port + tail}
}
