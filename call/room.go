package call

import (
	"warmdesk/agent"
)

// DocumentKind is what a leg is told when it asks what to do.
type DocumentKind string

// The documents.
const (
	EnterRoom DocumentKind = "enter"
	SayGone   DocumentKind = "gone" // words, then hang-up
	// WaitOutside is music outside the room. An agent asks again when it has
	// played; a customer hears it for ever, because we may be down, and is sent in.
	WaitOutside DocumentKind = "wait"
	// AskKey is words and music, in which one key may be pressed; AskNumber is
	// words, and then a telephone number is typed; AskMessage is words, and then a
	// message is recorded. Whoever does nothing hears music for ever.
	AskKey     DocumentKind = "ask_key"
	AskNumber  DocumentKind = "ask_number"
	AskMessage DocumentKind = "ask_message"
	// AskAccept is KeyWords to a telephone that was picked up, and AcceptKey may be
	// pressed (KeyPressed). They are repeated: the rulebook ends the ring.
	AskAccept DocumentKind = "ask_accept"
)

// Document is the answer to a leg that asks what to do: decided from the state
// at the moment of asking, never from a request to the carrier.
type Document struct {
	Kind  DocumentKind
	Words Words // spoken first; may be empty
	// Question is what the answer is to name (Chose, Recorded).
	Question int
	// StartOnEnter and EndOnExit are the conference flags (architecture.md, The
	// tutorial's flags).
	StartOnEnter, EndOnExit bool
	// Muted: whoever comes in is heard by nobody.
	Muted bool
}

// DocumentFor is what a leg is to be told now.
func DocumentFor(c Call, id LegID) Document {
	l := c.Leg(id)
	if l == nil {
		return Document{Kind: SayGone, Words: Words{wordsUnknown}}
	}
	switch {
	case c.wanted(l) == Gone && l.Role == Customer:
		return Document{Kind: SayGone}
	case c.wanted(l) == Gone:
		return Document{Kind: SayGone, Words: c.goneWords(l)}
	case c.wanted(l) == Apart:
		return c.speech()
	case c.asksForKey(l):
		return Document{Kind: AskAccept}
	case c.parks(l):
		return Document{Kind: WaitOutside}
	case l.Role == Customer:
		d := Document{Kind: EnterRoom, EndOnExit: !c.Recovery}
		if c.announces(l) {
			d.Words = Words{c.Recorder.Announcement}
		}
		return d
	case l.Role == Supervisor:
		return Document{Kind: EnterRoom, Muted: true}
	}
	return Document{
		Kind: EnterRoom, StartOnEnter: true,
		// Whom the customer does not hear cannot end the call by leaving.
		EndOnExit: !c.Recovery && l.Purpose == Target && !c.discreet(),
	}
}

// goneWords tells an agent who answered too late why there is nobody.
func (c *Call) goneWords(l *Leg) Words {
	switch {
	case l.Outcome == Machine:
		return nil // nothing is left on a mailbox
	case c.Stage == Awaiting:
		return Words{wordsAway}
	case !c.CustomerLeg().alive() || c.Stage == Ending || c.Stage == Ended:
		return Words{wordsHungUp}
	case l.Release == Dismissed && l.RoomSID != "":
		return Words{wordsLeft}
	case l.Role == Supervisor:
		return Words{wordsUnwatched}
	case l.Release == Doubled:
		return Words{wordsUnknown}
	case l.Release == Dropped && c.Owner == "":
		return Words{wordsTooLate}
	}
	return Words{wordsTaken}
}

// Words for an agent who answers when there is nobody to be joined to.
const (
	wordsHungUp = "The caller has hung up."
	wordsLeft   = "You have left the call."
	wordsTaken  = "A colleague has taken the call."
)

// wordsUnknown are for a leg that belongs to no call, or to none of its people.
const wordsUnknown = "This call is not known here. Goodbye."

// wordsUnwatched are for a supervisor whose answer comes when there is nothing to hear.
const wordsUnwatched = "There is nothing to listen to any more. Goodbye."

// wordsTooLate are for an agent whose answer crosses the end of the ring.
const wordsTooLate = "The ring was over already. The caller goes on waiting for the next free agent."

// Words spoken to a waiting customer before the music.
const (
	// Announcement is what a customer is told whose call is recorded, unless other
	// words are set.
	Announcement = "This call may be recorded."
	Welcome      = "Thank you for calling. Please wait in line for a few seconds. " +
		"An agent will be with you shortly."
	WordsRecovering = "One moment, please. The connection to your agent was interrupted. " +
		"We are getting somebody back to you."
	WordsChecking = "One moment, please. We are looking after the connection to your agent."
	WordsPassedOn = "You are at the front of the line, and somebody will be with you shortly."
	WordsHeld     = "One moment, please. Your agent will be right back with you."
	WordsAsking   = "One moment, please. Your agent is asking a colleague."
	WordsStillOn  = "Thank you for waiting. Your agent has not forgotten you, and will be back with you as soon as possible."
	WordsBack     = "You are back, and your place in line is kept. Somebody will be with you shortly."
	WordsReturned = "We are sorry, the connection to your agent was lost. " +
		"You are at the front of the line, and somebody will be with you shortly."
)

// wordsAway is for an agent whose answer crosses the customer's being lost.
const wordsAway = "The caller's connection was lost. Thank you."

// WordsTrouble is for an agent who answers while the desk cannot tell what the
// call is.
const WordsTrouble = "The desk cannot connect you right now. The caller goes on waiting. Goodbye."

// WordsNoTicket is for a customer's page that calls a second time with what was
// given it for one call.
const WordsNoTicket = "This page may call once only. Please load it again and call once more. Goodbye."

// WordsFor is what the customer is told when the music begins.
func WordsFor(c Call) string {
	switch {
	case c.suspected(c.Owner) && (c.Stage == Recovering || c.Stage == Swapped):
		return WordsChecking
	case c.Stage == Recovering && c.LostIn == "" && c.lineClosed(c.Owner):
		return wordsLineClosed
	case c.Stage == Recovering:
		return WordsRecovering
	case c.Stage == Held:
		return WordsHeld
	case c.discreet():
		return WordsAsking
	case c.Stage == Sending, c.Returned == whyNotTaken, c.Returned == whyGivenBack, c.Returned == whyCutOff, c.Returned == whyClosed:
		return WordsPassedOn
	case c.Returned != "":
		return WordsReturned
	case c.cameBack():
		return WordsBack
	case c.Choice.Times > 0 && c.Target != "":
		return WordsComing
	case c.Choice.Times > 0:
		return wordsStay
	}
	return Welcome
}

// LaterWords is what the customer is told when they have heard music for
// WordTime; may be empty.
func LaterWords(c Call) string {
	if c.discreet() && c.Stage != Recovering {
		return WordsStillOn
	}
	return ""
}

// Hears reports whether the party of leg a is meant to hear the party of leg b
// now: both are in the room and neither is held or on the way out. Who supervises hears
// everybody, and is heard by whom the voice is for.
func Hears(c Call, a, b LegID) bool {
	if a == b {
		return false
	}
	return c.conversing(c.Leg(a)) && c.conversing(c.Leg(b)) && c.reaches(c.Leg(b), c.Leg(a))
}

func (c *Call) conversing(l *Leg) bool { return l.in() && c.wanted(l) == InRoom && c.accompanied(l) }

// ClaimKind is why an agent is taken.
type ClaimKind string

// The claims.
const (
	ClaimOffer ClaimKind = "offer"
	ClaimLive  ClaimKind = "live"
)

// Claim says that an agent's one ring or one live customer is this call.
type Claim struct {
	Agent agent.ID
	Leg   LegID
	Kind  ClaimKind
}

// Claims lists the agents this call takes: whoever has a leg that is not over, who
// supervises too,
// the owner while coming back, and the former one while they may take back; nobody
// outside, who may be rung for several callers. They
// are saved with the call, and one agent claimed twice is a conflict. A claim has
// no end of its own: it lasts as long as what it stands for, which the call's
// deadline ends.
func Claims(c Call) []Claim {
	var claims []Claim
	taken := map[agent.ID]int{}
	for _, l := range c.Legs {
		if l.Role == Customer || l.Status == Over || l.Release == Doubled || Outside(l.Agent) {
			continue
		}
		kind := ClaimOffer
		if l.Status == Answered {
			kind = ClaimLive
		}
		if i, ok := taken[l.Agent]; ok {
			claims[i] = Claim{l.Agent, l.ID, kind}
			continue
		}
		taken[l.Agent] = len(claims)
		claims = append(claims, Claim{l.Agent, l.ID, kind})
	}
	claim := func(id agent.ID) {
		if _, ok := taken[id]; !ok && !Outside(id) {
			claims = append(claims, Claim{Agent: id, Kind: ClaimLive})
		}
	}
	if c.recovering() {
		claim(c.Owner)
	}
	if c.Former != "" {
		claim(c.Former)
	}
	return claims
}
