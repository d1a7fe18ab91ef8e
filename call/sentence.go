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
	Released Part = "former" // has handed over, and may take back
)

// PartOf is an agent's part in the call now.
func PartOf(c Call, id agent.ID) Part {
	switch {
	case id == "" || c.Stage == Ending || c.Stage == Ended:
		return Nobody
	case id == c.Owner:
		return Owner
	case id == c.Target && !c.mayRing():
		return Nobody // and perhaps never
	case id == c.Target && (c.Stage == Offering || c.Stage == Connecting):
		return Offeree
	case id == c.Former:
		return Released
	case id == c.Target:
		return Targeted
	}
	if l, _ := c.watchBy(id); l != nil {
		return Supervising
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
	switch {
	case c.TakingBack && me != Supervising:
		return takingBack(c, me, dana, names)
	case me == Supervising:
		return watching(c, to, dana, names)
	case c.Taking && (c.Stage == Asking || c.Stage == Inviting || me == Targeted):
		return takingSentence(c, me, dana, names)
	}
	switch c.Stage {
	case Offering:
		if me == Offeree && c.phoneOf(to) != "" {
			return dana + " is calling your phone. Press 1 there to take the call."
		}
		if me == Offeree {
			if c.Returned != "" {
				return dana + " is back in line: " + ReturnedText(c, names) + "."
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
	case Held:
		return held(c, dana)
	case Sending:
		return sending(c, me, dana, names)
	case Asking:
		return asking(c, me, dana, names)
	case Private:
		return private(c, me, dana, names)
	case Swapped:
		return swapped(c, me, dana, names)
	case Together:
		return together(c)
	case HandingOver:
		if me == Owner {
			return fmt.Sprintf("Connecting %s to %s... you leave when they can hear each other.", dana, names(c.Target))
		}
		return together(c)
	case Recovering:
		return recovering(c, to, dana, names)
	case Awaiting:
		return awaiting(c, to, dana, names)
	case Choosing:
		return dana + " waits, and was asked to leave a message or a number."
	case Recording:
		return dana + " is leaving a message."
	case Parting:
		return "The call is over: " + dana + " left " + c.left() + "."
	case Ending, Ended:
		return "The call is over."
	}
	return dana + " hears music."
}

// ReturnedText is why a customer is back in line, in words for the agents; empty for
// a new caller.
func ReturnedText(c Call, names Names) string {
	if c.Returned == "" || c.NotTaken == "" {
		return c.Returned
	}
	switch c.TakeOutcome {
	case Passed, Busy:
		return names(c.NotTaken) + " can't right now"
	case Unreachable:
		return names(c.NotTaken) + " can't be reached"
	case Failed:
		return c.Returned
	}
	return names(c.NotTaken) + " didn't answer"
}

func talking(c Call, me Part, dana string, names Names) string {
	if me == Released {
		return fmt.Sprintf("%s has %s.", names(c.Owner), dana)
	}
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
	if c.Target == "" {
		return fmt.Sprintf("You and %s hear each other. Ringing the next...", dana)
	}
	if l := c.AgentLeg(c.Target); l != nil && l.Status == Answered {
		return fmt.Sprintf("You and %s hear each other. Connecting %s...", dana, names(c.Target))
	}
	return fmt.Sprintf("You and %s hear each other. %s%s", dana, c.ringing(names(c.Target)), c.afterwards(names))
}

// away says that a leg is on hold, as soon as it is certain.
func (c *Call) away(l *Leg) bool { return l == nil || c.apart(l) }

func held(c Call, dana string) string {
	if !c.customerApart() {
		return "Putting " + dana + " on hold..."
	}
	return dana + " hears music. You can't hear each other."
}

func asking(c Call, me Part, dana string, names Names) string {
	t := c.AgentLeg(c.Target)
	switch {
	case me == Targeted && c.Asked != "":
		return fmt.Sprintf("%s wants your help with %s: %s. %s is on hold and can't hear you.", names(c.Owner), dana, c.Asked, dana)
	case me == Targeted:
		return fmt.Sprintf("%s wants your help with %s. %s is on hold and can't hear you.", names(c.Owner), dana, dana)
	case c.Target == "":
		return fmt.Sprintf("%s hears music. Ringing the next...", dana)
	case !c.mayRing():
		return fmt.Sprintf("Putting %s on hold, then ringing %s...", dana, names(c.Target))
	case t != nil && t.Status == Answered:
		return fmt.Sprintf("%s hears music. Connecting %s...", dana, names(c.Target))
	}
	return fmt.Sprintf("%s hears music. %s%s", dana, c.ringing(names(c.Target)), c.afterwards(names))
}

func sending(c Call, me Part, dana string, names Names) string {
	nobody, ben := fmt.Sprintf("If nobody answers, %s is first in line.", dana), fmt.Sprintf("If %s doesn't answer, %s is first in line.", names(c.Target), dana)
	if c.Limits.Return.asksSender() {
		nobody, ben = fmt.Sprintf("If nobody answers, %s comes back to you.", dana), fmt.Sprintf("If %s doesn't answer, %s comes back to you.", names(c.Target), dana)
	}
	switch {
	case me == Targeted && c.Asked != "":
		return fmt.Sprintf("%s sends you %s: %s. %s hears music.", names(c.AskedBy), dana, c.Asked, dana)
	case me == Targeted:
		return fmt.Sprintf("%s sends you %s. %s hears music.", names(c.AskedBy), dana, dana)
	case c.Target == "":
		return fmt.Sprintf("%s hears music. Ringing the next... %s", dana, nobody)
	case len(c.Seeking) > 0:
		return fmt.Sprintf("%s hears music. %s%s %s", dana, c.ringing(names(c.Target)), c.afterwards(names), nobody)
	}
	return fmt.Sprintf("%s hears music. %s %s", dana, c.ringing(names(c.Target)), ben)
}

func takingBack(c Call, me Part, dana string, names Names) string {
	if me == Targeted {
		return "Getting " + dana + " back..."
	}
	return fmt.Sprintf("%s takes %s back. You leave when they can hear each other.", names(c.Target), dana)
}

func private(c Call, me Part, dana string, names Names) string {
	other := c.Target
	if me == Targeted {
		other = c.Owner
	}
	switch {
	case !c.customerApart():
		return "Putting " + dana + " on hold..."
	case !Hears(c, legID(c.AgentLeg(c.Owner)), legID(c.AgentLeg(c.Target))):
		return fmt.Sprintf("Connecting you to %s... %s hears music.", names(other), dana)
	}
	return fmt.Sprintf("You and %s talk privately. %s hears music.", names(other), dana)
}

func swapped(c Call, me Part, dana string, names Names) string {
	switch {
	case c.suspected(c.Owner) && me == Targeted:
		return checking(c, dana, names) + " You can take " + dana + "."
	case c.suspected(c.Owner):
		return outOfTouch(dana)
	case !c.away(c.AgentLeg(c.Target)) && me == Targeted:
		return "Putting you on hold..."
	case !c.away(c.AgentLeg(c.Target)):
		return "Putting " + names(c.Target) + " on hold..."
	case me == Targeted:
		return fmt.Sprintf("%s and %s talk. You hear music.", names(c.Owner), dana)
	case !Hears(c, c.CustomerLeg().ID, legID(c.AgentLeg(c.Owner))):
		return fmt.Sprintf("Connecting you to %s... %s waits.", dana, names(c.Target))
	}
	return fmt.Sprintf("You and %s talk. %s waits.", dana, names(c.Target))
}

func together(c Call) string {
	d, o, t := c.CustomerLeg().ID, legID(c.AgentLeg(c.Owner)), legID(c.AgentLeg(c.Target))
	if !Hears(c, d, o) || !Hears(c, o, t) || !Hears(c, d, t) {
		return "Joining all three..."
	}
	return "Everyone hears everyone."
}

func recovering(c Call, to agent.ID, dana string, names Names) string {
	switch {
	case c.lineClosed(c.Owner) && c.LostIn == "" && to == c.Owner:
		return "Your phone line ended. " + dana + " hears that it is closed, and waits for somebody else in a moment."
	case c.lineClosed(c.Owner) && c.LostIn == "":
		return fmt.Sprintf("%s hung up. %s hears that the line is closed.", names(c.Owner), dana)
	case to == c.Owner && ringsPhone(c):
		return "Your phone rings: press 1 there to go on. " + dana + " hears music."
	case c.suspected(c.Owner) && to == c.Owner:
		return outOfTouch(dana)
	case c.suspected(c.Owner):
		return checking(c, dana, names)
	case to == c.Owner:
		return "Your connection dropped. " + dana + " hears music. Getting you back..."
	case c.takes(to):
		return fmt.Sprintf("%s lost the connection. %s hears music. Take %s, or wait a moment for %s.", names(c.Owner), dana, dana, names(c.Owner))
	}
	return fmt.Sprintf("%s's connection dropped. %s hears music.", names(c.Owner), dana)
}

// outOfTouch is for the owner, should the page read it.
func outOfTouch(dana string) string {
	return "Your page is out of touch. " + dana + " hears music until you are back."
}

// checking is about an owner who may be gone, where the customer has music.
func checking(c Call, dana string, names Names) string {
	return fmt.Sprintf("%s's page is out of touch. %s hears music while the line is looked at.", names(c.Owner), dana)
}

func legID(l *Leg) LegID {
	if l == nil {
		return ""
	}
	return l.ID
}

// Chip is the state in one or two words (console.md 2.3).
func Chip(c Call, to agent.ID, names Names) string {
	switch {
	case PartOf(c, to) == Supervising:
		_, w := c.watchBy(to)
		if w.Private {
			return "Listening privately"
		}
		return map[Mode]string{Listening: "Listening", Coaching: "Coaching", Joining: "Joined"}[w.Mode]
	case c.TakingBack:
		return "Taking back"
	case c.Taking && PartOf(c, to) == Targeted:
		return "Connecting"
	case c.suspected(c.Owner) && (c.Stage == Recovering || c.Stage == Swapped):
		return "Checking the line"
	case PartOf(c, to) == Released && c.Stage == Talking:
		return "Handed over"
	}
	switch c.Stage {
	case Queued, Choosing:
		return "Waiting"
	case Recording:
		return "Leaving a message"
	case Parting:
		return "Goodbye"
	case Offering:
		if c.Returned != "" {
			return "Returned"
		}
		return "Ringing"
	case Connecting:
		return "Connecting"
	case Talking:
		return "Talking"
	case Inviting, Asking, Sending:
		switch who := Asker(c); {
		case PartOf(c, to) == Targeted && who == "":
			return "Transfer"
		case PartOf(c, to) == Targeted:
			return "Transfer from " + names(who)
		}
		if c.Target == "" {
			return "Calling the next"
		}
		return "Calling " + names(c.Target)
	case Held:
		return "On hold"
	case Private:
		if PartOf(c, to) == Targeted {
			return "Private with " + names(c.Owner)
		}
		return "Private with " + names(c.Target)
	case Swapped:
		if PartOf(c, to) == Targeted {
			return "On hold"
		}
		return "Talking to " + c.CustomerName()
	case Together:
		return "All three"
	case HandingOver:
		return "Handing over"
	case Recovering, Awaiting:
		return "Reconnecting"
	}
	return "Caller left"
}

// Asker is who wants the target: the owner, or whoever sends the customer on.
func Asker(c Call) agent.ID {
	if c.Owner == "" {
		return c.AskedBy
	}
	return c.Owner
}

// CustomerSentence says to the customer how things are (console.md 2.10).
func CustomerSentence(c Call, names Names) string {
	names = NamesForCustomer(names)
	text := customerSentence(c, names)
	switch c.Stage {
	case Talking, Inviting, Swapped, Together, HandingOver:
		for _, mia := range c.watchers(Joining) {
			text += " " + names(mia) + " joined."
		}
	}
	return text
}

func customerSentence(c Call, names Names) string {
	switch c.Stage {
	case Swapped, Recovering:
		if c.suspected(c.Owner) {
			return "One moment, please. We are looking after your connection to " + names(c.Owner) + "."
		}
	}
	switch c.Stage {
	case Talking:
		if !c.Moved {
			return names(c.Owner) + " is here."
		}
		return "You're now with " + names(c.Owner) + "."
	case Inviting, Swapped:
		return "You're with " + names(c.Owner) + "."
	case Held:
		return names(c.Owner) + " put you on hold and is still with you."
	case Asking, Private:
		if c.Taking {
			return "You're being connected to " + names(c.Target) + "."
		}
		return names(c.Owner) + " is asking a colleague."
	case Together, HandingOver:
		return fmt.Sprintf("You're with %s and %s.", names(c.Owner), names(c.Target))
	case Connecting:
		return names(c.Target) + " is coming."
	case Sending:
		if c.Target == "" {
			return "You're being connected to a colleague."
		}
		return "You're being connected to " + names(c.Target) + "."
	case Recovering:
		if c.lineClosed(c.Owner) && c.LostIn == "" {
			return "The other line is closed. If that is all, you can hang up now. If not, somebody will be with you shortly."
		}
		return names(c.Owner) + " lost the connection. Hold on, your place is kept."
	case Awaiting:
		return "Your internet blinked. Hold on, your place is kept."
	case Choosing:
		return choosing(c)
	case Recording:
		return "Recording your message... press Done when you have finished."
	case Parting:
		if c.left() == leftMessage {
			return "Thank you. We have your message."
		}
		return "Thank you. We will call you back."
	case Ending, Ended:
		return "Call ended."
	}
	if c.Returned != "" {
		return "You're at the front of the line. Somebody will be with you shortly."
	}
	return "Somebody will be with you shortly."
}

// choosing is for a customer who was asked, beside the buttons of their page.
func choosing(c Call) string {
	const place = " You keep your place in line."
	switch {
	case c.Choice.Prompt == PromptStay:
		return wordsStay
	case c.Choice.Prompt == PromptNoMessage:
		return wordsNoMessage + place
	}
	return c.Choice.why() + place
}
