package desk

import (
	"context"
	"fmt"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/history"
)

// addEvents adds to a step what other systems are told of it. They are saved with
// the step, so that what others hear is what was, and all of it.
func (d *Desk) addEvents(ctx context.Context, s *Save) error {
	if d.outbox == nil || len(s.Call.News) == 0 {
		return nil
	}
	if s.Receivers = d.outbox.Receivers(); len(s.Receivers) == 0 {
		return nil
	}
	var past []call.News
	if s.Version > 0 {
		entries, err := d.store.Timeline(ctx, s.Call.ID)
		if err != nil {
			return fmt.Errorf("load the timeline of call %s: %w", s.Call.ID, err)
		}
		for _, e := range entries {
			past = append(past, e.News())
		}
	}
	s.Events = history.Events(history.Step{Call: s.Call, Version: s.Version + 1, Past: past}, d.name)
	s.Events = append(s.Events, d.taskEvents(s.Tasks)...)
	return nil
}

// addTaskEvents adds to a change of a task what other systems are told of it,
// saved with it for the same reason.
func (d *Desk) addTaskEvents(s *TaskSave) {
	what := history.TaskDone
	switch {
	case s.Was.ID == "":
		what = history.TaskCreated
	case !s.Was.Open() || s.Task.Open():
		return
	}
	if d.outbox == nil {
		return
	}
	if s.Receivers = d.outbox.Receivers(); len(s.Receivers) > 0 {
		s.Events = []history.Event{history.TaskEvent(what, s.Task, d.name)}
	}
}

// name is an agent's name, or the id where the roster has none.
func (d *Desk) name(id agent.ID) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := d.people[id].Name; n != "" {
		return n
	}
	return string(id)
}

// News is an entry as the rulebook reported it.
func (e Entry) News() call.News {
	return call.News{At: e.At, Kind: e.Kind, Agent: e.Agent, Other: e.Other, Outcome: e.Outcome, Why: e.Why}
}
