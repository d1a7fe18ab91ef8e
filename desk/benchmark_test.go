package desk_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/store"
)

// callOf is a call of Ana's: a transfer under way, as the store has it.
func callOf(b *testing.B, id string, owner, target agent.ID) call.Call {
	b.Helper()
	now := time.Now().UTC()
	c := call.Create(call.Arrived{Call: call.ID(id), Account: "AC1", SID: "CA" + id, Number: "client:caller_" + id, Recovery: true}, now)
	for _, e := range []call.Event{
		call.RoomMoved{SID: "CA" + id, RoomSID: "CF" + id, Seq: 1, Move: call.Joined},
		call.Offered{Agent: owner},
		call.LegMoved{Leg: call.LegID(id + "-2"), Account: "AC1", SID: "CAo" + id, Status: call.Answered, Seq: 1},
		call.RoomMoved{SID: "CAo" + id, RoomSID: "CF" + id, Seq: 2, Move: call.Joined},
		call.Request{Kind: call.Invite, By: owner, To: target, Free: true},
		call.LegMoved{Leg: call.LegID(id + "-3"), Account: "AC1", SID: "CAt" + id, Status: call.Answered, Seq: 1},
		call.RoomMoved{SID: "CAt" + id, RoomSID: "CF" + id, Seq: 3, Move: call.Joined},
	} {
		var err error
		if c, err = call.Step(c, e, now); err != nil {
			b.Fatal(err)
		}
	}
	if c.Stage != call.Together || len(call.Plan(c, now)) > 0 {
		b.Fatalf("%s in stage %s", id, c.Stage)
	}
	return c
}

// fullStore is a database on disk with n calls: a thousand at most with two agents
// each, the others waiting.
func fullStore(b *testing.B, n int) (*store.Store, []agent.Agent) {
	b.Helper()
	s, err := store.Open(context.Background(), store.Config{URL: filepath.Join(b.TempDir(), "desk.db")})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	var roster []agent.Agent
	saved := make(chan error, n)
	slots := make(chan struct{}, 64) // as many as share a commit
	for i := range n {
		id := fmt.Sprintf("01JZZZZZZZZZZZZZZZZZZ%05d", i)
		var c call.Call
		if i < 500 {
			owner, target := agent.ID(fmt.Sprintf("owner%d", i)), agent.ID(fmt.Sprintf("target%d", i))
			c = callOf(b, id, owner, target)
			roster = append(roster, agent.Agent{ID: owner, Name: string(owner)}, agent.Agent{ID: target, Name: string(target)})
		} else {
			c = call.Create(call.Arrived{Call: call.ID(id), Account: "AC1", SID: "CA" + id, Number: "client:caller_" + id, Recovery: true}, time.Now().UTC())
			if c, err = call.Step(c, call.RoomMoved{SID: "CA" + id, RoomSID: "CF" + id, Seq: 1, Move: call.Joined}, time.Now().UTC()); err != nil {
				b.Fatal(err)
			}
		}
		slots <- struct{}{}
		go func() {
			saved <- s.SaveCall(context.Background(), desk.Save{Call: c, Claims: call.Claims(c)})
			<-slots
		}()
	}
	for range n {
		if err := <-saved; err != nil {
			b.Fatal(err)
		}
	}
	return s, roster
}

func deskOn(b *testing.B, s *store.Store, roster []agent.Agent) *desk.Desk {
	b.Helper()
	d, err := desk.New(context.Background(), desk.Config{
		Store: s, Phone: nil, Feed: nobody{}, Account: "AC1", Recovery: true, Roster: roster, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	return d
}

// cpu is the processor time of the whole process so far.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// perOp tells the processor time of each turn of the loop beside its duration.
func perOp(b *testing.B, loop func()) {
	before := cpu(b)
	for b.Loop() {
		loop()
	}
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

const oneOf = call.ID("01JZZZZZZZZZZZZZZZZZZ00000")

// BenchmarkEvent is one event of one call among n: load, step, save, commit.
func BenchmarkEvent(b *testing.B) {
	for _, n := range []int{1, 10_000} {
		b.Run(fmt.Sprintf("of %d calls", n), func(b *testing.B) {
			s, roster := fullStore(b, n)
			d, muted := deskOn(b, s, roster), false
			perOp(b, func() {
				muted = !muted
				e := call.SelfMuted{Agent: "owner0", SID: "CAo" + string(oneOf), Muted: muted}
				if c, err := d.Fact(context.Background(), oneOf, e, nil); err != nil || c.Legs[1].SelfMuted != muted {
					b.Fatal(c, err)
				}
			})
		})
	}
}

// BenchmarkUnchanged is a fact that says nothing new, as repeated callbacks and
// most documents do: it is not saved.
func BenchmarkUnchanged(b *testing.B) {
	s, roster := fullStore(b, 1)
	d := deskOn(b, s, roster)
	e := call.LegMoved{Leg: call.LegID(oneOf + "-2"), Account: "AC1", SID: "CAo" + string(oneOf), Status: call.Answered, Seq: 1}
	perOp(b, func() {
		if _, err := d.Fact(context.Background(), oneOf, e, nil); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkView10000 is what is put together for all pages after each change of
// what they see.
func BenchmarkView10000(b *testing.B) {
	s, roster := fullStore(b, 10_000)
	d := deskOn(b, s, roster)
	for b.Loop() {
		d.PageClosed("owner0", "no such page") // something has changed
		if v := d.View(); len(v.Calls) != 10_000 || len(v.Roster) != 1000 {
			b.Fatal(len(v.Calls))
		}
	}
}

// BenchmarkStart10000 is a start with 10,000 live calls in the database: until each
// one's state is there.
func BenchmarkStart10000(b *testing.B) {
	s, roster := fullStore(b, 10_000)
	for b.Loop() {
		d := deskOn(b, s, roster)
		if c, err := d.Call(context.Background(), oneOf); err != nil || c.Stage != call.Together {
			b.Fatal(c.Stage, err)
		}
	}
}
