package history

import (
	"fmt"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// taskData is a task as it is told.
type taskData struct {
	ID     string         `json:"id"`
	Kind   agent.TaskKind `json:"kind"`
	Owner  agent.ID       `json:"owner"`
	Due    time.Time      `json:"due"`
	DoneBy agent.ID       `json:"done_by"` // empty: open
	// Of what was asked for without a call: what it is about, and when it suits.
	Topic string `json:"topic,omitempty"`
	When  string `json:"when,omitempty"`
}

// TaskEvent tells that a task was made (TaskCreated) or done (TaskDone). It is
// made once, but may be done again after it was reopened, so the id of that has
// the moment, too.
func TaskEvent(typ Type, t agent.Task, names call.Names) Event {
	id := t.ID + "-" + string(typ)
	at, data := t.CreatedAt, taskData{ID: t.ID, Kind: t.Kind, Owner: t.Owner, Due: t.DueAt.UTC(), Topic: t.Topic, When: t.When}
	if typ == TaskDone {
		at, data.DoneBy = t.DoneAt, t.DoneBy
		id = fmt.Sprintf("%s-%d", id, at.UnixNano())
	}
	of := call.Call{ID: call.ID(t.Call), Name: t.Name, Number: t.Number}
	return newEvent(id, typ, at, &of, data, names, []agent.ID{t.Owner, data.DoneBy})
}
