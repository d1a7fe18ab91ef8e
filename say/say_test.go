package say

import "testing"

func TestOf(t *testing.T) {
	ana, dana := Name("Ana"), Name("Dana. You can't hear each other.")
	for text, want := range map[string]string{
		dana + " hears music. You can't hear each other.":                             "Dana. You can't hear each other. hört Musik. Sie hören einander nicht.",
		"Ringing " + ana + " (20 s). Then " + Name("Billing") + ".":                   "Ana wird angerufen (20 s). Danach Billing.",
		"Connecting you to " + ana + "...":                                            "Sie werden mit Ana verbunden...",
		ana + " hung up after 4:07.":                                                  "Ana hat nach 4:07 aufgelegt.",
		Name("Dana") + " is back in line: " + Phrase("given back to the queue") + ".": "Dana ist wieder in der Warteschlange: zurück in die Warteschlange gegeben.",
		"Nobody took " + ana + ", who comes back to you.":                             "Niemand hat Ana angenommen; Ana kommt zu Ihnen zurück.",
		"Nothing that we say. Nothing has changed.":                                   "Nothing that we say. Nichts hat sich geändert.",
		`"ten. You left." is not a number like +4930123456.`:                          `"ten. You left." ist keine Nummer wie +4930123456.`,
		"Talking": "Im Gespräch",
		"":        "",
	} {
		if got := German.Of(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if got := English.Of(text); got != Plain(text) {
			t.Errorf("English of %q: %q", text, got)
		}
	}
}

func TestPlainTakesTheMarksAway(t *testing.T) {
	if got := Plain(Phrase("by " + Name("Ana\u2069\u2068"))); got != "by Ana" {
		t.Errorf("%q", got)
	}
}

func TestAccepted(t *testing.T) {
	for header, want := range map[string]Language{
		"": English, "de": German, "de-AT,en;q=0.5": German, "en-GB,de;q=0.8": English, "fr, de;q=0.7, en;q=0.3": German,
		"en;q=0.2,de;q=0.9": German, "*": English, "de;q=x": English, "de;q=0": English,
	} {
		if got := Accepted(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add("{} 4:07 " + Name("x") + Phrase("y"+Name("z")) + "... (")
	f.Fuzz(func(t *testing.T, text string) { German.Of(text) })
}
