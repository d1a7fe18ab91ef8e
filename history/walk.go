// Package history is what a call's timeline says when it is read: its figures,
// what became of each transfer, a sentence for every entry, and the events that
// other systems are told.
//
// All of it comes from the timeline alone, in one walk over its entries, so that
// an event sent while the call goes on and a row exported a year later agree.
// The package does no I/O, reads no clock and starts no goroutine.
package history

import (
	"slices"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// Figures sum a call up. Waited, Talked, Held and Away add up to the time from
// Started to Ended.
type Figures struct {
	Started  time.Time
	Answered time.Time // when somebody first spoke with the customer; zero: nobody did
	Ended    time.Time // zero: the call goes on

	Waited time.Duration // nobody was there: in line, sent on, or the line to the agent was lost
	Talked time.Duration // customer and agent heard each other
	Held   time.Duration // an agent had the customer on hold, talking in private too
	Away   time.Duration // the customer's own line was lost, and their place kept

	Agents []agent.ID // who spoke with the customer, in the order they first did
	// Had is for how long each of them was the one who had the customer and heard them.
	Had        map[agent.ID]time.Duration
	Transfers  []Transfer // those that have come to an end, in that order
	Recoveries []Recovery
	Returns    int // how often the customer went back into the line
	How        Ending
	By         agent.ID // who ended the call, or whose line it ended with
	Dropped    Drop
	DroppedOf  agent.ID      // whose line broke then
	DroppedFor time.Duration // how long the customer then had nobody
}

// Ending is how a call ended.
type Ending string

// The endings.
const (
	GoesOn      Ending = ""
	CallerLeft  Ending = "caller_left"
	CallerLost  Ending = "caller_lost" // and not back in time
	AgentEnded  Ending = "agent_ended"
	LineDropped Ending = "line_lost" // only with RECOVERY=off
	LeftTask    Ending = "left_task" // the customer left a message, or a number to call back
)

// TransferKind is how a transfer began.
type TransferKind string

// The kinds of transfer.
const (
	Consult  TransferKind = "consult"  // asked in private first
	Invite   TransferKind = "invite"   // all three at once
	Send     TransferKind = "send"     // without asking
	TakeBack TransferKind = "takeback" // the former owner fetches the customer
	HandOver TransferKind = "handover" // to somebody who was on the call already
)

// TransferOutcome is what a transfer came to.
type TransferOutcome string

// The outcomes of a transfer.
const (
	HandedOver  TransferOutcome = "handed_over" // To has the customer
	TookOver    TransferOutcome = "took_over"   // so too, because From's line broke
	Declined    TransferOutcome = "declined"
	Busy        TransferOutcome = "busy"
	NoAnswer    TransferOutcome = "no_answer"
	Unreachable TransferOutcome = "unreachable"
	Machine     TransferOutcome = "machine"   // an answering machine took the call
	Failed      TransferOutcome = "failed"    // the carrier could not
	Cancelled   TransferOutcome = "cancelled" // by From
	Left        TransferOutcome = "left"      // To was on the call and went again
	Removed     TransferOutcome = "removed"   // by From
	Lost        TransferOutcome = "lost"      // To was on the call and the line broke
	Returned    TransferOutcome = "returned"  // the customer was back in line before To came
	Over        TransferOutcome = "call_over" // the call ended first
	Stopped     TransferOutcome = "stopped"   // the customer's line was lost before To came
)

// Transfer is one attempt to bring somebody else to the customer.
type Transfer struct {
	Kind         TransferKind
	From, To     agent.ID
	Outcome      TransferOutcome
	Began, Ended time.Time
	Joined       bool // To was in the room
}

// Recovery is a customer who lost their agent's line and has somebody again.
type Recovery struct {
	At    time.Time
	From  agent.ID // whose line was lost
	Agent agent.ID // who has the customer now; From, when they came back
	After time.Duration
}

// Sum reads a timeline up to at, or to the call's end where that came first.
func Sum(entries []call.News, at time.Time) Figures {
	var w walk
	for _, n := range entries {
		w.take(n)
	}
	if w.state != over && !w.at.IsZero() && at.After(w.at) {
		w.pass(at)
	}
	return w.Figures
}

// state is what the customer has at a moment.
type state int

const (
	waiting state = iota
	talking
	onHold
	over
)

// walk is how far a timeline has been read.
type walk struct {
	Figures
	at     time.Time // of the last entry
	state  state
	away   bool // the customer's line is lost: state is what is kept for them
	owner  agent.ID
	since  time.Time // since when the customer waits, while waiting
	lost   agent.ID  // whose line broke, until somebody has the customer again
	lostAt time.Time
	// left is whose line broke, and leftAt when, until the customer has somebody again;
	// unlike lost it holds while they are back in line.
	left   agent.ID
	leftAt time.Time
	open   *Transfer
	// swapped: the target who is in waits while the owner has the customer.
	swapped bool
	// silent are those whose page is not heard of, on the leg they have now.
	silent []agent.ID
}

// pass adds the time up to at to whatever the customer had.
func (w *walk) pass(at time.Time) {
	d := max(at.Sub(w.at), 0) // entries of two desks may be a moment out of order
	switch {
	case w.state == over:
		return
	case w.away:
		w.Away += d
	case w.state == waiting:
		w.Waited += d
	case w.state == talking:
		w.Talked += d
		w.had(d)
	case w.state == onHold:
		w.Held += d
	}
	w.at = w.at.Add(d)
}

// had adds to the time for which the owner had the customer.
func (w *walk) had(d time.Duration) {
	if w.owner == "" || d == 0 {
		return
	}
	if w.Had == nil {
		w.Had = map[agent.ID]time.Duration{}
	}
	w.Had[w.owner] += d
}

// take reads one entry.
func (w *walk) take(n call.News) {
	if n.Kind == call.NewsArrived && w.Started.IsZero() {
		w.Started, w.at, w.since = n.At, n.At, n.At
	}
	if w.state == over {
		return
	}
	w.pass(n.At)
	w.takeLink(n)
	if !w.takeOwner(n) && !w.takeTransfer(n) {
		w.takeHold(n)
	}
	// Nobody is left alone with somebody who may not be there.
	if w.state == talking && !w.away && slices.Contains(w.silent, w.owner) && !w.accompanied() {
		w.lose(w.owner)
	}
}

// accompanied reports whether an owner who may not be there does not leave the
// customer alone: a target does who is heard of, or who waits for their turn and
// may take the customer.
func (w *walk) accompanied() bool {
	return w.open != nil && w.open.Joined && (w.swapped || !slices.Contains(w.silent, w.open.To))
}

// takeLink reads whose page is heard of. Who is rung anew has another line.
func (w *walk) takeLink(n call.News) {
	switch n.Kind {
	case call.NewsSuspect:
		w.silent = append(w.silent, n.Agent)
	case call.NewsLinkBack, call.NewsLost, call.NewsRejoining, call.NewsOffered, call.NewsInvited, call.NewsConsulting, call.NewsSent, call.NewsTakingBack, call.NewsTaking:
		w.silent = slices.DeleteFunc(slices.Clone(w.silent), func(id agent.ID) bool { return id == n.Agent })
	}
}

// takeOwner reads what becomes of the customer.
func (w *walk) takeOwner(n call.News) bool {
	switch n.Kind {
	case call.NewsTalking:
		w.owns(n.Agent)
	case call.NewsLost:
		w.lineLost(n)
	case call.NewsTookOver:
		if w.open != nil && w.open.To == n.Agent {
			w.open.Joined = true
			w.close(TookOver)
		}
		w.recovered(n.Agent, n.Other)
		w.owns(n.Agent)
	case call.NewsRejoined:
		w.recovered(n.Agent, n.Agent)
		if n.Other != "" { // back in private
			w.owner, w.state, w.left = n.Agent, onHold, ""
			break
		}
		if w.open != nil && w.open.Joined {
			w.close(Lost) // nobody told of it: they are gone, too
		}
		w.owns(n.Agent)
	case call.NewsReturned:
		w.close(Returned)
		w.Returns++
		w.wait()
	case call.NewsCallerLost:
		w.away = true
		if w.open != nil && w.open.To == n.Other {
			w.close(Stopped)
		}
	case call.NewsCallerBack:
		w.away = false
	case call.NewsCallerLeft:
		w.end(n, CallerLeft)
	case call.NewsCallerGone:
		w.end(n, CallerLost)
	case call.NewsParted:
		w.end(n, LeftTask)
	case call.NewsEnded:
		how := AgentEnded
		if n.Why != "" {
			how = LineDropped
		}
		w.end(n, how)
	default:
		return false
	}
	return true
}

// takeTransfer reads how a transfer goes on.
func (w *walk) takeTransfer(n call.News) bool {
	switch n.Kind {
	case call.NewsInvited:
		w.begin(Invite, n.Other, n.Agent)
		w.state = talking
	case call.NewsConsulting:
		w.begin(Consult, n.Other, n.Agent)
		w.state = onHold
	case call.NewsSent:
		w.begin(Send, n.Other, n.Agent)
		w.wait()
	case call.NewsTakingBack:
		w.begin(TakeBack, n.Other, n.Agent)
	case call.NewsTaking:
		w.begin(HandOver, n.Other, n.Agent)
	case call.NewsPrivate, call.NewsTogether:
		w.joined(n)
	case call.NewsHandedOver:
		if w.open == nil {
			w.begin(HandOver, n.Other, n.Agent)
		}
		w.open.Joined = true
		w.close(HandedOver)
		w.owns(n.Agent)
	case call.NewsInviteOver, call.NewsNotTaken:
		if w.open != nil && w.open.To == n.Agent {
			w.close(outcomeOf(n.Outcome))
		}
	case call.NewsCancelled:
		if w.open == nil || w.open.Kind != Send {
			w.state = talking
		}
		w.close(Cancelled)
	case call.NewsLeft:
		w.close(Left)
	case call.NewsRemoved:
		w.close(Removed)
	default:
		return false
	}
	return true
}

// takeHold reads who is on hold.
func (w *walk) takeHold(n call.News) {
	switch n.Kind {
	case call.NewsHeld:
		w.state = onHold
	case call.NewsResumed, call.NewsKept:
		w.state = talking
	case call.NewsSwapped:
		if w.state == onHold {
			w.state = talking
		} else {
			w.state = onHold
		}
		w.swapped = w.state == talking
	case call.NewsNotHeld:
		w.state = talking // an entry of its own follows where it is private again
		if w.open != nil && !w.open.Joined {
			w.close(Failed)
		}
	}
}

// owns: the customer and id hear each other.
func (w *walk) owns(id agent.ID) {
	w.owner, w.state, w.lost, w.left = id, talking, "", ""
	if w.Answered.IsZero() {
		w.Answered = w.at
	}
	w.spoke(id)
}

func (w *walk) spoke(id agent.ID) {
	if id != "" && !slices.Contains(w.Agents, id) {
		w.Agents = append(w.Agents, id)
	}
}

// wait: the customer has nobody.
func (w *walk) wait() {
	w.state, w.owner, w.since, w.lost = waiting, "", w.at, ""
}

func (w *walk) lineLost(n call.News) {
	switch {
	case n.Agent == "":
	case n.Agent == w.owner && w.state != waiting:
		w.lose(n.Agent)
	case w.open != nil && n.Agent == w.open.To:
		w.close(Lost)
	}
}

// lose: the customer is still the owner's, and has nobody.
func (w *walk) lose(id agent.ID) {
	w.state, w.since, w.lost, w.lostAt = waiting, w.at, id, w.at
	w.left, w.leftAt = id, w.at
}

func (w *walk) recovered(id, from agent.ID) {
	r := Recovery{At: w.at, From: from, Agent: id}
	if w.lost != "" {
		r.After = w.at.Sub(w.lostAt)
	}
	w.Recoveries = append(w.Recoveries, r)
	w.lost = ""
}

func (w *walk) begin(k TransferKind, from, to agent.ID) {
	w.close(Cancelled) // nothing is under way as a rule: this would be another one's place
	w.open = &Transfer{Kind: k, From: from, To: to, Began: w.at}
}

// joined: the target is in, in private or with all three.
func (w *walk) joined(n call.News) {
	if w.open == nil || w.open.To != n.Agent {
		w.begin(HandOver, n.Other, n.Agent)
	}
	w.open.Joined, w.swapped = true, false
	if n.Kind == call.NewsPrivate {
		w.state = onHold
		return
	}
	w.state = talking
	w.spoke(n.Agent)
}

func (w *walk) close(o TransferOutcome) {
	if w.open == nil {
		return
	}
	w.open.Outcome, w.open.Ended = o, w.at
	w.Transfers = append(w.Transfers, *w.open)
	w.open = nil
}

func (w *walk) end(n call.News, how Ending) {
	w.close(Over)
	switch {
	case how == LineDropped:
		w.Dropped, w.DroppedOf = CutOff, n.Agent
	case how == CallerLeft && w.left != "" && w.state == waiting:
		w.Dropped, w.DroppedOf, w.DroppedFor = GaveUp, w.left, w.at.Sub(w.leftAt)
	}
	w.How, w.By, w.Ended, w.state = how, n.Agent, w.at, over
}

// outcomeOf says in a transfer's words why a target did not come.
func outcomeOf(o call.Outcome) TransferOutcome {
	switch o {
	case call.Passed:
		return Declined
	case call.Busy:
		return Busy
	case call.NoAnswer, call.Canceled:
		return NoAnswer
	case call.Unreachable:
		return Unreachable
	case call.Machine:
		return Machine
	}
	return Failed
}
