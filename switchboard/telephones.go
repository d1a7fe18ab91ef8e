package switchboard

import (
	"context"
	"errors"
	"fmt"

	"warmdesk/switchboard/internal/exchange"
	"warmdesk/switchboard/internal/telephone"
)

// Telephone is a test telephone: a number that behaves in one way.
type Telephone = telephone.Telephone

// Behaviour is what a test telephone does when it is called.
type Behaviour = telephone.Behaviour

// The behaviours of test telephones.
const (
	Answers  = telephone.Answers // rings, and somebody answers
	Warm     = telephone.Warm    // the same, and presses 1 once, when something was said to them
	Busy     = telephone.Busy    // is in use
	NoAnswer = telephone.Silent  // rings, and nobody answers
	Machine  = telephone.Machine // rings, and an answering machine answers
)

// Behaviours returns all behaviours of test telephones.
func Behaviours() []Behaviour { return telephone.Behaviours() }

// telephones rings test telephones for the exchange.
type telephones struct{ *telephone.Network }

func (t telephones) Dial(ctx context.Context, sid, number string) (exchange.Leg, error) {
	leg, err := t.Network.Dial(ctx, sid, number)
	switch {
	case errors.Is(err, telephone.ErrBusy):
		return nil, exchange.ErrBusy
	case err != nil:
		return nil, fmt.Errorf("dial %s: %w", number, err)
	}
	return leg, nil
}

// phoneEvents tells the exchange what test telephones do.
type phoneEvents struct{ s *Switchboard }

func (e phoneEvents) Answered(l *telephone.Leg)              { e.s.exchange.Answered(l) }
func (e phoneEvents) HungUp(l *telephone.Leg)                { e.s.exchange.HungUp(l) }
func (e phoneEvents) Digits(l *telephone.Leg, digits string) { e.s.exchange.Digits(l, digits) }
