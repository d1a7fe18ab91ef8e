package say

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// spoken are the packages whose words people read or hear.
var spoken = []string{"call", "console", "history", "desk", "outside", "phone", "agent", "settings", "staff"}

// checks are the files of the doctor whose findings a page shows, too.
var checks = []string{"../cmd/warmdesk/doctor_carrier.go", "../cmd/warmdesk/doctor_outside.go", "../cmd/warmdesk/doctor_serving.go", "../cmd/warmdesk/testphones_offered.go"}

// folded is an expression of strings as a template; ok: it is one.
func folded(e ast.Expr) (s string, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.ParenExpr:
		return folded(e.X)
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return "", false
		}
		x, okX := folded(e.X)
		y, okY := folded(e.Y)
		if !okX && !okY {
			return "", false
		}
		if !okX {
			x = "{}"
		}
		if !okY {
			y = "{}"
		}
		return x + y, true
	case *ast.CallExpr:
		if name(e.Fun) == "Sprintf" {
			if s, ok := folded(e.Args[0]); ok {
				return verbs.ReplaceAllString(s, "{}"), true
			}
		}
	}
	return "", false
}

var (
	verbs  = regexp.MustCompile(`%[0-9]*[sdvq]`)
	named  = regexp.MustCompile(`\{[a-z]*\}`)
	before = regexp.MustCompile(`^(\{\})+ ([A-Z])`) // a sentence that ends elsewhere
	words  = regexp.MustCompile(`[A-Za-z]['a-z,:;)]* +[A-Za-z({]|\} +[a-z]`)
	silent = regexp.MustCompile(`^(New|Errorf|Close|Error|Info|Warn|Debug|Error|With|Exec|Query|MustCompile|Contains|HasPrefix|TrimPrefix|Set)$`)
)

func name(fun ast.Expr) string {
	switch fun := fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return ""
}

// said are the sentences in a source, by where they stand.
func said(t *testing.T, path string) map[string]string {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && silent.MatchString(name(call.Fun)) {
			return false
		}
		if field, ok := n.(*ast.Field); ok && field.Tag != nil {
			return false
		}
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		text, ok := folded(e)
		if !ok {
			return true
		}
		text = template(verbs.ReplaceAllString(named.ReplaceAllString(text, "{}"), "{}"))
		if words.MatchString(text) {
			for _, one := range sentences.FindAllString(text, -1) {
				one = strings.TrimSpace(strings.TrimRight(one, ".!? \n"))
				one = before.ReplaceAllString(one, "$2")
				if words.MatchString(one) {
					found[one] = set.Position(n.Pos()).String()
				}
			}
		}
		return false
	})
	return found
}

func sources(t *testing.T) []string {
	files := slices.Clone(checks)
	for _, dir := range spoken {
		list, err := filepath.Glob(filepath.Join("..", dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, slices.DeleteFunc(list, func(f string) bool { return strings.HasSuffix(f, "_test.go") })...)
	}
	return files
}

// technical are the files that speak to programs.
var technical = []string{
	"console/headers.go", "console/metrics.go", "console/pages.go", "phone/breaker.go", "phone/webhooks.go",
}

// parts are in sentences that are put together from them, which have their German
// as wholes; and what else nobody reads on a page.
var parts = []string{
	", and you go back by yourself in {} s", "{}: try again, or somebody else", "{}, or dial {}", "an {}",
	"That changed meanwhile: {}", "a colleague has the caller", "a colleague is being rung already", "the call has moved on", "the call is over",
	"the caller is leaving a message", "the caller is waiting for the next free agent", "the caller lost the connection and may be back in a moment",
	"A call for {} from {}, passed on{}", "A call from {} is put through to you{}", "by {}",
	"Mon-Sun {}:{}-{}:{}", "Mon-Sun {}:{}-{}:{} {}", "undone: version {}", "command line", // read by programs, or in the audit trail
	// For the log.
	"call: unknown event %T", "settings are not right: {}", "too many sign-ins have failed; the next may be tried in {}", "settings: {}", "no call", "signed out", "{}: HTTP {}, {}",
}

func TestEverySentenceHasItsGerman(t *testing.T) {
	for _, file := range sources(t) {
		if slices.Contains(technical, filepath.ToSlash(strings.TrimPrefix(file, "../"))) {
			continue
		}
		for one, where := range said(t, file) {
			if _, ok := catalogues[German][one]; !ok && !slices.Contains(parts, one) {
				t.Errorf("%s: no German for %q (say/de.go, or parts above)", where, one)
			}
		}
	}
}

func TestGermanFitsItsSentence(t *testing.T) {
	for english, german := range catalogues[German] {
		n := strings.Count(english, "{}")
		var values, used []string
		for i := range n {
			values = append(values, fmt.Sprintf("<%d>", i))
		}
		filled := fill(german, values)
		for _, v := range values {
			if strings.Contains(filled, v) {
				used = append(used, v)
			}
		}
		if len(used) != n || strings.Contains(filled, "{") {
			t.Errorf("%q is said as %q", english, german)
		}
	}
}

// TestCallsInGerman reads what people are told in all the scripts of the rulebook.
func TestCallsInGerman(t *testing.T) {
	files, err := filepath.Glob("../call/testdata/*.txt")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	told := regexp.MustCompile(`(?m)^\s+(?:Ana|Ben|Cy|Dana|recording): (.+)$`)
	notice := regexp.MustCompile(` [(\[]([A-Z+].*?)[)\]]$`)
	typed := regexp.MustCompile(`: (refund over limit|in 2 minutes|wrong team|the connection|their own|given back|the colleague they|the phone they|we lost track|number not|that is code|too many)[^.(]*`)
	people := regexp.MustCompile(`\b(Ana|Ben|Cy|Dana|Billing|Tech|Mia|Kim|Lea|Do something)\b|\+\d+`)
	seen := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range told.FindAllStringSubmatch(string(source), -1) {
			text := people.ReplaceAllStringFunc(notice.ReplaceAllString(m[1], " $1"), Name)
			text = typed.ReplaceAllStringFunc(text, func(s string) string {
				return ": " + Phrase(strings.TrimSpace(s[2:])) + strings.Repeat(" ", len(s)-len(strings.TrimSpace(s)))
			})
			text = strings.ReplaceAll(text, "a colleague on the phone", Phrase("a colleague on the phone")) // as the console does
			blank, _ := catalogue(nil).read(text)
			for _, one := range sentences.FindAllString(blank, -1) {
				one = strings.TrimRight(one, ".!? ")
				if _, ok := catalogues[German][one]; !ok && words.MatchString(one) {
					t.Errorf("%s: no German for %q in %q", filepath.Base(file), one, m[1])
				}
				seen++
			}
		}
	}
	if seen < 500 {
		t.Errorf("read %d sentences", seen)
	}
}
