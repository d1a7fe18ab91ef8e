package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestEnvFileIsReadAsAShellDoes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.env")
	content := "# a comment\n\nADDR=127.0.0.1:1\nexport HOURS=\"Mon-Fri 09:00-17:00 Europe/Berlin\" # open\n" +
		"AGENTS='agent1=Ana:a$b'\nWRAP_UP = 5s # short\nTEAMS=\nPASSWORD=\"a\\\"b\\$c\\\\d\"\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := readEnvFile(path, true)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"ADDR": "127.0.0.1:1", "HOURS": "Mon-Fri 09:00-17:00 Europe/Berlin", "AGENTS": "agent1=Ana:a$b", "WRAP_UP": "5s", "TEAMS": "", "PASSWORD": `a"b$c\d`,
	}
	if d := cmp.Diff(want, f.values); d != "" {
		t.Error(d)
	}
}

func TestEnvFileErrorsNameTheLineAndNoSecret(t *testing.T) {
	for _, line := range []string{"secret", "secret secret=1", "A='secret", `A="secret`, `A="secret"secret`, "=secret"} {
		path := filepath.Join(t.TempDir(), "desk.env")
		if err := os.WriteFile(path, []byte("ADDR=:1\n"+line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readEnvFile(path, true)
		if err == nil || !strings.Contains(err.Error(), "line 2") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// What is written is read again, and nothing else of the file changes.
func TestEnvFileKeepsWhatItWrites(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		value := strings.TrimSpace(rapid.StringMatching(`[ -~äß]{1,20}`).Draw(rt, "value"))
		if value == "" {
			return
		}
		f := &envFile{lines: []string{"# mine", "A=1", "HOURS='x y'", "A=2", "B=3"}, values: map[string]string{"A": "2", "HOURS": "x y", "B": "3"}}
		f.set([]string{"A", "C", "B"}, map[string]string{"A": value, "C": value})
		if d := cmp.Diff([]string{"# mine", "A=" + quote(value), "HOURS='x y'", "C=" + quote(value)}, f.lines); d != "" {
			rt.Fatal(d)
		}
		if _, read, err := readSetting(f.lines[1]); err != nil || read != value {
			rt.Fatalf("%q is read as %q (%v) from %s", value, read, err, f.lines[1])
		}
	})
}

func TestEnvFileIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.env")
	for mode, want := range map[fs.FileMode]struct{ warning, err string }{
		0o600: {"", ""}, 0o640: {"may be read by others", ""}, 0o604: {"may be read by others", ""},
		0o620: {"", "may be written by others"}, 0o666: {"", "may be written by others"},
	} {
		if err := os.WriteFile(path, []byte("TOKEN=secret\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		f, err := readEnvFile(path, true)
		if err != nil {
			t.Fatal(err)
		}
		warning, err := f.trusted()
		if (warning == "") != (want.warning == "") || !strings.Contains(warning, want.warning) || (err == nil) != (want.err == "") ||
			err != nil && !strings.Contains(err.Error(), want.err) {
			t.Errorf("%04o: %q, %v", mode, warning, err)
		}
		f.set([]string{"TOKEN"}, map[string]string{"TOKEN": "other"})
		if err := f.save(); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("after saving it has %v (%v)", info.Mode(), err)
		}
	}
	if left, err := filepath.Glob(path + "?*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q (%v)", left, err)
	}
}

func TestEnvFileArgument(t *testing.T) {
	for args, want := range map[string]string{
		"": "warmdesk.env", "serve --env-file a": "a named", "--env-file=b serve": "b named", "setup -- --env-file=c": "warmdesk.env", "--env-file": "warmdesk.env",
	} {
		path, named := envFileArgument(strings.Fields(args))
		if named {
			path += " named"
		}
		if path != want {
			t.Errorf("%q: %q", args, path)
		}
	}
}
