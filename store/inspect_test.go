package store

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInspect(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "desk.db")
	if c, err := Inspect(t.Context(), path); err != nil || c.Exists {
		t.Errorf("before the first start: %+v %v", c, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("looking has made %v (%v)", left, err)
	}
	s, err := Open(t.Context(), Config{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	// A desk that is running is looked at as well.
	c, err := Inspect(t.Context(), path)
	if err != nil || !c.Exists || c.Size == 0 || c.Version != c.Newest || c.Newest < 6 {
		t.Errorf("%+v %v", c, err)
	}
	if _, err := s.db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99000, 1)"); err != nil {
		t.Fatal(err)
	}
	if c, err := Inspect(t.Context(), path); err != nil || c.Version != 99000 {
		t.Errorf("tables of a newer program: %+v %v", c, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestInspectSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	junk, holed := filepath.Join(dir, "junk.db"), filepath.Join(dir, "holed.db")
	if err := os.WriteFile(junk, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), Config{URL: holed})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(holed)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(content) / 2; i < len(content)/2+8192; i++ {
		content[i] = 0xa5
	}
	if err := os.WriteFile(holed, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]string{
		junk: "cannot be read", dir: "is a folder", filepath.Join(dir, "none", "desk.db"): "does not exist",
		"postgres://db/desk": "PostgreSQL is not supported", "": "no database is named",
	} {
		if _, err := Inspect(t.Context(), url); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", url, err)
		}
	}
	// What is in the hole, and so how it is noticed, changes with the tables.
	if _, err := Inspect(t.Context(), holed); err == nil || !strings.Contains(err.Error(), "malformed") && !strings.Contains(err.Error(), "is damaged") {
		t.Errorf("with a hole: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Inspect(ctx, holed); err == nil {
		t.Error("nobody waits, and it is looked at all the same")
	}
}
