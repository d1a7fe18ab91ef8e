package say

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the German of the pages' fixtures")

// values are what the fixtures of the pages put into sentences, as the desk would mark it.
var values = regexp.MustCompile(`Maximiliane von Hohenstein-Wittgenburg|Dana Reyes|Emil Okafor|Noor Haddad|\b(?:Dana|Ana|Ben|Cy|Mia|Gus|Fay|Emil|(?:Agent|Caller) \d+)\b|\+[\d ]*\d|"[^"]+"|https?://[\w./-]+\w|30s|refund over limit|in 2 minutes|lunch`)

// ours are values in words of the desk's own.
var ours = regexp.MustCompile(`wrong auth token|number not valid`)

// carrier is where the carrier's name is a value; beside a code it is a word.
var carrier = strings.NewReplacer("reach Twilio", "reach "+Name("Twilio"), "Twilio accepts", Name("Twilio")+" accepts", "as Twilio", "as "+Name("Twilio"))

// The gallery of the pages shows them in German too: what their fixtures have the desk
// say is something it says, and so it says it.
func TestFixtures(t *testing.T) {
	const path = "../web/dev/said.json"
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var said map[string]string
	if err := json.Unmarshal(content, &said); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	c := catalogues[German]
	for text, german := range said {
		marked := carrier.Replace(ours.ReplaceAllStringFunc(values.ReplaceAllStringFunc(text, Name), Phrase))
		blank, _ := c.read(marked)
		for _, one := range sentences.FindAllString(blank, -1) {
			if words := strings.TrimRight(one, ".!? \n"); words != "{}" && c[words] == "" {
				t.Errorf("%q: the desk does not say %q", text, words)
			}
		}
		if want := German.Of(marked); *update {
			said[text] = want
		} else if german != want {
			t.Errorf("%q: %q, want %q (go test ./say -run TestFixtures -update)", text, german, want)
		}
	}
	if !*update {
		return
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(said); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
