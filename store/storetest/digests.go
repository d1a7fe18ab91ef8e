package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/oklog/ulid/v2"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
)

// callAgo makes a call that started then, with a timeline: seconds and kinds, of
// ana and ben.
func callAgo(t *testing.T, s Store, ago time.Duration, stage call.Stage, entries ...desk.Entry) call.Call {
	t.Helper()
	at := Now().Add(-ago)
	var id ulid.ULID
	if err := id.SetTime(ulid.Timestamp(at)); err != nil {
		t.Fatal(err)
	}
	if err := id.SetEntropy([]byte("0123456789")); err != nil {
		t.Fatal(err)
	}
	c := arrive(id.String())
	c.StartedAt, c.Stage = at, stage
	for i := range entries {
		entries[i].At = at.Add(time.Duration(i) * 10 * time.Second)
	}
	save(t, s, desk.Save{Call: c, Entries: entries})
	return c
}

// tallies: an entry comes every ten seconds.
func tallies(t *testing.T, s Store) {
	arrived := desk.Entry{Kind: call.NewsArrived}
	talking := desk.Entry{Kind: call.NewsTalking, Agent: "ana"}
	callAgo(t, s, time.Hour, call.Ended, arrived, talking, desk.Entry{Kind: call.NewsCallerLeft, Agent: "ana"})
	callAgo(t, s, 2*time.Hour, call.Ended, arrived, talking, desk.Entry{Kind: call.NewsEnded, Agent: "ana"})
	callAgo(t, s, 3*time.Hour, call.Ended, arrived, desk.Entry{Kind: call.NewsCallerLeft})
	callAgo(t, s, 4*time.Hour, call.Queued, arrived)
	live := callAgo(t, s, time.Minute, call.Talking, arrived, talking)
	ask := func(q history.Query) []history.Tally {
		t.Helper()
		list, err := s.Tallies(t.Context(), q, Now())
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(list, func(a, b history.Tally) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		return list
	}
	want := []history.Tally{{Outcome: history.Abandoned, Wait: 10, Calls: 1}, {Outcome: history.Spoken, Answered: true, Wait: 10, Calls: 2},
		{Outcome: history.Live, Wait: 4 * 3600, Calls: 1}, {Outcome: history.Live, Answered: true, Wait: 10, Calls: 1}}
	if diff := cmp.Diff(want, ask(history.Query{Account: "AC1"})); diff != "" {
		t.Error(diff)
	}
	span := history.Query{Account: "AC1", From: Now().Add(-3 * time.Hour), To: Now().Add(-time.Hour)}
	want = []history.Tally{{Outcome: history.Abandoned, Wait: 10, Calls: 1}, {Outcome: history.Spoken, Answered: true, Wait: 10, Calls: 1}}
	if diff := cmp.Diff(want, ask(span)); diff != "" {
		t.Error(diff)
	}
	if other := ask(history.Query{Account: "AC2"}); len(other) > 0 {
		t.Errorf("of another account: %v", other)
	}
	// When the live one ends it is counted once.
	live.Stage = call.Ended
	save(t, s, desk.Save{Call: live, Version: 1, Entries: []desk.Entry{{At: Now(), Kind: call.NewsLost, Agent: "ana"}, {At: Now(), Kind: call.NewsCallerLeft, Agent: "ana"}}})
	want = []history.Tally{{Outcome: history.Dropped, Answered: true, Wait: 10, Calls: 1}}
	if diff := cmp.Diff(want, ask(history.Query{Account: "AC1", From: Now().Add(-time.Minute)})); diff != "" {
		t.Error(diff)
	}
}
