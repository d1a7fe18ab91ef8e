package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/desk"
)

const (
	selectAgents = `SELECT id, name, presence, reason, since, idle_since, token_until, wrap_until, wrap_call, next, next_reason, teams FROM agents ORDER BY id`

	insertSession         = `INSERT INTO sessions (token_hash, agent, expires_at) VALUES (?, ?, ?)`
	selectSession         = `SELECT agent FROM sessions WHERE token_hash = ? AND expires_at > ?`
	deleteSession         = `DELETE FROM sessions WHERE token_hash = ?`
	deleteExpiredSessions = `DELETE FROM sessions WHERE expires_at <= ?`
)

// Agents loads the roster, by id.
func (s *Store) Agents(ctx context.Context) ([]agent.Agent, error) {
	var agents []agent.Agent
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, selectAgents, nil, func(rows *sql.Rows) error {
			var a agent.Agent
			var teams string
			err := rows.Scan(&a.ID, &a.Name, &a.Presence, &a.Reason, timeColumn{&a.Since}, timeColumn{&a.IdleSince}, timeColumn{&a.TokenUntil},
				timeColumn{&a.WrapUntil}, &a.WrapCall, &a.Next, &a.NextReason, &teams)
			if teams != "" {
				a.Teams = strings.Split(teams, ",")
			}
			agents = append(agents, a)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("load the roster: %w", err)
	}
	return agents, nil
}

// SaveAgents writes agents as they are given, all or none.
func (s *Store) SaveAgents(ctx context.Context, agents ...agent.Agent) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error { return writeAgents(ctx, l, agents) })
	if err != nil {
		return fmt.Errorf("save the roster: %w", err)
	}
	return nil
}

// SaveSession signs an agent in until expires. hash is the SHA-256 of the
// cookie's value; a hash that exists already is desk.ErrConflict. Sessions that
// have expired are forgotten.
func (s *Store) SaveSession(ctx context.Context, hash [32]byte, id agent.ID, expires time.Time) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		if _, err := l.exec(ctx, deleteExpiredSessions, nanos(s.now())); err != nil {
			return err
		}
		_, err := l.exec(ctx, insertSession, hash[:], string(id), nanos(expires))
		return err
	})
	if err != nil {
		return fmt.Errorf("save the session of %s: %w", id, err)
	}
	return nil
}

// Session tells who is signed in with the cookie of this hash; desk.ErrNotFound
// when nobody is, or no longer.
func (s *Store) Session(ctx context.Context, hash [32]byte) (agent.ID, error) {
	var id agent.ID
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, selectSession, []any{hash[:], nanos(s.now())}, func(rows *sql.Rows) error { return rows.Scan(&id) })
	})
	if err != nil {
		return "", fmt.Errorf("load a session: %w", err)
	}
	if id == "" {
		return "", fmt.Errorf("session: %w", desk.ErrNotFound)
	}
	return id, nil
}

// DeleteSession signs out. A session that does not exist is no error.
func (s *Store) DeleteSession(ctx context.Context, hash [32]byte) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		_, err := l.exec(ctx, deleteSession, hash[:])
		return err
	})
	if err != nil {
		return fmt.Errorf("delete a session: %w", err)
	}
	return nil
}
