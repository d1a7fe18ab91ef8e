package boundaries

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	failureRow = regexp.MustCompile(`(?m)^\| ([TP]\d+) \|[^|]*\|([^|]*)\|$`)
	quoted     = regexp.MustCompile("`([^`]+)`")
)

// TestFailures: every failure of docs/failures.md is held by tests or scripts
// that are there.
func TestFailures(t *testing.T) {
	const root = "../.."
	text, err := os.ReadFile(root + "/docs/failures.md")
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]bool{}
	for _, row := range failureRow.FindAllStringSubmatch(string(text), -1) {
		for _, name := range quoted.FindAllStringSubmatch(row[2], -1) {
			held[row[1]] = true
			if err := exists(root, name[1]); err != nil {
				t.Errorf("%s: %v", row[1], err)
			}
		}
	}
	for letter, n := range map[string]int{"T": 11, "P": 22} {
		for i := 1; i <= n; i++ {
			if failure := fmt.Sprintf("%s%d", letter, i); !held[failure] {
				t.Errorf("nothing holds %s", failure)
			}
		}
	}
}

// exists looks for a file, or for a test function in a folder.
func exists(root, name string) error {
	folder, test := path.Split(name)
	if !strings.HasPrefix(test, "Test") {
		_, err := os.Stat(filepath.Join(root, name))
		return err
	}
	files, err := filepath.Glob(filepath.Join(root, folder, "*_test.go"))
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if strings.Contains(string(text), "\nfunc "+test+"(t *testing.T)") {
			return nil
		}
	}
	return fmt.Errorf("no test %s in %s", test, folder)
}
