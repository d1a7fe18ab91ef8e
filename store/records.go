package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/oklog/ulid/v2"

	"warmdesk/call"
	"warmdesk/history"
)

// A call's id begins with the time it was made, so that the newest come first by
// the primary key alone.
const selectRecords = `SELECT c.id, c.number, c.name, c.started_at,
		coalesce(t.at, 0), coalesce(t.kind, ''), coalesce(t.agent, ''), coalesce(t.other, ''), coalesce(t.outcome, ''), coalesce(t.why, '')
	FROM (SELECT id, number, name, started_at FROM calls
		WHERE account = ? AND id < ? AND id >= ? AND started_at >= ? AND started_at < ? ORDER BY id DESC LIMIT ?) c
	LEFT JOIN timeline t ON t.call = c.id ORDER BY c.id DESC, t.number`

// idSlack is how far the time in a call's id may be from when it started.
const idSlack = time.Minute

// Records loads calls with their timelines, newest first, live or over.
func (s *Store) Records(ctx context.Context, q history.Query) ([]history.Record, error) {
	oldest, newest := "", "~" // every id is between them
	from, to := int64(0), int64(1<<62)
	if !q.From.IsZero() {
		from, oldest = q.From.UnixNano(), idAt(q.From.Add(-idSlack))
	}
	if !q.To.IsZero() {
		to, newest = q.To.UnixNano(), idAt(q.To.Add(idSlack))
	}
	if q.Before != "" && string(q.Before) < newest {
		newest = string(q.Before)
	}
	var records []history.Record
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, selectRecords, []any{q.Account, newest, oldest, from, to, int64(q.Limit)}, func(rows *sql.Rows) error {
			var r history.Record
			var n call.News
			if err := rows.Scan(&r.ID, &r.Number, &r.Name, timeColumn{&r.Started},
				timeColumn{&n.At}, &n.Kind, &n.Agent, &n.Other, &n.Outcome, &n.Why); err != nil {
				return err
			}
			if len(records) == 0 || records[len(records)-1].ID != r.ID {
				records = append(records, r)
			}
			if last := &records[len(records)-1]; n.Kind != "" {
				last.Entries = append(last.Entries, n)
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("load records: %w", err)
	}
	return records, nil
}

// idAt is the smallest id of a time; of one before 1970, the smallest of all.
func idAt(t time.Time) string {
	if t.Unix() < 0 {
		return ""
	}
	var id ulid.ULID
	if err := id.SetTime(ulid.Timestamp(t)); err != nil {
		return "~" // after the year 10889
	}
	return id.String()
}
