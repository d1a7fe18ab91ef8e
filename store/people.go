package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"warmdesk/agent"
)

const selectAgents = `SELECT id, name, presence, reason, since, idle_since, token_until, wrap_until, wrap_call, next, next_reason, teams FROM agents ORDER BY id`

// Agents loads the roster, by id.
func (s *Store) Agents(ctx context.Context) ([]agent.Agent, error) {
	var agents []agent.Agent
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		err := l.each(ctx, selectAgents, nil, func(rows *sql.Rows) error {
			var a agent.Agent
			var teams string
			err := rows.Scan(&a.ID, &a.Name, &a.Presence, &a.Reason, timeColumn{&a.Since}, timeColumn{&a.IdleSince}, timeColumn{&a.TokenUntil},
				timeColumn{&a.Until}, &a.WrapCall, &a.Next, &a.NextReason, &teams)
			if teams != "" {
				a.Teams = strings.Split(teams, ",")
			}
			agents = append(agents, a)
			return err
		})
		if err != nil {
			return err
		}
		return readTelephones(ctx, l, agents)
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
