package rest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzAPI asks the API anything. With the account's password it answers in
// Twilio's shape and never with an error of its own; without, it tells nothing.
func FuzzAPI(f *testing.F) {
	const sid = "CA00000000000000000000000000000001"
	for _, seed := range [][4]string{
		{"GET", "/Calls.json", "StartTime>=2026-01-01&PageSize=-1&Page=99999999999999999999", ""},
		{"POST", "/Calls.json", "", "To=client:ana&From=%2B15550001&Twiml=%3CResponse%3E%3CDial%2F%3E%3C%2FResponse%3E"},
		{"POST", "/Calls.json", "", "To=client:a%3Fb%3D%25zz&From=%2B15550001&Url=http://169.254.169.254/&Timeout=0x1"},
		{"POST", "/Calls/" + sid + ".json", "", "Status=completed&Twiml=%3C!DOCTYPE%20x%3E"},
		{"GET", "/Conferences/%2e%2e%2fKeys.json/Participants.json", "Hold=maybe", ""},
		{"DELETE", "/Conferences/CF1/Participants/" + sid + ".json", "", ""},
		{"POST", "/Conferences/room/Participants.json", "", "To=client:nobody&From=%2B15550001&Label=a%2Fb&WaitUrl="},
		{"GET", "/Recordings/RE../../../etc/passwd.wav", "", ""},
		{"GET", "/Recordings/%2e%2e%2f%2e%2e%2fnote.json", "", ""},
		{"POST", "/Keys.json", "", "FriendlyName=%00"},
		{"HEAD", "//Calls.json", "PageToken=PA%ff", ""},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		a := newAPI(t)
		for _, password := range []string{"wrong", token} {
			r := httptest.NewRequest(http.MethodPost, base, strings.NewReader(body))
			u, err := r.URL.Parse(base + path + "?" + query)
			if err != nil {
				return
			}
			r.Method, r.URL = method, u
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.SetBasicAuth(account, password)
			w := httptest.NewRecorder()
			a.h.ServeHTTP(w, r)
			switch {
			case w.Code >= 500:
				t.Fatalf("%d %s", w.Code, w.Body)
			case password == "wrong" && w.Code != http.StatusUnauthorized && w.Code != http.StatusNotFound:
				t.Fatalf("without the password: %d %s", w.Code, w.Body)
			case w.Code != http.StatusNoContent && strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") && !json.Valid(w.Body.Bytes()):
				t.Fatalf("%d %s", w.Code, w.Body)
			}
		}
	})
}
