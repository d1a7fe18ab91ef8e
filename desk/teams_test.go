package desk_test

import (
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
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

// seek asks for several, one after the other.
func (b *bench) seek(id call.ID, by agent.ID, kind call.RequestKind, to ...string) error {
	b.t.Helper()
	r := desk.Request{Call: id, Kind: kind, By: by}
	for _, a := range to {
		r.Sought = append(r.Sought, call.ParseAddress(a))
	}
	_, err := b.Request(b.t.Context(), r)
	synctest.Wait()
	return err
}

func (b *bench) mustSeek(id call.ID, by agent.ID, kind call.RequestKind, to ...string) {
	b.t.Helper()
	if err := b.seek(id, by, kind, to...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) wantTarget(id call.ID, stage call.Stage, target agent.ID) {
	b.t.Helper()
	if c := b.call(id); c.Stage != stage || c.Target != target {
		b.t.Fatalf("stage %s, target %q; want %s, %q", c.Stage, c.Target, stage, target)
	}
}

// One after the other: who is not free is passed over, who does not come is
// followed by the next, without anybody doing anything.
func TestSeveralTargets(t *testing.T) {
	inTeams(t, func(t *testing.T, b *bench) {
		b.available("ana")
		id := b.arrive("CA-dana")
		b.answer("ana")
		b.available("ben", "cy")
		for _, kind := range []call.RequestKind{call.Consult, call.Invite} {
			b.mustSeek(id, "ana", kind, "nobody", "ben", "cy")
			b.wantTarget(id, b.call(id).Stage, "ben")
			b.mustAsk(id, "ben", call.PassOn, "")
			b.wantTarget(id, b.call(id).Stage, "cy")
			b.mustAsk(id, "ana", call.Cancel, "")
			b.wantTarget(id, call.Talking, "")
		}
		b.mustSeek(id, "ana", call.Send, "cy", "ben")
		time.Sleep(21 * time.Second)
		synctest.Wait()
		b.wantTarget(id, call.Sending, "ben")
		b.answer("ben")
		b.want(id, call.Talking, "ben")
	})
}

// A team is its free members, the longest idle first and each once; a member is not
// rung for two calls.
func TestTeamTarget(t *testing.T) {
	inTeams(t, func(t *testing.T, b *bench) {
		b.available("ana")
		id := b.arrive("CA-dana")
		b.answer("ana")
		if err := b.seek(id, "ana", call.Consult, "team:billing"); err == nil || err.Error() != "Nobody in Billing can be rung right now. You are still with the caller." {
			t.Fatalf("nobody is there: %v", err)
		}
		b.available("cy", "ben")
		b.mustSeek(id, "ana", call.Consult, "team:billing")
		b.wantTarget(id, call.Asking, "cy")
		if free := b.View().Teams[0].Free; free != 1 {
			t.Errorf("%d free", free)
		}
		b.mustAsk(id, "cy", call.PassOn, "")
		b.wantTarget(id, call.Asking, "ben")
		b.mustAsk(id, "ben", call.PassOn, "")
		b.want(id, call.Held, "ana")
		if n := b.call(id).Notice; n == nil || n.Team != "billing" {
			t.Errorf("notice %+v", n)
		}
	})
}
