package history

import (
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// talk is a call of a team that ana answered after wait and had for talked, so long ago.
func talk(at time.Time, ago, wait, talked time.Duration, topic string) Record {
	began := at.Add(-ago)
	answered := began.Add(wait)
	return Record{Topic: topic, Team: "billing", Started: began, Entries: []call.News{
		{At: began, Kind: call.NewsArrived},
		{At: answered, Kind: call.NewsTalking, Agent: "ana"},
		{At: answered.Add(talked), Kind: call.NewsCallerLeft, Agent: "ana"},
	}}
}

func TestHabits(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var few []Record
	for i, talked := range []time.Duration{2, 9, 4, 30} {
		few = append(few, talk(at, time.Duration(i+1)*time.Hour, time.Duration(10*(i+1))*time.Second, talked*time.Minute, "Refund of order 12"))
	}
	if _, ok := HabitsOf(few, at).FreeIn("ana", 0); ok {
		t.Error("four talks are enough to say what is usual")
	}
	if _, ok := HabitsOf(few, at).Wait("billing"); ok {
		t.Error("four waits are enough")
	}
	enough := append(few, talk(at, 5*time.Hour, time.Minute, 6*time.Minute, ""), talk(at, 48*time.Hour, time.Hour, 5*time.Minute, ""))
	h := HabitsOf(enough, at)
	if left, ok := h.FreeIn("ana", 90*time.Second); !ok || left != 5*time.Minute-90*time.Second {
		t.Errorf("free in %v, %v, want half of 2 4 5 6 9 30 min less 1:30", left, ok)
	}
	if left, ok := h.FreeIn("ana", 5*time.Minute); ok {
		t.Errorf("free in %v, who talks for as long as usual", left)
	}
	if _, ok := h.FreeIn("ben", 0); ok {
		t.Error("something is known of ben, who had no call")
	}
	if wait, ok := h.Wait("billing"); !ok || wait != 30*time.Second {
		t.Errorf("wait %v, %v, want that of the last day", wait, ok)
	}
	for _, c := range []struct {
		who   agent.ID
		topic string
		knows bool
	}{{"ana", "refund of  Order 99", true}, {"ana", "Delivery", false}, {"ana", "12", false}, {"ana", "", false}, {"ben", "Refund of order 12", false}} {
		if got := h.Knows(c.who, c.topic); got != c.knows {
			t.Errorf("%s knows %q: %v", c.who, c.topic, got)
		}
	}
}

// A call that goes on, and one that nobody answered, say nothing.
func TestHabitsOfUnfinishedCalls(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var records []Record
	for range 6 {
		live := talk(at, time.Hour, time.Second, time.Minute, "Refund")
		live.Entries = live.Entries[:2]
		alone := talk(at, time.Hour, time.Second, time.Minute, "Refund")
		alone.Entries = []call.News{alone.Entries[0], alone.Entries[2]}
		records = append(records, live, alone)
	}
	h := HabitsOf(records, at)
	_, free := h.FreeIn("ana", 0)
	_, wait := h.Wait("billing")
	if free || wait || h.Knows("ana", "Refund") {
		t.Errorf("free %v, wait %v", free, wait)
	}
}
