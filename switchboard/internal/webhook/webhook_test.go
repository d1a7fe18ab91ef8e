package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/twilio"
	"warmdesk/twiml"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "the-auth-token"

// serve starts an application and a client for it.
func serve(t *testing.T, handler http.HandlerFunc) (*Client, string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return newClient(t, nil), server.URL
}

func newClient(t *testing.T, h *http.Client) *Client {
	t.Helper()
	c := New(Config{HTTP: h, AuthToken: token, Logger: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		c.Close(ctx)
	})
	return c
}

func TestRequestsAreSigned(t *testing.T) {
	var base string
	c, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		if !twilio.Verify(token, r.Header.Get(twilio.SignatureHeader), "http://"+r.Host+r.URL.RequestURI(), r.PostForm) {
			t.Errorf("%s %s is not signed", r.Method, r.URL)
		}
		if r.Form.Get("CallSid") != "CA1" || r.Form.Get("q") != "1" || r.URL.Fragment != "" {
			t.Errorf("%s %s has the parameters %v", r.Method, r.URL, r.Form)
		}
		fmt.Fprint(w, "<Response><Hangup/></Response>")
	})
	for _, method := range []string{"", "POST", "GET"} {
		req := Request{URL: base + "/a%20b?q=1#rc=2", Method: method, Params: url.Values{"CallSid": {"CA1"}, "Name": {"Zoë & Co"}}}
		// net/http calls the answer text/plain without a type; a document says so.
		if _, err := c.send(t.Context(), req, 100); err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
}

func TestDocumentKinds(t *testing.T) {
	for name, c := range map[string]struct {
		status            int
		contentType, body string
		code              int
		verbs             int
	}{
		"TwiML":            {200, "text/xml", "<Response><Hangup/></Response>", 0, 1},
		"application/xml":  {200, "application/xml; charset=utf-8", "<Response><Say>x</Say><Hangup/></Response>", 0, 2},
		"nothing":          {204, "", "", 0, 0},
		"a sound":          {200, "audio/mpeg", "xyz", 0, 1},
		"a text":           {200, "text/plain", "Hello", 0, 1},
		"not found":        {404, "text/xml", "<Response/>", CodeHTTP, 0},
		"broken":           {500, "text/xml", "<Response/>", CodeHTTP, 0},
		"a picture":        {200, "image/png", "x", CodeContentType, 0},
		"not well formed":  {200, "text/xml", "<Response>", twiml.CodeMalformed, 0},
		"another language": {200, "text/xml", "<Response><Enqueue/></Response>", twiml.CodeSchema, 0},
		"too long":         {200, "text/xml", "<Response>" + strings.Repeat(" ", twiml.MaxSize) + "</Response>", twiml.CodeMalformed, 0},
	} {
		client, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", c.contentType)
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.body)
		})
		doc, err := client.Document(t.Context(), Request{URL: base})
		code := 0
		if e, ok := errors.AsType[*Error](err); ok {
			code = e.Code
		}
		if code != c.code || len(doc) != c.verbs {
			t.Errorf("%s: %d verbs, %v", name, len(doc), err)
		}
	}
}

func TestRetries(t *testing.T) {
	for fragment, want := range map[string]int32{"": 1, "#rc=2&rp=5xx": 3, "#rc=2&rp=4xx": 1, "#rc=1&rp=all": 2, "#rc=99&rp=5xx": 2, "#%zz": 1} {
		var asked atomic.Int32
		c, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			w.WriteHeader(503)
		})
		if _, err := c.Document(t.Context(), Request{URL: base + "/" + fragment}); err == nil {
			t.Errorf("%q: no error", fragment)
		}
		if asked.Load() != want {
			t.Errorf("%q: asked %d times, want %d", fragment, asked.Load(), want)
		}
	}
}

func TestOneRetryWhenThereIsNoConnection(t *testing.T) {
	var dials atomic.Int32
	refuse := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		dials.Add(1)
		return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
	}}}
	_, err := newClient(t, refuse).Document(t.Context(), Request{URL: "http://a.test/"})
	if e, ok := errors.AsType[*Error](err); !ok || e.Code != CodeConnect || dials.Load() != 2 {
		t.Errorf("%d attempts, %v", dials.Load(), err)
	}
}

func TestRedirectsAreSigned(t *testing.T) {
	c, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		if !twilio.Verify(token, r.Header.Get(twilio.SignatureHeader), "http://"+r.Host+r.URL.RequestURI(), r.PostForm) {
			t.Errorf("%s %s is not signed", r.Method, r.URL)
		}
		switch r.URL.Path {
		case "/old":
			http.Redirect(w, r, "/new?x=1", http.StatusFound)
		case "/same":
			http.Redirect(w, r, "/new", http.StatusTemporaryRedirect)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/new":
			if r.Method != http.MethodGet || len(r.PostForm) > 0 {
				t.Errorf("redirected as %s with %v", r.Method, r.PostForm)
			}
			w.WriteHeader(http.StatusNoContent)
		}
	})
	for path, want := range map[string]int{"/old": 0, "/same": CodeHTTP, "/round": CodeRedirects} {
		_, err := c.Document(t.Context(), Request{URL: base + path, Params: url.Values{"CallSid": {"CA1"}}})
		code := 0
		if e, ok := errors.AsType[*Error](err); ok {
			code = e.Code
		}
		if code != want {
			t.Errorf("%s: %v, want code %d", path, err, want)
		}
	}
}

func TestTimeLimit(t *testing.T) {
	c, base := serve(t, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	began := time.Now()
	if _, err := c.Document(t.Context(), Request{URL: base + "#tt=150"}); err == nil {
		t.Error("no error")
	}
	if took := time.Since(began); took < 150*time.Millisecond || took > 5*time.Second {
		t.Errorf("gave up after %v", took)
	}
}

func TestBadURLs(t *testing.T) {
	c := newClient(t, nil)
	for _, u := range []string{"", "/relative", "ftp://a.test/", "http://[::1", "http://"} {
		_, err := c.Document(t.Context(), Request{URL: u})
		if e, ok := errors.AsType[*Error](err); !ok || e.Code != CodeBadURL {
			t.Errorf("%q: %v", u, err)
		}
	}
}

// TestCallbacksStayInOrder: a slow and failing application gets each key's
// callbacks one by one, and does not hold up those of other keys.
func TestCallbacksStayInOrder(t *testing.T) {
	release := make(chan struct{})
	arrived := make(chan string, 64)
	c, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		arrived <- r.PostForm.Get("SequenceNumber")
		if r.PostForm.Get("SequenceNumber") == "0" {
			<-release
			w.WriteHeader(500)
		}
	})
	for i := range 5 {
		c.Notify("CA1", Request{URL: base, Params: url.Values{"SequenceNumber": {fmt.Sprint(i)}}})
	}
	c.Notify("CA2", Request{URL: base, Params: url.Values{"SequenceNumber": {"other"}}})
	got := map[string]bool{<-arrived: true, <-arrived: true}
	if !got["0"] || !got["other"] {
		t.Errorf("first came %v", got)
	}
	close(release)
	for i := 1; i < 5; i++ {
		if s := <-arrived; s != fmt.Sprint(i) {
			t.Errorf("came %s, want %d", s, i)
		}
	}
}

func TestCloseDeliversWhatIsOwed(t *testing.T) {
	var delivered atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { delivered.Add(1) }))
	defer server.Close()
	c := New(Config{AuthToken: token, Logger: slog.New(slog.DiscardHandler)})
	for range 20 {
		c.Notify("CA1", Request{URL: server.URL})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	c.Close(ctx)
	c.Notify("CA1", Request{URL: server.URL}) // too late
	if delivered.Load() != 20 {
		t.Errorf("%d of 20 were delivered", delivered.Load())
	}
}

func TestCloseDoesNotWaitForEver(t *testing.T) {
	stuck, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(stuck)
		<-release
	}))
	defer server.Close()
	defer close(release)
	c := New(Config{AuthToken: token, Logger: slog.New(slog.DiscardHandler)})
	c.Notify("CA1", Request{URL: server.URL})
	<-stuck
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	c.Close(ctx) // the test's own time-out is the check
}

// sound is a WAV file of n samples.
func sound(t *testing.T, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := audio.EncodeWAV(&b, audio.Tone(440, 8000, n)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestClipsAreSharedAndKept(t *testing.T) {
	wav := sound(t, 800)
	for name, c := range map[string]struct {
		header http.Header
		asked  int32 // for three listeners at once and one later
	}{
		"max-age":         {http.Header{"Cache-Control": {"public, max-age=60"}}, 1},
		"nothing said":    {http.Header{}, 2},
		"confirmed":       {http.Header{"Etag": {`"1"`}}, 2},
		"not to be kept":  {http.Header{"Cache-Control": {"no-store"}}, 2},
		"always confirm":  {http.Header{"Cache-Control": {"no-cache, max-age=60"}, "Etag": {`"1"`}}, 2},
		"by modification": {http.Header{"Last-Modified": {"Thu, 01 Jun 2017 20:48:32 GMT"}}, 2},
	} {
		var asked atomic.Int32
		var gate sync.WaitGroup
		gate.Add(1)
		client, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			gate.Wait()
			for k, v := range c.header {
				w.Header()[k] = v
			}
			if n := asked.Add(1); n > 1 && (r.Header.Get("If-None-Match") == `"1"` || r.Header.Get("If-Modified-Since") != "") {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Header().Set("Content-Type", "audio/wav")
			_, _ = w.Write(wav)
		})
		var listeners sync.WaitGroup
		for range 3 {
			p, hit := client.clips.ask(base+"/m.wav", client.fetchClip) // registers at once
			listeners.Go(func() {
				if hit != nil {
					t.Errorf("%s: a copy before the download", name)
					return
				}
				<-p.done
				if p.err != nil || len(p.clip.audio.Samples) != 800 {
					t.Errorf("%s: %v", name, p.err)
				}
			})
		}
		gate.Done()
		listeners.Wait()
		if clip, err := client.Clip(t.Context(), base+"/m.wav"); err != nil || len(clip.Samples) != 800 {
			t.Errorf("%s: %d samples, %v", name, len(clip.Samples), err)
		}
		if asked.Load() != c.asked {
			t.Errorf("%s: asked %d times, want %d", name, asked.Load(), c.asked)
		}
	}
}

func TestACopyOutlivesItsServer(t *testing.T) {
	wav := sound(t, 800)
	var down atomic.Bool
	c, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			w.WriteHeader(503)
			return
		}
		w.Header().Set("Content-Type", "audio/wav")
		_, _ = w.Write(wav)
	})
	for range 2 {
		if clip, err := c.Clip(t.Context(), base); err != nil || len(clip.Samples) != 800 {
			t.Errorf("%d samples, %v", len(clip.Samples), err)
		}
		down.Store(true)
	}
	if _, err := c.Clip(t.Context(), base+"/other"); err == nil {
		t.Error("no error for a file that never was there")
	}
}

func TestClipsThatAreRefused(t *testing.T) {
	c, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "audio/wav")
		if r.URL.Path == "/long" {
			_, _ = w.Write(make([]byte, maxFile+1))
			return
		}
		fmt.Fprint(w, "not a sound")
	})
	for _, path := range []string{"/long", "/text"} {
		if _, err := c.Clip(t.Context(), base+path); err == nil {
			t.Errorf("%s is accepted", path)
		}
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	s := newClips(nil)
	big := audio.Clip{Samples: make([]int16, maxCache/4/2)}
	for i := range 10 {
		s.finish(fmt.Sprint(i), &pending{done: make(chan struct{}), clip: &clip{audio: big}})
	}
	if s.bytes > maxCache || len(s.kept) != 4 || s.kept["9"] == nil {
		t.Errorf("%d bytes in %d clips", s.bytes, len(s.kept))
	}
}

// FuzzPolicy: no fragment makes a webhook last longer or be tried more often
// than allowed.
func FuzzPolicy(f *testing.F) {
	f.Add("rc=2&rp=5xx,ct&tt=300")
	f.Add("rc=-1&tt=99999999999999999999&;%")
	f.Fuzz(func(t *testing.T, fragment string) {
		p := policyOf("http://a.test/#" + fragment)
		if p.retries < 0 || p.retries > maxRetries || p.total < minTotal || p.total > TotalTimeout {
			t.Errorf("%q gives %+v", fragment, p)
		}
	})
}
