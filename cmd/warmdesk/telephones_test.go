package main

import (
	"strings"
	"testing"

	"warmdesk/agent"
	"warmdesk/settings"
)

func TestTelephones(t *testing.T) {
	ok := telephones{OutsideCountries: []string{"DE", "AT"}, OutsidePrefixes: []string{"+1212"}, Phones: "agent1=+4930901820, agent2=+12127365000"}
	set, err := ok.document()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := numbers(set, "+12127365001", nil)
	if err != nil || rules.Home() != "US" || rules.Allowed() != "DE, AT, +1212" {
		t.Errorf("%v %+v", err, rules)
	}
	roster := []agent.Agent{{ID: "agent1"}, {ID: "agent2"}}
	join(roster, settings.Document{Telephones: set})
	if err := ok.phoned(roster); err != nil || roster[0].Phone != "+4930901820" || roster[1].Phone != "+12127365000" {
		t.Errorf("%v %+v", err, roster)
	}
	if rules, err := numbers(settings.Telephones{}, "+12127365001", nil); err != nil || rules.Any() {
		t.Errorf("unset: %v %+v", err, rules)
	}
	for want, bad := range map[string]telephones{
		`"Germany"`:          {OutsideCountries: []string{"Germany"}},
		`"49"`:               {OutsidePrefixes: []string{"49"}},
		`"XX"`:               {OutsideDefault: "XX"},
		`"agent1"`:           {Phones: "agent1"},
		`"agent1=030901820"`: {Phones: "agent1=030901820"},
		`"agent9"`:           {Phones: "agent9=+4930901820"},
	} {
		err := bad.phoned([]agent.Agent{{ID: "agent1"}})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", want, err)
		}
	}
}
