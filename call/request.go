package call

import (
	"slices"
	"time"
	"unicode/utf8"

	"warmdesk/agent"
)

// RefusedError tells an agent why a request cannot be met. Nothing has changed.
type RefusedError struct {
	Code    string // a word for programs: not_available, not_yours, …
	Message string // a sentence for people
	// With is who has the caller, of this name, where that is why: the message does
	// not know what people call them.
	With   agent.ID
	Caller string
}

func (e *RefusedError) Error() string { return e.Message }

// Codes of RefusedError.
const (
	NotAvailable = "not_available" // there is no such request
	NotNow       = "not_now"       // the call's stage does not allow it
	NotFree      = "not_free"      // the person asked for cannot be rung
	NotAllowed   = "not_allowed"   // a number that may not be called from here
	BadRequest   = "bad_request"
)

// Known reports whether a request exists on the surface.
func Known(k RequestKind) bool { return slices.Contains(built(), k) }

func built() []RequestKind {
	return []RequestKind{
		Answer, PassOn, Invite, Cancel, Leave, Remove, End, CallPhone,
		PutOnHold, Resume, Consult, Swap, Merge, HandOver, Keep, Take,
		TakeBack, Finish, Send, Requeue, Redial, Write, SetTopic, Conclude,
		RecordPause, RecordResume, RecordStop,
		Listen, Coach, Join, Unlisten, ListenPrivately,
	}
}

// Allowed lists what an agent may ask of the call now. Step refuses the rest.
func Allowed(c Call, by agent.ID) []RequestKind {
	kinds := allowedNow(&c, by)
	if c.redialTo(by) != "" {
		kinds = append(kinds, Redial)
	}
	kinds = append(kinds, c.allowedWriting(by)...)
	return append(kinds, c.allowedRecording(by)...)
}

// allowedNow is what an agent may ask because of the stage.
func allowedNow(c *Call, by agent.ID) []RequestKind {
	switch {
	case by == "":
		return nil
	case c.InLine():
		return []RequestKind{Answer}
	case c.Stage == Offering && by == c.Target:
		return c.rungAt(by)
	case c.Stage == Connecting && by == c.Target:
		return []RequestKind{PassOn}
	case c.Stage == Held || c.Stage == Asking || c.Stage == Private || c.Stage == Swapped:
		return allowedOnHold(c, by)
	case c.Stage == Talking && by == c.Owner:
		return []RequestKind{Consult, PutOnHold, Invite, Send, Requeue, End}
	case by == c.Former && (c.Stage == Talking || c.Stage == Recovering):
		return []RequestKind{TakeBack, Finish}
	case by == c.Former && c.Stage == Sending:
		return []RequestKind{Cancel, Finish}
	case c.Stage == Inviting && by == c.Owner:
		return []RequestKind{Cancel, End}
	case c.takes(by):
		return []RequestKind{Take, Leave}
	case c.Stage == Recovering && c.mayTake(by):
		return []RequestKind{Take}
	case c.Stage == Awaiting && by == c.Owner && !c.gone(by):
		return []RequestKind{End}
	case c.Stage == Awaiting && by == c.Target:
		return []RequestKind{Leave}
	case (c.Stage == Inviting || c.Stage == Recovering || c.Stage == Sending) && by == c.Target:
		return c.rungAt(by)
	case c.Stage == Recovering && by == c.Owner:
		return c.allowedRecovering(by)
	case c.Stage == Together && by == c.Owner && c.stuck():
		return []RequestKind{Leave, HandOver, Consult, Remove, Requeue, End}
	case c.Stage == Together && by == c.Owner:
		return []RequestKind{Leave, HandOver, Consult, Remove, End}
	case c.Stage == HandingOver && by == c.Owner:
		return []RequestKind{Keep}
	case c.Stage == Together && by == c.Target:
		return []RequestKind{Leave}
	}
	return nil
}

// request applies what an agent asked, or refuses it.
func (c *Call) request(r Request, now time.Time) error {
	r = c.redial(r)
	if err := c.refuse(r); err != nil {
		return err
	}
	c.linkBack(r.By, now) // who asks is there
	if c.writes(r, now) {
		return nil
	}
	switch r.Kind {
	case RecordPause, RecordResume, RecordStop:
		c.record(r, now)
		return nil
	case Listen, Coach, Join, Unlisten, ListenPrivately:
		c.supervise(r, now)
		return nil
	}
	if c.Owner == r.By {
		c.goesOn(now)
	}
	switch r.Kind {
	case Answer:
		c.answer(r, now)
	case PassOn:
		c.pass(r.By, r.Reason, now)
	case Invite:
		c.aim(r, now)
		c.enter(Inviting, now.Add(c.targetDialTime()), now)
		c.report(now, News{Kind: NewsInvited, Agent: r.To, Other: r.By})
	case Cancel, Resume:
		c.back(r.By, now)
	case PutOnHold:
		c.putOnHold(r.By, now)
	case Consult:
		c.consult(r, now)
	case Swap:
		c.swap(r.By, now)
	case Merge:
		c.merge(r.By, now)
	case CallPhone:
		c.callPhone(r, now)
	case HandOver:
		c.vouch()
		c.Home = r.Home
		c.enter(HandingOver, now.Add(HandOverTime), now)
	case Keep:
		c.report(now, News{Kind: NewsKept, Agent: r.By, Other: c.Target})
		c.enter(Together, time.Time{}, now)
	case Take:
		c.take(r, now)
	case TakeBack:
		c.takeBack(r, now)
	case Finish:
		c.finish()
	case Send:
		c.send(r, now)
	case Requeue:
		c.giveBack(r.By, now)
	case Leave:
		c.Home = r.Home
		c.leave(r.By, now)
	case Remove:
		c.report(now, News{Kind: NewsRemoved, Agent: c.Target, Other: r.By})
		c.release(c.Target, Dismissed)
		c.talk(c.Owner, now)
	case End:
		c.report(now, News{Kind: NewsEnded, Agent: r.By})
		c.end(now)
	}
	return nil
}

// goesOn: whatever went wrong, the owner goes on. A notice is out of date, a hold
// that was refused is tried again, and what waits for another attempt gets it.
func (c *Call) goesOn(now time.Time) {
	c.Notice, c.NoHold = nil, ""
	for i := range c.Doing {
		if d := &c.Doing[i]; !d.Running && d.Kind != Find && !d.late() && now.Before(d.NotBefore) {
			d.NotBefore = now
		}
	}
}

func (c *Call) refuse(r Request) *RefusedError {
	if !Known(r.Kind) {
		return &RefusedError{Code: NotAvailable, Message: "There is no such request. Nothing has changed."}
	}
	allowed := Allowed(*c, r.By)
	if r.Lead {
		allowed = AllowedLead(*c, r.By, r.Private)
	} else if slices.Contains(Supervision(), r.Kind) {
		return &RefusedError{Code: NotAllowed, Message: "That is for leads and admins. Nothing has changed."}
	}
	if r.Kind == ListenPrivately && !r.Private {
		return &RefusedError{Code: NotAllowed, Message: "Listening privately is turned off in the settings. Nothing has changed."}
	}
	if !slices.Contains(allowed, r.Kind) && !(r.After && slices.Contains(written(), r.Kind)) {
		refused := &RefusedError{Code: NotNow, Message: "That changed meanwhile: " + c.standing(r.By)}
		if c.elsewhere(r.By) {
			refused.With, refused.Caller = c.Owner, c.CustomerName()
		}
		return refused
	}
	if err := c.refuseTarget(r); err != nil {
		return err
	}
	switch {
	case r.Kind == Answer && c.InLine() && !r.Free:
		return &RefusedError{Code: NotFree, Message: "Go available and finish your other call first. The caller stays in the queue."}
	case r.Kind == CallPhone && r.Phone == "":
		return &RefusedError{Code: NotFree, Message: "No phone number is known for you. Ask whoever runs the desk to add it (PHONES). Nothing has changed."}
	case r.Kind == Take && r.By != c.Target && !r.Free, c.beginsToWatch(r) && !r.Free:
		return &RefusedError{Code: NotFree, Message: "Finish your other call first, and have your phone connected. Nothing has changed."}
	case utf8.RuneCountInString(r.Reason) > 80:
		return &RefusedError{Code: BadRequest, Message: "The reason is longer than 80 characters. Nothing has changed."}
	}
	return refuseText(r)
}

// elsewhere reports whether somebody has the caller with whom an agent has nothing
// to do.
func (c *Call) elsewhere(by agent.ID) bool {
	return c.Owner != "" && c.Owner != by && c.Target != by && c.Stage != Ending && c.Stage != Ended
}

// beginsToWatch: a lead asks for a place in a call that they are not in.
func (c *Call) beginsToWatch(r Request) bool {
	l, _ := c.watchBy(r.By)
	return l == nil && slices.Contains(Supervision(), r.Kind)
}

// standing says how things are, to an agent whose request came too late.
func (c *Call) standing(by agent.ID) string {
	switch {
	case c.Stage == Ending || c.Stage == Ended:
		return "the call is over."
	case c.Stage == Awaiting:
		return "the caller lost the connection and may be back in a moment."
	case c.Stage == Recording || c.Stage == Parting:
		return "the caller is leaving a message."
	case c.elsewhere(by):
		return "a colleague has the caller."
	case c.Stage == Recovering || c.Stage == Queued || c.Stage == Offering || c.Stage == Connecting:
		return "the caller is waiting for the next free agent."
	case (c.Stage == Inviting || c.Stage == Asking) && c.Owner == by:
		return "a colleague is being rung already."
	}
	return "the call has moved on."
}

// answer is the agent's word that the ringing leg is being picked up, or that a
// waiting customer is wanted.
func (c *Call) answer(r Request, now time.Time) {
	if c.InLine() {
		c.offered(Offered{Agent: r.By, Phone: r.Phone}, now)
		return
	}
	// The page is opening the line: the ring must not run out under it.
	if soonest := now.Add(ConnectTime); c.Deadline.Before(soonest) {
		c.Deadline = soonest
	}
}

// pass: whoever is rung does not want it; why is for whoever asked them.
func (c *Call) pass(by agent.ID, why string, now time.Time) {
	if l := c.AgentLeg(by); l != nil {
		l.Outcome = Passed
	}
	c.release(by, Dismissed)
	switch c.Stage {
	case Offering, Connecting: // until they are in, it is a pass
		c.report(now, News{Kind: NewsPassed, Agent: by})
		c.skip(by, now.Add(PassTime), now)
		c.requeue(now)
	case Recovering: // nobody is there to be told; the owner is still being fetched back
		c.report(now, News{Kind: NewsInviteOver, Agent: by, Other: c.Owner, Outcome: Passed})
	case Sending:
		c.sendOver(Passed, now)
	default:
		c.inviteOver(Passed, why, now)
	}
}

func (c *Call) leave(by agent.ID, now time.Time) {
	if by == c.Owner {
		c.vouch()
		c.enter(HandingOver, now.Add(HandOverTime), now)
		return
	}
	c.report(now, News{Kind: NewsLeft, Agent: by, Other: c.Owner})
	c.release(by, Dismissed)
	switch c.Stage {
	case Recovering: // the owner is still being fetched back
	case Private:
		c.leftPrivate(now)
	case Awaiting:
		c.aloneAway(now)
	default:
		c.talk(c.Owner, now)
	}
}

// offered starts a ring at one agent.
func (c *Call) offered(e Offered, now time.Time) {
	if !c.InLine() || e.Agent == "" {
		return
	}
	c.Target = e.Agent
	l := c.addLeg(Leg{Role: Agent, Agent: e.Agent, Purpose: Offer, Phone: e.Phone, Account: c.Account, PlannedAt: now})
	c.enter(Offering, now.Add(l.dialTime()), now)
	c.report(now, News{Kind: NewsOffered, Agent: e.Agent})
}

// release takes every leg of an agent out of what is wanted.
func (c *Call) release(id agent.ID, how Release) {
	if id == c.LostAgent && how == Dismissed {
		c.LostAgent = "" // nor are they fetched back
	}
	for i := range c.Legs {
		l := &c.Legs[i]
		if l.Role == Agent && l.Agent == id && l.Status != Over && l.Release == Kept {
			l.Release = how
		}
	}
}
