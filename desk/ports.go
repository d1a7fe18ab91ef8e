package desk

import (
	"context"
	"errors"
	"net/url"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/history"
)

// Store keeps calls, agents, claims and the timeline. Every method is durable
// when it returns nil and changes nothing when it returns an error. Methods may
// be called from many goroutines, and by several desks on one database.
type Store interface {
	// Call loads a call and its version; ErrNotFound.
	Call(ctx context.Context, id call.ID) (call.Call, int64, error)
	// FindCall names the call that has a leg with this carrier id; ErrNotFound.
	FindCall(ctx context.Context, account, sid string) (call.ID, error)
	// LiveCalls loads every call of an account that is not Ended, oldest first.
	LiveCalls(ctx context.Context, account string) ([]Versioned, error)
	// LiveVersions names the same calls with their versions. It is asked every
	// second, so it must cost next to nothing.
	LiveVersions(ctx context.Context, account string) (map[call.ID]int64, error)
	// SaveCall writes the call, its claims, its news and the events made of them in
	// one transaction.
	// ErrConflict when the stored version is not s.Version (0: the call is new),
	// when a claimed agent is claimed by another call, or when a leg's carrier id
	// belongs to another call.
	SaveCall(ctx context.Context, s Save) error
	// Agents loads the roster, by id.
	Agents(ctx context.Context) ([]agent.Agent, error)
	// SaveAgents writes agents as they are given, new ones too.
	SaveAgents(ctx context.Context, agents ...agent.Agent) error
	// Tasks loads the open tasks of an account, those due first before the others.
	Tasks(ctx context.Context, account string) ([]agent.Task, error)
	// Task loads one task, open or done; ErrNotFound.
	Task(ctx context.Context, id string) (agent.Task, error)
	// SaveTask writes who has a task and whether it is done, or a new one that belongs
	// to no call, and the events made of it, in one transaction. ErrConflict when it is
	// stored otherwise than s.Was.
	SaveTask(ctx context.Context, s TaskSave) error
	// CountCalls counts the calls that a customer has made since then: those of the
	// number, or, where that is a page's and not a person's, of the name.
	CountCalls(ctx context.Context, account, number, name string, since time.Time) (int, error)
	// LastEnded is when a call of an account last ended; zero: none has.
	LastEnded(ctx context.Context, account string) (time.Time, error)
	// Timeline loads a call's entries in the order they happened.
	Timeline(ctx context.Context, id call.ID) ([]Entry, error)
}

// Versioned is a call with the version a Save of it must name.
type Versioned struct {
	Call    call.Call
	Version int64
}

// Save is one step of one call, to be written as a whole.
type Save struct {
	Call    call.Call
	Version int64 // the version loaded; the stored one becomes Version+1
	// Was is the call as loaded, so that what has not changed need not be written;
	// the zero Call: not known, or a new call.
	Was     call.Call
	Claims  []call.Claim
	Entries []Entry
	// Agents are roster changes that belong to the step: a missed ring sets its
	// agent away.
	Agents []agent.Agent
	// Tasks are what the customer has left us with this step. One that is there
	// already, of the same call, kind, number and recording, stays as it is.
	Tasks []agent.Task
	// Recordings are what the carrier has kept, as this step tells. One that is
	// known stays as it is.
	Recordings []Recording
	// Events are queued for each of Receivers, in their order.
	Events    []history.Event
	Receivers []string
}

// TaskSave is a change of one task, to be written as a whole.
type TaskSave struct {
	Was, Task agent.Task // as loaded (zero: it is new), and as it is to be
	// Events are queued for each of Receivers, in their order.
	Events    []history.Event
	Receivers []string
}

// Entry is one line of a call's timeline. Raw is the callback behind it.
type Entry struct {
	At      time.Time
	Kind    call.NewsKind
	Agent   agent.ID
	Other   agent.ID
	Outcome call.Outcome
	Why     string
	Raw     url.Values
}

// Ticket lets a customer's page call once.
type Ticket struct {
	Identity string // of the page, that nobody can guess
	// Given is when the customer asked to call, and Expires when they may not any more.
	Given, Expires time.Time
	// Vouched is what the site around the page has signed of them.
	Vouched call.Vouched
}

// Errors of a Store.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("changed by somebody else meanwhile")
)

// Phone carries actions out at the carrier. Carry returns within 4 s, or when
// ctx ends, and reports every failure in the Result: Key and Attempt are the
// action's. It may be repeated for a leg without harm, and is called from many
// goroutines.
type Phone interface {
	Carry(ctx context.Context, c call.Call, a call.Action) call.Result
	// Strangers lists customers' legs that have reached our number and are in
	// progress, and that known does not know; not those who are in a conference
	// with somebody, because whoever that is cares for them. It returns within 12 s.
	Strangers(ctx context.Context, known func(sid string) bool) ([]call.Arrived, error)
}

// Line tells how well the carrier takes requests.
type Line interface {
	// Watch runs until ctx ends, and tells of the trouble whenever it is another;
	// the zero Trouble when it is over. tell must not be called by two at a time.
	Watch(ctx context.Context, tell func(Trouble)) error
}

// Trouble is that the carrier fails every request. The zero Trouble: there is none.
type Trouble struct {
	Since time.Time
	Why   call.Refusal
}

// Feed is told that what people see has changed. It must not block.
type Feed interface {
	Changed()
}

// Outbox tells other systems what happened. It must not block.
type Outbox interface {
	// Receivers names those whom events are written for; none: nothing is written.
	Receivers() []string
	// Written says that there are new events in the store.
	Written()
}
