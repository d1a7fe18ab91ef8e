package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"warmdesk/twilio/twiliotest"
)

const (
	outsider = "+4930901820"
	anasOwn  = "+4930901830"
)

// withAna is a program that may call Germany, where Ana has Dana.
func withAna(t *testing.T, env ...string) (double *twiliotest.Double, p *program, dana, ana *twiliotest.Leg, session string) {
	t.Helper()
	double, p = twilioWorld(t, append([]string{"OUTSIDE_COUNTRIES=DE", "OUTSIDE_DEFAULT_COUNTRY=DE", "PHONES=agent1=" + anasOwn}, env...)...)
	phone := double.Agent("agent1")
	double.Phone(outsider)
	double.Phone(anasOwn)
	session = p.signIn("agent1", "one")
	dana = double.Call("+15550001")
	ana = phone.Ringing(t)
	ana.Answer()
	dana.WaitFor(t, "people: agent1")
	return double, p, dana, ana, session
}

func fine(t *testing.T, double *twiliotest.Double, customer *twiliotest.Leg) {
	t.Helper()
	if faults := double.Faults(); len(faults) > 0 {
		t.Errorf("Twilio would complain: %q", faults)
	}
	if gap := customer.Silence(); gap > 300*time.Millisecond {
		t.Errorf("the customer heard nothing for %v", gap)
	}
}

// Ana asks somebody outside in private, hands over and is out; the two talk. When
// they hang up Dana is told, and is not cut off.
func TestTwilioHandingOverToANumber(t *testing.T) {
	double, p, dana, ana, session := withAna(t)
	p.ask("agent1", session, dana, "consult", "to", "030 901820", "reason", "refund")
	they := double.Phone(outsider).Ringing(t)
	if they.From != testNumber {
		t.Errorf("shown %s", they.From)
	}
	dana.WaitFor(t, "music")
	they.Answer()
	they.WaitFor(t, "people: agent1")
	p.ask("agent1", session, dana, "handover")
	dana.WaitFor(t, "people: "+outsider)
	ana.WaitFor(t, "completed")
	they.WaitFor(t, "people: +15550001")
	p.ask("agent1", session, dana, "finish")
	they.HangUp()
	dana.WaitFor(t, "words: The other line is closed.")
	dana.WaitFor(t, "music")
	fine(t, double, dana)
	dana.HangUp()
	dana.WaitFor(t, "completed")
}

func TestTwilioAnsweringMachineIsAnOutcome(t *testing.T) {
	double, p, dana, _, session := withAna(t)
	double.Phone(outsider).Machine(true)
	p.ask("agent1", session, dana, "consult", "to", outsider)
	they := double.Phone(outsider).Ringing(t)
	they.Answer()
	they.WaitFor(t, "completed")
	p.until("agent1", session, "told of the machine", func(s snapshot) bool {
		return len(s.Calls) == 1 && s.Calls[0].Stage == "held" && s.Calls[0].Notice != nil && s.Calls[0].Notice.Text == "An answering machine answered at +49 30 901820. +15550001 is still on hold."
	})
	if heard := strings.Join(they.Heard(), ", "); heard != "nothing, silence, nothing" {
		t.Errorf("the machine heard %s", heard)
	}
	p.ask("agent1", session, dana, "resume")
	dana.WaitFor(t, "people: agent1")
	fine(t, double, dana)
}

// Sent to a number without asking: whoever is there has Dana only by the key.
func TestTwilioSentToANumber(t *testing.T) {
	double, p, dana, ana, session := withAna(t, "OUTSIDE_CALLER_ID=customer")
	p.ask("agent1", session, dana, "send", "to", outsider)
	ana.WaitFor(t, "completed")
	they := double.Phone(outsider).Ringing(t)
	if they.From != "+15550001" {
		t.Errorf("shown %s, not the customer's number", they.From)
	}
	they.Answer()
	they.WaitFor(t, "words: A call from +15550001 is put through to you by Ana. Press 1 to take it.")
	they.Press(t, "5")
	they.WaitFor(t, "words: A call from +15550001 is put through to you by Ana. Press 1 to take it.")
	dana.WaitFor(t, "music")
	they.Press(t, "1")
	dana.WaitFor(t, "people: "+outsider)
	fine(t, double, dana)
}

func TestTwilioNumbersThatMayNotBeCalled(t *testing.T) {
	double, p, dana, _, session := withAna(t)
	for number, want := range map[string]string{
		"+1 212 736 5000": "Numbers in US may not be called from here", "0900 1234567": "costs extra", "112": "emergency", "030": "looks short",
	} {
		status, body := p.post("/api/calls/"+dana.SID+"/consult", session, "to", number)
		if status != http.StatusConflict && status != http.StatusBadRequest || !strings.Contains(body, want) || !strings.Contains(body, "Nothing has changed.") {
			t.Errorf("%s: %d %s", number, status, body)
		}
	}
	if n := len(double.Legs()); n != 2 {
		t.Errorf("%d legs", n)
	}
	dana.WaitFor(t, "people: agent1")
}

// Ana has her calls by phone, without any page: she presses the key, puts the
// receiver down, and has herself called again.
func TestTwilioAgentByPhone(t *testing.T) {
	double, p := twilioWorld(t, "PHONES=agent1="+anasOwn)
	session := p.session("agent1", "one")
	p.postObject("/api/agents/agent1/presence", session, map[string]any{"byPhone": true, "presence": "available"})
	phone := double.Phone(anasOwn)
	dana := double.Call("+15550001")
	first := phone.Ringing(t)
	first.Answer()
	first.WaitFor(t, "words: A call for Ana from +15550001. Press 1 to take it.")
	first.Press(t, "1")
	dana.WaitFor(t, "people: "+anasOwn)
	p.ask("agent1", session, dana, "hold")
	dana.WaitFor(t, "music")
	p.ask("agent1", session, dana, "resume")
	dana.WaitFor(t, "people: "+anasOwn)
	first.HangUp()
	dana.WaitFor(t, "words: The other line is closed.")
	p.ask("agent1", session, dana, "phone")
	second := phone.Ringing(t)
	second.Answer()
	second.WaitFor(t, "words: +15550001 is waiting for you. Press 1 to go on with the call.")
	second.Press(t, "1")
	dana.WaitFor(t, "people: "+anasOwn)
	p.ask("agent1", session, dana, "end")
	dana.WaitFor(t, "completed")
	fine(t, double, dana)
}

// Ana's browser loses the line, and her phone takes its place.
func TestTwilioPhoneInPlaceOfALostLine(t *testing.T) {
	double, p, dana, ana, session := withAna(t)
	ana.HangUp() // as a page does that is closed
	dana.WaitFor(t, "words: One moment, please. The connection to your agent was interrupted.")
	p.ask("agent1", session, dana, "phone")
	phone := double.Phone(anasOwn).Ringing(t)
	phone.Answer()
	phone.WaitFor(t, "words: +15550001 is waiting for you. Press 1 to go on with the call.")
	phone.Press(t, "1")
	dana.WaitFor(t, "people: "+anasOwn)
	fine(t, double, dana)
}
