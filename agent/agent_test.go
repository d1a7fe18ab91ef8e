package agent

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
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
	wrapping := with(available, func(a *Agent) { a.Presence, a.WrapUntil, a.WrapCall = WrapUp, noon.Add(time.Second), "c" })
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
		{"signs out, and the token no longer makes reachable", available, PresenceAsked{Presence: Offline}, with(available, func(a *Agent) {
			a.Presence, a.Since, a.TokenUntil = Offline, noon, time.Time{}
		}), nil},
		{"cannot choose to be on a call", available, PresenceAsked{Presence: OnCall}, available, ErrPresence},
		{"cannot choose to be after a call", available, PresenceAsked{Presence: WrapUp}, available, ErrPresence},
		{"writes down what is left after a call", available, CallOver{WrapUp: 30 * time.Second, Call: "c"}, with(available, func(a *Agent) {
			a.Presence, a.Since, a.IdleSince, a.WrapUntil, a.WrapCall = WrapUp, noon, noon, noon.Add(30*time.Second), "c"
		}), nil},
		{"has nothing to write down while away", with(available, func(a *Agent) { a.Presence = Away }), CallOver{WrapUp: time.Minute}, with(available, func(a *Agent) {
			a.Presence, a.IdleSince = Away, noon
		}), nil},
		{"is done", wrapping, WrapUpOver{Early: true}, with(available, func(a *Agent) { a.Since, a.IdleSince = noon, noon }), nil},
		{"is not done before the time", wrapping, WrapUpOver{}, wrapping, nil},
		{"has had the time", with(wrapping, func(a *Agent) { a.WrapUntil = noon }), WrapUpOver{}, with(available, func(a *Agent) { a.Since, a.IdleSince = noon, noon }), nil},
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
			a.Presence, a.Since, a.IdleSince, a.WrapUntil, a.Next = WrapUp, noon, noon, noon.Add(time.Second), Away
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

// free is somebody who has been idle for so many minutes.
func free(id ID, idle int) Entry {
	return Entry{Agent: Agent{ID: id, Presence: Available, IdleSince: noon.Add(-time.Duration(idle) * time.Minute)}, Reachable: true}
}

func waiting(call string, minutes int) Waiting {
	return Waiting{Call: call, Since: noon.Add(-time.Duration(minutes) * time.Minute)}
}

func TestNext(t *testing.T) {
	away, unreachable, claimed := free("cy", 90), free("dora", 90), free("eve", 90)
	away.Presence, unreachable.Reachable, claimed.Claimed = Away, false, true
	returned, passed, held := waiting("r", 0), waiting("p", 9), waiting("h", 9)
	returned.Returned = true
	passed.Not = []ID{"ana"}
	held.NotBefore = noon.Add(time.Second)
	for _, tt := range []struct {
		name   string
		queue  []Waiting
		roster []Entry
		want   []Match
	}{
		{"nobody waits", nil, []Entry{free("ana", 1)}, nil},
		{"nobody is free", []Waiting{waiting("a", 1)}, []Entry{away, unreachable, claimed}, nil},
		{"the longest idle", []Waiting{waiting("a", 1)}, []Entry{free("ana", 1), free("ben", 5), away}, []Match{{"a", "ben"}}},
		{"the longest waiting first", []Waiting{waiting("a", 1), waiting("b", 2)}, []Entry{free("ana", 1)}, []Match{{"b", "ana"}}},
		{"returned before all", []Waiting{waiting("a", 9), returned}, []Entry{free("ana", 1)}, []Match{{"r", "ana"}}},
		{"side by side", []Waiting{waiting("a", 1), waiting("b", 2)}, []Entry{free("ana", 1), free("ben", 2)}, []Match{{"b", "ben"}, {"a", "ana"}}},
		{"who passed is not asked again, the next caller is offered", []Waiting{passed, waiting("a", 1)}, []Entry{free("ana", 5)}, []Match{{"a", "ana"}}},
		{"who passed, and the next free one", []Waiting{passed}, []Entry{free("ana", 5), free("ben", 1)}, []Match{{"p", "ben"}}},
		{"held back after the carrier refused", []Waiting{held, waiting("a", 1)}, []Entry{free("ana", 5)}, []Match{{"a", "ana"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Next(tt.queue, tt.roster, noon)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	held.NotBefore = noon
	if got := Next([]Waiting{held}, []Entry{free("ana", 1)}, noon); len(got) != 1 {
		t.Errorf("still held back when the time has come: %v", got)
	}
}

// TestNextRandom: whatever the queue and the roster, nobody is named twice, only
// who is free and has not passed, and nobody free is left who could have served
// somebody in line.
func TestNextRandom(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ids := []ID{"a", "b", "c", "d", "e"}
		var roster []Entry
		for _, id := range ids[:rapid.IntRange(0, 5).Draw(rt, "agents")] {
			e := free(id, rapid.IntRange(0, 9).Draw(rt, "idle"))
			e.Presence = rapid.SampledFrom([]Presence{Available, Available, Away, Offline}).Draw(rt, "presence")
			e.Reachable, e.Claimed = rapid.IntRange(0, 3).Draw(rt, "reach") < 3, rapid.IntRange(0, 3).Draw(rt, "claim") == 3
			roster = append(roster, e)
		}
		var queue []Waiting
		for i := range rapid.IntRange(0, 5).Draw(rt, "callers") {
			w := waiting(string(rune('A'+i)), rapid.IntRange(0, 9).Draw(rt, "waited"))
			w.Returned = rapid.Bool().Draw(rt, "returned")
			w.Not = rapid.SliceOfN(rapid.SampledFrom(ids), 0, 3).Draw(rt, "passed")
			queue = append(queue, w)
		}
		before, people := slices.Clone(queue), slices.Clone(roster)
		got := Next(queue, roster, noon)
		if diff := cmp.Diff(before, queue); diff != "" {
			rt.Fatalf("the queue was changed: %s", diff)
		}
		if diff := cmp.Diff(people, roster); diff != "" {
			rt.Fatalf("the roster was changed: %s", diff)
		}
		calls, agents := map[string]bool{}, map[ID]bool{}
		for _, m := range got {
			if calls[m.Call] || agents[m.Agent] {
				rt.Fatalf("named twice: %v", got)
			}
			calls[m.Call], agents[m.Agent] = true, true
			w := queue[slices.IndexFunc(queue, func(w Waiting) bool { return w.Call == m.Call })]
			e := roster[slices.IndexFunc(roster, func(e Entry) bool { return e.ID == m.Agent })]
			if !e.Free() || slices.Contains(w.Not, m.Agent) {
				rt.Fatalf("%v cannot take %v", e, w)
			}
		}
		for _, w := range queue {
			for _, e := range roster {
				if !calls[w.Call] && !agents[e.ID] && e.Free() && !slices.Contains(w.Not, e.ID) {
					rt.Fatalf("%s waits though %s is free: %v", w.Call, e.ID, got)
				}
			}
		}
	})
}

func TestSeen(t *testing.T) {
	e := free("ana", 1)
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
