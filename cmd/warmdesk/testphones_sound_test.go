package main

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"warmdesk/switchboard/switchboardtest"
)

const robinTone = 1500.0

// TestBuiltInTelephones has Ana, on the built-in switchboard and with real sound,
// bring telephones in: a busy one, a machine, and one that talks with Dana, gets
// her, and hangs up. Dana is told, hears music, and comes back to Ana.
func TestBuiltInTelephones(t *testing.T) {
	t.Parallel()
	const robin, inUse, mailbox = "+12025550100", "+12025550101", "+12025550102"
	v := builtInVictim(t, "TEST_PHONES="+robin+"=answer:10s:1500Hz,"+inUse+"=busy,"+mailbox+"=machine:1500Hz")
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	again := v.phone(ctx, v.token("/agent1/token", v.cookies["ana"]), anaTone)
	if err := again.Register(ctx); err != nil {
		t.Fatal(err)
	}
	hears := func(c *switchboardtest.Call, tones ...float64) {
		t.Helper()
		if err := c.WaitTones(ctx, tones, []float64{anaTone, danaTone, robinTone}); err != nil {
			t.Fatal(err)
		}
	}

	v.request("consult", "to", inUse)
	v.told("+1 202-555-0101 can't right now. Web caller is still on hold.")
	v.request("consult", "to", mailbox)
	v.told("An answering machine answered at +1 202-555-0102. Web caller is still on hold.")
	v.request("resume")
	hears(v.dana, anaTone)
	begun := time.Now()
	v.request("invite", "to", "202 555 0100") // as it is typed in the desk's own country
	hears(v.dana, anaTone, robinTone)
	hears(v.ana, danaTone, robinTone)
	v.request("handover")
	hears(v.dana, robinTone)
	select {
	case <-v.ana.Ended():
	case <-ctx.Done():
		t.Fatal("Ana is still on the line")
	}
	v.request("finish")
	v.until("agent1", v.cookies["ana"], "free", func(s snapshot) bool { return len(s.Calls) == 0 })

	offer, err := again.Incoming(ctx) // once Robin has hung up
	if err != nil {
		t.Fatal(err)
	}
	if err := offer.Accept(ctx); err != nil {
		t.Fatal(err)
	}
	hears(v.dana, anaTone)
	hears(offer, danaTone)
	if gap := v.dana.LongestGap(begun); gap > 2*time.Second {
		t.Errorf("Dana heard nothing for %v", gap)
	}
}

// request posts Ana's request about the live call once her page offers it.
func (v *victim) request(request string, pairs ...string) {
	v.Helper()
	v.untilIn(10*time.Second, "agent1", v.cookies["ana"], "allowed to "+request, func(s snapshot) bool {
		return len(s.Calls) == 1 && slices.Contains(s.Calls[0].Allowed, request)
	})
	if status, body := v.post("/api/calls/"+v.call+"/"+request, v.cookies["ana"], pairs...); status != http.StatusAccepted {
		v.Fatalf("%s: %d %s", request, status, body)
	}
}

// told waits for a notice on Ana's page.
func (v *victim) told(text string) {
	v.Helper()
	said := ""
	v.untilIn(10*time.Second, "agent1", v.cookies["ana"], "told "+text, func(s snapshot) bool {
		if len(s.Calls) == 1 && s.Calls[0].Notice != nil && s.Calls[0].Notice.Text != said {
			said = s.Calls[0].Notice.Text
			v.Logf("Ana is told: %s", said)
		}
		return said == text
	})
}
