package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

// roundTrip saves and loads a call after every step of a random life.
func roundTrip(t *testing.T, s Store) {
	lives := 0
	rapid.Check(t, func(rt *rapid.T) {
		lives++
		c := arrive(fmt.Sprintf("life%d", lives))
		now := Now()
		version, was := int64(0), call.Call{}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			save := desk.Save{Call: c, Version: version, Claims: call.Claims(c)}
			if rapid.Bool().Draw(rt, "what was is known") {
				save.Was = was
			}
			mustSave(rt, t, s, save)
			loaded, v, err := s.Call(t.Context(), c.ID)
			if err != nil {
				rt.Fatal(err)
			}
			same(rt, loaded, c)
			version, was = v, loaded
			now = now.Add(time.Duration(rapid.IntRange(0, 9000).Draw(rt, "ms")) * time.Millisecond)
			// A refused request leaves the call as it was.
			if next, err := call.Step(loaded, randomEvent(rt, loaded), now); err == nil {
				c = call.Begin(next, call.Plan(next, now), now)
			}
		}
		mustSave(rt, t, s, desk.Save{Call: c, Version: version})
	})
}

func mustSave(rt *rapid.T, t *testing.T, s Store, save desk.Save) {
	if err := s.SaveCall(t.Context(), save); err != nil {
		rt.Fatal(err)
	}
}

// randomEvent draws something that may happen to the call.
func randomEvent(rt *rapid.T, c call.Call) call.Event {
	people := []agent.ID{"ana", "ben", "cy"}
	who := rapid.SampledFrom(people).Draw(rt, "who")
	leg := rapid.SampledFrom(c.Legs).Draw(rt, "leg")
	sid := leg.SID
	if sid == "" {
		sid = "CA-" + string(leg.ID)
	}
	room := rapid.SampledFrom([]string{"CF1-", "CF2-"}).Draw(rt, "room") + string(c.ID)
	seq := rapid.IntRange(0, 20).Draw(rt, "seq")
	switch rapid.IntRange(0, 13).Draw(rt, "kind") {
	case 0:
		return call.Offered{Agent: who}
	case 1:
		kinds := append(slices.Clone(call.Allowed(c, who)), call.End)
		return call.Request{
			Kind: rapid.SampledFrom(kinds).Draw(rt, "request"), By: who,
			To: rapid.SampledFrom(people).Draw(rt, "to"), Free: true, Reason: rapid.StringN(0, 80, -1).Draw(rt, "reason"),
		}
	case 2:
		return call.LegMoved{
			Leg: leg.ID, Account: c.Account, SID: sid, Seq: seq,
			Status:  call.Status(rapid.IntRange(int(call.Dialled), int(call.Over)).Draw(rt, "status")),
			Outcome: rapid.SampledFrom([]call.Outcome{call.Completed, call.Busy, call.NoAnswer, call.Unreachable}).Draw(rt, "outcome"),
		}
	case 3, 4:
		return call.RoomMoved{
			SID: sid, RoomSID: room, Seq: seq,
			Move: rapid.SampledFrom([]call.RoomMove{call.Joined, call.Joined, call.Left, call.HeldNow, call.Unheld, call.MutedNow}).Draw(rt, "move"),
		}
	case 5:
		return call.RoomOver{RoomSID: room, Seq: seq}
	case 6:
		if len(c.Doing) == 0 {
			return call.TimePassed{Generation: c.Generation}
		}
		d := rapid.SampledFrom(c.Doing).Draw(rt, "doing")
		return call.Result{
			Key: d.Key, Kind: d.Kind, Attempt: d.Attempt, SID: "CA-" + d.Key[len(d.Kind):] + "-" + string(c.ID),
			Verdict: rapid.SampledFrom([]call.Verdict{call.Done, call.Refused, call.Missing, call.Unknown, call.TryBack}).Draw(rt, "verdict"),
		}
	case 8:
		return call.SelfMuted{Agent: leg.Agent, SID: leg.SID, Muted: rapid.Bool().Draw(rt, "muted")}
	case 9:
		return call.LinkGone{Agent: leg.Agent}
	case 11:
		return call.Unattended{Why: rapid.SampledFrom([]agent.Unserved{agent.Closed, agent.Nobody, agent.Long}).Draw(rt, "why")}
	case 12:
		return call.Chose{SID: sid, Question: c.Choice.Question, Digits: rapid.SampledFrom([]string{"1", "2", "7", "0301234567"}).Draw(rt, "digits")}
	case 13:
		return call.Recorded{
			SID: sid, Question: c.Choice.Question, RecordingSID: "RE-" + string(c.ID), Length: time.Duration(rapid.IntRange(-1, 9).Draw(rt, "length")) * time.Second,
		}
	case 7:
		return call.AgentBack{Agent: who, Key: "key-" + string(who)}
	}
	return call.TimePassed{Generation: c.Generation}
}
