package call

import (
	"fmt"
	"slices"
	"time"

	"warmdesk/agent"
)

// The end of the ladder (architecture.md, The ladder): a customer in line whom
// nobody will serve soon is told so, and may leave a message or ask to be called
// back. Nobody is made to: whoever presses nothing goes on waiting with music,
// keeps their place, and is asked again after a while.

// Times of it. They are for people, who need longer than machines.
const (
	AskPause    = 2 * time.Minute  // from the last word of a customer, or to them, to the next question
	AskMost     = 5                // a customer is not asked more often
	SettleTime  = 10 * time.Second // in line, with the welcome or after a ring in vain, before being asked
	MessageTime = 3 * time.Minute  // the longest message
	messageOver = MessageTime + 30*time.Second
	PartingTime = 30 * time.Second // for the goodbye
)

// Choice is how far a customer has been asked what else they want.
type Choice struct {
	Why   agent.Unserved // they were asked last; empty: never
	Times int            // they were asked
	// NotBefore is when they may be asked again.
	NotBefore time.Time
	// Question counts what may be answered: an answer to an older one is late, or a
	// repeat.
	Question int
	Prompt   Prompt
	// Tries counts numbers typed that cannot be one.
	Tries int
}

// Prompt is what the present question says.
type Prompt string

// The prompts.
const (
	PromptMenu      Prompt = "menu"       // a message, a call back, or wait
	PromptStay      Prompt = "stay"       // as you like; the menu's keys still hold
	PromptNoMessage Prompt = "no_message" // nothing was recorded; the menu
	PromptNumber    Prompt = "number"     // type the number to be called back
	PromptAgain     Prompt = "again"      // that was none
)

// triesMost is how many numbers that are none a customer may type.
const triesMost = 3

// Wish is what a customer has left us to do.
type Wish struct {
	Kind      agent.TaskKind
	Number    string        // to call back at
	Recording string        // the carrier's id of a message
	Length    time.Duration // of the message; zero: not known
}

// InLine reports whether the customer waits for an agent and may be offered.
func (c *Call) InLine() bool { return c.Stage == Queued || c.Stage == Choosing }

// AskableFrom is when a customer in line may be asked what else they want; ok is
// false for whoever is not to be asked.
func (c *Call) AskableFrom() (at time.Time, ok bool) {
	if !c.InLine() || c.Choice.Times >= AskMost {
		return time.Time{}, false
	}
	at = c.Choice.NotBefore
	if settled := c.Since.Add(SettleTime); c.Stage == Queued && settled.After(at) {
		at = settled
	}
	return at, true
}

// unattended asks the customer, if it is time to.
func (c *Call) unattended(e Unattended, now time.Time) {
	if at, ok := c.AskableFrom(); !ok || now.Before(at) || e.Why == "" {
		return
	}
	c.Choice.Why = e.Why
	c.Choice.Times++
	c.report(now, News{Kind: NewsAskedElse, Why: string(e.Why)})
	c.choose(PromptMenu, now)
}

// choose puts a question to the customer.
func (c *Call) choose(p Prompt, now time.Time) {
	c.Choice.Prompt = p
	c.Choice.Question++
	c.Choice.NotBefore = now.Add(AskPause)
	if c.Stage != Choosing {
		c.enter(Choosing, time.Time{}, now)
	}
}

// withdraw takes the question back when an agent comes: what is pressed now is
// late.
func (c *Call) withdraw(next Stage) {
	if c.Stage == Choosing && (next == Offering || next == Connecting || next == Sending) {
		c.Choice.Question++
	}
}

// answers reports whether what a leg says belongs to the present question. Then it
// has been told nothing since, and is where it was: outside the room.
func (c *Call) answers(sid string, question int) bool {
	return c.CustomerLeg().SID == sid && question == c.Choice.Question && question > 0
}

// answered reports whether a leg asks what is next after its message, of which a
// callback beside it has told already.
func (c *Call) answered(e Recorded) bool {
	l := c.CustomerLeg()
	return c.Stage == Parting && l.SID == e.SID && l.Told == "" && e.Question == c.Choice.Question-1
}

// chose takes what the customer pressed. One who has hung up since still wished
// to be called back.
func (c *Call) chose(e Chose, now time.Time) {
	over := c.Stage == Ending || c.Stage == Ended || c.Stage == Awaiting
	if c.Stage != Choosing && !over {
		return
	}
	switch typing := c.Choice.Prompt == PromptNumber || c.Choice.Prompt == PromptAgain; {
	case typing && agent.Dialable(e.Digits):
		c.callBack(e.Digits, now)
	case !typing && e.Digits == "2" && agent.Dialable(c.Number):
		c.callBack(c.Number, now)
	case over: // nothing that could be done
	case typing:
		c.Choice.Tries++
		if c.Choice.Tries >= triesMost {
			c.choose(PromptStay, now)
			return
		}
		c.choose(PromptAgain, now)
	case e.Digits == "1":
		c.Choice.Question++
		c.report(now, News{Kind: NewsRecording})
		c.enter(Recording, now.Add(messageOver), now)
	case e.Digits == "2":
		c.Choice.Tries = 0
		c.choose(PromptNumber, now)
	default:
		c.choose(PromptStay, now)
	}
}

// recorded takes a message. Whatever was said is kept, whenever we hear of it.
func (c *Call) recorded(e Recorded, now time.Time) {
	present := c.Stage == Recording && c.answers(e.SID, e.Question)
	if e.RecordingSID == "" || e.Length >= 0 && e.Length < time.Second {
		if present {
			c.noMessage(now)
		}
		return
	}
	known := slices.ContainsFunc(c.Wishes, func(w Wish) bool { return w.Recording == e.RecordingSID })
	if !known {
		c.wish(Wish{Kind: agent.Voicemail, Recording: e.RecordingSID, Length: max(e.Length, 0)}, now)
	}
	if present {
		c.part(now)
		// The end of the message and the question what is next come side by side.
		c.CustomerLeg().Told, c.CustomerLeg().OutSince = "", now
	}
}

// noMessage: nothing was said, or nobody told us of it in time.
func (c *Call) noMessage(now time.Time) {
	c.report(now, News{Kind: NewsNoMessage})
	c.choose(PromptNoMessage, now)
}

// callMeBack takes the wish of a customer's own page.
func (c *Call) callMeBack(e CallMeBack, now time.Time) *RefusedError {
	number, ok := agent.ReadNumber(e.Number)
	switch {
	case !c.InLine():
		return &RefusedError{Code: NotNow, Message: "You are not waiting any more, so nothing was noted."}
	case !ok:
		return &RefusedError{Code: BadRequest, Message: "That does not look like a telephone number. You keep your place in line."}
	}
	c.callBack(number, now)
	return nil
}

// callBack keeps a customer's wish to be called back, and parts from them if
// they are still there.
func (c *Call) callBack(number string, now time.Time) {
	w := Wish{Kind: agent.Callback, Number: number}
	if !slices.Contains(c.Wishes, w) {
		c.wish(w, now)
	}
	if c.InLine() {
		c.part(now)
	}
}

func (c *Call) wish(w Wish, now time.Time) {
	c.Wishes = append(c.Wishes, w)
	c.report(now, News{Kind: NewsWish, Why: c.left(), Wish: &w})
}

// part says goodbye. What the customer left is saved with this very step, and
// the words come from what is saved.
func (c *Call) part(now time.Time) {
	c.Choice.Question++
	c.enter(Parting, now.Add(PartingTime), now)
}

// What a customer has left us.
const (
	leftMessage = "a message"
	leftNumber  = "a number to call back"
)

func (c *Call) left() string {
	if len(c.Wishes) > 0 && c.Wishes[len(c.Wishes)-1].Kind == agent.Voicemail {
		return leftMessage
	}
	return leftNumber
}

// saying names what a leg is to be told outside the room; empty: nothing.
func (c *Call) saying(l *Leg) string {
	if c.wanted(l) != Apart {
		return ""
	}
	return fmt.Sprintf("%s %d", c.Stage, c.Choice.Question)
}

// Words of the end of the ladder. Each question is one of the reasons and the
// choice.
const (
	wordsClosed = "We are closed at the moment."
	wordsNobody = "Nobody is at the desk at the moment."
	wordsLong   = "All our agents are busy, and you have been waiting for a while."
	wordsChoice = "To leave a message, press 1. To be called back, press 2. Or stay on the line: you keep your place."

	wordsNoMessage  = "We did not hear a message."
	wordsStay       = "Thank you for waiting. You keep your place in line."
	wordsNumber     = "Please type the number at which we can call you back, and then press the hash key."
	wordsAgain      = "That does not look like a telephone number."
	wordsMessage    = "Please leave your message after the tone. Then press any key, or hang up."
	wordsGotMessage = "Thank you. We have your message and will get back to you. Goodbye."
	wordsGotNumber  = "Thank you. We will call you back. Goodbye."
	// WordsComing is for a customer who was asked, and whom an agent is being rung
	// for now.
	WordsComing = "Thank you for waiting. An agent is being called for you now."
)

// speech is what the customer is told outside the room.
func (c *Call) speech() Document {
	d := Document{Kind: AskKey, Question: c.Choice.Question}
	switch {
	case c.Stage == Recording:
		d.Kind, d.Words = AskMessage, Words{wordsMessage}
	case c.Stage == Parting && c.left() == leftMessage:
		d.Kind, d.Words = SayGone, Words{wordsGotMessage}
	case c.Stage == Parting:
		d.Kind, d.Words = SayGone, Words{wordsGotNumber}
	case c.Choice.Prompt == PromptNumber:
		d.Kind, d.Words = AskNumber, Words{wordsNumber}
	case c.Choice.Prompt == PromptAgain:
		d.Kind, d.Words = AskNumber, Words{wordsAgain, wordsNumber}
	case c.Choice.Prompt == PromptStay:
		d.Words = Words{wordsStay}
	case c.Choice.Prompt == PromptNoMessage:
		d.Words = Words{wordsNoMessage, wordsChoice}
	default:
		d.Words = Words{c.Choice.why(), wordsChoice}
	}
	return d
}

// why is the reason for which a customer is asked.
func (c Choice) why() string {
	switch c.Why {
	case agent.Closed:
		return wordsClosed
	case agent.Nobody:
		return wordsNobody
	}
	return wordsLong
}
