// Package boundaries holds the line between the packages: docs/design.md says
// who may import whom, this test makes it true.
package boundaries

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "warmdesk/"

// pure is all that the rulebooks, and what is read out of them, may import besides each other: nothing that
// can wait, listen or remember.
var pure = []string{"cmp", "errors", "fmt", "iter", "maps", "slices", "strconv", "strings", "time", "unicode/utf8"}

// rule forbids packages to be reached, directly or through others.
type rule struct {
	name string
	from string // a package, or with /... everything under it as well
	not  []string
}

var rules = []rule{
	{"the switchboard knows no desk", "switchboard/...", []string{"call", "agent", "desk", "store", "phone", "console", "web"}},
	{"the contract knows neither half", "twiml", []string{"call", "agent", "desk", "store", "phone", "console", "web", "switchboard", "twilio"}},
	{"the contract knows neither half", "twilio", []string{"call", "agent", "desk", "store", "phone", "console", "web", "switchboard", "twiml"}},
	{"the application knows no adapter", "desk", []string{"outbox", "store", "phone", "console", "web", "twilio", "twiml", "switchboard"}},
	{"the outbox knows events only", "outbox", []string{"desk", "store", "phone", "console", "web", "twilio", "twiml", "switchboard"}},
	{"the staff knows no calls", "staff", []string{"call", "desk", "outbox", "store", "phone", "console", "web", "twilio", "twiml", "switchboard"}},
	{"the settings know no calls", "settings", []string{"call", "desk", "outbox", "store", "phone", "console", "web", "twilio", "twiml", "switchboard"}},
	{"the desk knows no passwords", "desk", []string{"staff"}},
	{"adapters do not know each other", "store", []string{"phone", "console", "web", "twilio", "twiml", "switchboard"}},
	{"adapters do not know each other", "phone", []string{"store", "console", "web", "switchboard"}},
	{"adapters do not know each other", "console", []string{"store", "phone", "switchboard"}},
	{"words are said by others", "say", []string{"call", "agent", "desk", "outbox", "store", "phone", "console", "web", "switchboard", "twilio", "twiml", "edge", "staff"}},
	{"the edge knows requests only", "edge", []string{"call", "agent", "desk", "outbox", "store", "phone", "console", "web", "switchboard", "twilio", "twiml"}},
	{"the page serves files", "web", []string{"call", "agent", "desk", "store", "phone", "console", "switchboard"}},
}

// listed is what go list tells of a package.
type listed struct {
	ImportPath string
	Dir        string
	Imports    []string
	Deps       []string
}

func TestBoundaries(t *testing.T) {
	packages := list(t)
	for name, may := range map[string][]string{"agent": nil, "call": {module + "agent"}, "history": {module + "agent", module + "call", module + "say"}} {
		p := find(t, packages, name)
		for _, i := range p.Imports {
			if !slices.Contains(pure, i) && !slices.Contains(may, i) {
				t.Errorf("%s imports %s: the rulebooks are pure", name, i)
			}
		}
	}
	for _, r := range rules {
		for _, name := range r.not {
			find(t, packages, name) // a rename must not void the rule
		}
		find(t, packages, strings.TrimSuffix(r.from, "/..."))
		for _, p := range packages {
			if !under(p.ImportPath, r.from) {
				continue
			}
			for _, d := range p.Deps {
				if i := slices.IndexFunc(r.not, func(n string) bool { return under(d, n+"/...") }); i >= 0 {
					t.Errorf("%s: %s reaches %s", r.name, p.ImportPath, d)
				}
			}
		}
	}
	for _, p := range packages {
		if under(p.ImportPath, "cmd/...") || under(p.ImportPath, "switchboard/...") {
			continue
		}
		for _, i := range p.Imports {
			if under(i, "switchboard/...") {
				t.Errorf("%s imports %s: only cmd puts the halves together", p.ImportPath, i)
			}
		}
	}
}

// under reports whether a package is the named one, or below name/....
func under(pkg, name string) bool {
	base, all := strings.CutSuffix(name, "/...")
	return pkg == module+base || all && strings.HasPrefix(pkg, module+base+"/")
}

func find(t *testing.T, packages []listed, name string) listed {
	t.Helper()
	for _, p := range packages {
		if p.ImportPath == path.Join(module, name) {
			return p
		}
	}
	t.Fatalf("there is no package %s: was it renamed?", name)
	return listed{}
}

func list(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,Deps", module+"...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v %s", err, stderr(err))
	}
	var packages []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatal(err)
		}
		// What go list has read is not known to go test, which would keep a result
		// of before an import was added; what the test itself has read is.
		if _, err := os.ReadDir(p.Dir); err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

func stderr(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return string(exit.Stderr)
	}
	return ""
}
