package history

import (
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
)

// Habits are what calls of late tell: how long each agent talks and what about, and
// how long callers of each team wait. The zero Habits know nothing.
type Habits struct {
	talks  map[agent.ID][]time.Duration
	topics map[agent.ID]map[string]bool
	waits  map[string][]time.Duration
}

const (
	samplesMost = 20 // of one agent or team, the newest
	// samplesLeast is how many there must be before anybody is told what is usual.
	samplesLeast = 5
	// waitsSpan is how old a wait may be that says what the next one will be.
	waitsSpan = 24 * time.Hour
)

// HabitsOf reads calls, the newest first; those that go on say nothing yet. at is now.
func HabitsOf(records []Record, at time.Time) Habits {
	h := Habits{map[agent.ID][]time.Duration{}, map[agent.ID]map[string]bool{}, map[string][]time.Duration{}}
	for _, r := range records {
		f := Sum(r.Entries, at)
		if f.Ended.IsZero() {
			continue
		}
		for _, id := range f.Agents {
			if had := f.Had[id]; had > 0 && len(h.talks[id]) < samplesMost {
				h.talks[id] = append(h.talks[id], had)
			}
			if topic := topicKey(r.Topic); topic != "" {
				if h.topics[id] == nil {
					h.topics[id] = map[string]bool{}
				}
				h.topics[id][topic] = true
			}
		}
		if !f.Answered.IsZero() && at.Sub(f.Answered) <= waitsSpan && len(h.waits[r.Team]) < samplesMost {
			h.waits[r.Team] = append(h.waits[r.Team], f.Answered.Sub(f.Started))
		}
	}
	return h
}

// FreeIn is after how long an agent who has talked for so long is usually free; not
// ok: too little is known, or they talk for longer than usual already.
func (h Habits) FreeIn(id agent.ID, talked time.Duration) (left time.Duration, ok bool) {
	usual, ok := median(h.talks[id])
	return usual - talked, ok && usual > talked
}

// Wait is how long callers of a team wait for an answer, as half of them do not wait
// longer; not ok: too few have called.
func (h Habits) Wait(team string) (time.Duration, bool) { return median(h.waits[team]) }

// Knows reports whether an agent has had a call about the same.
func (h Habits) Knows(id agent.ID, topic string) bool {
	key := topicKey(topic)
	return key != "" && h.topics[id][key]
}

func median(samples []time.Duration) (time.Duration, bool) {
	if len(samples) < samplesLeast {
		return 0, false
	}
	sorted := slices.Sorted(slices.Values(samples))
	return sorted[(len(sorted)-1)/2], true
}

// topicKey is what a topic is about: refunds of order 12 and of order 13 are one.
func topicKey(topic string) string {
	words := slices.DeleteFunc(strings.Fields(SearchText(topic)), func(w string) bool { return strings.ContainsAny(w, "0123456789") })
	return strings.Join(words, " ")
}
