package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"warmdesk/call"
	"warmdesk/history"
)

// Each of with is a list of Part.Who between commas; an empty one takes every call.
const (
	digestMatches = `d.account = ?1 AND d.call >= ?2 AND d.call < ?3 AND d.started >= ?4 AND d.started < ?5
		AND (?6 = '' OR d.outcome = ?6) AND (?7 = 0 OR d.transfers <> '') AND (?8 = '' OR instr(d.text, ?8) > 0)
		AND (?9 = '' OR EXISTS (SELECT 1 FROM parts p WHERE p.call = d.call AND instr(?9, ',' || p.who || ',') > 0))
		AND (?10 = '' OR EXISTS (SELECT 1 FROM parts p WHERE p.call = d.call AND instr(?10, ',' || p.who || ',') > 0))
		AND (?11 = '' OR EXISTS (SELECT 1 FROM parts p WHERE p.call = d.call AND instr(?11, ',' || p.who || ',') > 0))`
	selectFound = `SELECT d.call FROM digests d WHERE ` + digestMatches + ` ORDER BY d.call DESC LIMIT ?12`
	// Of the calls of one agent or team, which may be few among many.
	selectFoundOf = `SELECT w.call FROM parts w CROSS JOIN digests d ON d.account = w.account AND d.call = w.call
		WHERE w.account = ?1 AND w.who = ?13 AND w.call >= ?2 AND w.call < ?3 AND ` + digestMatches + ` ORDER BY w.call DESC LIMIT ?12`
)

// withMost is how many lists Filter.With may have.
const withMost = 3

// matchArgs are those of digestMatches.
func matchArgs(q history.Query) ([]any, error) {
	if len(q.With) > withMost {
		return nil, fmt.Errorf("a filter has %d lists of people, %d are known", len(q.With), withMost)
	}
	in := spanOf(q)
	args := []any{q.Account, in.oldest, in.newest, in.from, in.to, string(q.Outcome), q.Transferred, q.Text}
	for i := range withMost {
		list := ""
		if i < len(q.With) {
			list = "," + strings.Join(q.With[i], ",") + ","
		}
		args = append(args, list)
	}
	return args, nil
}

// single is somebody whose calls alone can be among those of a query; empty: there is
// nobody.
func single(q history.Query) string {
	for _, list := range q.With {
		if len(list) == 1 {
			return list[0]
		}
	}
	return ""
}

// find loads the calls that a filter takes, newest first. What goes on has no
// digest yet and is looked at itself.
func find(ctx context.Context, l *lane, q history.Query) ([]history.Record, error) {
	args, err := matchArgs(q)
	if err != nil {
		return nil, err
	}
	live, err := findLive(ctx, l, q, time.Time{})
	if err != nil {
		return nil, err
	}
	byID := map[call.ID]history.Record{}
	var ids []call.ID
	for _, r := range live {
		byID[r.ID] = r
		ids = append(ids, r.ID)
	}
	query := selectFound
	if args = append(args, int64(q.Limit)); single(q) != "" {
		query, args = selectFoundOf, append(args, single(q))
	}
	err = l.each(ctx, query, args, func(rows *sql.Rows) error {
		var id call.ID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(ids)
	slices.Reverse(ids)
	var records []history.Record
	for _, id := range ids[:min(len(ids), q.Limit)] {
		r, ok := byID[id]
		if !ok {
			one, err := loadRecords(ctx, l, selectRecord, string(id))
			if err != nil || len(one) == 0 {
				return nil, err
			}
			r = one[0]
		}
		records = append(records, r)
	}
	return records, nil
}

// findLive loads the calls that go on and that a query asks for; at is now, and may
// be the zero time where nobody wants their wait.
func findLive(ctx context.Context, l *lane, q history.Query, at time.Time) ([]history.Record, error) {
	in := spanOf(q)
	live, err := loadRecords(ctx, l, selectLiveRecords, q.Account, in.from, in.to)
	if err != nil || len(live) == 0 {
		return nil, err
	}
	teams, err := loadTeams(ctx, l)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(live, func(r history.Record) bool {
		return string(r.ID) < in.oldest || string(r.ID) >= in.newest || !q.Takes(history.DigestOf(r, teams, at))
	}), nil
}
