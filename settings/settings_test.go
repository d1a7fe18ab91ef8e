package settings_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"warmdesk/say"
	"warmdesk/settings"
	"warmdesk/staff"
	"warmdesk/store"
)

func defaults() settings.Document {
	return settings.Document{
		Routing:   settings.Routing{MaxWait: 600, Language: "en"},
		Teams:     settings.Teams{Teams: []settings.Team{{Name: "billing", Members: []string{"ana"}}}},
		Transfers: settings.Transfers{Ring: 20, TakeBack: 20, Back: 10, ReturnTo: "sender"}, Recording: settings.Recording{KeepDays: 30},
		Prompts: map[string]string{"en.welcome": "Hello.", "de.welcome": "Guten Tag.", "en.announcement": "Recorded.", "en.page": ""},
	}
}

// office is what one process knows of the settings on a database.
type office struct {
	*settings.Settings
	t    *testing.T
	told []settings.State
}

func newOffice(t *testing.T, db settings.Store, fixed map[string]string) *office {
	t.Helper()
	o := &office{t: t}
	var err error
	o.Settings, err = settings.New(t.Context(), settings.Config{
		Store: db, Defaults: defaults(), Fixed: fixed, Logger: slog.New(slog.DiscardHandler),
		Changed: func(_ context.Context, s settings.State) { o.told = append(o.told, s) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func memory(t *testing.T) *store.Store {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{URL: store.Memory})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// set sets one field of the newest version.
func (o *office) set(section, name, value string) (settings.State, error) {
	return o.Change(o.t.Context(), settings.Request{
		Version: o.Now().Version, Section: section, Set: map[string][]byte{name: []byte(value)},
	}, staff.Origin{User: "ana"})
}

func TestWhatIsTaken(t *testing.T) {
	o := newOffice(t, memory(t), nil)
	long := func(n int) string { return `"` + strings.Repeat("a", n) + `"` }
	days := slices.Repeat([]string{`"2026-12-25"`}, 101)
	for _, row := range []struct {
		field, value string
		wrong        string // a part of the sentence; empty: it is taken
	}{
		{"transfers.ring", "5", ""}, {"transfers.ring", "120", ""}, {"transfers.ring", "4", "from 5 to 120"}, {"transfers.ring", "121", "from 5 to 120"},
		{"transfers.ring", "10.5", "should look like 20"}, {"transfers.ring", `"10"`, "should look like"}, {"transfers.ring", "1e99", "should look like"},
		{"transfers.takeBack", "0", "from 5 to 120"}, {"transfers.back", "3", ""}, {"transfers.back", "-3", "from 3 to 120"},
		{"transfers.declined", "5", ""}, {"transfers.declined", "-1", "from 0"}, {"transfers.returnTo", `"sender_team"`, ""}, {"transfers.returnTo", `"team,sender"`, "one of sender, sender_team"},
		{"wrapUp.seconds", "0", ""}, {"wrapUp.seconds", "3601", "from 0 to 3600"},
		{"wrapUp.outcomes", `["Solved","Gelöst"]`, ""}, {"wrapUp.outcomes", `["Solved","Solved"]`, "twice"}, {"wrapUp.outcomes", `[""]`, "empty"}, {"wrapUp.outcomes", "[" + long(41) + "]", "41 characters"},
		{"recording.on", "true", ""}, {"recording.on", "1", "should look like false"},
		{"prompts.en.announcement", `"\u0007"`, "cannot be shown"}, {"prompts.en.announcement", long(301), "301"}, {"prompts.fr.welcome", `"Bonjour."`, "no such setting"},
		{"recording.keepDays", "0.5", ""}, {"recording.keepDays", "-1", "for ever"}, {"recording.callDays", "36501", "36500"},
		{"callPage.open", "false", ""},
		{"telephones.countries", `["DE","at"]`, ""}, {"telephones.countries", `["Germany"]`, "not a country"}, {"telephones.prefixes", `["+4930"]`, ""}, {"telephones.prefixes", `["4930"]`, "not the beginning"},
		{"telephones.home", `"DE"`, ""}, {"telephones.home", `"49"`, "not a country"}, {"telephones.customerId", "true", ""},
		{"telephones.phones", `[{"agent":"ana","number":"+4930123456"}]`, ""}, {"telephones.phones", `[{"agent":"ana","number":"030 123456"}]`, "is not a number"},
		{"telephones.phones", `[{"agent":"Ana!","number":"+4930123456"}]`, "nobody's id"}, {"telephones.phones", `[{"agent":"ana","number":"+4930123456"},{"agent":"ana","number":"+4930123457"}]`, "twice"},
		{"embed.origins", `["https://shop.example.com","http://localhost:3000"]`, ""}, {"embed.origins", `["https://shop.example.com/"]`, "is not a site"},
		{"embed.origins", `["*"]`, "is not a site"}, {"embed.origins", `["https://a.example; script-src *"]`, "is not a site"}, {"embed.origins", `["javascript://x"]`, "is not a site"},
		{"embed.origins", `["https://a.example","https://a.example"]`, "twice"}, {"embed.origins", "null", "should look like []"},
		{"embed.agentOrigins", `["https://crm.example.com"]`, ""}, {"embed.agentOrigins", `["*"]`, "is not a site"},
		{"prompts.en.welcome", `"<b>Hello</b> & welcome"`, ""}, {"prompts.en.welcome", long(501), "500 are the most"}, {"prompts.en.welcome", `7`, "should look like"},
		{"routing.language", `"de"`, ""}, {"routing.language", `"fr"`, `language "fr"`}, {"routing.welcome", `"Hello."`, "no such setting"},
		{"routing.numbers", `[{"number":"+15550100123","language":"de","welcome":"Guten Tag."}]`, ""}, {"routing.numbers", `[{"number":"+15550100123","language":"tlh"}]`, `language "tlh"`},
		{"routing.numbers", `[{"number":"+15550100123","welcome":"\u0007"}]`, "cannot be shown"},
		{"routing.maxWait", "0", ""}, {"routing.maxWait", "-1", "from 0"},
		{"routing.numbers", `[{"number":"+15550100123","team":"billing"}]`, ""}, {"routing.numbers", `[{"number":"555","team":"billing"}]`, "is not a number"},
		{"routing.numbers", `[{"number":"+15550100123","team":"tech"}]`, `no team "tech"`}, {"routing.numbers", `[{"numero":"x"}]`, "should look like"},
		{"teams.teams", `[]`, "Callers of +15550100123"}, {"routing.numbers", `[]`, ""}, {"teams.teams", `[]`, ""},
		{"teams.teams", `[{"name":"Tech","members":[]}]`, "cannot be a team's name"}, {"teams.teams", `[{"name":"tech"},{"name":"tech"}]`, "named twice"},
		{"teams.teams", `[{"name":"tech","members":["ana","ana"]}]`, `"ana" is in "tech" twice`}, {"teams.teams", `[{"name":"tech","members":["Ana!"]}]`, "nobody's id"},
		{"routing.hours", `{"zone":"","days":["","","","","","",""]}`, ""}, {"routing.hours", `{"zone":"Europe/Berlin","days":["09:00-12:00 13:00-17:00","","","","","",""]}`, ""},
		{"routing.hours", `{"zone":"","days":["09:00-17:00","","","","","",""]}`, "time zone is missing"}, {"routing.hours", `{"zone":"Mars/Base","days":["","","","","","",""]}`, "not a known time zone"},
		{"routing.hours", `{"zone":"Europe/Berlin","days":["nine to five","","","","","",""]}`, "Monday does not read like"}, {"routing.hours", `{"zone":"Europe/Berlin","days":["09:00-17:00, Tue 09:00-10:00","","","","","",""]}`, "Monday does not read"},
		{"routing.hours", `{"zone":"Europe/Berlin","days":["25:00-26:00","","","","","",""]}`, "is not a time"},
		{"routing.holidays", `["2026-12-25"]`, ""}, {"routing.holidays", `["25.12.2026"]`, "is not a day like"}, {"routing.holidays", `["2026-02-30"]`, "is not a day like"},
		{"routing.holidays", "[" + strings.Join(days, ",") + "]", "at most 100"}, {"routing.hours", `{"zone":"","days":["","","","","","",""]}`, "holidays"},
	} {
		section, name, _ := strings.Cut(row.field, ".")
		before := o.Now()
		after, err := o.set(section, name, row.value)
		var invalid *settings.InvalidError
		switch {
		case row.wrong == "" && err != nil:
			t.Errorf("%s = %s is refused: %v", row.field, row.value, err)
		case row.wrong == "":
		case !errors.As(err, &invalid) || !strings.Contains(say.Plain(strings.Join(slices.Sorted(maps.Values(invalid.Fields)), " "))+strings.Join(slices.Sorted(maps.Keys(invalid.Fields)), " "), row.wrong):
			t.Errorf("%s = %.60s: %v; want %q", row.field, row.value, err, row.wrong)
		case strings.Contains(inGerman(invalid), english):
			t.Errorf("%s = %.60s: in German it is %q", row.field, row.value, inGerman(invalid))
		case after.Version != before.Version || o.Now().Version != before.Version:
			t.Errorf("%s = %s is refused, and there is a new version", row.field, row.value)
		}
	}
}

// english marks what has no German.
const english = "no German: "

// inGerman is what is wrong, as somebody reads it in German.
func inGerman(e *settings.InvalidError) string {
	var all []string
	for _, why := range e.Fields {
		german := say.German.Of(why)
		if german == say.English.Of(why) {
			german = english + why
		}
		all = append(all, german)
	}
	return strings.Join(all, " ")
}

func TestTheEnvironmentWins(t *testing.T) {
	db := memory(t)
	if _, err := newOffice(t, db, nil).set("transfers", "ring", "30"); err != nil {
		t.Fatal(err)
	}
	o := newOffice(t, db, map[string]string{"transfers.ring": "RING_TIME"})
	if got := o.Now().Document.Transfers.Ring; got != 20 {
		t.Errorf("the environment says 20, in force is %d", got)
	}
	var invalid *settings.InvalidError
	if _, err := o.set("transfers", "ring", "25"); !errors.As(err, &invalid) || !strings.Contains(invalid.Fields["ring"], "RING_TIME") {
		t.Errorf("%v", err)
	}
	if _, err := o.set("transfers", "back", "12"); err != nil {
		t.Errorf("what is not fixed: %v", err)
	}
	if _, err := settings.New(t.Context(), settings.Config{Store: db, Defaults: defaults(), Fixed: map[string]string{"transfers.rang": "X"}}); err == nil {
		t.Error("a variable for a field there is none of was taken")
	}
}

// What nobody has set follows the program, also after something else was.
func TestDefaultsStayDefaults(t *testing.T) {
	db := memory(t)
	if _, err := newOffice(t, db, nil).set("transfers", "ring", "30"); err != nil {
		t.Fatal(err)
	}
	newer := defaults()
	newer.Transfers.Back = 15
	s, err := settings.New(t.Context(), settings.Config{Store: db, Defaults: newer})
	if err != nil || s.Now().Document.Transfers != (settings.Transfers{Ring: 30, TakeBack: 20, Back: 15, ReturnTo: "sender"}) {
		t.Errorf("%+v, %v", s.Now().Document.Transfers, err)
	}
}

func TestUndo(t *testing.T) {
	o := newOffice(t, memory(t), nil)
	by := staff.Origin{User: "ana"}
	if _, err := o.Undo(t.Context(), 0, by); !errors.Is(err, settings.ErrNothing) {
		t.Errorf("nothing was set: %v", err)
	}
	ring := func(want int) {
		t.Helper()
		if got := o.Now().Document.Transfers.Ring; got != want {
			t.Errorf("ring is %d, want %d", got, want)
		}
	}
	for _, value := range []string{"30", "40"} {
		if _, err := o.set("transfers", "ring", value); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.Undo(t.Context(), 1, by); !errors.Is(err, settings.ErrChanged) {
		t.Errorf("an older change: %v", err)
	}
	for version, want := range map[int64]int{2: 30} {
		if _, err := o.Undo(t.Context(), version, by); err != nil {
			t.Fatal(err)
		}
		ring(want)
	}
	if _, err := o.Undo(t.Context(), 3, by); err != nil {
		t.Fatal(err)
	}
	ring(40)
	if len(o.told) != 4 || o.told[3].Version != 4 {
		t.Errorf("told of %+v", o.told)
	}
}

// Two processes on one database: what one sets is in force in the other, and of two
// who change the same version one is told.
func TestTwoProcesses(t *testing.T) {
	db := memory(t)
	a, b := newOffice(t, db, nil), newOffice(t, db, nil)
	if _, err := a.set("transfers", "ring", "30"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.set("transfers", "ring", "40"); !errors.Is(err, settings.ErrChanged) {
		t.Errorf("an old version: %v", err)
	}
	if got := b.Now(); got.Version != 1 || got.Document.Transfers.Ring != 30 || len(b.told) != 1 {
		t.Errorf("the other was told and knows %+v", got)
	}
	if _, err := b.set("transfers", "ring", "40"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	for end := time.Now().Add(5 * time.Second); a.Now().Version != 2; time.Sleep(10 * time.Millisecond) { // polling, with this deadline
		if time.Now().After(end) {
			t.Fatal("the first does not see what the second has set")
		}
	}
	stop()
	<-done
	if a.Now().Document.Transfers.Ring != 40 {
		t.Errorf("in force is %+v", a.Now())
	}
}

// A text that is emptied is the desk's own again, and those that older versions have
// stored elsewhere are found.
func TestTexts(t *testing.T) {
	db := memory(t)
	o := newOffice(t, db, nil)
	prompt := func(name, want string) {
		t.Helper()
		if got := o.Now().Document.Prompts[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, row := range [][2]string{{`"Good day."`, "Good day."}, {`"  "`, "Hello."}, {`"Hi."`, "Hi."}} {
		if _, err := o.set("prompts", "en.welcome", row[0]); err != nil {
			t.Fatal(err)
		}
		prompt("en.welcome", row[1])
		prompt("de.welcome", "Guten Tag.")
	}
	old := settings.Saved{Version: 4, Document: []byte(`{"routing":{"welcome":"Of old.","maxWait":60},"recording":{"announcement":"Taped."}}`)}
	if err := db.SaveSettings(t.Context(), old, nil, staff.Deed{}); err != nil {
		t.Fatal(err)
	}
	o.Look(t.Context())
	prompt("en.welcome", "Of old.")
	prompt("en.announcement", "Taped.")
	if _, err := o.set("prompts", "en.welcome", `"New."`); err != nil {
		t.Fatal(err)
	}
	prompt("en.welcome", "New.")
	prompt("en.announcement", "Taped.")
	if got := o.Now().Document.Routing.MaxWait; got != 60 {
		t.Errorf("what else was stored: %d", got)
	}
}
