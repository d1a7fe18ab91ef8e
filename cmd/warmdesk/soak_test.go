package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"warmdesk/switchboard/switchboardtest"
)

var soakFlag = flag.Duration("soak", 4*time.Second, "how long TestSoak loads and attacks the program")

// soakers are agents who do nothing but take calls.
const soakers = 4

// soak is the program under load and attack.
type soak struct {
	*victim
	ctx    context.Context // ends when the time is over
	agents map[string]string
	work   sync.WaitGroup

	calls, transfers, struck, exports, wrong atomic.Int64

	mu       sync.Mutex
	late     []time.Duration // of snapshots
	silences []time.Duration // the longest of each customer's call
	figures  []figures
	problems []string
}

// figures are what the program tells of itself at a moment.
type figures struct {
	resident, heap, goroutines, files float64
}

// TestSoak loads the program with calls, transfers, pages and exports while
// others attack it with rows of TestAttacks in any order: memory stays flat, and
// the one call that goes on all the time is never silent. make soak takes ten
// minutes for it.
func TestSoak(t *testing.T) {
	t.Parallel()
	people := ""
	for i := range soakers {
		people += fmt.Sprintf(",soak%d=Soaker:%s", i, benPassword)
	}
	s := &soak{victim: builtInVictim(t, "AGENTS=agent1=Ana:"+anaPassword+",agent2=Ben:"+benPassword+people), agents: map[string]string{}}
	ctx, cancel := context.WithTimeout(t.Context(), *soakFlag)
	defer cancel()
	s.ctx = ctx
	begun := time.Now()
	for i := range soakers {
		id := fmt.Sprintf("soak%d", i)
		s.agents[id] = s.session(id, benPassword)
		p := s.phone(context.WithoutCancel(ctx), s.token("/"+id+"/token", s.agents[id]), 600)
		if err := p.Register(ctx); err != nil {
			t.Fatal(err)
		}
		s.work.Go(func() { s.agent(id, p) })
	}
	for i := range soakers - 1 {
		s.work.Go(func() { s.customers(i) })
	}
	rows := s.attacks()
	for i := range 3 {
		s.work.Go(func() { s.attacker(rows, rand.New(rand.NewPCG(uint64(i), 1))) })
	}
	s.work.Go(s.pages)
	s.work.Go(s.exporter)
	s.work.Go(s.watch)
	s.work.Wait()
	s.report(time.Since(begun))
}

// problem is something that must not have happened.
func (s *soak) problem(format string, args ...any) {
	if s.ctx.Err() != nil {
		return // things end now
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.problems = append(s.problems, fmt.Sprintf(format, args...)); len(s.problems) < 20 {
		s.Logf("problem: %s", s.problems[len(s.problems)-1])
	}
}

// pause waits; false when the time is over.
func (s *soak) pause(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-s.ctx.Done():
		return false
	}
}

// agent takes every call, holds and resumes it, sends some on to somebody else,
// and ends the others.
func (s *soak) agent(id string, p *switchboardtest.Phone) {
	for turn := 0; s.ctx.Err() == nil; turn++ {
		waiting, cancel := context.WithTimeout(s.ctx, 3*time.Second)
		ring, err := p.Incoming(waiting)
		cancel()
		if err != nil { // who has missed a call is away, and comes back
			s.strike(attack{method: "POST", path: "/" + id + "/token", headers: []string{"Cookie", s.agents[id]}})
			continue
		}
		if ring.Accept(s.ctx) != nil {
			continue // the customer was faster
		}
		s.talk(id, turn, ring)
		ring.Hangup()
	}
}

func (s *soak) talk(id string, turn int, line *switchboardtest.Call) {
	press := func(request, to string) bool {
		call, ok := s.allowed(id, request)
		if !ok {
			return false
		}
		a := s.strike(attack{method: "POST", path: "/api/calls/" + call + "/" + request, body: `{"to":"` + to + `"}`,
			headers: []string{"Cookie", s.agents[id], "Content-Type", "application/json"}})
		return a.status == http.StatusAccepted
	}
	if !s.pause(500*time.Millisecond) || !press("hold", "") || !s.pause(500*time.Millisecond) || !press("resume", "") || !s.pause(500*time.Millisecond) {
		return
	}
	if other := fmt.Sprintf("soak%d", rand.IntN(soakers)); turn%2 == 1 && other != id && press("send", other) {
		s.transfers.Add(1)
	} else {
		press("end", "")
	}
	select {
	case <-line.Ended():
	case <-time.After(3 * time.Second):
	case <-s.ctx.Done():
	}
}

// allowed waits for a button, and tells the call it belongs to.
func (s *soak) allowed(id, request string) (string, bool) {
	for range 40 {
		begun := time.Now()
		a := s.strike(attack{method: "GET", path: "/api/agents/" + id + "/snapshot", headers: []string{"Cookie", s.agents[id]}})
		s.mu.Lock()
		s.late = append(s.late, time.Since(begun))
		s.mu.Unlock()
		var page struct {
			Calls []struct {
				ID      string
				Allowed []string
			}
		}
		if err := json.Unmarshal([]byte(a.body), &page); err != nil || a.status != http.StatusOK {
			s.problem("snapshot of %s: %d %.200s", id, a.status, a.body)
			return "", false
		}
		for _, c := range page.Calls {
			if slices.Contains(c.Allowed, request) {
				return c.ID, true
			}
		}
		if !s.pause(50 * time.Millisecond) {
			break
		}
	}
	return "", false
}

// customers call one after the other, and are never left in silence.
func (s *soak) customers(i int) {
	for s.ctx.Err() == nil {
		token := s.token("/api/caller/token", "")
		p, err := switchboardtest.Dial(context.WithoutCancel(s.ctx), switchboardtest.Config{URL: s.url, Token: token, Tone: float64(900 + 200*i), Origin: s.url})
		if err != nil {
			s.problem("customer's phone: %v", err)
			return
		}
		line, err := p.Call(s.ctx, nil)
		if err != nil {
			s.problem("customer's call: %v", err)
		} else {
			s.listen(line)
			s.calls.Add(1)
		}
		p.Close()
	}
}

// listen stays in a call to its end, which comes by itself: an agent who has
// missed a caller is not offered the same one for a minute. How it began is not
// counted: a browser's first sound takes its time.
func (s *soak) listen(line *switchboardtest.Call) {
	if !s.pause(time.Second) {
		return
	}
	begun, end := time.Now(), time.After(90*time.Second)
	var longest time.Duration
	for {
		select {
		case <-line.Ended():
			s.mu.Lock()
			s.silences = append(s.silences, longest)
			s.mu.Unlock()
			return
		case <-end:
			s.problem("a customer's call has not ended after 90 s")
			return
		case <-s.ctx.Done():
			return
		case <-time.After(200 * time.Millisecond):
			longest = max(longest, line.LongestGap(begun))
		}
	}
}

// attacker strikes with any row, and judges the answer.
func (s *soak) attacker(rows []attack, dice *rand.Rand) {
	for s.pause(time.Duration(dice.IntN(20)) * time.Millisecond) {
		row := rows[dice.IntN(len(rows))]
		reply := s.strike(row)
		s.struck.Add(1)
		if err := s.judge(row, reply); err != nil && reply.status != http.StatusTooManyRequests {
			s.wrong.Add(1)
			s.problem("%s: %v", row.name, err)
		}
	}
}

// pages keep sockets open, and leave and come again.
func (s *soak) pages() {
	for n := 0; s.ctx.Err() == nil; n++ {
		var open []*websocket.Conn
		for id, cookie := range s.agents {
			ws, _, err := websocket.Dial(s.ctx, "ws://"+s.addr+"/api/agents/"+id+"/stream", &websocket.DialOptions{HTTPHeader: http.Header{"Cookie": {cookie}, "Origin": {s.url}}})
			if err != nil {
				s.problem("page of %s: %v", id, err)
				return
			}
			ws.SetReadLimit(1 << 20)
			open = append(open, ws)
			_ = ws.Write(s.ctx, websocket.MessageText, []byte(`{"type":"hello","page":"soak`+strconv.Itoa(n)+`"}`)) // a broken one shows below
			_ = ws.Write(s.ctx, websocket.MessageText, []byte(`{"type":"device","registered":true}`))
		}
		until, cancel := context.WithTimeout(s.ctx, 10*time.Second)
		var reading sync.WaitGroup
		for _, ws := range open {
			reading.Go(func() {
				for {
					if _, _, err := ws.Read(until); err != nil {
						return
					}
				}
			})
		}
		reading.Wait()
		cancel()
		for _, ws := range open {
			ws.CloseNow()
		}
	}
}

func (s *soak) exporter() {
	for s.pause(time.Second) {
		for _, path := range []string{"/api/calls.json", "/api/calls.csv"} {
			if a := s.strike(attack{as: "ana", method: "GET", path: path}); a.status != http.StatusOK {
				s.problem("%s: %d %.200s", path, a.status, a.body)
			}
			s.exports.Add(1)
		}
	}
}

// watch notes the figures, and listens to the call that goes on all the time.
func (s *soak) watch() {
	for s.pause(max(*soakFlag/100, 200*time.Millisecond)) {
		if err := s.talking(); err != nil {
			s.problem("%v", err)
		}
		now, err := s.measure()
		if err != nil {
			s.problem("figures: %v", err)
			continue
		}
		s.mu.Lock()
		s.figures = append(s.figures, now)
		s.mu.Unlock()
	}
}

// measure reads the program's own figures.
func (s *soak) measure() (f figures, err error) {
	response, err := http.Get(s.url + "/metrics")
	if err != nil {
		return f, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return f, err
	}
	for name, to := range map[string]*float64{
		"process_resident_memory_bytes": &f.resident, "go_memstats_heap_inuse_bytes": &f.heap, "go_goroutines": &f.goroutines, "process_open_fds": &f.files,
	} {
		_, rest, ok := strings.Cut(string(text), "\n"+name+" ")
		value, _, _ := strings.Cut(rest, "\n")
		if *to, err = strconv.ParseFloat(value, 64); !ok || err != nil {
			return f, fmt.Errorf("no %s: %w", name, err)
		}
	}
	return f, nil
}

// report tells the figures and judges them.
func (s *soak) report(took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.Sort(s.late)
	slices.Sort(s.silences)
	s.Logf("%v: %d calls, %d sent on, %d attacks (%d answered wrongly), %d exports", took.Round(time.Second), s.calls.Load(), s.transfers.Load(), s.struck.Load(), s.wrong.Load(), s.exports.Load())
	if len(s.late) > 0 {
		s.Logf("snapshots: p50 %v, p99 %v, longest %v", quantile(s.late, 0.5), quantile(s.late, 0.99), quantile(s.late, 1))
	}
	if len(s.silences) > 0 {
		s.Logf("customers' longest silence: p50 %v, p99 %v, longest %v", quantile(s.silences, 0.5), quantile(s.silences, 0.99), quantile(s.silences, 1))
	}
	if len(s.problems) > 0 {
		s.Errorf("%d problems", len(s.problems))
	}
	if s.struck.Load() == 0 || len(s.figures) < 3 {
		s.Fatalf("nothing was measured: %d attacks, %d figures", s.struck.Load(), len(s.figures))
	}
	// The first fifth is warming up. Then the program must not grow from third to third.
	steady := s.figures[len(s.figures)/5:]
	third := max(1, len(steady)/3)
	first, last := mean(steady[:third]), mean(steady[len(steady)-third:])
	const mega = 1 << 20
	for _, f := range []struct {
		name                        string
		first, last, may, unit, all float64
	}{
		{"resident memory in MB", first.resident, last.resident, 16 * mega, mega, 0.15},
		{"heap in MB", first.heap, last.heap, 16 * mega, mega, 0.15},
		{"goroutines", first.goroutines, last.goroutines, 60, 1, 0.1},
		{"open files", first.files, last.files, 30, 1, 0.1},
	} {
		s.Logf("%s: %.1f, then %.1f", f.name, f.first/f.unit, f.last/f.unit)
		if *soakFlag >= time.Minute && f.last > f.first*(1+f.all)+f.may {
			s.Errorf("%s has grown", f.name)
		}
	}
	if longest := quantile(s.silences, 1); longest > 2*time.Second {
		s.Errorf("a customer heard nothing for %v", longest)
	}
}

func mean(list []figures) (m figures) {
	for _, f := range list {
		n := float64(len(list))
		m.resident += f.resident / n
		m.heap += f.heap / n
		m.goroutines += f.goroutines / n
		m.files += f.files / n
	}
	return m
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)].Round(time.Millisecond / 10)
}
