package twilio

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const recordingsPath = "/2010-04-01/Accounts/" + testAccount + "/Recordings/"

func TestFetchAndDeleteARecording(t *testing.T) {
	var asked []string
	c := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.EscapedPath())
		switch {
		case r.Method == http.MethodDelete:
			w.WriteHeader(http.StatusNoContent)
		case strings.Contains(r.URL.Path, "/Calls/"):
			_, _ = w.Write([]byte(`{"recordings":[{"sid":"RE1"},{"sid":"RE2"}],"next_page_uri":null}`))
		default:
			_, _ = w.Write([]byte(`{"sid":"RE1","call_sid":"CA1","status":"completed","duration":"7","channels":1,"source":"RecordVerb"}`))
		}
	})
	r, err := c.FetchRecording(t.Context(), "RE1")
	if err != nil || r.SID != "RE1" || r.CallSID != "CA1" || r.Status != RecordingCompleted || r.Length() != 7*time.Second {
		t.Errorf("%+v, %v", r, err)
	}
	if all, err := c.ListCallRecordings(t.Context(), "CA1"); err != nil || len(all) != 2 {
		t.Errorf("of the call: %+v, %v", all, err)
	}
	if err := c.DeleteRecording(t.Context(), "RE/1"); err != nil {
		t.Error(err)
	}
	want := "GET " + recordingsPath + "RE1.json, GET /2010-04-01/Accounts/" + testAccount + "/Calls/CA1/Recordings.json, DELETE " + recordingsPath + "RE%2F1.json"
	if got := strings.Join(asked, ", "); got != want {
		t.Errorf("asked %s, want %s", got, want)
	}
}

// TestRecordingAudioStreams: the sound comes piece by piece, for longer than a
// request may take.
func TestRecordingAudioStreams(t *testing.T) {
	const limit = 50 * time.Millisecond
	more := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, _, ok := r.BasicAuth(); !ok || user != testAccount || r.URL.Path != recordingsPath+"RE1.wav" {
			t.Errorf("%s as %s", r.URL.Path, user)
		}
		w.Header().Set("Content-Type", "audio/x-wav")
		w.Header().Set("Content-Length", "8")
		_, _ = w.Write([]byte("RIFF"))
		w.(http.Flusher).Flush()
		<-more
		_, _ = w.Write([]byte("more"))
	}))
	t.Cleanup(server.Close)
	c, err := NewClient(Config{AccountSID: testAccount, Password: "token", BaseURL: server.URL, HTTP: &http.Client{Timeout: limit}})
	if err != nil {
		t.Fatal(err)
	}
	sound, err := c.RecordingAudio(t.Context(), "RE1")
	if err != nil {
		t.Fatal(err)
	}
	defer sound.Close()
	begin := make([]byte, 4)
	if _, err := io.ReadFull(sound, begin); err != nil || string(begin) != "RIFF" || sound.Type != "audio/x-wav" || sound.Size != 8 {
		t.Errorf("%q of %+v, %v", begin, sound, err)
	}
	time.Sleep(2 * limit)
	close(more) // only now: nobody waits for the whole
	if rest, err := io.ReadAll(sound); err != nil || string(rest) != "more" {
		t.Errorf("%q, %v", rest, err)
	}
}

// TestRecordingAudioElsewhere: the sound may be kept somewhere that must not see
// the credentials.
func TestRecordingAudioElsewhere(t *testing.T) {
	storage := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the credentials were sent to the storage")
		}
		_, _ = w.Write([]byte("sound"))
	}))
	t.Cleanup(storage.Close)
	elsewhere := strings.Replace(storage.URL, "127.0.0.1", "localhost", 1)
	c := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "RE2.wav") {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"code":20404,"message":"not found"}`))
			return
		}
		http.Redirect(w, r, elsewhere, http.StatusTemporaryRedirect)
	})
	sound, err := c.RecordingAudio(t.Context(), "RE1")
	if err != nil {
		t.Fatal(err)
	}
	defer sound.Close()
	if body, err := io.ReadAll(sound); err != nil || string(body) != "sound" {
		t.Errorf("%q, %v", body, err)
	}
	if _, err := c.RecordingAudio(t.Context(), "RE2"); !IsCode(err, CodeNotFound) {
		t.Errorf("a recording that is not there: %v", err)
	}
}
