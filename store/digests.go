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
	var c history.Counts
	err := s.read(ctx, func(ctx context.Context, l *lane) error { return countTallies(ctx, l, q, at, &c) })
	if err != nil {
		return nil, fmt.Errorf("count calls: %w", err)
	}
	return c.Tallies, nil
}

// Counts counts what a report needs of the calls that a query takes, those that go
// on too; at is now.
func (s *Store) Counts(ctx context.Context, q history.Query, at time.Time) (history.Counts, error) {
	c := history.Counts{Transfers: map[string]int{}}
	where, args := conditions(q)
	// The wait itself does not matter there, only on which side of history.InTime it is.
	inTime := int64(history.InTime / time.Second)
	starts := fmt.Sprintf(`SELECT started / %d, outcome, answered, CASE WHEN wait <= %d THEN %[2]d ELSE %[2]d + 1 END, count(*)
		FROM digests d WHERE %s GROUP BY 1, 2, 3, 4`, int64(history.QuarterTime), inTime, where)
	transfers := `SELECT transfers, count(*) FROM digests d WHERE ` + where + ` AND transfers <> '' GROUP BY transfers`
	agents := `SELECT w.who, sum(w.spoke), sum(w.talked), sum(w.missed) FROM digests d JOIN parts w ON w.call = d.call
		WHERE ` + where + ` AND (w.spoke <> 0 OR w.missed <> 0) GROUP BY w.who`
	err := s.readLong(ctx, func(ctx context.Context, l *lane) error {
		for query, scan := range map[string]func(*sql.Rows) error{
			starts: func(rows *sql.Rows) error {
				var t history.StartTally
				err := rows.Scan(&t.Quarter, &t.Outcome, &t.Answered, &t.Wait, &t.Calls)
				c.Starts = append(c.Starts, t)
				return err
			},
			transfers: func(rows *sql.Rows) error {
				var list string
				var calls int
				err := rows.Scan(&list, &calls)
				c.Transfers[list] = calls
				return err
			},
			agents: func(rows *sql.Rows) error {
				var t history.AgentTally
				err := rows.Scan(&t.Who, &t.Calls, &t.Talked, &t.Missed)
				c.Agents = append(c.Agents, t)
				return err
			},
		} {
			if err := l.each(ctx, query, args, scan); err != nil {
				return err
			}
		}
		return countTallies(ctx, l, q, at, &c)
	})
	if err != nil {
		return history.Counts{}, fmt.Errorf("count calls: %w", err)
	}
	return c, nil
}

// countTallies adds the tallies of the calls that are over, and everything of those
// that go on.
func countTallies(ctx context.Context, l *lane, q history.Query, at time.Time, c *history.Counts) error {
	where, args := conditions(q)
	err := l.each(ctx, `SELECT outcome, answered, wait, count(*) FROM digests d WHERE `+where+` GROUP BY outcome, answered, wait`, args, func(rows *sql.Rows) error {
		var t history.Tally
		err := rows.Scan(&t.Outcome, &t.Answered, &t.Wait, &t.Calls)
		c.Tallies = append(c.Tallies, t)
		return err
	})
	if err != nil {
		return err
	}
	live, err := findLive(ctx, l, q, at)
	for _, r := range live {
		c.Add(r.Started, history.DigestOf(r, noTeams, at))
	}
	return err
}
