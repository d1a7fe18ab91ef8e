package staff

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"warmdesk/agent"
)

// How long a sign-in holds.
const (
	// IdleTime without a request ends a session. An open page counts as use.
	IdleTime = 8 * time.Hour
	// WholeTime ends any session: a day's work fits into it, a forgotten browser
	// does not last.
	WholeTime = 24 * time.Hour
	// rotateAfter is when a token is replaced by a new one.
	rotateAfter = time.Hour
	// overlap is how long the old token is good after the new one was seen:
	// requests of other tabs may be under way with it.
	overlap = time.Minute
	// seenEvery is how exactly the last use is noted: each note is a write.
	seenEvery = time.Minute
	// KnownTime is how long the browser of a session that is over is remembered
	// (attemptKeys).
	KnownTime = 7 * 24 * time.Hour
)

// Digest is the SHA-256 of a token: tokens themselves are not stored.
type Digest [32]byte

// digestOf hashes a token as a browser sends it.
func digestOf(token string) Digest { return sha256.Sum256([]byte(token)) }

// newToken is 256 random bits.
func newToken() string {
	var b [32]byte
	rand.Read(b[:]) // never fails: crypto/rand
	return hex.EncodeToString(b[:])
}

// Session is one browser of one user, signed in or lately so.
type Session struct {
	ID    string // names it to ourselves; no secret
	User  agent.ID
	Began time.Time
	Seen  time.Time // the last use, to within seenEvery
	Token Digest    // the one in use
	Since time.Time // when Token was given out
	// Next was given out and has not come back: its answer may have been lost. Zero:
	// none.
	Next      Digest
	NextSince time.Time
	// Old is the token before, until OldUntil.
	Old      Digest
	OldUntil time.Time
}

// Live reports whether the session still holds.
func (s Session) Live(now time.Time) bool {
	return now.Before(s.Began.Add(WholeTime)) && now.Before(s.Seen.Add(IdleTime))
}

// Has reports whether a token is one of the session's own now.
func (s Session) Has(d Digest, now time.Time) bool {
	return d == s.Token || d == s.Next && d != Digest{} || d == s.Old && now.Before(s.OldUntil)
}

// Use notes a request with one of the session's tokens. fresh is a token that may
// be given out with the answer: given says that it was. The present one stays good
// until the new one has been seen, so an answer that gets lost signs nobody out.
func (s Session) Use(d, fresh Digest, now time.Time) (next Session, given bool) {
	if d == s.Next && d != (Digest{}) {
		s.Old, s.OldUntil = s.Token, now.Add(overlap)
		s.Token, s.Since = s.Next, s.NextSince
		s.Next, s.NextSince = Digest{}, time.Time{}
	}
	if now.Sub(s.Seen) >= seenEvery {
		s.Seen = now
	}
	waiting := s.Next != Digest{} && now.Sub(s.NextSince) < overlap
	if d == s.Token && now.Sub(s.Since) >= rotateAfter && !waiting && fresh != (Digest{}) {
		s.Next, s.NextSince = fresh, now
		given = true
	}
	return s, given
}
