package call

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// edges are the ways between stages that calls have gone.
type edges map[string]bool

func (e edges) add(from, to Call) {
	if e == nil || from.Stage == to.Stage {
		return
	}
	start := string(from.Stage)
	if start == "" {
		start = "[*]"
	}
	if to.Stage == Ended && from.Stage != Ending {
		e[start+" --> "+string(Ending)] = true // nothing was left to release
		start = string(Ending)
	}
	e[start+" --> "+string(to.Stage)] = true
}

func (e edges) sorted() []string {
	list := make([]string, 0, len(e))
	for s := range e {
		list = append(list, s)
	}
	slices.Sort(list)
	return list
}

// reaches reports whether a way is drawn, or two drawn ones make it: one event
// may end a stage and the next, when much was lost before.
func reaches(drawn []string, way string) bool {
	from, to, _ := strings.Cut(way, " --> ")
	return slices.Contains(drawn, way) || slices.ContainsFunc(drawn, func(first string) bool {
		via, ok := strings.CutPrefix(first, from+" --> ")
		return ok && slices.Contains(drawn, via+" --> "+to)
	})
}

var drawn = regexp.MustCompile(`(?m)^\s*(\S+ --> [a-z_]+)`)

// drawnEdges reads the state diagram in docs/transfer.md.
func drawnEdges(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../docs/transfer.md")
	if err != nil {
		t.Fatal(err)
	}
	_, diagram, ok := strings.Cut(string(text), "```mermaid")
	if !ok {
		t.Fatal("docs/transfer.md has no mermaid diagram")
	}
	diagram, _, _ = strings.Cut(diagram, "```")
	var list []string
	for _, m := range drawn.FindAllStringSubmatch(diagram, -1) {
		list = append(list, m[1])
	}
	slices.Sort(list)
	return list
}
