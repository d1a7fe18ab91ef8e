package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/oklog/ulid/v2"

	"warmdesk/agent"
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

// filters: whatever is asked for, a store finds the calls that history.Filter takes.
func filters(t *testing.T, s Store) {
	if err := s.SaveAgents(t.Context(), agent.Agent{ID: "ana", Presence: agent.Offline, Teams: []string{"help"}}, agent.Agent{ID: "ben", Presence: agent.Offline, Teams: []string{"help", "sales"}}); err != nil {
		t.Fatal(err)
	}
	teams := func(id agent.ID) []string {
		return map[agent.ID][]string{"ana": {"help"}, "ben": {"help", "sales"}}[id]
	}
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	for i := range 60 {
		entries := []desk.Entry{{Kind: call.NewsArrived}}
		if owner := agent.ID(pick("ana", "ben", "cy", "")); owner != "" {
			entries = append(entries, desk.Entry{Kind: call.NewsTalking, Agent: owner})
		}
		if random.IntN(3) == 0 {
			entries = append(entries, desk.Entry{Kind: call.NewsInvited, Agent: "cy", Other: "ana"})
		}
		stage := call.Ended
		if random.IntN(4) > 0 {
			entries = append(entries, desk.Entry{Kind: call.NewsKind(pick("caller_left", "parted", "caller_gone"))})
		} else {
			stage = call.Talking
		}
		c := callAgo(t, s, time.Duration(i+1)*time.Minute, stage, entries...)
		c.Name, c.Note, c.Team = pick("Dana Reyes", "ELI"), pick("", "100% sure", "under_score"), pick("", "sales")
		save(t, s, desk.Save{Call: c, Version: 1})
	}
	all, err := s.Records(t.Context(), history.Query{Account: "AC1", Limit: 100})
	if err != nil || len(all) != 60 {
		t.Fatalf("%d calls: %v", len(all), err)
	}
	found := 0
	for range 300 {
		q := history.Query{Account: "AC1", Limit: 100, Filter: history.Filter{
			Text: history.SearchFor(pick("", "", "dana", "Reyes", "%", "_", "nobody")), Transferred: random.IntN(4) == 0,
			Outcome: history.Outcome(pick("", "", "live", "answered", "abandoned", "message", "broken", "dropped")),
		}}
		for range random.IntN(4) {
			q.With = append(q.With, [][]string{{"ana"}, {"ben", "team/sales"}, {"team/help"}, {}, {"cy", "ana"}}[random.IntN(5)])
		}
		if random.IntN(2) == 0 {
			q.Before = all[random.IntN(len(all))].ID
		}
		var want, got []call.ID
		for _, r := range all {
			if (q.Before == "" || r.ID < q.Before) && q.Takes(history.DigestOf(r, teams, Now())) {
				want = append(want, r.ID)
			}
		}
		list, err := s.Records(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			got = append(got, r.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%+v: %s", q, diff)
		}
		found += len(got)
	}
	if found < 300 {
		t.Errorf("only %d calls were found in all: the filters try little", found)
	}
}
