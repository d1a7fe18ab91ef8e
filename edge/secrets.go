package edge

import (
	"bytes"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Secrets keeps secrets out of what is written: those it was told, and whatever
// looks like one. It is the last line: code that holds a secret does not write it
// in the first place, but errors of libraries may.
type Secrets struct {
	mu    sync.RWMutex
	known []string
}

// shortestSecret is the length in bytes from which on a known secret is looked for:
// a shorter one would be found inside of common words.
const shortestSecret = 8

// hidden stands where a secret was.
const hidden = "[hidden]"

// Add tells secrets. Empty and very short ones are ignored.
func (s *Secrets) Add(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range secrets {
		if len(secret) < shortestSecret {
			continue
		}
		quoted := strconv.Quote(secret)
		s.known = append(s.known, secret, hidden, url.QueryEscape(secret), hidden, quoted[1:len(quoted)-1], hidden)
	}
}

// looks are the shapes of secrets: what replaces each keeps its beginning.
var looks = []struct {
	shape *regexp.Regexp
	with  string
}{
	{regexp.MustCompile(`://[^/\s"@:]*:[^/\s"@]*@`), "://" + hidden + "@"},                             // user:password@host
	{regexp.MustCompile(`(?i)\b(bearer|basic) [a-z0-9+/_.=-]{8,}`), "$1 " + hidden},                    // Authorization
	{regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`), hidden},       // a browser token
	{regexp.MustCompile(`\bwhsec_[A-Za-z0-9+/=_-]+`), "whsec_" + hidden},                               // signs webhooks
	{regexp.MustCompile(`\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b`), hidden},                                  // sessions, keys of calls, auth tokens; a SID begins with two letters
	{regexp.MustCompile(`((?i)\b(?:token|password|secret|returnkey)=)[^\s&"\\]{4,}`), "${1}" + hidden}, // in a form or an address
}

// Hide returns text without its secrets.
func (s *Secrets) Hide(text string) string {
	s.mu.RLock()
	known := s.known
	s.mu.RUnlock()
	text = strings.NewReplacer(known...).Replace(text)
	for _, look := range looks {
		text = look.shape.ReplaceAllString(text, look.with)
	}
	return text
}

// Writer writes to w without secrets. What is one secret must come in one Write, as
// a log's line does.
func (s *Secrets) Writer(w io.Writer) io.Writer { return &discreet{s, w} }

type discreet struct {
	secrets *Secrets
	out     io.Writer
}

// Write implements io.Writer.
func (d *discreet) Write(p []byte) (int, error) {
	if _, err := io.Copy(d.out, bytes.NewBufferString(d.secrets.Hide(string(p)))); err != nil {
		return 0, err
	}
	return len(p), nil
}
