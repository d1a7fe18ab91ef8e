package store

import (
	"context"
	"fmt"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

const (
	insertCall = `INSERT INTO calls (id, version, ` + callColumns + `)
		VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	updateCall = `UPDATE calls SET version = version + 1, (` + callColumns + `) =
		(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ? AND version = ?`

	deleteLegs = `DELETE FROM legs WHERE call = ?`
	insertLeg  = `INSERT INTO legs (call, position, ` + legColumns + `)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	deleteActions = `DELETE FROM actions WHERE call = ?`
	insertAction  = `INSERT INTO actions (call, position, ` + actionColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	deleteClaims  = `DELETE FROM claims WHERE call = ?`
	insertClaim   = `INSERT INTO claims (agent, call, leg, kind) VALUES (?, ?, ?, ?)`
	insertEntry   = `INSERT INTO timeline (call, number, at, kind, agent, other, outcome, why, raw)
		VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM timeline WHERE call = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8)`
	upsertAgent = `INSERT INTO agents (id, name, presence, reason, since, idle_since, token_until, wrap_until, wrap_call, next, next_reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET (name, presence, reason, since, idle_since, token_until, wrap_until, wrap_call, next, next_reason) =
		(excluded.name, excluded.presence, excluded.reason, excluded.since, excluded.idle_since, excluded.token_until,
		excluded.wrap_until, excluded.wrap_call, excluded.next, excluded.next_reason)`
)

// SaveCall writes one step of one call as a whole; desk.ErrConflict as desk.Store
// says. The call's News are not stored: what is to be kept of them is Entries.
func (s *Store) SaveCall(ctx context.Context, save desk.Save) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		id := save.Call.ID
		if err := writeCall(ctx, l, &save.Call, save.Version); err != nil {
			return err
		}
		if save.Version > 0 {
			if err := deleteParts(ctx, l, id); err != nil {
				return err
			}
		}
		if err := writeParts(ctx, l, &save.Call); err != nil {
			return err
		}
		if err := writeClaims(ctx, l, id, save.Claims); err != nil {
			return err
		}
		for _, e := range save.Entries {
			if _, err := l.exec(ctx, insertEntry, string(id), nanos(e.At), string(e.Kind), string(e.Agent), string(e.Other),
				string(e.Outcome), e.Why, e.Raw.Encode()); err != nil {
				return fmt.Errorf("timeline: %w", err)
			}
		}
		return writeAgents(ctx, l, save.Agents)
	})
	if err != nil {
		return fmt.Errorf("save call %s: %w", save.Call.ID, err)
	}
	return nil
}

func writeCall(ctx context.Context, l *lane, c *call.Call, version int64) error {
	args, err := callArgs(c)
	if err != nil {
		return err
	}
	if version == 0 {
		_, err := l.exec(ctx, insertCall, append([]any{string(c.ID)}, args...)...)
		return err
	}
	res, err := l.exec(ctx, updateCall, append(args, string(c.ID), version)...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("%w: version %d is not the stored one", desk.ErrConflict, version)
	}
	return nil
}

// deleteParts makes room for the new state of what a call consists of.
func deleteParts(ctx context.Context, l *lane, id call.ID) error {
	for _, query := range []string{deleteLegs, deleteActions, deleteClaims} {
		if _, err := l.exec(ctx, query, string(id)); err != nil {
			return err
		}
	}
	return nil
}

func writeParts(ctx context.Context, l *lane, c *call.Call) error {
	for i := range c.Legs {
		if _, err := l.exec(ctx, insertLeg, legArgs(c.ID, i, &c.Legs[i])...); err != nil {
			return fmt.Errorf("leg %s: %w", c.Legs[i].ID, err)
		}
	}
	for i := range c.Doing {
		if _, err := l.exec(ctx, insertAction, actionArgs(c.ID, i, &c.Doing[i])...); err != nil {
			return fmt.Errorf("action %s: %w", c.Doing[i].Key, err)
		}
	}
	return nil
}

func writeClaims(ctx context.Context, l *lane, id call.ID, claims []call.Claim) error {
	for _, c := range claims {
		if _, err := l.exec(ctx, insertClaim, string(c.Agent), string(id), string(c.Leg), string(c.Kind)); err != nil {
			return fmt.Errorf("claim of %s: %w", c.Agent, err)
		}
	}
	return nil
}

func writeAgents(ctx context.Context, l *lane, agents []agent.Agent) error {
	for _, a := range agents {
		if _, err := l.exec(ctx, upsertAgent, string(a.ID), a.Name, string(a.Presence), a.Reason,
			nanos(a.Since), nanos(a.IdleSince), nanos(a.TokenUntil),
			nanos(a.WrapUntil), a.WrapCall, string(a.Next), a.NextReason); err != nil {
			return fmt.Errorf("agent %s: %w", a.ID, err)
		}
	}
	return nil
}
