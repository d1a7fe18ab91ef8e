package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/oklog/ulid/v2"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
)

// records: call i started i minutes ago and has i entries.
func records(t *testing.T, s Store) {
	names := map[call.ID]string{}
	for i := range 6 {
		at := Now().Add(-time.Duration(i) * time.Minute)
		var id ulid.ULID
		if err := id.SetTime(ulid.Timestamp(at)); err != nil {
			t.Fatal(err)
		}
		c := arrive(id.String())
		c.StartedAt, c.Stage = at, []call.Stage{call.Queued, call.Ended}[i%2]
		names[c.ID] = fmt.Sprint(i)
		v := desk.Save{Call: c}
		for j := range i {
			v.Entries = append(v.Entries, desk.Entry{At: at, Kind: call.NewsHeld, Agent: "ana", Other: "ben", Outcome: call.Busy, Why: fmt.Sprint(j)})
		}
		save(t, s, v)
	}
	ask := func(q history.Query) ([]history.Record, string) {
		t.Helper()
		if q.Account == "" {
			q.Account = "AC1"
		}
		if q.Limit == 0 {
			q.Limit = 10
		}
		list, err := s.Records(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, r := range list {
			found = append(found, names[r.ID])
			if want := names[r.ID]; fmt.Sprint(len(r.Entries)) != want {
				t.Errorf("call %s has %d entries", want, len(r.Entries))
			}
		}
		return list, strings.Join(found, " ")
	}
	all, _ := ask(history.Query{})
	ago := func(i int) time.Time { return Now().Add(-time.Duration(i) * time.Minute) }
	for _, test := range []struct {
		q    history.Query
		want string
	}{
		{history.Query{}, "0 1 2 3 4 5"},
		{history.Query{Account: "AC2"}, ""},
		{history.Query{Limit: 2}, "0 1"},
		{history.Query{Limit: 2, Before: all[1].ID}, "2 3"},
		{history.Query{From: ago(3)}, "0 1 2 3"},
		{history.Query{To: ago(3)}, "4 5"},
		{history.Query{From: ago(4), To: ago(1)}, "2 3 4"},
		{history.Query{From: ago(4), To: ago(1), Before: all[3].ID}, "4"},
		{history.Query{From: time.Unix(0, 0), To: Now().AddDate(100, 0, 0)}, "0 1 2 3 4 5"},
	} {
		if _, got := ask(test.q); got != test.want {
			t.Errorf("%+v: %s, want %s", test.q, got, test.want)
		}
	}
	want := history.Record{ID: all[2].ID, Account: "AC1", Number: "+15550001", Name: "Dana", Started: ago(2), Entries: []call.News{
		{At: ago(2), Kind: call.NewsHeld, Agent: "ana", Other: "ben", Outcome: call.Busy, Why: "0"},
		{At: ago(2), Kind: call.NewsHeld, Agent: "ana", Other: "ben", Outcome: call.Busy, Why: "1"},
	}}
	if diff := cmp.Diff(want, all[2]); diff != "" {
		t.Error(diff)
	}
}
