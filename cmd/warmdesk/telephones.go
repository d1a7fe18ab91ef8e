package main

import (
	"slices"
	"strings"

	"warmdesk/agent"
	"warmdesk/outside"
	"warmdesk/settings"
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

// document reads OUTSIDE_* and PHONES.
func (t *telephones) document() (settings.Telephones, error) {
	set := settings.Telephones{
		Countries: t.OutsideCountries, Prefixes: t.OutsidePrefixes, Home: t.OutsideDefault, CustomerID: t.OutsideCallerID == "customer",
	}
	if _, err := numbers(set, "", nil); err != nil {
		return set, wrong("OUTSIDE_COUNTRIES, OUTSIDE_PREFIXES or OUTSIDE_DEFAULT_COUNTRY cannot be read: %v", err)
	}
	if strings.TrimSpace(t.Phones) == "" {
		return set, nil
	}
	for _, item := range strings.Split(t.Phones, ",") {
		id, number, ok := strings.Cut(strings.TrimSpace(item), "=")
		if !ok || !outside.Valid(number) {
			return set, wrong("PHONES has an entry that does not read id=number, with a number like +4930123456: %q", item)
		}
		set.Phones = append(set.Phones, settings.Phone{Agent: id, Number: number})
	}
	return set, nil
}

// phoned finds who is in PHONES and not in the roster.
func (t *telephones) phoned(roster []agent.Agent) error {
	set, err := t.document()
	for _, p := range set.Phones {
		if !slices.ContainsFunc(roster, func(a agent.Agent) bool { return string(a.ID) == p.Agent }) {
			return wrong("PHONES names %q, who is not in AGENTS", p.Agent)
		}
	}
	return err
}

// numbers is which telephone numbers may be called. own is the desk's; listed may be
// called besides.
func numbers(set settings.Telephones, own string, listed []outside.Listed) (outside.Rules, error) {
	return outside.New(outside.Config{Own: own, Home: set.Home, Countries: set.Countries, Prefixes: set.Prefixes, Listed: listed})
}
