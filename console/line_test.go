package console_test

import (
	"encoding/json"
	"testing"
	"time"

	"warmdesk/call"
)

// Before they call, customers hear how many wait, and about how long if enough
// callers of late can tell.
func TestCallerLine(t *testing.T) {
	w := newWorld(t, nil)
	type line struct {
		Ahead, Wait int
		Open        bool
		Hours       []string
	}
	look := func(query string) (l line) {
		t.Helper()
		status, body, _ := w.send("GET", "/api/caller/line"+query, "")
		if err := json.Unmarshal([]byte(body), &l); status != 200 || err != nil {
			t.Fatalf("%d %s", status, body)
		}
		return l
	}
	if l := look(""); l.Ahead != 0 || l.Wait != 0 || !l.Open || len(l.Hours) != 0 {
		t.Errorf("nobody: %+v", l)
	}
	for i := range 3 {
		w.past("Dana", "+15550001", time.Now().Add(-10*time.Minute-time.Duration(i)*time.Second)) // who waited 10 s
	}
	w.dials(w.granted(`{}`), "CA1")
	if l := look("?team=unheard-of"); l.Ahead != 1 || l.Wait != 10 {
		t.Errorf("one in line: %+v", l)
	}
	w.dials(w.granted(`{}`), "CA2")
	if l := look(""); l.Ahead != 2 {
		t.Errorf("two in line: %+v", l)
	}
	id := w.dials(w.granted(`{}`), "CA3").ID
	if _, err := w.desk.Fact(t.Context(), id, call.CustomerLeft{}, nil); err != nil {
		t.Fatal(err)
	}
	if l := look(""); l.Ahead != 2 {
		t.Errorf("one has left: %+v", l)
	}
}
