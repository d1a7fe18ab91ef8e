package call

import (
	"fmt"
	"strings"
	"time"

	"warmdesk/agent"
)

// A leg may be a telephone's: an agent's own, or that of somebody outside, who is
// named by the number (E.164) in place of an agent's id and is on no roster. What
// is different with a telephone:
//
//   - Whoever picks it up may be a machine. A mailbox must never have a customer,
//     so nobody is alone with one before a person is known to be there: a key was
//     pressed, the carrier heard a person, or the owner has vouched for them by
//     letting the customer hear them or handing over. Until the key is pressed the
//     leg counts as ringing.
//   - There is no page: nothing accepts by itself, and nobody is fetched back.
//   - A broken line and a hang-up look alike. The customer, who may have been said
//     goodbye to, hears that the line is closed, and is not cut off: who stays on
//     goes back to whoever handed them over, or to the front of the line.

// Times of a telephone.
const (
	// PhoneDialTime is DialTime for a telephone, whose network takes its time before
	// the first ringing.
	PhoneDialTime = 15 * time.Second
	// PhoneConnectTime is ConnectTime where the carrier first listens whether a
	// person has answered.
	PhoneConnectTime = 15 * time.Second
	// KeyTime is for hearing what it is about and pressing the key.
	KeyTime = 20 * time.Second
	// ClosedTime is for the customer of a closed line to hear so, and to hang up.
	ClosedTime = 10 * time.Second
)

// CallPhone is the request to have a telephone rung in place of the line that was
// lost.
const CallPhone RequestKind = "phone"

// AcceptKey is the key by which a call is taken on a telephone.
const AcceptKey = "1"

// Outside reports whether a person is named by a telephone number, and so is on no
// roster.
func Outside(id agent.ID) bool { return strings.HasPrefix(string(id), "+") }

// KeyPressed is a key on a telephone that was asked whether it takes the call.
// Whoever presses it asks what to do.
type KeyPressed struct {
	SID    string
	Digits string
}

func (KeyPressed) callEvent() {}

// phoneFor is where an agent is rung: outside people by their number; empty: at
// their browser.
func phoneFor(id agent.ID, phone string) string {
	if Outside(id) {
		return string(id)
	}
	return phone
}

// phoneOf is the telephone by which somebody was last on this call; empty: none.
func (c *Call) phoneOf(id agent.ID) string {
	for i := len(c.Legs) - 1; i >= 0; i-- {
		if l := &c.Legs[i]; l.Role == Agent && l.Agent == id && l.Release != Doubled {
			return l.Phone
		}
	}
	return phoneFor(id, "")
}

// dialTime and connectTime are what a leg's ring is given.
func (l *Leg) dialTime() time.Duration {
	if l.Phone != "" {
		return PhoneDialTime
	}
	return DialTime
}

func (l *Leg) connectTime() time.Duration {
	if l.Phone != "" {
		return PhoneConnectTime
	}
	return ConnectTime
}

// targetDialTime is what the ring of the target is given until it begins.
func (c *Call) targetDialTime() time.Duration {
	if l := c.AgentLeg(c.Target); l != nil {
		return l.dialTime()
	}
	return DialTime
}

// ringsUntil is when a leg that rings has rung for long enough; a telephone that
// was picked up, when the key has to have been pressed.
func (c *Call) ringsUntil(l *Leg) time.Time {
	if !l.AnsweredAt.IsZero() {
		return l.AnsweredAt.Add(KeyTime)
	}
	return l.RangAt.Add(c.RingTime())
}

// asksForKey reports whether whoever picks a telephone up is asked for the key:
// agents always, because it may be their mailbox; somebody outside where no
// agent is there to hear who it is, unless they have the customer already and
// have only fallen out of the room: the customer hears nothing meanwhile.
func (c *Call) asksForKey(l *Leg) bool {
	if l.Phone == "" || l.Accepted {
		return false
	}
	if !Outside(l.Agent) {
		return true
	}
	if l.Agent == c.Owner && l.RoomSID != "" {
		return false
	}
	switch c.Stage {
	case Asking, Inviting, Private, Swapped, Together, HandingOver:
		return c.gone(c.Owner)
	}
	return true
}

// toldToPress reports whether a leg that asks is told to press the key, and notes
// that it is told nothing else.
func (c *Call) toldToPress(l *Leg) bool {
	if c.wanted(l) == Gone || !c.asksForKey(l) {
		return false
	}
	l.Parked, l.Told, l.Admitted = false, "", false
	return true
}

// proven reports whether a leg may have the customer for itself.
func (l *Leg) proven() bool { return l.Phone == "" || l.Accepted || l.Human }

// picksUp notes that a telephone was picked up that is still to press the key: it
// goes on ringing, as far as anybody is concerned.
func (c *Call) picksUp(l *Leg, now time.Time) {
	if !l.AnsweredAt.IsZero() {
		return
	}
	l.AnsweredAt = now
	c.expect(l, KeyTime, now)
}

// heard takes what the carrier has heard at the other end of a telephone.
func (c *Call) heard(l *Leg, by Answerer) {
	switch {
	case l.Phone == "" || !l.alive():
	case by == Person:
		l.Human = true
	case by == Machinery && l.Release == Kept && !l.Accepted:
		l.Outcome, l.Release = Machine, Dismissed
	}
}

// keyPressed takes a telephone's key.
func (c *Call) keyPressed(e KeyPressed, now time.Time) (asks string) {
	l := c.LegBySID(e.SID)
	if !l.alive() || l.Phone == "" {
		return ""
	}
	if strings.TrimSpace(e.Digits) == AcceptKey && l.Release != Dismissed {
		l.Accepted = true
		c.raise(l, Answered, NoOutcome, now)
	}
	return l.SID
}

// vouch: the owner lets the target have the customer, and knows who it is.
func (c *Call) vouch() {
	if l := c.AgentLeg(c.Target); l != nil && l.Status == Answered {
		l.Accepted = true
	}
}

// withoutProof lets a target go who would have the customer alone, because the
// owner is lost, and may be a machine. It reports whether there was one.
func (c *Call) withoutProof(now time.Time) bool {
	t := c.AgentLeg(c.Target)
	if t == nil || t.Status != Answered || t.proven() {
		return false
	}
	c.report(now, News{Kind: NewsRemoved, Agent: c.Target, Other: c.Owner, Why: whyUnproven})
	c.release(c.Target, Dismissed)
	return true
}

// lineClosed reports whether an agent's last line here was a telephone's, and has
// ended after they had taken the call. They are not rung again: they may have hung
// up. A page of theirs may ask for it.
func (c *Call) lineClosed(id agent.ID) bool {
	for i := len(c.Legs) - 1; i >= 0; i-- {
		if l := &c.Legs[i]; l.Role == Agent && l.Agent == id && l.Release != Doubled {
			return l.Phone != "" && l.Status == Over && l.Release == Kept && l.Outcome == Completed && (l.Accepted || l.RoomSID != "")
		}
	}
	return false
}

// rungAt is what somebody may ask who is rung: a telephone is answered there.
func (c *Call) rungAt(by agent.ID) []RequestKind {
	if l := c.AgentLeg(by); l != nil && l.Phone != "" {
		return []RequestKind{PassOn}
	}
	return []RequestKind{Answer, PassOn}
}

// whyLost is why the customer of a lost owner is back in line.
func (c *Call) whyLost() string {
	if c.lineClosed(c.Owner) {
		return whyClosed
	}
	return whyReturned
}

// callPhone has a lost owner's telephone rung, in place of the line that was lost.
func (c *Call) callPhone(r Request, now time.Time) {
	l := c.addLeg(Leg{Role: Agent, Agent: r.By, Purpose: Rejoin, Phone: r.Phone, Account: c.Account, PlannedAt: now})
	c.Notice = nil
	c.report(now, News{Kind: NewsRejoining, Agent: r.By, Why: "by phone"})
	c.expect(l, l.dialTime(), now)
}

// callsPhone reports whether somebody may ask for their telephone to be rung.
func (c *Call) callsPhone(by agent.ID) bool {
	return c.Stage == Recovering && by == c.Owner && c.gone(by) && !Outside(by)
}

// ringsPhone reports whether a lost owner is being rung by telephone.
func ringsPhone(c Call) bool {
	l := c.AgentLeg(c.Owner)
	return c.Stage == Recovering && l != nil && l.Phone != "" && l.Status < Answered
}

// allowedRecovering is what a lost owner may ask: to be rung by telephone, or to
// give the customer to the line. Whose telephone was hung up may have meant it.
func (c *Call) allowedRecovering(by agent.ID) []RequestKind {
	switch {
	case c.lineClosed(by):
		return []RequestKind{CallPhone, Requeue, End}
	case c.callsPhone(by) && c.LostIn == "" && c.gone(c.Target):
		return []RequestKind{CallPhone, Requeue}
	case c.callsPhone(by):
		return []RequestKind{CallPhone}
	}
	return nil
}

// keyWords are what a telephone is told that is to press the key.
func (c *Call) keyWords(l *Leg, names Names) string {
	dana, from := c.CustomerName(), ""
	who := fromWhom(*c)
	if who != "" && who != l.Agent {
		from = " by " + names(who)
	}
	switch {
	case l.Purpose == Rejoin:
		return fmt.Sprintf("%s is waiting for you. Press 1 to go on with the call.", dana)
	case Outside(l.Agent):
		return fmt.Sprintf("A call from %s is put through to you%s. Press 1 to take it.", dana, from)
	case from != "":
		return fmt.Sprintf("A call for %s from %s, passed on%s. Press 1 to take it.", names(l.Agent), dana, from)
	}
	return fmt.Sprintf("A call for %s from %s. Press 1 to take it.", names(l.Agent), dana)
}

// KeyWords are the words of a Document of AskAccept.
func KeyWords(c Call, id LegID, names Names) string {
	l := c.Leg(id)
	if l == nil {
		return wordsUnknown
	}
	return c.keyWords(l, names)
}

// SomebodyOutside is how a customer is told of somebody with a telephone number.
const SomebodyOutside = "a colleague on the phone"

// NamesForCustomer are names as the customer may read them: whose number somebody
// outside has is not told.
func NamesForCustomer(names Names) Names {
	return func(id agent.ID) string {
		if Outside(id) {
			return SomebodyOutside
		}
		return names(id)
	}
}

// fromWhom is who wants the target.
func fromWhom(c Call) agent.ID {
	if c.Stage == Offering {
		return ""
	}
	return Asker(c)
}

const (
	whyClosed   = "the phone they were on was hung up"
	whyUnproven = "it was not certain that a person was there"

	// wordsLineClosed are for a customer whose owner's telephone has ended the line.
	wordsLineClosed = "The other line is closed. If that is all, you can hang up now. " +
		"If not, please stay with us, and somebody will be with you shortly."
)
