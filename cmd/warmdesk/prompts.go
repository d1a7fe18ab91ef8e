package main

import (
	"slices"
	"strings"

	"warmdesk/call"
	"warmdesk/say"
	"warmdesk/settings"
)

// pageWelcome is the prompt that who calls from the page hears in place of the welcome;
// empty: the welcome.
const pageWelcome = "page"

// prompt names a text as the settings do.
func prompt(l say.Language, id string) string { return string(l) + "." + id }

// prompts are what callers are told unless somebody has worded it otherwise.
// announcement, if there is one, is told in every language.
func prompts(announcement string) map[string]string {
	list := map[string]string{}
	for _, l := range say.Languages() {
		for _, t := range call.Texts() {
			list[prompt(l, t.ID)] = l.Of(t.English)
		}
		if announcement != "" {
			list[prompt(l, "announcement")] = announcement
		}
		list[prompt(l, pageWelcome)] = ""
	}
	return list
}

// wording says the rulebook's English as the settings word it.
func wording(d settings.Document) func(language, dialled, english string) string {
	ids := map[string]string{}
	for _, t := range call.Texts() {
		ids[t.English] = t.ID
	}
	return func(language, dialled, english string) string {
		l := say.Known(language)
		if english == call.Welcome {
			if own := ownWelcome(d, l, dialled); own != "" {
				return own
			}
		}
		if id := ids[english]; id != "" {
			return d.Prompts[prompt(l, id)]
		}
		if english == d.Prompts[prompt(l, "announcement")] {
			return english // calls keep theirs, in their language
		}
		return l.Of(english) // what agents are told
	}
}

// ownWelcome is that of the number that was called, or of the page; empty: none.
func ownWelcome(d settings.Document, l say.Language, dialled string) string {
	if dialled == "" {
		return strings.TrimSpace(d.Prompts[prompt(l, pageWelcome)])
	}
	at := slices.IndexFunc(d.Routing.Numbers, func(n settings.Number) bool { return n.Number == dialled })
	if at < 0 {
		return ""
	}
	return strings.TrimSpace(d.Routing.Numbers[at].Welcome)
}
