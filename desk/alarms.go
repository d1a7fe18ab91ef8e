package desk

import (
	"container/heap"
	"time"

	"warmdesk/call"
)

// alarms are the calls' next wake-ups, one a call. Thousands may wait while one
// is set, so they are kept in a heap.
type alarms struct {
	at   map[call.ID]time.Time // what holds; an older entry of the heap is stale
	heap alarmHeap
	// retry is when something is tried again that failed. It holds whatever a step
	// says meanwhile: a callback that comes twice must not put it off.
	retry map[call.ID]time.Time
}

type alarm struct {
	at time.Time
	id call.ID
}

// again has something tried again at a time, and reports as set does.
func (a *alarms) again(id call.ID, at time.Time) (first bool) {
	if old, ok := a.retry[id]; ok {
		at = soonest(at, old)
	}
	a.retry[id] = at
	return a.set(id, soonest(at, a.at[id]))
}

// set gives a call its next wake-up; the zero time is none. It reports whether
// that is now the earliest of all.
func (a *alarms) set(id call.ID, at time.Time) (first bool) {
	at = soonest(at, a.retry[id])
	switch old, ok := a.at[id]; {
	case at.IsZero():
		delete(a.at, id)
		return false
	case ok && old.Equal(at):
		return false
	}
	a.at[id] = at
	heap.Push(&a.heap, alarm{at, id})
	return a.heap[0].id == id && a.heap[0].at.Equal(at)
}

// due takes out the calls whose time has come, and tells when the next one's
// will have; zero: no time.
func (a *alarms) due(now time.Time) (due []call.ID, next time.Time) {
	for len(a.heap) > 0 {
		top := a.heap[0]
		if !a.at[top.id].Equal(top.at) {
			heap.Pop(&a.heap) // set anew, or not wanted any more
			continue
		}
		if top.at.After(now) {
			return due, top.at
		}
		heap.Pop(&a.heap)
		delete(a.at, top.id)
		delete(a.retry, top.id)
		due = append(due, top.id)
	}
	return due, time.Time{}
}

// alarmHeap implements heap.Interface: the earliest first.
type alarmHeap []alarm

func (h alarmHeap) Len() int           { return len(h) }
func (h alarmHeap) Less(i, j int) bool { return h[i].at.Before(h[j].at) }
func (h alarmHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *alarmHeap) Push(x any) { *h = append(*h, x.(alarm)) }

// Pop implements heap.Interface.
func (h *alarmHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
