package history

import (
	"cmp"
	"fmt"
	"strings"

	"warmdesk/call"
	"warmdesk/say"
)

// Sentence says in words what an entry of a call's timeline means; dana is the
// customer's name. A kind that is not known has none.
func Sentence(n call.News, dana string, names call.Names) string {
	return say.Plain(Words(n, dana, names))
}

// Words is Sentence with its values marked, for another language: dana and names
// come marked.
func Words(n call.News, dana string, names call.Names) string {
	why := say.Phrase(n.Why)
	if n.Kind == call.NewsNoted || n.Kind == call.NewsTopic {
		why = say.Name(n.Why) // somebody's own words
	}
	s := cmp.Or(ownerSentence(n), customerSentence(n), transferSentence(n), carrierSentence(n), recordingSentence(n))
	return strings.NewReplacer("{agent}", names(n.Agent), "{other}", names(n.Other), "{dana}", dana, "{why}", why,
		"{outcome}", say.Phrase(outcomeWords(n.Outcome))).Replace(s)
}

// WhyCutOff answers a customer who asks why they were cut off; empty: they were not.
func WhyCutOff(f Figures, dana string, names call.Names) string {
	switch {
	case f.Dropped == CutOff:
		return names(f.DroppedOf) + "'s line was lost, and the call ended with it because RECOVERY is off. Nobody ended it on purpose."
	case f.Dropped == GaveUp:
		return fmt.Sprintf("%s's line was lost. %s heard music for %d s and hung up before anybody had them again.", names(f.DroppedOf), dana, Seconds(f.DroppedFor))
	case f.How == CallerLost:
		return fmt.Sprintf("The connection of %s was lost and did not come back in time. Nobody here ended the call.", dana)
	}
	return ""
}

// ownerSentence is about whoever has the customer, or is to.
func ownerSentence(n call.News) string {
	switch n.Kind {
	case call.NewsWidened:
		return "{dana} may be offered to anybody: {why}."
	case call.NewsOffered:
		return "{agent} was rung."
	case call.NewsMissed:
		return "{agent} didn't answer."
	case call.NewsPassed:
		return "{agent} passed the call on."
	case call.NewsNotReached:
		return "{agent} could not be reached."
	case call.NewsAnswered:
		return "{agent} answered."
	case call.NewsTalking:
		return "{agent} and {dana} hear each other."
	case call.NewsHeld:
		return "{agent} put {dana} on hold."
	case call.NewsResumed:
		return "{agent} went back to {dana}."
	case call.NewsReminded:
		return "{agent} was reminded: {why}."
	case call.NewsNeedsHelp:
		return "Somebody should look: {why}."
	case call.NewsNoted:
		if n.Why == "" {
			return "{agent} cleared the note."
		}
		return `{agent} noted "{why}".`
	case call.NewsTopic:
		if n.Why == "" {
			return "{agent} cleared why {dana} called."
		}
		return `{dana} called about "{why}", wrote {agent}.`
	case call.NewsConcluded:
		if n.Why == "" {
			return "{agent} took the outcome back."
		}
		return `{agent} chose the outcome "{why}".`
	case call.NewsTookOver:
		return "{agent} took over from {other}, whose line was lost."
	case call.NewsRejoining:
		if n.Why != "" {
			return "{agent} is being rung to come back, {why}."
		}
		return "{agent} is being rung to come back."
	case call.NewsRejoined:
		if n.Other != "" {
			return "{agent} is back, in private with {other}."
		}
		return "{agent} is back."
	case call.NewsReturned:
		return "{dana} is back in line: {why}."
	case call.NewsEnded:
		if n.Why != "" {
			return "The call ended: {why}."
		}
		return "{agent} ended the call."
	}
	return ""
}

// customerSentence is about what the customer does.
func customerSentence(n call.News) string {
	switch n.Kind {
	case call.NewsArrived:
		return "{dana} called."
	case call.NewsCallerLost:
		return "The line to {dana} was lost; their place is kept."
	case call.NewsCallerBack:
		return "{dana} is back, in the same place."
	case call.NewsCallerGone:
		return "{dana} did not come back."
	case call.NewsCallerLeft:
		return "{dana} hung up."
	case call.NewsAskedElse:
		return "{dana} was asked to leave a message or a number: {why}."
	case call.NewsRecording:
		return "{dana} is leaving a message."
	case call.NewsNoMessage:
		return "Nothing was recorded."
	case call.NewsWish:
		return "{dana} left {why}."
	case call.NewsRated:
		return "{dana} rated the call {why} of 5."
	case call.NewsParted:
		return "The call ended: {dana} left {why}."
	}
	return ""
}

// transferSentence is about who is brought in.
func transferSentence(n call.News) string {
	switch n.Kind {
	case call.NewsInvited:
		return "{other} asked {agent} to come in."
	case call.NewsInviteOver:
		if n.Why != "" {
			return "{agent} did not come in: {outcome}, {why}."
		}
		return "{agent} did not come in: {outcome}."
	case call.NewsCancelled:
		if n.Agent == "" {
			return "{other} went back to {dana}."
		}
		return "{other} went back without {agent}."
	case call.NewsNotFree:
		if n.Agent == "" {
			return "Nobody was rung: {why}."
		}
		return "{agent} was not free."
	case call.NewsTogether:
		if n.Why != "" {
			return "{agent}, {other} and {dana} are all on the call: {why}."
		}
		return "{agent}, {other} and {dana} are all on the call."
	case call.NewsConsulting:
		return "{other} asked for a private word with {agent}; {dana} is on hold."
	case call.NewsPrivate:
		return "{agent} and {other} talk in private; {dana} is on hold."
	case call.NewsSwapped:
		return "{agent} swapped between {dana} and {other}."
	case call.NewsKept:
		return "{agent} stayed in after all."
	case call.NewsTakingBack:
		return "{agent} is taking {dana} back from {other}."
	case call.NewsTaken:
		return "{agent} took it while {other} was being rung."
	case call.NewsTaking:
		return "{agent} is taking {dana} from {other}."
	case call.NewsListening, call.NewsCoaching, call.NewsJoined, call.NewsUnwatched, call.NewsListeningPrivately, call.NewsUnwatchedPrivately:
		return supervised(n)
	case call.NewsSent:
		return "{other} sent {dana} to {agent}."
	case call.NewsNotTaken:
		if n.Agent == "" {
			return "Nobody {dana} was sent to came."
		}
		if n.Why != "" {
			return "{agent}, who {dana} was sent to, did not come: {outcome}, {why}."
		}
		return "{agent}, who {dana} was sent to, did not come: {outcome}."
	case call.NewsLeft:
		return "{agent} left; {other} has {dana}."
	case call.NewsRemoved:
		if n.Why != "" {
			return "{agent} was let go: {why}."
		}
		return "{other} took {agent} out of the call."
	case call.NewsHandedOver:
		if n.Other == "" {
			return "{agent} has {dana} now."
		}
		return "{other} handed {dana} over to {agent}."
	}
	return ""
}

// carrierSentence is about what did not work.
func carrierSentence(n call.News) string {
	switch n.Kind {
	case call.NewsLost:
		if n.Why != "" {
			return "The line to {agent} ended: {why}."
		}
		return "The line to {agent} was lost."
	case call.NewsSuspect:
		return "{agent}'s page is out of touch. The line is looked at."
	case call.NewsLinkBack:
		return "{agent}'s page is back."
	case call.NewsDialFailed:
		if n.Why != "" {
			return "The phone network did not ring {agent}: {why}."
		}
		return "The phone network did not ring {agent}."
	case call.NewsNotHeld:
		if n.Other != "" {
			return "{other} could not be put on hold."
		}
		return "{dana} could not be put on hold."
	case call.NewsTrouble:
		return "The carrier did not do what it was asked: {why}."
	case call.NewsStuck:
		return "Somebody outside the room was sent in afresh."
	}
	return ""
}

// recordingSentence is about what is recorded.
func recordingSentence(n call.News) string {
	switch n.Kind {
	case call.NewsRecorded:
		if n.Agent != "" {
			return "{agent} let the recording go on."
		}
		return "The conversation is being recorded."
	case call.NewsRecordPaused:
		return "{agent} paused the recording."
	case call.NewsRecordLoud:
		return "{agent} paused the recording, and the carrier went on recording. It was told again."
	case call.NewsRecordStopped:
		return "{agent} stopped the recording for good."
	case call.NewsRecordFailed:
		return "The carrier did not record the conversation."
	case call.NewsTrackKept:
		return "A recording was kept."
	case call.NewsTrackDeleted:
		return "Recording deleted ({why})."
	case call.NewsErased:
		return "Who called is not kept any more ({why})."
	}
	return ""
}

func outcomeWords(o call.Outcome) string {
	switch o {
	case call.Passed:
		return "declined"
	case call.Busy:
		return "busy"
	case call.NoAnswer:
		return "no answer"
	case call.Canceled:
		return "called off"
	case call.Unreachable:
		return "out of reach"
	case call.Completed:
		return "hung up"
	case call.Machine:
		return "an answering machine answered"
	}
	return "the connection failed"
}

// supervised says what a lead did about a call of others.
func supervised(n call.News) string {
	switch {
	case n.Kind == call.NewsListeningPrivately:
		return "{agent} listened to {other} and {dana}, who were not told."
	case n.Kind == call.NewsListening && n.Other != "":
		return "{agent} listened to {other} and {dana}."
	case n.Kind == call.NewsListening:
		return "{agent} listened."
	case n.Kind == call.NewsCoaching:
		return "{agent} coached {other}: nobody else heard it."
	case n.Kind == call.NewsJoined:
		return "{agent} joined {other} and {dana}."
	case n.Outcome == call.NoAnswer:
		return "{agent} wanted to listen, and did not come."
	}
	return "{agent} was no longer listening."
}
