package history

import (
	"slices"
	"strings"
)

// Filter is which calls somebody wants to see, or may. The zero Filter takes all.
type Filter struct {
	// Text is in the customer's name or number, or in the note: SearchFor has
	// written it.
	Text    string
	Outcome Outcome // empty: any
	// Transferred: somebody tried to hand the customer over.
	Transferred bool
	// With: of each of these lists somebody had a part in the call (Part.Who). An
	// empty list takes no call at all.
	With [][]string
}

// Takes reports whether a call is among those. A store's queries must agree.
func (f Filter) Takes(d Digest) bool {
	if f.Outcome != "" && f.Outcome != d.Outcome || f.Transferred && d.Transfers == "" || !strings.Contains(d.Text, f.Text) {
		return false
	}
	for _, list := range f.With {
		if !slices.ContainsFunc(d.Parts, func(p Part) bool { return slices.Contains(list, p.Who) }) {
			return false
		}
	}
	return true
}

// All reports whether a filter takes every call.
func (f Filter) All() bool {
	return f.Text == "" && f.Outcome == "" && !f.Transferred && len(f.With) == 0
}

// SearchFor is what to look for in a digest's text when somebody asks for a text: of a
// telephone number, however it is written, its digits.
func SearchFor(text string) string {
	text = SearchText(text)
	if plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ()-/.", r) {
			return -1
		}
		return r
	}, text); plain != "" && strings.Trim(plain, "+0123456789") == "" {
		return plain
	}
	return text
}
