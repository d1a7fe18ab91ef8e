package store

import (
	"context"
	"database/sql"
	"slices"

	"warmdesk/agent"
)

const selectTelephones = `SELECT id, phone, by_phone FROM agents WHERE phone <> '' OR by_phone <> 0`

// readTelephones adds where agents are reached by telephone; few are.
func readTelephones(ctx context.Context, l *lane, agents []agent.Agent) error {
	return l.each(ctx, selectTelephones, nil, func(rows *sql.Rows) error {
		var t agent.Agent
		err := rows.Scan(&t.ID, &t.Phone, &t.ByPhone)
		if i := slices.IndexFunc(agents, func(a agent.Agent) bool { return a.ID == t.ID }); i >= 0 {
			agents[i].Phone, agents[i].ByPhone = t.Phone, t.ByPhone
		}
		return err
	})
}
