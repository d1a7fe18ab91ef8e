package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
)

// benchCalls is how many calls are stored, over ninety days.
const benchCalls = 100_000

// BenchmarkHistory asks what the history and the reports ask, of a hundred thousand
// calls in a file. The calls are made first, which takes a minute or two.
func BenchmarkHistory(b *testing.B) {
	ctx := b.Context()
	s, err := Open(ctx, Config{URL: filepath.Join(b.TempDir(), "desk.db")})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	start := time.Date(2026, 8, 24, 0, 0, 0, 0, time.UTC)
	fillHistory(b, s, start)
	now := start.AddDate(0, 0, 90)
	of := func(f history.Filter) history.Query { return history.Query{Account: "AC1", Limit: 51, Filter: f} }
	month := of(history.Filter{})
	month.From = now.AddDate(0, 0, -30)
	team := of(history.Filter{With: [][]string{{"team/sales"}}})
	team.From = month.From
	today := history.Query{Account: "AC1", From: now.AddDate(0, 0, -1)}
	deep := of(history.Filter{})
	deep.Before = call.ID(idAt(start.AddDate(0, 0, 3)))
	for _, x := range []struct {
		name string
		do   func() (int, error)
	}{
		{"newest", s.found(ctx, of(history.Filter{}))},
		{"a page near the oldest", s.found(ctx, deep)},
		{"a common name", s.found(ctx, of(history.Filter{Text: "reyes"}))},
		{"a rare word of a note", s.found(ctx, of(history.Filter{Text: "zebra"}))},
		{"a word that is nowhere", s.found(ctx, of(history.Filter{Text: "nowhere"}))},
		{"an outcome", s.found(ctx, of(history.Filter{Outcome: history.Abandoned}))},
		{"dropped by us: none", s.found(ctx, of(history.Filter{Outcome: history.Dropped}))},
		{"an agent", s.found(ctx, of(history.Filter{With: [][]string{{"agent7"}}}))},
		{"an agent, abandoned", s.found(ctx, of(history.Filter{With: [][]string{{"agent7"}}, Outcome: history.Abandoned}))},
		{"a lead of two teams, a word that is nowhere", s.found(ctx, of(history.Filter{With: [][]string{{"lead", "team/sales", "team/help"}}, Text: "nowhere"}))},
		{"with transfer, an agent, a word that is nowhere", s.found(ctx, of(history.Filter{With: [][]string{{"agent7"}}, Text: "nowhere", Transferred: true}))},
		{"report of a day's two numbers", func() (int, error) { list, err := s.Tallies(ctx, today, now); return len(list), err }},
		{"report of 30 days", func() (int, error) { c, err := s.Counts(ctx, month, now); return len(c.Tallies), err }},
		{"report of 30 days of a team", func() (int, error) { c, err := s.Counts(ctx, team, now); return len(c.Tallies), err }},
	} {
		b.Run(x.name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				var err error
				if n, err = x.do(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n), "rows")
		})
	}
}

func (s *Store) found(ctx context.Context, q history.Query) func() (int, error) {
	return func() (int, error) {
		list, err := s.Records(ctx, q)
		return len(list), err
	}
}

// fillHistory stores calls of twenty agents in four teams.
func fillHistory(b *testing.B, s *Store, start time.Time) {
	b.Helper()
	teams := []string{"billing", "help", "sales", "support"}
	var people []agent.Agent
	for i := range 20 {
		people = append(people, agent.Agent{ID: agent.ID(fmt.Sprint("agent", i)), Name: fmt.Sprint("Agent ", i), Presence: agent.Offline, Teams: teams[i%4 : i%4+1]})
	}
	if err := s.SaveAgents(b.Context(), people...); err != nil {
		b.Fatal(err)
	}
	const each = 500
	for i := 0; i < benchCalls; i += each {
		err := s.write(b.Context(), func(ctx context.Context, l *lane) error {
			for j := i; j < i+each; j++ {
				if err := fillCall(ctx, l, j, start.Add(time.Duration(j)*(90*24*time.Hour/benchCalls))); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func fillCall(ctx context.Context, l *lane, i int, at time.Time) error {
	names := []string{"Dana Reyes", "Eli Novak", "Fatima Khan", "Grace Okafor", "Hugo Lindqvist", "Ines Moreau", "Jonas Weber"}
	id := call.ID(idAt(at))
	c := call.Create(call.Arrived{
		Call: id, Account: "AC1", SID: fmt.Sprint("CA", i), Number: fmt.Sprintf("+4930%07d", i*7919%10_000_000), Name: names[i%len(names)], Recovery: true,
	}, at)
	c.Stage, c.Note = call.Ended, fmt.Sprint("Wants to know where order ", i, " is, and was told that it comes on Friday.")
	if i == benchCalls/3 {
		c.Note += " Zebra."
	}
	ana, ben := agent.ID(fmt.Sprint("agent", i%20)), agent.ID(fmt.Sprint("agent", i/20%20))
	steps := []call.News{{Kind: call.NewsArrived}, {Kind: call.NewsOffered, Agent: ana}, {Kind: call.NewsAnswered, Agent: ana}, {Kind: call.NewsTalking, Agent: ana}}
	switch {
	case i%10 == 0:
		steps = append(steps[:2], call.News{Kind: call.NewsMissed, Agent: ana, Outcome: call.NoAnswer})
	case i%5 == 0 && ana != ben:
		steps = append(steps, call.News{Kind: call.NewsConsulting, Agent: ben, Other: ana}, call.News{Kind: call.NewsPrivate, Agent: ben, Other: ana},
			call.News{Kind: call.NewsTogether, Agent: ben, Other: ana}, call.News{Kind: call.NewsHandedOver, Agent: ben, Other: ana})
	}
	steps = append(steps, call.News{Kind: call.NewsCallerLeft})
	if err := writeCall(ctx, l, &c, 0); err != nil {
		return err
	}
	for k, n := range steps {
		e := desk.Entry{At: at.Add(time.Duration(k*(3+i%11)) * time.Second)}
		if _, err := l.exec(ctx, insertEntry, string(id), nanos(e.At), string(n.Kind), string(n.Agent), string(n.Other), string(n.Outcome), "",
			"CallSid=CA0123456789&CallStatus=in-progress&SequenceNumber=3"); err != nil {
			return err
		}
	}
	return writeDigest(ctx, l, id)
}
