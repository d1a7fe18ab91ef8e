package twilio

import (
	"go/ast"
	goparser "go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// Every value that is a guess is explained beside the other guesses.
func TestUnverifiedIsExplained(t *testing.T) {
	text, err := os.ReadFile("../docs/unverified.md")
	if err != nil {
		t.Fatal(err)
	}
	file, err := goparser.ParseFile(token.NewFileSet(), "unverified.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			for _, name := range v.Names {
				if !strings.Contains(string(text), "`"+name.Name+"`") {
					t.Errorf("docs/unverified.md does not explain %s", name.Name)
				}
			}
		}
		return true
	})
	for line := range strings.Lines(string(text)) {
		if cells := strings.Count(line, "|"); strings.HasPrefix(line, "|") && cells != 5 {
			t.Errorf("%d cells: %.60s", cells-1, line)
		}
	}
}
