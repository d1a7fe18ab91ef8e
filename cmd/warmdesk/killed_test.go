package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/twilio/twiliotest"
)

// stand is a call at a desk that is going to be killed.
type stand struct {
	*program
	double   *twiliotest.Double
	ana, ben *twiliotest.Agent
	one, two string // their sessions
	dana     *twiliotest.Leg
	rest     *restGate
	// page is what Dana's page was given to call with, once.
	page struct{ Identity, Return string }
}

// killing is one moment to kill the desk in.
type killing struct {
	name  string
	lead  func(*stand) // leads there
	stage string       // the call's stage then, and when the desk is back
	moves bool         // it goes on by itself as soon as the desk is back
	hears string       // what the customer hears then, and while the desk is away
	away  func(*stand) // what happens meanwhile
	then  func(*stand) // what people do when it is back
	ends  string       // what the customer hears in the end
}

// TestKilledInEveryStage kills the real program in each stage of a call and
// starts it again. The customer's leg never ends by it, music or talk go on, and
// what was begun is completed or brought back.
func TestKilledInEveryStage(t *testing.T) {
	var mu sync.Mutex
	var rows []string
	t.Run("killed", func(t *testing.T) {
		for _, k := range killings() {
			t.Run(k.name, func(t *testing.T) {
				t.Parallel()
				row := k.run(t)
				mu.Lock()
				rows = append(rows, row)
				mu.Unlock()
			})
		}
	})
	slices.Sort(rows)
	table := killedHead + strings.Join(rows, "")
	t.Log("\n" + table)
	if folder := os.Getenv("EVIDENCE"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, "desk.md"), []byte(table), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

const killedHead = `| killed | stage | ready after | first request to the carrier | right after | silence |
| --- | --- | ---: | --- | ---: | ---: |
`

// backTime is how long the desk may take to be back. It takes a tenth of it; the
// rest is for a machine that does much else.
const backTime = 3 * time.Second

// rightTime is how long it may take until all is as it should be: two looks for a
// lost dial take 2 s, but nobody waits for an answer that died with the desk.
const rightTime = call.Lease - time.Second

// silenceTime is for how long the customer may hear nothing; the rest as above.
const silenceTime = 2 * time.Second

// run kills the desk once and says how it went.
func (k *killing) run(t *testing.T) string {
	s := newStand(t)
	k.lead(s)
	if k.hears != "" {
		s.dana.WaitFor(t, k.hears)
	}
	if k.stage != "ending" { // which is nobody's any more
		s.isIn(k.stage)
	}
	heard := len(s.dana.Heard())
	if err := s.stop(syscall.SIGKILL); err == nil {
		t.Fatal("it was not killed")
	}
	s.rest.open()
	if k.away != nil {
		k.away(s)
	} else if now := s.dana.Heard()[heard:]; slices.ContainsFunc(now, func(h string) bool {
		return k.hears != "music" || h != "music" && !strings.HasPrefix(h, "words: ") // which are part of the music
	}) {
		t.Errorf("while the desk was away the customer heard %q", now)
	}
	begun := time.Now()
	s.start()
	ready := time.Since(begun)
	if ready > backTime {
		t.Errorf("back after %v", ready)
	}
	if k.away == nil && !k.moves {
		s.isIn(k.stage)
	}
	if k.then != nil {
		k.then(s)
	}
	s.dana.WaitFor(t, k.ends)
	right := time.Since(begun)
	if right > rightTime {
		t.Errorf("it is as it should be after %v", right)
	}
	if !strings.HasPrefix(k.ends, "completed") && s.dana.Status() != "in-progress" {
		t.Errorf("the customer's leg is %s", s.dana.Status())
	}
	silence := s.dana.Silence()
	if silence > silenceTime {
		t.Errorf("the customer heard nothing for %v: %q", silence, s.dana.Heard())
	}
	for _, fault := range s.double.Faults() {
		if k.away == nil && !strings.HasPrefix(fault, "callback ") { // which nobody took while the desk was away
			t.Errorf("Twilio would complain: %s", fault)
		}
	}
	what, after := s.rest.first(t, begun)
	return fmt.Sprintf("| %s | %s | %.2f s | %s, %.2f s | %.1f s | %.1f s |\n",
		k.name, k.stage, ready.Seconds(), what, after.Seconds(), right.Seconds(), silence.Seconds())
}

func newStand(t *testing.T) *stand {
	s := &stand{rest: &restGate{}}
	s.double, s.program = twilioWorldBehind(t, func(double http.Handler) http.Handler {
		s.rest.double = double
		return s.rest
	}, "TWILIO_TWIML_APP_SID=AP1", "TWILIO_API_KEY_SID=SK1", "TWILIO_API_KEY_SECRET=of-the-test")
	t.Cleanup(s.rest.open)
	s.ana, s.ben = s.double.Agent("agent1"), s.double.Agent("agent2")
	s.one, s.two = s.session("agent1", "one"), s.session("agent2", "two")
	s.dana = s.double.Call("+15550001")
	s.dana.WaitFor(t, "music")
	return s
}

// isIn waits until the call is in a stage.
func (s *stand) isIn(stage string) {
	s.t.Helper()
	s.until("agent1", s.one, "in "+stage, func(one snapshot) bool {
		two := s.snapshot("agent2", s.two)
		if stage == "queued" {
			return one.Waiting == 1
		}
		return slices.ContainsFunc([]snapshot{one, two}, func(s snapshot) bool { return len(s.Calls) == 1 && s.Calls[0].Stage == stage })
	})
}

// asks lets agent 1 ask for something about the call.
func (s *stand) asks(request string, pairs ...string) {
	s.t.Helper()
	s.ask("agent1", s.one, s.dana, request, pairs...)
}

// talk lets Ana answer the customer.
func (s *stand) talk() {
	s.t.Helper()
	s.available("agent1", s.one)
	s.ana.Ringing(s.t).Answer()
	s.dana.WaitFor(s.t, "people: agent1")
	s.available("agent2", s.two)
}

// rung lets Ben's phone ring for a request of Ana's.
func (s *stand) rung(request string) *twiliotest.Leg {
	s.t.Helper()
	s.talk()
	s.asks(request, "to", "agent2")
	return s.rings(s.ben, "agent2", s.two)
}

// rings waits until a phone rings and the desk knows that it does.
func (s *stand) rings(a *twiliotest.Agent, id, session string) *twiliotest.Leg {
	s.t.Helper()
	leg := a.Ringing(s.t)
	s.until(id, session, "ringing", func(v snapshot) bool {
		return len(v.Calls) == 1 && slices.ContainsFunc(v.Calls[0].Legs, func(l struct{ Agent, Word string }) bool { return l.Agent == id && l.Word == "Ringing" })
	})
	return leg
}

// joined is rung, and he has answered.
func (s *stand) joined(request, stage string) {
	s.t.Helper()
	s.rung(request).Answer()
	s.isIn(stage)
}

// onceFor counts the legs that were dialled to an agent.
func (s *stand) onceFor(identity string) {
	s.t.Helper()
	n := 0
	for _, l := range s.double.Legs() {
		if l.To == "client:"+identity {
			n++
		}
	}
	if n != 1 {
		s.t.Errorf("%s was dialled %d times", identity, n)
	}
}

// restGate stands between the desk and the double's REST API. It notes what is
// asked, and may keep an answer back that the double has given already.
type restGate struct {
	double http.Handler

	mu     sync.Mutex
	asked  []restAsked
	keep   func(*http.Request) bool // whose answers are kept back
	before bool                     // the request itself is kept back, too
	kept   chan struct{}            // closed by open
	some   chan struct{}            // closed when there is one
}

type restAsked struct {
	what string
	at   time.Time
}

func (g *restGate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	what := r.Method + " " + restName(r.URL.Path)
	g.mu.Lock()
	g.asked = append(g.asked, restAsked{what, time.Now()})
	keep := g.keep != nil && g.keep(r)
	before, kept, some := g.before, g.kept, g.some
	if keep {
		g.keep = nil
	}
	g.mu.Unlock()
	if keep && before {
		close(some)
		<-kept
		return // nobody waits for an answer
	}
	answer := httptest.NewRecorder()
	g.double.ServeHTTP(answer, r)
	if keep {
		close(some)
		<-kept
		return
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// restName is the resource without account and ids.
func restName(path string) string {
	var parts []string
	for _, p := range strings.Split(strings.TrimSuffix(path, ".json"), "/") {
		if p != "" && p != "2010-04-01" && p != "Accounts" && !(len(p) == 34 && p[0] >= 'A' && p[0] <= 'Z') {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "/")
}

// close keeps back the next answer to such a request; before: the request, too.
// await waits until there is one.
func (g *restGate) close(before bool, keep func(*http.Request) bool) (await func(*testing.T)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.keep, g.before, g.kept, g.some = keep, before, make(chan struct{}), make(chan struct{})
	some := g.some
	return func(t *testing.T) {
		t.Helper()
		select {
		case <-some:
		case <-time.After(5 * time.Second):
			t.Fatal("no such request was made")
		}
	}
}

// open ends it. What was kept back is not answered.
func (g *restGate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.kept != nil {
		close(g.kept)
		g.kept, g.keep = nil, nil
	}
}

// first waits for the first request made since then, and tells how long after it
// came.
func (g *restGate) first(t *testing.T, since time.Time) (string, time.Duration) {
	t.Helper()
	for late := false; !late; {
		late = time.Since(since) >= backTime // it may have asked in time even so
		g.mu.Lock()
		i := slices.IndexFunc(g.asked, func(a restAsked) bool { return a.at.After(since) && a.what != "POST Keys" }) // for the agents' tokens
		if i >= 0 {
			defer g.mu.Unlock()
			return g.asked[i].what, g.asked[i].at.Sub(since)
		}
		g.mu.Unlock()
		time.Sleep(5 * time.Millisecond) // polling, with the deadline above
	}
	t.Error("the desk asks the carrier nothing")
	return "none", 0
}

// posts matches a POST to a resource.
func posts(resource string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.Method == http.MethodPost && restName(r.URL.Path) == resource }
}

// joinsOf matches the callback of a leg's join.
func joinsOf(sid string) func(url.Values) int {
	return func(form url.Values) int {
		if form.Get("StatusCallbackEvent") == "participant-join" && form.Get("CallSid") == sid {
			return 0
		}
		return 1
	}
}
