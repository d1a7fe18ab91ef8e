package console

import (
	"slices"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/outside"
	"warmdesk/say"
	"warmdesk/staff"
)

// Snapshot is everything one agent's page shows, and what the agent may do now.
type Snapshot struct {
	Version        int64          `json:"version"`
	Now            time.Time      `json:"now"`
	Me             Person         `json:"me"`
	Presence       agent.Presence `json:"presence"` // as colleagues see it
	PresenceSince  time.Time      `json:"presenceSince"`
	PresenceReason string         `json:"presenceReason,omitempty"`
	WrapUntil      *time.Time     `json:"wrapUntil,omitempty"`  // the end of the time after a call
	BreakUntil     *time.Time     `json:"breakUntil,omitempty"` // when a break is meant to be over
	WrapCall       string         `json:"wrapCall,omitempty"`   // that call: finish ends it
	Wrap           *WrapView      `json:"wrap,omitempty"`       // and what may be written on it
	Outcomes       []string       `json:"outcomes"`             // to choose from, for what a call came to
	Next           agent.Presence `json:"next,omitempty"`       // wanted after the present call
	Phone          string         `json:"phone,omitempty"`      // the agent's own number, as people read it
	ByPhone        bool           `json:"byPhone,omitempty"`    // calls reach them there
	ScreenPop      *PopView       `json:"screenPop,omitempty"`  // none: no page elsewhere opens with a call
	Outside        *OutsideView   `json:"outside,omitempty"`    // none: no telephone number may be called
	Calls          []CallView     `json:"calls"`
	Queue          []QueueView    `json:"queue"`   // the first queueShown of the line
	Waiting        int            `json:"waiting"` // how many wait in all
	LastEnded      *time.Time     `json:"lastEnded,omitempty"`
	NeedsSomeone   []NeedView     `json:"needsSomeone"`
	Team           []TeamView     `json:"team"`  // the colleagues
	Teams          []GroupView    `json:"teams"` // the teams there are
	Tasks          []TaskView     `json:"tasks"`
	Notices        []NoticeView   `json:"notices"`
	Alarms         []AlarmView    `json:"alarms"` // what is wrong for everybody
}

// queueShown is how much of the line a page is sent. More than that nobody reads,
// and it would be sent to everybody at every change.
const queueShown = 100

// Person is an agent's id, name and teams.
type Person struct {
	ID    agent.ID `json:"id"`
	Name  string   `json:"name"`
	Teams []string `json:"teams,omitempty"`
	// Role is told of oneself only: what a page may draw depends on it.
	Role staff.Role `json:"role,omitempty"`
	// ChangePassword: the desk keeps one of one's own, not the configuration.
	ChangePassword bool `json:"changePassword,omitempty"`
}

// OutsideView is which telephone numbers may be brought in.
type OutsideView struct {
	Allowed string `json:"allowed"`        // "DE, AT, +1555"
	Home    string `json:"home,omitempty"` // the country whose numbers need no +
	// Listed are numbers that are offered by name.
	Listed []ListedView `json:"listed,omitempty"`
}

// ListedView is a number that is offered by name.
type ListedView struct {
	Number string `json:"number"` // as people read it
	Name   string `json:"name"`
}

// outsideView is which numbers may be brought in; nil: none.
func outsideView(r outside.Rules, tell teller) *OutsideView {
	if !r.Any() {
		return nil
	}
	v := &OutsideView{Allowed: tell.of(r.Allowed()), Home: r.Home()}
	for _, l := range r.Listed() {
		v.Listed = append(v.Listed, ListedView{outside.Pretty(l.Number), tell.of(l.Name)})
	}
	return v
}

// GroupView is a team.
type GroupView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Free int    `json:"free"` // members who may be rung now
}

// CallView is a call the agent has a part in.
type CallView struct {
	ID           call.ID            `json:"id"`
	Version      int                `json:"version"` // for If-Match
	Stage        call.Stage         `json:"stage"`
	Since        time.Time          `json:"since"`
	StartedAt    time.Time          `json:"startedAt"`
	WaitingSince time.Time          `json:"waitingSince"`
	Deadline     *time.Time         `json:"deadline"`
	HoldSince    *time.Time         `json:"holdSince,omitempty"` // since when somebody is on hold
	BackAt       *time.Time         `json:"backAt,omitempty"`    // when the owner goes back to the customer by itself
	IfLost       *IfLostView        `json:"ifLost,omitempty"`    // only where the customer depends on this agent
	ToLine       bool               `json:"toLine,omitempty"`    // whom nobody takes is first in line, and does not come back to who sent them
	Role         call.Part          `json:"role"`
	Sentence     string             `json:"sentence"`          // who hears whom
	Watched      string             `json:"watched,omitempty"` // who listens, coaches, joined
	Chip         string             `json:"chip"`
	Customer     CustomerView       `json:"customer"`
	Owner        agent.ID           `json:"owner"`
	Target       agent.ID           `json:"target"`
	From         agent.ID           `json:"from,omitempty"`
	Reason       string             `json:"reason,omitempty"`
	Ring         int                `json:"ring"` // seconds that whoever is brought in rings
	Returned     bool               `json:"returned"`
	Legs         []LegView          `json:"legs"`
	MyLeg        call.LegID         `json:"myLeg"`
	Rejoin       *RejoinView        `json:"rejoin"`
	Allowed      []call.RequestKind `json:"allowed"`
	Inviteable   []agent.ID         `json:"inviteable"`
	Targets      []GroupView        `json:"targets"` // the teams that may be brought in: "to": "team:billing"
	Notice       *NoticeView        `json:"notice"`
	Note         string             `json:"note"`                // shared by the owner and whoever helps
	Topic        string             `json:"topic"`               // why the customer called
	Outcome      string             `json:"outcome,omitempty"`   // what it came to, as somebody said who had the customer
	Recording    *RecordingView     `json:"recording,omitempty"` // only of a call that is to be recorded
}

// RecordingView is how the recording of a call stands.
type RecordingView struct {
	State call.RecordingState `json:"state"`
	Words string              `json:"words"` // for people; empty: nothing to say
	// By is who has paused or stopped it, and Since when; only then.
	By    agent.ID   `json:"by,omitempty"`
	Since *time.Time `json:"since,omitempty"`
}

func recordingView(c call.Call, tell teller) *RecordingView {
	state := call.RecordingOf(c)
	if state == call.NotRecorded {
		return nil
	}
	view := &RecordingView{State: state, Words: tell.of(call.RecordingWords(c))}
	if by, at := call.RecordingBy(c); by != "" {
		view.By, view.Since = by, &at
	}
	return view
}

// LegView is one person on the call.
type LegView struct {
	ID    call.LegID `json:"id"`
	Role  call.Role  `json:"role"`
	Agent agent.ID   `json:"agent,omitempty"`
	Name  string     `json:"name"`
	State string     `json:"state"` // music, held, talking, waiting, ringing, connecting; listening, coaching, joined
	Word  string     `json:"word"`
	Muted bool       `json:"muted"`
	Phone bool       `json:"phone,omitempty"` // a telephone, and no page
	Since time.Time  `json:"since"`
	SID   string     `json:"sid"`
}

// IfLostView is what comes of the customer if this agent's line and page are lost, for
// a page that cannot ask then.
type IfLostView struct {
	Seconds int    `json:"seconds"` // from the last sign of life; then the customer goes on
	To      string `json:"to"`      // the name of who has the customer then; empty: the line
}

// RejoinView is the ring that the agent's page accepts by itself.
type RejoinView struct {
	Leg call.LegID `json:"leg"`
	Key string     `json:"key"`
}

// QueueView is a waiting customer.
type QueueView struct {
	ID       call.ID            `json:"id"`
	Name     string             `json:"name"`
	Number   string             `json:"number"`
	Since    time.Time          `json:"since"`
	Returned bool               `json:"returned"`
	Reason   string             `json:"reason,omitempty"`
	Position int                `json:"position"` // from 1, among those who wait for the same team
	Team     string             `json:"team,omitempty"`
	Allowed  []call.RequestKind `json:"allowed"`
}

// NeedView is a customer on a call who has nobody, or has been on hold for too
// long: whoever is free may take them.
type NeedView struct {
	ID       call.ID            `json:"id"`
	Name     string             `json:"name"`
	Number   string             `json:"number"`
	Sentence string             `json:"sentence"`
	Since    time.Time          `json:"since"`
	Allowed  []call.RequestKind `json:"allowed"`
}

// TeamView is a colleague.
type TeamView struct {
	ID        agent.ID       `json:"id"`
	Name      string         `json:"name"`
	State     agent.Presence `json:"state"`
	Since     time.Time      `json:"since"`
	Word      string         `json:"word"`
	Reachable bool           `json:"reachable"`
	Teams     []string       `json:"teams,omitempty"`
	// BreakUntil is when a break is meant to be over.
	BreakUntil *time.Time `json:"breakUntil,omitempty"`
}

// teamView is a colleague; who is on a call has been so since they answered it.
func teamView(v desk.View, e agent.Entry, tell teller) TeamView {
	t := TeamView{ID: e.ID, Name: v.Name(e.ID), State: e.Seen(), Since: e.Since, Word: tell.of(presenceWord(e, tell)), Reachable: e.Reachable, Teams: e.Teams}
	if since := busySince(v, e); t.State == agent.OnCall && !since.IsZero() {
		t.Since = since
	}
	if t.State == agent.Away && !e.Until.IsZero() {
		t.BreakUntil = &e.Until
	}
	return t
}

// snapshotOf draws the desk's view for one agent.
func snapshotOf(v desk.View, id agent.ID, lang say.Language) Snapshot {
	tell := tellerOf(v, lang)
	me, _ := v.Agent(id)
	s := Snapshot{
		Version: v.Version, Now: v.At, Me: Person{ID: id, Name: v.Name(id), Teams: me.Teams},
		Presence: me.Seen(), PresenceSince: me.Since, PresenceReason: tell.of(tell.why(me.Reason)),
		Calls: []CallView{}, Queue: []QueueView{}, Team: []TeamView{}, Teams: groups(v), Tasks: taskViews(v, id, tell), Notices: []NoticeView{},
	}
	switch {
	case me.Until.IsZero():
	case me.Presence == agent.WrapUp:
		s.WrapUntil = &me.Until
	case me.Presence == agent.Away:
		s.BreakUntil = &me.Until
	}
	s.WrapCall, s.Next, s.Phone, s.ByPhone = me.WrapCall, me.Next, v.Name(agent.ID(me.Phone)), me.RungAt() != ""
	s.Outside = outsideView(v.Outside, tell)
	s.Wrap = wrapView(v, id)
	if !v.LastEnded.IsZero() {
		s.LastEnded = &v.LastEnded
	}
	for _, c := range v.CallsOf(id) {
		if call.PartOf(*c, id) != call.Nobody {
			s.Calls = append(s.Calls, callView(v, *c, id, tell))
		}
	}
	line := v.Waiting()
	s.Waiting = len(line)
	for _, w := range line[:min(len(line), queueShown)] {
		c, _ := v.Call(call.ID(w.Call))
		q := QueueView{
			ID: c.ID, Name: tell.of(tell.customer(&c)), Number: c.Number, Since: c.WaitingAt,
			Returned: w.Returned, Reason: tell.of(call.ReturnedText(c, tell.names)), Position: v.Position(c.ID), Team: w.Team, Allowed: []call.RequestKind{},
		}
		if me.Reachable && !me.Claimed {
			q.Allowed = call.Allowed(c, id)
		}
		s.Queue = append(s.Queue, q)
	}
	s.NeedsSomeone = needViews(v, me, tell)
	for _, e := range v.Roster {
		if e.ID != id {
			s.Team = append(s.Team, teamView(v, e, tell))
		}
	}
	for _, t := range v.Told(id) {
		s.Notices = append(s.Notices, toldView(t, tell))
	}
	return s
}

func groups(v desk.View) []GroupView {
	list := []GroupView{}
	for _, t := range v.Teams {
		list = append(list, GroupView{t.Name, agent.TeamTitle(t.Name), t.Free})
	}
	return list
}

// needViews lists the calls of others that an agent may take.
func needViews(v desk.View, me agent.Entry, tell teller) []NeedView {
	views := []NeedView{}
	for _, c := range v.NeedSomeone() {
		if call.PartOf(*c, me.ID) != call.Nobody {
			continue
		}
		n := NeedView{c.ID, tell.of(tell.customer(c)), c.Number, tell.of(call.NeedSentence(tell.call(*c), tell.names)), call.NeedSince(*c), []call.RequestKind{}}
		if allowed := call.Allowed(*c, me.ID); me.Reachable && !me.Claimed && allowed != nil {
			n.Allowed = allowed
		}
		views = append(views, n)
	}
	return views
}

func callView(v desk.View, c call.Call, id agent.ID, tell teller) CallView {
	said := tell.call(c)
	view := CallView{
		ID: c.ID, Version: c.Generation, Stage: c.Stage, Since: c.Since, StartedAt: c.StartedAt,
		WaitingSince: c.WaitingAt, Role: call.PartOf(c, id),
		Sentence: tell.of(call.Sentence(said, id, tell.names)), Chip: tell.of(call.Chip(said, id, tell.names)),
		Customer: customerView(c), Topic: c.Topic, Outcome: c.Conclusion,
		Owner: c.Owner, Target: c.Target, Reason: c.Asked, Ring: int(c.RingTime().Seconds()), Returned: c.Returned != "",
		Legs: legViews(v, c, id, tell), Allowed: call.Allowed(c, id), Inviteable: []agent.ID{}, Targets: []GroupView{}, Note: call.NoteFor(c, id),
		Recording: recordingView(c, tell),
	}
	view.Watched = tell.of(call.WatchedText(said, id, tell.names))
	if l, _ := call.WatchOf(c, id); l != nil {
		view.Allowed, view.MyLeg = call.AllowedLead(c, id, false), l.ID
		if l.Status < call.Answered {
			view.Rejoin = &RejoinView{l.ID, l.Key}
		}
	}
	if me, _ := v.Agent(id); me.Phone == "" {
		view.Allowed = slices.DeleteFunc(view.Allowed, func(k call.RequestKind) bool { return k == call.CallPhone })
	}
	if view.Allowed == nil {
		view.Allowed = []call.RequestKind{}
	}
	if !c.Deadline.IsZero() && (c.Stage != call.Talking || view.Role == call.Released) {
		view.Deadline = &c.Deadline
	}
	if !c.HoldSince.IsZero() {
		view.HoldSince = &c.HoldSince
	}
	if !c.BackAt.IsZero() {
		view.BackAt = &c.BackAt
	}
	view.ToLine = !call.ComesBack(c)
	if f, ok := call.IfLost(c, id); ok {
		view.IfLost = &IfLostView{Seconds: int(f.After.Seconds())}
		if f.Heir != "" {
			view.IfLost.To = v.Name(f.Heir)
		}
	}
	if view.Role == call.Targeted {
		view.From = call.Asker(c)
	}
	if l := c.AgentLeg(id); l != nil {
		view.MyLeg = l.ID
		if l.Purpose == call.Rejoin && l.Phone == "" && l.Status < call.Answered {
			view.Rejoin = &RejoinView{l.ID, l.Key}
		}
	}
	if c.Notice != nil && c.Owner == id {
		view.Notice = noticeView(c, said, tell)
	}
	// With the target there, a private talk is with them.
	consult := slices.Contains(view.Allowed, call.Consult) && c.Stage != call.Together
	if consult || slices.Contains(view.Allowed, call.Invite) {
		for _, e := range v.Roster {
			e.Claimed = e.Claimed && c.Former != e.ID // by this call, to take it back
			if e.Free() && e.ID != id {
				view.Inviteable = append(view.Inviteable, e.ID)
			}
		}
		for _, g := range groups(v) {
			g.ID = call.Address{Kind: call.ToTeam, Value: g.ID}.String()
			view.Targets = append(view.Targets, g)
		}
	}
	return view
}

// legViews lists the people on the call: the customer first, then the owner, then
// whoever is coming, then who supervises it, as far as it is for somebody to know; legs
// on their way out are not shown.
func legViews(v desk.View, c call.Call, to agent.ID, tell teller) []LegView {
	views := []LegView{}
	show := func(l *call.Leg, name string) {
		if l == nil || l.Status == call.Over {
			return
		}
		state, word, since := legState(c, l)
		views = append(views, LegView{l.ID, l.Role, l.Agent, name, state, tell.of(word), l.Muted || l.SelfMuted, l.Phone != "", since, l.SID})
	}
	show(c.CustomerLeg(), tell.of(tell.customer(&c)))
	show(c.AgentLeg(c.Owner), v.Name(c.Owner))
	if c.Target != c.Owner {
		show(c.AgentLeg(c.Target), v.Name(c.Target))
	}
	for _, w := range call.WatchesFor(c, to) {
		l := c.Leg(w.Leg)
		show(l, v.Name(l.Agent))
		if l.InRoom {
			view := &views[len(views)-1]
			// That the desk has muted them is what listening means.
			view.State, view.Word, view.Muted = string(w.Mode), tell.of(watchWords[w.Mode]), w.Mode != call.Listening && l.SelfMuted
		}
	}
	return views
}

func legState(c call.Call, l *call.Leg) (state, word string, since time.Time) {
	for i := range c.Legs {
		if call.Hears(c, l.ID, c.Legs[i].ID) {
			if l.Muted || l.SelfMuted {
				return "talking", "Muted", l.AnsweredAt
			}
			return "talking", "Talking", l.AnsweredAt
		}
	}
	held := (l.Held || l.Parked) && !c.HoldSince.IsZero()
	switch {
	case l.Role == call.Customer && held:
		return "music", "Listening to music", c.HoldSince
	case l.Role == call.Customer:
		return "music", "Listening to music", c.WaitingAt
	case held:
		return "held", "On hold", c.HoldSince
	case !c.HoldSince.IsZero() && l.InRoom: // the others are on hold, or gone
		return "waiting", "Waiting", c.HoldSince
	case c.Stage == call.Awaiting && l.InRoom:
		return "waiting", "Waiting", c.Since
	case l.Status < call.Ringing:
		return "ringing", "Calling", l.PlannedAt
	case l.Status == call.Ringing:
		return "ringing", "Ringing", l.RangAt
	}
	return "connecting", "Connecting", l.AnsweredAt
}

// watchWords are what those do who supervise a call.
var watchWords = map[call.Mode]string{call.Listening: "Listening", call.Coaching: "Coaching", call.Joining: "Talking"}

// presenceWord is how a colleague's state reads in the list.
func presenceWord(e agent.Entry, tell teller) string {
	switch e.Seen() {
	case agent.Available:
		return "Free"
	case agent.OnCall:
		return "On a call"
	case agent.WrapUp:
		return "Wrap-up"
	case agent.NotReachable:
		return "Not reachable"
	case agent.Away:
		if e.Reason != "" {
			return "Away - " + tell.why(e.Reason) // what is typed has no translation
		}
		return "Away"
	}
	return "Offline"
}
