package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"warmdesk/settings"
	"warmdesk/twilio/twiliotest"
)

// recordingsOf is the list of a call, as an agent gets it, when it has so many.
func (p *program) recordingsOf(cookie string, customer *twiliotest.Leg, n int) (list []struct{ ID, Kind, Sound, DeletedAt string }) {
	p.t.Helper()
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(20 * time.Millisecond) { // polling, with this deadline
		status, _, body := p.get("/api/calls/"+customer.SID+"/recordings", "Cookie", cookie)
		var answer struct {
			Recordings []struct{ ID, Kind, Sound, DeletedAt string }
		}
		if err := json.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusOK {
			p.t.Fatalf("%d %s %v", status, body, err)
		}
		if len(answer.Recordings) == n {
			return answer.Recordings
		}
		if time.Now().After(end) {
			p.t.Fatalf("not %d recordings: %s", n, body)
		}
	}
}

// gone waits until nothing of what the double keeps of a leg is left.
func (p *program) gone(d *twiliotest.Double, sid string) {
	p.t.Helper()
	for end := time.Now().Add(15 * time.Second); len(d.Recorded(sid)) > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("the carrier still has %v", d.Recorded(sid))
		}
	}
}

// TestRecordHearErase is a recording's whole life: begun after the announcement,
// paused, heard in parts, and erased with everything else of the caller, so that
// no byte of the files tells of them and the carrier has nothing.
func TestRecordHearErase(t *testing.T) {
	t.Parallel()
	const number, name = "+15550987654", "Dana"
	double, p := twilioWorld(t, "RECORDING=on", "RECORDING_ANNOUNCEMENT=We record this call.")
	ana := p.signIn("agent1", "one")
	dana := double.Call(number)
	double.Agent("agent1").Ringing(t).Answer()
	dana.WaitFor(t, "people: agent1")
	if !slices.Contains(dana.Heard(), "words: We record this call.") {
		t.Errorf("dana heard %q", dana.Heard())
	}
	p.ask("agent1", ana, dana, "record-pause")
	p.ask("agent1", ana, dana, "record-resume")
	p.ask("agent1", ana, dana, "note", "text", "is "+name+" of "+number)
	status, _, body := p.send(http.MethodPost, "/api/erase", fmt.Sprintf(`{"number":%q,"confirm":true}`, number),
		"Cookie", ana, "Content-Type", "application/json")
	if status != http.StatusConflict || !strings.Contains(body, "Nothing was erased") {
		t.Errorf("in mid-call: %d %s", status, body)
	}
	dana.HangUp()
	list := p.recordingsOf(ana, dana, 1)
	if list[0].Kind != "call" || list[0].Sound == "" {
		t.Fatalf("%+v", list)
	}
	if status, _, body := p.get(list[0].Sound); status != http.StatusUnauthorized {
		t.Errorf("a stranger hears it: %d %.80s", status, body)
	}
	status, header, body := p.get(list[0].Sound, "Cookie", ana, "Range", "bytes=0-3")
	if status != http.StatusPartialContent || body != "RIFF" || !strings.HasPrefix(header.Get("Content-Range"), "bytes 0-3/") {
		t.Errorf("a part of it: %d %v %.80q", status, header, body)
	}
	if status, _, body := p.get(list[0].Sound, "Cookie", ana); status != http.StatusOK || !strings.HasPrefix(body, "RIFF") {
		t.Errorf("all of it: %d %.80q", status, body)
	}

	folder := filepath.Dir(databaseOf(p))
	if len(filesWith(t, folder, number)) == 0 {
		t.Fatal("the number was never there")
	}
	p.eraseOnce(number)
	p.gone(double, dana.SID)
	for _, text := range []string{number, "is " + name} {
		if found := filesWith(t, folder, text); len(found) > 0 {
			t.Errorf("%q is still in %v", text, found)
		}
	}
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(20 * time.Millisecond) { // noted when the carrier has answered
		list := p.recordingsOf(ana, dana, 1)
		if list[0].Sound == "" && list[0].DeletedAt != "" {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("after it was erased: %+v", list)
		}
	}
	if status, _, body := p.get("/api/calls.json", "Cookie", ana); status != http.StatusOK || !strings.Contains(body, `"number":""`) || strings.Contains(body, number) {
		t.Errorf("the figures: %d %s", status, body)
	}
}

func databaseOf(p *program) string {
	for _, e := range p.env {
		if path, ok := strings.CutPrefix(e, "DATABASE_URL="); ok {
			return path
		}
	}
	return ""
}

// filesWith are the files of a folder in which a text can be found.
func filesWith(t *testing.T, folder, text string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if f.IsDir() {
			continue
		}
		content, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(text)) {
			names = append(names, f.Name())
		}
	}
	return names
}

// eraseOnce runs the command beside the desk that serves: it shows, asks, and does
// it only then. The call ends when its recording is known, a moment after the list
// has it.
func (p *program) eraseOnce(whom string) {
	p.t.Helper()
	run := func(answer string, args ...string) string {
		cmd := exec.Command(os.Args[0], append([]string{"erase", whom}, args...)...)
		cmd.Env = append(os.Environ(), append(p.env, runAsProgram+"=1")...)
		cmd.Stdin = strings.NewReader(answer)
		out, _ := cmd.CombinedOutput() // its words tell
		return string(out)
	}
	if out := run("n\n"); !strings.Contains(out, "Recordings and messages: 1") || !strings.Contains(out, "Nothing was erased.") {
		p.t.Fatalf("it said %s", out)
	}
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		out := run("", "--yes")
		if strings.Contains(out, "Erased here.") {
			break
		}
		if time.Now().After(end) || !strings.Contains(out, "is not over") {
			p.t.Fatalf("it said %s", out)
		}
	}
	audit := exec.Command(os.Args[0], "audit")
	audit.Env = append(os.Environ(), append(p.env, runAsProgram+"=1")...)
	out, err := audit.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "caller_erased") || !strings.Contains(string(out), "command line") || strings.Contains(string(out), whom) {
		p.t.Errorf("the audit trail says %s, %v", out, err)
	}
}

// TestRecordingSettings are checked before anything is served.
func TestRecordingSettings(t *testing.T) {
	for text, want := range map[string]time.Duration{"30d": 720 * time.Hour, "12h": 12 * time.Hour, "0": 0, "0d": 0} {
		if d, ok := span(text); !ok || d != want {
			t.Errorf("%s: %v %v", text, d, ok)
		}
	}
	for _, text := range []string{"", "-1d", "d", "soon", "-5m", "99999d", "1.5d"} {
		if d, ok := span(text); ok {
			t.Errorf("%q is %v", text, d)
		}
	}
	for _, r := range []recordingSettings{
		{Retention: "long", CallsFor: "0"}, {Retention: "30d", CallsFor: "x"}, {Retention: "30d", CallsFor: "0", Announcement: strings.Repeat("a", 301)},
	} {
		if err := r.check(); err == nil {
			t.Errorf("%+v is taken", r)
		}
	}
	if r := rules(settings.Document{Prompts: map[string]string{"en.announcement": "x"}}); len(r.Announcements) > 0 {
		t.Error("it is off, and announced")
	}
}
