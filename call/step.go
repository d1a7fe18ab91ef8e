package call

import (
	"fmt"
	"time"
)

// Create makes the call of a customer leg nobody has seen before.
func Create(e Arrived, now time.Time) Call {
	c := Call{
		ID: e.Call, Account: e.Account, Room: e.SID,
		Number: e.Number, Name: e.Name, Recovery: e.Recovery,
		StartedAt: now, WaitingAt: now,
	}
	l := c.addLeg(Leg{Role: Customer, Account: e.Account, SID: e.SID, Status: Answered, PlannedAt: now, AnsweredAt: now})
	l.OutSince = now
	if e.Returning {
		c.Returned = "we lost track of the call for a moment"
	}
	c.enter(Queued, time.Time{}, now)
	c.report(now, News{Kind: NewsArrived})
	return c
}

// Step applies one event. It leaves c as it was and returns what becomes of it.
// Only a Request is ever refused, with *RefusedError.
func Step(c Call, e Event, now time.Time) (Call, error) {
	n := c.clone()
	switch e := e.(type) {
	case Request:
		if err := n.request(e, now); err != nil {
			return c, err
		}
	case Arrived:
		// A repeat: the call is there already.
	case Offered:
		n.offered(e, now)
	case LegMoved:
		n.legMoved(e, now)
	case RoomMoved:
		n.roomMoved(e, now)
	case RoomOver:
		n.roomOver(e, now)
	case AskedAgain:
		if l := n.LegBySID(e.SID); l != nil && l.alive() {
			l.leaveRoom(now)
		}
	case Result:
		n.result(e, now)
	case TimePassed:
		if e.Generation == n.Generation && !n.Deadline.IsZero() && !now.Before(n.Deadline) {
			n.expire(now)
		}
	case SelfMuted:
		if l := n.LegBySID(e.SID); l != nil && l.Agent == e.Agent && l.Role == Agent {
			l.SelfMuted = e.Muted
		}
	case Doubted:
		n.Doubt = n.Live()
	case Resumed:
		n.Doubt = n.Live()
		if soonest := now.Add(ResumeTime); !n.Deadline.IsZero() && n.Deadline.Before(soonest) {
			n.Deadline = soonest
		}
	case AgentBack:
		n.agentBack(e, now)
	case AgentGone:
		n.agentGone(e, now)
	default:
		panic(fmt.Sprintf("call: unknown event %T", e))
	}
	n.settle(now)
	return n, nil
}

// enter changes the stage. A zero deadline means none.
func (c *Call) enter(s Stage, deadline, now time.Time) {
	c.Stage, c.Deadline, c.Since = s, deadline, now
	c.Generation++
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

// legMoved takes the carrier's word on a leg's progress.
func (c *Call) legMoved(e LegMoved, now time.Time) {
	l := c.Leg(e.Leg)
	if l == nil {
		l = c.LegBySID(e.SID)
	}
	if l == nil || (l.SID != "" && e.SID != "" && l.SID != e.SID) {
		return
	}
	if l.SID == "" && e.SID != "" {
		c.adopt(l, e.Account, e.SID)
	}
	if e.Seq > l.Seq {
		l.Seq = e.Seq
	}
	c.raise(l, e.Status, e.Outcome, now)
}

// adopt gives a leg the carrier's id, however we came to know it: the dial's
// answer, the first callback or a look.
func (c *Call) adopt(l *Leg, account, sid string) {
	l.Account, l.SID, l.DialUnknown = account, sid, false
	if l.Status < Dialled {
		l.Status = Dialled
	}
	c.DialFailures, c.NotBefore = 0, time.Time{}
}

// raise lifts a leg's status; it never lowers it.
func (c *Call) raise(l *Leg, s Status, o Outcome, now time.Time) {
	if s <= l.Status {
		return
	}
	l.Moves++
	l.Status = s
	switch s {
	case Ringing:
		l.RangAt = now
		if l.Agent == c.Target && (c.Stage == Offering || c.Stage == Inviting) {
			c.Deadline = now.Add(RingTime)
		}
	case Answered:
		l.AnsweredAt, l.OutSince = now, now
	case Over:
		l.OverAt = now
		l.InRoom, l.Held = false, false
		if l.Outcome == NoOutcome {
			l.Outcome = o
		}
	}
}

// roomMoved takes a participant event. Events of one room count in the order of
// their SequenceNumber, whatever the order they came in; an older room's count
// for nothing.
func (c *Call) roomMoved(e RoomMoved, now time.Time) {
	l := c.LegBySID(e.SID)
	if l == nil || l.Status == Over {
		return
	}
	if l.RoomSID != e.RoomSID {
		if e.Move != Joined {
			return
		}
		l.RoomSID, l.RoomSeq = e.RoomSID, -1
	}
	if e.Seq <= l.RoomSeq {
		return
	}
	l.RoomSeq = e.Seq
	l.Moves++
	switch e.Move {
	case Joined:
		c.raise(l, Answered, NoOutcome, now)
		c.enterRoom(l, e.RoomSID)
		l.Held = false
	case Left:
		l.leaveRoom(now)
	case HeldNow:
		l.Held = true
	case Unheld:
		l.Held = false
	case MutedNow:
		l.Muted = true
	case Unmuted:
		l.Muted = false
	}
}

func (c *Call) enterRoom(l *Leg, room string) {
	l.RoomSID, l.InRoom = room, true
	if l.Role == Agent {
		c.Begun = room
	}
}

func (l *Leg) leaveRoom(now time.Time) {
	if l.InRoom {
		l.Moves++
		l.OutSince = now
	}
	l.InRoom, l.Held = false, false
}

// roomOver takes the end of a conference: whoever was in it is out.
func (c *Call) roomOver(e RoomOver, now time.Time) {
	for i := range c.Legs {
		l := &c.Legs[i]
		if l.RoomSID == e.RoomSID && e.Seq > l.RoomSeq {
			l.RoomSeq = e.Seq
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
	if c.AgentLeg(e.Agent) != nil {
		return
	}
	switch {
	case c.Stage == Recovering && c.Owner == e.Agent:
	case c.Stage == Talking && c.Target == "" && c.LostAgent == e.Agent && now.Before(c.LostUntil):
		c.Target, c.Asked = e.Agent, ""
		c.enter(Inviting, now.Add(DialTime), now)
	default:
		return
	}
	c.LostAgent, c.LostUntil = "", time.Time{}
	c.addLeg(Leg{Role: Agent, Agent: e.Agent, Purpose: Rejoin, Key: e.Key, Account: c.Account, PlannedAt: now})
	c.report(now, News{Kind: NewsRejoining, Agent: e.Agent})
}

// agentGone marks an agent's legs lost that the agent's page no longer has. A
// leg answered a moment ago is left alone: its page may not have heard yet.
func (c *Call) agentGone(e AgentGone, now time.Time) {
	for i := range c.Legs {
		l := &c.Legs[i]
		if l.Agent == e.Agent && l.Role == Agent && l.Status == Answered && l.SID != e.Live &&
			l.Release == Kept && now.Sub(l.AnsweredAt) > 3*time.Second {
			l.Release = Lost
		}
	}
}
