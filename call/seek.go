package call

import (
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
)

// Whoever brings somebody in names one, a team, or several, who are rung one after
// the other until one comes. The call keeps who is left. Who of them is free is the
// roster's to know: while nobody is being rung the call seeks, and routing answers
// with Sought.

// AddressKind is what an Address names.
type AddressKind string

// The kinds of addresses.
const (
	ToAgent  AddressKind = "agent"
	ToTeam   AddressKind = "team"   // its free members, the longest idle first, each once
	ToNumber AddressKind = "number" // E.164
	ToSIP    AddressKind = "sip"    // cannot be rung yet
)

// Address is somebody who may be brought in.
type Address struct {
	Kind  AddressKind
	Value string
}

// AddressesMost bounds how many may be named one after the other.
const AddressesMost = 10

const (
	teamPrefix = "team:"
	sipPrefix  = "sip:"
)

// ParseAddress reads an address as people and pages write it: agent2, team:billing,
// +4930123456, tel:+4930123456, sip:ana@example.com. A number in the way of a
// country, 030 123456, looks like an agent's id: who knows the agents tells them apart.
func ParseAddress(s string) Address {
	s = strings.TrimPrefix(strings.TrimSpace(s), "tel:")
	if team, ok := strings.CutPrefix(s, teamPrefix); ok {
		return Address{ToTeam, team}
	}
	if uri, ok := strings.CutPrefix(s, sipPrefix); ok {
		return Address{ToSIP, uri}
	}
	if strings.HasPrefix(s, "+") {
		return Address{ToNumber, s}
	}
	return Address{ToAgent, s}
}

// String is the opposite of ParseAddress.
func (a Address) String() string {
	switch a.Kind {
	case ToTeam:
		return teamPrefix + a.Value
	case ToSIP:
		return sipPrefix + a.Value
	}
	return a.Value
}

// title is the address as people read it.
func (a Address) title(names Names) string {
	switch a.Kind {
	case ToAgent, ToNumber:
		return names(agent.ID(a.Value))
	case ToTeam:
		return agent.TeamTitle(a.Value)
	}
	return a.Value
}

// Candidate is somebody who may be rung, and as which of those asked for; the zero
// Candidate is nobody.
type Candidate struct {
	Agent agent.ID
	As    Address
}

// NextOf is who is to be rung of those sought: the first who is free and was not
// rung before. free lists who of an address may be rung now, in the order to ask.
func NextOf(sought []Address, tried []agent.ID, free func(Address) []agent.ID) Candidate {
	for _, a := range sought {
		for _, id := range free(a) {
			if !slices.Contains(tried, id) {
				return Candidate{id, a}
			}
		}
	}
	return Candidate{}
}

// Seeks reports whether somebody is to be rung and nobody is: routing says who.
func (c *Call) Seeks() bool {
	return c.Target == "" && len(c.Seeking) > 0 && seekingStage(c.Stage)
}

func seekingStage(s Stage) bool { return s == Asking || s == Inviting || s == Sending }

// aim begins a search with the first to be rung.
func (c *Call) aim(r Request, now time.Time) {
	c.Asked, c.AskedBy, c.Seeking, c.Tried = r.Reason, r.By, slices.Clone(r.Sought), nil
	as := r.As
	if len(c.Seeking) == 0 {
		as = Address{ToAgent, string(r.To)}
		c.Seeking = []Address{as}
	}
	c.ring(Candidate{r.To, as}, r.Phone, r.By, now)
}

// ring has a candidate's phone rung. Those named before were not free; a team stays
// among those sought, because it may have more members.
func (c *Call) ring(next Candidate, phone string, by agent.ID, now time.Time) {
	for len(c.Seeking) > 0 && c.Seeking[0] != next.As {
		c.passOver(by, now)
	}
	c.unwatch(next.Agent)
	if next.As.Kind != ToTeam {
		c.dropFirst()
	}
	c.Tried = append(c.Tried, next.Agent)
	c.Target = next.Agent
	c.addLeg(Leg{Role: Agent, Agent: next.Agent, Purpose: Target, Phone: phoneFor(next.Agent, phone), Account: c.Account, PlannedAt: now})
}

// passOver goes on to the next of those sought, because the first is not free.
func (c *Call) passOver(by agent.ID, now time.Time) {
	a := c.Seeking[0]
	c.dropFirst()
	id := agent.ID(a.Value)
	switch {
	case a.Kind == ToTeam:
		c.Notice = &Notice{Kind: NotFreeNow, Team: a.Value, At: now}
		c.report(now, News{Kind: NewsNotFree, Other: by, Why: "nobody in " + agent.TeamTitle(a.Value) + " could come"})
	case !slices.Contains(c.Tried, id): // else rung already, as one of a team
		c.Notice = &Notice{Kind: NotFreeNow, Agent: id, At: now}
		c.report(now, News{Kind: NewsNotFree, Agent: id, Other: by})
	}
}

func (c *Call) dropFirst() {
	c.Seeking = c.Seeking[1:]
	if len(c.Seeking) == 0 {
		c.Seeking = nil
	}
}

// seekNext goes on to the next of those sought, where there are any: the target did
// not come.
func (c *Call) seekNext(now time.Time) bool {
	if len(c.Seeking) == 0 {
		return false
	}
	c.release(c.Target, Dropped)
	c.Target, c.Deadline = "", now.Add(SeekTime)
	c.Generation++
	return true
}

// sought is routing's answer.
func (c *Call) sought(e Sought, now time.Time) {
	switch {
	case !c.Seeks():
	case e.Agent == "":
		c.foundNobody(now)
	case slices.Contains(c.Seeking, e.As) && !slices.Contains(c.Tried, e.Agent) && e.Agent != c.Owner:
		by := Asker(*c)
		c.ring(e.Candidate, e.Phone, by, now)
		c.Deadline = now.Add(c.targetDialTime())
		c.Generation++
		c.report(now, News{Kind: c.ringNews(), Agent: e.Agent, Other: by})
	}
}

// ringNews tells of a target's ring as the stage does.
func (c *Call) ringNews() NewsKind {
	switch c.Stage {
	case Asking:
		return NewsConsulting
	case Sending:
		return NewsSent
	}
	return NewsInvited
}

// foundNobody ends a search: nobody is left who could be rung.
func (c *Call) foundNobody(now time.Time) {
	for len(c.Seeking) > 0 {
		c.passOver(Asker(*c), now)
	}
	if c.Stage == Sending {
		c.report(now, News{Kind: NewsNotTaken, Other: c.Former})
		c.comeHome(whyNotTaken, now)
		return
	}
	c.withoutTarget(now)
}

// refuseSought refuses addresses that cannot be rung at all.
func (c *Call) refuseSought(r Request) *RefusedError {
	if len(r.Sought) > AddressesMost {
		return &RefusedError{Code: BadRequest, Message: "At most 10 can be asked one after the other. Nothing has changed."}
	}
	for _, a := range r.Sought {
		switch {
		case a.Kind == ToSIP:
			return &RefusedError{Code: NotAvailable, Message: "This desk cannot ring " + a.String() + " yet: only colleagues, teams and telephone numbers. Nothing has changed."}
		case a.Value == "" || a.Kind == ToAgent && (agent.ID(a.Value) == r.By || agent.ID(a.Value) == c.Target):
			return &RefusedError{Code: BadRequest, Message: "Say who is to be brought in. Nothing has changed."}
		}
	}
	return nil
}

// refuseBusy tells that nobody of those asked for is free.
func (c *Call) refuseBusy(r Request) *RefusedError {
	now := "You are still with the caller."
	if c.Stage == Held || c.Stage == Asking {
		now = "The caller is still on hold."
	}
	who := "That colleague cannot be rung right now."
	switch {
	case len(r.Sought) == 1 && r.Sought[0].Kind == ToTeam:
		who = "Nobody in " + agent.TeamTitle(r.Sought[0].Value) + " can be rung right now."
	case len(r.Sought) > 1:
		who = "None of them can be rung right now."
	}
	return &RefusedError{Code: NotFree, Message: who + " " + now}
}

// afterwards names who is rung if the target does not come.
func (c *Call) afterwards(names Names) string {
	var then []string
	for _, a := range c.Seeking {
		then = append(then, a.title(names))
	}
	if len(then) == 0 {
		return ""
	}
	return " Then " + strings.Join(then, ", ") + "."
}
