// Package call is the rulebook of a customer's call: who owns it, who is
// brought in, what each party hears, and what must be asked of the carrier so
// that it becomes true.
//
// It is level-triggered. A Call holds intent (stage, owner, target, deadline)
// and observation (legs as the carrier last told us). Step applies one event,
// Plan names what is missing between the two, and nothing else causes an
// action: a lost callback, a failed request or a crash needs no case of its
// own, because the next Plan names again what is missing.
//
// The package does no I/O, reads no clock and starts no goroutine.
package call

import (
	"slices"
	"time"

	"warmdesk/agent"
)

// ID names a call: a ULID of ours.
type ID string

// LegID names one party's connection within a call: the call's id and a number.
type LegID string

// Stage is what we want of a call at this moment.
type Stage string

// The stages built so far. docs/transfer.md tells for each what holds, how it
// is entered and how it is left.
const (
	Queued      Stage = "queued"       // the customer waits with music
	Offering    Stage = "offering"     // one agent's phone rings
	Connecting  Stage = "connecting"   // that agent answered and is on the way in
	Talking     Stage = "talking"      // customer and owner hear each other
	Held        Stage = "held"         // the customer hears music, the owner nothing
	Asking      Stage = "asking"       // the same, and a target is rung
	Inviting    Stage = "inviting"     // customer and owner hear each other, a target rings
	Private     Stage = "private"      // owner and target hear each other, the customer music
	Swapped     Stage = "swapped"      // customer and owner hear each other, the target music
	Sending     Stage = "sending"      // the owner is gone, a target is rung for the customer
	Together    Stage = "together"     // everyone hears everyone
	HandingOver Stage = "handing_over" // the owner leaves once the other two are joined
	Recovering  Stage = "recovering"   // the owner was lost; the customer hears music
	Awaiting    Stage = "awaiting"     // the customer was lost and can come back
	Choosing    Stage = "choosing"     // waits too, and may leave a message or ask to be called back
	Recording   Stage = "recording"    // the customer leaves a message
	Parting     Stage = "parting"      // the customer hears that it is kept, and goodbye
	Ending      Stage = "ending"       // everybody is being released
	Ended       Stage = "ended"
)

// Role is a leg's part in the call.
type Role string

// The roles.
const (
	Customer Role = "customer"
	Agent    Role = "agent"
)

// Purpose is why an agent's leg was dialled.
type Purpose string

// The purposes. They travel to the agent's page with the ring.
const (
	Offer  Purpose = "offer"  // a waiting customer
	Target Purpose = "target" // brought in by a colleague
	Rejoin Purpose = "rejoin" // coming back after a lost line, or taking the customer; the page accepts by itself
	Again  Purpose = "again"  // a customer they had before, who has nobody now
)

// Status is how far the carrier has taken a leg. It only rises, so late and
// repeated callbacks do no harm.
type Status int

// The statuses in order.
const (
	Planned Status = iota // we want it; the carrier has not confirmed a dial
	Dialled
	Ringing
	Answered
	Over
)

// Outcome is how a leg ended.
type Outcome string

// The outcomes.
const (
	NoOutcome   Outcome = ""
	Completed   Outcome = "completed"
	Busy        Outcome = "busy" // a browser's reject, too
	NoAnswer    Outcome = "no_answer"
	Canceled    Outcome = "canceled"
	Failed      Outcome = "failed"
	Unreachable Outcome = "unreachable" // no phone registered: 404 or 480
	Passed      Outcome = "passed"      // the agent pressed Pass
	NotHeld     Outcome = "not_held"    // of a notice: the carrier would not hold the leg
	Interrupted Outcome = "interrupted" // of a notice: the ring was stopped, the customer was lost
	NotFreeNow  Outcome = "not_free"    // of a notice: was not rung at all
	Machine     Outcome = "machine"     // of a telephone: an answering machine took the call
)

// Release says that a leg is no longer wanted, and who decided so.
type Release string

// The releases.
const (
	Kept Release = ""
	// Dropped by a rule: a ring that ran out. If it answers after all and the
	// customer has nobody, it is kept again.
	Dropped Release = "dropped"
	// Dismissed by a person's request: never taken back.
	Dismissed Release = "dismissed"
	// Lost: its page says that it has no such call any more, or has come back.
	Lost Release = "lost"
	// Doubled: a second connection of one dial, which the carrier made twice.
	// Nobody is to be in it.
	Doubled Release = "doubled"
)

// Leg is one party's connection (Twilio's "Call").
type Leg struct {
	ID      LegID
	Role    Role
	Agent   agent.ID
	Purpose Purpose
	Key     string // one-time key by which the agent's page knows a rejoin as its own
	// Phone is the telephone number that is rung, in E.164; empty: the agent's browser.
	// Accepted: the key was pressed there, or the owner has vouched for whoever is
	// there. Human: the carrier has heard a person.
	Phone           string
	Accepted, Human bool
	Release         Release

	Account, SID string // the carrier's account and id; empty until known
	Status       Status
	Outcome      Outcome
	Seq          int // highest SequenceNumber of the leg's own callbacks, -1 before any

	// The newest room the leg joined, and what holds in it. A room fact counts
	// only for this room and only when RoomSeq rises.
	RoomSID string
	RoomSeq int
	InRoom  bool
	Held    bool
	Muted   bool
	// HoldSure: the carrier answered that the leg is held, or it was seen held. A
	// callback alone does not say so: it may be an older hold's.
	HoldSure bool
	// Admitted: the leg was told to go into the room when it last asked, or was
	// seen there; it may be in though nobody has told us. Parked: it was told to
	// wait outside with music.
	Admitted, Parked bool
	// Told: what of a document of ours the customer was told outside the room, as
	// saying names it; empty: nothing, or they have been sent back in.
	Told string
	// Elsewhere: the room bears another name than the call's. AstrayAt is since when
	// the leg has been where nobody of its call is, and Strays how often that was so
	// since it was last with the customer.
	Elsewhere bool
	AstrayAt  time.Time
	Strays    int
	// SelfMuted: the microphone is off in the agent's own browser.
	SelfMuted bool

	PlannedAt, RangAt, AnsweredAt, OverAt time.Time
	// OutSince is when an answered leg was last seen outside the room.
	OutSince time.Time

	// DialUnknown: a dial was sent and no answer came; the carrier must be asked
	// before it is repeated. Looks counts how often it was asked in vain.
	DialUnknown bool
	Looks       int
	// Refusal is why the carrier has not dialled the leg so far. Queued is how long
	// the dial had to wait at the carrier when it was taken.
	Refusal Refusal
	Queued  time.Duration
	// Moves counts what the carrier told of this leg. LookedAt holds its value
	// when a look began: a leg that moved meanwhile ignores what the look saw.
	Moves, LookedAt int
}

// Notice is the last thing that went otherwise than the owner asked.
type Notice struct {
	Kind  Outcome
	Agent agent.ID
	Team  string // instead of Agent: a team, of which nobody came
	Why   string // Agent's own word, for Passed; may be empty
	// Refusal is the carrier's word, for Failed; may be zero.
	Refusal Refusal
	At      time.Time
}

// Pass remembers that an agent is not to be offered this call before Until.
type Pass = agent.Pass

// Call is a customer's whole conversation.
type Call struct {
	ID      ID
	Account string // the carrier account it came through
	// Room is the conference's name: the first customer leg's CallSid, for ever.
	Room string
	// Number is the customer's address as the carrier gave it; Name what to call them.
	Number, Name string
	// Dialled is which number of ours the customer called; empty: they called from a page.
	// Language is what they are spoken to in, a name such as de, for the whole call;
	// empty: the desk's own.
	Dialled, Language string
	// Return is the SHA-256, in hex, of the key with which the customer's page
	// comes back into this call; empty: it cannot.
	Return string
	// CallToken is what the carrier gave with the call, so that another leg may show the
	// customer's number; empty: nothing. It is a credential.
	CallToken string
	// Limits are the times that are this desk's own.
	Limits Limits
	// Recovery off: the tutorial's behaviour, where a hang-up is always meant.
	Recovery bool

	Stage      Stage
	Generation int // counts stage changes; a deadline of an older one is stale
	Since      time.Time
	Deadline   time.Time // zero: none

	StartedAt time.Time
	WaitingAt time.Time // since when the customer waits in line
	TalkedAt  time.Time // when somebody first spoke with them
	EndedAt   time.Time
	// Team is whom the customer waits for; empty: anybody. Widened: for so long that
	// anybody may have them.
	Team    string
	Widened bool
	// Returned says why the customer is back in line; empty for a new caller.
	Returned string
	// NotTaken is who did not take a customer that was sent to them, and is back for
	// that; nobody: another reason. TakeOutcome is how that went.
	NotTaken    agent.ID
	TakeOutcome Outcome

	Owner  agent.ID // responsible for the customer; empty while nobody is
	Target agent.ID // being offered or brought in
	Asked  string   // the reason the target was given
	// AskedBy is who has the target rung: the owner, or a lead who sends the customer on.
	AskedBy agent.ID
	// Seeking are those to be rung if the target does not come, in this order, and
	// Tried who has been; only while somebody is being brought in.
	Seeking []Address
	Tried   []agent.ID
	// LostAgent was the owner until the line broke, and comes back as a third
	// until LostUntil.
	LostAgent agent.ID
	LostUntil time.Time

	// HoldSince is since when somebody has been on hold by the owner's wish, and
	// Reminded how often the owner was reminded of it. BackAt is when the owner
	// goes back to the customer without asking; zero: not by itself.
	HoldSince time.Time
	Reminded  int
	BackAt    time.Time
	// Former has handed the customer over, or sent them on, and may have them back.
	Former agent.ID
	// Home is the team of who last gave the customer on; empty: none.
	Home string
	// TakingBack: the target of an invitation is the former owner, who is to have
	// the customer when in.
	TakingBack bool
	// Taking: the target has taken a customer who needed somebody, and is to have
	// them when in.
	Taking bool
	// Note is what the agents have written down of the call; NoteBy who wrote it
	// last, until the timeline has it.
	Note   string
	NoteBy agent.ID
	// Topic is why the customer called, and Conclusion what the call came to: one of
	// the desk's outcomes, in the word of whoever had the customer.
	Topic      string
	Conclusion string
	// Vouched is who the customer is by the word of the site they called from.
	Vouched Vouched
	// Stars are the customer's rating, 1 to MostStars; 0: none.
	Stars int
	// Recent is which call of this customer it is within a week, from 1; 0: not known.
	Recent int
	// LostIn, while Recovering, is what was going on when the owner was lost, if it
	// was private: Asking or Private.
	LostIn Stage
	// Place, while Awaiting, is the stage the customer comes back into. Where that is
	// Recovering, the owner is waited for until OwnerUntil.
	Place      Stage
	OwnerUntil time.Time
	// LastWith is who last spoke with the customer. Moved: not the first who did.
	LastWith agent.ID
	Moved    bool
	// Choice is how far a customer who will not be served soon has been asked what
	// else they want, and Wishes what they have left us.
	Choice Choice
	Wishes []Wish
	// Tapes are the messages of which we have not heard what became of them.
	Tapes []Tape
	// Watches are those who supervise the call, in order of coming.
	Watches []Watch
	// Recorder is what is recorded of the conversation.
	Recorder Recorder

	Notice *Notice
	Passes []Pass
	// DialFailures counts dials in a row that the carrier did not take;
	// NotBefore holds the next offer back accordingly.
	DialFailures int
	NotBefore    time.Time
	// Begun is the SID of the room if an agent has ever been in it: from then on
	// a waiting customer is held, because what a lone participant hears is not
	// certain (transfer.md, Twilio's edges).
	Begun string

	// OldRooms are conferences that are over or were left for a newer one of the
	// same name: a late word from one of them counts for nothing.
	OldRooms []string
	// NoHold is the conference in which the carrier refused to hold or unhold a
	// leg for good. What must change there is done by sending the leg in afresh.
	NoHold string

	// Doubt: the carrier is to be looked at though nothing seems wrong.
	Doubt bool
	// SeenAt is when a look at the carrier last came back. LookAgain is when the
	// second look after an unknown outcome is due: the first may have come before
	// the carrier did what it was asked.
	SeenAt, LookAgain time.Time

	// Paged are the legs that an agent's page has told of as its own. Suspicions
	// are about those of them whose page is not heard of (suspect.go).
	Paged      []LegID
	Suspicions []Suspicion

	Legs   []Leg
	LegSeq int // number of the last leg
	Doing  []Doing

	// News is what the last Step decided or learned, in order: timeline entries
	// and what the roster must hear. It is not part of the stored call.
	News []News
}

// Times of the rulebook (transfer.md, Stages).
const (
	DialTime     = 8 * time.Second  // from the dial to the first ringing
	RingTime     = 20 * time.Second // from the first ringing
	ConnectTime  = 8 * time.Second  // from answer to the room
	HandOverTime = 5 * time.Second
	AgainTime    = 10 * time.Second // the ring of a customer who comes back to their agent
	TakeBackTime = 20 * time.Second
	RecoverTime  = 15 * time.Second
	PrivateTime  = 6 * time.Second  // for an owner who is lost where somebody else may take over
	BackTime     = 10 * time.Second // for an owner whose target is lost, alone on hold
	WordTime     = 5 * time.Minute  // on hold, before the customer hears a word
	EndingTime   = 10 * time.Second
	OwedTime     = 8 * time.Second  // a customer outside the room for so long is sent in afresh
	YoungTime    = 3 * time.Second  // a page may not have heard of a line answered so recently
	LinkTime     = 15 * time.Second // an agent whose page was not heard of for so long is suspect
	AloneTime    = 2 * time.Second  // a customer alone in the room hears music after so long
	ResumeTime   = 5 * time.Second  // what an overdue deadline gets after the desk was down
	SeekTime     = 5 * time.Second  // for routing to say who is rung next
	TeamTime     = 60 * time.Second // in line for a team, before anybody is asked
	PassTime     = 60 * time.Second // an agent who passed is not offered the call again before
	FailTime     = 10 * time.Second // nor one whom the carrier would not dial
	RejoinPause  = 2 * time.Second  // between two dials of a rejoin
	SecondLook   = 10 * time.Second // after a look that followed an unknown outcome
)

// Leg finds a leg by id; nil when the call has none.
func (c *Call) Leg(id LegID) *Leg {
	for i := range c.Legs {
		if c.Legs[i].ID == id {
			return &c.Legs[i]
		}
	}
	return nil
}

// LegBySID finds a leg by the carrier's id.
func (c *Call) LegBySID(sid string) *Leg {
	if sid == "" {
		return nil
	}
	for i := range c.Legs {
		if c.Legs[i].SID == sid {
			return &c.Legs[i]
		}
	}
	return nil
}

// CustomerLeg is the newest of the customer's legs.
func (c *Call) CustomerLeg() *Leg {
	for i := len(c.Legs) - 1; i >= 0; i-- {
		if c.Legs[i].Role == Customer {
			return &c.Legs[i]
		}
	}
	return nil
}

// AgentLeg is the newest leg of an agent that is neither over nor released.
func (c *Call) AgentLeg(id agent.ID) *Leg {
	if id == "" {
		return nil
	}
	for i := len(c.Legs) - 1; i >= 0; i-- {
		l := &c.Legs[i]
		if l.Role == Agent && l.Agent == id && l.Release == Kept && l.Status != Over {
			return l
		}
	}
	return nil
}

// Live reports whether anything is left to do for the call.
func (c *Call) Live() bool { return c.Stage != Ended }

// clone copies what Step may write to.
func (c Call) clone() Call {
	c.Legs = slices.Clone(c.Legs)
	c.Doing = slices.Clone(c.Doing)
	c.Passes = slices.Clone(c.Passes)
	c.Seeking, c.Tried = slices.Clone(c.Seeking), slices.Clone(c.Tried)
	c.OldRooms = slices.Clone(c.OldRooms)
	c.Paged = slices.Clone(c.Paged)
	c.Suspicions = slices.Clone(c.Suspicions)
	c.Wishes = slices.Clone(c.Wishes)
	c.Tapes = slices.Clone(c.Tapes)
	c.Watches = slices.Clone(c.Watches)
	c.Recorder = c.Recorder.clone()
	c.News = nil
	return c
}

// in reports whether the leg is in the room, answered and neither held nor on
// its way out.
func (l *Leg) in() bool {
	return l != nil && l.Status == Answered && l.InRoom && !l.Held && l.Release == Kept
}

// alive reports whether the leg has not ended as far as we know.
func (l *Leg) alive() bool { return l != nil && l.Status != Over }
