// Package agent is the rulebook of the roster: who may be rung, what a missed
// ring does to presence, and whose turn it is. It does no I/O, reads no clock
// and starts nothing: every function is told the time and returns new values.
package agent

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// ID names an agent: [a-z0-9_]{1,64}, and never a word the routes use
// (architecture.md, Surface).
type ID string

// reserved are the first path elements of our own routes.
var reserved = []ID{"api", "as", "call", "conference", "assets", "signal", "tutorial", "welcome"}

// Valid reports whether id can name an agent.
func (id ID) Valid() bool {
	if len(id) == 0 || len(id) > 64 || slices.Contains(reserved, id) {
		return false
	}
	return !strings.ContainsFunc(string(id), func(r rune) bool { return !word(r) })
}

// Presence is what an agent has said about taking calls. On call and not
// reachable are not chosen but seen: see Seen.
type Presence string

// The presences an agent may ask for.
const (
	Available Presence = "available"
	Away      Presence = "away"
	Offline   Presence = "offline"
)

// The words for what others see beside the chosen presence.
const (
	OnCall       Presence = "on_call"
	NotReachable Presence = "not_reachable"
)

// Agent is one person of the roster.
type Agent struct {
	ID       ID
	Name     string
	Teams    []string // in order of name
	Presence Presence
	// Reason says why, when it was not the agent's own choice: "missed a call".
	Reason string
	// Since is when Presence last changed.
	Since time.Time
	// IdleSince is when the agent last became free; the longest idle is rung
	// first.
	IdleSince time.Time
	// TokenUntil is set while a client without a page of ours (the tutorial's)
	// holds a token: until then the agent counts as reachable.
	TokenUntil time.Time
	// Until is when the time after the call WrapCall is over, while Presence is WrapUp;
	// while it is Away, when a break is meant to be over, which is the agent's own
	// affair: nothing changes by itself. Zero: open.
	Until    time.Time
	WrapCall string
	// Next is what the agent wants to be after the present call, and NextReason
	// why; empty: available.
	Next       Presence
	NextReason string
	// Phone is the agent's own telephone number, in E.164; empty: none is known.
	// ByPhone: their calls reach them there, until they say otherwise or go offline.
	Phone   string
	ByPhone bool
}

// Same reports whether two agents are alike: times that were stored have another
// location than those of the clock.
func (a Agent) Same(b Agent) bool {
	return a.ID == b.ID && a.Name == b.Name && slices.Equal(a.Teams, b.Teams) &&
		a.Presence == b.Presence && a.Reason == b.Reason && a.Since.Equal(b.Since) && a.IdleSince.Equal(b.IdleSince) &&
		a.TokenUntil.Equal(b.TokenUntil) && a.Until.Equal(b.Until) && a.WrapCall == b.WrapCall &&
		a.Next == b.Next && a.NextReason == b.NextReason && a.Phone == b.Phone && a.ByPhone == b.ByPhone
}

// Event is something that happens to one agent.
type Event interface{ agentEvent() }

type (
	// PresenceAsked is the agent's own choice.
	PresenceAsked struct {
		Presence Presence
		Reason   string
		// For is how long a break is to be; 0: open.
		For time.Duration
	}
	// TokenFetched is a client without a page asking for a browser token: on the
	// tutorial's routes that is how an agent becomes available.
	TokenFetched struct{ Until time.Time }
	// RingMissed is an offer that rang out. The agent is set away, so that the
	// next caller does not wait for an empty chair.
	RingMissed struct{}
	// Unreachable is an offer that found no phone registered.
	Unreachable struct{}
	// PhoneAsked is the agent's wish to have their calls by telephone, or at their
	// browser again.
	PhoneAsked struct{ On bool }
	// CallOver is the end of the agent's part in a call, which leaves WrapUp for
	// what is to be written down; zero: nothing.
	CallOver struct {
		WrapUp time.Duration
		Call   string
	}
)

func (PresenceAsked) agentEvent() {}
func (TokenFetched) agentEvent()  {}
func (RingMissed) agentEvent()    {}
func (Unreachable) agentEvent()   {}
func (CallOver) agentEvent()      {}
func (PhoneAsked) agentEvent()    {}

// ErrPresence refuses a presence that is not one of the three to choose from.
var ErrPresence = errors.New("presence is one of available, away, offline")

// BreakMost is the longest break whose end is known beforehand.
const BreakMost = 8 * time.Hour

// ErrBreak refuses a length that no break has.
var ErrBreak = errors.New("a break takes 1 to 480 minutes, and only who goes away takes one")

// ErrNoPhone refuses calls by telephone to an agent whose number is not known.
var ErrNoPhone = errors.New("no telephone number is known")

// Step applies one event to one agent.
func Step(a Agent, e Event, now time.Time) (Agent, error) {
	switch e := e.(type) {
	case PresenceAsked:
		switch {
		case !e.Presence.choosable():
			return a, ErrPresence
		case e.For < 0 || e.For > BreakMost || e.For > 0 && e.Presence != Away:
			return a, ErrBreak
		}
		a = a.become(e.Presence, e.Reason, now)
		if e.For > 0 {
			a.Until = now.Add(e.For)
		}
		return a, nil
	case TokenFetched:
		a.TokenUntil = e.Until
		return a.become(Available, "", now), nil
	case RingMissed:
		a.TokenUntil = time.Time{}
		return a.become(Away, "missed a call", now), nil
	case Unreachable:
		a.TokenUntil = time.Time{}
		if a.Presence == Available {
			return a.become(Away, "could not be reached", now), nil
		}
		return a, nil
	case PhoneAsked:
		if e.On && a.Phone == "" {
			return a, ErrNoPhone
		}
		a.ByPhone = e.On
		return a, nil
	case Microphone:
		return a.microphone(e, now), nil
	case CallOver:
		return a.callOver(e, now), nil
	case NextAsked:
		return a.nextAsked(e, now)
	case WrapUpOver:
		return a.wrapUpOver(e, now), nil
	}
	return a, nil
}

func (a Agent) become(p Presence, reason string, now time.Time) Agent {
	if a.Presence != p {
		a.Since = now
		if p == Available {
			a.IdleSince = now
		}
	}
	if p == Offline {
		a.TokenUntil, a.ByPhone = time.Time{}, false
	}
	a.Presence, a.Reason = p, reason
	a.Until, a.WrapCall, a.Next, a.NextReason = time.Time{}, "", "", ""
	return a
}

// RungAt is the telephone that the agent's calls go to; empty: their browser.
func (a Agent) RungAt() string {
	if a.ByPhone {
		return a.Phone
	}
	return ""
}

// Entry is an agent as routing sees them at one moment.
type Entry struct {
	Agent
	// Reachable: the page answered our ping within 10 s and its phone is
	// registered, or a token is held without a page, or calls reach them by phone.
	Reachable bool
	// Claimed: a ring or a live customer is theirs already.
	Claimed bool
}

// Free reports whether e may be rung now.
func (e Entry) Free() bool { return e.Presence == Available && e.Reachable && !e.Claimed }

// Seen is the presence colleagues see.
func (e Entry) Seen() Presence {
	switch {
	case e.Claimed:
		return OnCall
	case e.Presence == Available && !e.Reachable:
		return NotReachable
	}
	return e.Presence
}
