package history

import (
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// DigestForm is the version of what a digest says. It rises when a definition in
// this file or in the walk changes, and stored digests are then made anew.
const DigestForm = 2

// InTime is how soon a call is to be answered.
const InTime = 20 * time.Second

// Outcome is what a call came to, as lists and reports name it.
type Outcome string

// The outcomes; every call has exactly one.
const (
	Live      Outcome = "live"      // it goes on
	Spoken    Outcome = "answered"  // somebody spoke with the customer, and one of the two ended it
	Abandoned Outcome = "abandoned" // the customer went before anybody spoke with them
	Message   Outcome = "message"   // the customer left a message, or a number to call back
	Broken    Outcome = "broken"    // after they had spoken the customer's own line was lost, and not back in time
	Dropped   Outcome = "dropped"   // by us: see Figures.Dropped
)

// Drop is how we lost a customer who had spoken with somebody.
type Drop string

// The ways to drop somebody. Whose own line breaks, and who hangs up while they
// have somebody, is not dropped.
const (
	NotDropped Drop = ""
	// CutOff: the call ended because somebody else's line broke (RECOVERY=off).
	CutOff Drop = "cut_off"
	// GaveUp: the line to the agent was lost, and the customer hung up before they
	// had anybody again.
	GaveUp Drop = "gave_up"
)

// Outcome says what the call came to.
func (f Figures) Outcome() Outcome {
	switch {
	case f.Ended.IsZero():
		return Live
	case f.Dropped != NotDropped:
		return Dropped
	case f.How == LeftTask:
		return Message
	case f.Answered.IsZero():
		return Abandoned
	case f.How == CallerLost:
		return Broken
	}
	return Spoken
}

// Digest is a call as lists find it and reports count it. Those of calls that are
// over are stored, so that nobody has to read a hundred thousand timelines.
type Digest struct {
	Outcome   Outcome
	Answered  bool
	Wait      int    // seconds, rounded up, until somebody spoke with the customer or the call was over; of a live one up to now
	Transfers string // "consult handed_over; send busy", in their order
	Text      string // what a search looks in, in lower case
	Parts     []Part // in order of Who
}

// Part is what somebody had to do with a call.
type Part struct {
	Who    string // an agent's id, or TeamKey of a team
	Spoke  bool   // with the customer
	Talked int    // seconds for which they had the customer
	Missed int    // how often they were rung and did not come
}

// TeamKey is how a team stands in Part.Who. No agent has such an id.
func TeamKey(team string) string { return "team/" + team }

// DigestOf reads a call's digest; teams are an agent's, at is now.
func DigestOf(r Record, teams func(agent.ID) []string, at time.Time) Digest {
	f := Sum(r.Entries, at)
	d := Digest{Outcome: f.Outcome(), Answered: !f.Answered.IsZero(), Text: SearchText(r.Name, r.Number, r.Topic, r.Note), Parts: parts(r, f, teams)}
	until := at
	for _, t := range []time.Time{f.Answered, f.Ended} {
		if !t.IsZero() {
			until = t
			break
		}
	}
	if !f.Started.IsZero() {
		d.Wait = int((max(until.Sub(f.Started), 0) + time.Second - 1) / time.Second)
	}
	var transfers []string
	for _, x := range f.Transfers {
		transfers = append(transfers, string(x.Kind)+" "+string(x.Outcome))
	}
	d.Transfers = strings.Join(transfers, "; ")
	return d
}

// SearchText is how a text is stored to be searched, and how what is searched for
// is written.
func SearchText(texts ...string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.Join(texts, " ")), " "))
}

// parts are those of everybody whom the timeline names, and of their teams, beside
// the team that the customer asked for.
func parts(r Record, f Figures, teams func(agent.ID) []string) []Part {
	found := map[string]*Part{}
	of := func(who string) *Part {
		if found[who] == nil {
			found[who] = &Part{Who: who}
		}
		return found[who]
	}
	if r.Team != "" {
		of(TeamKey(r.Team))
	}
	for _, n := range r.Entries {
		if n.Kind.Secret() {
			continue // lists are looked through by those who were not told
		}
		for _, id := range []agent.ID{n.Agent, n.Other} {
			if id == "" {
				continue
			}
			of(string(id))
			for _, team := range teams(id) {
				of(TeamKey(team))
			}
		}
		if n.Kind == call.NewsMissed || n.Kind == call.NewsNotReached {
			of(string(n.Agent)).Missed++
		}
	}
	for _, id := range f.Agents {
		p := of(string(id))
		p.Spoke, p.Talked = true, Seconds(f.Had[id])
	}
	var list []Part
	for _, p := range found {
		list = append(list, *p)
	}
	slices.SortFunc(list, func(a, b Part) int { return strings.Compare(a.Who, b.Who) })
	return list
}
