package store

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
)

// Calls of before there were digests, and those of another definition, get theirs.
func TestDigestOfOlderCalls(t *testing.T) {
	ctx := t.Context()
	s, err := Open(ctx, Config{URL: filepath.Join(t.TempDir(), "desk.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	start := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for i := range 3*digestBatch + 1 {
		id := call.ID(idAt(start.Add(time.Duration(i) * time.Minute)))
		c := call.Create(call.Arrived{Call: id, Account: "AC1", SID: "CA" + string(id), Number: "+15550001"}, start)
		c.Stage = call.Ended
		entries := []desk.Entry{{At: start, Kind: call.NewsArrived}, {At: start.Add(time.Minute), Kind: call.NewsCallerLeft}}
		if err := s.SaveCall(ctx, desk.Save{Call: c, Entries: entries}); err != nil {
			t.Fatal(err)
		}
	}
	for _, damage := range []string{`DELETE FROM digests`, `UPDATE digests SET form = 0, outcome = 'wrong'`} {
		err := s.write(ctx, func(ctx context.Context, l *lane) error { _, err := l.exec(ctx, damage); return err })
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Digest(ctx); err != nil {
			t.Fatal(err)
		}
		got, err := s.Tallies(ctx, history.Query{Account: "AC1"}, start)
		if err != nil {
			t.Fatal(err)
		}
		if want := (history.Tally{Outcome: history.Abandoned, Wait: 60, Calls: 3*digestBatch + 1}); len(got) != 1 || got[0] != want {
			t.Errorf("after %s: %+v, want %+v", damage, got, want)
		}
	}
}

// A page of the newest calls is read by their ids: not one more call is looked at.
func TestNewestAreNotSorted(t *testing.T) {
	s, err := Open(t.Context(), Config{URL: Memory})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	type asked struct {
		query string
		args  []any
	}
	ask := func(f history.Filter) asked {
		query, args := found(history.Query{Account: "AC1", Limit: 51, Filter: f})
		return asked{query, args}
	}
	for name, a := range map[string]asked{
		"records":            {selectRecords, []any{"AC1", "~", "", int64(0), int64(1) << 62, int64(51)}},
		"found":              ask(history.Filter{Text: "reyes"}),
		"found of somebody":  ask(history.Filter{Text: "reyes", With: [][]string{{"ana"}}}),
		"found of some":      ask(history.Filter{With: [][]string{{"ana", "team/help"}}}),
		"found of everybody": ask(history.Filter{Outcome: history.Dropped, Transferred: true}),
	} {
		err := s.read(t.Context(), func(ctx context.Context, l *lane) error {
			return l.each(ctx, "EXPLAIN QUERY PLAN "+a.query, a.args, func(rows *sql.Rows) error {
				var id, parent, unused int
				var step string
				err := rows.Scan(&id, &parent, &unused, &step)
				if step == "USE TEMP B-TREE FOR ORDER BY" {
					t.Errorf("%s are sorted", name)
				}
				return err
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
