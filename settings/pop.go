package settings

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"warmdesk/say"
)

// ScreenPop is the page of another system about a customer, which an agent's browser
// opens with a call.
type ScreenPop struct {
	// URL is its address, like https://crm.example.com/find?phone={from}&call={id}; empty:
	// there is none. PopWords are what may stand in it.
	URL string `json:"url"`
	// Label is what the link beside the call says; empty: as the console says it.
	Label string `json:"label"`
	// On is when it opens by itself: PopAnswer, PopRing or PopNever.
	On string `json:"on"`
}

// When a screen-pop opens.
const (
	PopAnswer = "answer" // with the press of Answer
	PopRing   = "ring"
	PopNever  = "never" // there is the link
)

const (
	mostPop   = 500
	mostLabel = 40
)

// PopWords are what may stand in braces in the address of a screen-pop.
func PopWords() []string { return []string{"from", "id", "topic", "name", "email", "reference"} }

var braces = regexp.MustCompile(`\{[^{}]*\}`)

// Link is the address for one call; values go by PopWords, and what is missing is left
// empty. Each is encoded, so that none says more than its place in the address allows.
func (s ScreenPop) Link(values map[string]string) string {
	return braces.ReplaceAllStringFunc(s.URL, func(word string) string {
		return strings.ReplaceAll(url.QueryEscape(values[word[1:len(word)-1]]), "+", "%20")
	})
}

func (d *Document) checkScreenPop(p problems) {
	s := d.ScreenPop
	if !slices.Contains([]string{PopAnswer, PopRing, PopNever}, s.On) {
		p.add("on", "Choose one of %s.", say.Name(strings.Join([]string{PopAnswer, PopRing, PopNever}, ", ")))
	}
	p.text("label", "The label", s.Label, 0, mostLabel)
	if s.URL == "" {
		return
	}
	p.text("url", "The address", s.URL, 0, mostPop)
	for _, word := range braces.FindAllString(s.URL, -1) {
		if !slices.Contains(PopWords(), word[1:len(word)-1]) {
			p.add("url", "%s is none of %s.", say.Name(word), say.Name("{"+strings.Join(PopWords(), "}, {")+"}"))
		}
	}
	// The values are a caller's own: none of them may choose the site.
	one, errOne := url.Parse(braces.ReplaceAllString(s.URL, "x"))
	other, errOther := url.Parse(braces.ReplaceAllString(s.URL, "y"))
	switch {
	case errOne != nil || errOther != nil || one.Scheme != "https" && one.Scheme != "http" || one.Host == "" || one.User != nil || strings.ContainsAny(s.URL, " \t\n\\"):
		p.add("url", "The address begins with https:// or http:// and the name of a site.")
	case one.Scheme != other.Scheme || one.Host != other.Host:
		p.add("url", "What stands in braces cannot be part of the name of the site.")
	}
}
