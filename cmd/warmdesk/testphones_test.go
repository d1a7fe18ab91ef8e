package main

import (
	"strings"
	"testing"
	"time"

	"warmdesk/say"
	"warmdesk/settings"
	"warmdesk/switchboard"
)

func TestReadingTestPhones(t *testing.T) {
	ok := telephones{TestPhones: []string{"+12025550100=warm", " +12025550101=answer:20s:440Hz", "+12025550102=busy"}}
	phones, err := ok.tests(false)
	if err != nil || len(phones) != 3 {
		t.Fatalf("%v %+v", err, phones)
	}
	want := switchboard.Telephone{Number: "+12025550101", Behaviour: switchboard.Answers, Stays: 20 * time.Second, Tone: 440}
	if phones[1] != want {
		t.Errorf("%+v", phones[1])
	}
	rules, err := numbers(settings.Telephones{}, switchboardNumber, offered(phones))
	if err != nil || rules.Allowed() != "the numbers listed" {
		t.Errorf("%v %q", err, rules.Allowed())
	}
	for typed, may := range map[string]bool{"202 555 0101": true, "+1 202 555 0103": false, "+4930901820": false} {
		if _, err := rules.Check(typed); (err == nil) != may {
			t.Errorf("%s: %v", typed, err)
		}
	}
	if l := rules.Listed()[1]; l.Number != "+12025550101" || l.Name != say.Phrase("Robin answers")+" for 20 s" {
		t.Errorf("%+v", l)
	}

	if phones, err := (&telephones{}).tests(true); err != nil || len(phones) != len(newcomersPhones()) {
		t.Errorf("%v %+v", err, phones)
	}
	if phones, err := (&telephones{}).tests(false); err != nil || len(phones) != 0 {
		t.Errorf("a desk that others reach has %+v, %v", phones, err)
	}
	for _, bad := range []string{
		"+12025550100", "+12025550100=", "+12025550100=sing", "2025550100=answer", "+1202=answer", switchboardNumber + "=answer",
		"+12025550100=answer:5000Hz", "+12025550100=answer:-1s", "+12025550100=answer:", "+12025550100=answer:0s",
	} {
		if phones, err := (&telephones{TestPhones: []string{bad}}).tests(false); err == nil || !strings.Contains(err.Error(), "TEST_PHONES") {
			t.Errorf("%s is %+v, %v", bad, phones, err)
		}
	}
	if _, err := (&telephones{TestPhones: []string{"+12025550100=answer", "+12025550100=busy"}}).tests(false); err == nil {
		t.Error("one number twice")
	}
}
