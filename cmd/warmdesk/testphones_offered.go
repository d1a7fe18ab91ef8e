package main

import (
	"fmt"

	"warmdesk/outside"
	"warmdesk/say"
	"warmdesk/switchboard"
)

// offered are the test telephones as agents are offered them, with values marked for
// package say.
func offered(phones []switchboard.Telephone) []outside.Listed {
	words := map[switchboard.Behaviour]string{
		switchboard.Answers: "Robin answers", switchboard.Warm: "Robin presses 1", switchboard.Busy: "Busy",
		switchboard.NoAnswer: "Nobody answers", switchboard.Machine: "A machine",
	}
	var list []outside.Listed
	for _, p := range phones {
		name := words[p.Behaviour]
		if p.Stays > 0 {
			name = fmt.Sprintf("%s for %v s", say.Phrase(name), p.Stays.Seconds())
		}
		list = append(list, outside.Listed{Number: p.Number, Name: name})
	}
	return list
}
