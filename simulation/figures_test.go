package simulation

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"warmdesk/call"
)

// sum is what came of many runs.
type sum struct {
	seeds, failed            int
	customers, served, asked int
	held                     int // actions that the breaker held back
	calls, twoDesks          int
	virtual                  time.Duration
	struck                   [faults]int
	ways                     map[[2]call.Stage]int // between stages; from "": calls begun
	worst                    stats
}

func newSum() *sum { return &sum{ways: map[[2]call.Stage]int{}} }

// add takes a run.
func (s *sum) add(w *world) {
	s.seeds++
	s.customers += w.stats.customers
	s.served += w.stats.served
	s.asked += w.asked
	s.held += w.held
	s.calls += len(w.known)
	s.virtual += w.now
	if len(w.processes) > 1 {
		s.twoDesks++
	}
	for f, n := range w.struck {
		s.struck[f] += n
	}
	for way, n := range w.stages {
		s.ways[way] += n
	}
	s.worst.silence = max(s.worst.silence, w.stats.silence)
	s.worst.behind = max(s.worst.behind, w.stats.behind)
	s.worst.away = max(s.worst.away, w.stats.away)
	s.worst.rings = max(s.worst.rings, w.stats.rings)
}

// figures tells what a long run has seen.
func (s *sum) figures() string {
	var b strings.Builder
	struck, kinds := 0, 0
	for _, n := range s.struck {
		struck += n
		if n > 0 {
			kinds++
		}
	}
	fmt.Fprintf(&b, "%d seeds (%d with two desks), %.0f hours of virtual time, %d calls of %d customers, %d requests, %d faults of %d kinds, %d seeds failed\n",
		s.seeds, s.twoDesks, s.virtual.Hours(), s.calls, s.customers, s.asked, struck, kinds, s.failed)
	fmt.Fprintf(&b, "longest: silence %s s, behind %s s, lost %s s, ring after the customer was gone %s s\n\n",
		second(s.worst.silence), second(s.worst.behind), second(s.worst.away), second(s.worst.rings))
	for f := range faults {
		fmt.Fprintf(&b, "%9d  %s\n", s.struck[f], f)
	}
	b.WriteString("\n")
	ways := slices.SortedFunc(maps.Keys(s.ways), func(x, y [2]call.Stage) int {
		return strings.Compare(string(x[0]+" "+x[1]), string(y[0]+" "+y[1]))
	})
	for _, w := range ways {
		fmt.Fprintf(&b, "%9d  %s --> %s\n", s.ways[w], w[0], w[1])
	}
	return b.String()
}
