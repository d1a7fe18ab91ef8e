package desk_test

import (
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// arriveFor lets a customer call who wants to speak to a team.
func (b *bench) arriveFor(team, sid string) call.ID {
	b.t.Helper()
	c, err := b.Arrive(b.t.Context(), call.Arrived{Account: "AC1", SID: sid, Name: sid, Team: team}, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.carrier.join(c.ID, sid)
	synctest.Wait()
	return c.ID
}

func (b *bench) places(ids ...call.ID) []int {
	var places []int
	v := b.View()
	for _, id := range ids {
		places = append(places, v.Position(id))
	}
	return places
}

// inTeams runs a test with a desk where ben and cy are billing's.
func inTeams(t *testing.T, f func(t *testing.T, b *bench)) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.stop()
		b.teams = map[agent.ID][]string{"ben": {"billing"}, "cy": {"billing", "tech"}}
		b.start("ana", "ben", "cy")
		defer b.end()
		f(t, b)
	})
}

// A customer is offered to the team they want, and after a minute to anybody;
// their place is counted among those who want the same.
func TestTeams(t *testing.T) {
	inTeams(t, func(t *testing.T, b *bench) {
		b.available("ana")
		billing, anybody := b.arriveFor("billing", "CA-billing"), b.arriveFor("none we have", "CA-anybody")
		second := b.arriveFor("billing", "CA-second")
		b.want(billing, call.Queued, "")
		if c := b.call(anybody); c.Team != "" || c.Stage != call.Offering || c.Target != "ana" {
			t.Fatalf("a team nobody knows: %q, %s to %q", c.Team, c.Stage, c.Target)
		}
		if p := b.places(billing, second, anybody); p[0] != 1 || p[1] != 2 || p[2] != 0 {
			t.Fatalf("places %v", p)
		}
		b.answer("ana")
		b.mustAsk(anybody, "ana", call.End, "")
		b.available("cy")
		if c := b.call(billing); c.Target != "cy" {
			t.Fatalf("offered to %q", c.Target)
		}
		b.answer("cy")
		if p := b.places(second); p[0] != 1 {
			t.Fatalf("places %v", p)
		}
		time.Sleep(58 * time.Second)
		b.want(second, call.Queued, "")
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if c := b.call(second); c.Target != "ana" || !c.Widened {
			t.Fatalf("after a minute offered to %q", c.Target)
		}
		entries, err := b.Timeline(t.Context(), second)
		if err != nil || len(entries) < 2 || entries[1].Kind != call.NewsWidened || entries[1].Why != "waited 60 s for Billing" {
			t.Fatalf("%+v %v", entries, err)
		}
		if teams := b.View().Teams; len(teams) != 2 || teams[0].Name != "billing" || teams[0].Free != 0 || teams[1].Name != "tech" {
			t.Fatalf("%+v", teams)
		}
	})
}

// Who came back from a conversation is first among those who want the same team.
func TestPlaceOfReturned(t *testing.T) {
	inTeams(t, func(t *testing.T, b *bench) {
		b.available("ben")
		back := b.arriveFor("billing", "CA-back")
		b.answer("ben")
		waiting, other := b.arriveFor("billing", "CA-waiting"), b.arriveFor("tech", "CA-other")
		b.mustAsk(back, "ben", call.Requeue, "")
		if p := b.places(back, other); b.call(waiting).Target != "ben" || p[0] != 1 || p[1] != 1 {
			t.Fatalf("places %v", p)
		}
		b.mustAsk(waiting, "ben", call.PassOn, "")
		if p := b.places(back, waiting, other); p[0] != 1 || p[1] != 2 || p[2] != 1 {
			t.Fatalf("places %v", p)
		}
	})
}
