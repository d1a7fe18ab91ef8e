package agent

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestValid(t *testing.T) {
	for id, want := range map[ID]bool{
		"agent1": true, "a": true, "_": true, "ben_2": true, ID(strings.Repeat("a", 64)): true,
		"": false, "Ana": false, "a-b": false, "a b": false, "ä": false, ID(strings.Repeat("a", 65)): false,
		"api": false, "as": false, "call": false, "conference": false, "assets": false, "signal": false, "tutorial": false, "2010-04-01": false,
	} {
		if id.Valid() != want {
			t.Errorf("%q.Valid() = %v", id, !want)
		}
	}
}

func TestStep(t *testing.T) {
	long := noon.Add(-time.Hour)
	available := Agent{ID: "ana", Presence: Available, Since: long, IdleSince: long, TokenUntil: noon.Add(time.Hour)}
	offline := Agent{ID: "ana", Presence: Offline, Since: long, IdleSince: long}
	with := func(a Agent, f func(*Agent)) Agent { f(&a); return a }
	wrapping := with(available, func(a *Agent) { a.Presence, a.Until, a.WrapCall = WrapUp, noon.Add(time.Second), "c" })
	for _, tt := range []struct {
		name  string
		from  Agent
		event Event
		want  Agent
		err   error
	}{
		{"goes available", offline, PresenceAsked{Presence: Available}, with(offline, func(a *Agent) {
			a.Presence, a.Since, a.IdleSince = Available, noon, noon
		}), nil},
		{"is available already and keeps the place in line", available, PresenceAsked{Presence: Available}, available, nil},
		{"goes away", available, PresenceAsked{Presence: Away, Reason: "lunch"}, with(available, func(a *Agent) {
			a.Presence, a.Reason, a.Since = Away, "lunch", noon
		}), nil},
		{"takes a break of a quarter of an hour", available, PresenceAsked{Presence: Away, For: 15 * time.Minute}, with(available, func(a *Agent) {
			a.Presence, a.Since, a.Until = Away, noon, noon.Add(15*time.Minute)
		}), nil},
		{"is still away when the break is meant to be over", with(available, func(a *Agent) { a.Presence, a.Until = Away, noon }), WrapUpOver{},
			with(available, func(a *Agent) { a.Presence, a.Until = Away, noon }), nil},
		{"is back from a break", with(available, func(a *Agent) { a.Presence, a.Until = Away, noon }), PresenceAsked{Presence: Available}, with(available, func(a *Agent) {
			a.Since, a.IdleSince = noon, noon
		}), nil},
		{"cannot take a break of a day", available, PresenceAsked{Presence: Away, For: 24 * time.Hour}, available, ErrBreak},
		{"cannot be available for so long only", available, PresenceAsked{Presence: Available, For: time.Minute}, available, ErrBreak},
		{"signs out, and the token no longer makes reachable", available, PresenceAsked{Presence: Offline}, with(available, func(a *Agent) {
			a.Presence, a.Since, a.TokenUntil = Offline, noon, time.Time{}
		}), nil},
		{"cannot choose to be on a call", available, PresenceAsked{Presence: OnCall}, available, ErrPresence},
		{"cannot choose to be after a call", available, PresenceAsked{Presence: WrapUp}, available, ErrPresence},
		{"writes down what is left after a call", available, CallOver{WrapUp: 30 * time.Second, Call: "c"}, with(available, func(a *Agent) {
			a.Presence, a.Since, a.IdleSince, a.Until, a.WrapCall = WrapUp, noon, noon, noon.Add(30*time.Second), "c"
		}), nil},
		{"has nothing to write down while away", with(available, func(a *Agent) { a.Presence = Away }), CallOver{WrapUp: time.Minute}, with(available, func(a *Agent) {
			a.Presence, a.IdleSince = Away, noon
		}), nil},
		{"is done", wrapping, WrapUpOver{Early: true}, with(available, func(a *Agent) { a.Since, a.IdleSince = noon, noon }), nil},
		{"is not done before the time", wrapping, WrapUpOver{}, wrapping, nil},
		{"has had the time", with(wrapping, func(a *Agent) { a.Until = noon }), WrapUpOver{}, with(available, func(a *Agent) { a.Since, a.IdleSince = noon, noon }), nil},
		{"takes a break afterwards", with(wrapping, func(a *Agent) { a.Next, a.NextReason = Away, "lunch" }), WrapUpOver{Early: true}, with(available, func(a *Agent) {
			a.Presence, a.Reason, a.Since = Away, "lunch", noon
		}), nil},
		{"goes available instead", wrapping, PresenceAsked{Presence: Available}, with(available, func(a *Agent) { a.Since, a.IdleSince = noon, noon }), nil},
		{"has no more to write down than once", available, WrapUpOver{Early: true}, available, nil},
		{"wants a break after this call", available, NextAsked{Presence: Away, Reason: "lunch", Busy: true}, with(available, func(a *Agent) {
			a.Next, a.NextReason = Away, "lunch"
		}), nil},
		{"wants a break after what is left of this call", wrapping, NextAsked{Presence: Away}, with(wrapping, func(a *Agent) { a.Next = Away }), nil},
		{"wants a break, and there is no call", available, NextAsked{Presence: Away}, with(available, func(a *Agent) {
			a.Presence, a.Since = Away, noon
		}), nil},
		{"has the break after the call", with(available, func(a *Agent) { a.Next = Away }), CallOver{}, with(available, func(a *Agent) {
			a.Presence, a.Since, a.IdleSince = Away, noon, noon
		}), nil},
		{"keeps the wish over the time after the call", with(available, func(a *Agent) { a.Next = Away }), CallOver{WrapUp: time.Second}, with(available, func(a *Agent) {
			a.Presence, a.Since, a.IdleSince, a.Until, a.Next = WrapUp, noon, noon, noon.Add(time.Second), Away
		}), nil},
		{"cannot wish to be on a call", available, NextAsked{Presence: OnCall, Busy: true}, available, ErrPresence},
		{"cannot choose to be out of reach", available, PresenceAsked{Presence: NotReachable}, available, ErrPresence},
		{"fetches a token without a page", offline, TokenFetched{Until: noon.Add(time.Hour)}, with(offline, func(a *Agent) {
			a.Presence, a.Since, a.IdleSince, a.TokenUntil = Available, noon, noon, noon.Add(time.Hour)
		}), nil},
		{"misses a call", available, RingMissed{}, with(available, func(a *Agent) {
			a.Presence, a.Reason, a.Since, a.TokenUntil = Away, "missed a call", noon, time.Time{}
		}), nil},
		{"has no phone", available, Unreachable{}, with(available, func(a *Agent) {
			a.Presence, a.Reason, a.Since, a.TokenUntil = Away, "could not be reached", noon, time.Time{}
		}), nil},
		{"has no phone and is offline anyway", offline, Unreachable{}, offline, nil},
		{"cannot speak, and gets no new calls", available, Microphone{}, with(available, func(a *Agent) {
			a.Presence, a.Reason, a.Since = Away, noMicrophone, noon
		}), nil},
		{"cannot speak any more in a call, and gets no other", available, Microphone{Busy: true}, with(available, func(a *Agent) {
			a.Next, a.NextReason = Away, noMicrophone
		}), nil},
		{"cannot speak while writing down what is left", wrapping, Microphone{}, with(wrapping, func(a *Agent) {
			a.Next, a.NextReason = Away, noMicrophone
		}), nil},
		{"can speak again before the call is over", with(available, func(a *Agent) { a.Next, a.NextReason = Away, noMicrophone }), Microphone{Works: true, Busy: true}, available, nil},
		{"can speak, and has the break all the same", with(wrapping, func(a *Agent) { a.Next, a.NextReason = Away, "lunch" }), Microphone{Works: true}, with(wrapping, func(a *Agent) {
			a.Next, a.NextReason = Away, "lunch"
		}), nil},
		{"cannot speak, and goes offline afterwards all the same", with(wrapping, func(a *Agent) { a.Next = Offline }), Microphone{}, with(wrapping, func(a *Agent) { a.Next = Offline }), nil},
		{"speaks by phone", with(available, func(a *Agent) { a.Phone, a.ByPhone = "+49301", true }), Microphone{}, with(available, func(a *Agent) {
			a.Phone, a.ByPhone = "+49301", true
		}), nil},
		{"can speak, which makes nobody available", with(available, func(a *Agent) { a.Presence, a.Reason = Away, noMicrophone }), Microphone{Works: true}, with(available, func(a *Agent) {
			a.Presence, a.Reason = Away, noMicrophone
		}), nil},
		{"is idle from the end of a call on", available, CallOver{}, with(available, func(a *Agent) { a.IdleSince = noon }), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Step(tt.from, tt.event, noon)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestSeen(t *testing.T) {
	e := Entry{Agent: Agent{ID: "ana", Presence: Available}, Reachable: true}
	if e.Seen() != Available {
		t.Error(e.Seen())
	}
	e.Reachable = false
	if e.Seen() != NotReachable {
		t.Error(e.Seen())
	}
	e.Claimed = true
	if e.Seen() != OnCall {
		t.Error(e.Seen())
	}
	e.Claimed, e.Presence = false, Away
	if e.Seen() != Away {
		t.Error(e.Seen())
	}
}

func TestTeamNames(t *testing.T) {
	for name, want := range map[string]bool{
		"billing": true, "second_line": true, "api": true, strings.Repeat("a", 64): true,
		"": false, "Billing": false, "a b": false, "a-b": false, strings.Repeat("a", 65): false,
	} {
		if ValidTeam(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
	if got := TeamTitle("second_line") + TeamTitle(""); got != "Second line" {
		t.Error(got)
	}
}
