package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"warmdesk/agent"
	"warmdesk/staff"
)

const (
	sessionColumns = `id, user, began, seen, token, since, next, next_since, old, old_until`

	insertSession    = `INSERT INTO sessions (` + sessionColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	selectSession    = `SELECT ` + sessionColumns + ` FROM sessions WHERE token = ?1 OR next = ?1 OR old = ?1`
	selectSessionOf  = `SELECT ` + sessionColumns + ` FROM sessions WHERE id = ?`
	updateSession    = `UPDATE sessions SET (seen, token, since, next, next_since, old, old_until) = (?, ?, ?, ?, ?, ?, ?) WHERE id = ? AND token = ? AND next IS ?`
	deleteSession    = `DELETE FROM sessions WHERE id = ?`
	deleteSessionsOf = `DELETE FROM sessions WHERE user = ? AND id <> ?`
	forgetSessions   = `DELETE FROM sessions WHERE seen < ?`

	selectAttempts = `SELECT key, failures, last, locked_until FROM attempts WHERE key = ?`
	upsertAttempts = `INSERT INTO attempts (key, failures, last, locked_until) VALUES (?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET (failures, last, locked_until) = (excluded.failures, excluded.last, excluded.locked_until)`
	deleteAttempts = `DELETE FROM attempts WHERE key = ?`
	forgetAttempts = `DELETE FROM attempts WHERE last < ?1 AND locked_until < ?1`
)

// Session finds the session that has a token of this digest, whether it is over
// or not; staff.ErrNotFound.
func (s *Store) Session(ctx context.Context, token staff.Digest) (staff.Session, error) {
	return s.findSession(ctx, selectSession, token[:])
}

// SessionOf finds a session by its id; staff.ErrNotFound.
func (s *Store) SessionOf(ctx context.Context, id string) (staff.Session, error) {
	return s.findSession(ctx, selectSessionOf, id)
}

func (s *Store) findSession(ctx context.Context, query string, arg any) (staff.Session, error) {
	var found staff.Session
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, query, []any{arg}, func(rows *sql.Rows) error {
			var token, next, old []byte
			err := rows.Scan(&found.ID, &found.User, timeColumn{&found.Began}, timeColumn{&found.Seen}, &token, timeColumn{&found.Since},
				&next, timeColumn{&found.NextSince}, &old, timeColumn{&found.OldUntil})
			copy(found.Token[:], token)
			copy(found.Next[:], next)
			copy(found.Old[:], old)
			return err
		})
	})
	if err == nil && found.ID == "" {
		err = staff.ErrNotFound
	}
	if err != nil {
		return staff.Session{}, fmt.Errorf("find a session: %w", err)
	}
	return found, nil
}

// digestArg is a digest for a column; NULL for the zero one.
func digestArg(d staff.Digest) any {
	if d == (staff.Digest{}) {
		return nil
	}
	return d[:]
}

// BeginSession writes a new session, forgets the failed sign-ins of these keys,
// and the sessions not seen since forget.
func (s *Store) BeginSession(ctx context.Context, n staff.Session, succeeded []string, forget time.Time, d staff.Deed) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		for _, key := range succeeded {
			if _, err := l.exec(ctx, deleteAttempts, key); err != nil {
				return err
			}
		}
		if _, err := l.exec(ctx, forgetSessions, nanos(forget)); err != nil {
			return err
		}
		_, err := l.exec(ctx, insertSession, n.ID, string(n.User), nanos(n.Began), nanos(n.Seen), n.Token[:], nanos(n.Since),
			digestArg(n.Next), nanos(n.NextSince), digestArg(n.Old), nanos(n.OldUntil))
		if err != nil {
			return err
		}
		return writeDeed(ctx, l, d)
	})
	if err != nil {
		return fmt.Errorf("save the session of %s: %w", n.User, err)
	}
	return nil
}

// UseSession writes next where was is still what is stored.
func (s *Store) UseSession(ctx context.Context, was, next staff.Session) (bool, error) {
	var saved bool
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		res, err := l.exec(ctx, updateSession, nanos(next.Seen), next.Token[:], nanos(next.Since), digestArg(next.Next), nanos(next.NextSince),
			digestArg(next.Old), nanos(next.OldUntil), was.ID, was.Token[:], digestArg(was.Next))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		saved = n > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("save the session of %s: %w", was.User, err)
	}
	return saved, nil
}

// EndSession deletes a session; one that does not exist is no error.
func (s *Store) EndSession(ctx context.Context, id string, d staff.Deed) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		if _, err := l.exec(ctx, deleteSession, id); err != nil {
			return err
		}
		return writeDeed(ctx, l, d)
	})
	if err != nil {
		return fmt.Errorf("delete a session: %w", err)
	}
	return nil
}

// EndSessions deletes all sessions of a user but one.
func (s *Store) EndSessions(ctx context.Context, user agent.ID, but string, d staff.Deed) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		if _, err := l.exec(ctx, deleteSessionsOf, string(user), but); err != nil {
			return err
		}
		return writeDeed(ctx, l, d)
	})
	if err != nil {
		return fmt.Errorf("delete the sessions of %s: %w", user, err)
	}
	return nil
}

// Attempts loads the failed sign-ins of these keys.
func (s *Store) Attempts(ctx context.Context, keys []string) ([]staff.Attempts, error) {
	var list []staff.Attempts
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		for _, key := range keys {
			if err := l.each(ctx, selectAttempts, []any{key}, func(rows *sql.Rows) error {
				var a staff.Attempts
				err := rows.Scan(&a.Key, &a.Failures, timeColumn{&a.Last}, timeColumn{&a.Until})
				list = append(list, a)
				return err
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load failed sign-ins: %w", err)
	}
	return list, nil
}

// SaveAttempts writes failed sign-ins; none are deleted, and those whose last is
// before forget.
func (s *Store) SaveAttempts(ctx context.Context, list []staff.Attempts, forget time.Time) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		for _, a := range list {
			if _, err := l.exec(ctx, upsertAttempts, a.Key, int64(a.Failures), nanos(a.Last), nanos(a.Until)); err != nil {
				return err
			}
		}
		_, err := l.exec(ctx, forgetAttempts, nanos(forget))
		return err
	})
	if err != nil {
		return fmt.Errorf("save failed sign-ins: %w", err)
	}
	return nil
}
