package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"warmdesk/call"
)

// A message is a recording of its call: listed, heard in parts, and erased.
func TestRecordingsOfACall(t *testing.T) {
	w := newWorld(t, nil)
	id := w.arrive("CA1")
	for _, sid := range []string{"RE1", "RE404", "RE500"} {
		if _, err := w.desk.Fact(t.Context(), id, call.Recorded{SID: "CA1", RecordingSID: sid, Length: 72 * time.Second}, nil); err != nil {
			t.Fatal(err)
		}
	}
	ana := []string{"Warmdesk-Agent", "agent1"}
	status, body, _ := w.send(http.MethodGet, "/api/calls/CA1/recordings", "", ana...)
	if status != http.StatusOK || !strings.Contains(body, `"id":"RE1","kind":"message"`) || !strings.Contains(body, `"length":72,"sound":"/api/calls/`+string(id)+`/recordings/RE1"`) {
		t.Errorf("listed: %d %s", status, body)
	}
	for _, c := range []struct {
		path, ranges, want string
		status             int
	}{
		{"CA1/recordings/RE1", "", "RIFFsound", 200},
		{"CA1/recordings/RE1", "bytes=0-3", "RIFF", 206},
		{"CA1/recordings/RE2", "", "no_recording", 404}, // not of this call
		{"CA1/recordings/RE404", "", "no_recording", 404},
		{"CA1/recordings/RE500", "", "internal", 500},
		{"CA9/recordings/RE1", "", "no_such_call", 404},
		{"CA9/recordings", "", "no_such_call", 404},
	} {
		status, body, header := w.send(http.MethodGet, "/api/calls/"+c.path, "", append(ana, "Range", c.ranges)...)
		if status != c.status || !strings.Contains(body, c.want) || status == 206 && header.Get("Content-Range") != "bytes 0-3/9" {
			t.Errorf("%+v: %d %v %s", c, status, header, body)
		}
	}
	post := func(body string) (int, string) {
		status, answer, _ := w.send(http.MethodPost, "/api/erase", body, append(ana, "Content-Type", "application/json")...)
		return status, answer
	}
	for body, want := range map[string]string{
		`{}`: "Say whom to erase", `{"number":"+1","call":"CA1"}`: "Say whom to erase", `{"number":"+1999"}`: "no_such_call",
		`{"call":"CA9"}`: "no_such_call", `{"call":"CA1","confirm":true}`: `"code":"live"`,
	} {
		if status, answer := post(body); status < 400 || !strings.Contains(answer, want) {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
	if _, err := w.desk.Fact(t.Context(), id, call.LegMoved{SID: "CA1", Status: call.Over, Outcome: call.Completed, Seq: 9}, nil); err != nil {
		t.Fatal(err)
	}
	if status, answer := post(`{"call":"CA1"}`); status != 200 || !strings.Contains(answer, `"erased":false`) || !strings.Contains(answer, `"recordings":3`) {
		t.Errorf("what would be erased: %d %s", status, answer)
	}
	if status, answer := post(`{"call":"CA1","confirm":true}`); status != 200 || !strings.Contains(answer, `"erased":true`) {
		t.Errorf("erased: %d %s", status, answer)
	}
	if tasks := w.tasks("agent1"); len(tasks) != 0 {
		t.Errorf("tasks are left: %+v", tasks)
	}
}
