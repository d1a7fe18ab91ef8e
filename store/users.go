package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"warmdesk/desk"
	"warmdesk/staff"
)

const (
	selectUsers = `SELECT id, name, role, phone, hash, disabled, created, password_set FROM users ORDER BY id`
	insertUser  = `INSERT INTO users (id, name, role, phone, hash, disabled, created, password_set) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	updateUser  = `UPDATE users SET (name, role, phone, hash, disabled, created, password_set) = (?, ?, ?, ?, ?, ?, ?) WHERE id = ?`
	countUsers  = `SELECT count(*) FROM users`

	insertLink    = `INSERT INTO links (digest, user, expires) VALUES (?, ?, ?)`
	selectLink    = `SELECT user, expires FROM links WHERE digest = ?`
	deleteLink    = `DELETE FROM links WHERE digest = ?`
	deleteLinksOf = `DELETE FROM links WHERE user = ?`

	insertDeed  = `INSERT INTO audit (at, who, address, what, on_whom, outcome) VALUES (?, ?, ?, ?, ?, ?)`
	selectDeeds = `SELECT number, at, who, address, what, on_whom, outcome FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?`
)

// Users loads everybody who is stored, by id.
func (s *Store) Users(ctx context.Context) ([]staff.User, error) {
	var users []staff.User
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, selectUsers, nil, func(rows *sql.Rows) error {
			var u staff.User
			err := rows.Scan(&u.ID, &u.Name, &u.Role, &u.Phone, &u.Hash, &u.Disabled, timeColumn{&u.Created}, timeColumn{&u.PasswordSet})
			users = append(users, u)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("load the users: %w", err)
	}
	return users, nil
}

// SaveUser carries a change out in one transaction, as staff.Store says.
func (s *Store) SaveUser(ctx context.Context, c staff.Change) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		if c.First {
			n := 0
			if err := l.each(ctx, countUsers, nil, func(rows *sql.Rows) error { return rows.Scan(&n) }); err != nil {
				return err
			}
			if n > 0 {
				return staff.ErrTaken
			}
		}
		if c.Link != (staff.Digest{}) {
			if err := l.oneRow(ctx, staff.ErrNotFound, deleteLink, c.Link[:]); err != nil {
				return err
			}
		}
		if err := writeUser(ctx, l, c); err != nil {
			return err
		}
		if c.EndSessions {
			if _, err := l.exec(ctx, deleteSessionsOf, string(c.User.ID), c.KeepSession); err != nil {
				return err
			}
		}
		if c.DropLinks {
			if _, err := l.exec(ctx, deleteLinksOf, string(c.User.ID)); err != nil {
				return err
			}
		}
		return writeDeed(ctx, l, c.Deed)
	})
	if c.New && errors.Is(err, desk.ErrConflict) {
		err = staff.ErrTaken
	}
	if err != nil {
		return fmt.Errorf("save user %s: %w", c.User.ID, err)
	}
	return nil
}

func writeUser(ctx context.Context, l *lane, c staff.Change) error {
	u := c.User
	if c.New {
		_, err := l.exec(ctx, insertUser, string(u.ID), u.Name, string(u.Role), u.Phone, u.Hash, u.Disabled, nanos(u.Created), nanos(u.PasswordSet))
		return err
	}
	return l.oneRow(ctx, staff.ErrNotFound, updateUser, u.Name, string(u.Role), u.Phone, u.Hash, u.Disabled, nanos(u.Created), nanos(u.PasswordSet), string(u.ID))
}

// oneRow runs a statement that is to change a row, and returns otherwise when
// there is none.
func (l *lane) oneRow(ctx context.Context, otherwise error, query string, args ...any) error {
	res, err := l.exec(ctx, query, args...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = otherwise
	}
	return err
}

// SaveLink replaces the links of the same user.
func (s *Store) SaveLink(ctx context.Context, link staff.Link, d staff.Deed) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		if _, err := l.exec(ctx, deleteLinksOf, string(link.User)); err != nil {
			return err
		}
		if _, err := l.exec(ctx, insertLink, link.Digest[:], string(link.User), nanos(link.Expires)); err != nil {
			return err
		}
		return writeDeed(ctx, l, d)
	})
	if err != nil {
		return fmt.Errorf("save a link: %w", err)
	}
	return nil
}

// Link finds a link, even one that is too old; staff.ErrNotFound.
func (s *Store) Link(ctx context.Context, digest staff.Digest) (staff.Link, error) {
	link, found := staff.Link{Digest: digest}, false
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, selectLink, []any{digest[:]}, func(rows *sql.Rows) error {
			found = true
			return rows.Scan(&link.User, timeColumn{&link.Expires})
		})
	})
	if err == nil && !found {
		err = staff.ErrNotFound
	}
	if err != nil {
		return staff.Link{}, fmt.Errorf("find a link: %w", err)
	}
	return link, nil
}

// AppendDeed adds a line to the audit trail.
func (s *Store) AppendDeed(ctx context.Context, d staff.Deed) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error { return writeDeed(ctx, l, d) })
	if err != nil {
		return fmt.Errorf("add to the audit trail: %w", err)
	}
	return nil
}

// writeDeed adds a line; one that tells nothing is none.
func writeDeed(ctx context.Context, l *lane, d staff.Deed) error {
	if d.What == "" {
		return nil
	}
	_, err := l.exec(ctx, insertDeed, nanos(d.At), string(d.Who), d.Address, string(d.What), d.On, d.Outcome)
	return err
}

// Deeds loads the audit trail, newest first, from before that number on; 0: from
// the newest.
func (s *Store) Deeds(ctx context.Context, before int64, limit int) ([]staff.Deed, error) {
	if before <= 0 {
		before = 1<<63 - 1
	}
	var list []staff.Deed
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, selectDeeds, []any{before, int64(limit)}, func(rows *sql.Rows) error {
			var d staff.Deed
			err := rows.Scan(&d.Number, timeColumn{&d.At}, &d.Who, &d.Address, &d.What, &d.On, &d.Outcome)
			list = append(list, d)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("load the audit trail: %w", err)
	}
	return list, nil
}

var _ staff.Store = (*Store)(nil)
