package main

import (
	"strings"

	"warmdesk/agent"
	"warmdesk/outside"
)

// telephones is which telephone numbers the desk may call, and by which its agents
// are reached.
type telephones struct {
	OutsideCountries []string `env:"OUTSIDE_COUNTRIES" help:"Countries whose numbers agents may call: DE,AT. Unset: none. What costs extra and emergency numbers are never called."`
	OutsidePrefixes  []string `env:"OUTSIDE_PREFIXES" help:"Beginnings of numbers that agents may call besides: +4930,+1555."`
	OutsideDefault   string   `env:"OUTSIDE_DEFAULT_COUNTRY" help:"Country in whose way numbers without a + are read: DE. Unset: TWILIO_NUMBER's."`
	OutsideCallerID  string   `env:"OUTSIDE_CALLER_ID" enum:"ours,customer" default:"ours" help:"customer: who is called outside sees the customer's number, where Twilio allows it."`
	TestPhones       []string `env:"TEST_PHONES" help:"Telephones of the built-in switchboard, to try numbers with: +12025550100=answer. Others are warm (answers, and presses 1), busy, noanswer and machine; :20s behind it hangs up then, :440Hz has a tone for a voice. Unset: six where only this computer reaches the desk."`
	Phones           string   `env:"PHONES" help:"Telephone numbers of agents who may have their calls by phone: agent1=+4930123456,agent2=+4930123457."`
}

// rules reads OUTSIDE_*. own is the desk's number; listed may be called besides.
func (t *telephones) rules(own string, listed []outside.Listed) (outside.Rules, error) {
	r, err := outside.New(outside.Config{Own: own, Home: t.OutsideDefault, Countries: t.OutsideCountries, Prefixes: t.OutsidePrefixes, Listed: listed})
	if err != nil {
		return r, wrong("OUTSIDE_COUNTRIES, OUTSIDE_PREFIXES or OUTSIDE_DEFAULT_COUNTRY cannot be read: %v", err)
	}
	return r, nil
}

// numbers is which telephone numbers the desk may call; those of its agents are
// noted in the roster.
func (t *telephones) numbers(own string, listed []outside.Listed, roster []agent.Agent) (outside.Rules, error) {
	if err := t.giveTelephones(roster); err != nil {
		return outside.Rules{}, err
	}
	return t.rules(own, listed)
}

// giveTelephones reads PHONES into the roster.
func (t *telephones) giveTelephones(roster []agent.Agent) error {
	if strings.TrimSpace(t.Phones) == "" {
		return nil
	}
	for _, item := range strings.Split(t.Phones, ",") {
		id, number, ok := strings.Cut(strings.TrimSpace(item), "=")
		if !ok || !outside.Valid(number) {
			return wrong("PHONES has an entry that does not read id=number, with a number like +4930123456: %q", item)
		}
		known := false
		for i := range roster {
			if roster[i].ID == agent.ID(id) {
				roster[i].Phone, known = number, true
			}
		}
		if !known {
			return wrong("PHONES names %q, who is not in AGENTS", id)
		}
	}
	return nil
}
