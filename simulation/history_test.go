package simulation

import (
	"time"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
)

// ledger is what a customer truly had, by the stages their call went through,
// beside the timeline that tells of it.
type ledger struct {
	entries              []call.News
	waited, talked, held time.Duration
	away                 time.Duration
	leaving              time.Duration // while handing over it may be either
	back                 bool          // the clock was set back: nothing adds up any more
}

// record is invariant 9: the figures read out of a timeline are those of the
// stages, so no entry is missing.
func (w *world) record(before, c *call.Call, entries []desk.Entry) {
	l := w.ledgers[c.ID]
	if l == nil {
		l = &ledger{}
		w.ledgers[c.ID] = l
	}
	for _, e := range entries {
		if n := len(l.entries); n > 0 && e.At.Before(l.entries[n-1].At) {
			l.back = true
		}
		l.entries = append(l.entries, e.News())
	}
	if before.ID == "" || before.Since.Equal(c.Since) || before.Stage == call.Ended { // a leg that turns up then is no part of it
		return
	}
	l.add(before.Stage, c.Since.Sub(before.Since))
	if c.Stage != call.Ending && (c.Stage != call.Ended || before.Stage == call.Ending) || l.back {
		return
	}
	f := history.Sum(l.entries, c.Since)
	for _, x := range []struct {
		what      string
		got, want time.Duration
	}{{"waited", f.Waited, l.waited}, {"talked", f.Talked, l.talked}, {"was on hold", f.Held, l.held}, {"was away", f.Away, l.away}} {
		if x.got < x.want || x.got > x.want+l.leaving {
			w.fail(9, w.customerOf(c.Room), "the timeline says that they %s for %s, and it was %s", x.what, x.got, x.want)
			return
		}
	}
	if !f.Ended.Equal(c.Since) || f.How == history.GoesOn {
		w.fail(9, w.customerOf(c.Room), "the timeline does not say that the call is over")
	}
}

func (l *ledger) add(s call.Stage, d time.Duration) {
	l.back = l.back || d < 0
	switch s {
	case call.Queued, call.Choosing, call.Recording, call.Parting, call.Offering, call.Connecting, call.Sending, call.Recovering:
		l.waited += d
	case call.Talking, call.Inviting, call.Swapped, call.Together:
		l.talked += d
	case call.Held, call.Asking, call.Private:
		l.held += d
	case call.Awaiting:
		l.away += d
	case call.HandingOver:
		l.leaving += d
	}
}
