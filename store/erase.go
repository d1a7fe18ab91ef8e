package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/outbox"
)

const (
	countRecordings = `SELECT count(*) FROM recordings WHERE call = ? AND deleted_at = 0`
	countLegs       = `SELECT count(*) FROM legs WHERE call = ? AND call_sid IS NOT NULL`
	countTasks      = `SELECT count(*) FROM tasks WHERE call = ?1 OR id = ?1 AND call IS NULL`
	selectRequest   = `SELECT 1 FROM tasks WHERE id = ? AND account = ? AND call IS NULL`
	countUnsent     = `SELECT count(*) FROM deliveries WHERE call = ? AND status <> ?`
	selectSent      = `SELECT event, type, receiver, tried_at FROM deliveries WHERE call = ? AND status = ? ORDER BY number`

	markErased    = `UPDATE calls SET erased_at = ? WHERE id = ?`
	eraseTimeline = `UPDATE timeline SET raw = '', why = CASE WHEN kind IN ('noted', 'topic', 'trouble', 'invite_over')
		OR ?2 <> '' AND instr(why, ?2) > 0 OR ?3 <> '' AND instr(why, ?3) > 0 THEN '' ELSE why END WHERE call = ?1`
	// Who cannot be called back any more needs nobody to do so. Two numbers of one
	// call become one task.
	eraseTasks     = `UPDATE OR REPLACE tasks SET name = '', number = '', done_at = CASE done_at WHEN 0 THEN ? ELSE done_at END WHERE call = ?`
	eraseRequest   = `UPDATE tasks SET name = '', number = '', topic = '', suits = '', done_at = CASE done_at WHEN 0 THEN ? ELSE done_at END WHERE id = ?`
	dropUnsent     = `DELETE FROM deliveries WHERE call = ? AND status <> ?`
	eraseSent      = `UPDATE deliveries SET body = '{}' WHERE call = ?`
	doomRecordings = `INSERT INTO deletions (account, kind, sid, call, why, next_try)
		SELECT account, 'recording', sid, call, ?, ? FROM recordings WHERE call = ? AND deleted_at = 0 ON CONFLICT DO NOTHING`
	doomLegs = `INSERT INTO deletions (account, kind, sid, call, why, next_try)
		SELECT account_sid, 'call', call_sid, call, ?, ? FROM legs WHERE call = ? AND call_sid IS NOT NULL ON CONFLICT DO NOTHING`
)

// Erasure says what Erase would do; desk.ErrNotFound.
func (s *Store) Erasure(ctx context.Context, account string, ids []call.ID) (desk.Erasure, error) {
	var e desk.Erasure
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		e = desk.Erasure{}
		for _, id := range ids {
			if _, err := erasable(ctx, l, account, id); err != nil && !errors.Is(err, desk.ErrLive) {
				return err
			}
			if err := weigh(ctx, l, id, &e); err != nil {
				return err
			}
		}
		return nil
	})
	return e, err
}

// weigh adds what there is of a call.
func weigh(ctx context.Context, l *lane, id call.ID, e *desk.Erasure) error {
	e.Calls = append(e.Calls, id)
	for _, c := range []struct {
		to    *int
		query string
		args  []any
	}{
		{&e.Recordings, countRecordings, []any{string(id)}}, {&e.Legs, countLegs, []any{string(id)}},
		{&e.Tasks, countTasks, []any{string(id)}}, {&e.Pending, countUnsent, []any{string(id), string(outbox.Delivered)}},
	} {
		err := l.each(ctx, c.query, c.args, func(rows *sql.Rows) error {
			var n int
			err := rows.Scan(&n)
			*c.to += n
			return err
		})
		if err != nil {
			return err
		}
	}
	return l.each(ctx, selectSent, []any{string(id), string(outbox.Delivered)}, func(rows *sql.Rows) error {
		var sent desk.Sent
		err := rows.Scan(&sent.Event, &sent.Type, &sent.Receiver, timeColumn{&sent.At})
		e.Sent = append(e.Sent, sent)
		return err
	})
}

// erasable loads a call that is over; nil: it is a request that belongs to no call.
func erasable(ctx context.Context, l *lane, account string, id call.ID) (*desk.Versioned, error) {
	request := false
	err := l.each(ctx, selectRequest, []any{string(id), account}, func(rows *sql.Rows) error {
		request = true
		return nil
	})
	if err != nil || request {
		return nil, err
	}
	found, err := loadCalls(ctx, l, selectCall, selectLegs, selectActions, string(id))
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0 || found[0].Call.Account != account:
		return nil, fmt.Errorf("call %s: %w", id, desk.ErrNotFound)
	case found[0].Call.Live():
		return found[0], fmt.Errorf("call %s: %w", id, desk.ErrLive)
	}
	return found[0], nil
}

// Erase takes the person out of calls, as desk.Archive says. What is overwritten
// is zeroed in the file (pragmas), and what the log beside it has of it is cut off.
func (s *Store) Erase(ctx context.Context, account string, ids []call.ID, why string, now time.Time) (desk.Erasure, error) {
	var e desk.Erasure
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		e = desk.Erasure{}
		for _, id := range ids {
			v, err := erasable(ctx, l, account, id)
			if err != nil {
				return err
			}
			if err := weigh(ctx, l, id, &e); err != nil {
				return err
			}
			if err := eraseOne(ctx, l, id, v, why, now); err != nil {
				return fmt.Errorf("call %s: %w", id, err)
			}
		}
		return nil
	})
	if err != nil {
		return desk.Erasure{}, err
	}
	return e, s.forgetLog(ctx)
}

// statement is one of several to be carried out.
type statement struct {
	query string
	args  []any
}

// eraseOne erases a call, or, where v is nil, a request.
func eraseOne(ctx context.Context, l *lane, id call.ID, v *desk.Versioned, why string, now time.Time) error {
	if v != nil {
		return eraseCall(ctx, l, v, why, now)
	}
	return carryOut(ctx, l, []statement{
		{eraseRequest, []any{nanos(now), string(id)}}, {dropUnsent, []any{string(id), string(outbox.Delivered)}}, {eraseSent, []any{string(id)}},
	})
}

func carryOut(ctx context.Context, l *lane, list []statement) error {
	for _, s := range list {
		if _, err := l.exec(ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

func eraseCall(ctx context.Context, l *lane, v *desk.Versioned, why string, now time.Time) error {
	id, number, name := string(v.Call.ID), v.Call.Number, v.Call.Name
	c := faceless(v.Call)
	if err := writeCall(ctx, l, &c, v.Version); err != nil {
		return err
	}
	if err := carryOut(ctx, l, []statement{
		{markErased, []any{nanos(now), id}}, {eraseTimeline, []any{id, number, name}}, {eraseTasks, []any{nanos(now), id}},
		{dropUnsent, []any{id, string(outbox.Delivered)}}, {eraseSent, []any{id}},
		{doomRecordings, []any{why, nanos(now), id}}, {doomLegs, []any{why, nanos(now), id}},
		{insertEntry, []any{id, nanos(now), string(call.NewsErased), "", "", "", why, ""}},
	}); err != nil {
		return err
	}
	return writeDigest(ctx, l, v.Call.ID)
}

// faceless is a call without the person: what happened stays.
func faceless(c call.Call) call.Call {
	c.Number, c.Name, c.Return, c.Asked, c.Note, c.NoteBy, c.Notice = "", "", "", "", "", "", nil
	c.Topic, c.Vouched = "", call.Vouched{}
	wishes := make([]call.Wish, len(c.Wishes))
	for i, w := range c.Wishes {
		wishes[i] = call.Wish{Kind: w.Kind, Recording: w.Recording, Length: w.Length}
	}
	c.Wishes, c.News = wishes, nil
	c.Seeking, c.Tried = nil, []agent.ID(nil)
	return c
}

// logTime is how long the log waits for those who are reading.
const logTime = 5 * time.Second

// forgetLog moves what is written from the log beside the file into it, and cuts
// the log off: it would have what was there before for a while.
func (s *Store) forgetLog(ctx context.Context) error {
	if s.reader == s.writer {
		return nil // in memory there is none
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("cut the log of the database: %w", err)
	}
	defer conn.Close()
	for deadline := time.Now().Add(logTime); ; {
		var busy, all, moved int
		err := conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &all, &moved)
		switch {
		case err == nil && busy == 0:
			return nil
		case err != nil && !strings.Contains(err.Error(), "locked"), time.Now().After(deadline):
			return fmt.Errorf("cut the log of the database, which has the old text until it is: busy %d: %w", busy, err)
		}
	}
}

// Vacuum writes the whole file anew, so that it has nothing of what was deleted
// before every deletion zeroed its place. Nobody else can write meanwhile.
func (s *Store) Vacuum(ctx context.Context) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("write the database anew: %w", err)
	}
	_, err = conn.ExecContext(ctx, `VACUUM`)
	if err = errors.Join(err, conn.Close()); err != nil {
		return fmt.Errorf("write the database anew: %w", err)
	}
	return s.forgetLog(ctx)
}
