package history

import (
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
}

// TaskEvent tells that a task was made (TaskCreated) or done (TaskDone). Each
// happens once, so the id needs no more than the two.
func TaskEvent(typ Type, t agent.Task, names call.Names) Event {
	at, data := t.CreatedAt, taskData{ID: t.ID, Kind: t.Kind, Owner: t.Owner, Due: t.DueAt.UTC()}
	if typ == TaskDone {
		at, data.DoneBy = t.DoneAt, t.DoneBy
	}
	of := call.Call{ID: call.ID(t.Call), Name: t.Name, Number: t.Number}
	return newEvent(t.ID+"-"+string(typ), typ, at, &of, data, names, []agent.ID{t.Owner, data.DoneBy})
}
