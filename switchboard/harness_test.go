package switchboard_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"warmdesk/switchboard"
	"warmdesk/switchboard/internal/audio"
	"warmdesk/switchboard/switchboardtest"
	"warmdesk/twilio"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account = "AC00000000000000000000000000000001"
	token   = "auth-token-of-the-test"
	key     = "SK00000000000000000000000000000001"
	secret  = "secret-of-the-test-key"
	app     = "AP00000000000000000000000000000001"
	echoApp = "AP00000000000000000000000000000002"
	line    = "+15550100"
	// publicURL is where the switchboard says that it is.
	publicURL = "https://board.test"
)

// Tones of the people and of what is played.
const (
	danaTone  = 450.0
	anaTone   = 700.0
	benTone   = 950.0
	waitTone  = 1300.0
	musicTone = 1700.0 // the switchboard's own
	helloTone = 2100.0
	phoneTone = 2500.0 // of a telephone
)

// loudness is the amplitude of what is played.
const loudness = 8000

func allTones() []float64 {
	return []float64{danaTone, anaTone, benTone, waitTone, musicTone, helloTone, phoneTone}
}

// hook is a webhook that the application has received.
type hook struct {
	path string
	form url.Values
	at   time.Time
}

// application is what the switchboard asks: documents by path, sounds, and a log
// of everything that was asked. It refuses what is not signed.
type application struct {
	t      testing.TB
	server *httptest.Server

	mu        sync.Mutex
	documents map[string]string
	hooks     []hook
	arrived   chan struct{} // closed and replaced at every webhook
}

func newApplication(t testing.TB) *application {
	a := &application{t: t, documents: map[string]string{}, arrived: make(chan struct{})}
	a.server = httptest.NewServer(a)
	t.Cleanup(a.server.Close)
	return a
}

// serve sets the document at a path; {app} stands for the application's URL.
func (a *application) serve(path, response string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.documents[path] = "<Response>" + strings.ReplaceAll(response, "{app}", a.server.URL) + "</Response>"
}

func (a *application) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		a.t.Errorf("webhook %s: %v", r.URL, err)
	}
	if !twilio.Verify(token, r.Header.Get(twilio.SignatureHeader), a.server.URL+r.URL.RequestURI(), r.PostForm) {
		a.t.Errorf("webhook %s is not signed", r.URL)
	}
	if tone, ok := sounds()[r.URL.Path]; ok {
		w.Header().Set("Content-Type", "audio/wav")
		w.Header().Set("Cache-Control", "max-age=60")
		_, _ = w.Write(switchboard.WAV(tone))
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.hooks = append(a.hooks, hook{r.URL.Path, r.Form, time.Now()})
	close(a.arrived)
	a.arrived = make(chan struct{})
	document, ok := a.documents[r.URL.Path]
	if !ok {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	_, _ = w.Write([]byte(document))
}

func sounds() map[string][]int16 {
	return map[string][]int16{
		"/wait.wav":  audio.Tone(waitTone, loudness, audio.Rate).Samples,
		"/hello.wav": audio.Tone(helloTone, loudness, audio.Rate/2).Samples,
	}
}

// wait returns the first webhook at path, from the given number on, that has
// these parameters (name, value, …).
func (a *application) wait(ctx context.Context, path string, params ...string) hook {
	a.t.Helper()
	for {
		a.mu.Lock()
		for _, h := range a.hooks {
			if h.path == path && h.has(params) {
				a.mu.Unlock()
				return h
			}
		}
		arrived := a.arrived
		a.mu.Unlock()
		select {
		case <-arrived:
		case <-ctx.Done():
			a.t.Fatalf("no webhook %s with %v; there were %v", path, params, a.seen())
		}
	}
}

func (h hook) has(params []string) bool {
	for i := 0; i < len(params); i += 2 {
		if h.form.Get(params[i]) != params[i+1] {
			return false
		}
	}
	return true
}

// seen tells in short what was asked.
func (a *application) seen() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var lines []string
	for _, h := range a.hooks {
		lines = append(lines, h.path+" "+h.form.Get("StatusCallbackEvent")+h.form.Get("CallStatus"))
	}
	return lines
}

// world is a running switchboard with its application and a REST client.
type world struct {
	testing.TB
	app    *application
	url    string
	client *twilio.Client
	ctx    context.Context
	stop   func() // ends Run and waits for it
	// recordings is the folder of messages.
	recordings string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldIn(t, filepath.Join(t.TempDir(), "recordings"))
}

// newWorldIn is newWorld with a folder of recordings that may be there already.
func newWorldIn(t testing.TB, recordings string) *world {
	t.Helper()
	a := newApplication(t)
	board, err := switchboard.New(switchboard.Config{
		AccountSID: account, AuthToken: token, APIKeys: map[string]string{key: secret},
		Numbers:      []switchboard.Number{{PhoneNumber: line, VoiceURL: a.server.URL + "/number"}},
		Applications: []switchboard.Application{{SID: app, VoiceURL: a.server.URL + "/call", StatusCallback: a.server.URL + "/status"}, {SID: echoApp, Echo: true}},
		Telephones:   phones(),
		PublicURL:    publicURL, RecordingsDir: recordings,
		Music:  switchboard.WAV(audio.Tone(musicTone, loudness, audio.Rate).Samples),
		Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(board.Handler())
	run, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- board.Run(run) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v", err)
		}
		server.Close()
	})
	t.Cleanup(stop)
	client, err := twilio.NewClient(twilio.Config{AccountSID: account, User: key, Password: secret, BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	ctx, done := context.WithTimeout(context.Background(), 40*time.Second)
	t.Cleanup(done)
	return &world{TB: t, app: a, url: server.URL, client: client, ctx: ctx, stop: stop, recordings: recordings}
}

// phone signs a phone in.
func (w *world) phone(identity string, tone float64) *switchboardtest.Phone {
	w.Helper()
	return w.phoneOf(identity, tone, app)
}

// phoneOf is phone, whose calls run that application.
func (w *world) phoneOf(identity string, tone float64, app string) *switchboardtest.Phone {
	w.Helper()
	access, err := twilio.AccessToken(twilio.AccessTokenConfig{
		AccountSID: account, KeySID: key, KeySecret: secret, Identity: identity, Incoming: true, ApplicationSID: app,
		Params: map[string]string{"Trusted": "yes"},
	})
	if err != nil {
		w.Fatal(err)
	}
	p, err := switchboardtest.Dial(w.ctx, switchboardtest.Config{URL: w.url, Token: access, Tone: tone})
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(p.Close)
	if err := p.Register(w.ctx); err != nil {
		w.Fatal(err)
	}
	return p
}

// ring calls an identity with a document and lets its phone answer.
func (w *world) ring(p *switchboardtest.Phone, path string) (*switchboardtest.Call, twilio.Call) {
	w.Helper()
	made := w.dial(p.Identity(), path)
	call, err := p.Incoming(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
	if err := call.Accept(w.ctx); err != nil {
		w.Fatal(err)
	}
	return call, made
}

func (w *world) dial(identity, path string) twilio.Call {
	w.Helper()
	return w.create(twilio.NewCall{To: "client:" + identity + "?leg=7", URL: w.app.server.URL + path, Timeout: 20 * time.Second})
}

// create makes a call whose progress is told to /progress.
func (w *world) create(n twilio.NewCall) twilio.Call {
	w.Helper()
	n.From, n.StatusCallback = line, w.app.server.URL+"/progress"
	n.StatusCallbackEvents = []string{"initiated", "ringing", "answered", "completed"}
	made, err := w.client.CreateCall(w.ctx, n)
	if err != nil {
		w.Fatal(err)
	}
	return made
}

// hears waits until a call hears exactly these tones.
func (w *world) hears(c *switchboardtest.Call, tones ...float64) {
	w.Helper()
	if err := c.WaitTones(w.ctx, tones, allTones()); err != nil {
		w.Fatal(err)
	}
}

// decodeWAV reads a file of sound.
func decodeWAV(t testing.TB, body []byte) audio.Clip {
	t.Helper()
	clip, err := audio.Decode("audio/wav", bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	return clip
}
