package history

import (
	"fmt"
	"strconv"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// Format is the version of an event's form. It rises when a field is taken away
// or changes its meaning; fields may be added at any time.
const Format = 1

// Type names what has happened.
type Type string

// The types of event; docs/webhooks.md describes each.
const (
	CallStarted     Type = "call.started"
	CallAnswered    Type = "call.answered"
	CallHeld        Type = "call.held"
	CallResumed     Type = "call.resumed"
	CallTransferred Type = "call.transferred" // a transfer has come to an end, good or bad
	CallRecovered   Type = "call.recovered"
	CallReturned    Type = "call.returned"
	CallMissed      Type = "call.missed" // the customer left before anybody spoke with them
	CallEnded       Type = "call.ended"
	CallConcluded   Type = "call.concluded" // an agent has said what the call came to
	CallRated       Type = "call.rated"     // by the customer, after it
	OfferMissed     Type = "offer.missed"   // an agent's ring ran out
	TaskCreated     Type = "task.created"
	TaskDone        Type = "task.done"

	RecordingCompleted Type = "recording.completed" // of a conversation; also after call.ended
)

// Event is what another system is told. Its ID is the same however often it is
// sent, and in the order of the call's events.
type Event struct {
	ID       string    `json:"id"`
	Type     Type      `json:"type"`
	At       time.Time `json:"timestamp"`
	Version  int       `json:"version"` // Format
	Call     call.ID   `json:"call"`
	Customer Customer  `json:"customer"`
	People   []Person  `json:"people"` // everybody the data names
	Data     any       `json:"data"`
}

// Customer is who calls.
type Customer struct {
	Number string `json:"number"`
	Name   string `json:"name"`
}

// Person is one of the roster.
type Person struct {
	ID   agent.ID `json:"id"`
	Name string   `json:"name"`
}

// The data of events. All times are whole seconds, rounded.
type (
	startedData  struct{}
	answeredData struct {
		Agent  agent.ID `json:"agent"`
		Waited int      `json:"waited"` // since the customer last had nobody
		Again  bool     `json:"again"`  // somebody had spoken with them before
	}
	heldData struct {
		Agent   agent.ID `json:"agent"`
		Private bool     `json:"private"` // for a talk with a colleague
	}
	resumedData struct {
		Agent agent.ID `json:"agent"`
	}
	recoveredData struct {
		From  agent.ID `json:"from"`
		Agent agent.ID `json:"agent"`
		After int      `json:"after"`
	}
	returnedData struct {
		From agent.ID `json:"from"`
		Why  string   `json:"why"`
	}
	ratedData struct {
		Rating int `json:"rating"` // 1 to call.MostStars
	}
	offerMissedData struct {
		Agent   agent.ID     `json:"agent"`
		Outcome call.Outcome `json:"outcome"`
	}
	concludedData struct {
		Agent   agent.ID `json:"agent"`
		Outcome string   `json:"outcome"` // empty: taken back
	}
	recordedData struct {
		Recording string `json:"recording"` // the carrier's id
		Length    int    `json:"length"`    // 0: not known
	}
	missedData struct {
		Waited int `json:"waited"`
	}
	endedData struct {
		How        Ending     `json:"how"`
		By         agent.ID   `json:"by"`
		Waited     int        `json:"waited"`
		Talked     int        `json:"talked"`
		Held       int        `json:"held"`
		Away       int        `json:"away"`
		Agents     []agent.ID `json:"agents"`
		Transfers  int        `json:"transfers"`
		Recoveries int        `json:"recoveries"`
		Returns    int        `json:"returns"`
	}
)

// Step is one step of a call as it is about to be saved: Call.News are its
// entries, Past those before it, and Version the one that is saved.
type Step struct {
	Call    call.Call
	Version int64
	Past    []call.News
}

// Events are what others are to be told of a step. The same step has the same
// events with the same ids.
func Events(s Step, names call.Names) []Event {
	w := walk{}
	for _, n := range s.Past {
		w.take(n)
	}
	t := teller{step: s, names: names}
	held := w.state
	for _, n := range s.Call.News {
		before := w
		w.take(n)
		t.entry(n, &before, &w)
	}
	t.hold(held, &w)
	if w.state == over && held != over {
		t.end(&w)
	}
	return t.events
}

// teller writes the events of a step.
type teller struct {
	step   Step
	names  call.Names
	events []Event
}

func (t *teller) tell(typ Type, at time.Time, data any, people ...agent.ID) {
	id := fmt.Sprintf("%s-%d-%d", t.step.Call.ID, t.step.Version, len(t.events)+1)
	t.events = append(t.events, newEvent(id, typ, at, &t.step.Call, data, t.names, people))
}

func newEvent(id string, typ Type, at time.Time, c *call.Call, data any, names call.Names, people []agent.ID) Event {
	e := Event{
		ID: id, Type: typ, At: at.UTC(), Version: Format, Call: c.ID,
		Customer: Customer{c.Number, c.CustomerName()}, People: []Person{}, Data: data,
	}
	seen := map[agent.ID]bool{"": true}
	for _, p := range people {
		if !seen[p] {
			seen[p] = true
			e.People = append(e.People, Person{p, names(p)})
		}
	}
	return e
}

// entry tells what an entry means by itself.
func (t *teller) entry(n call.News, before, after *walk) {
	for _, x := range after.Transfers[len(before.Transfers):] {
		t.tell(CallTransferred, n.At, dataOf(x), x.From, x.To)
	}
	for _, r := range after.Recoveries[len(before.Recoveries):] {
		t.tell(CallRecovered, n.At, recoveredData{r.From, r.Agent, Seconds(r.After)}, r.From, r.Agent)
	}
	switch n.Kind {
	case call.NewsArrived:
		t.tell(CallStarted, n.At, startedData{})
	case call.NewsTalking:
		t.tell(CallAnswered, n.At, answeredData{n.Agent, Seconds(n.At.Sub(before.since)), !before.Answered.IsZero()}, n.Agent)
	case call.NewsReturned:
		t.tell(CallReturned, n.At, returnedData{n.Agent, n.Why}, n.Agent)
	case call.NewsConcluded:
		t.tell(CallConcluded, n.At, concludedData{n.Agent, n.Why}, n.Agent)
	case call.NewsTrackKept:
		t.tell(RecordingCompleted, n.At, recordedData{n.Track.SID, Seconds(n.Track.Length)})
	case call.NewsRated:
		stars, _ := strconv.Atoi(n.Why) // the rulebook's own number
		t.tell(CallRated, n.At, ratedData{stars})
	case call.NewsMissed, call.NewsNotReached:
		t.tell(OfferMissed, n.At, offerMissedData{n.Agent, n.Outcome}, n.Agent)
	}
}

// hold tells of the whole step at once: a colleague asked in another's place is
// no end of the hold.
func (t *teller) hold(before state, w *walk) {
	switch {
	case before == talking && w.state == onHold:
		t.tell(CallHeld, w.at, heldData{w.owner, w.open != nil}, w.owner)
	case before == onHold && w.state == talking:
		t.tell(CallResumed, w.at, resumedData{w.owner}, w.owner)
	}
}

func (t *teller) end(w *walk) {
	if w.Answered.IsZero() {
		t.tell(CallMissed, w.at, missedData{Seconds(w.Waited)})
	}
	agents := append([]agent.ID{}, w.Agents...)
	t.tell(CallEnded, w.at, endedData{
		How: w.How, By: w.By, Waited: Seconds(w.Waited), Talked: Seconds(w.Talked), Held: Seconds(w.Held), Away: Seconds(w.Away),
		Agents: agents, Transfers: len(w.Transfers), Recoveries: len(w.Recoveries), Returns: w.Returns,
	}, append(agents, w.By)...)
}

// Seconds rounds a time to whole seconds, as events and exports give it.
func Seconds(d time.Duration) int { return int(d.Round(time.Second) / time.Second) }
