// Package say turns what the desk says into the language of whoever reads it.
//
// The desk's sentences are written in English, where they are said. What is put
// into them is marked, so that a sentence can be told from its values: a Name is
// the same in every language, a Phrase is words of ours. A catalogue has the
// other language's sentence for each; what it lacks stays English.
package say

import (
	"regexp"
	"strconv"
	"strings"
)

// Language is one that people are spoken to in; the zero Language is English.
type Language string

// The languages.
const (
	English Language = "en"
	German  Language = "de"
)

// Languages are all of them.
func Languages() []Language { return []Language{English, German} }

// The marks are Unicode's isolates, made for a name within a sentence and invisible.
const (
	beginName   = '\u2068'
	beginPhrase = '\u2066'
	end         = '\u2069'
)

var noMarks = strings.NewReplacer(string(beginName), "", string(beginPhrase), "", string(end), "")

// Name marks a value that is the same in every language: a name, a number, what
// somebody has typed.
func Name(s string) string { return mark(beginName, Plain(s)) }

// Phrase marks a value in words of ours, which may have marks within.
func Phrase(s string) string { return mark(beginPhrase, s) }

func mark(begin rune, s string) string {
	if s == "" {
		return ""
	}
	return string(begin) + s + string(end)
}

// Of is a text in the language, without the marks.
func (l Language) Of(text string) string {
	c := catalogues[l]
	if c == nil || text == "" {
		return Plain(text)
	}
	return c.text(text)
}

// Plain is a text as it was written, without the marks.
func Plain(text string) string {
	if !strings.Contains(text, "\xe2\x81") { // with which all of them begin
		return text
	}
	return noMarks.Replace(text)
}

// Known is the language of a name such as "de" or "de-AT"; English: none of ours.
func Known(name string) Language {
	main, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(name)), "-")
	if catalogues[Language(main)] != nil {
		return Language(main)
	}
	return English
}

// Accepted is the best of ours in an Accept-Language header (RFC 9110, 12.5.4).
func Accepted(header string) Language {
	best, most := English, 0.0
	for one := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(one, ";q=")
		q, err := strconv.ParseFloat(strings.TrimSpace(weight), 64)
		if weight == "" {
			q, err = 1, nil
		}
		main, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(name)), "-")
		if l := Known(name); err == nil && q > most && string(l) == main {
			best, most = l, q
		}
	}
	return best
}

// catalogue is sentences by their English, both without the values and the full stop.
type catalogue map[string]string

var catalogues = map[Language]catalogue{German: newCatalogue(german, germanConsole, germanHistory, germanCarrier, germanAloud, germanSettings)}

func newCatalogue(parts ...map[string]string) catalogue {
	c := catalogue{}
	for _, part := range parts {
		for english, other := range part {
			c[template(english)] = other
		}
	}
	return c
}

// sentences finds them one by one; the last may lack its stop.
var sentences = regexp.MustCompile(`[^.!?]+(?:[.!?]+[^\s.!?]+)*[.!?]*\s*`)

// text says a whole text.
func (c catalogue) text(text string) string {
	blank, values := c.read(text)
	var out strings.Builder
	for _, one := range sentences.FindAllString(blank, -1) {
		n := strings.Count(one, "{}")
		words := strings.TrimRight(one, ".!? \n")
		other, ok := c[words]
		if !ok {
			other = words
		}
		out.WriteString(fill(other, values[:n]) + one[len(words):])
		values = values[n:]
	}
	return out.String()
}

// template is a text with {} for every value.
func template(english string) string {
	blank, _ := catalogue(nil).read(english)
	return blank
}

// read takes a text apart: {} stands for each value, for each number, and for each piece
// in quotation marks, as %q writes what somebody has typed.
func (c catalogue) read(text string) (blank string, values []string) {
	var out strings.Builder
	for text != "" {
		value, rest := first(text)
		switch {
		case value == "":
			out.WriteByte(text[0])
			text = text[1:]
			continue
		case strings.HasPrefix(value, string(beginPhrase)):
			value = c.text(value[len(string(beginPhrase)) : len(value)-len(string(end))])
		default:
			value = Plain(value)
		}
		out.WriteString("{}")
		values = append(values, value)
		text = rest
	}
	return out.String(), values
}

// first is the value, the number or the quotation that a text begins with; empty: none.
func first(text string) (value, rest string) {
	if quoted, err := strconv.QuotedPrefix(text); err == nil && text[0] == '"' {
		return quoted, text[len(quoted):]
	}
	if rest, ok := strings.CutPrefix(text, "{}"); ok {
		return "{}", rest
	}
	depth := 0
	for i, r := range text {
		digit := r >= '0' && r <= '9'
		switch {
		case r == beginName || r == beginPhrase:
			depth++
		case r == end && depth > 0:
			if depth--; depth == 0 {
				i += len(string(end))
				return text[:i], text[i:]
			}
		case depth == 0 && !digit:
			return text[:i], text[i:]
		}
	}
	if depth > 0 {
		return "", text // a mark that is not closed is none
	}
	return text, ""
}

// fill puts values in the place of {}, or of {1}, {2}... where the order is another.
func fill(other string, values []string) string {
	next := 0
	return blanks.ReplaceAllStringFunc(other, func(one string) string {
		at := next
		if n, err := strconv.Atoi(one[1 : len(one)-1]); err == nil {
			at = n - 1
		} else {
			next++
		}
		if at < 0 || at >= len(values) {
			return one
		}
		return values[at]
	})
}

var blanks = regexp.MustCompile(`\{\d*\}`)
