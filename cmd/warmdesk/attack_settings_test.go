package main

import (
	"net/http"
	"strings"
)

// unsettling are an admin's requests that no page of ours makes: what is set must be
// right, and what is uploaded must be music.
func (v *victim) unsettling() (rows []attack) {
	const patch, music = "/api/settings/", "/api/settings/music?version=0"
	invalid, cannot := []int{http.StatusUnprocessableEntity}, []int{http.StatusBadRequest}
	for name, a := range map[string]attack{
		"a ring for ever":           {path: patch + "transfers", body: `{"version":0,"set":{"ring":99999999}}`, want: invalid},
		"a ring of text":            {path: patch + "transfers", body: `{"version":0,"set":{"ring":"20"}}`, want: invalid},
		"a field of Object":         {path: patch + "transfers", body: `{"version":0,"set":{"__proto__":{"ring":1}}}`, want: invalid},
		"a part there is none of":   {path: patch + "__proto__", body: `{"version":0,"set":{"ring":1}}`, want: []int{http.StatusNotFound}},
		"an origin with a policy":   {path: patch + "embed", body: `{"version":0,"set":{"origins":["https://a.example; script-src *"]}}`, want: invalid},
		"a screen-pop of a script":  {path: patch + "screenPop", body: `{"version":0,"set":{"url":"javascript:alert(document.cookie)"}}`, want: invalid},
		"a caller's screen-pop":     {path: patch + "screenPop", body: `{"version":0,"set":{"url":"https://{from}/"}}`, want: invalid},
		"every origin":              {path: patch + "embed", body: `{"version":0,"set":{"origins":["*"]}}`, want: invalid},
		"an origin with a new line": {path: patch + "embed", body: `{"version":0,"set":{"origins":["https://a.example\r\nX-Evil: 1"]}}`, want: invalid},
		"music of somewhere":        {path: patch + "routing", body: `{"version":0,"set":{"music":{"id":"../../etc/passwd","name":"x","seconds":1}}}`, want: invalid},
		"a welcome without end":     {path: patch + "prompts", body: `{"version":0,"set":{"en.welcome":"` + strings.Repeat("a", 5000) + `"}}`, want: invalid},
		"a welcome of null bytes":   {path: patch + "prompts", body: `{"version":0,"set":{"en.welcome":"a\u0000b"}}`, want: invalid},
		"a zone that is a path":     {path: patch + "routing", body: `{"version":0,"set":{"hours":{"zone":"../../../etc/passwd","days":["09:00-10:00","","","","","",""]}}}`, want: invalid},
		"a body that is too large":  {path: patch + "teams", body: `{"version":0,"set":{"teams":"` + strings.Repeat("a", 300<<10) + `"}}`, want: []int{http.StatusRequestEntityTooLarge}},
		"half a body":               {path: patch + "teams", body: `{"version":0,"set":{`, want: cannot},
		"an older version":          {path: patch + "transfers", body: `{"version":-7,"set":{"ring":15}}`, want: []int{http.StatusConflict}},
		"a page as music":           {method: "POST", path: music, body: "<html><script>alert(1)</script>", want: invalid},
		"a WAV without sound":       {method: "POST", path: music, body: "RIFF\xff\xff\xff\xffWAVEfmt ", want: invalid},
		"a damaged MP3":             {method: "POST", path: music, body: "ID3\x04\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x64" + strings.Repeat("\xff", 3000), want: invalid},
		"too much music":            {method: "POST", path: music, body: "RIFF" + strings.Repeat("\x00", 10<<20), want: []int{http.StatusRequestEntityTooLarge}},
		"music without a version":   {method: "POST", path: "/api/settings/music", body: "RIFF", want: cannot},
		"a speech without end":      {method: "POST", path: "/api/settings/speech", body: `{"text":"` + strings.Repeat("la ", 3000) + `"}`, want: invalid},
		"a sound that is a path":    {method: "GET", path: "/api/sounds/..%2f..%2fdesk.db.wav", want: []int{http.StatusNotFound}},
		"a sound that is SQL":       {method: "GET", path: "/api/sounds/'%20OR%201=1--.wav", want: []int{http.StatusNotFound}},
	} {
		a.name, a.as, a.headers = "settings: "+name, "ana", []string{"Content-Type", "application/json"}
		if a.method == "" {
			a.method = http.MethodPatch
		}
		rows = append(rows, a)
	}
	return rows
}
