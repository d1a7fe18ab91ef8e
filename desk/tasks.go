package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/history"
)

// doneTime is how long a task that is done is still shown, so that it can be
// opened again.
const doneTime = 10 * time.Minute

// tasksOf makes tasks of what a step's customer has left us. They are saved with
// the step. The caller holds rosterMu, so that two steps do not both find the same
// agent to have the fewest.
func (d *Desk) tasksOf(c *call.Call, now time.Time) []agent.Task {
	var made []agent.Task
	for _, n := range c.News {
		if n.Wish == nil {
			continue
		}
		tasks, roster := d.tasksAndRoster()
		t := agent.Task{
			ID: string(newID()), Account: c.Account, Call: string(c.ID), Kind: n.Wish.Kind,
			Name: c.CustomerName(), Number: n.Wish.Number, Recording: n.Wish.Recording, Length: n.Wish.Length,
		}
		if t.Number == "" && !strings.HasPrefix(c.Number, "client:") {
			t.Number = c.Number
		}
		made = append(made, agent.Give(t, c.LastWith, roster, append(tasks, made...), d.Rules().Service.Hours, now))
	}
	return made
}

// tasksAndRoster are the tasks known here, and who there is to do them.
func (d *Desk) tasksAndRoster() ([]agent.Task, []agent.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Collect(maps.Values(d.tasks)), slices.Collect(maps.Keys(d.people))
}

// AskCallBack makes a task of the wish of somebody who is not on a call; one of
// package agent's errors tells why not. A wish that is known already is not noted
// twice.
func (d *Desk) AskCallBack(ctx context.Context, r agent.Request) (agent.Task, error) {
	d.rosterMu.Lock()
	defer d.rosterMu.Unlock()
	d.taskMu.Lock()
	defer d.taskMu.Unlock()
	tasks, roster := d.tasksAndRoster()
	t, known, err := agent.Ask(r, tasks)
	if err != nil || known {
		return t, err
	}
	t.ID, t.Account = string(newID()), d.account
	t = agent.Give(t, "", roster, tasks, d.Rules().Service.Hours, d.now())
	return t, d.saveTask(ctx, TaskSave{Task: t})
}

// wishes reports whether a step has left us something to do.
func wishes(c *call.Call) bool {
	return slices.ContainsFunc(c.News, func(n call.News) bool { return n.Wish != nil })
}

// taskEvents is what other systems are told of new tasks.
func (d *Desk) taskEvents(made []agent.Task) []history.Event {
	var events []history.Event
	for _, t := range made {
		events = append(events, history.TaskEvent(history.TaskCreated, t, d.name))
	}
	return events
}

// loadTasks takes what the store has of the open tasks, and forgets those that were
// done a while ago.
func (d *Desk) loadTasks(ctx context.Context) error {
	open, err := d.store.Tasks(ctx, d.account)
	if err != nil {
		return fmt.Errorf("load tasks: %w", err)
	}
	now := d.now()
	d.mu.Lock()
	defer d.mu.Unlock()
	before := maps.Clone(d.tasks)
	maps.DeleteFunc(d.tasks, func(_ string, t agent.Task) bool {
		return t.Open() || now.Sub(t.DoneAt) > doneTime // open and not stored: done elsewhere
	})
	for _, t := range open {
		d.tasks[t.ID] = t
	}
	if !maps.Equal(before, d.tasks) {
		d.version++
		d.feed.Changed()
	}
	return nil
}

// freshTasks takes what another desk has made or changed, and what we saved
// without being told so. The caller holds rosterMu.
func (d *Desk) freshTasks(ctx context.Context) {
	d.taskMu.Lock()
	defer d.taskMu.Unlock()
	if err := d.loadTasks(ctx); err != nil && ctx.Err() == nil {
		d.log.Error("look for changed tasks", "err", err)
	}
}

// Task finds one of this account's tasks; ErrNoTask.
func (d *Desk) Task(ctx context.Context, id string) (agent.Task, error) {
	t, err := d.store.Task(ctx, id)
	if errors.Is(err, ErrNotFound) || err == nil && t.Account != d.account {
		return agent.Task{}, ErrNoTask
	}
	return t, err
}

// ErrNoTask: there is no such task.
var ErrNoTask = errors.New("no such task")

// RequestTask applies what an agent asks about a task: ErrNoTask, ErrConflict, or
// one of package agent's errors tell why not.
func (d *Desk) RequestTask(ctx context.Context, id string, r agent.TaskRequest) (agent.Task, error) {
	d.taskMu.Lock()
	defer d.taskMu.Unlock()
	was, err := d.Task(ctx, id)
	if err != nil {
		return was, err
	}
	_, roster := d.tasksAndRoster()
	t, err := agent.StepTask(was, r, roster, d.now())
	if err != nil {
		d.keepTask(was) // another desk's doing, perhaps
		return was, err
	}
	if err := d.saveTask(ctx, TaskSave{Was: was, Task: t}); err != nil {
		return was, err
	}
	return t, nil
}

// saveTask saves a task with what others are told of it, and shows it. The caller
// holds taskMu.
func (d *Desk) saveTask(ctx context.Context, save TaskSave) error {
	d.addTaskEvents(&save)
	if err := d.store.SaveTask(ctx, save); err != nil {
		return fmt.Errorf("save task %s: %w", save.Task.ID, err)
	}
	d.keepTask(save.Task)
	if len(save.Events) > 0 {
		d.outbox.Written()
	}
	return nil
}

// keepTask makes a saved task visible.
func (d *Desk) keepTask(t agent.Task) {
	d.mu.Lock()
	d.tasks[t.ID] = t
	d.version++
	d.mu.Unlock()
	d.feed.Changed()
}
