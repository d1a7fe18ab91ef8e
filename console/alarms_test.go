package console

import (
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
)

// Everybody is told what the carrier's trouble means for them, and who can do
// something about it what it is; nothing is said that is not known.
func TestAlarms(t *testing.T) {
	since := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	const means = " Calls in progress go on. Whoever calls now hears music until somebody can be rung; we keep trying."
	for _, test := range []struct {
		admin, builtIn bool
		why            call.Refusal
		want           string
		code           int
	}{
		{true, false, call.Refusal{Code: 20003, Said: "wrong auth token", Do: "An admin must set TWILIO_AUTH_TOKEN to the account's token."},
			"Can't reach Twilio: wrong auth token (20003). Calls in progress go on. Nobody can be rung until that is put right. An admin must set TWILIO_AUTH_TOKEN to the account's token.", 20003},
		{true, false, call.Refusal{Said: "it did not answer in time", Do: "Try again in a moment."}, "Can't reach Twilio: it did not answer in time." + means, 0},
		{true, true, call.Refusal{Said: "it cannot be reached"}, "Can't reach the built-in switchboard: it cannot be reached." + means, 0},
		{true, false, call.Refusal{Code: 20429, Said: "too many requests at once"}, "Twilio asks us to slow down: too many requests at once (20429)." + means, 20429},
		{false, false, call.Refusal{Code: 20003, Said: "wrong auth token"}, "The phone network does not take our requests." + means, 0},
	} {
		c := &Console{}
		if test.builtIn {
			c.cfg.SignalHost = "localhost:8080"
		}
		got := c.alarms(desk.Trouble{Since: since, Why: test.why}, test.admin, teller{})
		if len(got) != 1 || got[0] != (AlarmView{"carrier", test.want, test.code, since}) {
			t.Errorf("%+v\nwant %s", got, test.want)
		}
	}
	if got := (&Console{}).alarms(desk.Trouble{}, true, teller{}); got == nil || len(got) != 0 {
		t.Errorf("without trouble: %+v", got)
	}
}
