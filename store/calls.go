package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	"warmdesk/call"
	"warmdesk/desk"
)

const (
	selectCall    = `SELECT id, version, ` + callColumns + ` FROM calls WHERE id = ?`
	selectLegs    = `SELECT call, ` + legColumns + ` FROM legs WHERE call = ? ORDER BY position`
	selectActions = `SELECT call, ` + actionColumns + ` FROM actions WHERE call = ? ORDER BY position`

	// live is what the partial index calls_live covers, in its order.
	live              = `account = ? AND stage <> 'ended'`
	selectLive        = `SELECT id, version, ` + callColumns + ` FROM calls WHERE ` + live + ` ORDER BY started_at, id`
	selectVersions    = `SELECT id, version FROM calls WHERE ` + live
	selectLiveLegs    = `SELECT call, ` + legColumns + ` FROM legs WHERE call IN (SELECT id FROM calls WHERE ` + live + `) ORDER BY call, position`
	selectLiveActions = `SELECT call, ` + actionColumns + ` FROM actions WHERE call IN (SELECT id FROM calls WHERE ` + live + `) ORDER BY call, position`

	selectCallOfLeg = `SELECT call FROM legs WHERE account_sid = ? AND call_sid = ?`
	selectTimeline  = `SELECT at, kind, agent, other, outcome, why, raw FROM timeline WHERE call = ? ORDER BY number`
)

// Call loads a call and its version; desk.ErrNotFound. Times are in UTC.
func (s *Store) Call(ctx context.Context, id call.ID) (call.Call, int64, error) {
	var found []*desk.Versioned
	err := s.read(ctx, func(ctx context.Context, l *lane) (err error) {
		found, err = loadCalls(ctx, l, selectCall, selectLegs, selectActions, string(id))
		return err
	})
	if err != nil {
		return call.Call{}, 0, fmt.Errorf("load call %s: %w", id, err)
	}
	if len(found) == 0 {
		return call.Call{}, 0, fmt.Errorf("call %s: %w", id, desk.ErrNotFound)
	}
	return found[0].Call, found[0].Version, nil
}

// LiveCalls loads the account's calls that have not ended, oldest first.
func (s *Store) LiveCalls(ctx context.Context, account string) ([]desk.Versioned, error) {
	var found []*desk.Versioned
	err := s.read(ctx, func(ctx context.Context, l *lane) (err error) {
		found, err = loadCalls(ctx, l, selectLive, selectLiveLegs, selectLiveActions, account)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load live calls: %w", err)
	}
	calls := make([]desk.Versioned, len(found))
	for i, v := range found {
		calls[i] = *v
	}
	return calls, nil
}

// LiveVersions names the account's calls that have not ended, with their versions.
func (s *Store) LiveVersions(ctx context.Context, account string) (map[call.ID]int64, error) {
	versions := map[call.ID]int64{}
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, selectVersions, []any{account}, func(rows *sql.Rows) error {
			var id call.ID
			var version int64
			err := rows.Scan(&id, &version)
			versions[id] = version
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("load the versions of live calls: %w", err)
	}
	return versions, nil
}

// loadCalls puts calls together from three queries with the same argument.
func loadCalls(ctx context.Context, l *lane, calls, legs, actions string, arg any) ([]*desk.Versioned, error) {
	var found []*desk.Versioned
	byID := map[call.ID]*call.Call{}
	args := []any{arg}
	err := l.each(ctx, calls, args, func(rows *sql.Rows) error {
		v := &desk.Versioned{}
		found = append(found, v)
		if err := scanCall(rows, &v.Call, &v.Version); err != nil {
			return err
		}
		byID[v.Call.ID] = &v.Call
		return nil
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var id call.ID
	err = l.each(ctx, legs, args, func(rows *sql.Rows) error {
		var leg call.Leg
		if err := scanLeg(rows, &id, &leg); err != nil {
			return err
		}
		byID[id].Legs = append(byID[id].Legs, leg)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("legs: %w", err)
	}
	err = l.each(ctx, actions, args, func(rows *sql.Rows) error {
		var d call.Doing
		if err := scanAction(rows, &id, &d); err != nil {
			return err
		}
		byID[id].Doing = append(byID[id].Doing, d)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("actions: %w", err)
	}
	return found, nil
}

// FindCall names the call that has a leg with this carrier id; desk.ErrNotFound.
func (s *Store) FindCall(ctx context.Context, account, sid string) (call.ID, error) {
	var id call.ID
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, selectCallOfLeg, []any{account, sid}, func(rows *sql.Rows) error { return rows.Scan(&id) })
	})
	if err != nil {
		return "", fmt.Errorf("find the call of leg %s: %w", sid, err)
	}
	if id == "" {
		return "", fmt.Errorf("the call of leg %s: %w", sid, desk.ErrNotFound)
	}
	return id, nil
}

// Timeline loads a call's entries in the order they were saved.
func (s *Store) Timeline(ctx context.Context, id call.ID) ([]desk.Entry, error) {
	var entries []desk.Entry
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, selectTimeline, []any{string(id)}, func(rows *sql.Rows) error {
			var e desk.Entry
			var raw string
			if err := rows.Scan(timeColumn{&e.At}, &e.Kind, &e.Agent, &e.Other, &e.Outcome, &e.Why, &raw); err != nil {
				return err
			}
			if raw != "" {
				var err error
				if e.Raw, err = url.ParseQuery(raw); err != nil {
					return fmt.Errorf("raw callback: %w", err)
				}
			}
			entries = append(entries, e)
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("load the timeline of call %s: %w", id, err)
	}
	return entries, nil
}
