package rest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/switchboard/internal/recording"
)

const (
	recording1 = "RE00000000000000000000000000000001"
	recording2 = "RE00000000000000000000000000000002"
	recording3 = "RE00000000000000000000000000000003"
	anyCall    = "CA00000000000000000000000000000001"
	otherCall  = "CA00000000000000000000000000000002"
)

// record keeps a message of that length.
func (a *api) record(sid, call string, length time.Duration) recording.Recording {
	a.Helper()
	tape := a.store.Start(recording.Options{SID: sid, CallSID: call})
	clip := audio.Tone(440, 8000, int(length*audio.Rate/time.Second)).Samples
	for ; len(clip) >= audio.FrameSize; clip = clip[audio.FrameSize:] {
		tape.Hear((*audio.Frame)(clip))
	}
	r, kept, err := tape.Close()
	if !kept || err != nil {
		a.Fatalf("recorded %+v, %v", r, err)
	}
	return r
}

// raw makes a request whose answer may be anything; header is "Name: value".
func (a *api) raw(method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.SetBasicAuth(account, token)
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	a.h.ServeHTTP(w, r)
	return w
}

func TestRecordings(t *testing.T) {
	a := newAPI(t)
	a.record(recording1, anyCall, 2600*time.Millisecond)
	a.record(recording2, otherCall, 200*time.Millisecond)
	path := base + "/Recordings/" + recording1

	got := a.must(200, "GET", path+".json")
	for field, want := range map[string]any{
		"sid": recording1, "call_sid": anyCall, "duration": "3", "status": "completed", "channels": 1.0, "source": "RecordVerb",
		"uri": path + ".json", "media_url": "https://board.test" + path, "error_code": nil,
	} {
		if got[field] != want {
			t.Errorf("%s is %v, want %v", field, got[field], want)
		}
	}
	for address, want := range map[string][]string{
		"/Recordings.json": {recording2, recording1}, "/Recordings.json?CallSid=" + anyCall: {recording1},
		"/Calls/" + anyCall + "/Recordings.json": {recording1}, "/Calls/CA9/Recordings.json": {},
		"/Recordings.json?DateCreated>=2000-01-01&PageSize=1": {recording2}, "/Recordings.json?DateCreated<=2000-01-01": {},
		"/Recordings.json?ConferenceSid=CF1": {},
	} {
		var sids []string
		for _, r := range a.must(200, "GET", base+address)["recordings"].([]any) {
			sids = append(sids, r.(map[string]any)["sid"].(string))
		}
		if strings.Join(sids, " ") != strings.Join(want, " ") {
			t.Errorf("%s lists %v, want %v", address, sids, want)
		}
	}

	if w := a.raw("DELETE", path+".json"); w.Code != 204 || w.Body.Len() != 0 {
		t.Errorf("deleting: %d %s", w.Code, w.Body)
	}
	for _, gone := range []string{path + ".json", path + ".wav", path, path + ".mp3", base + "/Recordings/.json", base + "/Recordings/..%2f" + recording2} {
		if code := a.must(404, "GET", gone)["code"]; code != 20404.0 {
			t.Errorf("%s: code %v", gone, code)
		}
	}
	a.must(404, "DELETE", path+".json")
	a.must(405, "POST", path+".json")
}

func TestARecordingsSound(t *testing.T) {
	a := newAPI(t)
	a.record(recording1, anyCall, time.Second)
	const size = audio.WAVHeaderSize + 2*audio.Rate
	for _, path := range []string{base + "/Recordings/" + recording1, base + "/Recordings/" + recording1 + ".wav"} {
		w := a.raw("GET", path)
		if w.Code != 200 || w.Header().Get("Content-Type") != "audio/x-wav" || w.Body.Len() != size || !strings.HasPrefix(w.Body.String(), "RIFF") {
			t.Errorf("%s: %d %v, %d bytes", path, w.Code, w.Header(), w.Body.Len())
		}
		part := a.raw("GET", path, "Range: bytes=44-143")
		if part.Code != http.StatusPartialContent || part.Body.String() != w.Body.String()[44:144] {
			t.Errorf("%s: a part: %d, %d bytes", path, part.Code, part.Body.Len())
		}
		if head := a.raw("HEAD", path); head.Code != 200 || head.Body.Len() != 0 {
			t.Errorf("%s: HEAD: %d, %d bytes", path, head.Code, head.Body.Len())
		}
	}
	r := httptest.NewRequest("GET", base+"/Recordings/"+recording1+".wav", nil)
	w := httptest.NewRecorder()
	a.h.ServeHTTP(w, r)
	if w.Code != http.StatusUnauthorized {
		t.Errorf("without a password: %d", w.Code)
	}
}

func TestARecordingInProgress(t *testing.T) {
	a := newAPI(t)
	tape := a.store.Start(recording.Options{SID: recording3, CallSID: anyCall})
	defer tape.Close()
	path := base + "/Recordings/" + recording3
	if got := a.must(200, "GET", path+".json"); got["status"] != "in-progress" || got["duration"] != nil {
		t.Errorf("in progress: %v", got)
	}
	a.must(404, "GET", path+".wav")
	a.must(400, "DELETE", path+".json")
}

func TestWithoutAFolderThereAreNoRecordings(t *testing.T) {
	a := newAPI(t)
	a.h.cfg.Recordings = nil
	for _, path := range []string{"/Recordings/" + recording1 + ".json", "/Recordings/" + recording1} {
		a.must(404, "GET", base+path)
	}
	a.must(404, "DELETE", base+"/Recordings/"+recording1+".json")
	if all := a.must(200, "GET", base+"/Recordings.json")["recordings"].([]any); len(all) != 0 {
		t.Errorf("listed: %v", all)
	}
}
