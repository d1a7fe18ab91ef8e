package desk_test

import (
	"testing"

	"warmdesk/agent"
	"warmdesk/call"
)

// People come and go while the desk works: who is new is offered calls, who is
// not named any more gets none, and the call they are in goes on.
func TestPeopleComeAndGo(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		ana, ben, dora := agent.Agent{ID: "ana", Name: "Ana"}, agent.Agent{ID: "ben", Name: "Ben"}, agent.Agent{ID: "dora", Name: "Dora", Teams: []string{"tech"}}
		if b.SetRoster(t.Context(), []agent.Agent{ana, ben, dora}, nil) {
			t.Error("nobody is in a call, and it is to be asked again")
		}
		b.available("dora")
		id := b.arrive("CA-dana")
		b.answer("dora")
		b.want(id, call.Talking, "dora")
		if teams := b.View().Teams; len(teams) != 1 || teams[0].Name != "tech" {
			t.Errorf("teams: %+v", teams)
		}

		if !b.SetRoster(t.Context(), []agent.Agent{ana, ben}, nil) {
			t.Error("Dora is in a call, and nothing is left to do")
		}
		b.want(id, call.Talking, "dora")
		if d := b.presence("dora"); d.Presence != agent.Offline {
			t.Errorf("Dora is %s", d.Presence)
		}
		b.mustAsk(id, "dora", call.PutOnHold, "") // the rulebook knows her still
		b.hangup("CA-dana")
		b.want(id, call.Ended, "dora")
		if b.SetRoster(t.Context(), []agent.Agent{ana, ben}, nil) {
			t.Error("her call is over, and something is left to do")
		}
		if _, there := b.View().Agent("dora"); there || b.View().Name("dora") != "Dora" {
			t.Errorf("on the roster: %v, called %q", there, b.View().Name("dora"))
		}
		b.arrive("CA-eve")
		if b.carrier.ringing("dora") != nil {
			t.Error("who is gone is rung")
		}

		b.SetRoster(t.Context(), []agent.Agent{ana, ben, dora}, []agent.Agent{{ID: "cy", Name: "Cy"}})
		if d := b.presence("dora"); d.Presence != agent.Offline || b.View().Name("cy") != "Cy" {
			t.Errorf("back: %+v; Cy is called %q", d, b.View().Name("cy"))
		}
	})
}
