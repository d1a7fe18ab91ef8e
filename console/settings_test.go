package console_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"warmdesk/console"
	"warmdesk/settings"
)

// beeps is a voice that says each letter as a byte, and plays files of "RIFF".
type beeps struct{}

func (beeps) Speak(_ *http.Request, text string) ([]byte, error) {
	if text == "???" {
		return nil, console.ErrSpeech
	}
	return []byte(text), nil
}

func (beeps) Convert(file []byte) ([]byte, time.Duration, error) {
	if !bytes.HasPrefix(file, []byte("RIFF")) {
		return nil, 0, console.ErrSound
	}
	return file, time.Duration(len(file)) * time.Second / 8000, nil
}

// defaults are what the desk of these tests starts with.
func defaults() settings.Document {
	return settings.Document{
		Routing:   settings.Routing{MaxWait: 600, Language: "en"},
		Transfers: settings.Transfers{Ring: 20, TakeBack: 20, Back: 10, ReturnTo: "sender"}, Prompts: map[string]string{"en.welcome": "Hello."},
		CallPage: settings.CallPage{Open: true},
	}
}

// answer is what the settings' routes tell.
type answer struct {
	Version  int64
	Settings settings.Document
	Fixed    map[string]string
	Undo     bool
	Code     string
	Message  string
	Fields   map[string]string
	Now      *answer
}

func (w *world) settings(method, path, body string, headers ...string) (int, answer) {
	w.t.Helper()
	status, text, _ := w.send(method, path, body, append([]string{"Warmdesk-Agent", "agent1", "Content-Type", "application/json"}, headers...)...)
	var a answer
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		w.t.Fatalf("%s %s: %d %q", method, path, status, text)
	}
	return status, a
}

func TestSettings(t *testing.T) {
	w := newWorld(t, nil)
	status, got := w.settings("GET", "/api/settings", "")
	if status != 200 || got.Version != 0 || got.Undo || got.Settings.Transfers.Ring != 20 || got.Fixed["wrapUp.seconds"] != "WRAP_UP" {
		t.Fatalf("%d %+v", status, got)
	}
	status, got = w.settings("PATCH", "/api/settings/transfers", `{"version":0,"set":{"ring":15}}`)
	if status != 200 || got.Version != 1 || !got.Undo || got.Settings.Transfers.Ring != 15 {
		t.Fatalf("%d %+v", status, got)
	}
	if ring := w.desk.Rules().Limits.Ring; ring != 15*time.Second {
		t.Errorf("the desk rings for %v", ring)
	}
	status, got = w.settings("PATCH", "/api/settings/transfers", `{"version":0,"set":{"ring":25}}`)
	if status != 409 || got.Code != "changed" || got.Now == nil || got.Now.Version != 1 || got.Now.Settings.Transfers.Ring != 15 {
		t.Errorf("an old version: %d %+v", status, got)
	}
	for body, field := range map[string]string{
		`{"version":1,"set":{"ring":4}}`: "ring", `{"version":1,"set":{"ring":"ten"}}`: "ring", `{"version":1,"set":{"rang":9}}`: "rang",
		`{"version":1,"set":{"ring":null}}`: "ring", `{"version":1,"set":{"ring":12,"back":0}}`: "back",
	} {
		if status, got := w.settings("PATCH", "/api/settings/transfers", body); status != 422 || got.Fields[field] == "" {
			t.Errorf("%s: %d %+v", body, status, got)
		}
	}
	if status, got := w.settings("PATCH", "/api/settings/wrapUp", `{"version":1,"set":{"seconds":30}}`); status != 422 || !strings.Contains(got.Fields["seconds"], "WRAP_UP") {
		t.Errorf("what the environment sets: %d %+v", status, got)
	}
	for _, bad := range [][3]string{{"PATCH", "/api/settings/carrier", `{"version":1,"set":{"a":1}}`}, {"PATCH", "/api/settings/transfers", `{"version":`}, {"POST", "/api/settings/undo", `[]`}} {
		if status, got := w.settings(bad[0], bad[1], bad[2]); status < 400 || status >= 500 || got.Message == "" {
			t.Errorf("%v: %d %+v", bad, status, got)
		}
	}
	status, got = w.settings("POST", "/api/settings/undo", `{"version":1}`)
	if status != 200 || got.Version != 2 || got.Settings.Transfers.Ring != 20 || w.desk.Rules().Limits.Ring != 20*time.Second {
		t.Errorf("undone: %d %+v", status, got)
	}
	deeds, err := w.db.Deeds(t.Context(), 0, 10)
	if err != nil || len(deeds) != 2 || deeds[1].On != "transfers.ring: 20 -> 15" || deeds[1].Who != "agent1" {
		t.Errorf("the audit trail: %+v, %v", deeds, err)
	}
}

func TestMusic(t *testing.T) {
	w := newWorld(t, nil)
	file := "RIFF" + strings.Repeat("~", 16000)
	status, got := w.settings("POST", "/api/settings/music?version=0&name=Waltz%0A%3Cb%3E", file, "Content-Type", "audio/wav")
	music := got.Settings.Routing.Music
	if status != 200 || music.Name != "Waltz<b>" || music.Seconds != 3 {
		t.Fatalf("%d %+v", status, got)
	}
	// Carriers are not signed in.
	if status, body, head := w.send("GET", "/api/sounds/"+music.ID+".wav", ""); status != 200 || body != file || head.Get("Content-Type") != "audio/wav" {
		t.Errorf("the sound: %d, %d bytes, %v", status, len(body), head)
	}
	for path, body := range map[string]string{
		"/api/settings/music?version=1":          "<html>",
		"/api/settings/music?version=1&name=a":   "RIFF",
		"/api/settings/music":                    file,
		"/api/settings/music?version=0":          file,
		"/api/settings/music?version=1&name=big": "RIFF" + strings.Repeat("~", 10<<20),
	} {
		if status, got := w.settings("POST", path, body); status < 400 || status >= 500 || got.Message == "" {
			t.Errorf("%s: %d %+v", path, status, got)
		}
	}
	if status, got := w.settings("PATCH", "/api/settings/routing", `{"version":1,"set":{"music":{"id":"abc","name":"x","seconds":9}}}`); status != 422 || got.Message == "" {
		t.Errorf("music that is not there: %d %+v", status, got)
	}
	if status, got := w.settings("PATCH", "/api/settings/routing", `{"version":1,"set":{"music":{"id":"","name":"","seconds":0}}}`); status != 200 || got.Settings.Routing.Music.ID != "" {
		t.Errorf("the desk's own music again: %d %+v", status, got)
	}
	for _, name := range []string{"nothing.wav", music.ID, "..%2f..%2fetc%2fpasswd.wav"} {
		if status, body, _ := w.send("GET", "/api/sounds/"+name, ""); status != 404 {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}

func TestSpeech(t *testing.T) {
	w := newWorld(t, nil)
	ask := func(body string) (int, string) {
		status, said, _ := w.send("POST", "/api/settings/speech", body, "Warmdesk-Agent", "agent1", "Content-Type", "application/json")
		return status, said
	}
	if status, said := ask(`{"text":"Hello."}`); status != 200 || said != "Hello." {
		t.Errorf("%d %q", status, said)
	}
	for _, text := range []string{"", "  ", "???", strings.Repeat("a", 501)} {
		body, _ := json.Marshal(map[string]string{"text": text})
		if status, said := ask(string(body)); status != 422 || !strings.Contains(said, "message") {
			t.Errorf("%.10q: %d %s", text, status, said)
		}
	}
}

// What an admin sets of the pages themselves holds for the next request.
func TestSettingsOfPages(t *testing.T) {
	w := newWorld(t, nil)
	if status, got := w.settings("PATCH", "/api/settings/callPage", `{"version":0,"set":{"open":false}}`); status != 200 {
		t.Fatalf("%d %+v", status, got)
	}
	if status, body, _ := w.send("POST", "/api/caller/token", ""); status != 403 || !strings.Contains(body, "calls_closed") {
		t.Errorf("a closed page: %d %s", status, body)
	}
	if status, got := w.settings("PATCH", "/api/settings/embed", `{"version":1,"set":{"origins":["https://shop.example.com"]}}`); status != 200 || !slices.Contains(got.Settings.Embed.Origins, "https://shop.example.com") {
		t.Errorf("%d %+v", status, got)
	}
}
