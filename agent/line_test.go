package agent

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// free is somebody who has been idle for so many minutes.
func free(id ID, idle int, teams ...string) Idle {
	return Idle{ID: id, Since: noon.Add(-time.Duration(idle) * time.Minute), Teams: teams, Until: noon.Add(time.Hour)}
}

func waiting(call string, minutes int) Waiting {
	return Waiting{Call: call, Since: noon.Add(-time.Duration(minutes) * time.Minute)}
}

func lineOf(queue []Waiting, people []Idle) *Line {
	l := &Line{}
	for _, w := range queue {
		l.Wait(w)
	}
	for _, i := range people {
		l.Free(i)
	}
	return l
}

func TestNext(t *testing.T) {
	with := func(w Waiting, f func(*Waiting)) Waiting { f(&w); return w }
	returned := with(waiting("r", 0), func(w *Waiting) { w.Returned = true })
	passed := with(waiting("p", 9), func(w *Waiting) { w.Passes = []Pass{{"ana", noon.Add(time.Second)}} })
	forgiven := with(waiting("p", 9), func(w *Waiting) { w.Passes = []Pass{{"ana", noon}} })
	held := with(waiting("h", 9), func(w *Waiting) { w.NotBefore = noon.Add(time.Second) })
	due := with(waiting("h", 9), func(w *Waiting) { w.NotBefore = noon })
	billing := with(waiting("b", 5), func(w *Waiting) { w.Team = "billing" })
	widened := with(billing, func(w *Waiting) { w.Widened = true })
	silent := free("cy", 90)
	silent.Until = noon
	for _, tt := range []struct {
		name   string
		queue  []Waiting
		people []Idle
		want   []Match
	}{
		{"nobody waits", nil, []Idle{free("ana", 1)}, nil},
		{"nobody is free", []Waiting{waiting("a", 1)}, []Idle{silent}, nil},
		{"the longest idle", []Waiting{waiting("a", 1)}, []Idle{free("ana", 1), free("ben", 5), silent}, []Match{{"a", "ben"}}},
		{"the longest waiting first", []Waiting{waiting("a", 1), waiting("b", 2)}, []Idle{free("ana", 1)}, []Match{{"b", "ana"}}},
		{"returned before all", []Waiting{waiting("a", 9), returned}, []Idle{free("ana", 1)}, []Match{{"r", "ana"}}},
		{"side by side", []Waiting{waiting("a", 1), waiting("b", 2)}, []Idle{free("ana", 1), free("ben", 2)}, []Match{{"b", "ben"}, {"a", "ana"}}},
		{"who passed is not asked again, the next caller is offered", []Waiting{passed, waiting("a", 1)}, []Idle{free("ana", 5)}, []Match{{"a", "ana"}}},
		{"who passed, and the next free one", []Waiting{passed}, []Idle{free("ana", 5), free("ben", 1)}, []Match{{"p", "ben"}}},
		{"who passed a while ago", []Waiting{forgiven}, []Idle{free("ana", 5)}, []Match{{"p", "ana"}}},
		{"held back after the carrier refused", []Waiting{held, waiting("a", 1)}, []Idle{free("ana", 5)}, []Match{{"a", "ana"}}},
		{"held back until now", []Waiting{due}, []Idle{free("ana", 5)}, []Match{{"h", "ana"}}},
		{"only the team's", []Waiting{billing, waiting("a", 1)}, []Idle{free("ana", 5)}, []Match{{"a", "ana"}}},
		{"the team's longest idle", []Waiting{billing}, []Idle{free("ana", 9), free("ben", 1, "billing"), free("cy", 5, "billing")}, []Match{{"b", "cy"}}},
		{"a member serves who waits for anybody, too", []Waiting{waiting("a", 9), billing}, []Idle{free("ben", 1, "billing")}, []Match{{"a", "ben"}}},
		{"anybody, after a long wait for the team", []Waiting{widened}, []Idle{free("ana", 5)}, []Match{{"b", "ana"}}},
		{"but a member first", []Waiting{widened}, []Idle{free("ana", 5), free("ben", 1, "billing")}, []Match{{"b", "ben"}}},
		{"one who is in two teams is asked once", []Waiting{billing, with(waiting("t", 1), func(w *Waiting) { w.Team = "tech" })},
			[]Idle{free("ben", 1, "billing", "tech")}, []Match{{"b", "ben"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := gocmp.Diff(tt.want, lineOf(tt.queue, tt.people).Next(noon)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// naive is the rule of Line.Next in its plainest words: everybody is looked at for
// everybody.
func naive(queue []Waiting, people []Idle, now time.Time) []Match {
	line := slices.SortedFunc(slices.Values(queue), inOrder)
	idle := slices.SortedFunc(slices.Values(people), func(a, b Idle) int {
		return cmp.Or(a.Since.Compare(b.Since), strings.Compare(string(a.ID), string(b.ID)))
	})
	var offers []Match
	for _, w := range line {
		if now.Before(w.NotBefore) {
			continue
		}
		ask := func(member bool) bool {
			for n, i := range idle {
				passed := slices.ContainsFunc(w.Passes, func(p Pass) bool { return p.Agent == i.ID && now.Before(p.Until) })
				if passed || !now.Before(i.Until) || member && w.Team != "" && !slices.Contains(i.Teams, w.Team) {
					continue
				}
				offers = append(offers, Match{w.Call, i.ID})
				idle = slices.Delete(idle, n, n+1)
				return true
			}
			return false
		}
		_ = ask(true) || w.Widened && ask(false)
	}
	return offers
}

func inOrder(a, b Waiting) int { return ahead(&a, &b) }

// TestLineRandom: after whatever has happened to a line it answers what the plain
// rule answers for those who are in it, and has not changed by being asked.
func TestLineRandom(t *testing.T) {
	teams := []string{"", "billing", "tech", "nobody's"}
	rapid.Check(t, func(rt *rapid.T) {
		l := &Line{}
		queue, people := map[string]Waiting{}, map[ID]Idle{}
		now := noon
		minutes := func(name string, least, most int) time.Time {
			return noon.Add(time.Duration(rapid.IntRange(least, most).Draw(rt, name)) * time.Minute)
		}
		agent := rapid.SampledFrom([]ID{"a", "b", "c", "d", "e", "f"})
		caller := rapid.StringMatching("[A-H]")
		check := func() {
			waiting, idle := values(queue), values(people)
			for range 2 {
				if diff := gocmp.Diff(naive(waiting, idle, now), l.Next(now)); diff != "" {
					rt.Fatalf("%v\n%v\n-plain rule +line:\n%s", waiting, idle, diff)
				}
			}
			slices.SortFunc(waiting, inOrder)
			if diff := gocmp.Diff(waiting, l.Waiting(len(waiting)+1)); diff != "" || l.Len() != len(waiting) {
				rt.Fatalf("-want +line of %d:\n%s", l.Len(), diff)
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"": func(*rapid.T) { check() },
			"wait": func(*rapid.T) {
				w := Waiting{Call: caller.Draw(rt, "call"), Since: minutes("since", -9, 0), Team: rapid.SampledFrom(teams).Draw(rt, "team")}
				w.Returned = rapid.Bool().Draw(rt, "returned")
				w.Widened = w.Team != "" && rapid.Bool().Draw(rt, "widened")
				w.NotBefore = minutes("not before", -3, 3)
				for range rapid.IntRange(0, 3).Draw(rt, "passes") {
					w.Passes = append(w.Passes, Pass{agent.Draw(rt, "passed"), minutes("until", -3, 3)})
				}
				queue[w.Call] = w
				l.Wait(w)
			},
			"leave": func(*rapid.T) {
				call := caller.Draw(rt, "call")
				delete(queue, call)
				l.Leave(call)
			},
			"free": func(*rapid.T) {
				i := Idle{ID: agent.Draw(rt, "agent"), Since: minutes("idle since", -9, 0), Until: minutes("until", -3, 9)}
				i.Teams = rapid.SliceOfNDistinct(rapid.SampledFrom(teams[1:3]), 0, 2, rapid.ID).Draw(rt, "teams")
				people[i.ID] = i
				l.Free(i)
			},
			"busy": func(*rapid.T) {
				id := agent.Draw(rt, "agent")
				delete(people, id)
				l.Busy(id)
			},
			"time passes": func(*rapid.T) { now = minutes("now", -3, 9) },
		})
	})
}

func values[K comparable, V any](m map[K]V) []V {
	list := make([]V, 0, len(m))
	for _, v := range m {
		list = append(list, v)
	}
	return list
}

func TestFreeIn(t *testing.T) {
	entry := func(id ID, idle int, teams ...string) Entry {
		return Entry{Agent: Agent{ID: id, Presence: Available, Teams: teams, IdleSince: noon.Add(-time.Duration(idle) * time.Minute)}, Reachable: true}
	}
	busy := entry("dora", 9, "billing")
	busy.Claimed = true
	roster := []Entry{entry("ana", 9), entry("ben", 2, "billing"), entry("cy", 3, "billing", "tech"), busy}
	if diff := gocmp.Diff([]ID{"cy", "ben"}, FreeIn("billing", roster)); diff != "" {
		t.Error(diff)
	}
	if got := FreeIn("nobody's", roster); got != nil {
		t.Error(got)
	}
}

// BenchmarkNext10000x1000 is one look for offers while 10,000 wait: with 1000 free
// agents, with one, and with none that the line waits for.
func BenchmarkNext10000x1000(b *testing.B) {
	teams := []string{"billing", "tech", "sales", "press", "home", "abroad", "vip", "night"}
	line := func(agents int, team func(i int) string) *Line {
		l := &Line{}
		for i := range 10_000 {
			w := waiting(fmt.Sprint("c", i), i)
			w.Team = team(i)
			l.Wait(w)
		}
		for i := range agents {
			l.Free(free(ID(fmt.Sprint("a", i)), i, teams[i%len(teams)]))
		}
		return l
	}
	anybody := func(int) string { return "" }
	for _, bench := range []struct {
		name   string
		agents int
		team   func(i int) string
		offers int
	}{
		{"all free", 1000, anybody, 1000},
		{"all free, in eight teams", 1000, func(i int) string { return teams[i%len(teams)] }, 1000},
		{"one free", 1, anybody, 1},
		{"none of the team", 1000, func(int) string { return "nobody's" }, 0},
	} {
		b.Run(bench.name, func(b *testing.B) {
			l := line(bench.agents, bench.team)
			for b.Loop() {
				if n := len(l.Next(noon)); n != bench.offers {
					b.Fatalf("%d offers", n)
				}
			}
		})
	}
	b.Run("one comes and one goes", func(b *testing.B) {
		l := line(1000, anybody)
		w, i := waiting("c5000", 5000), free("a500", 500, teams[4])
		for b.Loop() {
			l.Leave(w.Call)
			l.Wait(w)
			l.Busy(i.ID)
			l.Free(i)
		}
	})
}
