package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"warmdesk/twilio/twiliotest"
)

// While the carrier fails every request, calls in progress go on, whoever calls
// hears music, the pages say what is wrong, and what an agent asks for is done when
// it is over. Nobody hears silence.
func TestTwilioInTrouble(t *testing.T) {
	for name, trouble := range map[string]struct {
		begin func(*twiliotest.Double)
		says  string
	}{
		"401": {func(d *twiliotest.Double) { d.FailREST(http.StatusUnauthorized) }, "Can't reach Twilio: wrong auth token (20003)."},
		"500": {func(d *twiliotest.Double) { d.FailREST(http.StatusInternalServerError) }, "Can't reach Twilio: it has trouble of its own (20500)."},
		"429": {func(d *twiliotest.Double) {
			d.RefuseREST(func(*http.Request) *twiliotest.Refusal {
				return &twiliotest.Refusal{Status: 429, Code: 20429, Message: "Too Many Requests", RetryAfter: time.Second}
			})
		}, "Twilio asks us to slow down: too many requests at once (20429)."},
		"hang": {func(d *twiliotest.Double) { d.HangREST(time.Minute) }, "Can't reach Twilio: it did not answer in time."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			double, p := twilioWorld(t)
			ana, ben := double.Agent("agent1"), double.Agent("agent2")
			anaSession := p.signIn("agent1", "one")
			dana := double.Call("+15550001")
			ana.Ringing(t).Answer()
			dana.WaitFor(t, "people: agent1")
			benSession := p.signIn("agent2", "two")

			trouble.begin(double)
			eve := double.Call("+15550002")
			eve.WaitFor(t, "music")
			p.ask("agent1", anaSession, dana, "hold") // and cannot be, yet
			p.alarm("agent2", benSession, trouble.says)
			if _, _, metrics := p.get("/metrics"); strings.Contains(metrics, "warmdesk_carrier_trouble_seconds 0\n") {
				t.Error("the figures do not tell of it")
			}
			for _, customer := range []*twiliotest.Leg{dana, eve} {
				if hears := customer.Hears(); hears != "people: agent1" && hears != "music" {
					t.Errorf("%s hears %s", customer.From, hears)
				}
			}

			double.HangREST(0)
			double.FailREST(0)
			p.alarm("agent2", benSession, "")
			if _, _, metrics := p.get("/metrics"); !strings.Contains(metrics, "warmdesk_carrier_trouble_seconds 0\n") {
				t.Error("the figures tell of what is over")
			}
			ben.Ringing(t).Answer()
			eve.WaitFor(t, "people: agent2")
			dana.WaitFor(t, "music") // is on hold, as was asked
			p.ask("agent1", anaSession, dana, "resume")
			dana.WaitFor(t, "people: agent1")
			p.ask("agent1", anaSession, dana, "end")
			dana.WaitFor(t, "completed")
			for _, customer := range []*twiliotest.Leg{dana, eve} {
				if gap := customer.Silence(); gap > 300*time.Millisecond {
					t.Errorf("%s heard nothing for %v: %q", customer.From, gap, customer.Heard())
				}
			}
		})
	}
}

// alarm waits until an agent's page says, or does not say any more, what is wrong.
func (p *program) alarm(id, cookie, says string) {
	p.t.Helper()
	p.untilIn(20*time.Second, id, cookie, fmt.Sprintf("told %q", says), func(s snapshot) bool {
		if says == "" {
			return len(s.Alarms) == 0
		}
		return slices.ContainsFunc(s.Alarms, func(a struct{ Text string }) bool { return strings.HasPrefix(a.Text, says) })
	})
}

// A carrier that says why it will not ring a colleague is quoted to who asked, and
// one that will only later is waited for.
func TestTwilioRefuses(t *testing.T) {
	t.Parallel()
	double, p := twilioWorld(t)
	ana := double.Agent("agent1")
	anaSession := p.signIn("agent1", "one")
	dana := double.Call("+15550001")
	ana.Ringing(t).Answer()
	dana.WaitFor(t, "people: agent1")
	p.signIn("agent2", "two")
	double.RefuseREST(func(r *http.Request) *twiliotest.Refusal {
		if r.Method == http.MethodPost && strings.HasPrefix(r.PostForm.Get("To"), "client:agent2") {
			return &twiliotest.Refusal{Status: 400, Code: 21215, Message: "Geo permission configuration is not permitting call."}
		}
		return nil
	})
	p.ask("agent1", anaSession, dana, "invite", "to", "agent2")
	const why = "calls to that country are not allowed (Twilio 21215)"
	p.until("agent1", anaSession, "told why", func(s snapshot) bool {
		return len(s.Calls) == 1 && s.Calls[0].Notice != nil && s.Calls[0].Notice.Text == "The phone network refused Ben: "+why+
			". You are still with +15550001. An admin can allow it in Twilio's voice geographic permissions."
	})
	if _, _, timeline := p.get("/api/calls/"+dana.SID+"/timeline", "Cookie", anaSession); !strings.Contains(timeline, why) {
		t.Errorf("the timeline does not say why: %s", timeline)
	}
	double.RefuseREST(nil)
	double.Busy(5 * time.Second)
	p.ask("agent1", anaSession, dana, "invite", "to", "agent2")
	p.until("agent1", anaSession, "told of the delay", func(s snapshot) bool {
		return len(s.Calls) == 1 && s.Calls[0].Sentence == "You and +15550001 hear each other. Ringing Ben is delayed by about 5 s: the phone network is busy."
	})
	if hears := dana.Hears(); hears != "people: agent1" {
		t.Errorf("dana hears %s", hears)
	}
}
