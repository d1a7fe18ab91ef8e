package main

import (
	"log/slog"
	"net/url"
	"testing"

	"warmdesk/staff"
	"warmdesk/store"
)

// Who works here when nobody says so, and when somebody does.
func TestHire(t *testing.T) {
	ana := staff.User{ID: "ana", Name: "Ana", Role: staff.Agent}
	for name, c := range map[string]struct {
		s       serveCommand
		host    string
		stored  bool
		demo    bool
		welcome bool
		people  int
	}{
		"this computer":            {serveCommand{Addr: "127.0.0.1:8080"}, "localhost", false, true, false, 3},
		"this computer, with Ana":  {serveCommand{Addr: "127.0.0.1:8080"}, "localhost", true, false, false, 1},
		"open":                     {serveCommand{Addr: "0.0.0.0:8080"}, "localhost", false, false, true, 0},
		"Twilio":                   {whole(), "desk.example.com", false, false, true, 0},
		"open, with Ana":           {serveCommand{Addr: "0.0.0.0:8080", Teams: "tech=ana,somebody_new"}, "localhost", true, false, false, 1},
		"AGENTS":                   {serveCommand{Addr: "127.0.0.1:8080", Agents: "ben=Ben:two"}, "localhost", false, false, false, 1},
		"AGENTS, with Ana":         {serveCommand{Addr: "127.0.0.1:8080", Agents: "ben=Ben:two"}, "localhost", true, false, false, 2},
		"AGENTS with the same Ana": {serveCommand{Addr: "127.0.0.1:8080", Agents: "ana=Anna:two"}, "localhost", true, false, false, 1},
	} {
		db, err := store.Open(t.Context(), store.Config{URL: store.Memory})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		a := &app{store: db, log: slog.New(slog.DiscardHandler), public: &url.URL{Scheme: "http", Host: c.host}}
		if c.stored {
			if err := staff.New(staff.Config{Store: db}).Add(t.Context(), ana, "", staff.Origin{}); err != nil {
				t.Fatal(err)
			}
		}
		fixed, err := c.s.people()
		if err != nil {
			t.Fatal(err)
		}
		c.s.Recordings = recordingSettings{Retention: "30d", CallsFor: "0"}
		if err := a.loadSettings(t.Context(), &c.s); err != nil {
			t.Fatal(err)
		}
		roster, err := a.hire(t.Context(), &c.s, fixed)
		if err != nil || a.demo != c.demo || (a.welcome != "") != c.welcome || len(roster) != c.people {
			t.Errorf("%s: demo %v, welcome %q, %v, %v", name, a.demo, a.welcome, roster, err)
		}
	}
	strict := serveCommand{Addr: "127.0.0.1:8080", Agents: "ben=Ben:two", Teams: "tech=nobody"}
	db, err := store.Open(t.Context(), store.Config{URL: store.Memory})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	a := &app{store: db, log: slog.New(slog.DiscardHandler), public: &url.URL{Scheme: "http", Host: "localhost"}}
	if err := a.loadSettings(t.Context(), &strict); err != nil {
		t.Fatal(err)
	}
	if _, err := a.hire(t.Context(), &strict, []staff.Fixed{{ID: "ben", Name: "Ben", Password: "two"}}); err == nil {
		t.Error("a team of nobody was taken")
	}
}
