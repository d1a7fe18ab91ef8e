package console_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"warmdesk/call"
	"warmdesk/console"
	"warmdesk/desk"
	"warmdesk/history"
	"warmdesk/outbox"
)

// past saves a call that is over: two minutes in all.
func (w *world) past(name, number string, started time.Time) call.ID {
	w.t.Helper()
	var id ulid.ULID
	if err := id.SetTime(ulid.Timestamp(started)); err != nil {
		w.t.Fatal(err)
	}
	c := call.Create(call.Arrived{Call: call.ID(id.String()), Account: account, SID: "CA" + id.String(), Number: number, Name: name}, started)
	c.Stage, c.Topic, c.Conclusion, c.Stars = call.Ended, "=refund", "Solved", 4
	at := func(s int) time.Time { return started.Add(time.Duration(s) * time.Second) }
	err := w.db.SaveCall(w.t.Context(), desk.Save{Call: c, Entries: []desk.Entry{
		{At: at(0), Kind: call.NewsArrived},
		{At: at(10), Kind: call.NewsTalking, Agent: "agent1"},
		{At: at(30), Kind: call.NewsHeld, Agent: "agent1"},
		{At: at(40), Kind: call.NewsResumed, Agent: "agent1"},
		{At: at(50), Kind: call.NewsInvited, Agent: "agent2", Other: "agent1"},
		{At: at(60), Kind: call.NewsInviteOver, Agent: "agent2", Other: "agent1", Outcome: call.Passed},
		{At: at(120), Kind: call.NewsCallerLeft, Agent: "agent1"},
	}})
	if err != nil {
		w.t.Fatal(err)
	}
	return c.ID
}

type exported struct {
	Calls []history.Row
	Next  call.ID
}

func (w *world) exported(query string) exported {
	w.t.Helper()
	status, body, head := w.send("GET", "/api/calls.json"+query, "", "Warmdesk-Agent", "agent1")
	var e exported
	if err := json.Unmarshal([]byte(body), &e); err != nil || status != 200 || !strings.HasPrefix(head.Get("Content-Type"), "application/json") {
		w.t.Fatalf("%d %v %s", status, err, body)
	}
	return e
}

func TestExport(t *testing.T) {
	w := newWorld(t, nil)
	day := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	var ids []call.ID
	const calls = 120 // more than two pages
	for i := range calls {
		ids = append(ids, w.past("Dana", "+15550001", day.Add(time.Duration(i)*time.Minute)))
	}
	slices.Reverse(ids)
	all := w.exported("")
	if len(all.Calls) != calls || all.Next != "" || all.Calls[0].ID != ids[0] || all.Calls[calls-1].ID != ids[calls-1] {
		t.Fatalf("%d calls, next %q", len(all.Calls), all.Next)
	}
	ended := day.Add((calls-1)*time.Minute + 2*time.Minute)
	row := all.Calls[0]
	got := fmt.Sprintf("%v %s %s %d %d %d %v %v %d %s %s", row.Ended.Equal(ended), row.Number, row.Name, row.Waited, row.Talked, row.Held,
		row.Agents, row.Transfers, row.Returns, row.How, row.By)
	if got != "true +15550001 Dana 10 100 10 [{agent1 Ana}] [{invite agent1 agent2 declined false 10}] 0 caller_left agent1" {
		t.Error(got)
	}
	var paged []call.ID
	for cursor := ""; ; {
		e := w.exported("?limit=55" + cursor)
		for _, c := range e.Calls {
			paged = append(paged, c.ID)
		}
		if e.Next == "" {
			break
		}
		cursor = "&cursor=" + string(e.Next)
	}
	if !slices.Equal(paged, ids) {
		t.Errorf("page by page: %d calls, %q", len(paged), paged)
	}
	if e := w.exported("?from=2026-11-20T09:10:00Z&to=2026-11-20T09:12:00%2B00:00"); len(e.Calls) != 2 || e.Calls[0].ID != ids[calls-12] {
		t.Errorf("a span: %+v", e)
	}
	if e := w.exported("?limit=120"); e.Next != "" {
		t.Errorf("all of them, and yet there is more after %q", e.Next)
	}
}

// A call that goes on is told as far as it has come.
func TestExportOfALiveCall(t *testing.T) {
	w := newWorld(t, nil)
	id := w.talk("CA1")
	e := w.exported("")
	if len(e.Calls) != 1 || e.Calls[0].ID != id || e.Calls[0].Ended != nil || e.Calls[0].How != "" || len(e.Calls[0].Agents) != 1 {
		t.Errorf("%+v", e)
	}
}

func TestExportRefused(t *testing.T) {
	w := newWorld(t, nil)
	for _, path := range []string{"/api/calls.json", "/api/calls.csv", "/api/webhooks/deliveries"} {
		if status, _, _ := w.send("GET", path, ""); status != http.StatusUnauthorized {
			t.Errorf("%s for nobody: %d", path, status)
		}
		for _, query := range []string{"limit=0", "limit=1000000", "limit=x", "from=yesterday", "to=1", "cursor=" + strings.Repeat("9", 65)} {
			if strings.HasPrefix(path, "/api/web") && !strings.HasPrefix(query, "limit") {
				continue
			}
			if status, body, _ := w.send("GET", path+"?"+query, "", "Warmdesk-Agent", "agent1"); status != http.StatusBadRequest {
				t.Errorf("%s?%s: %d %s", path, query, status, body)
			}
		}
	}
}

// records fail after the first page while they are torn.
type records struct {
	whole console.Records
	torn  atomic.Bool
}

func (s *records) Records(ctx context.Context, q history.Query) ([]history.Record, error) {
	if q.Before != "" && s.torn.Load() {
		return nil, errors.New("disk full")
	}
	return s.whole.Records(ctx, q)
}

func (s *records) Counts(ctx context.Context, q history.Query, at time.Time) (history.Counts, error) {
	return s.whole.Counts(ctx, q, at)
}

// A failure in the middle is seen as one: nobody takes a part for the whole.
func TestExportThatFailsHalfway(t *testing.T) {
	w := newWorld(t, nil)
	day := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for i := range 60 {
		w.past("Dana", "+15550001", day.Add(time.Duration(i)*time.Minute))
	}
	w.records.torn.Store(true)
	for _, path := range []string{"/api/calls.json", "/api/calls.csv"} {
		r, err := http.NewRequest("GET", w.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Warmdesk-Agent", "agent1")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			continue // nothing of it had been sent yet
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err == nil {
			t.Errorf("%s ends as if it were whole: %d bytes", path, len(body))
		}
	}
}

func TestCSV(t *testing.T) {
	w := newWorld(t, nil)
	day := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	names := []string{
		`=HYPERLINK("http://evil.example")`, "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r\n=1", "  =1", "＝1",
		"plain, with \"quotes\"\r\nand lines", "O'Hara", "",
	}
	for i, name := range names {
		w.past(name, "+15550001", day.Add(-time.Duration(i)*time.Minute))
	}
	status, body, head := w.send("GET", "/api/calls.csv", "", "Warmdesk-Agent", "agent1")
	if status != 200 || !strings.HasPrefix(head.Get("Content-Type"), "text/csv") || !strings.Contains(head.Get("Content-Disposition"), "calls.csv") {
		t.Fatalf("%d %v", status, head)
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(rows) != 1+len(names) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if !strings.HasPrefix(body, "id,started,ended,number,name,waited,talked,held,away,agents,transfers,transfer_outcomes,recoveries,returns,how,by,topic,conclusion,rating\r\n") {
		t.Errorf("header: %q", rows[0])
	}
	if got := strings.Join(rows[len(names)][1:], "|"); got != "2026-11-20T08:50:00Z|2026-11-20T08:52:00Z|+15550001||10|100|10|0|Ana|1|invite declined|0|0|caller_left|agent1|'=refund|Solved|4" {
		t.Error(got)
	}
	for i, name := range names {
		want := "'" + strings.ReplaceAll(name, "\r\n", "\n") // so the reader gives it back
		if i >= 8 {
			want = want[1:]
		}
		if got := rows[i+1][4]; got != want {
			t.Errorf("%q became %q", name, got)
		}
	}
}

// What was told to whom can be read and sent again by agents.
func TestDeliveryLog(t *testing.T) {
	w := newWorld(t, nil)
	c := call.Create(call.Arrived{Call: "one", Account: account, SID: "CA1"}, time.Now())
	err := w.db.SaveCall(t.Context(), desk.Save{Call: c, Receivers: []string{"https://crm.example/hook#1234"},
		Events: []history.Event{{ID: "one-1-1", Type: history.CallStarted, Call: "one", At: time.Now()}}})
	if err != nil {
		t.Fatal(err)
	}
	metrics := func() string {
		_, body, _ := w.send("GET", "/metrics", "")
		return body
	}
	if want := `warmdesk_webhooks_pending{receiver="` + outbox.Shown("https://crm.example/hook#1234") + `"} 1`; !strings.Contains(metrics(), want) {
		t.Errorf("metrics lack %s", want)
	}
	list, err := w.db.ClaimDeliveries(t.Context(), "https://crm.example/hook#1234", time.Now(), time.Now().Add(time.Minute), 1)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	d := list[0]
	d.Status, d.Code, d.Error = outbox.GivenUp, 500, "the receiver answered 500"
	if err := w.db.FinishDelivery(t.Context(), d, time.Now()); err != nil {
		t.Fatal(err)
	}
	me := []string{"Warmdesk-Agent", "agent1"}
	status, body, _ := w.send("GET", "/api/webhooks/deliveries", "", me...)
	for _, want := range []string{`"id":"1"`, `"event":"one-1-1"`, `"type":"call.started"`, `"url":"https://crm.example/hook#1234"`, `"status":"given_up"`,
		`"tries":1`, `"next":null`, `"code":500`, `"error":"the receiver answered 500"`} {
		if status != 200 || !strings.Contains(body, want) {
			t.Errorf("%d, want %s in %s", status, want, body)
		}
	}
	if status, body, _ := w.send("POST", "/api/webhooks/deliveries/1/retry", "", me...); status != http.StatusAccepted {
		t.Errorf("retry: %d %s", status, body)
	}
	if _, body, _ := w.send("GET", "/api/webhooks/deliveries", "", me...); !strings.Contains(body, `"status":"pending"`) {
		t.Errorf("after the retry: %s", body)
	}
	for _, id := range []string{"2", "x"} {
		if status, body, _ := w.send("POST", "/api/webhooks/deliveries/"+id+"/retry", "", me...); status != http.StatusNotFound {
			t.Errorf("retry of %s: %d %s", id, status, body)
		}
	}
	if status, _, _ := w.send("POST", "/api/webhooks/deliveries/1/retry", ""); status != http.StatusUnauthorized {
		t.Errorf("retry by nobody: %d", status)
	}
}
