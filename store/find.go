package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"warmdesk/call"
	"warmdesk/history"
)

// conditions are what a query asks of a digest d, as SQL, and their arguments. Nothing
// stands there that is not asked for: a count reads an index alone that way, and not
// the texts of a hundred thousand calls.
func conditions(q history.Query) (string, []any) {
	in := spanOf(q)
	where := []string{"d.account = ?", "d.call >= ?", "d.call < ?", "d.started >= ?", "d.started < ?"}
	args := []any{q.Account, in.oldest, in.newest, in.from, in.to}
	also := func(condition string, value any) { where, args = append(where, condition), append(args, value) }
	if q.Outcome != "" {
		also("d.outcome = ?", string(q.Outcome))
	}
	if q.Transferred {
		where = append(where, "d.transfers <> ''")
	}
	if q.Text != "" {
		also("instr(d.text, ?) > 0", q.Text)
	}
	for _, list := range q.With {
		// The list stands between commas, which no id has.
		also("EXISTS (SELECT 1 FROM parts p WHERE p.call = d.call AND instr(?, ',' || p.who || ',') > 0)", ","+strings.Join(list, ",")+",")
	}
	return strings.Join(where, " AND "), args
}

// found is the query for the newest calls of a filter.
func found(q history.Query) (string, []any) {
	where, args := conditions(q)
	if who := single(q); who != "" {
		// The calls of one agent or team may be few among many.
		in := spanOf(q)
		return `SELECT w.call FROM parts w CROSS JOIN digests d ON d.account = w.account AND d.call = w.call
			WHERE w.account = ? AND w.who = ? AND w.call >= ? AND w.call < ? AND ` + where + ` ORDER BY w.call DESC LIMIT ?`,
			append([]any{q.Account, who, in.oldest, in.newest}, append(args, int64(q.Limit))...)
	}
	return `SELECT d.call FROM digests d WHERE ` + where + ` ORDER BY d.call DESC LIMIT ?`, append(args, int64(q.Limit))
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
	query, args := found(q)
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
