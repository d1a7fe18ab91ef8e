package agent

import "strings"

// ValidTeam reports whether a name can be a team's: [a-z0-9_]{1,64}.
func ValidTeam(name string) bool {
	if len(name) == 0 || len(name) > 64 {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool { return !word(r) })
}

// word reports whether r may be in a name of ours.
func word(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' }

// TeamTitle is a team's name as people read it: "Billing", "Second line".
func TeamTitle(name string) string {
	title := strings.ReplaceAll(name, "_", " ")
	if title == "" {
		return ""
	}
	return strings.ToUpper(title[:1]) + title[1:]
}
