package console

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
	"warmdesk/say"
	"warmdesk/store"
)

// BenchmarkBoard50 is one drawing of the board, written out, with 50 live calls: what
// one change costs however many look.
func BenchmarkBoard50(b *testing.B) {
	s, err := store.Open(context.Background(), store.Config{URL: store.Memory})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for i := range 50 {
		id := fmt.Sprintf("01JZZZZZZZZZZZZZZZZZZ%05d", i)
		c := call.Create(call.Arrived{Call: call.ID(id), Account: "AC1", SID: "CA" + id, Number: "+15550100"}, time.Now())
		c, _ = call.Step(c, call.Offered{Agent: "agent1"}, time.Now())
		if err := s.SaveCall(context.Background(), desk.Save{Call: c}); err != nil {
			b.Fatal(err)
		}
	}
	d, err := desk.New(context.Background(), desk.Config{Store: s, Feed: NewHub(), Account: "AC1", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	var size int
	for b.Loop() {
		v := d.View()
		written, err := json.Marshal(boardOf(v, history.Counts{}, true, false, tellerOf(v, say.English)))
		if err != nil {
			b.Fatal(err)
		}
		size = len(written)
	}
	b.ReportMetric(float64(size)/1000, "kB")
}
