package settings

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"warmdesk/agent"
	"warmdesk/outside"
	"warmdesk/say"
)

// Limits of what can be set.
const (
	MostSaid = 500 // characters; longer than half a minute nobody listens
	// MostAnnounced is about half a minute: callers hear it before anybody can answer.
	MostAnnounced = 300

	mostNumbers, mostTeams, mostOutcomes, mostOrigins, mostHolidays = 50, 50, 20, 20, 100

	mostCountries, mostPhones = 300, 1000

	mostOutcome = 40 // characters
	mostDays    = 36500
	mostWait    = 24 * 60 * 60
)

// InvalidError says of each field what is wrong with it, for people, with its values
// marked for package say. Nothing was saved.
type InvalidError struct {
	Fields map[string]string
}

func (e *InvalidError) Error() string {
	return say.Plain(fmt.Sprintf("settings are not right: %v", e.Fields))
}

// problems are what is wrong, by field; the first of a field stays.
type problems map[string]string

func (p problems) add(field, format string, args ...any) {
	if _, told := p[field]; !told {
		p[field] = fmt.Sprintf(format, args...)
	}
}

func (p problems) within(field, what string, n, least, most int) {
	if n < least || n > most {
		p.add(field, "%s is a whole number from %d to %d.", say.Phrase(what), least, most)
	}
}

// text is one that is shown or said: no control characters, which have no sound.
func (p problems) text(field, what, s string, least, most int) {
	n := utf8.RuneCountInString(strings.TrimSpace(s))
	control := func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f || r == utf8.RuneError }
	switch {
	case n < least:
		p.add(field, "%s cannot be empty.", say.Phrase(what))
	case n > most:
		p.add(field, "%s has %d characters; %d are the most.", say.Phrase(what), n, most)
	case strings.ContainsFunc(s, control):
		p.add(field, "%s has a character that cannot be shown.", say.Phrase(what))
	}
}

// check says what is wrong with a section, as part of the whole document.
func (d *Document) check(section string) error {
	p := problems{}
	switch section {
	case "routing":
		d.checkRouting(p)
	case "teams":
		d.checkTeams(p)
	case "transfers":
		p.within("ring", "The ring time in seconds", d.Transfers.Ring, 5, 120)
		p.within("takeBack", "The time to take back in seconds", d.Transfers.TakeBack, 5, 120)
		p.within("back", "The time on hold in seconds", d.Transfers.Back, 3, 120)
		p.within("declined", "The time on hold in seconds", d.Transfers.Declined, 0, 120)
		if !slices.Contains(ReturnOrders(), d.Transfers.ReturnTo) {
			p.add("returnTo", "Choose one of %s.", say.Name(strings.Join(ReturnOrders(), ", ")))
		}
	case "wrapUp":
		d.checkWrapUp(p)
	case "recording":
		for field, days := range map[string]float64{"keepDays": d.Recording.KeepDays, "callDays": d.Recording.CallDays} {
			if !(days >= 0 && days <= mostDays) { // not a number is neither
				p.add(field, "Days are a number from 0, which is for ever, to %d.", mostDays)
			}
		}
	case "embed":
		d.checkEmbed(p)
	case "telephones":
		d.checkTelephones(p)
	case "screenPop":
		d.checkScreenPop(p)
	case "prompts":
		for name, text := range d.Prompts {
			most := MostSaid
			if strings.HasSuffix(name, ".announcement") {
				most = MostAnnounced
			}
			p.text(name, "The text", text, 0, most)
		}
	}
	if len(p) > 0 {
		return &InvalidError{p}
	}
	return nil
}

func (d *Document) checkRouting(p problems) {
	r := d.Routing
	if len(r.Numbers) > mostNumbers {
		p.add("numbers", "There are at most %d numbers.", mostNumbers)
	}
	for i, n := range r.Numbers {
		switch {
		case !e164(n.Number):
			p.add("numbers", "%q is not a number like +15550100123.", n.Number)
		case slices.ContainsFunc(r.Numbers[:i], func(o Number) bool { return o.Number == n.Number }):
			p.add("numbers", "%s is named twice.", say.Name(n.Number))
		case n.Team != "" && !d.hasTeam(n.Team):
			p.add("numbers", "There is no team %q. Add it under Teams first.", n.Team)
		case n.Language != "" && !spoken(n.Language):
			p.add("numbers", "Nothing is said in the language %q.", n.Language)
		}
		p.text("numbers", "The welcome of "+say.Name(n.Number), n.Welcome, 0, MostSaid)
	}
	if !spoken(r.Language) {
		p.add("language", "Nothing is said in the language %q.", r.Language)
	}
	if _, err := r.Hours.read(nil); err != nil {
		p.add("hours", "%s.", sentence(err))
	} else if _, err := r.Hours.read(r.Holidays); err != nil {
		p.add("holidays", "%s.", sentence(err))
	}
	if len(r.Holidays) > mostHolidays {
		p.add("holidays", "There are at most %d days. Take out those that are over.", mostHolidays)
	}
	p.within("maxWait", "The wait in seconds", r.MaxWait, 0, mostWait)
}

// spoken reports whether callers can be spoken to in a language.
func spoken(language string) bool { return slices.Contains(say.Languages(), say.Language(language)) }

// sentence is an error's text with a capital letter.
func sentence(err error) string {
	text := err.Error()
	first, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[n:]
}

// e164 reports whether a number has a plus sign and 7 to 15 digits.
func e164(number string) bool {
	digits, ok := strings.CutPrefix(number, "+")
	return ok && len(digits) >= 7 && len(digits) <= 15 && !strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
}

func (d *Document) hasTeam(name string) bool {
	return slices.ContainsFunc(d.Teams.Teams, func(t Team) bool { return t.Name == name })
}

func (d *Document) checkTeams(p problems) {
	teams := d.Teams.Teams
	if len(teams) > mostTeams {
		p.add("teams", "There are at most %d teams.", mostTeams)
	}
	for i, t := range teams {
		switch {
		case !agent.ValidTeam(t.Name):
			p.add("teams", "%q cannot be a team's name: it has 1 to 64 of a-z, 0-9 and _.", t.Name)
		case slices.ContainsFunc(teams[:i], func(o Team) bool { return o.Name == t.Name }):
			p.add("teams", "The team %q is named twice.", t.Name)
		}
		for j, m := range t.Members {
			switch {
			case !agent.ID(m).Valid():
				p.add("teams", "%q in %q is nobody's id.", m, t.Name)
			case slices.Contains(t.Members[:j], m):
				p.add("teams", "%q is in %q twice.", m, t.Name)
			}
		}
	}
	for _, n := range d.Routing.Numbers {
		if n.Team != "" && !d.hasTeam(n.Team) {
			p.add("teams", "Callers of %s go to the team %q. Change that under Numbers and routing first.", say.Name(n.Number), n.Team)
		}
	}
}

func (d *Document) checkWrapUp(p problems) {
	p.within("seconds", "The time after a call in seconds", d.WrapUp.Seconds, 0, 3600)
	if len(d.WrapUp.Outcomes) > mostOutcomes {
		p.add("outcomes", "There are at most %d outcomes: nobody reads more after a call.", mostOutcomes)
	}
	for i, o := range d.WrapUp.Outcomes {
		p.text("outcomes", "An outcome", o, 1, mostOutcome)
		if slices.Contains(d.WrapUp.Outcomes[:i], o) {
			p.add("outcomes", "%q is there twice.", o)
		}
	}
}

func (d *Document) checkEmbed(p problems) {
	p.sites("origins", d.Embed.Origins)
	p.sites("agentOrigins", d.Embed.AgentOrigins)
}

func (p problems) sites(field string, origins []string) {
	if len(origins) > mostOrigins {
		p.add(field, "There are at most %d sites.", mostOrigins)
	}
	for i, o := range origins {
		switch {
		case !Origin(o):
			p.add(field, "%q is not a site like \"https://shop.example.com\", with nothing behind the name.", o)
		case slices.Contains(origins[:i], o):
			p.add(field, "%s is there twice.", say.Name(o))
		}
	}
}

func (d *Document) checkTelephones(p problems) {
	t := d.Telephones
	if len(t.Countries) > mostCountries || len(t.Prefixes) > mostCountries {
		p.add("countries", "There are at most %d entries.", mostCountries)
	}
	for field, one := range map[string]outside.Config{"countries": {Countries: t.Countries}, "prefixes": {Prefixes: t.Prefixes}, "home": {Home: t.Home}} {
		if _, err := outside.New(one); err != nil {
			p.add(field, "%s.", sentence(err))
		}
	}
	if len(t.Phones) > mostPhones {
		p.add("phones", "There are at most %d telephones.", mostPhones)
	}
	for i, one := range t.Phones {
		switch {
		case !agent.ID(one.Agent).Valid():
			p.add("phones", "%q is nobody's id.", one.Agent)
		case !outside.Valid(one.Number):
			p.add("phones", "%q is not a number like +4930123456.", one.Number)
		case slices.ContainsFunc(t.Phones[:i], func(o Phone) bool { return o.Agent == one.Agent }):
			p.add("phones", "%q is there twice.", one.Agent)
		}
	}
}

// Origin reports whether a text is scheme and host only, so that it may become part
// of a header.
func Origin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.Scheme+"://"+u.Host == text &&
		!strings.ContainsAny(text, "; ,'*\"") && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}
