package main

import (
	"context"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/console"
	"warmdesk/desk"
	"warmdesk/phone"
	"warmdesk/say"
	"warmdesk/settings"
)

// document is what the variables and their defaults say.
func (s *serveCommand) document() (settings.Document, error) {
	service, err := s.service()
	if err != nil {
		return settings.Document{}, err
	}
	teams, err := s.teams()
	if err != nil {
		return settings.Document{}, err
	}
	telephones, err := s.telephones.document()
	if err != nil {
		return settings.Document{}, err
	}
	recordings, _ := span(s.Recordings.Retention) // both were checked
	calls, _ := span(s.Recordings.CallsFor)
	return settings.Document{
		Routing: settings.Routing{Hours: settings.HoursOf(service.Hours), MaxWait: seconds(s.MaxWait), Language: string(say.English)},
		Teams:   settings.Teams{Teams: teams},
		Transfers: settings.Transfers{
			Ring: seconds(call.RingTime), TakeBack: seconds(call.TakeBackTime), Back: seconds(call.BackTime), ReturnTo: returnSender,
		},
		WrapUp: settings.WrapUp{Seconds: seconds(s.WrapUp), Outcomes: agent.DefaultOutcomes()},
		Recording: settings.Recording{
			On: s.Recordings.Recording == "on", KeepDays: days(recordings), CallDays: days(calls),
		},
		CallPage:   settings.CallPage{Open: s.Edge.CallPage != "off"},
		Embed:      settings.Embed{Origins: s.Edge.EmbedOrigins},
		Telephones: telephones,
		Prompts:    prompts(strings.TrimSpace(s.Recordings.Announcement)),
		ScreenPop:  settings.ScreenPop{On: settings.PopAnswer},
	}, nil
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

func days(d time.Duration) float64 { return d.Hours() / 24 }

// fixed are the settings that a variable is set for, or an option: it wins, so that
// what is written down for the machine holds.
func (s *serveCommand) fixed() map[string]string {
	set := map[string]string{}
	for field, v := range map[string]struct {
		variable string
		given    bool // by an option, which the environment does not show
	}{
		"teams.teams":             {"TEAMS", s.Teams != ""},
		"routing.hours":           {"HOURS", s.Hours != ""},
		"routing.maxWait":         {"MAX_WAIT", s.MaxWait != 10*time.Minute},
		"wrapUp.seconds":          {"WRAP_UP", s.WrapUp != 0},
		"recording.on":            {"RECORDING", s.Recordings.Recording == "on"},
		"prompts.en.announcement": {"RECORDING_ANNOUNCEMENT", s.Recordings.Announcement != ""},
		"prompts.de.announcement": {"RECORDING_ANNOUNCEMENT", s.Recordings.Announcement != ""},
		"recording.keepDays":      {"RECORDING_RETENTION", s.Recordings.Retention != "30d"},
		"recording.callDays":      {"CALL_RETENTION", s.Recordings.CallsFor != "0"},
		"callPage.open":           {"CALL_PAGE", s.Edge.CallPage == "off"},
		"telephones.countries":    {"OUTSIDE_COUNTRIES", len(s.OutsideCountries) > 0},
		"telephones.prefixes":     {"OUTSIDE_PREFIXES", len(s.OutsidePrefixes) > 0},
		"telephones.home":         {"OUTSIDE_DEFAULT_COUNTRY", s.OutsideDefault != ""},
		"telephones.customerId":   {"OUTSIDE_CALLER_ID", s.OutsideCallerID == "customer"},
		"telephones.phones":       {"PHONES", s.Phones != ""},
		"embed.origins":           {"EMBED_ORIGINS", len(s.Edge.EmbedOrigins) > 0},
	} {
		if v.given || os.Getenv(v.variable) != "" {
			set[field] = v.variable
		}
	}
	return set
}

// loadSettings is what was set in the pages, over what the variables say.
func (a *app) loadSettings(ctx context.Context, s *serveCommand) (err error) {
	defaults, err := s.document()
	if err != nil {
		return err
	}
	a.settings, err = settings.New(ctx, settings.Config{
		Store: a.store, Defaults: defaults, Fixed: s.fixed(), Logger: a.log,
		Changed: func(ctx context.Context, now settings.State) { // there is a desk by then
			a.desk.SetRules(a.rules(now.Document))
			a.reseat(ctx)
		},
	})
	return err
}

// rules are what the desk obeys of the settings. The hours were checked before they
// were saved.
func rules(d settings.Document) desk.Rules {
	service, _ := d.Routing.Service()
	r := desk.Rules{
		WrapUp: time.Duration(d.WrapUp.Seconds) * time.Second, Service: service, PrivateListening: d.Recording.PrivateListening,
		Limits: call.Limits{
			Ring:     time.Duration(d.Transfers.Ring) * time.Second,
			TakeBack: time.Duration(d.Transfers.TakeBack) * time.Second,
			Back:     time.Duration(d.Transfers.Back) * time.Second,
			Declined: time.Duration(d.Transfers.Declined) * time.Second,
			Return:   returnOrder(d.Transfers.ReturnTo),
		},
	}
	if d.Recording.On {
		r.Announcements = map[string]string{}
		for _, l := range say.Languages() {
			r.Announcements[string(l)] = d.Prompts[prompt(l, "announcement")]
		}
	}
	return r
}

// rules are what the desk obeys, with the numbers that may be called: besides those that
// are set, those that the carrier lists. They were checked before they were saved.
func (a *app) rules(d settings.Document) desk.Rules {
	r := rules(d)
	var err error
	if r.Outside, err = numbers(d.Telephones, a.carrier.number, a.carrier.listed); err != nil {
		a.log.Error("no telephone numbers may be called", "err", err)
	}
	return r
}

// returnSender is the settings' name of the rulebook's own order.
const returnSender = "sender"

// returnOrder is an order of the settings in the rulebook's words.
func returnOrder(set string) call.ReturnOrder {
	if set == returnSender {
		return call.ToSender
	}
	return call.ReturnOrder(set)
}

// heard is what callers hear of the settings.
func (a *app) heard(own phone.Heard) func() phone.Heard {
	return func() phone.Heard {
		d, h := a.settings.Now().Document, own
		h.Announcements, h.Language, h.Text = rules(d).Announcements, d.Routing.Language, wording(d)
		h.Numbers = map[string]phone.Number{}
		if music := d.Routing.Music; music.ID != "" {
			h.MusicURL, h.MusicTime = a.public.String()+"/api/sounds/"+music.ID+".wav", music.Length()
		}
		for _, n := range d.Routing.Numbers {
			h.Numbers[n.Number] = phone.Number{Team: n.Team, Language: n.Language}
		}
		return h
	}
}

// webhooks are the carrier's last requests, as a page shows them.
func (a *app) webhooks() []console.Webhook {
	list := []console.Webhook{}
	for _, s := range a.recent.List() {
		list = append(list, console.Webhook(s))
	}
	return list
}

// join notes in the roster who is in which team, and what telephone is set for them.
func join(roster []agent.Agent, d settings.Document) {
	teams := d.Teams.Teams
	for i := range roster {
		for _, p := range d.Telephones.Phones {
			if p.Agent == string(roster[i].ID) {
				roster[i].Phone = p.Number
			}
		}
		roster[i].Teams = nil
		for _, t := range teams {
			if slices.Contains(t.Members, string(roster[i].ID)) {
				roster[i].Teams = append(roster[i].Teams, t.Name)
			}
		}
		slices.Sort(roster[i].Teams)
	}
}

// seat tells the desk who works here, with the teams of now.
func (a *app) seat(ctx context.Context, roster, former []agent.Agent) (again bool) {
	a.seating.Lock()
	defer a.seating.Unlock()
	a.roster, a.former = slices.Clone(roster), former
	return a.seatNow(ctx)
}

// reseat tells the desk again: the teams are others, or telephones.
func (a *app) reseat(ctx context.Context) {
	a.seating.Lock()
	defer a.seating.Unlock()
	a.seatNow(ctx)
}

// seatNow is seat with those who were told of last. The caller holds a.seating.
func (a *app) seatNow(ctx context.Context) (again bool) {
	roster := slices.Clone(a.roster)
	join(roster, a.settings.Now().Document)
	return a.desk.SetRoster(ctx, roster, a.former)
}
