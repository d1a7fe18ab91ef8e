package exchange

import (
	"time"

	"warmdesk/switchboard/internal/script"
	"warmdesk/twilio"
	"warmdesk/twiml"
)

// What Twilio's documentation leaves open, and what is done here. Every entry is
// a guess to be checked against a live account.
//
//   - A participant alone in a conference that has started, because the others
//     left, stays in the room and hears silence. The wait document is for
//     conferences that have not started; who must hear music is held.
//   - The waitUrl request carries ConferenceSid and FriendlyName besides the
//     standard parameters.
//   - When a wait or hold document cannot be had, or none of its sounds, the
//     platform's music plays instead. (Twilio may cut the call off.)
//   - A <Play> or <Say> that fails is skipped.
//   - SequenceNumber counts the callbacks that are sent: from 0 for a call, from
//     1 for a conference.
//   - A full room, a label that is taken, or one to be coached who is not in the
//     conference ends the dial at once: with DialCallStatus=failed for its action.
//   - A coach whose coached call has left the conference is heard by nobody until it
//     is back, or the coach is told otherwise. Coaches do not hear each other.
//     Coaching=true without CallSidToCoach, one without the other, and a call that
//     is not in the conference are 20001. A change of Muted and Coaching together is
//     one change: whom nobody else was to hear is not heard on the way.
//   - Joining is reported before the conference-start that it causes.
//   - A participant whose call is ended or redirected by REST leaves with
//     participant_updated_via_api; one that a DELETE removes too.
//   - Ringing lasts Timeout exactly; Twilio adds up to five seconds in some
//     flows.
//   - Status=completed for a call that still rings cancels it; Status=canceled
//     for one in progress, and any change of one that is over, is 21220.
//   - A parameter that a browser sends under the name of a standard one is
//     dropped; those of its token win over those of its own.
//   - A finishOnKey of a <Gather> that is pressed before any other key counts as
//     nothing pressed. FinishedOnKey is told always, empty where no key ended it.
//   - Keys pressed in a conference are heard by the others as tones of 100 ms, at -9
//     and -7 dBm0, with 70 ms between them, in place of what the party says. Whoever
//     is held or muted there is not heard by them either. Nobody collects them.
//   - Nothing is recorded during the beep, and no key ends it.
//   - A recording in which nothing was said above -44 dBFS for 100 ms is absent: its
//     action is not asked, the document goes on, and nothing is kept of it. A
//     failure of the disk before the first word is told alike; behind it what was
//     written is kept.
//   - Digits of a recording that silence or maxLength ended is not sent. One that
//     the call's end ended, whoever ended it, says "hangup": the action is told
//     behind the call's last status callback, and its answer is not performed. The
//     action of a call that is redirected meanwhile is not asked.
//   - A message that the end of the process cut off is told by its status callback
//     at the next start; its action is not asked.
//   - RecordingDuration is rounded, and at least 1. trim-silence leaves 200 ms.
//   - A recording is completed before its action is asked; there is no "processing".
//   - Who has answered is asked of the sound alone: whoever says something and then
//     nothing for SpeechEndThreshold is human, whoever goes on for SpeechThreshold
//     is machine_start. Fax is not known. AnsweredBy is told with every request from then on.
//   - There is no limit of calls per second, no beep in a conference, and no
//     region.
//
// The outcome of a call that was not answered stands in the table below.

// outcome is how a call ended.
type outcome struct {
	status string // of the call
	sip    string // SipResponseCode; "" leaves it out
	leave  string // ReasonParticipantLeft, when it was in a conference
	kicked bool   // for the reason why the conference ended
	code   int    // told to the browser with the hang-up; 0 is normal
	reason string // told to the browser, and in the log
}

var (
	outcomeHungUp   = outcome{status: twilio.CallCompleted, sip: "200", leave: leftHungUp}
	outcomeFinished = outcome{status: twilio.CallCompleted, sip: "200", leave: leftHungUp}
	outcomeAPI      = outcome{status: twilio.CallCompleted, sip: "200", leave: leftByAPI, kicked: true}
	outcomeShutdown = outcome{status: twilio.CallCompleted, sip: "200", leave: leftHungUp, reason: "the switchboard stops"}
	outcomeLost     = outcome{status: twilio.CallCompleted, sip: "200", leave: leftHungUp, code: sdkMedia}
	outcomeCanceled = outcome{status: twilio.CallCanceled, sip: "487"}
	outcomeNoAnswer = outcome{status: twilio.CallNoAnswer, sip: "487"}
	// The person pressed "decline", or the line is in use.
	outcomeDeclined = outcome{status: twilio.CallBusy, sip: "486"}
	// No device of that name is registered. transfer.md's "not reachable".
	outcomeUnregistered = outcome{status: twilio.CallFailed, sip: "404"}
	// Answered, but no media path came up.
	outcomeNoMedia = outcome{status: twilio.CallFailed, sip: "480", code: sdkMedia}
	outcomeFailed  = outcome{status: twilio.CallFailed, sip: "500"}
	// <Reject> of an incoming call, by its reason.
	outcomeRejected     = outcome{status: twilio.CallNoAnswer, sip: "603", code: sdkDecline, reason: "rejected"}
	outcomeRejectedBusy = outcome{status: twilio.CallBusy, sip: "486", code: sdkBusy, reason: "busy"}
	// The application of a browser's call does not exist.
	outcomeNoApplication = outcome{status: twilio.CallFailed, sip: "404", code: sdkNotFound, reason: "no application answers this call"}
)

// Codes of the browser SDK's hang-up errors.
const (
	sdkNotFound = 31404
	sdkBusy     = 31486
	sdkDecline  = 31603
	sdkMedia    = 53405
)

// Times, where Twilio has a default.
const (
	defaultRing      = 60 * time.Second
	defaultTimeLimit = 4 * time.Hour // of a call and of a <Dial>
)

// Bounds of what is remembered: finished calls and conferences can be fetched
// until this many newer ones are finished too.
const maxHistory = 5000

// maxPrefetch is how many of a document's sounds are fetched ahead.
const maxPrefetch = 3

// Apology is what a caller hears whose application failed, before the hang-up.
const Apology = "We are sorry. Something went wrong with this call. Please call again later. Goodbye."

func apology() twiml.Document {
	return twiml.Document{twiml.Say{Text: Apology}, twiml.Hangup{}}
}

func rejectOutcome(reason string) outcome {
	if reason == script.RejectedBusy {
		return outcomeRejectedBusy
	}
	return outcomeRejected
}
