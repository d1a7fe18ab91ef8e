package call

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
)

// A lead may be in a call without being one of those it is about: to listen, to
// coach the owner, whom alone the coach's voice reaches, or to join. Such a leg is
// never owner nor target, is company for nobody and ends nothing by leaving. It is in
// the room wherever the owner is, also in a private talk, and so hears what the owner
// hears. It comes in muted, always: what it may say is asked for once it is seen there,
// one step at a time, and the steps that let fewer hear it come first.

// Supervisor is the role of such a leg.
const Supervisor Role = "supervisor"

// Watching is why a supervisor's leg was dialled; the page accepts it by itself.
const Watching Purpose = "watching"

// Supervising is the part of whoever has such a leg.
const Supervising Part = "supervisor"

// The requests of leads.
const (
	Listen   RequestKind = "listen"   // nobody hears them
	Coach    RequestKind = "coach"    // the owner alone hears them
	Join     RequestKind = "join"     // everybody hears them
	Unlisten RequestKind = "unlisten" // out of the call
	// ListenPrivately is Listen, and those on the call are not told: only where the desk
	// is set to it. Any other request of that lead ends the privacy.
	ListenPrivately RequestKind = "listen-privately"
)

// Supervision are all requests of a lead about their own place in a call.
func Supervision() []RequestKind {
	return []RequestKind{Listen, Coach, Join, Unlisten, ListenPrivately}
}

// What is asked of the carrier for a supervisor's voice, each one change of one thing.
const (
	Quiet   ActionKind = "quiet"   // nobody hears the leg
	Speak   ActionKind = "speak"   // whoever it is for hears it
	Guide   ActionKind = "guide"   // it is for the coached leg alone
	Unguide ActionKind = "unguide" // it is for everybody
)

// Mode is who is to hear a supervisor.
type Mode string

// The modes.
const (
	Listening Mode = "listening"
	Coaching  Mode = "coaching"
	Joining   Mode = "joined"
)

// Watch is what is wanted of a supervisor's leg, and what is known of it.
type Watch struct {
	Leg  LegID
	Mode Mode
	// Coach is who is to be coached; only while Coaching.
	Coach LegID
	// Private: those on the call are not told; only while Listening.
	Private bool
	// Heard is the leg that alone hears the supervisor, as the carrier last told us;
	// empty: whoever is in the room. Asked is the one it was last asked for.
	Heard, Asked LegID
}

// WatchTime is how long a supervisor's page may take to accept the line.
const WatchTime = RingTime

// News of supervisors.
const (
	NewsListening NewsKind = "listening"
	NewsCoaching  NewsKind = "coaching"
	NewsJoined    NewsKind = "joined_in"
	NewsUnwatched NewsKind = "stopped_listening"

	NewsListeningPrivately NewsKind = "listening_privately"
	NewsUnwatchedPrivately NewsKind = "stopped_listening_privately"
)

// Secret reports whether an entry is for admins alone: those on the call were not told.
func (k NewsKind) Secret() bool { return k == NewsListeningPrivately || k == NewsUnwatchedPrivately }

func (c *Call) watch(leg LegID) *Watch {
	i := slices.IndexFunc(c.Watches, func(w Watch) bool { return w.Leg == leg })
	if i < 0 {
		return nil
	}
	return &c.Watches[i]
}

// WatchOf is somebody's leg in a call that they supervise, and how; nil: they do not.
func WatchOf(c Call, by agent.ID) (*Leg, Mode) {
	if l, w := c.watchBy(by); l != nil {
		return l, w.Mode
	}
	return nil, ""
}

func (c *Call) watchBy(by agent.ID) (*Leg, *Watch) {
	for i := range c.Watches {
		if l := c.Leg(c.Watches[i].Leg); l.alive() && l.Release == Kept && l.Agent == by {
			return l, &c.Watches[i]
		}
	}
	return nil, nil
}

// watchable reports whether somebody is with the customer, or on the way back.
func (c *Call) watchable() bool {
	switch c.Stage {
	case Talking, Held, Asking, Inviting, Sending, Private, Swapped, Together, HandingOver, Recovering, Awaiting:
		return true
	}
	return false
}

// AllowedLead lists what a lead may ask of the call now: what everybody in their place
// may, and what is for leads alone. private: leads may listen without those on the call
// being told.
func AllowedLead(c Call, by agent.ID, private bool) []RequestKind {
	return append(Allowed(c, by), leadsAlone(&c, by, private)...)
}

func leadsAlone(c *Call, by agent.ID, private bool) []RequestKind {
	var kinds []RequestKind
	_, w := c.watchBy(by)
	away := by != "" && PartOf(*c, by) == Nobody && !slices.ContainsFunc(c.Legs, func(l Leg) bool { return l.Agent == by && l.alive() })
	if w == nil && !away {
		return nil
	}
	owner := c.AgentLeg(c.Owner)
	present := c.watchable() && owner != nil && owner.Status == Answered
	if w != nil || present {
		if w == nil || w.Mode != Listening || w.Private {
			kinds = append(kinds, Listen)
		}
		if w == nil && private {
			kinds = append(kinds, ListenPrivately)
		}
		if present && (w == nil || w.Mode != Coaching || w.Coach != owner.ID) {
			kinds = append(kinds, Coach)
		}
		if w == nil || w.Mode != Joining {
			kinds = append(kinds, Join)
		}
	}
	if w != nil {
		kinds = append(kinds, Unlisten)
	}
	if c.leadTakes() && !slices.Contains(allowedNow(c, by), Take) {
		kinds = append(kinds, Take)
	}
	if away && c.leadSends() {
		kinds = append(kinds, Send)
	}
	return kinds
}

// leadTakes reports whether a lead who is not one of those on the call may have the
// customer: nobody else is being brought in.
func (c *Call) leadTakes() bool {
	return c.Stage == Talking && c.Target == "" || c.Stage == Held || c.adrift()
}

// leadSends reports whether a lead may send the customer to somebody: one who waits,
// is on hold with an owner alone, or has lost the owner.
func (c *Call) leadSends() bool { return c.InLine() || c.Stage == Held || c.adrift() }

// adrift: the owner is lost and nobody else is on the way.
func (c *Call) adrift() bool {
	return c.Stage == Recovering && c.LostIn == "" && c.Former == "" && (c.gone(c.Target) || c.suspected(c.Target))
}

// supervise takes what a lead asks of their own place in the call.
func (c *Call) supervise(r Request, now time.Time) {
	l, w := c.watchBy(r.By)
	if r.Kind == Unlisten {
		l.Release = Dismissed
		c.unwatched(w, News{Other: c.Owner}, now)
		return
	}
	if w == nil {
		l = c.addLeg(Leg{Role: Supervisor, Agent: r.By, Purpose: Watching, Key: r.Key, Account: c.Account, PlannedAt: now})
		c.Watches = append(c.Watches, Watch{Leg: l.ID})
		w = &c.Watches[len(c.Watches)-1]
	}
	n := News{Kind: NewsListening, Agent: r.By, Other: c.Owner}
	w.Mode, w.Coach, w.Private = Listening, "", r.Kind == ListenPrivately
	switch r.Kind {
	case ListenPrivately:
		n.Kind = NewsListeningPrivately
	case Coach:
		w.Mode, w.Coach, n.Kind = Coaching, legID(c.AgentLeg(c.Owner)), NewsCoaching
	case Join:
		w.Mode, n.Kind = Joining, NewsJoined
	}
	c.report(now, n)
}

// unwatched tells that a lead does not supervise the call any more.
func (c *Call) unwatched(w *Watch, n News, now time.Time) {
	n.Kind, n.Agent = NewsUnwatched, c.Leg(w.Leg).Agent
	if w.Private {
		n.Kind = NewsUnwatchedPrivately
	}
	c.report(now, n)
}

// unwatch takes a lead out of the place of a supervisor: another is wanted for them.
func (c *Call) unwatch(by agent.ID) {
	if l, _ := c.watchBy(by); l != nil {
		l.Release = Dismissed
	}
}

// settleWatches lets supervisors go where there is nothing to supervise any more, and
// lets a coach listen whose coached line has ended.
func (c *Call) settleWatches(now time.Time) {
	for i := range c.Watches {
		w, l := &c.Watches[i], c.Leg(c.Watches[i].Leg)
		switch {
		case !l.alive() && l.Release == Kept:
			c.unwatched(w, News{Other: c.Owner}, now)
		case !l.alive() || l.Release != Kept:
		case !c.watchable():
			l.Release = Dismissed
			c.unwatched(w, News{}, now)
		case l.Status < Answered && !now.Before(l.PlannedAt.Add(WatchTime)):
			l.Release = Dropped
			c.unwatched(w, News{Outcome: NoAnswer}, now)
		case l.Status == Answered && !l.InRoom && w.Mode != Joining && c.maySpeak(l):
			// It would come back for all to hear, should that come true only then.
			l.Release = Dropped
			c.unwatched(w, News{Other: c.Owner}, now)
		}
		if w.Mode == Coaching && !c.coachable(w) {
			w.Mode, w.Coach = Listening, ""
			if l.alive() && l.Release == Kept {
				c.report(now, News{Kind: NewsListening, Agent: l.Agent, Other: c.Owner})
			}
		}
		if !l.InRoom {
			w.Heard = ""
		}
	}
	c.forgetUndialled(now)
	c.Watches = slices.DeleteFunc(c.Watches, func(w Watch) bool { return !c.Leg(w.Leg).alive() })
	if len(c.Watches) == 0 {
		c.Watches = nil
	}
}

// watchedIn reports whether a supervisor's leg is in a leg's room: nobody hears it, and
// it keeps the conference begun all the same, so that there is no music for who is alone.
func (c *Call) watchedIn(l *Leg) bool {
	return slices.ContainsFunc(c.Legs, func(o Leg) bool {
		return o.Role == Supervisor && o.ID != l.ID && o.InRoom && o.RoomSID == l.RoomSID
	})
}

// coachable reports whether there is still somebody to be coached.
func (c *Call) coachable(w *Watch) bool {
	l := c.Leg(w.Coach)
	return l.alive() && l.Release == Kept
}

// voice is the next step to what is wanted of a supervisor's voice; empty: nothing is
// missing. Nobody is coached who is not there to hear it.
func (c *Call) voice(l *Leg) ActionKind {
	w := c.watch(l.ID)
	if w == nil {
		return ""
	}
	speaks := w.Mode == Joining || w.Mode == Coaching && c.Leg(w.Coach).in()
	switch {
	case !l.Muted && (!speaks || w.Heard != w.Coach && w.Coach != ""):
		return Quiet
	case w.Heard != w.Coach && w.Coach == "":
		return Unguide
	case w.Heard != w.Coach && speaks:
		return Guide
	case speaks && l.Muted:
		return Speak
	}
	return ""
}

// muted reports whether it is certain that nobody hears a leg: what was asked for last
// may have come true unheard of.
func (c *Call) muted(l *Leg) bool { return l.Muted && !c.maySpeak(l) }

// maySpeak reports whether a leg's voice was asked for and may yet come.
func (c *Call) maySpeak(l *Leg) bool {
	d := c.doing(placeKey(l))
	return d != nil && d.Kind == Speak && d.uncertain()
}

// beginVoice notes whom a supervisor's voice is asked for.
func (c *Call) beginVoice(a Action) {
	if w := c.watch(a.Leg); w != nil && a.Kind == Guide {
		w.Asked = w.Coach
	}
}

// GuideTo is the carrier's id of the leg that an action Guide names.
func GuideTo(c Call, leg LegID) string {
	if w := c.watch(leg); w != nil {
		if l := c.Leg(w.Asked); l != nil {
			return l.SID
		}
	}
	return ""
}

// voiceResult takes what came of a change of a supervisor's voice.
func (c *Call) voiceResult(l *Leg, kind ActionKind, v Verdict) {
	w := c.watch(l.ID)
	switch {
	case v == Missing:
		c.Doubt = true
	case v != Done || w == nil || !l.InRoom:
	case kind == Quiet || kind == Speak:
		l.Muted = kind == Quiet
	case kind == Guide:
		w.Heard = w.Asked
	default:
		w.Heard = ""
	}
}

// sawVoice takes whom the carrier shows to be coached by a leg: its id, or nobody.
func (c *Call) sawVoice(l *Leg, coaches string) {
	if w := c.watch(l.ID); w != nil {
		w.Heard = ""
		if coaches != "" {
			w.Heard = l.ID // whoever it is, it is not who was wanted
			if o := c.LegBySID(coaches); o != nil {
				w.Heard = o.ID
			}
		}
	}
}

// reaches reports whether the voice of a leg in the room is for another one.
func (c *Call) reaches(from, to *Leg) bool {
	if from.Role != Supervisor {
		return true
	}
	w := c.watch(from.ID)
	return w != nil && !from.Muted && (w.Heard == "" || w.Heard == to.ID)
}

// watchers are those who supervise the call, in order of coming.
func (c *Call) watchers(mode Mode) []agent.ID {
	var ids []agent.ID
	for i := range c.Watches {
		if l := c.Leg(c.Watches[i].Leg); l.alive() && l.Release == Kept && c.Watches[i].Mode == mode {
			ids = append(ids, l.Agent)
		}
	}
	return ids
}

// WatchesFor are those who supervise the call, in order of coming, as one of those on it
// is told, or whoever looks at it from outside (empty).
func WatchesFor(c Call, to agent.ID) []Watch {
	if part := PartOf(c, to); to != "" && part != Owner && part != Targeted && part != Supervising {
		return nil
	}
	var told []Watch
	for _, w := range c.Watches {
		if l := c.Leg(w.Leg); l.alive() && l.Release == Kept && (!w.Private || l.Agent == to) {
			told = append(told, w)
		}
	}
	return told
}

// WatchedText tells one of those on a call, or whoever looks at it from outside (empty),
// who else supervises it; empty: nobody.
func WatchedText(c Call, to agent.ID, names Names) string {
	var words []string
	for _, w := range WatchesFor(c, to) {
		l := c.Leg(w.Leg)
		if l.Agent == to {
			continue
		}
		mia := names(l.Agent)
		switch coached := c.Leg(w.Coach); {
		case w.Mode == Coaching && coached != nil && coached.Agent == to:
			words = append(words, fmt.Sprintf("%s is coaching you: only you hear %s.", mia, mia))
		case w.Mode == Coaching && coached != nil:
			words = append(words, fmt.Sprintf("%s is coaching %s.", mia, names(coached.Agent)))
		case w.Mode == Joining:
			words = append(words, mia+" joined.")
		default:
			words = append(words, mia+" is listening.")
		}
	}
	return strings.Join(words, " ")
}

// watching says to a supervisor whom they hear, and who hears them.
func watching(c Call, to agent.ID, dana string, names Names) string {
	l, w := c.watchBy(to)
	if !l.in() {
		return "Connecting you to the call with " + dana + "..."
	}
	switch {
	case c.accompanied(l) && w.Mode == Coaching && (l.Muted || w.Heard != w.Coach):
		return fmt.Sprintf("%s Nobody hears you yet.", Overview(c, names))
	case c.accompanied(l) && w.Mode == Coaching:
		return fmt.Sprintf("%s Only %s hears you.", Overview(c, names), names(c.Leg(w.Coach).Agent))
	case !c.accompanied(l):
		return Overview(c, names) + " Nobody hears you."
	case w.Mode == Joining && (l.Muted || w.Heard != ""):
		return Overview(c, names) + " Nobody hears you yet."
	case w.Mode == Joining:
		return Overview(c, names) + " Everyone in the conversation hears you."
	case !c.muted(l):
		return Overview(c, names) + " Muting you..."
	case w.Private:
		return Overview(c, names) + " Nobody hears you, and they are not told."
	}
	return Overview(c, names) + " Nobody hears you."
}

// Overview says how a call stands, to somebody who is not one of those it is about.
func Overview(c Call, names Names) string {
	dana, ana, ben := c.CustomerName(), names(c.Owner), names(c.Target)
	switch c.Stage {
	case Offering:
		return fmt.Sprintf("%s hears music. %s is being rung.", dana, ben)
	case Connecting:
		return fmt.Sprintf("%s is coming to %s.", ben, dana)
	case Talking:
		return talking(c, Nobody, dana, names)
	case Held:
		return fmt.Sprintf("%s hears music. %s has the call.", dana, ana)
	case Inviting, Asking, Sending:
		return bringing(c, dana, ana, names)
	case Private:
		return fmt.Sprintf("%s and %s talk privately. %s hears music.", ana, ben, dana)
	case Swapped:
		return fmt.Sprintf("%s and %s talk. %s waits.", ana, dana, ben)
	case Together:
		return fmt.Sprintf("%s, %s and %s hear each other.", dana, ana, ben)
	case HandingOver:
		return fmt.Sprintf("%s is being handed over from %s to %s.", dana, ana, ben)
	case Awaiting:
		return dana + " lost the connection and may be back in a moment."
	}
	return Sentence(c, "", names)
}

// bringing says how a call stands in which somebody is being rung.
func bringing(c Call, dana, ana string, names Names) string {
	ring := "Somebody is being looked for."
	if c.Target != "" {
		ring = names(c.Target) + " is being rung."
	}
	if c.Stage == Inviting {
		return fmt.Sprintf("%s and %s hear each other. %s", ana, dana, ring)
	}
	return fmt.Sprintf("%s hears music. %s", dana, ring)
}
