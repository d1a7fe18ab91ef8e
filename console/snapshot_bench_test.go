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
	"warmdesk/say"
	"warmdesk/store"
)

// BenchmarkSnapshot10000 is one page's drawing, written out, while 10,000 customers
// wait and the roster has 100.
func BenchmarkSnapshot10000(b *testing.B) {
	s, err := store.Open(context.Background(), store.Config{URL: store.Memory})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for i := range 10_000 {
		id := fmt.Sprintf("01JZZZZZZZZZZZZZZZZZZ%05d", i)
		c := call.Create(call.Arrived{Call: call.ID(id), Account: "AC1", SID: "CA" + id, Number: "+15550100"}, time.Now())
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
	var size int
	for b.Loop() {
		snapshot := snapshotOf(d.View(), "agent1", say.English)
		written, err := json.Marshal(snapshot)
		if err != nil || snapshot.Waiting != 10_000 || len(snapshot.Queue) != queueShown {
			b.Fatal(err, snapshot.Waiting, len(snapshot.Queue))
		}
		size = len(written)
	}
	b.ReportMetric(float64(size)/1000, "kB")
}
