package phone

import (
	"net/url"
	"strconv"

	"warmdesk/call"
	"warmdesk/twilio"
)

// progress is a carrier's call status in our words. sip is SipResponseCode, or
// empty. A status we do not know means no more than that the leg was dialled.
func progress(status, sip string) (call.Status, call.Outcome) {
	switch status {
	case twilio.CallRinging:
		return call.Ringing, call.NoOutcome
	case twilio.CallInProgress, "answered":
		return call.Answered, call.NoOutcome
	case twilio.CallCompleted:
		return call.Over, call.Completed
	case twilio.CallCanceled:
		return call.Over, call.Canceled
	case twilio.CallBusy, twilio.CallNoAnswer, twilio.CallFailed:
		return call.Over, failure(status, sip)
	}
	return call.Dialled, call.NoOutcome
}

// failure is why a leg was never answered. 404 and 480 say that no phone is
// registered, whatever the status is called.
func failure(status, sip string) call.Outcome {
	switch {
	case sip == "404" || sip == "480":
		return call.Unreachable
	case status == twilio.CallBusy:
		return call.Busy
	case status == twilio.CallNoAnswer:
		return call.NoAnswer
	}
	return call.Failed
}

// sequence reads SequenceNumber; -1 where there is none.
func sequence(form url.Values) int {
	n, err := strconv.Atoi(form.Get("SequenceNumber"))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// legFact is what a call status callback, or any webhook that names a leg, says.
// leg may be empty: the leg is then known by its carrier id.
func (w *Webhooks) legFact(leg call.LegID, form url.Values) call.LegMoved {
	status, outcome := progress(form.Get("CallStatus"), form.Get("SipResponseCode"))
	return call.LegMoved{
		Leg: leg, Account: w.cfg.Account, SID: form.Get("CallSid"),
		Status: status, Outcome: outcome, Seq: sequence(form), By: answerer(form.Get("AnsweredBy")),
	}
}

// roomFacts is what a conference status callback says.
func roomFacts(account string, form url.Values) []call.Event {
	room, seq, sid := form.Get("ConferenceSid"), sequence(form), form.Get("CallSid")
	event := form.Get("StatusCallbackEvent")
	if event == "conference-end" {
		if seq < 0 || room == "" {
			return []call.Event{call.Doubted{}}
		}
		return []call.Event{call.RoomOver{RoomSID: room, Seq: seq}}
	}
	move, ok := roomMove(event)
	if !ok {
		return nil
	}
	var facts []call.Event
	if seq < 0 || room == "" || sid == "" {
		// It cannot be put in order with the others: the carrier is asked instead.
		facts = append(facts, call.Doubted{})
	} else {
		facts = append(facts, call.RoomMoved{
			SID: sid, RoomSID: room, Name: form.Get("FriendlyName"), Seq: seq, Move: move,
			Held: form.Get("Hold") == "true", Muted: form.Get("Muted") == "true",
		})
	}
	if move == call.Left && sid != "" && form.Get("ReasonParticipantLeft") == "participant_add_failed" {
		// It never answered, and says why.
		if status, outcome := progress(form.Get("ParticipantCallStatus"), ""); status == call.Over {
			facts = append(facts, call.LegMoved{Account: account, SID: sid, Status: status, Outcome: outcome, Seq: -1})
		}
	}
	return facts
}

func roomMove(event string) (call.RoomMove, bool) {
	switch event {
	case "participant-join":
		return call.Joined, true
	case "participant-leave":
		return call.Left, true
	case "participant-hold":
		return call.HeldNow, true
	case "participant-unhold":
		return call.Unheld, true
	case "participant-mute":
		return call.MutedNow, true
	case "participant-unmute":
		return call.Unmuted, true
	}
	return "", false
}
