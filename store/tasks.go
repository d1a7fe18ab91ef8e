package store

import (
	"context"
	"database/sql"
	"fmt"

	"warmdesk/agent"
	"warmdesk/desk"
)

const (
	taskColumns = `id, account, call, kind, name, number, recording, length, created_at, due_at, owner, done_at, done_by, topic, suits`
	// What a call has left is there once, however often we hear of it.
	insertTask = `INSERT INTO tasks (` + taskColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (call, kind, number, recording) DO NOTHING`
	updateTask = `UPDATE tasks SET (owner, done_at, done_by) = (?, ?, ?) WHERE id = ? AND owner = ? AND done_at = ?`
	selectOpen = `SELECT ` + taskColumns + ` FROM tasks WHERE account = ? AND done_at = 0 ORDER BY due_at, id`
	selectTask = `SELECT ` + taskColumns + ` FROM tasks WHERE id = ?`
)

// Tasks loads an account's open tasks, those due first before the others.
func (s *Store) Tasks(ctx context.Context, account string) ([]agent.Task, error) {
	tasks, err := s.loadTasks(ctx, selectOpen, account)
	if err != nil {
		return nil, fmt.Errorf("load open tasks: %w", err)
	}
	return tasks, nil
}

// Task loads one task; desk.ErrNotFound.
func (s *Store) Task(ctx context.Context, id string) (agent.Task, error) {
	tasks, err := s.loadTasks(ctx, selectTask, id)
	if err == nil && len(tasks) == 0 {
		err = desk.ErrNotFound
	}
	if err != nil {
		return agent.Task{}, fmt.Errorf("load task %s: %w", id, err)
	}
	return tasks[0], nil
}

// SaveTask writes a task that is new, or who has it and whether it is done, as
// desk.Store says; desk.ErrConflict.
func (s *Store) SaveTask(ctx context.Context, save desk.TaskSave) error {
	was, t := save.Was, save.Task
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		if was.ID == "" {
			if err := writeTasks(ctx, l, []agent.Task{t}); err != nil {
				return err
			}
			return writeEvents(ctx, l, save.Events, save.Receivers)
		}
		res, err := l.exec(ctx, updateTask, string(t.Owner), nanos(t.DoneAt), string(t.DoneBy), t.ID, string(was.Owner), nanos(was.DoneAt))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err == nil && n == 0 {
			err = fmt.Errorf("%w: the task is not as it was", desk.ErrConflict)
		}
		if err != nil {
			return err
		}
		return writeEvents(ctx, l, save.Events, save.Receivers)
	})
	if err != nil {
		return fmt.Errorf("save task %s: %w", t.ID, err)
	}
	return nil
}

func writeTasks(ctx context.Context, l *lane, tasks []agent.Task) error {
	for _, t := range tasks {
		if _, err := l.exec(ctx, insertTask, t.ID, t.Account, orNull(t.Call), string(t.Kind), t.Name, t.Number, t.Recording, int64(t.Length),
			nanos(t.CreatedAt), nanos(t.DueAt), string(t.Owner), nanos(t.DoneAt), string(t.DoneBy), t.Topic, t.When); err != nil {
			return fmt.Errorf("task %s: %w", t.ID, err)
		}
	}
	return nil
}

func (s *Store) loadTasks(ctx context.Context, query, arg string) ([]agent.Task, error) {
	var tasks []agent.Task
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, query, []any{arg}, func(rows *sql.Rows) error {
			var t agent.Task
			err := rows.Scan(&t.ID, &t.Account, textColumn{&t.Call}, &t.Kind, &t.Name, &t.Number, &t.Recording, &t.Length,
				timeColumn{&t.CreatedAt}, timeColumn{&t.DueAt}, &t.Owner, timeColumn{&t.DoneAt}, &t.DoneBy, &t.Topic, &t.When)
			tasks = append(tasks, t)
			return err
		})
	})
	return tasks, err
}
