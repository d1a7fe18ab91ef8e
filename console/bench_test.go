package console

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
	"warmdesk/say"
	"warmdesk/store"
)

// deskOf has so many customers, with each of whom something happens, and a roster of 100.
func deskOf(b *testing.B, customers int, then ...call.Event) *desk.Desk {
	b.Helper()
	s, err := store.Open(context.Background(), store.Config{URL: store.Memory})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	for i := range customers {
		id := fmt.Sprintf("01JZZZZZZZZZZZZZZZZZZ%05d", i)
		c := call.Create(call.Arrived{Call: call.ID(id), Account: "AC1", SID: "CA" + id, Number: "+15550100"}, time.Now())
		for _, e := range then {
			if c, err = call.Step(c, e, time.Now()); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.SaveCall(context.Background(), desk.Save{Call: c}); err != nil {
			b.Fatal(err)
		}
	}
	var roster []agent.Agent
	for i := range 100 {
		roster = append(roster, agent.Agent{ID: agent.ID(fmt.Sprintf("agent%d", i)), Name: "Somebody"})
	}
	d, err := desk.New(context.Background(), desk.Config{
		Store: s, Feed: NewHub(), Account: "AC1", Roster: roster, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	return d
}

// written is how long it takes to draw something and write it out.
func written(b *testing.B, draw func() any) {
	b.Helper()
	var size int
	for b.Loop() {
		text, err := json.Marshal(draw())
		if err != nil {
			b.Fatal(err)
		}
		size = len(text)
	}
	b.ReportMetric(float64(size)/1000, "kB")
}

// BenchmarkSnapshot10000 is one page's drawing, written out, while 10,000 customers wait.
func BenchmarkSnapshot10000(b *testing.B) {
	d := deskOf(b, 10_000)
	written(b, func() any {
		snapshot := snapshotOf(d.View(), "agent1", say.English)
		if snapshot.Waiting != 10_000 || len(snapshot.Queue) != queueShown {
			b.Fatal(snapshot.Waiting, len(snapshot.Queue))
		}
		return snapshot
	})
}

// BenchmarkBoard50 is one drawing of the board, written out, with 50 live calls: what
// one change costs however many look.
func BenchmarkBoard50(b *testing.B) {
	d := deskOf(b, 50, call.Offered{Agent: "agent1"})
	written(b, func() any {
		v := d.View()
		board := boardOf(v, history.Counts{}, true, false, tellerOf(v, say.English))
		if len(board.Calls) != 50 {
			b.Fatal(len(board.Calls))
		}
		return board
	})
}
