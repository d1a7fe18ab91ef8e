package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

const (
	countByNumber   = `SELECT count(*) FROM calls WHERE account = ? AND number = ? AND number <> '' AND started_at >= ?`
	countByName     = `SELECT count(*) FROM calls WHERE account = ? AND name = ? AND started_at >= ?`
	selectLastEnded = `SELECT coalesce(max(ended_at), 0) FROM calls WHERE account = ? AND erased_at = 0 AND stage = 'ended'`
)

// CountCalls counts a customer's calls, as desk.Store says.
func (s *Store) CountCalls(ctx context.Context, account, number, name string, since time.Time) (int, error) {
	query, who := countByNumber, number
	if strings.HasPrefix(number, "client:") {
		query, who = countByName, name
	}
	if who == "" {
		return 0, nil
	}
	n, err := s.number(ctx, query, account, who, nanos(since))
	if err != nil {
		return 0, fmt.Errorf("count calls of a customer: %w", err)
	}
	return int(n), nil
}

// LastEnded is when a call last ended, as desk.Store says.
func (s *Store) LastEnded(ctx context.Context, account string) (time.Time, error) {
	n, err := s.number(ctx, selectLastEnded, account)
	if err != nil {
		return time.Time{}, fmt.Errorf("find the last call: %w", err)
	}
	return moment(n), nil
}

// number runs a query whose answer is one number.
func (s *Store) number(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, query, args, func(rows *sql.Rows) error { return rows.Scan(&n) })
	})
	return n, err
}
