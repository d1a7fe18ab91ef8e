package console_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/console"
	"warmdesk/twilio"
)

// tape is the carrier's recordings: one message.
type tape struct{}

func (tape) RecordingAudio(_ context.Context, sid string) (twilio.Sound, error) {
	switch sid {
	case "RE1":
		return twilio.Sound{ReadCloser: io.NopCloser(strings.NewReader("RIFFsound")), Type: "audio/x-wav", Size: 9}, nil
	case "RE404":
		return twilio.Sound{}, &twilio.Error{Status: http.StatusNotFound, Code: 20404}
	}
	return twilio.Sound{}, errors.New("the carrier is away")
}

func (t tape) RecordingPart(ctx context.Context, sid, ranges string) (twilio.Sound, error) {
	s, err := t.RecordingAudio(ctx, sid)
	if err == nil && ranges == "bytes=0-3" {
		s = twilio.Sound{ReadCloser: io.NopCloser(strings.NewReader("RIFF")), Type: "audio/x-wav", Size: 4, Range: "bytes 0-3/9"}
	}
	return s, err
}

// left makes a task of a message.
func (w *world) left(sid, recording string) console.TaskView {
	w.t.Helper()
	id := w.arrive(sid)
	e := call.Recorded{SID: sid, RecordingSID: recording, Length: 72 * time.Second}
	if _, err := w.desk.Fact(w.t.Context(), id, e, nil); err != nil {
		w.t.Fatal(err)
	}
	for _, task := range w.tasks("agent1") {
		if task.Call == id {
			return task
		}
	}
	w.t.Fatal("there is no task")
	return console.TaskView{}
}

func (w *world) tasks(id string) []console.TaskView {
	w.t.Helper()
	_, body, _ := w.send("GET", "/api/agents/"+id+"/snapshot", "")
	var s console.Snapshot
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		w.t.Fatal(err)
	}
	return s.Tasks
}

func TestTasks(t *testing.T) {
	w := newWorld(t, nil)
	task := w.left("CA1", "RE1")
	if task.Owner == nil || task.Owner.ID != "agent1" || task.State != "open" || task.Overdue || task.Length != 72 ||
		!strings.HasSuffix(task.Sentence, "left a message of 1:12.") || task.Recording != "/api/tasks/"+task.ID+"/recording" {
		t.Errorf("%+v, owner %+v", task, task.Owner)
	}
	if again := w.left("CA2", "RE404"); again.Owner.ID != "agent2" {
		t.Errorf("the second is %s's", again.Owner.ID)
	}
	if of2 := w.tasks("agent2"); len(of2) != 2 || of2[0].Owner.ID != "agent2" {
		t.Errorf("Ben sees %+v", of2)
	}
	ask := func(who, request, body string, want int) {
		t.Helper()
		if status, answer, _ := w.send("POST", "/api/tasks/"+task.ID+"/"+request, body, "Warmdesk-Agent", who); status != want {
			t.Errorf("%s by %s: %d %s", request, who, status, answer)
		}
	}
	ask("agent2", "take", "", 202)
	ask("agent2", "take", "", 409)
	ask("agent2", "assign", `{"to":"zoe"}`, 400)
	ask("agent2", "assign", `{"to":"agent1"}`, 202)
	ask("agent1", "dance", "", 404)
	ask("", "done", "", 401)
	ask("agent1", "done", "", 202)
	if mine, theirs := w.tasks("agent1"), w.tasks("agent2"); len(mine) != 2 || mine[1].State != "done" || len(theirs) != 1 {
		t.Errorf("after it is done Ana sees %+v, Ben %+v", mine, theirs)
	}
	ask("agent1", "reopen", "", 202)
	task.ID = "unknown"
	ask("agent1", "done", "", 404)
}

// Who is not on a call asks to be called back, once however often they press; it is
// in the audit trail. A page that is closed takes no wishes.
func TestCallBackIsAskedForWithoutACall(t *testing.T) {
	w := newWorld(t, nil)
	ask := func(body string, want int) string {
		t.Helper()
		status, answer, _ := w.send("POST", "/api/caller/request", body)
		if status != want {
			t.Errorf("%s: %d %s", body, status, answer)
		}
		return answer
	}
	const wish = `{"name":"Dana","number":"+49 30 123456","topic":"Invoice 1042","when":"tomorrow after 10"}`
	first, again := ask(wish, 202), ask(wish, 202)
	var answer struct{ Due time.Time }
	if err := json.Unmarshal([]byte(first), &answer); err != nil || first != again || time.Until(answer.Due) < agent.TaskTime-time.Minute {
		t.Errorf("%s, then %s", first, again)
	}
	ask(`{"name":"","number":"+4930123456"}`, 400)
	ask(`{"name":"Eve","number":"911<script>"}`, 400)
	ask(`{"name":"Eve","number":"+4930123456","when":"`+strings.Repeat("n", 81)+`"}`, 400)
	ask(`[]`, 400)
	tasks := w.tasks("agent2")
	if len(tasks) != 1 || tasks[0].Sentence != "Dana wants to be called back at +4930123456." || tasks[0].Topic != "Invoice 1042" || tasks[0].When != "tomorrow after 10" ||
		tasks[0].Call != "" || tasks[0].Owner == nil || tasks[0].Owner.ID != "agent1" || !tasks[0].Due.Equal(answer.Due) {
		t.Errorf("%+v", tasks)
	}
	if _, trail, _ := w.send("GET", "/api/audit", "", "Warmdesk-Agent", "agent1"); strings.Count(trail, "call_back_asked") != 2 {
		t.Error(trail)
	}
	if status, body, _ := w.send("POST", "/api/erase", `{"number":"+4930123456","confirm":true}`, "Warmdesk-Agent", "agent1"); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	if left := w.tasks("agent1"); len(left) != 0 {
		t.Errorf("after she is erased: %+v", left)
	}
	if status, body, _ := w.send("PATCH", "/api/settings/callPage", `{"version":0,"set":{"open":false}}`, "Warmdesk-Agent", "agent1"); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	ask(wish, 403)
}

func TestMessagesAreHeardBySignedInAgentsOnly(t *testing.T) {
	w := newWorld(t, nil)
	path := w.left("CA1", "RE1").Recording
	status, body, head := w.send("GET", path+"?agent=agent2", "")
	if status != 200 || body != "RIFFsound" || head.Get("Content-Type") != "audio/wav" || head.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %q %v", status, body, head)
	}
	if status, body, _ := w.send("GET", path, "", "Warmdesk-Agent", "agent1", "Range", "bytes=4-"); status != 206 || body != "sound" {
		t.Errorf("a part: %d %q", status, body)
	}
	for what, c := range map[string]struct {
		path string
		want int
	}{
		"nobody":           {path, 401},
		"a stranger":       {path + "?agent=zoe", 403},
		"no such task":     {"/api/tasks/none/recording?agent=agent1", 404},
		"not there yet":    {w.left("CA2", "RE404").Recording + "?agent=agent1", 404},
		"the carrier away": {w.left("CA3", "RE500").Recording + "?agent=agent1", 500},
	} {
		if status, body, _ := w.send("GET", c.path, ""); status != c.want {
			t.Errorf("%s: %d %s", what, status, body)
		}
	}
	behind := newWorld(t, map[agent.ID]string{"agent1": "secret"})
	if status, _, _ := behind.send("GET", path+"?agent=agent1", ""); status != 401 {
		t.Errorf("without a session: %d", status)
	}
}

func TestCallerAsksToBeCalledBack(t *testing.T) {
	w := newWorld(t, nil)
	g := w.granted(`{}`)
	id := w.dials(g, "CA1").ID
	ask := func(token, number string, want int) {
		t.Helper()
		status, body, _ := w.send("POST", "/api/caller/callback", `{"token":"`+token+`","number":"`+number+`"}`)
		if status != want {
			t.Errorf("%s %s: %d %s", token, number, status, body)
		}
	}
	ask("forged", "+4930123456", 403)
	ask("caller:somebody-else", "+4930123456", 403)
	ask(g.Token, "12", 400)
	if c, err := w.desk.Call(t.Context(), id); err != nil || c.Stage != call.Queued {
		t.Fatalf("it is %s, %v", c.Stage, err)
	}
	ask(g.Token, "+49 30 123456", 202)
	if tasks := w.tasks("agent1"); len(tasks) != 1 || tasks[0].Customer.Number != "+4930123456" ||
		!strings.HasSuffix(tasks[0].Sentence, "wants to be called back at +4930123456.") {
		t.Errorf("%+v", tasks)
	}
	ask(g.Token, "+49 30 123456", 409)
}
