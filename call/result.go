package call

import (
	"slices"
	"time"
)

// result takes the end of an action. What it says of a leg is an observation
// like any other.
func (c *Call) result(e Result, now time.Time) {
	d := c.doing(e.Key)
	if d == nil || d.Kind != e.Kind || d.Attempt != e.Attempt || !d.awaited() {
		return // a repeat, or an older attempt's: its lease ran out and it was asked again
	}
	done, unanswered := *d, e.Verdict == Unknown
	if d.Void {
		e.Verdict = Unknown
	}
	if e.Verdict == Done {
		c.forget(e.Key)
	} else {
		d.Running, d.Unknown = false, d.Unknown || e.Verdict == Unknown
		d.NotBefore = now.Add(e.pause(d.Attempt))
	}
	if e.Verdict != Done && e.Verdict != Missing && !done.Void && e.Why != "" {
		c.report(now, News{Kind: NewsTrouble, Why: e.Why})
	}
	if done.Kind == Look {
		c.looked(e, now)
		return
	}
	l := c.Leg(legOf(e.Key))
	if l != nil && done.Kind == Collect {
		c.collected(l, e, now)
		return
	}
	if l != nil && done.Kind.Records() {
		c.recordResult(l, done.Kind, e, now)
		return
	}
	if l != nil && l.Status != Over {
		c.resultFor(l, done, e, now)
		if unanswered && done.Kind == Unhold {
			c.mayComeLate(l, now)
		}
	}
}

func (c *Call) resultFor(l *Leg, done Doing, e Result, now time.Time) {
	if e.Key == placeKey(l) {
		l.Moves++ // a look under way may have seen it before
	}
	switch done.Kind {
	case Dial:
		c.dialResult(l, e, now)
	case Find:
		c.findResult(l, e, now)
	case Hang:
		switch {
		case e.Verdict == Done || e.Verdict == Missing && l.Role != Customer:
			c.raise(l, Over, Canceled, now)
		case e.Verdict == Missing:
			c.Doubt = true // the customer's leg is different: only its own end is proof
		}
	case Hold, Unhold:
		switch e.Verdict {
		case Done:
			l.Held = done.Kind == Hold && l.InRoom
			l.HoldSure = l.Held
		case Missing:
			l.leaveRoom(now)
			c.Doubt = true
		case Refused:
			c.notPlaced(l, done.Kind, now)
		}
	case Quiet, Speak, Guide, Unguide:
		c.voiceResult(l, done.Kind, e.Verdict)
	case Enter:
		c.Doubt = c.Doubt || e.Verdict == Missing
		// Whoever has not asked since is waiting outside still.
		l.Parked = l.Parked || e.Verdict != Done && !l.Admitted && l.Told == ""
		if e.Verdict == Done {
			if c.strayed(l, now) || !l.AstrayAt.IsZero() { // and was not waiting outside at our wish
				c.report(now, News{Kind: NewsStuck, Agent: l.Agent})
			}
			if !l.AstrayAt.IsZero() || c.saying(l) != "" && l.Told == "" { // and has not asked yet
				l.leaveRoom(now)
			}
			// On its way: it has the full time again before it counts as strayed.
			l.OutSince = now
		}
	}
}

func (c *Call) dialResult(l *Leg, e Result, now time.Time) {
	if c.named(l, e, now) {
		return
	}
	l.refusedAs(e)
	switch e.Verdict {
	case Done:
		l.Queued = min(e.Queued, QueueMost)
		c.adopt(l, c.Account, e.SID, now)
		return
	case Unknown:
		l.DialUnknown = true
		return
	case Refused, Missing:
		c.raise(l, Over, Failed, now)
	}
	c.DialFailures++
	c.NotBefore = now.Add(e.pause(c.DialFailures))
}

// named reports whether the first callback of a dial came before the answer, which may
// name another connection of it.
func (c *Call) named(l *Leg, e Result, now time.Time) bool {
	if l.SID != "" && e.SID != "" {
		c.legMoved(LegMoved{Leg: l.ID, Account: l.Account, SID: e.SID, Status: Dialled, Seq: -1}, now)
	}
	return l.SID != ""
}

// findResult: a dial whose answer was lost is found, or proven absent by two
// looks; only then may it be repeated.
func (c *Call) findResult(l *Leg, e Result, now time.Time) {
	if e.Verdict != Done || c.named(l, e, now) {
		return
	}
	if e.SID != "" {
		c.adopt(l, c.Account, e.SID, now)
		return
	}
	l.Looks++
	if l.Looks < 2 {
		c.Doing = append(c.Doing, Doing{Key: dialKey(l), Kind: Find, Attempt: e.Attempt, NotBefore: now.Add(FindPause)})
		return
	}
	l.DialUnknown, l.Looks = false, 0
}

// looked takes what the carrier showed. A leg that moved since the look began
// keeps what it has heard meanwhile, unless it is over: nothing comes after that, and
// what it has heard was late.
func (c *Call) looked(e Result, now time.Time) {
	if e.Verdict != Done {
		return
	}
	c.Doubt, c.SeenAt = false, now
	if !now.Before(c.LookAgain) {
		c.LookAgain = time.Time{}
	}
	moved := map[LegID]bool{}
	for i := range c.Legs {
		moved[c.Legs[i].ID] = c.Legs[i].Moves != c.Legs[i].LookedAt
	}
	for _, s := range e.Seen {
		l := c.Leg(s.Leg)
		if l == nil || l.Status == Over || l.SID == "" || l.Moves != l.LookedAt && s.Status != Over {
			continue
		}
		c.saw(l, s, now)
	}
	c.Doing = slices.DeleteFunc(c.Doing, func(d Doing) bool { return d.late() && !now.Before(d.NotBefore) })
	// Whatever was uncertain is now seen; what is still on its way to the carrier
	// is seen by a second look.
	for i := range c.Doing {
		d := &c.Doing[i]
		if d.Running || !d.Unknown || d.Kind == Dial || d.Kind == Find || d.Kind == Collect || d.Kind.Records() || moved[legOf(d.Key)] {
			continue
		}
		d.Unknown = false
		c.LookAgain = now.Add(SecondLook)
	}
}

// saw takes what the carrier showed of one leg.
func (c *Call) saw(l *Leg, s Seen, now time.Time) {
	if !s.Found {
		c.raise(l, Over, Completed, now)
		return
	}
	c.raise(l, s.Status, s.Outcome, now)
	switch {
	case l.Status == Over:
	case s.RoomSID == "":
		l.leaveRoom(now)
	default:
		if s.RoomSID != l.RoomSID {
			c.newRoom(l, s.RoomSID)
		}
		c.OldRooms = slices.DeleteFunc(c.OldRooms, func(r string) bool { return r == s.RoomSID })
		c.enterRoom(l, s.RoomSID, now)
		l.Held, l.Muted, l.Elsewhere = s.Held, s.Muted, false
		l.HoldSure = s.Held && !c.running(placeKey(l))
		c.sawVoice(l, s.Coaches)
		if s.Begun && (l.Role == Customer || !c.CustomerLeg().InRoom) {
			// An agent may have come and gone while nobody told us.
			c.Begun = s.RoomSID
		}
	}
}

// endLeases: whoever was to answer for what was sent before that time is no more.
func (c *Call) endLeases(before, now time.Time) {
	for i := range c.Doing {
		if d := &c.Doing[i]; d.Running && d.Until.Before(before.Add(Lease)) {
			d.Until = now
		}
	}
}

// expireLeases: nobody answers any more for what was sent so long ago. A dial
// among it may be ringing somewhere. No lease and no pause is longer than it can
// be: the clock was set back since, and nothing is to wait for that.
func (c *Call) expireLeases(now time.Time) {
	if c.SeenAt.After(now) {
		c.SeenAt = now
	}
	if c.LookAgain.After(now.Add(SecondLook)) {
		c.LookAgain = now
	}
	if c.NotBefore.After(now.Add(RetryMost)) {
		c.NotBefore = now
	}
	for i := range c.Passes {
		if p := &c.Passes[i]; p.Until.After(now.Add(PassTime)) {
			p.Until = now.Add(PassTime)
		}
	}
	for i := range c.Doing {
		d := &c.Doing[i]
		if d.Until.After(now.Add(Lease)) {
			d.Until = now.Add(Lease)
		}
		if d.NotBefore.After(now.Add(RetryMost)) {
			d.NotBefore = now
		}
		if !d.Running || d.busy(now) {
			continue
		}
		d.Running, d.Unknown = false, true
		l := c.Leg(legOf(d.Key))
		if l != nil && d.Kind == Dial && l.SID == "" && l.Status == Planned {
			l.DialUnknown = true
		}
		if d.Kind == Unhold {
			c.mayComeLate(l, now)
		}
		if d.Kind.Records() {
			c.recordingUnknown(d, now)
		}
	}
}

func (c *Call) forget(key string) {
	c.Doing = slices.DeleteFunc(c.Doing, func(d Doing) bool { return d.Key == key })
}

// forgetDone drops actions for legs that have ended: there is nothing left to
// ask for them.
func (c *Call) forgetDone() {
	c.Doing = slices.DeleteFunc(c.Doing, func(d Doing) bool {
		l := c.Leg(legOf(d.Key))
		if l != nil && l.Status == Over && d.Kind == StartRecording {
			c.Recorder.openReel(l.ID).Unsure = 1 // it may have begun before the end
		}
		return l != nil && l.Status == Over && (d.Kind != Collect || !c.taped(l) && !c.owesTracks(l))
	})
}

// legOf is the leg in an action's key.
func legOf(key string) LegID {
	for i := range key {
		if key[i] == ':' {
			return LegID(key[i+1:])
		}
	}
	return ""
}

// backOff is the pause after the n-th failed attempt.
func backOff(n int) time.Duration {
	d := retryFirst
	for ; n > 1 && d < retryMost; n-- {
		d *= 2
	}
	return min(d, retryMost)
}
