package simulation

import (
	"container/heap"
	"time"
)

// clock is virtual time: a queue of things to happen. Things of one moment
// happen in the order they were asked for.
type clock struct {
	now   time.Duration // since the run began
	asked int
	queue events
}

type event struct {
	at    time.Duration
	order int
	do    func()
}

// in lets something happen after d.
func (k *clock) in(d time.Duration, do func()) {
	k.asked++
	heap.Push(&k.queue, event{k.now + max(d, 0), k.asked, do})
}

// next moves to the next thing that happens until end; nil when there is none.
func (k *clock) next(end time.Duration) func() {
	if len(k.queue) == 0 || k.queue[0].at > end {
		k.now = max(k.now, end)
		return nil
	}
	e := heap.Pop(&k.queue).(event)
	k.now = e.at
	return e.do
}

type events []event

func (q events) Len() int { return len(q) }
func (q events) Less(i, j int) bool {
	if q[i].at != q[j].at {
		return q[i].at < q[j].at
	}
	return q[i].order < q[j].order
}
func (q events) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *events) Push(x any)   { *q = append(*q, x.(event)) }
func (q *events) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	(*q)[last] = event{}
	*q = (*q)[:last]
	return e
}
