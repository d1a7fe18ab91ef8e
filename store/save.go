package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
	upsertLeg  = `INSERT INTO legs (call, position, ` + legColumns + `)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42)
		ON CONFLICT (call, position) DO UPDATE SET (` + legColumns + `) =
		(?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42)`
	deleteActions = `DELETE FROM actions WHERE call = ?`
	insertAction  = `INSERT INTO actions (call, position, ` + actionColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	deleteClaims  = `DELETE FROM claims WHERE call = ?`
	insertClaim   = `INSERT INTO claims (agent, call, leg, kind) VALUES (?, ?, ?, ?)`
	insertEntry   = `INSERT INTO timeline (call, number, at, kind, agent, other, outcome, why, raw)
		VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM timeline WHERE call = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8)`
	upsertAgent = `INSERT INTO agents (id, name, presence, reason, since, idle_since, token_until, wrap_until, wrap_call, next, next_reason, teams, phone, by_phone)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET (name, presence, reason, since, idle_since, token_until, wrap_until, wrap_call, next, next_reason, teams, phone, by_phone) =
		(excluded.name, excluded.presence, excluded.reason, excluded.since, excluded.idle_since, excluded.token_until,
		excluded.wrap_until, excluded.wrap_call, excluded.next, excluded.next_reason, excluded.teams, excluded.phone, excluded.by_phone)`
)

// SaveCall writes one step of one call as a whole; desk.ErrConflict as desk.Store
// says. The call's News are not stored: what is to be kept of them is Entries.
func (s *Store) SaveCall(ctx context.Context, save desk.Save) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		id := save.Call.ID
		if err := writeCall(ctx, l, &save.Call, save.Version); err != nil {
			return err
		}
		if err := writeLegs(ctx, l, &save); err != nil {
			return err
		}
		if err := writeActions(ctx, l, &save); err != nil {
			return err
		}
		if err := writeClaims(ctx, l, &save); err != nil {
			return err
		}
		for _, e := range save.Entries {
			if _, err := l.exec(ctx, insertEntry, string(id), nanos(e.At), string(e.Kind), string(e.Agent), string(e.Other),
				string(e.Outcome), e.Why, e.Raw.Encode()); err != nil {
				return fmt.Errorf("timeline: %w", err)
			}
		}
		if err := writeEvents(ctx, l, save.Events, save.Receivers); err != nil {
			return err
		}
		if err := writeTasks(ctx, l, save.Tasks); err != nil {
			return err
		}
		if err := writeRecordings(ctx, l, save.Call.Account, save.Recordings); err != nil {
			return err
		}
		if err := writeAgents(ctx, l, save.Agents); err != nil {
			return err
		}
		if save.Call.Stage != call.Ended {
			return nil
		}
		return writeDigest(ctx, l, id)
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

// writeLegs writes the legs that a step has changed; as a rule that is one. Where
// they are not the same legs in the same places, all are written anew.
func writeLegs(ctx context.Context, l *lane, save *desk.Save) error {
	c, was := &save.Call, save.Was.Legs
	moved := len(was) > len(c.Legs)
	for i := range min(len(was), len(c.Legs)) {
		moved = moved || was[i].ID != c.Legs[i].ID
	}
	if save.Version > 0 && (moved || save.Was.ID == "") {
		if _, err := l.exec(ctx, deleteLegs, string(c.ID)); err != nil {
			return err
		}
		was = nil
	}
	for i := range c.Legs {
		if i < len(was) && was[i] == c.Legs[i] {
			continue
		}
		if _, err := l.exec(ctx, upsertLeg, legArgs(c.ID, i, &c.Legs[i])...); err != nil {
			return fmt.Errorf("leg %s: %w", c.Legs[i].ID, err)
		}
	}
	return nil
}

// writeActions writes the actions under way, unless they are as they were.
func writeActions(ctx context.Context, l *lane, save *desk.Save) error {
	c := &save.Call
	if save.Was.ID != "" && slices.Equal(save.Was.Doing, c.Doing) {
		return nil
	}
	if save.Version > 0 {
		if _, err := l.exec(ctx, deleteActions, string(c.ID)); err != nil {
			return err
		}
	}
	for i := range c.Doing {
		if _, err := l.exec(ctx, insertAction, actionArgs(c.ID, i, &c.Doing[i])...); err != nil {
			return fmt.Errorf("action %s: %w", c.Doing[i].Key, err)
		}
	}
	return nil
}

// writeClaims writes whom the call takes, always anew: what a claim follows from
// is not only what was loaded.
func writeClaims(ctx context.Context, l *lane, save *desk.Save) error {
	id := save.Call.ID
	if save.Version > 0 {
		if _, err := l.exec(ctx, deleteClaims, string(id)); err != nil {
			return err
		}
	}
	for _, c := range save.Claims {
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
			nanos(a.Until), a.WrapCall, string(a.Next), a.NextReason, strings.Join(a.Teams, ","), a.Phone, a.ByPhone); err != nil {
			return fmt.Errorf("agent %s: %w", a.ID, err)
		}
	}
	return nil
}
