package call

import (
	"fmt"
	"strings"

	"warmdesk/agent"
)

// Names gives people their names.
type Names func(agent.ID) string

// Part is an agent's part in a call.
type Part string

// The parts.
const (
	Nobody   Part = "none"
	Offeree  Part = "offered"
	Owner    Part = "owner"
	Targeted Part = "target"
)

// PartOf is an agent's part in the call now.
func PartOf(c Call, id agent.ID) Part {
	switch {
	case id == "" || c.Stage == Ending || c.Stage == Ended:
		return Nobody
	case id == c.Owner:
		return Owner
	case id == c.Target && (c.Stage == Offering || c.Stage == Connecting):
		return Offeree
	case id == c.Target:
		return Targeted
	}
	return Nobody
}

// CustomerName is what to call the customer.
func (c *Call) CustomerName() string {
	switch {
	case c.Name != "":
		return c.Name
	case strings.HasPrefix(c.Number, "client:"):
		return "Web caller"
	case c.Number != "":
		return c.Number
	}
	return "the caller"
}

// Sentence says to one agent who hears whom (console.md 2.3).
func Sentence(c Call, to agent.ID, names Names) string {
	dana, me := c.CustomerName(), PartOf(c, to)
	switch c.Stage {
	case Offering:
		if me == Offeree {
			if c.Returned != "" {
				return dana + " is back in line: " + c.Returned + "."
			}
			return dana + " is calling."
		}
		return dana + " hears music. " + names(c.Target) + " is being rung."
	case Connecting:
		return "Connecting you to " + dana + "..."
	case Talking:
		return talking(c, me, dana, names)
	case Inviting:
		return inviting(c, me, dana, names)
	case Together:
		return "Everyone hears everyone."
	case HandingOver:
		if me == Owner {
			return fmt.Sprintf("Connecting %s to %s... you leave when they can hear each other.", dana, names(c.Target))
		}
		return "Everyone hears everyone."
	case Recovering:
		if me == Owner {
			return "Your connection dropped. " + dana + " hears music. Getting you back..."
		}
		return fmt.Sprintf("%s's connection dropped. %s hears music.", names(c.Owner), dana)
	case Ending, Ended:
		return "The call is over."
	}
	return dana + " hears music."
}

func talking(c Call, me Part, dana string, names Names) string {
	if !Hears(c, c.CustomerLeg().ID, legID(c.AgentLeg(c.Owner))) {
		return "Connecting you to " + dana + "..."
	}
	if me == Owner {
		return fmt.Sprintf("You and %s hear each other.", dana)
	}
	return fmt.Sprintf("%s and %s hear each other.", names(c.Owner), dana)
}

func inviting(c Call, me Part, dana string, names Names) string {
	if me == Targeted {
		return fmt.Sprintf("%s wants you in the call with %s. They hear each other.", names(c.Owner), dana)
	}
	if l := c.AgentLeg(c.Target); l != nil && l.Status == Answered {
		return fmt.Sprintf("You and %s hear each other. Connecting %s...", dana, names(c.Target))
	}
	return fmt.Sprintf("You and %s hear each other. Ringing %s (%d s).", dana, names(c.Target), int(RingTime.Seconds()))
}

func legID(l *Leg) LegID {
	if l == nil {
		return ""
	}
	return l.ID
}

// Chip is the state in one or two words (console.md 2.3).
func Chip(c Call, to agent.ID, names Names) string {
	switch c.Stage {
	case Queued:
		return "Waiting"
	case Offering:
		if c.Returned != "" {
			return "Returned"
		}
		return "Ringing"
	case Connecting:
		return "Connecting"
	case Talking:
		return "Talking"
	case Inviting:
		if PartOf(c, to) == Targeted {
			return "Transfer from " + names(c.Owner)
		}
		return "Calling " + names(c.Target)
	case Together:
		return "All three"
	case HandingOver:
		return "Handing over"
	case Recovering:
		return "Reconnecting"
	}
	return "Caller left"
}

// NoticeText is the last thing that went otherwise, in words for the owner.
func NoticeText(c Call, names Names) string {
	if c.Notice == nil {
		return ""
	}
	ben, dana := names(c.Notice.Agent), c.CustomerName()
	switch c.Notice.Kind {
	case Passed, Busy:
		return fmt.Sprintf("%s can't right now. You are still with %s.", ben, dana)
	case NoAnswer, Canceled:
		return fmt.Sprintf("%s didn't answer. You are still with %s.", ben, dana)
	case Unreachable:
		return fmt.Sprintf("%s can't be reached. You are still with %s.", ben, dana)
	case Completed:
		return fmt.Sprintf("%s left. You are still with %s.", ben, dana)
	case Failed:
		return fmt.Sprintf("Connecting %s did not work. You are still with %s: try again, or somebody else.", ben, dana)
	}
	return fmt.Sprintf("%s did not come. You are still with %s.", ben, dana)
}

// CustomerSentence says to the customer how things are (console.md 2.10).
func CustomerSentence(c Call, names Names) string {
	switch c.Stage {
	case Talking:
		return "You're now with " + names(c.Owner) + "."
	case Inviting:
		return "You're with " + names(c.Owner) + "."
	case Together, HandingOver:
		return fmt.Sprintf("You're with %s and %s.", names(c.Owner), names(c.Target))
	case Connecting:
		return names(c.Target) + " is coming."
	case Recovering:
		return names(c.Owner) + " lost the connection. Hold on, your place is kept."
	case Ending, Ended:
		return "Call ended."
	}
	if c.Returned != "" {
		return "You're first in line. Somebody will be with you shortly."
	}
	return "Somebody will be with you shortly."
}
