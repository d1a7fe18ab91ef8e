package console

import (
	"fmt"
	"strings"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/staff"
)

// AlarmView is something that is wrong for everybody, as long as it is.
type AlarmView struct {
	Kind  string    `json:"kind"` // carrier: it fails every request
	Text  string    `json:"text"`
	Code  int       `json:"code,omitempty"` // the carrier's; for who can do something about it
	Since time.Time `json:"since"`
}

// snapshotFor is what one agent's page is sent.
func (c *Console) snapshotFor(by caller) Snapshot {
	v := c.cfg.Desk.View()
	s := snapshotOf(v, by.id, by.lang)
	s.Me.Role, s.Me.ChangePassword = by.role, by.stored
	for i := range s.Calls {
		if lost := s.Calls[i].IfLost; lost != nil {
			lost.Seconds += int(c.noticedAfter().Seconds())
		}
	}
	s.Outcomes = c.cfg.Outcomes()
	s.popUp(c.cfg.Settings.Now().Document.ScreenPop)
	s.Alarms = c.alarms(v.Trouble, by.role.May(staff.Admin), tellerOf(v, by.lang))
	return s
}

// noticedAfter is how long a lost line of an agent can go unnoticed (transfer.md, Lost
// or deliberate): the built-in switchboard misses the packets, of another carrier's
// line only the page tells.
func (c *Console) noticedAfter() time.Duration {
	if c.cfg.SignalHost != "" {
		return 5 * time.Second
	}
	return call.LinkTime
}

// alarms words the carrier's trouble: for everybody what it means, for who can do
// something about it also what it is (console.md 2.7).
func (c *Console) alarms(t desk.Trouble, admin bool, tell teller) []AlarmView {
	if t.Since.IsZero() {
		return []AlarmView{}
	}
	means := "Calls in progress go on. Whoever calls now hears music until somebody can be rung; we keep trying."
	if !admin {
		return []AlarmView{{Kind: "carrier", Since: t.Since, Text: tell.of("The phone network does not take our requests. " + means)}}
	}
	if t.Why.Code == codeUnauthorized {
		// Its own requests may be signed with another token than ours, and refused: new
		// callers may not even get here.
		means = "Calls in progress go on. Nobody can be rung until that is put right."
	}
	carrier, said := tell.name("Twilio"), tell.why(t.Why.Said)
	if c.cfg.SignalHost != "" {
		carrier = tell.why("the built-in switchboard")
	}
	text := fmt.Sprintf("Can't reach %s: %s (%d).", carrier, said, t.Why.Code)
	if t.Why.Code == 0 {
		text = fmt.Sprintf("Can't reach %s: %s.", carrier, said)
	}
	if t.Why.Code == codeTooMany {
		if c.cfg.SignalHost != "" {
			carrier = tell.why("The built-in switchboard")
		}
		text = fmt.Sprintf("%s asks us to slow down: %s (%d).", carrier, said, t.Why.Code)
	}
	if strings.HasPrefix(t.Why.Do, "An admin must ") {
		means += " " + t.Why.Do // the rest is for whoever asked for something
	}
	return []AlarmView{{Kind: "carrier", Since: t.Since, Code: t.Why.Code, Text: tell.of(text + " " + means)}}
}

// The carrier's codes that mean something else than that it does not answer.
const (
	codeUnauthorized = 20003
	codeTooMany      = 20429
)
