package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/history"
)

const (
	upsertDigest = `INSERT INTO digests (account, call, form, started, outcome, answered, wait, transfers, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (account, call) DO UPDATE SET (form, started, outcome, answered, wait, transfers, text) =
		(excluded.form, excluded.started, excluded.outcome, excluded.answered, excluded.wait, excluded.transfers, excluded.text)`
	deleteParts = `DELETE FROM parts WHERE call = ?`
	insertPart  = `INSERT INTO parts (account, who, call, spoke, talked, missed) VALUES (?, ?, ?, ?, ?, ?)`
	selectTeams = `SELECT id, teams FROM agents WHERE teams <> ''`

	// Those without a digest are of before there were any.
	selectUndigested = `SELECT c.id FROM calls c LEFT JOIN digests d ON d.account = c.account AND d.call = c.id
		WHERE c.id > ? AND c.stage = 'ended' AND coalesce(d.form, 0) < ? ORDER BY c.id LIMIT ?`
	selectTallies = `SELECT outcome, answered, wait, count(*) FROM digests
		WHERE account = ? AND call >= ? AND call < ? AND started >= ? AND started < ? GROUP BY outcome, answered, wait`
)

// writeDigest keeps a call that is over as history reads it, from what the
// transaction has written already.
func writeDigest(ctx context.Context, l *lane, id call.ID) error {
	records, err := loadRecords(ctx, l, selectRecord, string(id))
	if err != nil || len(records) == 0 {
		return err
	}
	teams, err := loadTeams(ctx, l)
	if err != nil {
		return err
	}
	r := records[0]
	// A call that is over has an end of its own: the time of reading it counts for nothing.
	d := history.DigestOf(r, teams, r.Started)
	if _, err := l.exec(ctx, upsertDigest, r.Account, string(id), int64(history.DigestForm), nanos(r.Started),
		string(d.Outcome), d.Answered, int64(d.Wait), d.Transfers, d.Text); err != nil {
		return err
	}
	if _, err := l.exec(ctx, deleteParts, string(id)); err != nil {
		return err
	}
	for _, p := range d.Parts {
		if _, err := l.exec(ctx, insertPart, r.Account, p.Who, string(id), p.Spoke, int64(p.Talked), int64(p.Missed)); err != nil {
			return err
		}
	}
	return nil
}

// loadTeams tells whose teams are which.
func loadTeams(ctx context.Context, l *lane) (func(agent.ID) []string, error) {
	teams := map[agent.ID][]string{}
	err := l.each(ctx, selectTeams, nil, func(rows *sql.Rows) error {
		var id agent.ID
		var list string
		err := rows.Scan(&id, &list)
		teams[id] = strings.Split(list, ",")
		return err
	})
	return func(id agent.ID) []string { return teams[id] }, err
}

// digestBatch is how many calls are read for a digest in one transaction: calls
// that go on wait for it.
const digestBatch = 10

// Digest writes the digests that are missing, of calls from before there were any
// or that were made by another definition. It may run beside everything else, and
// ends when there is nothing left to do or ctx ends.
func (s *Store) Digest(ctx context.Context) error {
	for after := ""; ; {
		var ids []call.ID
		err := s.read(ctx, func(ctx context.Context, l *lane) error {
			return l.each(ctx, selectUndigested, []any{after, int64(history.DigestForm), int64(digestBatch)}, func(rows *sql.Rows) error {
				var id call.ID
				err := rows.Scan(&id)
				ids = append(ids, id)
				return err
			})
		})
		if err == nil && len(ids) > 0 {
			err = s.write(ctx, func(ctx context.Context, l *lane) error {
				for _, id := range ids {
					if err := writeDigest(ctx, l, id); err != nil {
						return fmt.Errorf("call %s: %w", id, err)
					}
				}
				return nil
			})
		}
		if err != nil {
			return fmt.Errorf("write digests of older calls: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		after = string(ids[len(ids)-1])
	}
}

func noTeams(agent.ID) []string { return nil }

// Tallies counts the calls of an account that started in a span of time, those
// that go on too, for history.Summarise; at is now.
func (s *Store) Tallies(ctx context.Context, q history.Query, at time.Time) ([]history.Tally, error) {
	var tallies []history.Tally
	in := spanOf(q)
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		err := l.each(ctx, selectTallies, []any{q.Account, in.oldest, in.newest, in.from, in.to}, func(rows *sql.Rows) error {
			var t history.Tally
			err := rows.Scan(&t.Outcome, &t.Answered, &t.Wait, &t.Calls)
			tallies = append(tallies, t)
			return err
		})
		if err != nil {
			return err
		}
		live, err := loadRecords(ctx, l, selectLiveRecords, q.Account, in.from, in.to)
		for _, r := range live {
			tallies = append(tallies, history.DigestOf(r, noTeams, at).Tally())
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count calls: %w", err)
	}
	return tallies, nil
}
