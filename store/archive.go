package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
)

const (
	insertRecording  = `INSERT INTO recordings (sid, account, call, kind, at, length) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (sid) DO NOTHING`
	selectRecordings = `SELECT sid, call, kind, at, length, deleted_at FROM recordings WHERE call = ? ORDER BY at, sid`

	// Messages of tasks that are not done yet are still of use.
	expireRecordings = `INSERT INTO deletions (account, kind, sid, call, why, next_try)
		SELECT r.account, 'recording', r.sid, r.call, ?3, ?4 FROM recordings r
		WHERE r.account = ?1 AND r.deleted_at = 0 AND r.at < ?2
		AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.call = r.call AND t.recording = r.sid AND t.done_at = 0)
		ON CONFLICT DO NOTHING`
	doomLate = `INSERT INTO deletions (account, kind, sid, call, why, next_try)
		SELECT r.account, 'recording', r.sid, r.call, ?, ? FROM recordings r JOIN calls c ON c.id = r.call
		WHERE r.sid = ? AND r.deleted_at = 0 AND c.erased_at > 0 ON CONFLICT DO NOTHING`
	selectOutdated  = `SELECT id FROM calls WHERE account = ? AND erased_at = 0 AND stage = 'ended' AND ended_at > 0 AND ended_at < ? ORDER BY ended_at LIMIT ?`
	selectDeletions = `SELECT kind, sid, call, why, tries, error FROM deletions WHERE account = ? AND next_try <= ? ORDER BY next_try, sid LIMIT ?`
	deleteDeletion  = `DELETE FROM deletions WHERE account = ? AND kind = ? AND sid = ?`
	noteDeleted     = `UPDATE recordings SET deleted_at = ? WHERE sid = ? AND deleted_at = 0`
	postpone        = `UPDATE deletions SET tries = tries + 1, next_try = ?, error = ? WHERE account = ? AND kind = ? AND sid = ?`
	selectCallsOf   = `SELECT id FROM calls WHERE account = ?1 AND number = ?2
		UNION SELECT coalesce(call, id) FROM tasks WHERE account = ?1 AND number = ?2 ORDER BY 1`
	selectOldRequests = `SELECT id FROM tasks WHERE account = ? AND call IS NULL AND number <> '' AND created_at < ? ORDER BY created_at LIMIT ?`
)

var _ desk.Archive = (*Store)(nil)

// writeRecordings notes what has been recorded. What the carrier tells of when its
// call was erased already is deleted there at once: nobody would ask for it again.
func writeRecordings(ctx context.Context, l *lane, account string, list []desk.Recording) error {
	for _, r := range list {
		if _, err := l.exec(ctx, insertRecording, r.SID, account, string(r.Call), string(r.Kind), nanos(r.At), int64(r.Length)); err != nil {
			return fmt.Errorf("recording %s: %w", r.SID, err)
		}
		if _, err := l.exec(ctx, doomLate, desk.ByErasure, nanos(r.At), r.SID); err != nil {
			return fmt.Errorf("recording %s, of a call that was erased: %w", r.SID, err)
		}
	}
	return nil
}

// Recordings lists what is recorded of a call, oldest first.
func (s *Store) Recordings(ctx context.Context, id call.ID) ([]desk.Recording, error) {
	var list []desk.Recording
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, selectRecordings, []any{string(id)}, func(rows *sql.Rows) error {
			var r desk.Recording
			err := rows.Scan(&r.SID, &r.Call, &r.Kind, timeColumn{&r.At}, &r.Length, timeColumn{&r.DeletedAt})
			list = append(list, r)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("load the recordings of call %s: %w", id, err)
	}
	return list, nil
}

// Expire has old recordings deleted, as desk.Archive says.
func (s *Store) Expire(ctx context.Context, account string, before, now time.Time) (int, error) {
	var n int64
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		res, err := l.exec(ctx, expireRecordings, account, nanos(before), desk.ByRetention, nanos(now))
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("find old recordings: %w", err)
	}
	return int(n), nil
}

// Outdated names calls that are to be kept no longer, as desk.Archive says.
func (s *Store) Outdated(ctx context.Context, account string, before time.Time, n int) ([]call.ID, error) {
	ids, err := s.callIDs(ctx, selectOutdated, account, nanos(before), int64(n))
	if err == nil && len(ids) < n {
		var requests []call.ID
		requests, err = s.callIDs(ctx, selectOldRequests, account, nanos(before), int64(n-len(ids)))
		ids = append(ids, requests...)
	}
	if err != nil {
		return nil, fmt.Errorf("find old calls: %w", err)
	}
	return ids, nil
}

// CallsOf names the calls of a number, as desk.Archive says.
func (s *Store) CallsOf(ctx context.Context, account, number string) ([]call.ID, error) {
	ids, err := s.callIDs(ctx, selectCallsOf, account, number)
	if err != nil {
		return nil, fmt.Errorf("find the calls of a number: %w", err)
	}
	return ids, nil
}

func (s *Store) callIDs(ctx context.Context, query string, args ...any) ([]call.ID, error) {
	var ids []call.ID
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, query, args, func(rows *sql.Rows) error {
			var id call.ID
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		})
	})
	return ids, err
}

// Deletions lists what is due to be deleted at the carrier.
func (s *Store) Deletions(ctx context.Context, account string, now time.Time, n int) ([]desk.Deletion, error) {
	var due []desk.Deletion
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, selectDeletions, []any{account, nanos(now), int64(n)}, func(rows *sql.Rows) error {
			var d desk.Deletion
			err := rows.Scan(&d.Kind, &d.SID, &d.Call, &d.Why, &d.Tries, &d.Error)
			due = append(due, d)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("load what is to be deleted: %w", err)
	}
	return due, nil
}

// Deleted notes that something is gone at the carrier.
func (s *Store) Deleted(ctx context.Context, account string, d desk.Deletion, now time.Time) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		res, err := l.exec(ctx, deleteDeletion, account, string(d.Kind), d.SID)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil || n == 0 || d.Kind != desk.DeleteRecording {
			return err // another desk was faster, or nobody is told
		}
		if _, err := l.exec(ctx, noteDeleted, nanos(now), d.SID); err != nil {
			return err
		}
		_, err = l.exec(ctx, insertEntry, string(d.Call), nanos(now), string(call.NewsTrackDeleted), "", "", "", d.Why, "")
		return err
	})
	if err != nil {
		return fmt.Errorf("note that %s is deleted: %w", d.SID, err)
	}
	return nil
}

// Postponed notes that something is not deleted yet.
func (s *Store) Postponed(ctx context.Context, account string, d desk.Deletion, next time.Time) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		_, err := l.exec(ctx, postpone, nanos(next), d.Error, account, string(d.Kind), d.SID)
		return err
	})
	if err != nil {
		return fmt.Errorf("postpone the deletion of %s: %w", d.SID, err)
	}
	return nil
}
