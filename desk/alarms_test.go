package desk

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"warmdesk/call"
)

// TestAlarms compares the heap with the plain map it stands for.
func TestAlarms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := alarms{at: map[call.ID]time.Time{}, retry: map[call.ID]time.Time{}}
		plain := map[call.ID]time.Time{}
		now := time.Unix(1000, 0)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			id := call.ID(rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "call"))
			switch in := rapid.IntRange(-1, 20).Draw(t, "in"); {
			case in < 0:
				a.set(id, time.Time{})
				delete(plain, id)
			case in == 0:
				now = now.Add(time.Duration(rapid.IntRange(1, 10).Draw(t, "pass")) * time.Second)
				checkDue(t, &a, plain, now)
			default:
				at := now.Add(time.Duration(in) * time.Second)
				a.set(id, at)
				plain[id] = at
			}
		}
		checkDue(t, &a, plain, now.Add(time.Hour))
	})
}

// TestAlarmsAgain: what is to be tried again is not put off by a step that knows
// nothing of it, and is tried once.
func TestAlarmsAgain(t *testing.T) {
	a := alarms{at: map[call.ID]time.Time{}, retry: map[call.ID]time.Time{}}
	now := time.Unix(1000, 0)
	a.set("a", now.Add(9*time.Second))
	a.again("a", now.Add(time.Second))
	a.set("a", now.Add(9*time.Second))
	a.again("a", now.Add(2*time.Second))
	a.set("a", time.Time{})
	if due, next := a.due(now); len(due) > 0 || !next.Equal(now.Add(time.Second)) {
		t.Fatalf("due %v, next %v; want the time of the retry", due, next)
	}
	if due, next := a.due(now.Add(time.Second)); len(due) != 1 || !next.IsZero() {
		t.Fatalf("due %v, next %v; want the call, once", due, next)
	}
}

func checkDue(t *rapid.T, a *alarms, plain map[call.ID]time.Time, now time.Time) {
	var want []call.ID
	var next time.Time
	for id, at := range plain {
		switch {
		case !at.After(now):
			want = append(want, id)
			delete(plain, id)
		case next.IsZero() || at.Before(next):
			next = at
		}
	}
	got, gotNext := a.due(now)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) || !gotNext.Equal(next) {
		t.Fatalf("due %v, next %v; want %v, %v", got, gotNext, want, next)
	}
}
