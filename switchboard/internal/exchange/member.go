package exchange

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"warmdesk/switchboard/internal/script"
	"warmdesk/twiml"
)

// member is a call's place in a room. Run's goroutine owns it.
type member struct {
	c *call
	r *room

	label                   string
	coached                 *call // who alone hears it; nil: it does not coach
	muted, hold             bool
	startOnEnter, endOnExit bool
	star                    bool // "*" leaves
	created, updated        time.Time

	ear        *player // what it hears while it waits or is held
	waitOwn    bool    // waitTarget is meant, even if empty; else the platform's music
	waitTarget Target
	limit      *time.Timer
}

// defaultCapacity is Twilio's maxParticipants.
const defaultCapacity = 250

// enter performs <Dial><Conference>.
func (c *call) enter(d twiml.Dial) {
	c.dialing = true
	if err := c.takeSeat(d); err != nil {
		c.x.log.Warn("conference not entered", "call", c.rec.SID, "error", err)
		c.dialing = false
		c.main.dialEnded(script.DialFailed)
	}
}

// takeSeat puts the call into its room. Its errors say why it is not let in.
func (c *call) takeSeat(d twiml.Dial) error {
	conf := d.Conference
	if conf == nil {
		return fmt.Errorf("<Dial> names no conference")
	}
	waitURL, waitMethod, own, err := c.main.prog.WaitDocument(conf)
	if err != nil {
		return fmt.Errorf("13233: %w", err)
	}
	hookURL, hookMethod, err := c.main.prog.Callback(conf)
	if err != nil {
		return fmt.Errorf("status callback: %w", err)
	}
	coached, err := c.x.admits(conf)
	if err != nil {
		return err
	}
	r := c.x.findRoom(conf.Name, roomHook{Target{hookURL, hookMethod}, conf.StatusCallbackEvents})
	now := time.Now()
	m := &member{
		c: c, r: r, label: conf.Label, muted: conf.Muted, coached: coached,
		startOnEnter: conf.StartOnEnter == nil || *conf.StartOnEnter, endOnExit: conf.EndOnExit,
		star: d.HangupOnStar, created: now, updated: now,
		waitOwn: own, waitTarget: Target{waitURL, waitMethod},
	}
	limit := d.TimeLimit
	if limit == 0 {
		limit = defaultTimeLimit
	}
	m.limit = c.x.after(limit, func() {
		if c.seat == m {
			c.fallOut(leftHungUp, false)
		}
	})
	if c.into != nil {
		c.into.arrived()
	}
	c.main.heard()
	r.join(m)
	return nil
}

// admits checks what a conference refuses a participant for, and finds whom the
// participant coaches: nil for one who does not.
func (x *Exchange) admits(conf *twiml.Conference) (coached *call, err error) {
	r := x.rooms[conf.Name]
	if r != nil {
		err = r.admits(conf)
	}
	if err == nil && conf.Coach != "" {
		if coached = r.seated(conf.Coach); coached == nil {
			err = fmt.Errorf("13240: call %q, which is to be coached, is not in the conference", conf.Coach)
		}
	}
	return coached, err
}

// seated finds a call in the room; nil: it is not there. r may be nil.
func (r *room) seated(sid string) *call {
	if r == nil {
		return nil
	}
	i := slices.IndexFunc(r.members, func(m *member) bool { return m.c.rec.SID == sid })
	if i < 0 {
		return nil
	}
	return r.members[i].c
}

// admits checks whether there is room for a participant, and its label is free.
func (r *room) admits(conf *twiml.Conference) error {
	capacity := conf.MaxParticipants
	if capacity == 0 {
		capacity = defaultCapacity
	}
	if len(r.members) >= capacity {
		return fmt.Errorf("conference %q is full", conf.Name)
	}
	if conf.Label != "" && slices.ContainsFunc(r.members, func(m *member) bool { return m.label == conf.Label }) {
		return fmt.Errorf("16025: participant label %q is in use", conf.Label)
	}
	return nil
}

// leaveRoom takes the call out of its room, if it is in one.
func (c *call) leaveRoom(reason, callStatus string, kicked bool) {
	c.dialing = false
	if m := c.seat; m != nil {
		m.r.remove(m, reason, callStatus, kicked)
	}
}

// fallOut takes the call out of its room and on in its document.
func (c *call) fallOut(reason string, kicked bool) {
	m := c.seat
	m.r.remove(m, reason, c.rec.Status, kicked)
	c.dialEnded()
}

// dialEnded goes on behind the <Dial> of a conference that the call was in.
func (c *call) dialEnded() {
	if c.dialing && !c.over {
		c.dialing = false
		c.main.dialEnded(script.DialAnswered)
	}
}

func (p *player) dialEnded(status string) {
	if !p.over {
		p.turn++
		p.prog.DialEnded(p, status)
	}
}

// detach takes the member's line out of the room's sound.
func (m *member) detach() {
	m.limit = stopTimer(m.limit)
	m.ear.stop()
	line := m.c.line
	line.Leave()
	line.Hold(false)
	line.Mute(false)
	line.Coach(nil)
	m.c.seat = nil
}

// wait plays the member's wait document until the conference starts.
func (m *member) wait() {
	m.ear.stop()
	m.ear = newPlayer(m.c, m.r)
	switch {
	case !m.waitOwn:
		m.ear.music()
	case m.waitTarget.URL != "":
		m.ear.Fetch(m.waitTarget.URL, m.waitTarget.Method, nil)
	}
}

// mix puts the member's line among the others; one that is held goes on hearing
// what it hears.
func (m *member) mix() {
	m.c.line.Join(m.r.rec.SID)
	if !m.hold {
		m.ear.stop()
	}
}

// setHold holds the member, plays something else to one that is held, or takes
// it back. An empty target is the platform's music.
func (m *member) setHold(on bool, target Target) {
	if !on && !m.hold {
		return
	}
	changed := on != m.hold
	m.hold, m.updated = on, time.Now()
	m.c.line.Hold(on)
	m.ear.stop()
	switch {
	case on && target.URL == "":
		m.ear = newPlayer(m.c, m.r)
		m.ear.music()
	case on:
		if target.Method == "" {
			target.Method = http.MethodGet
		}
		m.ear = newPlayer(m.c, m.r)
		m.ear.Fetch(target.URL, target.Method, nil)
	case !m.r.started():
		m.wait()
	}
	if changed && on {
		m.r.memberEvent("hold", "participant-hold", m, nil)
	} else if changed {
		m.r.memberEvent("hold", "participant-unhold", m, nil)
	}
}

func (m *member) setMuted(on bool) {
	if on == m.muted {
		return
	}
	m.muted, m.updated = on, time.Now()
	m.c.line.Mute(on)
	name := "participant-unmute"
	if on {
		name = "participant-mute"
	}
	m.r.memberEvent("mute", name, m, nil)
}

// setCoached lets nobody but that call hear the member; nil: everybody does.
func (m *member) setCoached(other *call) {
	if other == m.coached {
		return
	}
	m.coached, m.updated = other, time.Now()
	m.coach()
	m.r.memberEvent("modify", "participant-modify", m, nil)
}

// coach has the room's sound follow whom the member coaches.
func (m *member) coach() {
	if m.coached == nil {
		m.c.line.Coach(nil)
		return
	}
	m.c.line.Coach(m.coached.port)
}

// setEndOnExit has no effect while the member is held, as on Twilio.
func (m *member) setEndOnExit(on bool) {
	if m.hold || on == m.endOnExit {
		return
	}
	m.endOnExit, m.updated = on, time.Now()
	m.r.memberEvent("modify", "participant-modify", m, nil)
}
