package history

import (
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// Task is what is left to do after a call, as events tell of it.
type Task struct {
	ID    string   `json:"id"`
	Kind  string   `json:"kind"` // callback, voicemail, …
	Owner agent.ID `json:"owner"`
	Text  string   `json:"text"`
}

// TaskEvent tells that a task of a call was made (TaskCreated) or done
// (TaskDone). Each happens once, so the id needs no more than the two.
func TaskEvent(typ Type, t Task, c call.Call, at time.Time, names call.Names) Event {
	return newEvent(t.ID+"-"+string(typ), typ, at, &c, t, names, []agent.ID{t.Owner})
}
