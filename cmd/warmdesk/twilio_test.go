package main

import (
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestTwilioWarmTransfer(t *testing.T) {
	double, p := twilioWorld(t)
	ana, ben := double.Agent("agent1"), double.Agent("agent2")
	anaSession, benSession := p.signIn("agent1", "one"), p.signIn("agent2", "two")
	dana := double.Call("+15550001")
	dana.WaitFor(t, "words: Thank you for calling")
	dana.WaitFor(t, "music")
	ana.Ringing(t).Answer()
	dana.WaitFor(t, "people: agent1")
	if status, body := p.post("/conference/agent1/call", anaSession); status != http.StatusAccepted {
		t.Fatalf("dial agent 2: %d %s", status, body)
	}
	ben.Ringing(t).Answer()
	dana.WaitFor(t, "people: agent1, agent2")
	p.ask("agent1", anaSession, dana, "leave")
	dana.WaitFor(t, "people: agent2")
	p.ask("agent2", benSession, dana, "end")
	dana.WaitFor(t, "completed")
	if faults := double.Faults(); len(faults) > 0 {
		t.Errorf("Twilio would complain: %q", faults)
	}
	if gap := dana.Silence(); gap > 300*time.Millisecond {
		t.Errorf("the customer heard nothing for %v", gap)
	}
}

func TestTwilioKilledDeskPicksUpEveryCall(t *testing.T) {
	double, p := twilioWorld(t)
	ana, ben := double.Agent("agent1"), double.Agent("agent2")
	anaSession := p.signIn("agent1", "one")
	dana := double.Call("+15550001")
	ana.Ringing(t).Answer()
	dana.WaitFor(t, "people: agent1")
	p.signIn("agent2", "two")
	if status, body := p.post("/conference/agent1/call", anaSession); status != http.StatusAccepted {
		t.Fatalf("dial agent 2: %d %s", status, body)
	}
	ring := ben.Ringing(t)
	eve := double.Call("+15550002")
	eve.WaitFor(t, "music")
	p.stop(syscall.SIGKILL)
	// While nobody is there to be asked, a caller in the room hears music on.
	eve.WaitFor(t, "music")
	p.start()
	ring.Answer()
	dana.WaitFor(t, "people: agent1, agent2")
	p.ask("agent1", anaSession, dana, "leave")
	dana.WaitFor(t, "people: agent2")
	p.ask("agent1", anaSession, dana, "finish") // and so not claimed any more for taking Dana back
	ana.Ringing(t).Answer()                     // who is free again, and Eve still waits
	eve.WaitFor(t, "people: agent1")
}

func TestTwilioHangingRESTNeverDelaysTwiML(t *testing.T) {
	double, p := twilioWorld(t)
	p.signIn("agent1", "one")
	double.HangREST(30 * time.Second)
	form := url.Values{"CallSid": {"CA00000000000000000000000000000009"}, "From": {"+15550009"}, "To": {testNumber}, "CallStatus": {"ringing"}, "Direction": {"inbound"}}
	body, took := p.webhook("/conference/connect/client", form)
	if !strings.Contains(body, "<Conference") || took > 100*time.Millisecond {
		t.Errorf("connect took %v: %s", took, body)
	}
	body, took = p.webhook("/conference/wait", form)
	if !strings.Contains(body, "Thank you for calling") || !strings.Contains(body, `loop="0"`) || took > 100*time.Millisecond {
		t.Errorf("wait took %v: %s", took, body)
	}
}

func TestTwilioFailingRESTKeepsTheCustomer(t *testing.T) {
	double, p := twilioWorld(t)
	ana := double.Agent("agent1")
	p.signIn("agent1", "one")
	double.FailREST(http.StatusInternalServerError)
	dana := double.Call("+15550001")
	dana.WaitFor(t, "words: Thank you for calling")
	dana.WaitFor(t, "music")
	for end := time.Now().Add(10 * time.Second); strings.Count(p.log.String(), "action=") < 2; {
		if time.Now().After(end) {
			t.Fatal("the dial is not repeated")
		}
		time.Sleep(20 * time.Millisecond) // polling, with the deadline above
	}
	double.FailREST(0)
	ana.Ringing(t).Answer()
	dana.WaitFor(t, "people: agent1")
}

func TestTwilioStopsCleanly(t *testing.T) {
	double, p := twilioWorld(t)
	dana := double.Call("+15550001")
	dana.WaitFor(t, "music")
	begun := time.Now()
	if err := p.stop(syscall.SIGTERM); err != nil {
		t.Errorf("stopped with %v\n%s", err, p.log)
	}
	if took := time.Since(begun); took > stopTime+2*time.Second { // the race detector alone adds a second at the exit
		t.Errorf("stopping took %v", took)
	}
	if dana.Status() != "in-progress" {
		t.Errorf("the customer is %s: on Twilio calls go on", dana.Status())
	}
}
