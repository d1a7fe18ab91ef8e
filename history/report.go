package history

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// Counts are the calls of a span of time, alike ones put together, as a store
// counts them for a Report.
type Counts struct {
	Tallies []Tally
	Starts  []StartTally
	// Transfers counts calls by their Digest.Transfers; those without any are left out.
	Transfers map[string]int
	Agents    []AgentTally
}

// StartTally is how many of the calls alike began in a quarter of an hour.
type StartTally struct {
	Quarter int64 // quarters of an hour since 1970
	Tally
}

// QuarterTime is a quarter of an hour: every time zone's hours begin with one.
const QuarterTime = 15 * time.Minute

// AgentTally is what an agent had to do with the calls.
type AgentTally struct {
	Who    string // Part.Who
	Calls  int    // in which they spoke with the customer
	Talked int    // seconds for which they had the customer
	Missed int    // rings that they did not answer
}

// Add counts one more call, one that has no place in the store's digests.
func (c *Counts) Add(started time.Time, d Digest) {
	c.Tallies = append(c.Tallies, d.Tally())
	c.Starts = append(c.Starts, StartTally{started.UnixNano() / int64(QuarterTime), d.Tally()})
	if d.Transfers != "" {
		if c.Transfers == nil {
			c.Transfers = map[string]int{}
		}
		c.Transfers[d.Transfers]++
	}
	for _, p := range d.Parts {
		t := AgentTally{Who: p.Who, Talked: p.Talked, Missed: p.Missed}
		if p.Spoke {
			t.Calls = 1
		}
		c.Agents = append(c.Agents, t)
	}
}

// Report is a span of time in figures.
type Report struct {
	Summary   Summary         `json:"summary"`
	Transfers []TransferCount `json:"transfers"` // the most frequent first
	Agents    []AgentReport   `json:"agents"`    // in order of name
	Hours     []HourReport    `json:"hours"`     // of the day: 24
	Drops     []Row           `json:"drops"`     // the customers we lost, newest first
}

// TransferCount is how many transfers of a kind came to an outcome.
type TransferCount struct {
	Kind      TransferKind    `json:"kind"`
	Outcome   TransferOutcome `json:"outcome"`
	Transfers int             `json:"transfers"`
}

// AgentReport is an agent's part in the calls.
type AgentReport struct {
	ID     agent.ID `json:"id"`
	Name   string   `json:"name"`
	Calls  int      `json:"calls"`  // in which they spoke with the customer
	Talked int      `json:"talked"` // seconds for which they had the customer
	Missed int      `json:"missed"` // rings that they did not answer
}

// HourReport is one hour of the day, of all days together.
type HourReport struct {
	Calls     int `json:"calls"`
	Answered  int `json:"answered"`
	Abandoned int `json:"abandoned"`
	InTime    int `json:"inTime"`
	Timed     int `json:"timed"`
}

// ReportOf puts counts together. The hours are those of zone.
func ReportOf(c Counts, names call.Names, zone *time.Location) Report {
	r := Report{Summary: Summarise(c.Tallies), Transfers: transferCounts(c.Transfers), Agents: agentReports(c.Agents, names), Drops: []Row{}}
	hours := make([][]Tally, 24)
	for _, s := range c.Starts {
		at := time.Unix(0, s.Quarter*int64(QuarterTime)).In(zone).Hour()
		hours[at] = append(hours[at], s.Tally)
	}
	for _, tallies := range hours {
		s := Summarise(tallies)
		r.Hours = append(r.Hours, HourReport{s.Calls, s.Answered, s.Abandoned, s.InTime, s.Timed})
	}
	return r
}

func transferCounts(found map[string]int) []TransferCount {
	counts := map[TransferCount]int{}
	for list, calls := range found {
		for x := range strings.SplitSeq(list, "; ") {
			kind, outcome, _ := strings.Cut(x, " ")
			counts[TransferCount{Kind: TransferKind(kind), Outcome: TransferOutcome(outcome)}] += calls
		}
	}
	all := []TransferCount{}
	for x, n := range counts {
		x.Transfers = n
		all = append(all, x)
	}
	slices.SortFunc(all, func(a, b TransferCount) int {
		return cmp.Or(cmp.Compare(b.Transfers, a.Transfers), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Outcome, b.Outcome))
	})
	return all
}

// agentReports leaves teams out, and those who neither spoke nor missed a ring.
func agentReports(tallies []AgentTally, names call.Names) []AgentReport {
	byID := map[agent.ID]AgentReport{}
	for _, t := range tallies {
		if strings.Contains(t.Who, "/") || t.Calls == 0 && t.Missed == 0 {
			continue
		}
		id := agent.ID(t.Who)
		was := byID[id]
		byID[id] = AgentReport{id, names(id), was.Calls + t.Calls, was.Talked + t.Talked, was.Missed + t.Missed}
	}
	all := []AgentReport{}
	for _, a := range byID {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b AgentReport) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return all
}
