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
// the primary key alone. The account is written so that no index that begins with it
// is taken instead: all of its calls would then be put in order for a page of them.
const (
	recordColumns = `id, account, number, name, coalesce(rest ->> 'note', '') AS note, coalesce(rest ->> 'team', '') AS team,
		coalesce(rest ->> 'topic', '') AS topic, coalesce(rest ->> 'conclusion', '') AS conclusion,
		coalesce(CAST(rest ->> 'stars' AS INTEGER), 0) AS stars, rest ->> 'vouched' IS NOT NULL AS verified, started_at`
	// withTimelines puts calls, as a subquery of recordColumns, with their timelines.
	withTimelines = `SELECT c.id, c.account, c.number, c.name, c.note, c.team, c.topic, c.conclusion, c.stars, c.verified, c.started_at,
		coalesce(t.at, 0), coalesce(t.kind, ''), coalesce(t.agent, ''), coalesce(t.other, ''), coalesce(t.outcome, ''), coalesce(t.why, '')
		FROM (%s) c LEFT JOIN timeline t ON t.call = c.id ORDER BY c.id DESC, t.number`
)

var (
	selectRecords = fmt.Sprintf(withTimelines, `SELECT `+recordColumns+` FROM calls
		WHERE account || '' = ? AND id < ? AND id >= ? AND started_at >= ? AND started_at < ? ORDER BY id DESC LIMIT ?`)
	selectRecord      = fmt.Sprintf(withTimelines, `SELECT `+recordColumns+` FROM calls WHERE id = ?`)
	selectLiveRecords = fmt.Sprintf(withTimelines, `SELECT `+recordColumns+` FROM calls WHERE `+live+` AND started_at >= ? AND started_at < ?`)
)

// idSlack is how far the time in a call's id may be from when it started.
const idSlack = time.Minute

// span is a span of time as calls are searched by: started in nanoseconds, from
// inclusive, to exclusive; ids from oldest inclusive to newest exclusive.
type span struct {
	from, to       int64
	oldest, newest string
}

func spanOf(q history.Query) span {
	s := span{oldest: "", newest: "~", from: 0, to: 1 << 62} // every id is between them
	if !q.From.IsZero() {
		s.from, s.oldest = q.From.UnixNano(), idAt(q.From.Add(-idSlack))
	}
	if !q.To.IsZero() {
		s.to, s.newest = q.To.UnixNano(), idAt(q.To.Add(idSlack))
	}
	if q.Before != "" && string(q.Before) < s.newest {
		s.newest = string(q.Before)
	}
	if q.Only != "" {
		s.oldest, s.newest = string(q.Only), string(q.Only)+" " // no id has a space
	}
	return s
}

// Records loads calls with their timelines, newest first, live or over. Those of a
// filter may take as long as a hundred thousand calls take to be looked at, and are
// looked for one after the other, so that calls that go on do not wait.
func (s *Store) Records(ctx context.Context, q history.Query) ([]history.Record, error) {
	in := spanOf(q)
	var records []history.Record
	read := s.read
	if !q.All() {
		read = s.readLong
	}
	err := read(ctx, func(ctx context.Context, l *lane) (err error) {
		if !q.All() {
			records, err = find(ctx, l, q)
			return err
		}
		records, err = loadRecords(ctx, l, selectRecords, q.Account, in.newest, in.oldest, in.from, in.to, int64(q.Limit))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load records: %w", err)
	}
	return records, nil
}

// loadRecords runs one of the queries made withTimelines.
func loadRecords(ctx context.Context, l *lane, query string, args ...any) ([]history.Record, error) {
	var records []history.Record
	err := l.each(ctx, query, args, func(rows *sql.Rows) error {
		var r history.Record
		var n call.News
		if err := rows.Scan(&r.ID, &r.Account, &r.Number, &r.Name, &r.Note, &r.Team, &r.Topic, &r.Conclusion, &r.Stars, &r.Verified, timeColumn{&r.Started},
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
	return records, err
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
