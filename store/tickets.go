package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
)

const (
	insertTicket     = `INSERT INTO tickets (identity, given_at, expires_at, vouched) VALUES (?, ?, ?, ?)`
	deleteOldTickets = `DELETE FROM tickets WHERE expires_at <= ?`
	useTicket        = `UPDATE tickets SET call_sid = ?1 WHERE identity = ?2 AND (call_sid = ?1 OR call_sid = '' AND expires_at > ?3)
		RETURNING given_at, expires_at, vouched`
)

// ticketKept is how long a used ticket is remembered, so that a webhook that the
// carrier repeats finds it.
const ticketKept = time.Hour

// SaveTicket keeps a ticket until it expires, and forgets old ones.
func (s *Store) SaveTicket(ctx context.Context, t desk.Ticket) error {
	var said []byte
	if t.Vouched != (call.Vouched{}) {
		var err error
		if said, err = json.Marshal(vouched(t.Vouched)); err != nil {
			return fmt.Errorf("save a ticket: %w", err)
		}
	}
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		if _, err := l.exec(ctx, deleteOldTickets, nanos(t.Given.Add(-ticketKept))); err != nil {
			return err
		}
		_, err := l.exec(ctx, insertTicket, t.Identity, nanos(t.Given), nanos(t.Expires), string(said))
		return err
	})
	if err != nil {
		return fmt.Errorf("save a ticket: %w", err)
	}
	return nil
}

// UseTicket takes the ticket of an identity for the leg sid; desk.ErrNotFound: it
// has none, it is late, or another leg has used it.
func (s *Store) UseTicket(ctx context.Context, identity, sid string, now time.Time) (desk.Ticket, error) {
	var t desk.Ticket
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		t = desk.Ticket{}
		return l.each(ctx, useTicket, []any{sid, identity, nanos(now)}, func(rows *sql.Rows) error {
			var said string
			t.Identity = identity
			if err := rows.Scan(timeColumn{&t.Given}, timeColumn{&t.Expires}, &said); err != nil || said == "" {
				return err
			}
			var v vouched
			if err := json.Unmarshal([]byte(said), &v); err != nil {
				return err
			}
			t.Vouched = call.Vouched(v)
			return nil
		})
	})
	if err == nil && t.Identity == "" {
		err = desk.ErrNotFound
	}
	if err != nil {
		return desk.Ticket{}, fmt.Errorf("use a ticket: %w", err)
	}
	return t, nil
}
