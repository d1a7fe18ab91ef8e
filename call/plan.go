package call

import (
	"slices"
	"time"
)

// Wanted is what a leg is to be, as far as the carrier is concerned.
type Wanted string

// What a leg can be wanted to be.
const (
	Gone   Wanted = "gone"
	Rung   Wanted = "rung"
	InRoom Wanted = "room"  // in the room, hearing and heard
	OnHold Wanted = "hold"  // hearing music, heard by nobody
	Apart  Wanted = "apart" // outside the room, spoken to by us
)

// wanted is the desired state of one leg, from the intent alone.
func (c *Call) wanted(l *Leg) Wanted {
	switch {
	case c.Stage == Ending || c.Stage == Ended || l.Release != Kept:
		return Gone
	case l.Role != Customer && l.Status < Answered:
		return Rung
	case l.Role == Supervisor:
		return InRoom
	case l.Role == Agent && c.scene() == Swapped && l.Agent == c.Target:
		return OnHold
	case l.Role == Agent:
		return InRoom
	case l != c.CustomerLeg():
		return Gone
	}
	switch c.Stage {
	case Talking, Inviting, Together, HandingOver:
		return InRoom
	case Swapped:
		if !c.suspected(c.Owner) {
			return InRoom
		}
	case Choosing, Recording, Parting:
		return Apart
	}
	if c.discreet() {
		return OnHold
	}
	// Waiting. In a room where no agent has been yet the wait document plays by
	// itself; in any other the customer has to be held to hear music.
	if c.Begun != "" && c.Begun == l.RoomSID {
		return OnHold
	}
	return InRoom
}

// ActionKind is something to ask of the carrier.
type ActionKind string

// The actions. All may be repeated for a leg without harm, Dial only after a
// Find in vain.
const (
	Dial   ActionKind = "dial"   // ring an agent
	Find   ActionKind = "find"   // is there a leg of a dial whose answer was lost?
	Hang   ActionKind = "hang"   // cancel or complete the leg
	Hold   ActionKind = "hold"   // music, apart from the room
	Unhold ActionKind = "unhold" // back into the conversation
	Enter  ActionKind = "enter"  // redirect a stray leg into the room
	Look   ActionKind = "look"   // compare the whole call with the carrier's truth
	// Collect asks what messages a leg has left that is over.
	Collect ActionKind = "collect"
)

// Action is one thing to do.
type Action struct {
	Kind    ActionKind
	Leg     LegID // empty for Look
	Key     string
	Attempt int // from 1
}

// Doing is an action under way, or one that waits for its next attempt. It is
// stored with the call, so that a crash forgets nothing.
type Doing struct {
	Key       string
	Kind      ActionKind
	Attempt   int
	Running   bool
	Until     time.Time // while running: the lease; nobody answers for it afterwards
	NotBefore time.Time // while waiting: when it may be tried again
	// Unknown: the last attempt may or may not have happened.
	Unknown bool
	// Void: the leg has asked what to do since, so that the answer, which may be of
	// before or after, does not tell how it is.
	Void bool
}

// Lease is how long an action may take before it counts as unanswered: REST
// time-out (3 s) and some slack.
const Lease = 5 * time.Second

// Retry times: 0.5 s doubling to 10 s.
const (
	retryFirst = 500 * time.Millisecond
	retryMost  = 10 * time.Second
)

func dialKey(l *Leg) string { return "dial:" + string(l.ID) }
func hangKey(l *Leg) string { return "hang:" + string(l.ID) }

// placeKey is one key for hold, unhold and enter: they contradict each other
// and so are never under way together.
func placeKey(l *Leg) string { return "place:" + string(l.ID) }

const lookKey = "look"

// FindPause lies between the two looks for a dial whose answer was lost.
const FindPause = 2 * time.Second

// Plan names what must be asked of the carrier now: the difference between what
// is wanted and what is observed, less what is under way or waits for its next
// attempt.
func Plan(c Call, now time.Time) []Action {
	if c.Stage == Ended {
		return nil
	}
	var plan []Action
	add := func(kind ActionKind, leg LegID, key string) {
		d := c.doing(key)
		if d != nil && d.Kind != kind && kind != Find {
			d = nil // the opposite has not been tried yet, and so waits for nothing
		}
		if d != nil && (d.busy(now) || now.Before(d.NotBefore)) {
			return
		}
		attempt := 1
		if d != nil {
			attempt = d.Attempt + 1
		}
		plan = append(plan, Action{Kind: kind, Leg: leg, Key: key, Attempt: attempt})
	}
	late := c.lateUntil()
	look := c.Doubt || !late.IsZero() && !now.Before(late) || !c.LookAgain.IsZero() && !now.Before(c.LookAgain)
	for i := range c.Legs {
		l := &c.Legs[i]
		if c.collects(l, now) {
			add(Collect, l.ID, collectKey(l))
		}
		if l.Status == Over {
			continue
		}
		look = look || c.doubtful(l, now)
		if kind, key := c.recordStep(l, now); kind != "" {
			add(kind, l.ID, key)
		}
		kind, key := c.difference(l, now)
		if d := c.doing(placeKey(l)); d != nil && kind != Hang && kind != d.Kind && d.uncertain() {
			// Nothing else is asked for a leg before it is seen whether the action
			// of unknown outcome has happened.
			look = look || !d.busy(now)
			continue
		}
		if kind != "" {
			add(kind, l.ID, key)
		}
	}
	if look {
		add(Look, "", lookKey)
	}
	return plan
}

// difference is what one leg lacks: an action and its key, or nothing.
func (c *Call) difference(l *Leg, now time.Time) (ActionKind, string) {
	want := c.wanted(l)
	switch {
	case l.Status == Planned:
		switch {
		case l.DialUnknown:
			return Find, dialKey(l)
		case want == Rung && !c.lingers(l) && c.mayRing():
			return Dial, dialKey(l)
		}
	case want == Gone:
		return Hang, hangKey(l)
	case !l.AstrayAt.IsZero():
		if c.fetchable(l, now) {
			return Enter, placeKey(l)
		}
	case l.Role == Supervisor && l.InRoom && !l.Held:
		return c.voice(l), placeKey(l)
	case want == InRoom && l.InRoom && l.Held && (l.Role != Customer || c.accompanied(l)) && c.admits(l):
		return c.place(l, Unhold, now), placeKey(l)
	case want == OnHold && l.InRoom && !c.onHold(l), want == InRoom && !l.Held && c.forsaken(l, now):
		return c.place(l, Hold, now), placeKey(l)
	case want == Apart && l.Told != c.saying(l) && (l.InRoom || l.Told != "" || l.Parked || c.strayed(l, now)):
		return Enter, placeKey(l)
	case (want == InRoom || want == OnHold) && l.Told != "":
		return Enter, placeKey(l)
	case want == InRoom && !l.InRoom && l.Parked && c.admits(l):
		return Enter, placeKey(l)
	case (want == InRoom || want == OnHold) && !l.InRoom && !l.Parked && c.strayed(l, now):
		return Enter, placeKey(l)
	}
	return "", ""
}

// musicPause is how long a leg that came in is left there before it is sent in afresh
// for music that it cannot be held for.
const musicPause = time.Second

// place is how a leg gets on hold or back: where the carrier would not have it,
// by sending the leg into the room afresh, from time to time. Who needs music gets
// it sooner.
func (c *Call) place(l *Leg, kind ActionKind, now time.Time) ActionKind {
	switch {
	case c.NoHold == "" || c.NoHold != l.RoomSID:
		return kind
	case c.strayed(l, now), kind == Hold && !now.Before(l.OutSince.Add(musicPause)):
		return Enter
	}
	return ""
}

// lingers reports whether the agent of a leg still has an older one on this call:
// it is completed first, because a browser takes one call at a time.
func (c *Call) lingers(rejoin *Leg) bool {
	return (rejoin.Purpose == Rejoin || rejoin.Purpose == Again || rejoin.Purpose == Watching) && slices.ContainsFunc(c.Legs, func(o Leg) bool {
		return o.ID != rejoin.ID && o.Role != Customer && o.Agent == rejoin.Agent && o.SID != "" && o.alive()
	})
}

// accompanied reports whether somebody else is in the room to be heard: a
// customer on hold is brought back only to company.
func (c *Call) accompanied(l *Leg) bool {
	for i := range c.Legs {
		if o := &c.Legs[i]; o.ID != l.ID && o.Role != Supervisor && o.InRoom && o.RoomSID == l.RoomSID && c.wanted(o) == InRoom {
			return true
		}
	}
	return false
}

// forsaken reports whether the customer has been in a room without anybody to be
// heard for a moment, though somebody is on the way in: music until then.
func (c *Call) forsaken(l *Leg, now time.Time) bool {
	if l.Role != Customer || !l.InRoom || c.Begun != l.RoomSID || c.accompanied(l) {
		return false
	}
	since := l.OutSince
	for i := range c.Legs {
		if o := &c.Legs[i]; o.Role == Agent && o.OutSince.After(since) {
			since = o.OutSince
		}
	}
	return !now.Before(since.Add(AloneTime))
}

// strayed reports whether an answered leg has lacked what it is owed for so long
// that it must be sent into the room afresh.
func (c *Call) strayed(l *Leg, now time.Time) bool {
	return l.Status == Answered && !now.Before(l.OutSince.Add(OwedTime))
}

// doubtful reports whether the carrier should be asked about a leg outside the
// room: once, half-way to its being sent in afresh; or about one in another room.
func (c *Call) doubtful(l *Leg, now time.Time) bool {
	if !l.AstrayAt.IsZero() && !c.surely(l, now) {
		return true
	}
	half := l.OutSince.Add(OwedTime / 2)
	return l.Status == Answered && l.Release == Kept && !l.InRoom && !l.Parked && l.Told == "" && c.Stage != Ending &&
		!now.Before(half) && c.SeenAt.Before(half)
}

func (c *Call) doing(key string) *Doing {
	for i := range c.Doing {
		if c.Doing[i].Key == key {
			return &c.Doing[i]
		}
	}
	return nil
}

// busy: sent, and the answer may still come.
func (d *Doing) busy(now time.Time) bool { return d.Running && now.Before(d.Until) }

// uncertain: it may have happened.
func (d *Doing) uncertain() bool { return d.Unknown || d.Running }

// awaited: its result is still of interest, though the lease may have run out.
func (d *Doing) awaited() bool { return d.Running || d.Unknown && d.NotBefore.IsZero() }

func (c *Call) running(key string) bool {
	d := c.doing(key)
	return d != nil && d.Running
}

// Begin notes that actions are under way. It is saved in the transaction that
// decided them, before any of them is carried out.
func Begin(c Call, actions []Action, now time.Time) Call {
	if len(actions) == 0 {
		return c
	}
	n := c.clone()
	n.News = c.News
	for _, a := range actions {
		d := Doing{Key: a.Key, Kind: a.Kind, Attempt: a.Attempt, Running: true, Until: now.Add(Lease)}
		if old := n.doing(a.Key); old != nil {
			// An attempt that may have happened is not undone by the next one's failing.
			d.Unknown = old.Unknown && old.Kind == a.Kind && a.Kind.heard() && a.Kind != Hang
			*old = d
		} else {
			n.Doing = append(n.Doing, d)
		}
		if a.Kind == Look {
			for i := range n.Legs {
				n.Legs[i].LookedAt = n.Legs[i].Moves
			}
		}
	}
	for _, a := range actions {
		n.beginRecording(a, now)
		n.beginVoice(a)
		if l := n.Leg(a.Leg); l != nil && a.Key == placeKey(l) {
			l.Moves++ // a look that goes out now sees it before or after
			if a.Kind == Enter && (l.Parked || l.Told != "" || n.wanted(l) == Apart) {
				l.Parked, l.Told, l.OutSince = false, "", now // on its way
			}
		}
	}
	return n
}

// Wake is when Plan or a deadline will have something to say though nothing
// happens; zero: never. It is always after now: what was due by now has been
// acted on already, save a deadline that nobody kept, which gets a moment.
func Wake(c Call, now time.Time) time.Time {
	var wake time.Time
	at := func(t time.Time) {
		if t.After(now) && (wake.IsZero() || t.Before(wake)) {
			wake = t
		}
	}
	if c.Stage == Ended {
		return wake
	}
	if c.Deadline.IsZero() || c.Deadline.After(now) {
		at(c.Deadline)
	} else {
		at(now.Add(time.Second))
	}
	at(c.LookAgain)
	for _, s := range c.Suspicions {
		at(s.Until)
	}
	if c.InLine() { // routing may offer it then
		at(c.NotBefore)
		if c.Team != "" && !c.Widened {
			at(c.WaitingAt.Add(TeamTime))
		}
		for _, p := range c.Passes {
			at(p.Until)
		}
	}
	for _, d := range c.Doing {
		if d.Running {
			at(d.Until)
		} else {
			at(d.NotBefore)
		}
	}
	for i := range c.Legs {
		l := &c.Legs[i]
		if l.Status == Answered && l.Release == Kept && l.Told == "" && (!l.InRoom || l.RoomSID == c.NoHold) {
			at(l.OutSince.Add(musicPause))
			at(l.OutSince.Add(AloneTime))
			at(l.OutSince.Add(OwedTime / 2))
			at(l.OutSince.Add(OwedTime))
		}
		if l.Role == Supervisor && l.Status < Answered && l.Release == Kept {
			at(l.PlannedAt.Add(WatchTime))
		}
		if !l.AstrayAt.IsZero() {
			at(l.AstrayAt.Add(OwedTime / 2))
			at(l.AstrayAt.Add(OwedTime))
		}
		if l.Agent != "" && l.Agent == c.Missing(now) {
			at(l.OverAt.Add(RejoinPause)) // the desk may try to fetch the owner back
		}
		if l.Status == Over && (c.taped(l) || c.owesTracks(l)) {
			at(l.OverAt.Add(CollectPause))
		}
		if r := c.Recorder.reel(l.ID); r != nil && r.Unsure > 0 && l.Status == Answered {
			at(r.LookAt)
		}
	}
	return wake
}
