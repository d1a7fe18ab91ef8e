package call

import (
	"time"

	"warmdesk/agent"
)

// Event is something that happens to a call: a Request, which may be refused,
// or a fact, which is never refused and at most ignored.
type Event interface{ callEvent() }

// RequestKind is what a person may ask for: the last element of
// POST /api/calls/{call}/{request}.
type RequestKind string

// The requests built so far.
const (
	Answer RequestKind = "answer"
	PassOn RequestKind = "pass"
	Invite RequestKind = "invite" // bring a colleague in, all three at once
	Cancel RequestKind = "cancel" // stop the ring, back to the customer
	Leave  RequestKind = "leave"  // the others go on
	Remove RequestKind = "remove" // take the target out again
	End    RequestKind = "end"    // end the call for everybody

	PutOnHold RequestKind = "hold"
	Resume    RequestKind = "resume"   // back to the customer
	Consult   RequestKind = "consult"  // speak with a colleague, the customer on hold
	Swap      RequestKind = "swap"     // the one on hold comes in, the other goes on hold
	Merge     RequestKind = "merge"    // all three
	HandOver  RequestKind = "handover" // the target has the customer
	Keep      RequestKind = "keep"     // stay in after all
	Take      RequestKind = "take"     // the owner is lost, or holds for too long: the customer is mine
	TakeBack  RequestKind = "takeback" // the customer who was just handed over
	Finish    RequestKind = "finish"   // no taking back
	Send      RequestKind = "send"     // to a target without asking them
	Requeue   RequestKind = "requeue"  // back to the queue
	Redial    RequestKind = "redial"   // the target who did not come, once more
	Write     RequestKind = "note"     // the call's shared note
	SetTopic  RequestKind = "topic"    // why the customer called
	Conclude  RequestKind = "outcome"  // what the call came to, in the agent's word

	RecordPause  RequestKind = "record-pause"  // nothing is recorded, for a card number say
	RecordResume RequestKind = "record-resume" // it goes on
	RecordStop   RequestKind = "record-stop"   // for good: the customer does not want it
)

// Request is what an agent asks. The roster's view of the people concerned
// comes with it, because the rulebook cannot look it up.
type Request struct {
	Kind RequestKind
	By   agent.ID
	To   agent.ID
	// Sought are those asked for, one after the other: To is the first of them who is
	// free, as one of As. Empty: To alone.
	Sought []Address
	As     Address
	Reason string // at most 80 characters: for the target; of PassOn, for whoever asked
	// Text of what is written down: at most MostNote, MostTopic, MostConclusion
	// characters.
	Text string
	// After: By is in the time after this very call, and so may still write.
	After bool
	Key   string // fresh, unguessable: for TakeBack and Take, which the page accepts by itself
	// Phone is where whoever is to be rung has their calls, To or By; empty: at their
	// browser. In E.164.
	Phone string
	// Home is the owner's team, the one that the customer waited for if they are in it;
	// empty: none.
	Home string
	// Free: for Answer and Take, By may take a call; for Listen, Coach and Join, By may
	// be rung; for Invite, Consult, Send and Redial, the target may be.
	Free bool
	// Lead: By is one of those who look after the others. Private: they may listen
	// without those on the call being told.
	Lead, Private bool
}

type (
	// Arrived is a new customer leg, already answered or about to be. Create
	// makes the call. On a call that exists it is the customer who comes back, if
	// Return is the call's; anything else is a repeat and ignored.
	Arrived struct {
		Call         ID
		Account, SID string
		Number, Name string
		Team         string // whom they want to speak to; empty: anybody
		// Dialled is the number of ours they called, and Language what they are spoken to
		// in; see Call.
		Dialled, Language string
		Recovery          bool
		CallToken         string // see Call
		Topic             string // why they call, where their page told it
		Recent            int    // see Call
		// Since is when they asked to call: they keep their place in line for PlaceTime.
		// Zero: they call now.
		Since time.Time
		// Vouched is what the site that shows the page has signed of them.
		Vouched Vouched
		// Return is the SHA-256, in hex, of the key of the customer's page; may be
		// empty.
		Return string
		// Returning: the leg was in progress before we first heard of it, so the
		// customer has waited already, in a room named by this very leg.
		Returning bool
		// Announcement is what the customer is told because the call is recorded;
		// empty: it is not.
		Announcement string
		// Limits are the times that are this desk's own.
		Limits Limits
	}
	// CustomerLeft is the customer's own word that they leave: End was pressed.
	CustomerLeft struct{}
	// Offered is routing's choice of an agent for a queued customer.
	Offered struct {
		Agent agent.ID
		Phone string // where they are rung; empty: at their browser
	}
	// Sought is routing's choice of who is rung next for a call that seeks; nobody:
	// nobody of them is free.
	Sought struct {
		Candidate
		Phone string // where they are rung; empty: at their browser
	}
	// LegMoved is the carrier's word on a leg's progress: a status callback or a
	// webhook that names one.
	LegMoved struct {
		Leg          LegID // or, when empty,
		Account, SID string
		Status       Status
		Outcome      Outcome
		// Seq is the callback's SequenceNumber; -1 where there is none.
		Seq int
		// By is what the carrier has heard at the other end of a telephone.
		By Answerer
		// Asks: the leg asks what to do and is answered with DocumentFor. It is in
		// no room, then.
		Asks bool
	}
	// RoomMoved is a participant event of the conference. Each carries the whole
	// state of the participant, so that the one with the highest Seq is the truth
	// whatever came before it or never came.
	RoomMoved struct {
		SID     string // the participant's CallSid
		RoomSID string
		Name    string // the conference's name; empty: not told
		Seq     int
		Move    RoomMove
		// Held and Muted are the callback's Hold and Muted parameters. Where Move
		// says otherwise, Move is right.
		Held, Muted bool
	}
	// RoomOver is the end of a conference.
	RoomOver struct {
		RoomSID string
		Seq     int
	}
	// AskedAgain is a leg that fell out of its <Dial> and asks what is next.
	AskedAgain struct{ SID string }
	// Result is how an action went.
	Result struct {
		Key     string
		Kind    ActionKind
		Attempt int
		Verdict Verdict
		SID     string // of a dial that was taken, or found
		// Others are what else a Find may mean, the likeliest first: several calls may
		// ring one number. Whoever brings the result home leaves out what is another
		// call's; Step does not look at them.
		Others []string
		Seen   []Seen // of a look
		// Messages are what a leg has left, of Collect. Done: that is all there will be.
		Messages []Message
		// Tracks are what the carrier says of recordings of the leg.
		Tracks []Track
		// Why is in words, for the timeline; empty: not worth a line there, as of a
		// request that was not sent because others had failed just before.
		Why string
		// Refusal says the same to people, in the transfer's outcome.
		Refusal Refusal
		// RetryIn is the least pause before the next attempt that whoever carried it
		// out asks for; RetryMost is the longest. Not of what is Done.
		RetryIn time.Duration
		// Queued is how long a dial that was taken waits at the carrier before it
		// rings: a busy account's calls are made one after the other.
		Queued time.Duration
	}
	// TimePassed is a deadline of generation Generation, or a wake-up for an
	// action that waits for its turn (then Generation is ignored).
	TimePassed struct{ Generation int }
	// SelfMuted is an agent's page that tells of its line, and whether it has muted
	// its own microphone. The carrier does not know, and the room's own mute stays
	// what it is.
	SelfMuted struct {
		Agent agent.ID
		SID   string
		Muted bool
	}
	// Doubted asks for a look at the carrier: every minute, and after a gap.
	Doubted struct{}
	// Resumed is the first event after the desk was down: an overdue deadline
	// gets a moment more, and the carrier is looked at.
	Resumed struct {
		// Began is when this desk started: nobody answers any more for what was
		// under way by then. Zero: somebody may.
		Began time.Time
	}
	// Unattended says that a customer in line will not be served soon.
	Unattended struct{ Why agent.Unserved }
	// Chose is what a customer pressed when they were asked.
	Chose struct {
		SID string
		// Question is the number of the question that it answers (Choice.Question).
		Question int
		Digits   string
	}
	// Recorded is what became of a message. It may come after the call's end.
	Recorded struct {
		SID      string
		Question int // under which it was asked for
		// RecordingSID is the carrier's id of it; empty: nothing was said.
		RecordingSID string
		Length       time.Duration // negative: not known
		// Asks: the leg asks what to do now, and is answered with DocumentFor.
		Asks bool
	}
	// CallMeBack is a customer who asks on their own page to be called back. Unlike
	// a fact it may be refused.
	CallMeBack struct{ Number string }
	// Rate is what a customer says of the call when it is over, on their own page. It
	// may be refused, too.
	Rate struct{ Stars int } // from 1 to MostStars
	// AgentBack is an agent's page, there again with a registered phone and no
	// live call.
	AgentBack struct {
		Agent agent.ID
		Key   string // unguessable, of this dial alone
		// Fresh: the phone has registered this moment, so a dial that failed before
		// says nothing.
		Fresh bool
	}
	// LinkGone is an agent's page that has not been heard of for LinkTime, and
	// LinkBack one that is heard of again.
	LinkGone struct{ Agent agent.ID }
	LinkBack struct{ Agent agent.ID }
	// RingLost is an agent whose page is gone while it rings. It may have been rung
	// on another one: then the answer comes all the same, and counts as a late one.
	RingLost struct{ Agent agent.ID }
	// AgentGone is an agent's page that says hello, perhaps without the call we
	// think it has; Live is the CallSid it does have, or empty.
	AgentGone struct {
		Agent agent.ID
		Live  string
		// Fresh: it is another page than before, and so it cannot have answered what
		// it does not name. Loaded is since when the page has been there: it cannot
		// have answered anything before, either. Zero: not known.
		Fresh  bool
		Loaded time.Time
	}
)

// RoomMove is what a participant did.
type RoomMove string

// The moves.
const (
	Joined   RoomMove = "join"
	Left     RoomMove = "leave"
	HeldNow  RoomMove = "hold"
	Unheld   RoomMove = "unhold"
	MutedNow RoomMove = "mute"
	Unmuted  RoomMove = "unmute"
)

// Answerer is what answers a telephone.
type Answerer string

// What a carrier may tell of it; it often does not know.
const (
	NotHeard  Answerer = ""
	Person    Answerer = "person"
	Machinery Answerer = "machine"
)

// Verdict classifies the end of an action.
type Verdict string

// The verdicts.
const (
	Done    Verdict = "done"
	Refused Verdict = "refused" // for good: asking again will not help
	Missing Verdict = "missing" // 404, 21220: the leg seems to be gone
	Unknown Verdict = "unknown" // time-out, reset, 5xx: it may have happened
	TryBack Verdict = "later"   // 429, or the carrier not reachable: it did not happen
)

// Seen is one leg as a look at the carrier found it.
type Seen struct {
	Leg     LegID
	Found   bool // false: the carrier does not know it (404 under its own account)
	Status  Status
	Outcome Outcome
	RoomSID string // empty: not in the room
	Begun   bool   // the room's conference has begun, whoever is left in it
	Held    bool
	Muted   bool
	Coaches string // the SID of the leg that alone hears it; empty: it does not coach
}

// Message is one that the carrier has recorded.
type Message struct {
	RecordingSID string
	Length       time.Duration
}

func (Request) callEvent()      {}
func (Unattended) callEvent()   {}
func (Chose) callEvent()        {}
func (Recorded) callEvent()     {}
func (CallMeBack) callEvent()   {}
func (Rate) callEvent()         {}
func (Arrived) callEvent()      {}
func (CustomerLeft) callEvent() {}
func (Offered) callEvent()      {}
func (Sought) callEvent()       {}
func (LegMoved) callEvent()     {}
func (RoomMoved) callEvent()    {}
func (RoomOver) callEvent()     {}
func (AskedAgain) callEvent()   {}
func (Result) callEvent()       {}
func (TimePassed) callEvent()   {}
func (SelfMuted) callEvent()    {}
func (Doubted) callEvent()      {}
func (Resumed) callEvent()      {}
func (AgentBack) callEvent()    {}
func (AgentGone) callEvent()    {}
func (LinkGone) callEvent()     {}
func (LinkBack) callEvent()     {}
func (RingLost) callEvent()     {}

// NewsKind names a timeline entry.
type NewsKind string

// The kinds of news.
const (
	NewsArrived    NewsKind = "arrived"
	NewsWidened    NewsKind = "widened" // offered to anybody from now on: Why tells which team did not come
	NewsOffered    NewsKind = "offered"
	NewsMissed     NewsKind = "missed"      // the ring ran out
	NewsPassed     NewsKind = "passed"      // declined
	NewsNotReached NewsKind = "not_reached" // no phone registered
	NewsDialFailed NewsKind = "dial_failed" // the carrier would not
	NewsAnswered   NewsKind = "answered"
	NewsTalking    NewsKind = "talking"
	NewsInvited    NewsKind = "invited"
	NewsInviteOver NewsKind = "invite_over" // nobody came: see Outcome
	NewsNotFree    NewsKind = "not_free"    // was not rung; of a team Why tells
	NewsCancelled  NewsKind = "cancelled"
	NewsTogether   NewsKind = "together"
	NewsHeld       NewsKind = "held"
	NewsNotHeld    NewsKind = "not_held" // the carrier would not
	NewsResumed    NewsKind = "resumed"
	NewsReminded   NewsKind = "reminded"      // still on hold
	NewsNeedsHelp  NewsKind = "needs_someone" // on hold for so long that somebody else should look
	NewsConsulting NewsKind = "consulting"
	NewsPrivate    NewsKind = "private"
	NewsSwapped    NewsKind = "swapped"
	NewsKept       NewsKind = "kept_in"
	NewsTakingBack NewsKind = "taking_back"
	NewsTaking     NewsKind = "taking" // somebody who was not on the call
	NewsTaken      NewsKind = "taken"  // by Agent, who answered late: Other's ring ends
	NewsNoted      NewsKind = "noted"
	NewsTopic      NewsKind = "topic"     // Why is why the customer called
	NewsConcluded  NewsKind = "concluded" // Why is what the call came to
	NewsSent       NewsKind = "sent"
	NewsNotTaken   NewsKind = "not_taken" // sent, and the target did not come: see Outcome
	NewsLeft       NewsKind = "left"
	NewsRemoved    NewsKind = "removed"
	NewsHandedOver NewsKind = "handed_over"
	NewsLost       NewsKind = "lost"
	NewsSuspect    NewsKind = "suspect"   // the page is not heard of
	NewsLinkBack   NewsKind = "link_back" // it is again
	NewsTookOver   NewsKind = "took_over"
	NewsRejoining  NewsKind = "rejoining"
	NewsRejoined   NewsKind = "rejoined" // back with the customer; with Other: back in private
	NewsReturned   NewsKind = "returned"
	NewsCallerLeft NewsKind = "caller_left"
	NewsCallerLost NewsKind = "caller_lost" // and may come back; Other was being rung, Agent has them or has sent them on
	NewsCallerBack NewsKind = "caller_back"
	NewsCallerGone NewsKind = "caller_gone" // lost, and not back in time
	NewsEnded      NewsKind = "ended"
	NewsAskedElse  NewsKind = "asked_else" // whether they want something else than wait: see Why
	NewsRecording  NewsKind = "recording"  // leaves a message
	NewsNoMessage  NewsKind = "no_message" // nothing was said
	NewsWish       NewsKind = "wish"       // left us something to do: see Wish
	NewsParted     NewsKind = "parted"     // the call is over, with something left to do
	NewsRated      NewsKind = "rated"      // by the customer: Why is how many stars
	NewsTrouble    NewsKind = "trouble"    // an action failed; Why says how
	NewsStuck      NewsKind = "stuck"      // the customer was sent into the room afresh

	NewsRecorded      NewsKind = "recorded" // the conversation is recorded from now on; by an agent: again
	NewsRecordPaused  NewsKind = "recording_paused"
	NewsRecordLoud    NewsKind = "recording_unpaused" // it was to be paused, and is not
	NewsRecordStopped NewsKind = "recording_stopped"
	NewsRecordFailed  NewsKind = "not_recorded"      // the carrier would not
	NewsTrackKept     NewsKind = "recording_kept"    // complete: see Track
	NewsTrackDeleted  NewsKind = "recording_deleted" // Why tells by what rule
	NewsErased        NewsKind = "erased"            // the customer is not known any more: see Why
)

// News is one thing a Step decided or learned.
type News struct {
	At      time.Time
	Kind    NewsKind
	Agent   agent.ID // whom it is about
	Other   agent.ID // the second person, where there is one
	Outcome Outcome
	Why     string
	Wish    *Wish
	Track   *Track
}
