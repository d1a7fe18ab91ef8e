package history_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmdesk/history"
)

// TestPicture draws calls as text: a line for each person, seconds and what they had.
func TestPicture(t *testing.T) {
	for _, test := range []struct{ name, timeline, want string }{
		{"one agent", answered + "66 ended ana",
			"dana 0-6 music, 6-66 talking; ANA 2-6 ringing, 6-66 talking"},
		{"it goes on", strings.TrimSuffix(answered, ";"),
			"dana 0-6 music, 6-100 talking; ANA 2-6 ringing, 6-100 talking"},
		{"on hold", answered + "16 held ana; 36 resumed ana; 40 caller_left ana",
			"dana 0-6 music, 6-16 talking, 16-36 hold, 36-40 talking; ANA 2-6 ringing, 6-16 talking, 16-36 hold, 36-40 talking"},
		{"a private talk, swapped, and handed over", answered + "10 consulting ben ana; 15 private ben ana; 20 swapped ana ben; 23 swapped ana ben; 30 handed_over ben ana; 50 caller_left ben",
			"dana 0-6 music, 6-10 talking, 10-20 hold, 20-23 talking, 23-30 hold, 30-50 talking; " +
				"ANA 2-6 ringing, 6-10 talking, 10-15 hold, 15-20 private, 20-23 talking, 23-30 private; " +
				"BEN 10-15 ringing, 15-20 private, 20-23 waiting, 23-30 private, 30-50 talking"},
		{"all three, one leaves", answered + "10 invited ben ana; 15 together ben ana; 20 left ben; 30 ended ana",
			"dana 0-6 music, 6-30 talking; ANA 2-6 ringing, 6-30 talking; BEN 10-15 ringing, 15-20 talking"},
		{"a line is lost, and another comes", answered + "10 lost ana; 25 returned ana | lost; 30 offered ben; 35 talking ben; 40 caller_left ben",
			"dana 0-6 music, 6-10 talking, 10-35 music, 35-40 talking; ANA 2-6 ringing, 6-10 talking, 10-25 lost; BEN 30-35 ringing, 35-40 talking"},
		{"a customer is away", answered + "10 caller_lost ana; 25 caller_back ana; 30 ended ana",
			"dana 0-6 music, 6-10 talking, 10-25 lost, 25-30 talking; ANA 2-6 ringing, 6-10 talking, 10-25 waiting, 25-30 talking"},
		{"sent on and not taken", answered + "10 sent ben ana; 30 not_taken ben ana no_answer; 30 returned | not taken; 30 caller_left",
			"dana 0-6 music, 6-10 talking, 10-30 music; ANA 2-6 ringing, 6-10 talking; BEN 10-30 ringing"},
		{"two are rung, one after the other", "0 arrived; 1 offered ana; 20 missed ana; 21 offered ben; 25 passed ben; 40 caller_left",
			"dana 0-40 music; ANA 1-20 ringing; BEN 21-25 ringing"},
		{"nothing", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.timeline == "" {
				if got := history.Picture(nil, "dana", names, start()); len(got) != 1 || len(got[0].Bars) != 0 {
					t.Errorf("of nothing: %+v", got)
				}
				return
			}
			if diff := cmp.Diff(test.want, pictureText(history.Picture(timeline(t, test.timeline), "dana", names, start().Add(100*time.Second)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever a call went through, its customer's bars fill it without a gap.
func TestPictureHasNoGap(t *testing.T) {
	for _, life := range lives() {
		entries := timeline(t, life.timeline)
		f := history.Sum(entries, start())
		at := f.Started
		for _, bar := range history.Picture(entries, "dana", names, start())[0].Bars {
			if !bar.From.Equal(at) {
				t.Errorf("%s: nothing from %v to %v", life.name, at, bar.From)
			}
			at = bar.To
		}
		if !at.Equal(f.Ended) {
			t.Errorf("%s: nothing from %v to the end", life.name, at)
		}
	}
}

func pictureText(lanes []history.Lane) string {
	var rows []string
	for _, l := range lanes {
		var bars []string
		for _, b := range l.Bars {
			bars = append(bars, fmt.Sprintf("%d-%d %s", int(b.From.Sub(start()).Seconds()), int(b.To.Sub(start()).Seconds()), b.Condition))
		}
		rows = append(rows, l.Name+" "+strings.Join(bars, ", "))
	}
	return strings.Join(rows, "; ")
}

func TestWhyCutOff(t *testing.T) {
	for _, test := range []struct{ timeline, want string }{
		{answered + "66 ended ana", ""},
		{answered + "66 caller_left ana", ""},
		{answered + "20 lost ana; 32 caller_left ana", "ANA's line was lost. Dana heard music for 12 s and hung up before anybody had them again."},
		{answered + "20 lost ana; 35 returned ana | lost; 40 caller_left", "ANA's line was lost. Dana heard music for 20 s and hung up before anybody had them again."},
		{answered + "30 ended ana | the line", "ANA's line was lost, and the call ended with it because RECOVERY is off. Nobody ended it on purpose."},
		{answered + "15 caller_lost ana; 75 caller_gone ana", "The connection of Dana was lost and did not come back in time. Nobody here ended the call."},
	} {
		if got := history.WhyCutOff(history.Sum(timeline(t, test.timeline), start()), "Dana", names); got != test.want {
			t.Errorf("%s: %q", test.timeline, got)
		}
	}
}
