package call

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"warmdesk/agent"
)

// TestCrossings brings a call into every stage (testdata/crossings, one file
// each) and lets every request that is allowed there cross every fact that can
// arrive there: the request first, the fact first, and the fact first but told
// last. Afterwards the carrier obeys, time goes on, and nothing may be broken.
// testdata/README.md tells how to read what comes of it.
func TestCrossings(t *testing.T) {
	if raced {
		t.Skip("one goroutine for each file: scripts/test.sh runs it without the race detector, which takes ten times as long")
	}
	files, err := filepath.Glob("testdata/crossings/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no crossings:", err)
	}
	seen := &crossed{stages: map[Stage]bool{}, requests: map[RequestKind]bool{}, events: map[string]bool{}, ways: edges{}}
	t.Run("stage", func(t *testing.T) {
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".txt")
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				got := runCrossings(t, Stage(name), string(text), seen)
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
					return
				}
				if diff := gocmp.Diff(string(text), got); diff != "" {
					t.Errorf("-want +got (go test ./call -run TestCrossings -update rewrites; read the difference):\n%s", diff)
				}
			})
		}
	})
	seen.check(t)
}

// crossed is what the crossings have met, for what they must not leave out.
type crossed struct {
	sync.Mutex
	stages   map[Stage]bool
	requests map[RequestKind]bool
	events   map[string]bool
	ways     edges
	setups   int
	pairs    int
}

func (x *crossed) request(k RequestKind) {
	x.Lock()
	defer x.Unlock()
	x.requests[k] = true
}

// take adds what one world has met.
func (x *crossed) take(w *crossWorld) {
	x.Lock()
	defer x.Unlock()
	x.pairs++
	for name := range w.met {
		x.events[name] = true
	}
	for way := range w.seen {
		x.ways[way] = true
	}
}

// check fails when a stage, a request or an event of the rulebook crosses
// nothing, and when a call went a way that is not drawn.
func (x *crossed) check(t *testing.T) {
	for _, s := range sourceStages(t) {
		if !x.stages[s] {
			t.Errorf("no crossing begins in stage %q: write testdata/crossings/%s.txt, a short script that ends in that stage "+
				"and the word cross, as in the other files there, and run go test ./call -run TestCrossings -update", s, s)
		}
	}
	for _, k := range built() {
		if !x.requests[k] {
			t.Errorf("the request %q is allowed in no script of testdata/crossings: add one in whose stage it is", k)
		}
	}
	for _, e := range sourceEvents(t) {
		if !x.events[e] {
			t.Errorf("the event %s crosses nothing: add it to factsAt in crossing_fact_test.go", e)
		}
	}
	drawn := drawnEdges(t)
	for _, way := range x.ways.sorted() {
		if !reaches(drawn, way) {
			t.Errorf("a crossing goes %s, which is not in docs/transfer.md", way)
		}
	}
	const summary = "testdata/crossings/summary.md"
	text := fmt.Sprintf("%d situations in %d stages, %d requests, %d crossings of a request and a fact.\n",
		x.setups, len(x.stages), len(x.requests), x.pairs)
	if *update {
		if err := os.WriteFile(summary, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if old, err := os.ReadFile(summary); !t.Failed() && (err != nil || string(old) != text) {
		t.Errorf("%s says %q, it is %q", summary, old, text)
	}
}

// runCrossings runs the scripts of a file and puts what comes of the crossings
// under each word cross.
func runCrossings(t *testing.T, stage Stage, text string, seen *crossed) string {
	t.Helper()
	var out strings.Builder
	s := newScript(t, nil)
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(line, "  ") {
			continue
		}
		out.WriteString(line)
		switch {
		case trimmed == "---":
			s = newScript(t, nil)
		case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		case trimmed == "cross":
			if s.c.Stage != stage {
				t.Fatalf("this script ends in %s, and its file is of %s", s.c.Stage, stage)
			}
			out.WriteString(cross(worldOf(s), seen))
		default:
			s.run(strings.Fields(trimmed))
		}
	}
	return out.String()
}

// worldOf is the script's call and carrier with nothing left to chance.
func worldOf(s *script) *crossWorld {
	w := &world{t: s.t, c: unheard(s.c), k: s.k, now: s.now, seen: edges{}, ended: s.c.Stage == Ending || s.c.Stage == Ended}
	for _, a := range s.todo {
		at := s.now
		if d := s.c.doing(a.Key); d != nil {
			at = d.Until.Add(-Lease)
		}
		w.todo = append(w.todo, sent{a, at, []Call{s.c}})
	}
	return &crossWorld{world: w, lead: s.lead}
}

// cross crosses everything that may be asked with everything that may happen.
func cross(w *crossWorld, seen *crossed) string {
	seen.Lock()
	seen.stages[w.c.Stage] = true
	seen.setups++
	seen.Unlock()
	var out strings.Builder
	fmt.Fprintf(&out, "  %s\n", w.state())
	facts := factsAt(w)
	asked := []*Request{nil}
	for _, by := range everybody {
		for _, k := range Allowed(w.c, by) {
			if slices.Contains(written(), k) && w.c.Stage != Talking {
				continue // what is written moves nothing: one stage is enough
			}
			seen.request(k)
			asked = append(asked, &Request{Kind: k, By: by, To: w.other(k), Key: "key", Free: true, Phone: phoneOf(k)})
		}
	}
	if w.lead {
		for _, k := range AllowedLead(w.c, "mia", w.c.Stage == Talking) { // as any listening in the other stages
			seen.request(k)
			asked = append(asked, &Request{Kind: k, By: "mia", To: w.other(k), Key: "key", Free: true, Lead: true, Private: true})
		}
	}
	for _, r := range asked {
		outcomes := map[string][]string{}
		for _, f := range facts {
			come := w.orders(r, f, seen)
			outcomes[come] = append(outcomes[come], f.name)
		}
		out.WriteString("  " + describe(r) + "\n")
		for _, come := range byFacts(outcomes, facts) {
			fmt.Fprintf(&out, "    %s\n%s", come, wrapped(outcomes[come]))
		}
	}
	return out.String()
}

// byFacts orders the outcomes as their first facts are.
func byFacts(outcomes map[string][]string, facts []fact) []string {
	place := func(come string) int {
		return slices.IndexFunc(facts, func(f fact) bool { return f.name == outcomes[come][0] })
	}
	list := make([]string, 0, len(outcomes))
	for come := range outcomes {
		list = append(list, come)
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Compare(place(a), place(b)) })
	return list
}

// wrapped lists facts in lines of some width.
func wrapped(facts []string) string {
	var out strings.Builder
	line := "     "
	for i, f := range facts {
		if i < len(facts)-1 {
			f += ";"
		}
		if len(line)+len(f) > 140 {
			out.WriteString(line + "\n")
			line = "     "
		}
		line += " " + f
	}
	return out.String() + line + "\n"
}

func describe(r *Request) string {
	if r == nil {
		return "nobody asks"
	}
	return strings.Join(compact(string(r.By), string(r.Kind), string(r.To)), " ")
}

// other is whom a request names: somebody who has nothing to do with the call.
func (w *crossWorld) other(k RequestKind) agent.ID {
	if !w.c.rings(k) {
		return ""
	}
	free := slices.IndexFunc(everybody, func(id agent.ID) bool {
		return id != w.c.Target && !slices.ContainsFunc(Claims(w.c), func(c Claim) bool { return c.Agent == id })
	})
	return everybody[free]
}

// orders is what comes of a request and a fact in each order; of the fact alone
// where nothing is asked.
func (w *crossWorld) orders(r *Request, f fact, seen *crossed) string {
	run := func(play func(*crossWorld) bool) string {
		n := w.clone()
		n.t = &broken{pair: describe(r) + ", " + f.name, t: w.t}
		come := n.play(f, play)
		seen.take(n)
		return come
	}
	if r == nil {
		return run(func(n *crossWorld) bool { f.happen(n); return true })
	}
	ways := []string{
		run(func(n *crossWorld) bool { ok := n.step(*r) == nil; f.happen(n); return ok }),
		run(func(n *crossWorld) bool { f.happen(n); n.deliverAll(); return n.step(*r) == nil }),
	}
	if f.told {
		ways = append(ways, run(func(n *crossWorld) bool { f.happen(n); ok := n.step(*r) == nil; n.carryAll(); return ok }))
	}
	come := ways[0]
	for i, w := range ways[1:] {
		if w != ways[0] {
			come += [...]string{" / fact first: ", " / told late: "}[i] + w
		}
	}
	return come
}

// play lets both happen, then the carrier obey and time go on to the next
// deadline, and on until nothing more happens.
func (w *crossWorld) play(f fact, both func(*crossWorld) bool) (come string) {
	defer func() {
		if r := recover(); r != nil {
			b, ok := r.(*broken)
			if !ok {
				panic(r)
			}
			come = "BROKEN: " + b.why
		}
	}()
	if f.before != nil {
		f.before(w)
	}
	if !both(w) {
		come = "refused, "
	}
	w.obey()
	w.cared()
	agree := func() { w.checkAllowed(func(format string, args ...any) { w.t.Fatalf(format, args...) }) }
	agree()
	now := w.state()
	come += now
	next := w.c.Deadline
	if next.IsZero() {
		next = w.now.Add(crossTime)
	}
	w.goOn(next)
	if later := w.state(); later != now {
		come += ", then " + later
	}
	w.goOn(w.now.Add(2 * crossTime))
	w.quiet()
	w.cared()
	if w.silent > 0 {
		come += fmt.Sprintf(", silent for %v", w.silent)
	}
	agree()
	return come
}

// crossTime is how far time goes on where no deadline says so: beyond every
// second look and every attempt.
const crossTime = 15 * time.Second

// phoneOf is where whoever is rung by a request has their calls.
func phoneOf(k RequestKind) string {
	if k == CallPhone {
		return "+4930111111"
	}
	return ""
}
