package main

import (
	"cmp"
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
	recordings, _ := span(s.Recordings.Retention) // both were checked
	calls, _ := span(s.Recordings.CallsFor)
	return settings.Document{
		Routing: settings.Routing{Hours: settings.HoursOf(service.Hours), MaxWait: seconds(s.MaxWait), Welcome: call.Welcome},
		Teams:   settings.Teams{Teams: teams},
		Transfers: settings.Transfers{
			Ring: seconds(call.RingTime), TakeBack: seconds(call.TakeBackTime), Back: seconds(call.BackTime),
		},
		WrapUp: settings.WrapUp{Seconds: seconds(s.WrapUp), Outcomes: agent.DefaultOutcomes()},
		Recording: settings.Recording{
			On: s.Recordings.Recording == "on", Announcement: cmp.Or(strings.TrimSpace(s.Recordings.Announcement), call.Announcement),
			KeepDays: days(recordings), CallDays: days(calls),
		},
		CallPage: settings.CallPage{Open: s.Edge.CallPage != "off"},
		Embed:    settings.Embed{Origins: s.Edge.EmbedOrigins},
	}, nil
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

func days(d time.Duration) float64 { return d.Hours() / 24 }

// fixed are the settings that a variable is set for, or an option: it wins, so that
// what is written down for the machine holds.
func (s *serveCommand) fixed() map[string]string {
	set := map[string]string{}
	for variable, v := range map[string]struct {
		field string
		given bool // by an option, which the environment does not show
	}{
		"TEAMS":                  {"teams.teams", s.Teams != ""},
		"HOURS":                  {"routing.hours", s.Hours != ""},
		"MAX_WAIT":               {"routing.maxWait", s.MaxWait != 10*time.Minute},
		"WRAP_UP":                {"wrapUp.seconds", s.WrapUp != 0},
		"RECORDING":              {"recording.on", s.Recordings.Recording == "on"},
		"RECORDING_ANNOUNCEMENT": {"recording.announcement", s.Recordings.Announcement != ""},
		"RECORDING_RETENTION":    {"recording.keepDays", s.Recordings.Retention != "30d"},
		"CALL_RETENTION":         {"recording.callDays", s.Recordings.CallsFor != "0"},
		"CALL_PAGE":              {"callPage.open", s.Edge.CallPage == "off"},
		"EMBED_ORIGINS":          {"embed.origins", len(s.Edge.EmbedOrigins) > 0},
	} {
		if v.given || os.Getenv(variable) != "" {
			set[v.field] = variable
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
			a.desk.SetRules(rules(now.Document))
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
		WrapUp: time.Duration(d.WrapUp.Seconds) * time.Second, Service: service,
		Limits: call.Limits{
			Ring:     time.Duration(d.Transfers.Ring) * time.Second,
			TakeBack: time.Duration(d.Transfers.TakeBack) * time.Second,
			Back:     time.Duration(d.Transfers.Back) * time.Second,
		},
	}
	if d.Recording.On {
		r.Announcement = d.Recording.Announcement
	}
	return r
}

// heard is what callers hear of the settings.
func (a *app) heard(own phone.Heard) func() phone.Heard {
	return func() phone.Heard {
		d, h := a.settings.Now().Document, own
		h.Announcement, h.Welcome, h.Teams = rules(d).Announcement, d.Routing.Welcome, map[string]string{}
		if music := d.Routing.Music; music.ID != "" {
			h.MusicURL, h.MusicTime = a.public.String()+"/api/sounds/"+music.ID+".wav", music.Length()
		}
		for _, n := range d.Routing.Numbers {
			h.Teams[n.Number] = n.Team
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

// join notes in the roster who is in which team.
func join(roster []agent.Agent, teams []settings.Team) {
	for i := range roster {
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

// reseat tells the desk again: the teams are others.
func (a *app) reseat(ctx context.Context) {
	a.seating.Lock()
	defer a.seating.Unlock()
	a.seatNow(ctx)
}

// seatNow is seat with those who were told of last. The caller holds a.seating.
func (a *app) seatNow(ctx context.Context) (again bool) {
	roster := slices.Clone(a.roster)
	join(roster, a.settings.Now().Document.Teams.Teams)
	return a.desk.SetRoster(ctx, roster, a.former)
}
