package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"warmdesk/call"
	"warmdesk/history"
	"warmdesk/outbox"
)

// Of one call and receiver the oldest pending delivery has a next_try, and the
// others have none until it is done: that keeps their order, and what is due is
// one step in an index however many wait.
const (
	insertDelivery = `INSERT INTO deliveries (event, type, call, at, receiver, body, status, next_try)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'pending', CASE WHEN EXISTS
		(SELECT 1 FROM deliveries WHERE status = 'pending' AND receiver = ?5 AND call = ?3) THEN NULL ELSE ?4 END)`
	promoteDelivery = `UPDATE deliveries SET next_try = ?1 WHERE next_try IS NULL AND number =
		(SELECT min(number) FROM deliveries WHERE status = 'pending' AND receiver = ?2 AND call = ?3)`

	deliveryColumns = `number, event, type, call, at, receiver, body, status, tries, coalesce(next_try, 0), tried_at, code, error`
	pendingNext     = `SELECT min(next_try) FROM deliveries WHERE status = 'pending' AND next_try IS NOT NULL AND receiver = ?`
	selectDue       = `SELECT ` + deliveryColumns + ` FROM deliveries
		WHERE status = 'pending' AND next_try IS NOT NULL AND receiver = ? AND next_try <= ? ORDER BY next_try, number LIMIT ?`
	claimDelivery  = `UPDATE deliveries SET tries = tries + 1, next_try = ?, tried_at = ? WHERE number = ?`
	finishDelivery = `UPDATE deliveries SET status = ?, next_try = ?, code = ?, error = ?
		WHERE number = ? AND tries = ? AND status = 'pending'`
	retryDelivery = `UPDATE deliveries SET status = 'pending', tries = 0, next_try = ? WHERE number = ?`
	selectTried   = `SELECT ` + deliveryColumns + ` FROM deliveries WHERE tried_at > 0 ORDER BY tried_at DESC, number DESC LIMIT ?`
	// countPending goes from receiver to receiver, and counts no further than asked.
	countPending = `WITH RECURSIVE r (receiver) AS (
			SELECT min(receiver) FROM deliveries WHERE status = 'pending'
			UNION ALL SELECT (SELECT min(receiver) FROM deliveries WHERE status = 'pending' AND receiver > r.receiver) FROM r WHERE receiver IS NOT NULL)
		SELECT receiver, (SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE status = 'pending' AND receiver = r.receiver LIMIT ?))
		FROM r WHERE receiver IS NOT NULL`
	forgetDelivered = `DELETE FROM deliveries WHERE number IN
		(SELECT number FROM deliveries WHERE tried_at > 0 AND tried_at < ? AND status = ? LIMIT ?)`
)

var _ outbox.Store = (*Store)(nil)

// writeEvents queues the events of a step for each receiver.
func writeEvents(ctx context.Context, l *lane, events []history.Event, receivers []string) error {
	for _, e := range events {
		body, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("event %s: %w", e.ID, err)
		}
		for _, r := range receivers {
			if _, err := l.exec(ctx, insertDelivery, e.ID, string(e.Type), about(e), nanos(e.At), r, string(body)); err != nil {
				return fmt.Errorf("event %s: %w", e.ID, err)
			}
		}
	}
	return nil
}

// about is what an event is of, whose events are sent in order: its call, or a task
// that belongs to none, whose id the event's begins with.
func about(e history.Event) string {
	if e.Call != "" {
		return string(e.Call)
	}
	task, _, _ := strings.Cut(e.ID, "-")
	return task
}

// NextDelivery tells when the receiver's next delivery is due; zero: none waits.
func (s *Store) NextDelivery(ctx context.Context, receiver string) (time.Time, error) {
	var next sql.NullInt64
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, pendingNext, []any{receiver}, func(rows *sql.Rows) error { return rows.Scan(&next) })
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("find the next delivery: %w", err)
	}
	return moment(next.Int64), nil
}

// ClaimDeliveries takes up to n that are due, as outbox.Store says.
func (s *Store) ClaimDeliveries(ctx context.Context, receiver string, now, lease time.Time, n int) ([]outbox.Delivery, error) {
	var claimed []outbox.Delivery
	err := s.write(ctx, func(ctx context.Context, l *lane) (err error) {
		claimed, err = deliveries(ctx, l, selectDue, receiver, nanos(now), int64(n))
		if err != nil {
			return err
		}
		for i := range claimed {
			d := &claimed[i]
			if _, err := l.exec(ctx, claimDelivery, nanos(lease), nanos(now), d.Number); err != nil {
				return err
			}
			d.Tries, d.Next, d.Tried = d.Tries+1, lease.UTC(), now.UTC()
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("claim deliveries: %w", err)
	}
	return claimed, nil
}

// FinishDelivery notes what became of an attempt, as outbox.Store says.
func (s *Store) FinishDelivery(ctx context.Context, d outbox.Delivery, now time.Time) error {
	var next any
	if d.Status == outbox.Pending {
		next = nanos(d.Next)
	}
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		res, err := l.exec(ctx, finishDelivery, string(d.Status), next, int64(d.Code), d.Error, d.Number, int64(d.Tries))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 || d.Status == outbox.Pending {
			return err
		}
		_, err = l.exec(ctx, promoteDelivery, nanos(now), d.Receiver, string(d.Call))
		return err
	})
	if err != nil {
		return fmt.Errorf("save delivery %d: %w", d.Number, err)
	}
	return nil
}

// RetryDelivery makes a delivery due again, whatever became of it;
// outbox.ErrNotFound.
func (s *Store) RetryDelivery(ctx context.Context, number int64, now time.Time) error {
	found := false
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		res, err := l.exec(ctx, retryDelivery, nanos(now), number)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		found = n > 0
		return err
	})
	switch {
	case err != nil:
		return fmt.Errorf("retry delivery %d: %w", number, err)
	case !found:
		return fmt.Errorf("delivery %d: %w", number, outbox.ErrNotFound)
	}
	return nil
}

// Deliveries loads those attempted last, newest attempt first.
func (s *Store) Deliveries(ctx context.Context, limit int) ([]outbox.Delivery, error) {
	var list []outbox.Delivery
	err := s.read(ctx, func(ctx context.Context, l *lane) (err error) {
		list, err = deliveries(ctx, l, selectTried, int64(limit))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load deliveries: %w", err)
	}
	return list, nil
}

// PendingDeliveries counts what waits, by receiver, up to most.
func (s *Store) PendingDeliveries(ctx context.Context, most int) (map[string]int, error) {
	pending := map[string]int{}
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, countPending, []any{int64(most)}, func(rows *sql.Rows) error {
			var receiver string
			var n int
			err := rows.Scan(&receiver, &n)
			pending[receiver] = n
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("count deliveries: %w", err)
	}
	return pending, nil
}

// ForgetDeliveries deletes up to limit of a status that were last attempted
// before the given time, and tells how many.
func (s *Store) ForgetDeliveries(ctx context.Context, status outbox.Status, before time.Time, limit int) (int, error) {
	var n int64
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		res, err := l.exec(ctx, forgetDelivered, nanos(before), string(status), int64(limit))
		if err == nil {
			n, err = res.RowsAffected()
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("forget deliveries: %w", err)
	}
	return int(n), nil
}

func deliveries(ctx context.Context, l *lane, query string, args ...any) ([]outbox.Delivery, error) {
	var list []outbox.Delivery
	err := l.each(ctx, query, args, func(rows *sql.Rows) error {
		var d outbox.Delivery
		var id string
		var body string
		err := rows.Scan(&d.Number, &d.Event, &d.Type, &id, timeColumn{&d.At}, &d.Receiver, &body, &d.Status, &d.Tries,
			timeColumn{&d.Next}, timeColumn{&d.Tried}, &d.Code, &d.Error)
		d.Call, d.Body = call.ID(id), []byte(body)
		list = append(list, d)
		return err
	})
	return list, err
}
