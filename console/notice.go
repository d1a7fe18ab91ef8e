package console

import (
	"fmt"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
)

// NoticeView is a sentence shown once.
type NoticeView struct {
	ID   string    `json:"id"`
	Kind string    `json:"kind,omitempty"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
	// Name is the customer's, of a notice about a call that is over.
	Name string `json:"name,omitempty"`
	// Number is the telephone number that could not be rung, and Code the carrier's
	// number for why.
	Number string `json:"number,omitempty"`
	Code   int    `json:"code,omitempty"`
}

// leftConsult is the kind of a notice that the customer hung up while two talked about
// them, to those two.
const leftConsult = "left_consult"

func toldView(t desk.Told, tell teller) NoticeView {
	n := NoticeView{ID: t.ID, Kind: string(t.News.Kind), Text: tell.of(toldText(t, tell)), At: t.At, Name: tell.of(t.Name)}
	if t.News.Kind == call.NewsCallerLeft && t.News.Why == call.WhyConsulting && t.Talked > 0 {
		n.Kind = leftConsult
	}
	return n
}

// noticeView is the last thing that went otherwise than the owner asked.
func noticeView(c, said call.Call, tell teller) *NoticeView {
	n := NoticeView{
		ID: fmt.Sprintf("%s-%d", c.ID, c.Notice.At.UnixMilli()), Kind: string(c.Notice.Kind),
		Text: tell.of(call.NoticeText(said, tell.names)), At: c.Notice.At, Code: c.Notice.Refusal.Code,
	}
	if call.Outside(c.Notice.Agent) {
		n.Number = string(c.Notice.Agent)
	}
	return &n
}

// notTakenText tells who sent a customer on that nobody took them, and where they are.
func notTakenText(t desk.Told, tell teller) string {
	name, ben := tell.name(t.Name), tell.names(t.News.Agent)
	switch why := tell.why(t.News.Why); {
	case t.News.Agent == "" && t.InLine:
		return fmt.Sprintf("Nobody took %s, who is first in line.", name)
	case t.News.Agent == "":
		return fmt.Sprintf("Nobody took %s, who comes back to you.", name)
	case why != "" && t.InLine:
		return fmt.Sprintf("%s could not be rung: %s. %s is first in line.", ben, why, name)
	case why != "":
		return fmt.Sprintf("%s could not be rung: %s. %s comes back to you.", ben, why, name)
	case t.InLine:
		return fmt.Sprintf("%s did not take %s, who is first in line.", ben, name)
	}
	return fmt.Sprintf("%s did not take %s, who comes back to you.", ben, name)
}

// presencesSet tell an agent what a lead has set them to.
var presencesSet = map[agent.Presence]string{
	agent.Available: "%s set you to available: calls may ring now.",
	agent.Away:      "%s set you to away: you get no calls.",
	agent.Offline:   "%s set you to offline: you get no calls.",
}

// toldText is a notice in words.
func toldText(t desk.Told, tell teller) string {
	name, why := tell.name(t.Name), tell.why(t.News.Why)
	switch t.News.Kind {
	case desk.NewsPresenceSet:
		return fmt.Sprintf(presencesSet[agent.Presence(t.News.Why)], tell.names(t.News.Agent))
	case call.NewsHandedOver:
		return fmt.Sprintf("%s has %s.", tell.names(t.News.Agent), name)
	case call.NewsTookOver:
		return fmt.Sprintf("Your connection dropped. %s has %s.", tell.names(t.News.Agent), name)
	case call.NewsCallerLeft:
		if t.Talked > 0 {
			return fmt.Sprintf("%s hung up after %d:%02d.", name, int(t.Talked.Minutes()), int(t.Talked.Seconds())%60)
		}
		return "The caller hung up - nothing to do."
	case call.NewsCallerLost:
		return fmt.Sprintf("%s lost the connection. Their place in line is kept.", name)
	case call.NewsCallerGone:
		return fmt.Sprintf("%s lost the connection and did not come back.", name)
	case call.NewsMissed:
		return fmt.Sprintf("You missed %s's call, so you are away now. Go available when you are back.", name)
	case call.NewsNotReached:
		return fmt.Sprintf("%s's call could not reach this page, so you are away now. Go available to try again.", name)
	case call.NewsRemoved:
		return fmt.Sprintf("%s took you out of the call with %s.", tell.names(t.News.Other), name)
	case call.NewsNotTaken:
		return notTakenText(t, tell)
	case call.NewsReminded, call.NewsNeedsHelp:
		who := name
		if t.News.Other != "" {
			who = tell.names(t.News.Other)
		}
		return fmt.Sprintf("%s has been %s.", who, why)
	case call.NewsLinkBack:
		return fmt.Sprintf("Your page was out of touch for a moment. If %s was alone with you, they heard music meanwhile.", name)
	case call.NewsTaken:
		return tell.names(t.News.Agent) + " took it."
	case call.NewsTaking:
		return fmt.Sprintf("%s takes %s.", tell.names(t.News.Agent), name)
	case call.NewsCancelled:
		return fmt.Sprintf("%s no longer needs you.", tell.names(t.News.Other))
	}
	return fmt.Sprintf("%s is back in the queue: %s.", name, why)
}
