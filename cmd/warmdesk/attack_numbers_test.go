package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestAttackNumbers has people ask for telephone numbers that they may not call, on
// Twilio and on the built-in switchboard: nobody is rung, and nothing has changed.
func TestAttackNumbers(t *testing.T) {
	for name, start := range map[string]func(*testing.T, ...string) *victim{"twilio": twilioVictim, "built in": builtInVictim} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := start(t, "OUTSIDE_COUNTRIES=DE,AT", "OUTSIDE_DEFAULT_COUNTRY=DE", "OUTSIDE_CALLER_ID=customer", "PHONES=agent2=+4930901830")
			v.hire("cy", "agent")
			v.hire("lee", "lead")
			before := v.state()
			for _, a := range v.numberAttacks() {
				if err := v.judge(a, v.strike(a)); err != nil {
					t.Errorf("%s: %v", a.name, err)
				}
				if err := v.unharmed(before); err != nil {
					t.Fatalf("%s: %v", a.name, err)
				}
			}
			if v.double != nil && len(v.double.Legs()) != 2 {
				t.Errorf("%d legs", len(v.double.Legs()))
			}
		})
	}
}

// numberAttacks are numbers that cost, that help others, that are none, and that
// carry something else along; and people who may not bring anybody in.
func (v *victim) numberAttacks() (rows []attack) {
	typed := []string{"Content-Type", "application/json"}
	refused := []int{http.StatusBadRequest, http.StatusConflict}
	ask := func(name, as, request string, want []int, object map[string]any) {
		body, err := json.Marshal(object)
		if err != nil {
			v.Fatal(err)
		}
		rows = append(rows, attack{name: name, as: as, method: "POST", path: "/api/calls/{id}/" + request, headers: typed, body: string(body), want: want})
	}
	for name, to := range map[string]string{
		"a country that is not allowed": "+1 212 736 5000", "another": "+8613800138000", "of no country": "+88213000000", "an island's": "+18767654321",
		"premium": "+49 900 1234567", "premium as it is dialled": "0900 1234567", "shared cost": "0180 5 123456", "premium in Austria": "+43 930 123456",
		"emergency": "112", "emergency, with a country": "+49112", "police": "110", "a short code": "11833", "the desk's own": v.line(),
		"more than a number": "+4930901820&Url=https://evil.example/twiml", "a second line": "+4930901820\r\nX-Evil: 1", "with a tail": "+4930901820;postd=1",
		"with an extension": "+4930901820 ext. 9", "with pauses": "+4930901820pp1#", "with a wait": "+4930901820w1", "an address": "sip:eve@evil.example", "an address by number": "sip:+4930901820@evil.example",
		"a client of the carrier's": "client:agent2?leg=1", "an application": "app:AP00000000000000000000000000000001", "letters": "0800 FLOWERS",
		"endless": "+49" + strings.Repeat("1", 5000), "nothing": "+", "a zero byte": "+4930901820\x00", "with markup": "+4930901820<Dial>+19002345678</Dial>",
	} {
		for _, request := range []string{"consult", "invite", "send"} {
			ask(request+" a number: "+name, "ana", request, refused, map[string]any{"to": to})
		}
		rows = append(rows, attack{name: "the tutorial's way, a number: " + name, as: "ana", method: "POST", path: "/conference/agent1/call", headers: typed,
			body: fmt.Sprintf(`{"to":%q}`, strings.ToValidUTF8(to, "")), want: append([]int{http.StatusNotFound}, refused...)})
	}
	for name, object := range map[string]map[string]any{
		"a list with one": {"to": []string{"agent2", "+19002345678"}}, "an object": {"to": map[string]string{"number": "+4930901820"}}, "a figure": {"to": 4930901820},
		"a list that ends in one": {"to": "agent2,+19002345678"}, "with the carrier's own words": {"to": "+19002345678", "From": "+4930901820", "Url": evil},
	} {
		ask("consult "+name, "ana", "consult", refused, object)
	}
	// A number that is allowed, by those who have no part in the call, or no session.
	for who, want := range map[string]int{"": http.StatusUnauthorized, "cy": http.StatusConflict, "lee": http.StatusConflict, "ben": http.StatusConflict} {
		for _, request := range []string{"consult", "invite", "send"} {
			ask(request+" a number by "+who, who, request, []int{want, http.StatusForbidden}, map[string]any{"to": "+4930901820"})
		}
	}
	// Whose telephone rings is the configuration's, not the page's.
	for who, want := range map[string]int{"": http.StatusUnauthorized, "cy": http.StatusForbidden, "lee": http.StatusForbidden} {
		rows = append(rows, attack{name: "Ben's calls to Ben's telephone, by " + who, as: who, method: "POST", path: "/api/agents/agent2/presence", headers: typed,
			body: `{"byPhone":true,"phone":"+19002345678"}`, want: []int{want}})
	}
	ask("a telephone nobody has", "ana", "phone", refused, map[string]any{"to": "+19002345678"})
	return rows
}

// line is the number that customers call.
func (v *victim) line() string {
	if v.double != nil {
		return testNumber
	}
	return switchboardNumber
}
