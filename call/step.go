package call

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
)

// Create makes the call of a customer leg nobody has seen before.
func Create(e Arrived, now time.Time) Call {
	c := Call{
		ID: e.Call, Account: e.Account, Room: e.SID,
		Number: e.Number, Name: cmp.Or(e.Vouched.called(), e.Name), Vouched: e.Vouched, Team: e.Team, Recovery: e.Recovery, CallToken: e.CallToken, Limits: e.Limits,
		Dialled: e.Dialled, Language: e.Language,
		StartedAt: now, WaitingAt: e.waitingSince(now), Topic: cmp.Or(e.Topic, e.Vouched.Topic), Recent: e.Recent,
		Recorder: Recorder{Announcement: e.Announcement},
	}
	if e.Recovery { // without it a hang-up is always meant
		c.Return = e.Return
	}
	l := c.addLeg(Leg{Role: Customer, Account: e.Account, SID: e.SID, Status: Answered, PlannedAt: now, AnsweredAt: now})
	l.OutSince, l.Admitted = now, true
	if !e.Returning && c.announces(l) { // who was here before has not been told
		c.announcing(l, now)
	}
	if e.Returning {
		c.Returned = "we lost track of the call for a moment"
		c.Doubt = true // how far they have come, or whether they are there still
	}
	c.enter(Queued, time.Time{}, now)
	c.report(now, News{Kind: NewsArrived})
	return c
}

// Step applies one event. It leaves c as it was and returns what becomes of it.
// Only a Request, a CallMeBack and a Rate are ever refused, with *RefusedError.
func Step(c Call, e Event, now time.Time) (Call, error) {
	n := c.clone()
	asks := ""
	switch e := e.(type) {
	case Request:
		if err := n.request(e, now); err != nil {
			return c, err
		}
	case CallMeBack:
		if err := n.callMeBack(e, now); err != nil {
			return c, err
		}
	case Rate:
		if err := n.rate(e, now); err != nil {
			return c, err
		}
	default:
		asks = n.fact(e, now)
	}
	n.giveUp(now)
	n.leftRoom(n.LegBySID(asks), now)
	n.settle(now)
	n.told(n.LegBySID(asks), now)
	n.tellRecording(now)
	return n, nil
}

// fact takes what is so, and names the leg that asks what to do: its SID, or empty.
func (c *Call) fact(e Event, now time.Time) (asks string) {
	switch e := e.(type) {
	case Arrived:
		if c.arrived(e, now) {
			return e.SID
		}
	case CustomerLeft:
		c.customerLeft(now)
	case LegMoved:
		if l := c.legMoved(e, now); l != nil && e.Asks {
			return l.SID
		}
	case RoomMoved:
		c.roomMoved(e, now)
	case RoomOver:
		c.roomOver(e, now)
	case AskedAgain:
		return e.SID
	case Result:
		c.result(e, now)
	case Chose:
		if c.answers(e.SID, e.Question) {
			c.chose(e, now)
			return e.SID
		}
	case KeyPressed:
		return c.keyPressed(e, now)
	case Recorded:
		if e.Asks && (c.answers(e.SID, e.Question) || c.answered(e)) {
			asks = e.SID
		}
		c.untaped(e)
		c.recorded(e, now)
	case TrackMoved:
		c.trackMoved(e, now)
	default:
		c.deskFact(e, now)
	}
	return asks
}

// deskFact takes a fact that is the desk's own, and not the carrier's: of the
// clock, of routing, and of agents' pages.
func (c *Call) deskFact(e Event, now time.Time) {
	switch e := e.(type) {
	case Offered:
		if c.skips(e.Agent, now) || now.Before(c.NotBefore) {
			return // decided from an older state, by another desk perhaps
		}
		c.offered(e, now)
	case Sought:
		c.sought(e, now)
	case TimePassed:
		if e.Generation == c.Generation && !c.Deadline.IsZero() && !now.Before(c.Deadline) {
			c.expire(now)
		}
	case Doubted:
		c.Doubt = c.Live()
	case Resumed:
		c.resumed(e, now)
	case Unattended:
		c.unattended(e, now)
	case SelfMuted:
		if l := c.toldOf(e.Agent, e.SID); l != nil {
			l.SelfMuted = e.Muted
		}
	case AgentBack:
		c.agentBack(e, now)
	case AgentGone:
		c.agentGone(e, now)
	case LinkGone:
		c.linkGone(e.Agent, now)
	case LinkBack:
		c.linkBack(e.Agent, now)
	case RingLost:
		c.ringLost(e.Agent)
	default:
		panic(fmt.Sprintf("call: unknown event %T", e))
	}
}

// resumed: the desk was away. What is overdue gets a moment, and the carrier is
// looked at before anything is concluded.
func (c *Call) resumed(e Resumed, now time.Time) {
	c.Doubt = c.Live()
	c.endLeases(e.Began, now)
	if soonest := now.Add(ResumeTime); !c.Deadline.IsZero() && c.Deadline.Before(soonest) {
		c.Deadline = soonest
	}
	c.excuseLinks(now)
}

// leftRoom notes that a leg asks what to do: it is in no room. What was under
// way to hold it may have come before or after.
func (c *Call) leftRoom(l *Leg, now time.Time) {
	if !l.alive() {
		return
	}
	l.leaveRoom(now)
	if d := c.doing(placeKey(l)); d != nil && d.Running && d.Kind != Enter {
		d.Void = true
	}
}

// told notes what the leg that asks is answered.
func (c *Call) told(l *Leg, now time.Time) {
	if !l.alive() || c.toldToPress(l) {
		return
	}
	l.Parked, l.Told = c.parks(l), c.saying(l)
	if l.Told != "" && c.Stage == Recording {
		c.taping(l)
	}
	l.Admitted = !l.Parked && l.Told == "" && c.wanted(l) != Gone
	if l.Admitted && c.announces(l) {
		c.announcing(l, now)
	}
	if l.Told != "" && c.Stage == Parting {
		c.Deadline = now.Add(PartingTime) // it begins to be spoken
	}
}

// enter changes the stage. A zero deadline means none.
func (c *Call) enter(s Stage, deadline, now time.Time) {
	c.withdraw(s)
	c.tellNote(now)
	c.Stage, c.Deadline, c.Since = s, deadline, now
	c.Generation++
	c.BackAt, c.Taking = time.Time{}, false
	if s != HandingOver {
		c.TakingBack = false
	}
	if !seekingStage(s) {
		c.Seeking, c.Tried = nil, nil
	}
	switch s {
	case Recovering, Awaiting:
		return
	case Held, Asking, Private, Swapped:
	default:
		c.HoldSince, c.Reminded = time.Time{}, 0
	}
	c.LostIn, c.Place, c.Former = "", "", ""
}

func (c *Call) report(now time.Time, n News) {
	n.At = now
	c.News = append(c.News, n)
}

func (c *Call) addLeg(l Leg) *Leg {
	c.LegSeq++
	l.ID = LegID(fmt.Sprintf("%s-%d", c.ID, c.LegSeq))
	l.Seq, l.RoomSeq = -1, -1
	c.Legs = append(c.Legs, l)
	return &c.Legs[len(c.Legs)-1]
}

// legMoved takes the carrier's word on a leg's progress and returns the leg;
// nil when it is none of ours.
func (c *Call) legMoved(e LegMoved, now time.Time) *Leg {
	l := c.LegBySID(e.SID)
	if l == nil {
		l = c.Leg(e.Leg)
	}
	switch {
	case l == nil || l.SID != "" && e.SID != "" && l.SID != e.SID:
		if l = c.double(l, e, now); l == nil {
			return nil
		}
	case l.SID == "" && e.SID != "":
		c.adopt(l, e.Account, e.SID, now)
	}
	if e.Seq > l.Seq {
		l.Seq = e.Seq
	}
	c.raise(l, e.Status, e.Outcome, now)
	c.heard(l, e.By)
	return l
}

// double notes a connection of one of our dials that we did not expect: its leg
// has another one, or was given up because the carrier had none. It is ended like
// every leg that nobody wants, also when the call is over. nil: nothing of ours.
func (c *Call) double(known *Leg, e LegMoved, now time.Time) *Leg {
	ours := known != nil && known.Role != Customer || known == nil && strings.HasPrefix(string(e.Leg), string(c.ID)+"-")
	if !ours || e.SID == "" || e.Status == Over {
		return nil
	}
	l := Leg{Role: Agent, Release: Doubled, Account: e.Account, SID: e.SID, Status: Dialled, PlannedAt: now}
	if known != nil {
		l.Agent, l.Purpose = known.Agent, known.Purpose
	}
	c.report(now, News{Kind: NewsTrouble, Agent: l.Agent, Why: "the carrier has one leg more: " + e.SID})
	if c.Stage == Ended {
		c.enter(Ending, now.Add(EndingTime), now)
	}
	return c.addLeg(l)
}

// adopt gives a leg the carrier's id, however we came to know it: the dial's
// answer, the first callback or a look.
func (c *Call) adopt(l *Leg, account, sid string, now time.Time) {
	l.Account, l.SID, l.DialUnknown, l.Looks, l.Refusal = account, sid, false, 0, Refusal{}
	if l.Status < Dialled {
		l.Status = Dialled
		c.expect(l, l.Queued+l.dialTime(), now)
	}
	c.DialFailures, c.NotBefore = 0, time.Time{}
}

// expect gives the ring that the stage waits for its time from now on.
func (c *Call) expect(l *Leg, d time.Duration, now time.Time) {
	rung := l.Agent == c.Target && slices.Contains([]Stage{Offering, Inviting, Asking, Sending}, c.Stage)
	// A page accepts a rejoin by itself; a telephone takes the time of a ring.
	rejoins := l.Agent == c.Owner && l.Phone != "" && c.Stage == Recovering
	if (rung || rejoins) && l.Release == Kept {
		c.Deadline = now.Add(d)
	}
}

// raise lifts a leg's status; it never lowers it.
func (c *Call) raise(l *Leg, s Status, o Outcome, now time.Time) {
	if s == Answered && !l.Admitted && c.asksForKey(l) {
		c.raise(l, Ringing, NoOutcome, now)
		c.picksUp(l, now)
		return
	}
	if s <= l.Status {
		return
	}
	l.Moves++
	l.Status = s
	switch s {
	case Ringing:
		l.RangAt = now
		ring := c.RingTime()
		if l.Purpose == Again {
			ring = AgainTime
		}
		c.expect(l, ring, now)
	case Answered:
		l.AnsweredAt, l.OutSince = now, now
		c.expect(l, l.connectTime(), now)
	case Over:
		l.OverAt = now
		if l.Role == Agent && l.Admitted && l.RoomSID == "" {
			c.Doubt = true // it may have been in, and begun the conference, before we were told
		}
		l.InRoom, l.Held, l.HoldSure, l.Elsewhere, l.AstrayAt = false, false, false, false, time.Time{}
		if l.Outcome == NoOutcome {
			l.Outcome = o
		}
		if l.Phone != "" && l.AnsweredAt.After(time.Time{}) && !l.Accepted && l.RoomSID == "" && l.Outcome == Completed {
			l.Outcome = NoAnswer // picked up, and hung up before the key
		}
	}
}

// roomMoved takes a participant event. Events of one room count in the order of
// their SequenceNumber, whatever the order they came in; an older room's count
// for nothing.
func (c *Call) roomMoved(e RoomMoved, now time.Time) {
	l := c.LegBySID(e.SID)
	if l == nil || slices.Contains(c.OldRooms, e.RoomSID) {
		return
	}
	c.begunBy(l, e.RoomSID)
	if l.Status == Over {
		return
	}
	if l.RoomSID != e.RoomSID {
		// Any word from a room is proof of having been there: the join itself may
		// come later or never.
		if l.InRoom {
			c.Doubt = true // nobody is in two rooms: which is the newer one?
		}
		c.newRoom(l, e.RoomSID)
	}
	if e.Seq <= l.RoomSeq {
		return
	}
	l.RoomSeq = e.Seq
	l.Moves++
	if e.Move == Left {
		c.raise(l, Answered, NoOutcome, now)
		l.leaveRoom(now)
		return
	}
	c.enterRoom(l, e.RoomSID, now)
	l.Elsewhere = e.Name != "" && e.Name != c.Room
	l.Held = e.Move == HeldNow || e.Held && e.Move != Unheld && e.Move != Joined
	l.HoldSure = l.HoldSure && l.Held
	l.Muted = e.Move == MutedNow || e.Muted && e.Move != Unmuted
}

// begunBy notes that an agent or a supervisor was in a room, however shortly, even
// if that is told after their leave or their end. A customer who moved on is elsewhere.
func (c *Call) begunBy(l *Leg, room string) {
	if cust := c.CustomerLeg(); l.Role != Customer && (!cust.InRoom || cust.RoomSID == room) {
		c.Begun = room
	}
}

// newRoom notes that a leg is in another room than it was. One call's rooms
// bear one name, so the older one is over.
func (c *Call) newRoom(l *Leg, room string) {
	if l.RoomSID != "" && !slices.Contains(c.OldRooms, l.RoomSID) {
		c.OldRooms = append(c.OldRooms, l.RoomSID)
	}
	l.RoomSID, l.RoomSeq, l.Held, l.HoldSure, l.Muted = room, -1, false, false, false
}

func (c *Call) enterRoom(l *Leg, room string, now time.Time) {
	l.Admitted = true
	if l.Phone != "" && !Outside(l.Agent) {
		l.Accepted = true // nobody is let in before
	}
	c.raise(l, Answered, NoOutcome, now)
	l.RoomSID, l.InRoom, l.Admitted, l.Parked, l.Told = room, true, true, false, ""
	c.begunBy(l, room)
	c.announced(l)
}

func (l *Leg) leaveRoom(now time.Time) {
	if l.InRoom {
		l.Moves++
		l.OutSince = now
	}
	if !l.AstrayAt.IsZero() {
		l.Strays++
	}
	l.InRoom, l.Held, l.HoldSure, l.Elsewhere, l.AstrayAt = false, false, false, false, time.Time{}
}

// roomOver takes the end of a conference: whoever was in it is out, and nobody
// comes in again.
func (c *Call) roomOver(e RoomOver, now time.Time) {
	if slices.Contains(c.OldRooms, e.RoomSID) {
		return
	}
	c.OldRooms = append(c.OldRooms, e.RoomSID)
	for i := range c.Legs {
		if l := &c.Legs[i]; l.RoomSID == e.RoomSID {
			l.leaveRoom(now)
		}
	}
	if c.Begun == e.RoomSID {
		c.Begun = ""
	}
}

// agentBack brings a lost owner in again: while Recovering as the owner, and
// for a short time after somebody else took over as a third.
func (c *Call) agentBack(e AgentBack, now time.Time) {
	if c.AgentLeg(e.Agent) != nil || !e.Fresh && now.Before(c.rejoinFrom(e.Agent)) {
		return
	}
	switch {
	case c.recovering() && c.Owner == e.Agent && !c.lineClosed(e.Agent):
	case c.Stage == Talking && c.Target == "" && c.LostAgent == e.Agent && now.Before(c.LostUntil):
		c.Target, c.Asked = e.Agent, ""
		c.enter(Inviting, now.Add(DialTime), now)
	default:
		return
	}
	c.Notice = nil // it was of the try before
	c.addLeg(Leg{Role: Agent, Agent: e.Agent, Purpose: Rejoin, Key: e.Key, Account: c.Account, PlannedAt: now})
	c.report(now, News{Kind: NewsRejoining, Agent: e.Agent})
}

// rejoinFrom is when an agent may be dialled again to rejoin: a page that has
// just been reloaded is not registered at once.
func (c *Call) rejoinFrom(id agent.ID) time.Time {
	for i := len(c.Legs) - 1; i >= 0; i-- {
		if l := &c.Legs[i]; l.Agent == id && l.Purpose == Rejoin && l.AnsweredAt.IsZero() && l.Status == Over {
			return l.OverAt.Add(RejoinPause)
		}
	}
	return time.Time{}
}

// agentGone marks an agent's legs lost that the agent's page no longer has. A
// leg answered a moment ago is left alone: its page may not have heard yet, unless
// it is another page than the one that answered.
func (c *Call) agentGone(e AgentGone, now time.Time) {
	if l := c.toldOf(e.Agent, e.Live); l != nil && l == c.AgentLeg(e.Agent) {
		c.linkBack(e.Agent, now)
	}
	for i := range c.Legs {
		l := &c.Legs[i]
		if l.Agent == e.Agent && l.Role != Customer && l.Phone == "" && l.Status == Answered && l.SID != e.Live &&
			l.Release == Kept && (e.Fresh || l.AnsweredAt.Before(e.Loaded) || now.Sub(l.AnsweredAt) > YoungTime) {
			c.convict(l, now)
			l.Release = Lost
		}
	}
}
