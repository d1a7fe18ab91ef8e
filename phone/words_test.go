package phone_test

import (
	"errors"
	"strings"
	"testing"

	"warmdesk/call"
	"warmdesk/phone"
)

// tongues is a desk that speaks English and has a number whose callers are German.
func tongues() phone.Heard {
	return phone.Heard{
		Language: "en", Numbers: map[string]phone.Number{"+4930123456": {Team: "berlin", Language: "de"}},
		Announcements: map[string]string{"en": "Taped.", "de": "Mitschnitt."},
		Text: func(language, dialled, english string) string {
			if english == call.Welcome {
				return language + " welcome to " + dialled
			}
			return language + ": " + english
		},
	}
}

// Everybody is spoken to in the language of the number they called, or of their page,
// by a voice of it, also while nothing can be looked up.
func TestLanguages(t *testing.T) {
	const german = `<Say voice="Polly.Vicki" language="de-DE">de`
	for name, c := range map[string]struct {
		arrival []string
		say     string // how whatever is said begins
		welcome string
	}{
		"a number":             {[]string{"From", "+15550001", "To", "+15550100"}, "<Say>en", "en welcome to +15550100"},
		"a German number":      {[]string{"From", "+15550001", "To", "+4930123456"}, german, "de welcome to +4930123456"},
		"a page":               {[]string{"From", "client:caller", "To", ""}, "<Say>en", "en welcome to <"},
		"a German page":        {[]string{"From", "client:caller", "Language", "de-AT"}, german, "de welcome to <"},
		"a page in Klingon":    {[]string{"From", "client:caller", "Language", "tlh"}, "<Say>en", "en welcome to <"},
		"a number with a wish": {[]string{"From", "+15550001", "To", "+15550100", "Language", "de"}, "<Say>en", "en welcome to +15550100"},
		"a page with a number": {[]string{"From", "client:caller", "To", "+4930123456", "Language", "en"}, "<Say>en", "en welcome to <"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSiteWith(tongues())
			s.post(t, "/conference/connect/client", append([]string{"CallSid", "CA1", "CallStatus", "ringing"}, c.arrival...)...)
			if doc := s.post(t, "/conference/wait", "CallSid", "CA1"); !strings.Contains(doc, c.say) || !strings.Contains(doc, c.welcome) {
				t.Errorf("in line: %s", doc)
			}
			s.step(t, "call-CA1", call.Unattended{Why: "closed"})
			s.later = call.SettleTime
			s.step(t, "call-CA1", call.Unattended{Why: "closed"})
			if doc := s.post(t, "/conference/CA1/out", "CallSid", "CA1"); !strings.Contains(doc, "<Gather") || !strings.Contains(doc, c.say+": ") || !strings.Contains(doc, "press 1") {
				t.Errorf("asked what else: %s", doc)
			}

			s = newSiteWith(tongues())
			s.broken = errors.New("disk full")
			doc := s.post(t, "/conference/connect/client", append([]string{"CallSid", "CA1", "CallStatus", "ringing"}, c.arrival...)...)
			if !strings.Contains(doc, c.say+": ") {
				t.Errorf("told while broken: %s", doc)
			}
			_, wait, _ := strings.Cut(doc, `waitUrl="`+public)
			wait, _, _ = strings.Cut(wait, `"`)
			if doc := s.post(t, strings.ReplaceAll(wait, "&amp;", "&"), "CallSid", "CA1"); !strings.Contains(doc, c.say) || !strings.Contains(doc, c.welcome) {
				t.Errorf("in line while broken: %s", doc)
			}
		})
	}
}

// Agents on telephones are spoken to as the desk is, and names stay names.
func TestAgentsAreSpokenToAsTheDesk(t *testing.T) {
	h := tongues()
	h.Language, h.Text = "de", func(language, _, english string) string { return language + ": " + english }
	s := newSiteWith(h)
	s.arrive(t)
	s.step(t, "call-CA1", call.Offered{Agent: "ana", Phone: "+15550009"})
	s.step(t, "call-CA1", call.LegMoved{Leg: "call-CA1-2", Account: account, SID: "CA2", Status: call.Ringing})
	doc := s.post(t, "/conference/CA1/connect/ana?leg=call-CA1-2", "CallSid", "CA2")
	if !strings.Contains(doc, `<Say voice="Polly.Vicki" language="de-DE">de: A call for `) || !strings.Contains(doc, "Press 1") {
		t.Errorf("%s", doc)
	}
}
