package history

import (
	"cmp"
	"slices"
	"time"
)

// Tally is how many calls are alike in what a Summary counts.
type Tally struct {
	Outcome  Outcome
	Answered bool
	Wait     int // Digest.Wait
	Calls    int
}

// Tally is the digest's own, of one call.
func (d Digest) Tally() Tally { return Tally{d.Outcome, d.Answered, d.Wait, 1} }

// Summary is a span of time in numbers. The board and the reports show the same.
type Summary struct {
	Calls     int `json:"calls"`
	Answered  int `json:"answered"` // somebody spoke with the customer
	Abandoned int `json:"abandoned"`
	Messages  int `json:"messages"`
	Dropped   int `json:"dropped"` // by us
	// InTime of Timed were answered within InTime. Who went sooner than that, or has
	// not waited for so long yet, is not among Timed.
	InTime int `json:"inTime"`
	Timed  int `json:"timed"`
	// Waits of the answered calls, in seconds: half of them, and nine of ten, did not
	// wait longer.
	WaitMedian  int `json:"waitMedian"`
	WaitP90     int `json:"waitP90"`
	WaitLongest int `json:"waitLongest"`
}

// Summarise adds calls up.
func Summarise(tallies []Tally) Summary {
	var s Summary
	var answered []Tally
	for _, t := range tallies {
		s.Calls += t.Calls
		switch t.Outcome {
		case Abandoned:
			s.Abandoned += t.Calls
		case Message:
			s.Messages += t.Calls
		case Dropped:
			s.Dropped += t.Calls
		}
		soon := t.Wait <= int(InTime/time.Second)
		if t.Answered || !soon {
			s.Timed += t.Calls
		}
		if !t.Answered {
			continue
		}
		s.Answered += t.Calls
		if soon {
			s.InTime += t.Calls
		}
		answered = append(answered, t)
	}
	slices.SortFunc(answered, func(a, b Tally) int { return cmp.Compare(a.Wait, b.Wait) })
	s.WaitMedian, s.WaitP90, s.WaitLongest = s.within(answered, 50), s.within(answered, 90), s.within(answered, 100)
	return s
}

// within is the shortest wait than which at least percent of the answered calls,
// given in its order, did not wait longer.
func (s *Summary) within(answered []Tally, percent int) int {
	calls := 0
	for _, t := range answered {
		if calls += t.Calls; calls*100 >= s.Answered*percent {
			return t.Wait
		}
	}
	return 0
}
