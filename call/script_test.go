package call

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmdesk/agent"
)

// The scripts in testdata read like a protocol: a line is something that
// happens, the indented lines under it are what the rulebook makes of it.
// testdata/README.md explains the words.
var update = flag.Bool("update", false, "rewrite the outcomes in testdata/*.txt")

func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	failures, err2 := filepath.Glob("testdata/failures/*.txt")
	files = append(files, failures...)
	if err = errors.Join(err, err2); err != nil || len(failures) == 0 {
		t.Fatal("no scripts:", err)
	}
	seen := edges{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := runScript(t, string(text), seen)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(text), got); diff != "" {
				t.Errorf("-want +got (go test ./call -run TestScripts -update rewrites):\n%s", diff)
			}
		})
	}
	// The drawing in docs/transfer.md shows the ways between stages that the
	// scripts go, all of them and no other.
	if diff := cmp.Diff(drawnEdges(t), seen.sorted()); diff != "" && !t.Failed() {
		t.Errorf("docs/transfer.md, -drawn +seen:\n%s", diff)
	}
}

// runScript runs the lines of a script and returns it with fresh outcomes. A
// line "---" begins a new call.
func runScript(t *testing.T, text string, seen edges) string {
	t.Helper()
	var out strings.Builder
	s := newScript(t, seen)
	for line := range strings.Lines(text) {
		switch trimmed := strings.TrimSpace(line); {
		case strings.HasPrefix(line, "  "):
			continue
		case trimmed == "---":
			s = newScript(t, seen)
			out.WriteString(line)
		case trimmed == "" || strings.HasPrefix(trimmed, "#"):
			out.WriteString(line)
		default:
			out.WriteString(line)
			s.run(strings.Fields(trimmed))
			out.WriteString(s.outcome())
		}
	}
	return out.String()
}

// script is one call in the hands of a carrier.
type script struct {
	t       *testing.T
	now     time.Time
	c       Call
	k       *carrier
	todo    []Action // planned and not carried out
	obey    bool     // carry out at once whatever is planned
	lead    bool     // mia's requests are crossed, too
	silent  bool     // the carrier does not tell
	last    Event
	lines   []string
	stage   string
	hears   string
	said    map[string]string
	seen    edges
	created bool

	commands map[string]command
	carrying bool
	line     string // for messages
}

func newScript(t *testing.T, seen edges) *script {
	return &script{
		t: t, k: &carrier{}, said: map[string]string{}, seen: seen, commands: commands(),
		now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC),
	}
}

func (s *script) printf(format string, args ...any) {
	s.lines = append(s.lines, "  "+fmt.Sprintf(format, args...)+"\n")
}

// run executes one line.
func (s *script) run(words []string) {
	s.t.Helper()
	word, args := words[0], words[1:]
	s.line = strings.Join(words, " ")
	if f, ok := s.commands[word]; ok {
		f(s, args)
		return
	}
	s.t.Fatalf("unknown word %q", word)
}

// step applies an event as the desk does: step, plan, note what is under way.
func (s *script) step(e Event) {
	s.t.Helper()
	s.last = e
	before := s.c
	next, err := Step(s.c, e, s.now)
	if err != nil {
		s.printf("refused: %s", err)
		return
	}
	s.seen.add(before, next)
	s.commit(next)
}

func (s *script) commit(next Call) {
	for _, n := range next.News {
		s.printf("news %s", strings.Join(compact(string(n.Kind), string(n.Agent), string(n.Other), string(n.Outcome), n.Why, n.Wish.text(), n.Track.text()), " "))
	}
	plan := Plan(next, s.now)
	for _, a := range plan {
		again := ""
		if a.Attempt > 1 {
			again = fmt.Sprintf(", attempt %d", a.Attempt)
		}
		s.printf("plan %s%s", strings.TrimSpace(string(a.Kind)+" "+s.who(next, a.Leg)), again)
	}
	s.c = Begin(next, plan, s.now)
	s.todo = append(s.todo, plan...)
	if s.obey {
		s.carryAll()
	}
}

// carryAll carries out what is planned and whatever follows from it.
func (s *script) carryAll() {
	if s.carrying {
		return
	}
	s.carrying = true
	defer func() { s.carrying = false }()
	for range 100 {
		if len(s.todo) == 0 {
			return
		}
		a := s.todo[0]
		s.todo = s.todo[1:]
		r, facts := s.k.carry(s.c, a)
		s.step(r)
		s.deliver(facts)
	}
	s.t.Fatalf("the carrier is never done: %s: %v", s.line, s.todo)
}

// deliver hands the carrier's callbacks over, and lets a leg that fell out of
// its room ask what is next.
func (s *script) deliver(facts []Event) {
	if s.silent {
		return
	}
	for _, f := range facts {
		if a, ok := f.(AskedAgain); ok {
			s.enterByDocument(s.k.party(a.SID))
			continue
		}
		s.step(f)
	}
}

// enterByDocument lets a leg ask and do what it is told: enter the room, wait
// outside, or listen to the words and hang up.
func (s *script) enterByDocument(p *party) {
	if p == nil || p.status != Answered {
		return
	}
	s.tell(p, question(p))
}

// tell lets a leg say something and do what it is told.
func (s *script) tell(p *party, asks Event) {
	told, err := Step(s.c, asks, s.now)
	if err != nil {
		s.t.Fatal(err)
	}
	d := DocumentFor(told, legID(told.LegBySID(p.sid)))
	s.step(asks)
	s.obeyDocument(p, d)
}

func (s *script) obeyDocument(p *party, d Document) {
	switch {
	case d.Kind == EnterRoom:
		p.muted = d.Muted && !p.in || p.muted && p.in
		s.deliver(s.k.join(p))
		return
	case d.Kind == WaitOutside && !p.in:
		s.printf("%s waits outside with music", s.who(s.c, p.leg))
		return
	case d.Kind == WaitOutside:
		return // sent in meanwhile
	case d.Kind == AskAccept:
		p.outside = AskAccept
		s.printf("asks %s %q", s.who(s.c, p.leg), KeyWords(s.c, p.leg, names))
		return
	case d.Kind != SayGone:
		p.outside, p.question = d.Kind, d.Question
		s.printf("%s: dana %q", d.Kind, d.Words)
		return
	}
	s.printf("says to %s %q", s.who(s.c, p.leg), d.Words)
	s.deliver(s.k.move(p, Over, Completed))
}

// wait lets time pass, waking the call as the desk does.
func (s *script) wait(d time.Duration) {
	end := s.now.Add(d)
	for {
		w := Wake(s.c, s.now)
		if w.IsZero() || w.After(end) {
			break
		}
		if !w.After(s.now) {
			s.t.Fatalf("woken at %v, which is not after %v", w, s.now)
		}
		s.now = w
		before := len(s.lines)
		s.step(TimePassed{Generation: s.c.Generation})
		if len(s.lines) > before {
			s.lines = slices.Insert(s.lines, before, fmt.Sprintf("  after %v\n", d-end.Sub(s.now)))
		}
	}
	s.now = end
}

// outcome is what the last line changed.
func (s *script) outcome() string {
	s.t.Helper()
	if !s.created {
		return strings.Join(s.lines, "")
	}
	if now := s.stageLine(); now != s.stage {
		s.stage = now
		s.printf("%s", now)
	}
	if now := hearsLine(s); now != s.hears {
		s.hears = now
		s.printf("hears %s", now)
	}
	say := func(who, text string) {
		if s.said[who] != text {
			s.said[who] = text
			if text != "" {
				s.printf("%s: %s", who, text)
			}
		}
	}
	for _, id := range []agent.ID{"ana", "ben", "cy", "mia"} {
		text := ""
		if PartOf(s.c, id) != Nobody {
			text = Sentence(s.c, id, names)
			if n := NoticeText(s.c, names); n != "" && PartOf(s.c, id) == Owner {
				text += " (" + n + ")"
			}
			if watched := WatchedText(s.c, id, names); watched != "" {
				text += " [" + watched + "]"
			}
		}
		say(names(id), text)
	}
	say("Dana", CustomerSentence(s.c, names))
	say("recording", RecordingWords(s.c))
	out := strings.Join(s.lines, "")
	s.lines = nil
	if out == "" {
		return "  nothing\n"
	}
	return out
}

// question is a leg that asks what to do: an agent at the address its dial named,
// a customer after falling out.
func question(p *party) Event {
	if p.agent {
		return LegMoved{Leg: p.leg, Account: "AC1", SID: p.sid, Status: Answered, Seq: -1, By: p.by, Asks: true}
	}
	return AskedAgain{SID: p.sid}
}

func (s *script) stageLine() string {
	line := "stage " + string(s.c.Stage)
	if s.c.Owner != "" {
		line += ", owner " + string(s.c.Owner)
	}
	if s.c.Target != "" {
		line += ", target " + string(s.c.Target)
	}
	if s.c.Stage == Choosing {
		line += fmt.Sprintf(", asked %d", s.c.Choice.Times)
	}
	if !s.c.Deadline.IsZero() {
		line += fmt.Sprintf(", until %s", s.c.Deadline.Format("04:05.0"))
	}
	return line
}

// hearsLine is who hears whom, and what a customer hears who hears nobody.
func hearsLine(s *script) string {
	var pairs, oneWay []string
	for i, a := range s.c.Legs {
		for _, b := range s.c.Legs[i+1:] {
			if a.Role == Supervisor || b.Role == Supervisor {
				if Hears(s.c, a.ID, b.ID) {
					oneWay = append(oneWay, s.who(s.c, a.ID)+"<"+s.who(s.c, b.ID))
				}
				if Hears(s.c, b.ID, a.ID) {
					oneWay = append(oneWay, s.who(s.c, b.ID)+"<"+s.who(s.c, a.ID))
				}
				continue
			}
			if Hears(s.c, a.ID, b.ID) != Hears(s.c, b.ID, a.ID) {
				s.t.Fatalf("%s and %s: one-way", a.ID, b.ID)
			}
			if Hears(s.c, a.ID, b.ID) {
				pairs = append(pairs, s.who(s.c, a.ID)+"-"+s.who(s.c, b.ID))
			}
		}
	}
	for i := range s.c.Legs {
		if l := &s.c.Legs[i]; len(pairs) > 0 && l.Status == Answered && l.Release == Kept && (l.Held || l.Parked) {
			pairs = append(pairs, s.who(s.c, l.ID)+"-music")
		}
	}
	if len(pairs) > 0 {
		return strings.Join(append(pairs, oneWay...), " ")
	}
	switch l := s.c.CustomerLeg(); {
	case l.Status == Over:
		return "nobody"
	case l.Parked:
		return "dana hears music outside"
	case l.Told != "":
		return "dana hears " + l.Told
	case !l.InRoom:
		return "dana is outside the room"
	case l.Held || l.RoomSID != s.c.Begun:
		return "dana hears music"
	}
	return "dana is alone in the room"
}

// who names a leg: the person, and the leg's number where it is not the newest.
func (s *script) who(c Call, id LegID) string {
	l := c.Leg(id)
	if l == nil {
		return ""
	}
	name := string(l.Agent)
	if l.Role == Customer {
		name = "dana"
	}
	for i := range c.Legs {
		if o := &c.Legs[i]; o.Role == l.Role && o.Agent == l.Agent && o.ID != l.ID {
			return name + "#" + strings.TrimPrefix(string(l.ID), string(c.ID)+"-")
		}
	}
	return name
}

// leg finds a leg by who's name.
func (s *script) leg(name string) *Leg {
	s.t.Helper()
	if name == "dana" {
		return s.c.CustomerLeg()
	}
	if who, number, ok := strings.Cut(name, "#"); ok {
		if l := s.c.Leg(LegID(string(s.c.ID) + "-" + number)); l != nil && (string(l.Agent) == who || l.Role == Customer && who == "dana") {
			return l
		}
	}
	for i := len(s.c.Legs) - 1; i >= 0; i-- {
		if l := &s.c.Legs[i]; l.Role != Customer && string(l.Agent) == name {
			return l
		}
	}
	s.t.Fatalf("%s: %s has no leg", s.line, name)
	return nil
}

// party is the carrier's side of a leg, which may not know its SID yet.
func (s *script) party(name string) *party {
	s.t.Helper()
	if p := s.k.find(s.leg(name).ID); p != nil {
		return p
	}
	s.t.Fatalf("%s: the carrier has no leg of %s", s.line, name)
	return nil
}

// repeat takes the last event a second time, which must change nothing.
func (s *script) repeat() {
	next, err := Step(s.c, s.last, s.now)
	if err != nil {
		s.printf("refused: %s", err)
		return
	}
	news := next.News
	next.News, s.c.News = nil, nil
	if len(news) > 0 || !reflect.DeepEqual(next, s.c) {
		s.printf("repeated and changed: %s", cmp.Diff(s.c, next))
	}
}

func names(id agent.ID) string {
	switch id {
	case "ana":
		return "Ana"
	case "ben":
		return "Ben"
	case "cy":
		return "Cy"
	case "mia":
		return "Mia"
	}
	return string(id)
}

func compact(words ...string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// option reads name=value from args.
func option(args []string, name, otherwise string) string {
	for _, a := range args {
		if v, ok := strings.CutPrefix(a, name+"="); ok {
			return v
		}
	}
	return otherwise
}

func (s *script) number(args []string, name string, otherwise int) int {
	s.t.Helper()
	n, err := strconv.Atoi(option(args, name, strconv.Itoa(otherwise)))
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// span is a time that an option names; zero: it does not.
func span(args []string, name string) time.Duration {
	d, err := time.ParseDuration(option(args, name, "0"))
	if err != nil {
		panic(err)
	}
	return d
}
