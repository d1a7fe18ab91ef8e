package store

import (
	"context"
	"fmt"
	"time"
)

const (
	insertTicket     = `INSERT INTO tickets (identity, expires_at) VALUES (?, ?)`
	deleteOldTickets = `DELETE FROM tickets WHERE expires_at <= ?`
	useTicket        = `UPDATE tickets SET call_sid = ?1 WHERE identity = ?2 AND (call_sid = ?1 OR call_sid = '' AND expires_at > ?3)`
)

// ticketKept is how long a used ticket is remembered, so that a webhook that the
// carrier repeats finds it.
const ticketKept = time.Hour

// SaveTicket lets the identity of a customer's page call once until expires; now is
// for forgetting others.
func (s *Store) SaveTicket(ctx context.Context, identity string, now, expires time.Time) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		if _, err := l.exec(ctx, deleteOldTickets, nanos(now.Add(-ticketKept))); err != nil {
			return err
		}
		_, err := l.exec(ctx, insertTicket, identity, nanos(expires))
		return err
	})
	if err != nil {
		return fmt.Errorf("save a ticket: %w", err)
	}
	return nil
}

// UseTicket takes the ticket of an identity for the leg sid and reports whether it
// has it: it was there, in time, and no other leg had used it.
func (s *Store) UseTicket(ctx context.Context, identity, sid string, now time.Time) (ok bool, err error) {
	err = s.write(ctx, func(ctx context.Context, l *lane) error {
		result, err := l.exec(ctx, useTicket, sid, identity, nanos(now))
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		ok = n > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("use a ticket: %w", err)
	}
	return ok, nil
}
