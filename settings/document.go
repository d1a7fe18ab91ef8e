// Package settings is what an admin can set while the desk runs: a document that
// is checked as a whole, stored with a version, and in force at once in every
// process on the database. What the environment sets is fixed, and only read here.
package settings

import "time"

// Document is everything that can be set. Its JSON is what pages read and write, and
// what is stored.
type Document struct {
	Routing   Routing   `json:"routing"`
	Teams     Teams     `json:"teams"`
	Transfers Transfers `json:"transfers"`
	WrapUp    WrapUp    `json:"wrapUp"`
	Recording Recording `json:"recording"`
	CallPage  CallPage  `json:"callPage"`
	Embed     Embed     `json:"embed"`
	// Telephones are which numbers agents may call, and which are their own.
	Telephones Telephones `json:"telephones"`
	ScreenPop  ScreenPop  `json:"screenPop"`
	// Prompts are what callers are told, by the language and what it is for: de.welcome.
	// Which there are the defaults say.
	Prompts map[string]string `json:"prompts"`
}

// Routing is where calls go, and what callers hear meanwhile.
type Routing struct {
	// Numbers say whom callers of a number wait for; a number that is not named: anybody.
	Numbers []Number `json:"numbers"`
	Hours   Hours    `json:"hours"`
	// Holidays are days without hours, each written like 2026-12-25.
	Holidays []string `json:"holidays"`
	// MaxWait is after how many seconds in line a caller may leave a message; 0: never.
	MaxWait int `json:"maxWait"`
	// Language is what callers are spoken to in unless their number or their page has
	// another.
	Language string `json:"language"`
	// Music is what waiting callers hear; the zero Piece: the desk's own.
	Music Piece `json:"music"`
}

// Number is one of our numbers, in E.164 form, and what its callers get that others do
// not; empty: the same.
type Number struct {
	Number   string `json:"number"`
	Team     string `json:"team"`     // whom they wait for
	Language string `json:"language"` // what they are spoken to in
	Welcome  string `json:"welcome"`  // what they are told before the music
}

// Hours are the business hours of a week, from Monday on, each day's as
// 09:00-12:00 13:00-17:00; all empty: always open. Zone is where these are the clocks.
type Hours struct {
	Zone string    `json:"zone"`
	Days [7]string `json:"days"`
}

// Piece is uploaded music.
type Piece struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Seconds int    `json:"seconds"`
}

// Length is how long a piece takes.
func (p Piece) Length() time.Duration { return time.Duration(p.Seconds) * time.Second }

// Teams are who is in which team.
type Teams struct {
	Teams []Team `json:"teams"`
}

// Team is a team's name and the ids of its members.
type Team struct {
	Name    string   `json:"name"`
	Members []string `json:"members"`
}

// Transfers are times in seconds. Calls that are under way keep theirs.
type Transfers struct {
	Ring     int `json:"ring"`     // how long somebody rings
	TakeBack int `json:"takeBack"` // how long who has handed over may take the customer back
	Back     int `json:"back"`     // on hold after a colleague has left, before going back by itself
	Declined int `json:"declined"` // the same where a colleague did not come; 0: not by itself
	// ReturnTo is who is asked to have a customer again who was sent on and not taken:
	// one of ReturnOrders.
	ReturnTo string `json:"returnTo"`
}

// ReturnOrders are who may be asked, one after the other, to have a customer again, before
// anybody is: who had them before, and that one's team.
func ReturnOrders() []string { return []string{"sender", "sender_team", "team", "front"} }

// WrapUp is the time after a call.
type WrapUp struct {
	Seconds  int      `json:"seconds"`
	Outcomes []string `json:"outcomes"` // what an agent may choose to say how a call ended
}

// Recording is what is recorded of conversations, and how long anything is kept.
type Recording struct {
	On bool `json:"on"`
	// KeepDays is how long recordings and messages are kept, and CallDays names,
	// numbers and notes of calls; 0: for ever.
	KeepDays float64 `json:"keepDays"`
	CallDays float64 `json:"callDays"`
	// PrivateListening: leads may listen to calls without those on them being told.
	PrivateListening bool `json:"privateListening"`
}

// CallPage is the page that customers call from.
type CallPage struct {
	Open bool `json:"open"`
}

// Embed says which sites may show the customer's page, as https://shop.example.com,
// and which the agents' pages: those may press their buttons, too.
type Embed struct {
	Origins      []string `json:"origins"`
	AgentOrigins []string `json:"agentOrigins"`
}

// Telephones are which telephone numbers may be called by agents, as package outside
// reads them, and by which some of them are reached.
type Telephones struct {
	Countries  []string `json:"countries"`  // as DE
	Prefixes   []string `json:"prefixes"`   // besides, as +4930
	Home       string   `json:"home"`       // the country in whose way numbers without a + are read; empty: of the desk's own number
	CustomerID bool     `json:"customerId"` // who is called sees the customer's number, where the carrier allows it
	// Phones are the agents' own. Whoever sets them allows them.
	Phones []Phone `json:"phones"`
}

// Phone is an agent's own telephone, in E.164 form.
type Phone struct {
	Agent  string `json:"agent"`
	Number string `json:"number"`
}

// fill makes lists of nothing empty ones: pages read [], not null.
func (d *Document) fill() {
	for _, list := range []*[]string{&d.Routing.Holidays, &d.WrapUp.Outcomes, &d.Embed.Origins, &d.Embed.AgentOrigins, &d.Telephones.Countries, &d.Telephones.Prefixes} {
		if *list == nil {
			*list = []string{}
		}
	}
	if d.Prompts == nil {
		d.Prompts = map[string]string{}
	}
	if d.Telephones.Phones == nil {
		d.Telephones.Phones = []Phone{}
	}
	if d.Routing.Numbers == nil {
		d.Routing.Numbers = []Number{}
	}
	if d.Teams.Teams == nil {
		d.Teams.Teams = []Team{}
	}
	for i := range d.Teams.Teams {
		if d.Teams.Teams[i].Members == nil {
			d.Teams.Teams[i].Members = []string{}
		}
	}
}

// Days is a time of so many days.
func Days(n float64) time.Duration { return time.Duration(n * 24 * float64(time.Hour)) }
