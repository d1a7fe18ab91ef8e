package history_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/history"
)

// TestDigests has a call of every outcome, and what lists and reports say of it.
func TestDigests(t *testing.T) {
	for _, test := range []struct{ name, timeline, want string }{
		{"the customer hangs up", answered + "66 caller_left ana", "answered after 6, ana 60"},
		{"the agent ends it", answered + "66 ended ana", "answered after 6, ana 60"},
		{"it goes on", answered, "live after 6, ana 34"},
		{"nobody has answered yet", "0 arrived; 2 offered ana", "live, not in 40, ana"},
		{"nobody came", "0 arrived; 1 offered ana; 20 missed ana - no_answer; 21 offered ben; 29 not_reached ben - unreachable; 40 caller_left",
			"abandoned, not in 40, ana missed 1, ben missed 1, team/help"},
		{"their own line is lost in line", "0 arrived; 3 caller_lost; 63 caller_gone", "abandoned, not in 63"},
		{"a message instead", "0 arrived; 30 asked_else; 35 recording; 50 parted", "message, not in 50"},
		{"a message after having spoken", answered + "10 sent ben ana; 30 not_taken ben ana no_answer; 30 returned | not taken; 50 parted",
			"message after 6, send no_answer, ana 4, ben, team/help"},
		{"handed over", answered + "10 consulting ben ana; 15 private ben ana; 30 handed_over ben ana; 50 caller_left ben",
			"answered after 6, consult handed_over, ana 4, ben 20, team/help"},
		{"their own line is lost", answered + "15 caller_lost ana; 75 caller_gone ana", "broken after 6, ana 9"},
		{"cut off without recovery", answered + "30 ended ana | the connection to the agent was lost", "dropped cut_off after 6, ana 24"},
		{"hangs up while nobody is there", answered + "20 lost ana; 26 caller_left ana", "dropped gave_up after 6, ana 14"},
		{"hangs up when back in line", answered + "20 lost ana; 35 returned ana | lost; 36 offered ben; 40 caller_left",
			"dropped gave_up after 6, ana 14, ben, team/help"},
		{"the page is silent, and they hang up", answered + "20 suspect ana; 22 caller_left ana", "dropped gave_up after 6, ana 14"},
		{"leaves a message when back in line", answered + "20 lost ana; 35 returned ana | lost; 60 parted", "message after 6, ana 14"},
		{"has somebody again and hangs up", answered + "20 lost ana; 24 rejoined ana; 30 caller_left ana", "answered after 6, ana 20"},
		{"somebody else has them, and they hang up on hold", answered + "20 lost ana; 35 returned ana | lost; 38 talking ben; 40 held ben; 50 caller_left ben",
			"answered after 6, ana 14, ben 2, team/help"},
		{"sent on, and they hang up before anybody comes", answered + "10 sent ben ana; 18 caller_left", "answered after 6, send call_over, ana 4, ben, team/help"},
	} {
		t.Run(test.name, func(t *testing.T) {
			entries := timeline(t, strings.TrimSuffix(test.timeline, ";"))
			r := history.Record{Started: start(), Entries: entries}
			d := history.DigestOf(r, helpers, start().Add(40*time.Second))
			if d.Outcome == history.Live { // of one that is over the time of reading counts for nothing
				entries = nil
			}
			if f := history.Sum(entries, start()); test.want != digestText(d, f.Dropped) {
				t.Errorf("%s, want %s", digestText(d, f.Dropped), test.want)
			}
		})
	}
}

// helpers: ben is in team help, nobody else in any.
func helpers(id agent.ID) []string {
	if id == "ben" {
		return []string{"help"}
	}
	return nil
}

func digestText(d history.Digest, dropped history.Drop) string {
	text := string(d.Outcome)
	if dropped != "" {
		text += " " + string(dropped)
	}
	if d.Answered {
		text += fmt.Sprintf(" after %d", d.Wait)
	} else {
		text += fmt.Sprintf(", not in %d", d.Wait)
	}
	if d.Transfers != "" {
		text += ", " + d.Transfers
	}
	for _, p := range d.Parts {
		text += ", " + p.Who
		if p.Spoke {
			text += fmt.Sprintf(" %d", p.Talked)
		}
		if p.Missed > 0 {
			text += fmt.Sprintf(" missed %d", p.Missed)
		}
	}
	return text
}

func TestDigestOfATeamsCall(t *testing.T) {
	r := history.Record{Name: "Dana  Reyes", Number: "+15550001", Note: "Wants a\nREFUND", Team: "sales", Started: start(), Entries: timeline(t, "0 arrived")}
	d := history.DigestOf(r, helpers, start())
	if d.Text != "dana reyes +15550001 wants a refund" {
		t.Errorf("searched is %q", d.Text)
	}
	if diff := cmp.Diff([]history.Part{{Who: "team/sales"}}, d.Parts); diff != "" {
		t.Error(diff)
	}
	// A wait is rounded up: what took longer than 20 s was not in time.
	r.Entries = append(r.Entries, call.News{At: start().Add(20*time.Second + time.Millisecond), Kind: call.NewsTalking, Agent: "ana"})
	if d := history.DigestOf(r, helpers, start()); d.Wait != 21 {
		t.Errorf("20.001 s are %d", d.Wait)
	}
}

func TestSummarise(t *testing.T) {
	read := func(text string) (list []history.Tally) {
		for item := range strings.SplitSeq(text, ";") {
			var x history.Tally
			var outcome string
			if _, err := fmt.Sscan(item, &x.Calls, &outcome, &x.Answered, &x.Wait); err != nil {
				t.Fatal(item, err)
			}
			x.Outcome = history.Outcome(outcome)
			list = append(list, x)
		}
		return list
	}
	for _, test := range []struct {
		tallies string
		want    history.Summary
	}{
		{"1 live false 5", history.Summary{Calls: 1}},
		{"1 live false 21", history.Summary{Calls: 1, Timed: 1}},
		{"2 abandoned false 20; 3 abandoned false 21", history.Summary{Calls: 5, Abandoned: 5, Timed: 3}},
		{"1 message false 60; 1 message true 4", history.Summary{Calls: 2, Messages: 2, Answered: 1, Timed: 2, InTime: 1, WaitMedian: 4, WaitP90: 4, WaitLongest: 4}},
		{"1 dropped true 3; 1 broken true 30; 8 answered true 2", history.Summary{Calls: 10, Answered: 10, Dropped: 1, Timed: 10, InTime: 9, WaitMedian: 2, WaitP90: 3, WaitLongest: 30}},
		{"1 answered true 20; 1 answered true 21", history.Summary{Calls: 2, Answered: 2, Timed: 2, InTime: 1, WaitMedian: 20, WaitP90: 21, WaitLongest: 21}},
	} {
		if diff := cmp.Diff(test.want, history.Summarise(read(test.tallies))); diff != "" {
			t.Errorf("%s: %s", test.tallies, diff)
		}
	}
	if diff := cmp.Diff(history.Summary{}, history.Summarise(nil)); diff != "" {
		t.Error(diff)
	}
}
