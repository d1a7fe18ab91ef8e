package main

import (
	"encoding/json"
	"io"
	"net/http"
	"syscall"
	"testing"
	"time"

	"warmdesk/call"
)

// A caller whom nobody answers leaves a message; the program is killed while they
// think, and the message is there to be heard.
func TestTwilioCallerLeavesAMessage(t *testing.T) {
	t.Parallel()
	double, p := twilioWorld(t, "MAX_WAIT=1s")
	cookie := p.session("agent1", "one")
	dana := double.Call("+15550001")
	dana.WaitFor(t, "words: Thank you for calling. Please wait in line for a few seconds. An agent will be with you shortly.")
	time.Sleep(call.SettleTime / 2) // nobody is asked before all of it; WaitFor has the patience for the rest
	dana.WaitFor(t, "words: All our agents are busy, and you have been waiting for a while. "+
		"To leave a message, press 1. To be called back, press 2. Or stay on the line: you keep your place.")
	p.stop(syscall.SIGKILL)
	dana.WaitFor(t, "music")
	p.start()
	dana.Press(t, "1")
	dana.Speak(t, 7*time.Second)
	dana.Press(t, "#")
	dana.WaitFor(t, "words: Thank you. We have your message and will get back to you. Goodbye.")
	dana.WaitFor(t, "completed")

	var snapshot struct {
		Tasks []struct {
			Kind, Recording string
			Length          int
			Customer        struct{ Number string }
			Owner           struct{ ID string }
		}
	}
	get := func(path string) []byte {
		t.Helper()
		r, err := http.NewRequest(http.MethodGet, p.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Cookie", cookie)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %.200s %v", path, resp.StatusCode, body, err)
		}
		return body
	}
	if err := json.Unmarshal(get("/api/agents/agent1/snapshot"), &snapshot); err != nil {
		t.Fatal(err)
	}
	if len(snapshot.Tasks) != 1 {
		t.Fatalf("tasks: %+v", snapshot.Tasks)
	}
	if task := snapshot.Tasks[0]; task.Kind != "voicemail" || task.Length != 7 || task.Customer.Number != "+15550001" || task.Owner.ID != "agent1" {
		t.Errorf("%+v", task)
	}
	if sound := get(snapshot.Tasks[0].Recording); len(sound) != 44+7*16000 {
		t.Errorf("the message has %d bytes", len(sound))
	}
}
