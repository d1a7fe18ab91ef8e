package settings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"warmdesk/say"
)

// fields are JSON values by section and name: what is stored has some of them only.
type fields map[string]map[string]json.RawMessage

// split takes a document apart.
func split(d Document) fields {
	var f fields
	d.fill()
	mustUnmarshal(mustMarshal(d), &f)
	return f
}

// parse reads what was stored; nothing is no fields.
func parse(document []byte) (fields, error) {
	f := fields{}
	if len(document) == 0 {
		return f, nil
	}
	err := json.Unmarshal(document, &f)
	f.move("routing", "welcome", "prompts", "en.welcome")
	f.move("recording", "announcement", "prompts", "en.announcement")
	return f, err
}

// move takes a field from where older versions have stored it, unless it is set where
// it belongs.
func (f fields) move(section, name, to, as string) {
	value := f[section][name]
	if value == nil {
		return
	}
	delete(f[section], name)
	if f[to][as] == nil {
		maps.Copy(f, f.with(to, map[string][]byte{as: value}))
	}
}

// join puts a document together: the defaults, and over them what was stored and is
// not fixed. A text that was emptied is the default again. What the program knows no
// longer is left out.
func join(defaults, stored fields, fixed func(section, name string) bool) (Document, error) {
	whole := fields{}
	for section, values := range defaults {
		whole[section] = maps.Clone(values)
		for name := range values {
			if value := stored[section][name]; value != nil && !blank(value) && !fixed(section, name) {
				whole[section][name] = value
			}
		}
	}
	var d Document
	err := json.Unmarshal(mustMarshal(whole), &d)
	d.fill()
	return d, err
}

// blank reports whether a value is a text with nothing in it.
func blank(value json.RawMessage) bool {
	var text string
	return json.Unmarshal(value, &text) == nil && strings.TrimSpace(text) == ""
}

// with is f with some values of a section replaced.
func (f fields) with(section string, set map[string][]byte) fields {
	next := maps.Clone(f)
	next[section] = maps.Clone(f[section])
	if next[section] == nil {
		next[section] = map[string]json.RawMessage{}
	}
	for name, value := range set {
		next[section][name] = value
	}
	return next
}

func (f fields) encode() []byte { return mustMarshal(f) }

func cut(field string) (section, name string) {
	section, name, _ = strings.Cut(field, ".")
	return section, name
}

// checkFields says which fields of a request there are none of, which are fixed, and
// which have a value of another kind.
func (s *Settings) checkFields(r Request) error {
	p := problems{}
	if len(r.Set) == 0 {
		p.add(r.Section, "No field is named.")
	}
	for name, value := range r.Set {
		was := s.defaults[r.Section][name]
		variable := s.cfg.Fixed[r.Section+"."+name]
		switch {
		case was == nil:
			p.add(name, "There is no such setting.")
		case variable != "":
			p.add(name, "Set by %s in the environment. Change it there.", say.Name(variable))
		case bytes.Equal(bytes.TrimSpace(value), []byte("null")) || !s.fits(r.Section, name, value):
			p.add(name, "This cannot be read. It should look like %s.", say.Name(string(was)))
		}
	}
	if len(p) > 0 {
		return &InvalidError{p}
	}
	return nil
}

// fits reports whether a value is one that the field can have.
func (s *Settings) fits(section, name string, value []byte) bool {
	if !json.Valid(value) {
		return false
	}
	decoder := json.NewDecoder(bytes.NewReader(mustMarshal(fields{section: {name: value}})))
	decoder.DisallowUnknownFields()
	var d Document
	return decoder.Decode(&d) == nil
}

// mostTold bounds what the audit trail tells of one value, in bytes.
const mostTold = 120

// tell says which fields were changed, and from what to what.
func tell(section string, names []string, was, is fields) string {
	var list []string
	short := func(v []byte) string { return strings.ToValidUTF8(string(v[:min(len(v), mostTold)]), "") }
	for _, n := range names {
		if old, now := was[section][n], is[section][n]; !bytes.Equal(old, now) || len(names) == 1 {
			list = append(list, fmt.Sprintf("%s.%s: %s -> %s", section, n, short(old), short(now)))
		}
	}
	return strings.Join(list, "; ")
}

// mustMarshal is for values that can always be written.
func mustMarshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("settings: %v", err))
	}
	return b
}

func mustUnmarshal(b []byte, v any) {
	if err := json.Unmarshal(b, v); err != nil {
		panic(fmt.Sprintf("settings: %v", err))
	}
}
