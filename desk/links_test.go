package desk_test

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/store"
)

// withPages is a customer with Ana, whose page has told of its line.
func withPages(t *testing.T, b *bench) call.ID {
	t.Helper()
	b.available("ana")
	b.page("ana", "page1")
	id := b.arrive("CA-dana")
	b.answer("ana")
	b.want(id, call.Talking, "ana")
	if _, err := b.Fact(t.Context(), id, call.SelfMuted{Agent: "ana", SID: b.sidOf(id, "ana")}, nil); err != nil {
		t.Fatal(err)
	}
	return id
}

// pongs lets pages be heard of for so long.
func (b *bench) pongs(d time.Duration, ids ...agent.ID) {
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(3 * time.Second) {
		for _, id := range ids {
			b.PageHeard(id, "page1")
		}
	}
	synctest.Wait()
}

// A page that is not heard of for 15 s makes its agent suspect, to the second;
// one that is heard of again is trusted.
func TestLinkGone(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		id := withPages(t, b)
		b.pongs(time.Minute, "ana")
		b.PageHeard("ana", "page1")
		b.want(id, call.Talking, "ana")
		b.PageClosed("ana", "page1")
		time.Sleep(call.LinkTime - time.Millisecond)
		b.want(id, call.Talking, "ana")
		time.Sleep(time.Millisecond)
		synctest.Wait()
		b.want(id, call.Recovering, "ana")
		if c := b.call(id); !call.Suspected(c, "ana") || !c.CustomerLeg().Held {
			t.Errorf("%+v", c)
		}
		time.Sleep(5 * time.Second)
		if err := b.PageOpened(t.Context(), "ana", desk.Page{ID: "page1", Live: b.sidOf(id, "ana")}); err != nil {
			t.Fatal(err)
		}
		b.want(id, call.Talking, "ana")
		if told := b.View().Told("ana"); len(told) != 1 || told[0].News.Kind != call.NewsLinkBack {
			t.Errorf("Ana was told %+v", told)
		}
		time.Sleep(call.LinkTime)
		synctest.Wait()
		b.want(id, call.Recovering, "ana")
		b.PageHeard("ana", "page1") // the socket was there all the time
		synctest.Wait()
		b.want(id, call.Talking, "ana")
	})
}

// A client without a page of ours is never suspected.
func TestNoLink(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		if err := b.TokenFetched(t.Context(), "ana", time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		id := b.arrive("CA-dana")
		b.answer("ana")
		time.Sleep(time.Hour)
		b.want(id, call.Talking, "ana")
	})
}

// A page that goes between the answer and its word of it is missed all the same.
func TestLinkGoneBeforeItsWord(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana")
		b.page("ana", "page1")
		id := b.arrive("CA-dana")
		b.answer("ana")
		b.PageClosed("ana", "page1")
		time.Sleep(call.LinkTime - time.Second)
		b.want(id, call.Talking, "ana")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		b.want(id, call.Recovering, "ana")
	})
}

// A page that is closed while it rings and is not back in 5 s is not rung further:
// the next agent is.
func TestRingOnAPageThatIsGone(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana")
		b.page("ana", "page1")
		id := b.arrive("CA-dana")
		b.want(id, call.Offering, "")
		b.PageClosed("ana", "page1")
		time.Sleep(4 * time.Second)
		b.want(id, call.Offering, "")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		b.want(id, call.Queued, "")
		if ana, _ := b.View().Agent("ana"); ana.Presence != agent.Away {
			t.Errorf("Ana is %s", ana.Presence)
		}
	})
}

// Nor is it forgotten when the desk dies in the same moment.
func TestLinkGoneWithTheDesk(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.available("ana")
		b.page("ana", "page1")
		id := b.arrive("CA-dana")
		b.answer("ana")
		b.stop()
		b.start("ana")
		time.Sleep(call.LinkTime + 2*time.Second)
		synctest.Wait()
		b.want(id, call.Recovering, "ana")
	})
}

// A desk that was away itself counts from when it is back.
func TestLinkAfterRestart(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		id := withPages(t, b)
		b.stop()
		time.Sleep(time.Minute)
		b.start("ana")
		time.Sleep(call.LinkTime - time.Second)
		b.want(id, call.Talking, "ana")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		b.want(id, call.Recovering, "ana")
	})
}

// Nor does a desk that slept suspect everybody when it wakes up: their pages have
// not been asked.
func TestLinkAfterSleep(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	s, err := store.Open(t.Context(), store.Config{URL: store.Memory})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d, err := desk.New(t.Context(), desk.Config{
		Store: s, Phone: nil, Feed: nobody{}, Account: "AC1", Recovery: true,
		Roster: []agent.Agent{{ID: "ana"}}, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.PageOpened(t.Context(), "ana", desk.Page{ID: "page1"}); err != nil {
		t.Fatal(err)
	}
	c, err := d.Arrive(t.Context(), call.Arrived{Account: "AC1", SID: "CA1"}, nil)
	for _, e := range []call.Event{
		call.Offered{Agent: "ana"},
		call.LegMoved{Leg: call.LegID(c.ID) + "-2", Account: "AC1", SID: "CA2", Status: call.Answered, Seq: 1},
		call.RoomMoved{SID: "CA1", RoomSID: "CF1", Seq: 1, Move: call.Joined},
		call.RoomMoved{SID: "CA2", RoomSID: "CF1", Seq: 2, Move: call.Joined},
		call.SelfMuted{Agent: "ana", SID: "CA2"},
	} {
		if err == nil {
			c, err = d.Fact(t.Context(), c.ID, e, nil)
		}
	}
	if err != nil || c.Stage != call.Talking {
		t.Fatal(c.Stage, err)
	}
	after := func(away time.Duration, want call.Stage) {
		t.Helper()
		now = now.Add(away)
		d.Turn(t.Context())
		if c, err := d.Call(t.Context(), c.ID); err != nil || c.Stage != want {
			t.Fatalf("%s, want %s: %v", c.Stage, want, err)
		}
	}
	after(0, call.Talking)
	after(10*time.Minute, call.Talking)
	for range 4 {
		after(3*time.Second, call.Talking)
	}
	after(3*time.Second, call.Recovering)
}
