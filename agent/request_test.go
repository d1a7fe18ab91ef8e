package agent

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAsk(t *testing.T) {
	dana := Request{Name: " Dana \t Reyes ", Number: "+49 (30) 123-456", Topic: "Invoice\n1042", When: "tomorrow after 10"}
	asked := Task{Kind: Callback, Name: "Dana Reyes", Number: "+4930123456", Topic: "Invoice 1042", When: "tomorrow after 10"}
	open := asked
	open.ID, open.CreatedAt = "t", noon
	done, called := open, open
	done.DoneAt, called.Call = noon, "one"
	var many []Task
	for i := range MostRequests {
		many = append(many, Task{Number: fmt.Sprint("+49301000", i)})
	}
	with := func(change func(*Request)) Request { r := dana; change(&r); return r }
	for _, tt := range []struct {
		name  string
		r     Request
		tasks []Task
		want  Task
		known bool
		err   error
	}{
		{"a task", dana, nil, asked, false, nil},
		{"once more", dana, []Task{open}, open, true, nil},
		{"again, after it was done", dana, []Task{done}, asked, false, nil},
		{"somebody on a call has left that number", dana, []Task{called}, asked, false, nil},
		{"only name and number", Request{Name: "Eve", Number: "030123456"}, nil, Task{Kind: Callback, Name: "Eve", Number: "030123456"}, false, nil},
		{"no name", with(func(r *Request) { r.Name = " " }), nil, Task{}, false, ErrRequestName},
		{"a long name", with(func(r *Request) { r.Name = strings.Repeat("ä", 61) }), nil, Task{}, false, ErrRequestName},
		{"no number", with(func(r *Request) { r.Number = "call me" }), nil, Task{}, false, ErrRequestNumber},
		{"a novel", with(func(r *Request) { r.Topic = strings.Repeat("n", 81) }), nil, Task{}, false, ErrRequestText},
		{"a long time", with(func(r *Request) { r.When = strings.Repeat("n", 81) }), nil, Task{}, false, ErrRequestText},
		{"one too many", dana, many, Task{}, false, ErrRequestsMost},
		{"known, though there are many", dana, append(many[:MostRequests-1:MostRequests-1], open), open, true, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, known, err := Ask(tt.r, tt.tasks)
			if diff := cmp.Diff(tt.want, got); diff != "" || known != tt.known || err != tt.err {
				t.Errorf("known %t, %v\n%s", known, err, diff)
			}
		})
	}
}
