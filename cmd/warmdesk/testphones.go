package main

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"warmdesk/outside"
	"warmdesk/switchboard"
)

// newcomersPhones are the test telephones of a desk that only this computer
// reaches. Their numbers are nobody's: 555-01xx is kept for stories.
func newcomersPhones() []string {
	return []string{
		"+12025550100=answer", "+12025550101=warm", "+12025550102=machine", "+12025550103=busy", "+12025550104=noanswer", "+12025550105=answer:30s",
	}
}

// tests reads TEST_PHONES. private: only this computer reaches the desk.
func (t *telephones) tests(private bool) ([]switchboard.Telephone, error) {
	list := t.TestPhones
	if len(list) == 0 && private {
		list = newcomersPhones()
	}
	var phones []switchboard.Telephone
	for _, item := range list {
		p, ok := readTestPhone(strings.TrimSpace(item))
		switch {
		case !ok:
			return nil, wrong("TEST_PHONES has an entry that does not read like +12025550100=answer or +12025550100=answer:20s:440Hz, with answer, warm, busy, noanswer or machine: %q", item)
		case !outside.Valid(p.Number):
			return nil, wrong("TEST_PHONES names %q, which is no telephone number; +12025550100 to +12025550199 are nobody's", p.Number)
		case p.Number == switchboardNumber || slices.ContainsFunc(phones, func(o switchboard.Telephone) bool { return o.Number == p.Number }):
			return nil, wrong("TEST_PHONES names %q, which is taken", p.Number)
		}
		phones = append(phones, p)
	}
	return phones, nil
}

func readTestPhone(item string) (p switchboard.Telephone, ok bool) {
	number, rest, _ := strings.Cut(item, "=")
	options := strings.Split(rest, ":")
	p.Number, p.Behaviour = number, switchboard.Behaviour(options[0])
	if !slices.Contains(switchboard.Behaviours(), p.Behaviour) {
		return p, false
	}
	for _, o := range options[1:] {
		if hertz, tone := strings.CutSuffix(o, "Hz"); tone {
			n, err := strconv.ParseUint(hertz, 10, 12)
			if err != nil || n < 100 || n > 3400 {
				return p, false
			}
			p.Tone = float64(n)
			continue
		}
		stays, err := time.ParseDuration(o)
		if err != nil || stays <= 0 {
			return p, false
		}
		p.Stays = stays
	}
	return p, true
}
