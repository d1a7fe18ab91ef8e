package agent

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// TaskKind is what a customer who could not be served has left us to do.
type TaskKind string

// The kinds.
const (
	Voicemail TaskKind = "voicemail" // a recorded message
	Callback  TaskKind = "callback"  // to be called back
)

// TaskTime is the open time in which a task is to be done.
const TaskTime = 4 * time.Hour

// Task is something that was promised to a customer. It has an owner from the
// first moment on.
type Task struct {
	ID      string
	Account string // the carrier account of the call
	Call    string // empty: asked for without one (Request)
	Kind    TaskKind
	Name    string // the customer's
	Number  string // where to reach them; empty: not known
	// Topic is what it is about, and When it suits them; of a Request only.
	Topic, When string
	// Recording is the carrier's id of the message, and Length how long it takes;
	// zero: not known. Voicemail only.
	Recording string
	Length    time.Duration
	CreatedAt time.Time
	DueAt     time.Time
	Owner     ID
	DoneAt    time.Time // zero: open
	DoneBy    ID
}

// Open reports whether something is left to do.
func (t Task) Open() bool { return t.DoneAt.IsZero() }

// Overdue reports whether the promise is broken.
func (t Task) Overdue(now time.Time) bool { return t.Open() && now.After(t.DueAt) }

// Give completes a task of which call, kind and customer are known: it goes to
// whoever last spoke with the customer, if they are still of the roster, else to
// the one with the fewest open tasks, and of those to the first by id.
func Give(t Task, last ID, roster []ID, open []Task, hours Hours, now time.Time) Task {
	t.CreatedAt, t.DueAt = now, hours.After(now, TaskTime)
	if slices.Contains(roster, last) {
		t.Owner = last
		return t
	}
	load := map[ID]int{}
	for _, o := range open {
		if o.Open() {
			load[o.Owner]++
		}
	}
	for _, id := range slices.Sorted(slices.Values(roster)) {
		if t.Owner == "" || load[id] < load[t.Owner] {
			t.Owner = id
		}
	}
	return t
}

// TaskRequestKind is what an agent may ask about a task: the last element of
// POST /api/tasks/{task}/{request}.
type TaskRequestKind string

// The requests.
const (
	TakeTask   TaskRequestKind = "take"   // make it mine
	AssignTask TaskRequestKind = "assign" // give it to somebody
	DoneTask   TaskRequestKind = "done"
	ReopenTask TaskRequestKind = "reopen" // not done after all
)

// TaskRequest is what an agent asks about a task.
type TaskRequest struct {
	Kind TaskRequestKind
	By   ID
	To   ID // AssignTask
}

// Errors of a task's Step. Nothing has changed.
var (
	ErrTaskRequest = errors.New("there is no such request for a task")
	ErrTaskNotNow  = errors.New("the task has changed meanwhile")
	ErrTaskTo      = errors.New("the task cannot be given to that person")
)

// AllowedTask lists what an agent may ask about a task now.
func AllowedTask(t Task, by ID) []TaskRequestKind {
	switch {
	case !t.Open():
		return []TaskRequestKind{ReopenTask}
	case t.Owner != by:
		return []TaskRequestKind{TakeTask, AssignTask, DoneTask}
	}
	return []TaskRequestKind{DoneTask, AssignTask}
}

// StepTask applies what an agent asks. It is refused with ErrTaskRequest,
// ErrTaskNotNow or ErrTaskTo.
func StepTask(t Task, r TaskRequest, roster []ID, now time.Time) (Task, error) {
	switch {
	case !slices.Contains([]TaskRequestKind{TakeTask, AssignTask, DoneTask, ReopenTask}, r.Kind):
		return t, ErrTaskRequest
	case !slices.Contains(AllowedTask(t, r.By), r.Kind):
		return t, ErrTaskNotNow
	case r.Kind == AssignTask && !slices.Contains(roster, r.To):
		return t, ErrTaskTo
	}
	switch r.Kind {
	case TakeTask:
		t.Owner = r.By
	case AssignTask:
		t.Owner = r.To
	case DoneTask:
		t.DoneAt, t.DoneBy = now, r.By
	case ReopenTask:
		t.DoneAt, t.DoneBy = time.Time{}, ""
	}
	return t, nil
}

// TaskOrder is how somebody reads tasks: their own first, then what is due
// first.
func TaskOrder(mine ID) func(a, b Task) int {
	return func(a, b Task) int {
		switch {
		case (a.Owner == mine) != (b.Owner == mine) && a.Owner == mine:
			return -1
		case (a.Owner == mine) != (b.Owner == mine):
			return 1
		case !a.DueAt.Equal(b.DueAt):
			return a.DueAt.Compare(b.DueAt)
		}
		return strings.Compare(a.ID, b.ID)
	}
}
