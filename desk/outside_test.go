package desk_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/outside"
)

const outsider = agent.ID("+4930901820")

// withNumbers runs a test with a desk that may call Germany, where cy has a
// telephone.
func withNumbers(t *testing.T, f func(t *testing.T, b *bench)) {
	synctest.Test(t, func(t *testing.T) {
		rules, err := outside.New(outside.Config{Own: "+493022334455", Countries: []string{"DE"}})
		if err != nil {
			t.Fatal(err)
		}
		b := newBench(t)
		b.stop()
		b.outside, b.phones = rules, map[agent.ID]string{"cy": "+4930111111"}
		b.start("ana", "ben", "cy")
		defer b.end()
		f(t, b)
	})
}

func TestANumberIsReadAndAllowed(t *testing.T) {
	withNumbers(t, func(t *testing.T, b *bench) {
		b.available("ana")
		id := b.arrive("CA-dana")
		b.answer("ana")
		for typed, want := range map[string]string{
			"+1 212 736 5000": call.NotAllowed, "030 22334455": call.NotAllowed, "112": call.NotAllowed,
			"+49 30": call.BadRequest, "007": call.BadRequest, "nobody": call.NotFree, "ben": call.NotFree,
		} {
			err := b.seek(id, "ana", call.Consult, typed)
			if refused, ok := errors.AsType[*call.RefusedError](err); !ok || refused.Code != want {
				t.Errorf("%s: %v", typed, err)
			}
		}
		b.want(id, call.Talking, "ana")
		b.mustSeek(id, "ana", call.Consult, "ben", "(030) 90 18 20")
		b.wantTarget(id, call.Asking, outsider)
		if name := b.Name(outsider); name != "+49 30 901820" || b.View().Name(outsider) != name || b.Name("ana") != "ana" {
			t.Errorf("named %q", name)
		}
		if b.View().Version == 0 || b.presence("ben").Presence != agent.Offline {
			t.Error("somebody else was changed")
		}
	})
}

// An admin allows other numbers, or an agent has another telephone: it holds at once.
func TestNumbersAreAllowedWhileTheDeskWorks(t *testing.T) {
	withNumbers(t, func(t *testing.T, b *bench) {
		b.available("ana")
		id := b.arrive("CA-dana")
		b.answer("ana")
		none := b.Rules()
		none.Outside = outside.Rules{}
		german := b.Rules()
		b.SetRules(none)
		err := b.seek(id, "ana", call.Consult, "+4930901820")
		if refused, ok := errors.AsType[*call.RefusedError](err); !ok || refused.Code != call.NotAllowed || b.View().Outside.Any() {
			t.Errorf("nothing is allowed: %v", err)
		}
		b.SetRules(german)
		b.mustSeek(id, "ana", call.Consult, "+4930901820")
		b.wantTarget(id, call.Asking, outsider)

		b.SetRoster(t.Context(), []agent.Agent{{ID: "ana", Name: "ana"}, {ID: "ben", Name: "ben", Phone: "+4930222222"}, {ID: "cy", Name: "cy"}}, nil)
		for _, e := range b.View().Roster {
			if want := map[agent.ID]string{"ben": "+4930222222"}[e.ID]; e.Phone != want {
				t.Errorf("%s has the telephone %q, want %q", e.ID, e.Phone, want)
			}
		}
	})
}

// What is allowed may change between the question and the dial.
func TestANumberIsHeldAgainstTheRulesWhenDialled(t *testing.T) {
	withNumbers(t, func(t *testing.T, b *bench) {
		b.available("ana")
		id := b.arrive("CA-dana")
		b.answer("ana")
		b.carrier.refusing(call.TryBack, 0)
		b.mustSeek(id, "ana", call.Invite, string(outsider))
		b.stop()
		b.outside = outside.Rules{}
		b.carrier.refusing("", 0)
		b.start("ana", "ben", "cy")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		b.want(id, call.Talking, "ana")
		c := b.call(id)
		if c.Notice == nil || c.Notice.Kind != call.Failed || c.Notice.Agent != outsider || b.carrier.ringing(outsider) != nil {
			t.Fatalf("%+v", c.Notice)
		}
	})
}

// Two calls ring one number, and nothing is heard of either dial: each finds its own,
// and the telephone does not ring a third time.
func TestTwoCallsToOneNumber(t *testing.T) {
	withNumbers(t, func(t *testing.T, b *bench) {
		b.available("ana")
		dana := b.arrive("CA-dana")
		b.answer("ana")
		b.available("ben")
		eve := b.arrive("CA-eve")
		b.answer("ben")
		b.carrier.mu.Lock()
		b.carrier.mute = true
		b.carrier.mu.Unlock()
		dials := b.carrier.count(call.Dial)
		b.mustSeek(dana, "ana", call.Invite, string(outsider))
		b.mustSeek(eve, "ben", call.Invite, string(outsider))
		time.Sleep(3*call.FindPause + time.Second)
		synctest.Wait()
		one, other := b.call(dana), b.call(eve)
		first, second := one.AgentLeg(outsider), other.AgentLeg(outsider)
		if first == nil || second == nil || first.SID == "" || second.SID == "" || first.SID == second.SID {
			t.Fatalf("%+v and %+v", first, second)
		}
		if n := b.carrier.count(call.Dial) - dials; n != 2 {
			t.Errorf("%d dials", n)
		}
	})
}

// Somebody who has their calls by telephone needs no page, and is rung there.
func TestAnAgentByTelephone(t *testing.T) {
	withNumbers(t, func(t *testing.T, b *bench) {
		if err := b.SetByPhone(t.Context(), "ben", true); !errors.Is(err, agent.ErrNoPhone) {
			t.Errorf("without a number: %v", err)
		}
		if err := b.SetByPhone(t.Context(), "cy", true); err != nil {
			t.Fatal(err)
		}
		if err := b.SetPresence(t.Context(), "cy", agent.Available, ""); err != nil {
			t.Fatal(err)
		}
		if e, _ := b.View().Agent("cy"); !e.Free() {
			t.Fatalf("%+v", e)
		}
		b.Microphone(t.Context(), "cy", false)
		b.stop() // and another desk knows it, too
		b.start("ana", "ben", "cy")
		id := b.arrive("CA-dana")
		c := b.call(id)
		if l := c.AgentLeg("cy"); c.Stage != call.Offering || l == nil || l.Phone != "+4930111111" {
			t.Fatalf("%s %+v", c.Stage, c.Legs)
		}
		time.Sleep(call.PhoneDialTime + call.RingTime)
		synctest.Wait()
		b.want(id, call.Queued, "")
		if a := b.presence("cy"); a.Presence != agent.Away || !a.ByPhone {
			t.Fatalf("%+v", a)
		}
		if err := b.SetPresence(t.Context(), "cy", agent.Offline, ""); err != nil || b.presence("cy").ByPhone {
			t.Fatalf("offline: %+v %v", b.presence("cy"), err)
		}
	})
}
