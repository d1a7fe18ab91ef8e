package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// defaultEnvFile is read when it is there.
const defaultEnvFile = "warmdesk.env"

// envFile is a file of settings, NAME=value on each line, as a shell, systemd
// and the program itself read it.
type envFile struct {
	path   string
	named  bool // by whoever started the program
	exists bool
	mode   fs.FileMode
	lines  []string
	values map[string]string
}

// envFileArgument is the path that the arguments name. They are looked at before
// they are parsed, because the parser takes its defaults from the environment.
func envFileArgument(args []string) (path string, named bool) {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, found := strings.CutPrefix(arg, "--env-file="); found {
			return value, true
		}
		if arg == "--env-file" && i+1 < len(args) {
			return args[i+1], true
		}
	}
	return defaultEnvFile, false
}

// readEnvFile reads a file; one that is not there is empty.
func readEnvFile(path string, named bool) (*envFile, error) {
	f := &envFile{path: path, named: named, values: map[string]string{}}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, wrong("%s cannot be read: %v", path, err)
	}
	f.exists, f.mode = true, info.Mode().Perm()
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, wrong("%s cannot be read: %v; it must belong to the user the desk runs as", path, err)
	}
	if text := strings.TrimSuffix(string(content), "\n"); text != "" {
		f.lines = strings.Split(text, "\n")
	}
	for i, line := range f.lines {
		name, value, err := readSetting(line)
		if err != nil {
			// The line is not shown: it may hold a secret.
			return nil, wrong("%s line %d %v; write NAME=value, and quote a value with blanks in it", path, i+1, err)
		}
		if name != "" {
			f.values[name] = value
		}
	}
	return f, nil
}

// readSetting reads a line; an empty name is one without a setting.
func readSetting(line string) (name, value string, err error) {
	line = strings.TrimSpace(line)
	if line == "" || strings.HasPrefix(line, "#") {
		return "", "", nil
	}
	name, value, found := strings.Cut(strings.TrimPrefix(line, "export "), "=")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if !found || name == "" || strings.ContainsAny(name, " \t\"'#") {
		return "", "", errors.New("is no setting")
	}
	value, err = unquote(value)
	return name, value, err
}

// unquote reads a value as a shell would, without expanding anything.
func unquote(value string) (string, error) {
	switch {
	case strings.HasPrefix(value, "'"):
		inside, rest, closed := strings.Cut(value[1:], "'")
		if !closed || !ends(rest) {
			return "", errors.New("has a quote that is not closed")
		}
		return inside, nil
	case strings.HasPrefix(value, `"`):
		var b strings.Builder
		for i := 1; i < len(value); i++ {
			switch c := value[i]; {
			case c == '"' && ends(value[i+1:]):
				return b.String(), nil
			case c == '"':
				return "", errors.New("goes on behind its quote")
			case c == '\\' && i+1 < len(value) && strings.IndexByte("\"\\$`", value[i+1]) >= 0:
				i++
				b.WriteByte(value[i])
			default:
				b.WriteByte(c)
			}
		}
		return "", errors.New("has a quote that is not closed")
	}
	bare, _, _ := strings.Cut(value, " #")
	return strings.TrimSpace(bare), nil
}

// ends reports whether nothing but a comment follows a quoted value.
func ends(rest string) bool {
	rest = strings.TrimSpace(rest)
	return rest == "" || strings.HasPrefix(rest, "#")
}

// quote writes a value so that unquote and a shell read it.
func quote(value string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_@%+=:,./-", r)
	}
	if !strings.ContainsFunc(value, func(r rune) bool { return !plain(r) }) {
		return value
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`").Replace(value) + `"`
}

// apply adds the file's settings to the environment. What is there already, be
// it empty, wins; overruled names those whose value in the file differs.
func (f *envFile) apply() (overruled []string, err error) {
	for name, value := range f.values {
		if real, set := os.LookupEnv(name); set {
			if real != value {
				overruled = append(overruled, name)
			}
			continue
		}
		if err := os.Setenv(name, value); err != nil {
			return nil, fmt.Errorf("%s: %w", f.path, err)
		}
	}
	slices.Sort(overruled)
	return overruled, nil
}

// trusted refuses a file that others may write, and warns of one that they may
// read: orchestrators hand out secrets with such modes.
func (f *envFile) trusted() (warning string, err error) {
	switch {
	case !f.exists:
		return "", nil
	case f.mode&0o022 != 0:
		return "", wrong("%s may be written by others on this machine (mode %04o), who could send your calls elsewhere: chmod 600 %s", f.path, f.mode, f.path)
	case f.mode&0o044 != 0:
		return fmt.Sprintf("%s may be read by others on this machine (mode %04o), and it holds secrets: chmod 600 %s", f.path, f.mode, f.path), nil
	}
	return "", nil
}

// set gives settings values; those that are there keep their place, an empty
// value takes the setting away.
func (f *envFile) set(names []string, values map[string]string) {
	for _, name := range names {
		value := values[name]
		is := func(line string) bool { n, _, err := readSetting(line); return err == nil && n == name }
		at := slices.IndexFunc(f.lines, is)
		if value == "" {
			f.lines = slices.DeleteFunc(f.lines, is)
			delete(f.values, name)
			continue
		}
		f.values[name] = value
		line := name + "=" + quote(value)
		if at < 0 {
			f.lines = append(f.lines, line)
			continue
		}
		f.lines[at] = line
		for i := len(f.lines) - 1; i > at; i-- { // one that was said twice
			if is(f.lines[i]) {
				f.lines = slices.Delete(f.lines, i, i+1)
			}
		}
	}
}

// save writes the file whole or not at all, readable by its owner only.
func (f *envFile) save() error {
	if err := writePrivate(f.path, []byte(strings.Join(f.lines, "\n")+"\n")); err != nil {
		return err
	}
	f.exists, f.mode = true, 0o600
	return nil
}

// writePrivate replaces a file, or makes it, with mode 0600.
func writePrivate(path string, content []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // a link stays a link
	}
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part*") // 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = part.Write(content)
	if err == nil {
		err = part.Sync()
	}
	if err = errors.Join(err, part.Close()); err == nil {
		err = os.Rename(part.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(part.Name()))
	}
	return nil
}
