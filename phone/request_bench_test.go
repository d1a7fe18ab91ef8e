package phone_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/phone"
	"warmdesk/store"
	"warmdesk/twilio"
)

// wire is a carrier that does as it is asked and notes when it heard of it.
type wire struct {
	asked chan time.Time // a hold or unhold
	dials int
}

func (w *wire) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	at := time.Now()
	rw.Header().Set("Content-Type", "application/json")
	switch {
	case strings.HasSuffix(r.URL.Path, "/Calls.json"):
		w.dials++
		rw.WriteHeader(http.StatusCreated)
		fmt.Fprintf(rw, `{"sid":"CAagent%d","status":"queued"}`, w.dials)
	case strings.Contains(r.URL.Path, "/Participants/"):
		fmt.Fprint(rw, `{"hold":true}`)
		w.asked <- at
	default: // a look
		rw.WriteHeader(http.StatusServiceUnavailable)
	}
}

// changes is a feed to wait on.
type changes chan struct{}

func (c changes) Changed() {
	select {
	case c <- struct{}{}:
	default:
	}
}

// BenchmarkRequestToWire is an agent's request until the carrier has it: loaded,
// stepped, saved on disk, sent. Alone, and while 10,000 customers wait and a page is
// drawn as often as pages are.
func BenchmarkRequestToWire(b *testing.B) {
	for _, waiting := range []int{0, 10_000} {
		b.Run(fmt.Sprintf("with %d waiting", waiting), func(b *testing.B) { requestToWire(b, waiting) })
	}
}

func requestToWire(b *testing.B, waiting int) {
	s, err := store.Open(context.Background(), store.Config{URL: filepath.Join(b.TempDir(), "desk.db")})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	w := &wire{asked: make(chan time.Time, 1)}
	server := httptest.NewServer(w)
	defer server.Close()
	client, err := twilio.NewClient(twilio.Config{AccountSID: account, Password: token, BaseURL: server.URL})
	if err != nil {
		b.Fatal(err)
	}
	changed := make(changes, 1)
	d, err := desk.New(context.Background(), desk.Config{
		Store: s, Feed: changed, Account: account, Recovery: true, Logger: discard(), Roster: []agent.Agent{{ID: "ana"}},
		Phone: phone.NewCarrier(phone.Config{Client: client, Account: account, AuthToken: token, PublicURL: public, Logger: discard()}),
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := d.Run(ctx); err != nil {
			b.Error(err)
		}
	})
	defer running.Wait()
	defer stop()
	id := talking(b, d, changed)
	crowd(b, d, waiting)
	if waiting > 0 {
		running.Go(func() {
			for ctx.Err() == nil {
				d.View()
				time.Sleep(50 * time.Millisecond)
			}
		})
	}
	var took []time.Duration
	hold := false
	b.ResetTimer()
	for range b.N {
		hold = !hold
		kind := call.Resume
		if hold {
			kind = call.PutOnHold
		}
		pressed := time.Now()
		if _, err := d.Request(ctx, desk.Request{Call: id, Kind: kind, By: "ana"}); err != nil {
			b.Fatal(err)
		}
		took = append(took, (<-w.asked).Sub(pressed))
		await(b, d, changed, id, func(c call.Call) bool { return c.CustomerLeg().Held == hold && len(c.Doing) == 0 })
	}
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// await waits until a call is as wanted.
func await(b *testing.B, d *desk.Desk, changed changes, id call.ID, wanted func(call.Call) bool) call.Call {
	late := time.After(10 * time.Second)
	for {
		c, err := d.Call(context.Background(), id)
		if err != nil {
			b.Fatal(err)
		}
		if wanted(c) {
			return c
		}
		select {
		case <-changed:
		case <-late:
			b.Fatalf("stage %s: %+v", c.Stage, c.Legs)
		}
	}
}

// talking is a call in which Ana and a customer hear each other.
func talking(b *testing.B, d *desk.Desk, changed changes) call.ID {
	ctx := context.Background()
	fact := func(id call.ID, e call.Event) {
		if _, err := d.Fact(ctx, id, e, nil); err != nil {
			b.Fatal(err)
		}
	}
	if err := d.PageOpened(ctx, "ana", desk.Page{ID: "page"}); err != nil {
		b.Fatal(err)
	}
	d.PageDevice(ctx, "ana", "page", true)
	if err := d.SetPresence(ctx, "ana", agent.Available, ""); err != nil {
		b.Fatal(err)
	}
	c, err := d.Arrive(ctx, call.Arrived{Account: account, SID: "CAcustomer"}, nil)
	if err != nil {
		b.Fatal(err)
	}
	fact(c.ID, call.RoomMoved{SID: "CAcustomer", RoomSID: "CF1", Seq: 1, Move: call.Joined})
	c = await(b, d, changed, c.ID, func(c call.Call) bool { l := c.AgentLeg("ana"); return l != nil && l.SID != "" })
	sid := c.AgentLeg("ana").SID
	fact(c.ID, call.LegMoved{Account: account, SID: sid, Status: call.Answered, Seq: 1})
	fact(c.ID, call.RoomMoved{SID: sid, RoomSID: "CF1", Seq: 2, Move: call.Joined})
	await(b, d, changed, c.ID, func(c call.Call) bool { return c.Stage == call.Talking && len(c.Doing) == 0 })
	return c.ID
}

// crowd lets n customers wait in line.
func crowd(b *testing.B, d *desk.Desk, n int) {
	slots := make(chan struct{}, 64)
	var all sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			sid := fmt.Sprintf("CAwaiting%d", i)
			c, err := d.Arrive(context.Background(), call.Arrived{Account: account, SID: sid}, nil)
			if err == nil {
				_, err = d.Fact(context.Background(), c.ID, call.RoomMoved{SID: sid, RoomSID: "CF" + sid, Seq: 1, Move: call.Joined}, nil)
			}
			if err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
}
