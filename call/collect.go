package call

import (
	"slices"
	"time"
)

// A message may be left while nobody can tell us of it: the desk is down, and so
// the question what is next and the callback beside it are both lost. The carrier
// has it all the same. So it is noted for what message each leg was told to speak,
// and where nobody has said what became of it when the leg is over, the carrier is
// asked (architecture.md, Level, not edge). Until then the call has not ended.

// Times of it.
const (
	CollectPause = 5 * time.Second // from a leg's end: the carrier's own word comes first
	CollectTime  = time.Hour       // from the call's end: a carrier that never says is not asked longer
)

// Tape is a message that a leg was told to speak, and of which nobody has said yet
// what became of it.
type Tape struct {
	Leg      LegID
	Question int // under which it was asked for
}

// taping notes that a leg is told to speak a message.
func (c *Call) taping(l *Leg) {
	if t := (Tape{l.ID, c.Choice.Question}); !slices.Contains(c.Tapes, t) {
		c.Tapes = append(c.Tapes, t)
	}
}

// untaped: it is known what became of a message.
func (c *Call) untaped(e Recorded) {
	if l := c.LegBySID(e.SID); l != nil {
		c.Tapes = slices.DeleteFunc(c.Tapes, func(t Tape) bool { return t == Tape{l.ID, e.Question} })
	}
}

// taped reports whether a leg may have spoken a message that we do not have.
func (c *Call) taped(l *Leg) bool {
	return slices.ContainsFunc(c.Tapes, func(t Tape) bool { return t.Leg == l.ID })
}

func collectKey(l *Leg) string { return "collect:" + string(l.ID) }

// collects reports whether the carrier is to be asked for a leg's messages.
func (c *Call) collects(l *Leg, now time.Time) bool {
	return l.Status == Over && (c.taped(l) || c.owesTracks(l)) && !now.Before(l.OverAt.Add(CollectPause))
}

// collected takes what the carrier has of a leg: it is all there will be. Where it
// has not said so it is asked again, a refusal included: what is known to be recorded
// must not be lost by it.
func (c *Call) collected(l *Leg, e Result, now time.Time) {
	for _, m := range e.Messages {
		c.recorded(Recorded{SID: l.SID, RecordingSID: m.RecordingSID, Length: m.Length}, now)
	}
	sure := e.Verdict == Done || e.Verdict == Missing
	c.collectTracks(l, e.Tracks, sure, now)
	if !sure {
		return
	}
	c.forget(collectKey(l))
	c.Tapes = slices.DeleteFunc(c.Tapes, func(t Tape) bool { return t.Leg == l.ID })
}
