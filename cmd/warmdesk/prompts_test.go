package main

import (
	"slices"
	"strings"
	"testing"

	"warmdesk/call"
	"warmdesk/say"
	"warmdesk/settings"
)

// Each text has words in each language, and what an admin writes for a text, a number
// or the page is said in their place.
func TestWording(t *testing.T) {
	d := settings.Document{Prompts: prompts("")}
	for _, text := range call.Texts() {
		for _, l := range say.Languages() {
			said := wording(d)(string(l), "", text.English)
			if said == "" || (l == say.English) != (said == text.English) {
				t.Errorf("%s in %s is %q", text.ID, l, said)
			}
		}
	}
	d.Prompts["de.announcement"] = "Own words. Goodbye."
	d.Prompts["de.welcome"], d.Prompts["en.page"] = "Moin.", "Hello, page."
	d.Routing.Numbers = []settings.Number{{Number: "+15550100", Welcome: "Hello, number."}}
	for _, row := range [][4]string{
		{"de", "", call.Welcome, "Moin."}, {"de", "+4930123456", call.Welcome, "Moin."}, {"en", "", call.Welcome, "Hello, page."},
		{"en", "+15550100", call.Welcome, "Hello, number."}, {"en", "+15550101", call.Welcome, call.Welcome},
		{"en", "+15550100", call.WordsHeld, call.WordsHeld}, {"de", "", "Own words. Goodbye.", "Own words. Goodbye."},
		{"de", "", "A call for " + say.Name("Ana. You have left the call.") + " from " + say.Name("Dana") + ". Press 1 to take it.",
			"Ein Anruf für Ana. You have left the call. von Dana. Drücken Sie die 1, um ihn anzunehmen."},
	} {
		if got := wording(d)(row[0], row[1], row[2]); got != row[3] {
			t.Errorf("%v: %q", row[:3], got)
		}
	}
	for name, text := range prompts("We tape.") {
		if strings.HasSuffix(name, ".announcement") && text != "We tape." {
			t.Errorf("the announcement of the environment: %s is %q", name, text)
		}
	}
}

// What can be chosen in the settings is what the rulebook knows.
func TestReturnOrders(t *testing.T) {
	var known []call.ReturnOrder
	for _, set := range settings.ReturnOrders() {
		known = append(known, returnOrder(set))
	}
	if !slices.Equal(known, call.ReturnOrders()) {
		t.Errorf("%q, and the rulebook has %q", known, call.ReturnOrders())
	}
}
