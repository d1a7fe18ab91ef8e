package history_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/history"
)

func start() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }

func names(id agent.ID) string { return strings.ToUpper(string(id)) }

// timeline reads "12 kind agent other outcome | why" separated by semicolons; a
// dash is nobody or nothing.
func timeline(t *testing.T, text string) []call.News {
	t.Helper()
	var list []call.News
	for item := range strings.SplitSeq(text, ";") {
		item, why, _ := strings.Cut(item, "|")
		f := append(strings.Fields(item), "-", "-", "-")
		seconds, err := strconv.Atoi(f[0])
		if err != nil {
			t.Fatal(err)
		}
		for i := range f {
			f[i] = strings.TrimPrefix(f[i], "-")
		}
		list = append(list, call.News{
			At: start().Add(time.Duration(seconds) * time.Second), Kind: call.NewsKind(f[1]),
			Agent: agent.ID(f[2]), Other: agent.ID(f[3]), Outcome: call.Outcome(f[4]), Why: strings.TrimSpace(why),
		})
	}
	return list
}

const answered = "0 arrived; 2 offered ana; 5 answered ana; 6 talking ana;"

// lives are calls from end to end, their figures and what others are told.
func lives() []life {
	return []life{
		{"nobody came", "0 arrived; 1 offered ana; 20 missed ana - no_answer; 21 offered ben; 29 not_reached ben - unreachable; 40 caller_left",
			"waited 40 talked 0 held 0, by nobody, caller_left",
			"call.started; offer.missed ana no_answer; offer.missed ben unreachable; call.missed 40; call.ended caller_left 40 0 0"},
		{"one agent", answered + "66 ended ana",
			"waited 6 talked 60 held 0, by ana, agent_ended",
			"call.started; call.answered ana 6; call.ended agent_ended 6 60 0"},
		{"on hold", answered + "16 held ana; 36 resumed ana; 40 caller_left ana",
			"waited 6 talked 14 held 20, by ana, caller_left",
			"call.started; call.answered ana 6; call.held ana; call.resumed ana; call.ended caller_left 6 14 20"},
		{"asked in private, swapped, handed over", answered + "10 consulting ben ana; 15 private ben ana; 20 swapped ana ben; 23 swapped ana ben; 30 handed_over ben ana; 50 caller_left ben",
			"waited 6 talked 27 held 17, by ana ben, caller_left, consult ana>ben handed_over",
			"call.started; call.answered ana 6; call.held ana private; call.resumed ana; call.held ana private; " +
				"call.transferred consult ana>ben handed_over joined 20; call.resumed ben; call.ended caller_left 6 27 17"},
		{"one declines, another in their place, all three, left", answered +
			"10 consulting ben ana; 15 cancelled ben ana; 15 consulting cy ana; 20 invite_over cy ana passed; 22 resumed ana; 25 invited cy ana; 30 together cy ana; 31 left cy ana; 40 ended ana",
			"waited 6 talked 22 held 12, by ana cy, agent_ended, consult ana>ben cancelled, consult ana>cy declined, invite ana>cy left",
			"call.started; call.answered ana 6; call.held ana private; call.transferred consult ana>ben cancelled 5; " +
				"call.transferred consult ana>cy declined 5; call.resumed ana; call.transferred invite ana>cy left joined 6; call.ended agent_ended 6 22 12"},
		{"sent, not taken, back to the sender", answered + "10 sent ben ana; 30 not_taken ben ana no_answer; 30 returned | the colleague did not come; 30 offered ana; 33 answered ana; 34 talking ana; 40 caller_left ana",
			"waited 30 talked 10 held 0, by ana, caller_left, send ana>ben no_answer, returned 1",
			"call.started; call.answered ana 6; call.transferred send ana>ben no_answer 20; call.returned ; call.answered ana 4 again; call.ended caller_left 30 10 0"},
		{"sent to a number that a machine answered", answered + "10 sent +4930123456 ana; 30 not_taken +4930123456 ana machine; 30 returned | not taken; 30 offered ana; 33 answered ana; 34 talking ana; 40 caller_left ana",
			"waited 30 talked 10 held 0, by ana, caller_left, send ana>+4930123456 machine, returned 1",
			"call.started; call.answered ana 6; call.transferred send ana>+4930123456 machine 20; call.returned ; call.answered ana 4 again; call.ended caller_left 30 10 0"},
		{"sent, wanted back", answered + "10 sent ben ana; 14 cancelled ben ana; 14 returned | not taken; 14 offered ana; 18 talking ana; 20 ended ana",
			"waited 14 talked 6 held 0, by ana, agent_ended, send ana>ben cancelled, returned 1",
			"call.started; call.answered ana 6; call.transferred send ana>ben cancelled 4; call.returned ; call.answered ana 4 again; call.ended agent_ended 14 6 0"},
		{"taken back", answered + "10 invited ben ana; 15 together ben ana; 20 handed_over ben ana; 22 taking_back ana ben; 24 together ana ben; 25 handed_over ana ben; 30 ended ana",
			"waited 6 talked 24 held 0, by ana ben, agent_ended, invite ana>ben handed_over, takeback ben>ana handed_over",
			"call.started; call.answered ana 6; call.transferred invite ana>ben handed_over joined 10; call.transferred takeback ben>ana handed_over joined 3; call.ended agent_ended 6 24 0"},
		{"line lost, rejoined", answered + "10 lost ana; 12 rejoining ana; 16 rejoined ana; 20 ended ana",
			"waited 12 talked 8 held 0, by ana, agent_ended, recovered ana>ana 6",
			"call.started; call.answered ana 6; call.recovered ana>ana 6; call.ended agent_ended 12 8 0"},
		{"line lost in private, back in private, all three", answered + "10 consulting ben ana; 12 private ben ana; 20 lost ana; 24 rejoined ana ben; 30 together ben ana; 35 caller_left ana",
			"waited 10 talked 9 held 16, by ana ben, caller_left, consult ana>ben call_over, recovered ana>ana 4",
			"call.started; call.answered ana 6; call.held ana private; call.recovered ana>ana 4; call.resumed ana; call.transferred consult ana>ben call_over joined 25; call.ended caller_left 10 9 16"},
		{"line lost, the colleague takes over", answered + "10 invited ben ana; 15 together ben ana; 20 took_over ben ana; 21 rejoining ana; 24 together ana ben; 26 handed_over ana ben; 30 ended ana",
			"waited 6 talked 24 held 0, by ana ben, agent_ended, invite ana>ben took_over, handover ben>ana handed_over, recovered ana>ben 0",
			"call.started; call.answered ana 6; call.transferred invite ana>ben took_over joined 10; call.recovered ana>ben 0; call.transferred handover ben>ana handed_over joined 2; call.ended agent_ended 6 24 0"},
		{"line lost, back in line, answered", answered + "10 lost ana; 25 returned ana | the connection was lost; 30 offered ben; 35 talking ben; 40 caller_left ben",
			"waited 31 talked 9 held 0, by ana ben, caller_left, returned 1",
			"call.started; call.answered ana 6; call.returned ana; call.answered ben 10 again; call.ended caller_left 31 9 0"},
		{"the page is silent, and back", answered + "10 suspect ana; 14 link_back ana; 14 rejoined ana; 20 ended ana",
			"waited 10 talked 10 held 0, by ana, agent_ended, recovered ana>ana 4",
			"call.started; call.answered ana 6; call.recovered ana>ana 4; call.ended agent_ended 10 10 0"},
		{"the page is silent on hold, and when back with the customer", answered + "10 held ana; 12 suspect ana; 15 resumed ana; 20 returned ana | lost; 22 offered ana; 25 talking ana; 30 ended ana",
			"waited 16 talked 9 held 5, by ana, agent_ended, returned 1",
			"call.started; call.answered ana 6; call.held ana; call.returned ana; call.answered ana 5 again; call.ended agent_ended 16 9 5"},
		{"the page is silent with all three", answered + "10 invited ben ana; 12 together ben ana; 15 suspect ana; 20 handed_over ben ana; 30 ended ben",
			"waited 6 talked 24 held 0, by ana ben, agent_ended, invite ana>ben handed_over",
			"call.started; call.answered ana 6; call.transferred invite ana>ben handed_over joined 10; call.ended agent_ended 6 24 0"},
		{"the target is lost in private", answered + "10 consulting ben ana; 12 private ben ana; 15 lost ben; 25 resumed ana; 30 ended ana",
			"waited 6 talked 9 held 15, by ana, agent_ended, consult ana>ben lost",
			"call.started; call.answered ana 6; call.held ana private; call.transferred consult ana>ben lost joined 5; call.resumed ana; call.ended agent_ended 6 9 15"},
		{"the end of the target is not told, and the page is silent when the owner is back alone",
			answered + "10 consulting ben ana; 12 private ben ana; 15 lost ana; 17 rejoined ana; 20 suspect ana; 25 returned ana | lost; 30 caller_left ana",
			"waited 18 talked 7 held 5, by ana, caller_left, consult ana>ben lost, recovered ana>ana 2, returned 1",
			"call.started; call.answered ana 6; call.held ana private; call.transferred consult ana>ben lost joined 7; call.recovered ana>ana 2; call.returned ana; call.ended caller_left 18 7 5"},
		{"cannot be held", answered + "10 consulting ben ana; 12 not_held ana; 20 ended ana",
			"waited 6 talked 12 held 2, by ana, agent_ended, consult ana>ben failed",
			"call.started; call.answered ana 6; call.held ana private; call.transferred consult ana>ben failed 2; call.resumed ana; call.ended agent_ended 6 12 2"},
		{"the customer's line is lost, and back", answered + "10 held ana; 15 caller_lost ana; 25 caller_back ana; 30 ended ana",
			"waited 6 talked 4 held 10, by ana, agent_ended, away 10",
			"call.started; call.answered ana 6; call.held ana; call.ended agent_ended 6 4 10 away 10"},
		{"the customer's line is lost before the colleague comes", answered + "10 invited ben ana; 15 caller_lost ana ben; 75 caller_gone ana",
			"waited 6 talked 9 held 0, by ana, caller_lost, invite ana>ben stopped, away 60",
			"call.started; call.answered ana 6; call.transferred invite ana>ben stopped 5; call.ended caller_lost 6 9 0 away 60"},
		{"both lines are lost in private", answered + "8 consulting ben ana; 10 private ben ana; 20 caller_lost ana; 22 took_over ben ana; 30 caller_back ben; 40 caller_left ben",
			"waited 6 talked 12 held 12, by ana ben, caller_left, consult ana>ben took_over, recovered ana>ben 0, away 10",
			"call.started; call.answered ana 6; call.held ana private; call.transferred consult ana>ben took_over joined 14; call.recovered ana>ben 0; call.resumed ben; call.ended caller_left 6 12 12 away 10"},
		{"removed", answered + "10 invited ben ana; 12 together ben ana; 20 removed ben ana; 30 ended ana | the connection to the agent was lost",
			"waited 6 talked 24 held 0, by ana ben, line_lost, invite ana>ben removed",
			"call.started; call.answered ana 6; call.transferred invite ana>ben removed joined 10; call.ended line_lost 6 24 0"},
	}
}

type life struct{ name, timeline, figures, events string }

func TestFigures(t *testing.T) {
	for _, test := range lives() {
		t.Run(test.name, func(t *testing.T) {
			entries := timeline(t, test.timeline)
			f := history.Sum(entries, start().Add(time.Hour))
			if diff := cmp.Diff(test.figures, figuresText(f)); diff != "" {
				t.Error(diff)
			}
			if total := f.Ended.Sub(f.Started); f.Waited+f.Talked+f.Held+f.Away != total {
				t.Errorf("%v and %v and %v and %v are not %v", f.Waited, f.Talked, f.Held, f.Away, total)
			}
		})
	}
}

func TestFiguresOfALiveCall(t *testing.T) {
	f := history.Sum(timeline(t, answered+"16 held ana"), start().Add(20*time.Second))
	if f.How != history.GoesOn || !f.Ended.IsZero() || f.Waited != 6*time.Second || f.Talked != 10*time.Second || f.Held != 4*time.Second {
		t.Errorf("%+v", f)
	}
	if f := history.Sum(nil, start()); f.Waited != 0 {
		t.Errorf("of nothing: %+v", f)
	}
}

func figuresText(f history.Figures) string {
	by := make([]string, len(f.Agents))
	for i, a := range f.Agents {
		by[i] = string(a)
	}
	who := strings.Join(by, " ")
	if who == "" {
		who = "nobody"
	}
	text := fmt.Sprintf("waited %d talked %d held %d, by %s, %s",
		history.Seconds(f.Waited), history.Seconds(f.Talked), history.Seconds(f.Held), who, f.How)
	for _, x := range f.Transfers {
		text += fmt.Sprintf(", %s %s>%s %s", x.Kind, x.From, x.To, x.Outcome)
	}
	for _, r := range f.Recoveries {
		text += fmt.Sprintf(", recovered %s>%s %d", r.From, r.Agent, history.Seconds(r.After))
	}
	if f.Away > 0 {
		text += fmt.Sprintf(", away %d", history.Seconds(f.Away))
	}
	if f.Returns > 0 {
		text += fmt.Sprintf(", returned %d", f.Returns)
	}
	return text
}

// Entries of one moment are one step, as the desk saves them.
func TestEvents(t *testing.T) {
	for _, test := range lives() {
		t.Run(test.name, func(t *testing.T) {
			all := tell(t, timeline(t, test.timeline))
			var got []string
			for i, e := range all {
				got = append(got, eventText(t, e))
				if i > 0 && all[i-1].ID == e.ID {
					t.Errorf("two events are %s", e.ID)
				}
			}
			if diff := cmp.Diff(strings.Split(test.events, "; "), got); diff != "" {
				t.Error(diff)
			}
			// Told again, a step has the same events: same ids, same bytes.
			if diff := cmp.Diff(encode(t, all), encode(t, tell(t, timeline(t, test.timeline)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func tell(t *testing.T, entries []call.News) []history.Event {
	t.Helper()
	var events []history.Event
	for i, version := 0, int64(1); i < len(entries); version++ {
		j := i
		for j < len(entries) && entries[j].At.Equal(entries[i].At) {
			j++
		}
		c := call.Call{ID: "one", Name: "Dana", Number: "+15550001", News: entries[i:j]}
		events = append(events, history.Events(history.Step{Call: c, Version: version, Past: entries[:i]}, names)...)
		i = j
	}
	return events
}

func encode(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// eventText reads an event as its receiver does: from the JSON alone.
func eventText(t *testing.T, e history.Event) string {
	t.Helper()
	var sent struct {
		ID, Type, Timestamp, Call string
		Version                   int
		Customer                  struct{ Number, Name string }
		People                    []struct{ ID, Name string }
		Data                      map[string]any
	}
	if err := json.Unmarshal([]byte(encode(t, e)), &sent); err != nil {
		t.Fatal(err)
	}
	if sent.Version != 1 || sent.Call != "one" || sent.Customer.Number != "+15550001" || sent.Customer.Name != "Dana" ||
		!strings.HasPrefix(sent.ID, "one-") || sent.People == nil {
		t.Errorf("envelope: %+v", sent)
	}
	if _, err := time.Parse(time.RFC3339, sent.Timestamp); err != nil {
		t.Error(err)
	}
	d := sent.Data
	word := func(key string) string { s, _ := d[key].(string); return s }
	for _, key := range []string{"agent", "from", "to", "by"} {
		id := word(key)
		named := slices.ContainsFunc(sent.People, func(p struct{ ID, Name string }) bool { return p.ID == id && p.Name == names(agent.ID(id)) })
		if id != "" && !named {
			t.Errorf("%s: %s is not among the people %v", sent.Type, id, sent.People)
		}
	}
	text := sent.Type
	switch history.Type(sent.Type) {
	case history.CallAnswered:
		text += fmt.Sprintf(" %s %v", word("agent"), d["waited"])
	case history.CallHeld, history.CallResumed:
		text += " " + word("agent")
	case history.CallTransferred:
		text += fmt.Sprintf(" %s %s>%s %s", word("kind"), word("from"), word("to"), word("outcome"))
	case history.CallRecovered:
		text += fmt.Sprintf(" %s>%s %v", word("from"), word("agent"), d["after"])
	case history.CallReturned:
		text += " " + word("from")
	case history.OfferMissed:
		text += " " + word("agent") + " " + word("outcome")
	case history.CallMissed:
		text += fmt.Sprintf(" %v", d["waited"])
	case history.CallEnded:
		text += fmt.Sprintf(" %s %v %v %v", word("how"), d["waited"], d["talked"], d["held"])
		if d["away"] != 0.0 {
			text += fmt.Sprintf(" away %v", d["away"])
		}
	}
	for _, flag := range []string{"private", "again", "joined"} {
		if d[flag] == true {
			text += " " + flag
		}
	}
	if took, ok := d["took"]; ok {
		text += fmt.Sprintf(" %v", took)
	}
	return text
}

// What a call came to is told when it is said, which may be after the call.
func TestConcludedIsTold(t *testing.T) {
	c := call.Call{ID: "one", Name: "Dana", News: []call.News{{Kind: call.NewsConcluded, Agent: "ana", Why: "Solved"}}}
	past := timeline(t, "0 arrived; 10 talking ana; 60 caller_left ana")
	events := history.Events(history.Step{Call: c, Version: 4, Past: past}, names)
	if len(events) != 1 || events[0].Type != history.CallConcluded {
		t.Fatalf("%+v", events)
	}
	if body := encode(t, events); !strings.Contains(body, `"data":{"agent":"ana","outcome":"Solved"}`) {
		t.Error(body)
	}
}

// A recording is told of when it is known, and once; also after the call's end.
func TestRecordingEvent(t *testing.T) {
	past := timeline(t, lives()[0].timeline)
	c := call.Call{ID: "one", Name: "Dana", Number: "+15550001", News: []call.News{
		{At: start().Add(time.Hour), Kind: call.NewsTrackKept, Track: &call.Track{SID: "RE1", Status: call.TrackKept, Length: 61400 * time.Millisecond}},
	}}
	want := `[{"id":"one-9-1","type":"recording.completed","timestamp":"2026-11-22T11:00:00Z","version":1,"call":"one",` +
		`"customer":{"number":"+15550001","name":"Dana"},"people":[],"data":{"recording":"RE1","length":61}}]`
	if diff := cmp.Diff(want, encode(t, history.Events(history.Step{Call: c, Version: 9, Past: past}, names))); diff != "" {
		t.Error(diff)
	}
}

func TestTaskEvent(t *testing.T) {
	task := agent.Task{
		ID: "task1", Call: "one", Kind: agent.Callback, Name: "Dana", Number: "+15550001", Owner: "ben",
		CreatedAt: start(), DueAt: start().Add(agent.TaskTime), DoneAt: start().Add(time.Hour), DoneBy: "ana",
	}
	for typ, want := range map[history.Type]string{
		history.TaskCreated: `{"id":"task1-task.created","type":"task.created","timestamp":"2026-11-22T10:00:00Z","version":1,"call":"one",` +
			`"customer":{"number":"+15550001","name":"Dana"},"people":[{"id":"ben","name":"BEN"}],` +
			`"data":{"id":"task1","kind":"callback","owner":"ben","due":"2026-11-22T14:00:00Z","done_by":""}}`,
		history.TaskDone: `{"id":"task1-task.done-1795345200000000000","type":"task.done","timestamp":"2026-11-22T11:00:00Z","version":1,"call":"one",` +
			`"customer":{"number":"+15550001","name":"Dana"},"people":[{"id":"ben","name":"BEN"},{"id":"ana","name":"ANA"}],` +
			`"data":{"id":"task1","kind":"callback","owner":"ben","due":"2026-11-22T14:00:00Z","done_by":"ana"}}`,
	} {
		if diff := cmp.Diff(want, encode(t, history.TaskEvent(typ, task, names))); diff != "" {
			t.Error(diff)
		}
	}
}

// Every kind of news that the rulebook knows has a sentence.
func TestSentences(t *testing.T) {
	kinds := newsKinds(t)
	if len(kinds) < 30 {
		t.Fatalf("found only %v", kinds)
	}
	for _, kind := range kinds {
		for _, n := range []call.News{{Kind: kind}, {Kind: kind, Agent: "ana", Other: "ben", Outcome: call.Busy, Why: "so it is"}} {
			s := history.Sentence(n, "Dana", names)
			if s == "" || !strings.HasSuffix(s, ".") || strings.ContainsAny(s, "{}") {
				t.Errorf("%s: %q; history/sentence.go has a sentence for every kind of news", kind, s)
			}
		}
	}
	got := history.Sentence(call.News{Kind: call.NewsInviteOver, Agent: "ben", Other: "ana", Outcome: call.Passed}, "Dana", names)
	if got != "BEN did not come in: declined." {
		t.Error(got)
	}
	got = history.Sentence(call.News{Kind: call.NewsInviteOver, Agent: "ben", Other: "ana", Outcome: call.Passed, Why: "wrong team"}, "Dana", names)
	if got != "BEN did not come in: declined, wrong team." {
		t.Error(got)
	}
}

// newsKinds reads the constants of package call.
func newsKinds(t *testing.T) []call.NewsKind {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../call/event.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []call.NewsKind
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "NewsKind" {
				kind, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				kinds = append(kinds, call.NewsKind(kind))
			}
		}
		return true
	})
	return kinds
}
