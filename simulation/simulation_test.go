package simulation

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"warmdesk/store"
)

func TestMain(m *testing.M) {
	// A run needs a few hundred kilobytes, so the collector would begin anew all
	// the time: half of the processor went there.
	debug.SetGCPercent(800)
	goleak.VerifyTestMain(m)
}

var (
	seedFlag  = flag.Uint64("seed", 0, "repeat this one seed and print what happens")
	seedsFlag = flag.Int("seeds", 0, "how many seeds; 0: what fits a test run")
	firstFlag = flag.Uint64("first", 1, "the first seed")
	forFlag   = flag.Duration("for", 0, "run seeds for so long, however many, and tell the figures")
)

// testSeeds run without being asked for more: some seconds. make test asks.
const testSeeds = 1000

// setupFor is what a seed is about: what goes wrong, and how many desks there are.
func setupFor(seed uint64) setup {
	s := setup{plan: drawPlan(rand.New(rand.NewPCG(seed, 0))), desks: 1}
	r := rand.New(rand.NewPCG(seed, 1))
	if r.IntN(3) == 0 {
		s.desks = 2
	}
	s.recorded = r.IntN(3) == 0
	s.leads = r.IntN(3) == 0
	return s
}

// TestSimulation runs seeds, each with its own faults.
func TestSimulation(t *testing.T) {
	if *seedFlag > 0 {
		s := setupFor(*seedFlag)
		s.tracing = true
		w := run(*seedFlag, s)
		t.Logf("seed %d: %s\n%s", *seedFlag, s, strings.Join(w.trace, "\n"))
		if w.failure != nil {
			t.Errorf("%s", explain(*seedFlag, s))
		}
		return
	}
	n := *seedsFlag
	if n == 0 {
		n = testSeeds
		if testing.Short() || raced {
			n /= 5
		}
	}
	began := time.Now()
	var until time.Time
	if *forFlag > 0 {
		n, until = math.MaxInt, began.Add(*forFlag)
	}
	sum := many(t, *firstFlag, n, until, setupFor)
	t.Logf("%d seeds in %s: %.0f per second; %d customers, %d served, %d requests, %d actions held back", sum.seeds, time.Since(began).Round(time.Millisecond),
		float64(sum.seeds)/time.Since(began).Seconds(), sum.customers, sum.served, sum.asked, sum.held)
	if *forFlag > 0 {
		t.Log(sum.figures())
	}
}

// TestWithoutRecovery: RECOVERY=off promises less (docs/faults.md), and keeps that.
func TestWithoutRecovery(t *testing.T) {
	n := 200
	if testing.Short() || raced {
		n = 20
	}
	sum := many(t, *firstFlag, n, time.Time{}, func(seed uint64) setup {
		s := setupFor(seed)
		s.tutorial = true
		s.plan[regions] = false // a line in another region is given up only with recovery
		return s
	})
	t.Logf("%d customers, %d served", sum.customers, sum.served)
}

// TestSQLite does the same with the store that is shipped.
func TestSQLite(t *testing.T) {
	n := 200
	if testing.Short() || raced {
		n = 10
	}
	sideBySide(1, n, time.Time{}, func(seed uint64) {
		db, err := store.Open(t.Context(), store.Config{URL: store.Memory})
		if err != nil {
			t.Error(err)
			return
		}
		s := setupFor(seed)
		other := run(seed, s)
		s.store = db
		w := run(seed, s)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if w.failure != nil {
			t.Errorf("seed %d: %s\n%s", seed, w.failure, s)
		}
		if w.saves != other.saves || w.choices != other.choices || w.stats != other.stats {
			t.Errorf("seed %d: it goes otherwise than in memory: %d saves and %+v, not %d and %+v", seed, w.saves, w.stats, other.saves, other.stats)
		}
	})
}

// TestDetermined: a seed is the whole of a run.
func TestDetermined(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		s := setupFor(seed)
		s.tracing = true
		one, other := run(seed, s), run(seed, s)
		if diff := cmp.Diff(one.trace, other.trace); diff != "" {
			t.Fatalf("seed %d: the second run differs:\n%s", seed, diff)
		}
	}
}

// many runs seeds on every processor, as many as asked for or until a time, and
// explains the first few that fail.
func many(t *testing.T, first uint64, n int, until time.Time, make func(seed uint64) setup) *sum {
	t.Helper()
	var mu sync.Mutex
	all := newSum()
	sideBySide(first, n, until, func(seed uint64) {
		w := run(seed, make(seed))
		mu.Lock()
		defer mu.Unlock()
		all.add(w)
		if w.failure == nil {
			return
		}
		if all.failed++; all.failed <= 3 {
			t.Errorf("%s", explain(seed, make(seed)))
		} else if all.failed < 40 {
			t.Errorf("seed %d: %s (%s)", seed, w.failure, w.setup)
		}
	})
	if all.failed > 0 {
		t.Errorf("%d of %d seeds failed", all.failed, all.seeds)
	}
	return all
}

// sideBySide does something with n seeds, on every processor; with a time, no
// longer than that.
func sideBySide(first uint64, n int, until time.Time, do func(seed uint64)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for i := next.Add(1); int(i) <= n && (until.IsZero() || time.Now().Before(until)); i = next.Add(1) {
				do(first + uint64(i) - 1)
			}
		})
	}
	wait.Wait()
}

// linesShown of a trace.
const linesShown = 70

// explain makes a failure small and tells how it came.
func explain(seed uint64, s setup) string {
	s = smaller(seed, s)
	s.tracing = true
	w := run(seed, s)
	if w.failure == nil {
		return fmt.Sprintf("seed %d failed and does not when repeated: it is not determined by its seed", seed)
	}
	var about []string
	for _, line := range w.trace {
		if who := strings.TrimSpace(line[9:14]); who == "" || w.failure.about == "" || who == w.failure.about {
			about = append(about, line)
		}
	}
	if len(about) > linesShown {
		about = append([]string{"..."}, about[len(about)-linesShown:]...)
	}
	return fmt.Sprintf("seed %d: %s\nfaults: %s (%d choices left out)\n%s\n", seed, w.failure, s, len(s.without), strings.Join(about, "\n"))
}

// smaller leaves out what the failure does not need: kinds of faults, and then
// single faults and requests, the last ones first.
func smaller(seed uint64, s setup) setup {
	w := run(seed, s)
	if w.failure == nil {
		return s
	}
	invariant := w.failure.invariant
	fails := func(s setup) (*world, bool) {
		w := run(seed, s)
		return w, w.failure != nil && w.failure.invariant == invariant
	}
	for f := range faults {
		if less := s; s.plan[f] {
			less.plan[f] = false
			if _, ok := fails(less); ok {
				s = less
			}
		}
	}
	w, _ = fails(s)
	began := time.Now()
	for i := w.choices; i > 0 && time.Since(began) < 5*time.Second; i-- {
		less := s
		less.without = append(append([]int{}, s.without...), i)
		if _, ok := fails(less); ok {
			s = less
		}
	}
	return s
}
