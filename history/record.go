package history

import (
	"time"

	"warmdesk/agent"
	"warmdesk/call"
)

// Query asks for the calls of an account that started in a span of time, newest
// first.
type Query struct {
	Account  string
	From, To time.Time // From <= started < To; zero: no bound
	Before   call.ID   // only calls older than this one; empty: from the newest
	Only     call.ID   // this call alone; empty: any
	Limit    int
	Filter
}

// Record is a call as the store has it: live or long over.
type Record struct {
	ID           call.ID
	Account      string
	Number, Name string
	Note, Team   string // Team is whom the customer asked for
	// Topic is why they called, and Conclusion what it came to in an agent's word.
	Topic, Conclusion string
	Stars             int // the customer's rating; 0: none
	// Verified: a site had signed who they are.
	Verified bool
	Started  time.Time
	Entries  []call.News
}

// CustomerName is what to call the customer.
func (r Record) CustomerName() string {
	return (&call.Call{Name: r.Name, Number: r.Number}).CustomerName()
}

// Row is a call in figures, as it is exported. Times are whole seconds.
type Row struct {
	ID         call.ID        `json:"id"`
	Started    time.Time      `json:"started"`
	Ended      *time.Time     `json:"ended"` // null: the call goes on
	Number     string         `json:"number"`
	Name       string         `json:"name"`
	Team       string         `json:"team"`    // whom the customer asked for; empty: anybody
	Note       string         `json:"note"`    // of the agents
	Outcome    Outcome        `json:"outcome"` // what the call came to
	Dropped    Drop           `json:"dropped"` // how we lost the customer; empty: we did not
	Waited     int            `json:"waited"`
	Talked     int            `json:"talked"`
	Held       int            `json:"held"`
	Away       int            `json:"away"`
	Agents     []Person       `json:"agents"` // who spoke with the customer
	Transfers  []TransferData `json:"transfers"`
	Recoveries int            `json:"recoveries"`
	Returns    int            `json:"returns"`
	How        Ending         `json:"how"`
	By         agent.ID       `json:"by"`
	Topic      string         `json:"topic"`
	Conclusion string         `json:"conclusion"` // the outcome that an agent chose
	Rating     int            `json:"rating"`     // the customer's, 1 to 5; 0: none
	Verified   bool           `json:"verified"`   // a site had signed who the customer is
}

// TransferData is a transfer as it is told: in a row, and as the data of
// call.transferred.
type TransferData struct {
	Kind    TransferKind    `json:"kind"`
	From    agent.ID        `json:"from"`
	To      agent.ID        `json:"to"`
	Outcome TransferOutcome `json:"outcome"`
	Joined  bool            `json:"joined"` // To was in the room
	Took    int             `json:"took"`
}

// RowOf reads a call's figures; at is now, for calls that go on.
func RowOf(r Record, names call.Names, at time.Time) Row {
	f := Sum(r.Entries, at)
	row := Row{
		ID: r.ID, Started: r.Started.UTC(), Number: r.Number, Name: r.Name, Team: r.Team, Note: r.Note, Outcome: f.Outcome(), Dropped: f.Dropped,
		Waited: Seconds(f.Waited), Talked: Seconds(f.Talked), Held: Seconds(f.Held), Away: Seconds(f.Away),
		Agents: []Person{}, Transfers: []TransferData{}, Recoveries: len(f.Recoveries), Returns: f.Returns, How: f.How, By: f.By,
		Topic: r.Topic, Conclusion: r.Conclusion, Rating: r.Stars, Verified: r.Verified,
	}
	if !f.Ended.IsZero() {
		ended := f.Ended.UTC()
		row.Ended = &ended
	}
	for _, id := range f.Agents {
		row.Agents = append(row.Agents, Person{id, names(id)})
	}
	for _, x := range f.Transfers {
		row.Transfers = append(row.Transfers, dataOf(x))
	}
	return row
}

func dataOf(x Transfer) TransferData {
	return TransferData{x.Kind, x.From, x.To, x.Outcome, x.Joined, Seconds(x.Ended.Sub(x.Began))}
}
