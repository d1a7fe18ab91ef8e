package call

import "strings"

// Words are what a leg is told, text by text, in English: each of Texts, or one that is
// made for it. Other languages have them text by text, too.
type Words []string

// String is all of it, as it is said.
func (w Words) String() string { return strings.Join(w, " ") }

// Text is one of those that customers are told. Its id is for good: a desk that words it
// in its own way keeps that by the id.
type Text struct {
	ID, English string
}

// Texts are what customers may be told, in the order in which a call comes to them.
func Texts() []Text {
	return []Text{
		{"announcement", Announcement},
		{"welcome", Welcome},
		{"coming", WordsComing},
		{"closed", wordsClosed},
		{"nobody", wordsNobody},
		{"long", wordsLong},
		{"choice", wordsChoice},
		{"stay", wordsStay},
		{"message", wordsMessage},
		{"no_message", wordsNoMessage},
		{"number", wordsNumber},
		{"again", wordsAgain},
		{"got_message", wordsGotMessage},
		{"got_number", wordsGotNumber},
		{"held", WordsHeld},
		{"asking", WordsAsking},
		{"still_on", WordsStillOn},
		{"passed_on", WordsPassedOn},
		{"recovering", WordsRecovering},
		{"checking", WordsChecking},
		{"returned", WordsReturned},
		{"line_closed", wordsLineClosed},
		{"back", WordsBack},
		{"no_ticket", WordsNoTicket},
	}
}

// Sentences lists everything the desk may say in English, as it is said at once, so that
// it can be rendered ahead.
func Sentences() []string {
	list := []string{
		WordsTrouble, wordsAway, wordsUnknown, wordsHungUp, wordsLeft, wordsTooLate, wordsTaken, wordsUnwatched,
	}
	for _, t := range Texts() {
		list = append(list, t.English)
	}
	for _, w := range []Words{
		{wordsClosed, wordsChoice}, {wordsNobody, wordsChoice}, {wordsLong, wordsChoice}, {wordsNoMessage, wordsChoice}, {wordsAgain, wordsNumber},
	} {
		list = append(list, w.String())
	}
	return list
}
