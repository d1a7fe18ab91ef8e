package console_test

import (
	"encoding/json"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
	"warmdesk/staff"
)

// over saves a call that ends so, with entries ten seconds apart.
func (w *world) over(c call.Call, entries ...desk.Entry) call.ID {
	w.t.Helper()
	var id ulid.ULID
	if err := id.SetTime(ulid.Timestamp(c.StartedAt)); err != nil {
		w.t.Fatal(err)
	}
	made := call.Create(call.Arrived{Call: call.ID(id.String()), Account: account, SID: "CA" + id.String(), Number: c.Number, Name: c.Name, Team: c.Team}, c.StartedAt)
	made.Stage, made.Note, made.Topic = call.Ended, c.Note, c.Topic
	for i := range entries {
		entries[i].At = c.StartedAt.Add(time.Duration(i) * 10 * time.Second)
	}
	if err := w.db.SaveCall(w.t.Context(), desk.Save{Call: made, Entries: entries}); err != nil {
		w.t.Fatal(err)
	}
	return made.ID
}

func entry(kind call.NewsKind, people ...agent.ID) desk.Entry {
	e := desk.Entry{Kind: kind}
	if len(people) > 0 {
		e.Agent = people[0]
	}
	if len(people) > 1 {
		e.Other = people[1]
	}
	return e
}

// seed saves five calls, one of each kind, a minute apart, and tells their names.
func (w *world) seed(day time.Time) map[call.ID]string {
	at := func(i int) time.Time { return day.Add(time.Duration(i) * time.Minute) }
	arrived := entry(call.NewsArrived)
	return map[call.ID]string{
		w.over(call.Call{Name: "Dana Reyes", Number: "+4930123456", Note: "wants a REFUND", StartedAt: at(0)},
			arrived, entry(call.NewsTalking, "agent1"), entry(call.NewsCallerLeft, "agent1")): "spoken",
		w.over(call.Call{Name: "Eli", Number: "+15550002", StartedAt: at(1)}, arrived, entry(call.NewsOffered, "agent1"), entry(call.NewsMissed, "agent1"), entry(call.NewsCallerLeft)): "left",
		w.over(call.Call{Name: "Fay", Number: "+15550003", StartedAt: at(2)}, arrived, entry(call.NewsTalking, "agent1"), entry(call.NewsConsulting, "agent2", "agent1"),
			entry(call.NewsPrivate, "agent2", "agent1"), entry(call.NewsHandedOver, "agent2", "agent1"), entry(call.NewsEnded, "agent2")): "handed",
		w.over(call.Call{Name: "Gil", Number: "+15550004", StartedAt: at(3), Team: "help"}, arrived, entry(call.NewsTalking, "agent2"), entry(call.NewsLost, "agent2"), entry(call.NewsCallerLeft)): "dropped",
		w.over(call.Call{Name: "Hal", Number: "+15550005", StartedAt: at(4), Team: "help"}, arrived, entry(call.NewsParted)):                                                                        "message",
	}
}

// asked is the answer of /api/history, as names of the seed.
func (w *world) asked(names map[call.ID]string, query string, headers ...string) string {
	w.t.Helper()
	status, body, _ := w.send("GET", "/api/history?"+query, "", headers...)
	var answer exported
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != 200 {
		w.t.Fatalf("%s: %d %s", query, status, body)
	}
	var found []string
	for _, row := range answer.Calls {
		found = append(found, names[row.ID])
	}
	if answer.Next != "" {
		found = append(found, "and more")
	}
	return strings.Join(found, " ")
}

func TestHistory(t *testing.T) {
	w := newWorld(t, nil)
	day := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	names := w.seed(day)
	live := w.talk("CA1")
	names[live] = "live"
	ana := []string{"Warmdesk-Agent", "agent1"}
	var left call.ID
	for id, name := range names {
		if name == "left" {
			left = id
		}
	}
	for query, want := range map[string]string{
		"":                               "live message dropped handed left spoken",
		"limit=2":                        "live message and more",
		"limit=1&cursor=" + string(left): "spoken",
		"q=REYES":                        "spoken",
		"q=" + url.QueryEscape("+49 30 / 1234-56"): "spoken",
		"q=refund":                     "spoken",
		"q=dana":                       "live spoken",
		"q=" + url.QueryEscape("%"):    "",
		"outcome=abandoned":            "left",
		"outcome=answered":             "handed spoken",
		"outcome=dropped":              "dropped",
		"outcome=message":              "message",
		"outcome=live":                 "live",
		"outcome=broken":               "",
		"transfer=1":                   "handed",
		"with=agent2":                  "dropped handed",
		"with=agent1":                  "live handed left spoken",
		"with=agent1&outcome=answered": "handed spoken",
		"with=nobody":                  "",
		"team=help":                    "message dropped",
		"team=help&with=agent2":        "dropped",
		"team=none":                    "",
		"to=2026-11-20T09:02:00Z":      "left spoken",
		"from=2026-11-20T09:01:00Z&to=2026-11-20T09:03:00Z": "handed left",
	} {
		if got := w.asked(names, query, ana...); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	for _, query := range []string{"limit=51", "limit=0", "from=today", "outcome=good", "transfer=yes", "team=A+B", "with=a,b", "with=team/help", "q=" + strings.Repeat("x", 101), "q=%ff", "cursor=" + strings.Repeat("0", 65)} {
		if status, body, _ := w.send("GET", "/api/history?"+query, "", ana...); status != 400 || !strings.Contains(body, "bad_request") {
			t.Errorf("%s: %d %s", query, status, body)
		}
	}
	if e := w.exported("?outcome=dropped"); len(e.Calls) != 1 || names[e.Calls[0].ID] != "dropped" || e.Calls[0].Dropped != history.GaveUp {
		t.Errorf("exported: %+v", e)
	}
}

func TestReport(t *testing.T) {
	w := newWorld(t, nil)
	day := time.Date(2026, 11, 20, 23, 58, 0, 0, time.UTC)
	names := w.seed(day)
	span := "from=2026-11-20T00:00:00Z&to=2026-11-22T00:00:00Z"
	ask := func(query string) (r history.Report) {
		t.Helper()
		status, body, _ := w.send("GET", "/api/reports?"+query, "", "Warmdesk-Agent", "agent1")
		if err := json.Unmarshal([]byte(body), &r); err != nil || status != 200 {
			t.Fatalf("%s: %d %s", query, status, body)
		}
		return r
	}
	r := ask(span + "&zone=Asia/Kolkata")
	if want := (history.Summary{Calls: 5, Answered: 3, Abandoned: 1, Messages: 1, Dropped: 1, Timed: 4, InTime: 3, WaitMedian: 10, WaitP90: 10, WaitLongest: 10}); r.Summary != want {
		t.Errorf("summary: %+v", r.Summary)
	}
	if len(r.Transfers) != 1 || r.Transfers[0] != (history.TransferCount{Kind: history.Consult, Outcome: history.HandedOver, Transfers: 1}) {
		t.Errorf("transfers: %+v", r.Transfers)
	}
	want := []history.AgentReport{{ID: "agent1", Name: "Ana", Calls: 2, Talked: 20, Missed: 1}, {ID: "agent2", Name: "Ben", Calls: 2, Talked: 20}}
	if len(r.Agents) != 2 || r.Agents[0] != want[0] || r.Agents[1] != want[1] {
		t.Errorf("agents: %+v", r.Agents)
	}
	if len(r.Drops) != 1 || names[r.Drops[0].ID] != "dropped" {
		t.Errorf("drops: %+v", r.Drops)
	}
	// Half past five in India: all of them in one hour, which are two in London.
	if len(r.Hours) != 24 || r.Hours[5].Calls != 5 {
		t.Errorf("hours: %+v", r.Hours)
	}
	if r := ask(span + "&zone=Europe/London"); r.Hours[23].Calls != 2 || r.Hours[0].Calls != 3 {
		t.Errorf("hours in London: %+v", r.Hours)
	}
	if r := ask(span + "&team=help"); r.Summary.Calls != 2 || r.Summary.Dropped != 1 || len(r.Agents) != 1 {
		t.Errorf("of a team: %+v", r)
	}
	if r := ask("from=2027-01-01T00:00:00Z&to=2027-01-02T00:00:00Z"); r.Summary != (history.Summary{}) || len(r.Hours) != 24 || r.Agents == nil || r.Drops == nil || r.Transfers == nil {
		t.Errorf("of nothing: %+v", r)
	}
	for _, query := range []string{"", "from=2026-01-01T00:00:00Z", span + "&zone=Nowhere", span + "&zone=../etc/passwd", "from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z", "to=2026-01-01T00:00:00Z&from=2026-06-01T00:00:00Z"} {
		if status, body, _ := w.send("GET", "/api/reports?"+query, "", "Warmdesk-Agent", "agent1"); status != 400 {
			t.Errorf("%s: %d %s", query, status, body)
		}
	}
}

// TestReach has people of each role ask for the same calls: an agent, a lead of a
// team, a lead of all and an admin.
func TestReach(t *testing.T) {
	w := newWorld(t, map[agent.ID]string{"agent1": "correct horse 1"})
	people := []agent.Agent{
		{ID: "agent1", Name: "Ana"}, {ID: "agent2", Name: "Ben"}, {ID: "lee", Name: "Lee", Teams: []string{"help"}}, {ID: "mo", Name: "Mo"}, {ID: "root", Name: "Root"},
	}
	w.desk.SetRoster(t.Context(), people, nil)
	office := staff.New(staff.Config{Store: w.db, Logger: slog.New(slog.DiscardHandler)})
	cookies := map[string]string{}
	for id, role := range map[agent.ID]staff.Role{"agent2": staff.Agent, "lee": staff.Lead, "mo": staff.Lead, "root": staff.Admin} {
		if err := office.Add(t.Context(), staff.User{ID: id, Name: string(id), Role: role}, "correct horse "+string(id), staff.Origin{}); err != nil {
			t.Fatal(err)
		}
		status, body, head := w.send("POST", "/api/session", url.Values{"agent": {string(id)}, "password": {"correct horse " + string(id)}}.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		if status != 204 {
			t.Fatalf("sign in: %d %s", status, body)
		}
		cookies[string(id)], _, _ = strings.Cut(head.Get("Set-Cookie"), ";")
	}
	names := w.seed(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	ids := map[string]call.ID{}
	for id, name := range names {
		ids[name] = id
	}
	span := "/api/reports?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z"
	for who, sees := range map[string]string{
		"agent2": "dropped handed", "lee": "message dropped", "mo": "message dropped handed left spoken", "root": "message dropped handed left spoken",
	} {
		cookie := []string{"Cookie", cookies[who]}
		if got := w.asked(names, "", cookie...); got != sees {
			t.Errorf("%s sees %q, want %q", who, got, sees)
		}
		for name, id := range ids {
			want := 403
			if strings.Contains(sees, name) {
				want = 200
			}
			if status, body, _ := w.send("GET", "/api/calls/"+string(id)+"/timeline", "", cookie...); status != want {
				t.Errorf("%s asks for %s: %d %s", who, name, status, body)
			}
			if who == "agent2" {
				want = 403
			}
			if status, _, _ := w.send("GET", "/api/calls/"+string(id)+"/recordings", "", cookie...); status != want {
				t.Errorf("%s asks for the recordings of %s: %d", who, name, status)
			}
		}
		status, body, _ := w.send("GET", span, "", cookie...)
		if who == "agent2" {
			if status != 403 {
				t.Errorf("an agent's report: %d", status)
			}
			continue
		}
		var r history.Report
		if err := json.Unmarshal([]byte(body), &r); err != nil || r.Summary.Calls != len(strings.Fields(sees)) {
			t.Errorf("%s has a report of %d calls", who, r.Summary.Calls)
		}
		status, body, _ = w.send("GET", "/api/calls.csv", "", cookie...)
		if rows := strings.Count(body, "\n") - 1; status != 200 || rows != len(strings.Fields(sees)) {
			t.Errorf("%s exports %d calls: %d", who, rows, status)
		}
	}
	// Who listened without the others' being told: admins know, and no list does.
	secret := w.over(call.Call{Name: "Ida", StartedAt: time.Date(2026, 11, 19, 9, 0, 0, 0, time.UTC)}, entry(call.NewsArrived), entry(call.NewsTalking, "agent2"),
		entry(call.NewsListeningPrivately, "lee", "agent2"), entry(call.NewsUnwatchedPrivately, "lee", "agent2"), entry(call.NewsCallerLeft, "agent2"))
	for who, want := range map[string][2]bool{"agent2": {true, false}, "lee": {false, false}, "mo": {true, false}, "root": {true, true}} {
		status, body, _ := w.send("GET", "/api/calls/"+string(secret)+"/timeline", "", "Cookie", cookies[who])
		if got := [2]bool{status == 200, strings.Contains(body, "lee") || strings.Contains(body, "privately")}; got != want {
			t.Errorf("%s sees the call, and that lee listened: %v, want %v: %d %s", who, got, want, status, body)
		}
	}
}
