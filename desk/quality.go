package desk

import (
	"maps"
	"slices"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// Quality is how well the packets of an agent's line travel, as their page has
// measured it over some seconds. It is kept in memory alone: it concerns nobody after
// the call.
type Quality struct {
	Line string      `json:"-"` // CallSid of the line it is of
	Word QualityWord `json:"word"`
	// Loss is in percent, RTT (the round trip) and Jitter in milliseconds.
	Loss   int       `json:"loss"`
	RTT    int       `json:"rtt"`
	Jitter int       `json:"jitter"`
	At     time.Time `json:"-"`
}

// QualityWord is the same for people.
type QualityWord string

// The words, from good to bad.
const (
	QualityGood QualityWord = "good"
	QualityFair QualityWord = "fair" // somebody who listens for it hears it
	QualityWeak QualityWord = "weak" // with gaps
)

var qualityWords = []QualityWord{QualityGood, QualityFair, QualityWeak}

// Pages tell about every 5 s. What comes sooner than qualityEvery is not taken, and what
// is older than qualityHolds says nothing any more.
const (
	qualityEvery = time.Second
	qualityHolds = 15 * time.Second
)

// What a page may claim to have measured; RTT and Jitter in milliseconds.
const (
	mostLoss  = 100
	mostDelay = 60_000
)

// valid reports whether a page can have measured this.
func (q Quality) valid() bool {
	in := func(n, most int) bool { return n >= 0 && n <= most }
	return q.Line != "" && slices.Contains(qualityWords, q.Word) && in(q.Loss, mostLoss) && in(q.RTT, mostDelay) && in(q.Jitter, mostDelay)
}

// PageQuality: a page tells how well its line travels. What cannot be, what another
// page says and what comes too soon changes nothing.
func (d *Desk) PageQuality(id agent.ID, pageID string, q Quality) {
	q.At = d.now()
	d.mu.Lock()
	old, known := d.qualities[id]
	if !q.valid() || d.pages[id].id != pageID || known && q.At.Sub(old.At) < qualityEvery {
		d.mu.Unlock()
		return
	}
	// Views share the old one.
	next := maps.Clone(d.qualities)
	next[id] = q
	d.qualities = next
	changed := old.Word != q.Word || old.Line != q.Line
	if changed {
		d.version++
	}
	d.mu.Unlock()
	if changed {
		d.feed.Changed()
	}
}

// Quality is how well a call is heard: the worst of the lines of the agents who are
// with the customer. False where nobody has told lately; telephones never do, and
// pages tell the desk they are at.
func (v View) Quality(c *call.Call) (Quality, bool) {
	var worst Quality
	for _, id := range []agent.ID{c.Owner, c.Target} {
		l, q := c.AgentLeg(id), v.qualities[id]
		if l == nil || l.SID != q.Line || v.At.Sub(q.At) > qualityHolds {
			continue
		}
		if slices.Index(qualityWords, q.Word) > slices.Index(qualityWords, worst.Word) {
			worst = q
		}
	}
	return worst, worst.Word != ""
}
