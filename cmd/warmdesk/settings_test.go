package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"warmdesk/switchboard"
)

// settingsNow are the settings as a program tells them.
type settingsNow struct {
	Version  int64
	Fixed    map[string]string
	Settings struct {
		Transfers struct{ Ring int }
		Routing   struct {
			Music struct{ ID string }
		}
	}
}

// settings asks for the settings, or for a change of them.
func (p *program) settings(method, path, cookie, body string) (now settingsNow) {
	p.t.Helper()
	status, _, answer := p.send(method, path, body, "Cookie", cookie, "Content-Type", "application/json")
	if err := json.Unmarshal([]byte(answer), &now); err != nil || status != http.StatusOK {
		p.t.Fatalf("%s %s: %d %s %v", method, path, status, answer, err)
	}
	return now
}

// another is a second program on the same database.
func (p *program) another() *program {
	p.t.Helper()
	addr := freeAddr(p.t)
	second := &program{t: p.t, addr: addr, url: "http://" + addr, env: append(slices.Clone(p.env), "ADDR="+addr, "PUBLIC_URL=http://"+addr)}
	second.start()
	p.t.Cleanup(func() { second.stop(syscall.SIGKILL) })
	return second
}

// An admin sets the welcome, the music, how long somebody rings and the hours: the
// next caller hears and gets it, without a restart, and the second process knows.
func TestSettingsHoldAtOnce(t *testing.T) {
	t.Parallel()
	double, p := twilioWorld(t, "SHARED_DATABASE=on", "WRAP_UP=1s")
	second := p.another()
	ana := double.Agent("agent1")
	cookie := p.signIn("agent1", "one")

	before := double.Call("+15550001")
	before.WaitFor(t, "words: Thank you for calling.")
	ana.Ringing(t).Answer()
	before.WaitFor(t, "people: agent1")

	set := func(section, body string) settingsNow {
		t.Helper()
		now := p.settings("GET", "/api/settings", cookie, "")
		version, _ := json.Marshal(now.Version)
		return p.settings("PATCH", "/api/settings/"+section, cookie, `{"version":`+string(version)+`,"set":`+body+`}`)
	}
	set("prompts", `{"en.welcome":"Good day, this is <the> & desk."}`)
	now := set("transfers", `{"ring":5}`)
	if now.Fixed["wrapUp.seconds"] != "WRAP_UP" {
		t.Errorf("fixed: %v", now.Fixed)
	}
	tone := switchboard.WAV(make([]int16, 16000))
	status, _, answer := p.send("POST", "/api/settings/music?version=2&name=tone.wav", string(tone), "Cookie", cookie, "Content-Type", "audio/wav")
	if err := json.Unmarshal([]byte(answer), &now); status != http.StatusOK || err != nil || now.Settings.Routing.Music.ID == "" {
		t.Fatalf("upload: %d %s", status, answer)
	}

	p.ask("agent1", cookie, before, "end")
	after := double.Call("+15550002")
	after.WaitFor(t, "words: Good day, this is <the> & desk.")
	ring := ana.Ringing(t)
	rang := time.Now()
	p.until("agent1", cookie, "the ring", func(s snapshot) bool { return len(s.Calls) == 1 })
	p.untilIn(10*time.Second, "agent1", cookie, "the ring to be over", func(s snapshot) bool { return len(s.Calls) == 0 })
	if took := time.Since(rang); took < 4*time.Second || took > 8*time.Second {
		t.Errorf("it rang for %v, and 5 s was set", took)
	}
	ring.WaitFor(t, "canceled")
	if _, _, sound := p.send("GET", "/api/sounds/"+now.Settings.Routing.Music.ID+".wav", ""); sound != string(tone) {
		t.Errorf("the music that callers are played has %d bytes", len(sound))
	}
	if !strings.Contains(strings.Join(after.Heard(), " "), "music") {
		t.Errorf("the next caller hears %q", after.Heard())
	}

	_, _, health := p.send("GET", "/api/health", "", "Cookie", cookie)
	if n := strings.Count(health, `"path":"/conference/`); n < 5 || n > 50 || !strings.Contains(health, "+15550002") || strings.Contains(health, "CallToken") {
		t.Errorf("%d webhooks are shown: %s", n, health)
	}
	other := second.session("agent2", "two")
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) { // polling, with this deadline
		seen := second.settings("GET", "/api/settings", other, "")
		if seen.Version == 3 && seen.Settings.Transfers.Ring == 5 {
			break
		} else if time.Now().After(end) {
			t.Fatalf("the second process knows %+v", seen)
		}
	}
	if back := second.settings("POST", "/api/settings/undo", other, `{"version":3}`); back.Settings.Routing.Music.ID != "" || back.Settings.Transfers.Ring != 5 {
		t.Errorf("undone: %+v", back)
	}
	second.settings("PATCH", "/api/settings/routing", other, `{"version":4,"set":{"language":"de"}}`)
	for end := time.Now().Add(5 * time.Second); p.settings("GET", "/api/settings", cookie, "").Version != 5; time.Sleep(20 * time.Millisecond) { // polling, with this deadline
		if time.Now().After(end) {
			t.Fatal("the first process does not know the language")
		}
	}
	double.Call("+15550003").WaitFor(t, "words: Danke für Ihren Anruf.")
	if faults := double.Faults(); len(faults) > 0 {
		t.Errorf("Twilio would complain: %q", faults)
	}
}

// The voice says what an admin writes, and what is no text or file is refused.
func TestSounds(t *testing.T) {
	s := newSounds(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { s.close() })
	if _, _, err := s.Convert([]byte("<html>")); err == nil {
		t.Error("a page was taken for music")
	}
	wav, length, err := s.Convert(switchboard.WAV(make([]int16, 12000)))
	if err != nil || length != 1500*time.Millisecond || len(wav) < 12000 {
		t.Errorf("%d bytes, %v, %v", len(wav), length, err)
	}
	if _, err := s.load(); os.IsNotExist(err) {
		t.Skip("the voice is not built: make build")
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if wav, err := s.Speak(r, "Good day."); err != nil || len(wav) < 4000 {
		t.Errorf("%d bytes, %v", len(wav), err)
	}
}
