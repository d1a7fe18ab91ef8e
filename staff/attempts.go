package staff

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"
)

// Attempts are the failed sign-ins of one account, one address or one browser
// that was signed in before. A sign-in that is under way counts as failed until
// it has succeeded, so that many at once are no way around.
type Attempts struct {
	Key      string
	Failures int
	Last     time.Time
	Until    time.Time // locked until; zero: not locked
}

// Limits of failed sign-ins.
const (
	accountTries = 5
	// addressTries is more: the people of one office share an address.
	addressTries = 20
	firstLock    = 30 * time.Second
	longestLock  = 15 * time.Minute
	// quiet is after how long without a failure they are forgotten.
	quiet = time.Hour
)

// Locked is for how much longer nobody may try.
func (a Attempts) Locked(now time.Time) time.Duration { return max(0, a.Until.Sub(now)) }

// Failed counts one failure: from the limit on each locks for twice as long as
// the one before.
func (a Attempts) Failed(limit int, now time.Time) Attempts {
	if now.Sub(a.Last) >= quiet {
		a = Attempts{Key: a.Key}
	}
	a.Failures++
	a.Last = now
	if over := a.Failures - limit; over >= 0 {
		lock := longestLock
		if over < 10 {
			lock = min(longestLock, firstLock<<over)
		}
		a.Until = now.Add(lock)
	}
	return a
}

// attemptKeys are whom a failed sign-in is counted against. A browser that holds
// a session of this very user, over or not, is counted by itself alone: whoever
// guesses from elsewhere cannot lock an agent out in the middle of a call.
// Names are kept as hashes, because people type passwords into the wrong field.
func attemptKeys(account, address, known string) map[string]int {
	if known != "" {
		return map[string]int{"browser:" + known: accountTries}
	}
	sum := sha256.Sum256([]byte(account))
	return map[string]int{"account:" + hex.EncodeToString(sum[:16]): accountTries, "address:" + network(address): addressTries}
}

// network is what one customer of a provider has: an IPv4 address, or the 64
// bits of an IPv6 one that are not their own to choose.
func network(address string) string {
	at, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	if at = at.Unmap(); at.Is4() {
		return at.String()
	}
	p, err := at.WithZone("").Prefix(64)
	if err != nil {
		return "unknown"
	}
	return p.String()
}
