package agent

import "time"

// WrapUp is the time after a call in which an agent writes down what is left to
// write and is not rung. It is entered by the end of a call, never asked for, and
// ends by itself, or as soon as the agent chooses a presence.
const WrapUp Presence = "wrap_up"

// DefaultOutcomes are what an agent may say a call came to, where nobody has
// chosen others.
func DefaultOutcomes() []string { return []string{"Solved", "Follow-up needed", "Wrong number"} }

type (
	// NextAsked is what the agent wants to be when the present call, or the time
	// after it, is over. Busy: there is a call; without one it is so at once.
	NextAsked struct {
		Presence Presence
		Reason   string
		Busy     bool
	}
	// WrapUpOver ends the time after a call: when it has run out, or Early, by the
	// agent's wish.
	WrapUpOver struct{ Early bool }
)

func (NextAsked) agentEvent()  {}
func (WrapUpOver) agentEvent() {}

// callOver ends the agent's part in a call.
func (a Agent) callOver(e CallOver, now time.Time) Agent {
	a.IdleSince = now
	switch {
	case a.Presence == Available && e.WrapUp > 0:
		next, reason := a.Next, a.NextReason
		a = a.become(WrapUp, "", now)
		a.Until, a.WrapCall, a.Next, a.NextReason = now.Add(e.WrapUp), e.Call, next, reason
	case a.Next != "":
		a = a.become(a.Next, a.NextReason, now)
	}
	return a
}

func (a Agent) nextAsked(e NextAsked, now time.Time) (Agent, error) {
	if !e.Presence.choosable() {
		return a, ErrPresence
	}
	if !e.Busy && a.Presence != WrapUp {
		return a.become(e.Presence, e.Reason, now), nil
	}
	a.Next, a.NextReason = e.Presence, e.Reason
	return a, nil
}

func (a Agent) wrapUpOver(e WrapUpOver, now time.Time) Agent {
	if a.Presence != WrapUp || !e.Early && now.Before(a.Until) {
		return a
	}
	if a.Next == "" {
		a.Next = Available
	}
	return a.become(a.Next, a.NextReason, now)
}

func (p Presence) choosable() bool { return p == Available || p == Away || p == Offline }
