package agent

import (
	"iter"
	"time"
)

// Unserved is why a customer in line will not be served soon.
type Unserved string

// The reasons. Of several the first here is told.
const (
	Closed Unserved = "closed" // outside business hours
	Nobody Unserved = "nobody" // nobody is signed in
	Long   Unserved = "long"   // has waited for very long
)

// NobodyTime is how long nobody has been signed in, and the customer has waited,
// before that is a reason (console.md 2.8).
const NobodyTime = 2 * time.Minute

// Service is what a desk promises to those who call.
type Service struct {
	Hours Hours
	// MaxWait is how long somebody waits before they are offered something else;
	// 0: for ever.
	MaxWait time.Duration
}

// SignedOff tells since when nobody has been signed in; all is false when
// somebody is. A roster of nobody has always been signed off.
func SignedOff(roster iter.Seq[Agent]) (since time.Time, all bool) {
	for a := range roster {
		if a.Presence != Offline {
			return time.Time{}, false
		}
		if a.Since.After(since) {
			since = a.Since
		}
	}
	return since, true
}

// Unserved tells why a customer who has been in line since then will not be
// served soon, and from when on that is so: it may be later than now. The zero
// time is never, as things stand. off and all are SignedOff's.
func (s Service) Unserved(since, off time.Time, all bool, now time.Time) (why Unserved, at time.Time) {
	consider := func(reason Unserved, from time.Time) {
		// What is due counts in the order of the reasons, what is not yet by its time.
		if at.IsZero() || at.After(now) && from.Before(at) {
			why, at = reason, from
		}
	}
	if !s.Hours.Open(now) {
		consider(Closed, since)
	} else if closing := s.Hours.Closes(now); !closing.IsZero() {
		consider(Closed, closing)
	}
	if all {
		from := since
		if off.After(from) {
			from = off
		}
		consider(Nobody, from.Add(NobodyTime))
	}
	if s.MaxWait > 0 {
		consider(Long, since.Add(s.MaxWait))
	}
	return why, at
}
