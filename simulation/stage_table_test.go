package simulation

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"warmdesk/call"
)

// A pair of stage and fault is tried until it was struck so often, or in so many
// seeds.
const (
	pairBlows = 3
	pairSeeds = 7
)

// tableStages are the columns of the second table.
func tableStages() []call.Stage {
	return []call.Stage{
		call.Queued, call.Offering, call.Connecting, call.Talking, call.Held, call.Asking, call.Private, call.Swapped,
		call.Inviting, call.Together, call.HandingOver, call.Sending, call.Recovering,
	}
}

// stageRow is one kind of fault in every stage.
func stageRow(t *testing.T, f fault) string {
	t.Helper()
	cells := make([]string, 0, len(tableStages()))
	for _, stage := range tableStages() {
		cells = append(cells, cell(t, f, stage))
	}
	return fmt.Sprintf("| %s | %s |\n", f, strings.Join(cells, " | "))
}

// cell is what came of the customers whom a fault struck in a stage.
func cell(t *testing.T, f fault, stage call.Stage) string {
	t.Helper()
	came := map[outcome]int{}
	struck := 0
	var silence, again time.Duration
	for seed := uint64(1); seed <= pairSeeds && struck < pairBlows; seed++ {
		s := setup{plan: only(f), aim: &aim{fault: f, stage: stage}}
		w := run(seed, s)
		if w.failure != nil {
			t.Errorf("%s in %s, seed %d: %s", f, stage, seed, w.failure)
		}
		for _, b := range w.blows {
			struck++
			came[b.end]++
			silence = max(silence, b.silence)
			if b.end == sameAgent || b.end == newAgent || b.end == firstOne {
				again = max(again, b.again())
			}
		}
	}
	if struck == 0 {
		return ""
	}
	var words []string
	for _, o := range []outcome{sameAgent, newAgent, firstOne, hasLeft, hasEnded, stillHere} {
		if came[o] > 0 {
			words = append(words, fmt.Sprintf("%d %s", came[o], o))
		}
	}
	return fmt.Sprintf("%s %s/%s", strings.Join(words, " "), second(silence), second(again))
}

func stageHead() string {
	var b strings.Builder
	fmt.Fprintf(&b, `
## Each fault in each stage

The fault strikes once, a call that is in that stage, and nothing else goes wrong; up to %d times each, in at most %d runs. Nobody hangs up by
themselves, and agents go on bringing customers back to somebody, but begin nothing new. A cell tells what came of the customers, the longest silence
and the longest time until they were with somebody again, in seconds (music or words meanwhile, and an agent's own time on hold): *same*, with the agent of before;
*other*, with another one; *served*, had nobody before and was put through; *left*, the customer's own line ended; *waiting*, still in line
at the end. Empty: the fault has no occasion in that stage.

| fault |`, pairBlows, pairSeeds)
	for _, s := range tableStages() {
		fmt.Fprintf(&b, " %s |", s)
	}
	b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(tableStages())) + "\n")
	return b.String()
}
