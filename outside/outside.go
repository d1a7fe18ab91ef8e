// Package outside says which telephone numbers the desk may call: numbers as
// people type them are read, and held against what whoever runs the desk allows.
// Nothing is allowed that is not named.
package outside

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// Config is what is allowed. The zero Config allows nothing.
type Config struct {
	// Own is the desk's own number, in E.164: it is never called, and its country is
	// Home's default.
	Own string
	// Home is the country, DE for example, in whose way numbers without a + are read.
	Home string
	// Countries may be called, as ISO 3166 names them: DE, AT.
	Countries []string
	// Prefixes may be called besides, with their +: +4930, +1555.
	Prefixes []string
	// Listed may be called besides, and are offered to people by their names.
	Listed []Listed
}

// Listed is a number, in E.164, and what people know it by.
type Listed struct{ Number, Name string }

// Rules say which numbers may be called. They never change; the zero Rules allow
// none.
type Rules struct{ cfg Config }

// New checks a configuration. The error names the entry that is wrong.
func New(cfg Config) (Rules, error) {
	known := phonenumbers.GetSupportedRegions()
	cfg.Countries, cfg.Prefixes, cfg.Listed = slices.Clone(cfg.Countries), slices.Clone(cfg.Prefixes), slices.Clone(cfg.Listed)
	for i, c := range cfg.Countries {
		cfg.Countries[i] = strings.ToUpper(strings.TrimSpace(c))
		if !known[cfg.Countries[i]] {
			return Rules{}, fmt.Errorf("%q is not a country of two letters, like DE", c)
		}
	}
	for i, p := range cfg.Prefixes {
		cfg.Prefixes[i] = strings.TrimSpace(p)
		if digits, plus := strings.CutPrefix(cfg.Prefixes[i], "+"); !plus || len(digits) == 0 || len(digits) > mostDigits || strings.Trim(digits, "0123456789") != "" {
			return Rules{}, fmt.Errorf("%q is not the beginning of a number, like +4930", p)
		}
	}
	for _, l := range cfg.Listed {
		if !Valid(l.Number) {
			return Rules{}, fmt.Errorf("%q is not a number like +4930123456", l.Number)
		}
	}
	if cfg.Home = strings.ToUpper(strings.TrimSpace(cfg.Home)); cfg.Home != "" && !known[cfg.Home] {
		return Rules{}, fmt.Errorf("%q is not a country of two letters, like DE", cfg.Home)
	}
	if cfg.Home == "" {
		cfg.Home = country(cfg.Own)
	}
	return Rules{cfg}, nil
}

// mostDigits is the longest number of E.164.
const mostDigits = 15

// Any reports whether any number at all may be called.
func (r Rules) Any() bool { return len(r.cfg.Countries)+len(r.cfg.Prefixes)+len(r.cfg.Listed) > 0 }

// Listed are the numbers that people are offered.
func (r Rules) Listed() []Listed { return slices.Clone(r.cfg.Listed) }

// Home is the country in whose way numbers without a + are read; may be empty.
func (r Rules) Home() string { return r.cfg.Home }

// Allowed names what may be called, for people: "DE, AT, +1555".
func (r Rules) Allowed() string {
	all := slices.Concat(r.cfg.Countries, r.cfg.Prefixes)
	if len(r.cfg.Listed) > 0 {
		all = append(all, "the numbers listed")
	}
	return strings.Join(all, ", ")
}

// Error tells why a number may not be called, in a sentence for people.
type Error struct {
	// Forbidden: it is a number, and may not be called. Otherwise it is none.
	Forbidden bool
	Message   string
}

func (e *Error) Error() string { return e.Message }

// ErrNone is the sentence of a desk that may call nobody.
var ErrNone = &Error{true, "This desk may not call telephone numbers. An admin can allow countries or prefixes, in the settings under Telephones."}

// Check reads a number as people type it and holds it against the rules. The
// answer is E.164; the error is an *Error.
func (r Rules) Check(typed string) (string, error) {
	if !r.Any() {
		return "", ErrNone
	}
	n, err := r.read(typed)
	if err != nil {
		return "", err
	}
	e164 := phonenumbers.Format(n, phonenumbers.E164)
	if e164 == r.cfg.Own {
		return "", &Error{true, "That is this desk's own number."}
	}
	switch kind := phonenumbers.GetNumberType(n); kind {
	case phonenumbers.PREMIUM_RATE, phonenumbers.SHARED_COST, phonenumbers.UAN, phonenumbers.PAGER:
		return "", &Error{true, "That number costs extra, and is never called from here."}
	}
	if emergency(n) {
		return "", &Error{true, "That is an emergency number. Call it from your own telephone."}
	}
	if !r.allows(e164, n) {
		return "", &Error{true, fmt.Sprintf("Numbers %s may not be called from here (allowed: %s). An admin can allow them, in the settings under Telephones.",
			where(n), r.Allowed())}
	}
	return e164, nil
}

// read makes a number of what was typed. Parse would pass over what it does not
// know, and call somebody else than was meant.
func (r Rules) read(typed string) (*phonenumbers.PhoneNumber, error) {
	if strings.IndexFunc(strings.TrimPrefix(typed, "tel:"), foreign) >= 0 {
		return nil, errNone
	}
	n, err := phonenumbers.Parse(typed, r.cfg.Home)
	switch {
	case errors.Is(err, phonenumbers.ErrTooShortNSN), errors.Is(err, phonenumbers.ErrTooShortAfterIDD):
		return nil, errShort
	case errors.Is(err, phonenumbers.ErrNumTooLong):
		return nil, errLong
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode) && !strings.HasPrefix(strings.TrimSpace(typed), "+"):
		return nil, &Error{false, "Write that number with its country: +49 30 123456."}
	case err != nil || n.GetExtension() != "":
		return nil, errNone
	case phonenumbers.IsEmergencyNumber(digits(typed), r.cfg.Home):
		return nil, &Error{true, "That is an emergency number. Call it from your own telephone."}
	}
	switch phonenumbers.IsPossibleNumberWithReason(n) {
	case phonenumbers.TOO_SHORT, phonenumbers.IS_POSSIBLE_LOCAL_ONLY:
		return nil, errShort
	case phonenumbers.TOO_LONG:
		return nil, errLong
	case phonenumbers.INVALID_COUNTRY_CODE, phonenumbers.INVALID_LENGTH:
		return nil, errNone
	}
	if !phonenumbers.IsValidNumber(n) {
		return nil, errNone
	}
	return n, nil
}

// foreign reports whether a character has no place in a number: what people put
// between digits are blanks, dashes, dots, slashes and brackets.
func foreign(r rune) bool {
	return !unicode.IsDigit(r) && !unicode.Is(unicode.Zs, r) && !unicode.Is(unicode.Pd, r) && !strings.ContainsRune("+()./", r)
}

var (
	errShort = &Error{false, "That number looks short."}
	errLong  = &Error{false, "That number looks long."}
	errNone  = &Error{false, "That is not a telephone number that can be called."}
)

func (r Rules) allows(e164 string, n *phonenumbers.PhoneNumber) bool {
	if slices.ContainsFunc(r.cfg.Listed, func(l Listed) bool { return l.Number == e164 }) {
		return true
	}
	if slices.Contains(r.cfg.Countries, phonenumbers.GetRegionCodeForNumber(n)) {
		return true
	}
	return slices.ContainsFunc(r.cfg.Prefixes, func(p string) bool { return strings.HasPrefix(e164, p) })
}

// emergency reports whether a number's digits are an emergency number in its own
// country, or begin with one where that connects.
func emergency(n *phonenumbers.PhoneNumber) bool {
	region := phonenumbers.GetRegionCodeForNumber(n)
	return phonenumbers.ConnectsToEmergencyNumber(phonenumbers.GetNationalSignificantNumber(n), region)
}

// where says in words where a number is.
func where(n *phonenumbers.PhoneNumber) string {
	if region := phonenumbers.GetRegionCodeForNumber(n); region != "" {
		return "in " + region
	}
	return fmt.Sprintf("with +%d", n.GetCountryCode())
}

// Valid reads a number in E.164, for whoever configures one.
func Valid(e164 string) bool {
	n, err := phonenumbers.Parse(e164, "")
	return err == nil && phonenumbers.IsValidNumber(n) && phonenumbers.Format(n, phonenumbers.E164) == e164
}

// Pretty is a number in E.164 as people read it: +49 30 123456. Anything else
// stays as it is.
func Pretty(e164 string) string {
	if !strings.HasPrefix(e164, "+") {
		return e164
	}
	n, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return e164
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}

// Typed reports whether somebody seems to have typed a number: it begins with a +
// or a digit, and is nothing but digits and what is put between them.
func Typed(s string) bool {
	s = strings.TrimSpace(s)
	return len(digits(s)) > 0 && strings.Trim(s, "+0123456789 ()-./") == ""
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func country(e164 string) string {
	n, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return ""
	}
	return phonenumbers.GetRegionCodeForNumber(n)
}
