package agent

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestGive(t *testing.T) {
	roster := []ID{"cy", "ana", "ben"}
	of := func(owners ...ID) []Task {
		var list []Task
		for _, o := range owners {
			list = append(list, Task{Owner: o})
		}
		return list
	}
	done := []Task{{Owner: "ana", DoneAt: noon}, {Owner: "ana", DoneAt: noon}, {Owner: "ben"}, {Owner: "cy"}}
	for _, tt := range []struct {
		name   string
		last   ID
		roster []ID
		open   []Task
		want   ID
	}{
		{"the first by id", "", roster, nil, "ana"},
		{"who spoke with them, however much there is to do", "ben", roster, of("ben", "ben"), "ben"},
		{"who spoke with them is not here any more", "zoe", roster, of("ana"), "ben"},
		{"the one with the fewest", "", roster, of("ana", "ben", "ana"), "cy"},
		{"what is done does not count", "", roster, done, "ana"},
		{"nobody is there to have it", "", nil, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Give(Task{ID: "t", Kind: Callback, Number: "+1"}, tt.last, tt.roster, tt.open, Hours{}, noon)
			want := Task{ID: "t", Kind: Callback, Number: "+1", CreatedAt: noon, DueAt: noon.Add(4 * time.Hour), Owner: tt.want}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestStepTask(t *testing.T) {
	open := Task{ID: "t", Owner: "ana", CreatedAt: noon, DueAt: noon.Add(TaskTime)}
	done := open
	done.DoneAt, done.DoneBy = noon, "ben"
	with := func(owner ID) Task { o := open; o.Owner = owner; return o }
	for _, tt := range []struct {
		name string
		from Task
		r    TaskRequest
		want Task
		err  error
	}{
		{"ben takes it", open, TaskRequest{Kind: TakeTask, By: "ben"}, with("ben"), nil},
		{"ana has it already", open, TaskRequest{Kind: TakeTask, By: "ana"}, open, ErrTaskNotNow},
		{"ana gives it away", open, TaskRequest{Kind: AssignTask, By: "ana", To: "cy"}, with("cy"), nil},
		{"to somebody unknown", open, TaskRequest{Kind: AssignTask, By: "ana", To: "zoe"}, open, ErrTaskTo},
		{"to nobody", open, TaskRequest{Kind: AssignTask, By: "ana"}, open, ErrTaskTo},
		{"ben did it", open, TaskRequest{Kind: DoneTask, By: "ben"}, done, nil},
		{"it is done already", done, TaskRequest{Kind: DoneTask, By: "ana"}, done, ErrTaskNotNow},
		{"not done after all", done, TaskRequest{Kind: ReopenTask, By: "ana"}, open, nil},
		{"it is open", open, TaskRequest{Kind: ReopenTask, By: "ana"}, open, ErrTaskNotNow},
		{"nonsense", open, TaskRequest{Kind: "dance", By: "ana"}, open, ErrTaskRequest},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := StepTask(tt.from, tt.r, []ID{"ana", "ben", "cy"}, noon)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOverdue(t *testing.T) {
	task := Task{DueAt: noon}
	if task.Overdue(noon) || !task.Overdue(noon.Add(1)) {
		t.Error("not overdue from its time on")
	}
	task.DoneAt = noon
	if task.Overdue(noon.Add(time.Hour)) {
		t.Error("done and overdue")
	}
}

func TestTaskOrder(t *testing.T) {
	list := []Task{
		{ID: "1", Owner: "ben", DueAt: noon}, {ID: "4", Owner: "ana", DueAt: noon.Add(time.Hour)},
		{ID: "3", Owner: "ana", DueAt: noon}, {ID: "2", Owner: "ana", DueAt: noon},
	}
	slices.SortFunc(list, TaskOrder("ana"))
	got := ""
	for _, task := range list {
		got += task.ID
	}
	if got != "2341" {
		t.Error(got)
	}
}
