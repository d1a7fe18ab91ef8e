package exchange

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"warmdesk/switchboard/internal/audio"
	"warmdesk/switchboard/internal/conference"
	"warmdesk/switchboard/internal/recording"
	"warmdesk/switchboard/internal/webhook"
	"warmdesk/twiml"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const site = "https://a.test"

// world is an exchange among fakes, with a diary of what it asked of them.
// SIDs are written as the names of people and rooms.
type world struct {
	*testing.T
	x *Exchange

	mu        sync.Mutex
	documents map[string]string
	failing   map[string]int // code by URL
	clips     map[*int16]string
	diary     []string
	people    map[string]*person // by identity
	mirrors   []*fakeLine        // of calls that hear themselves
	names     *strings.Replacer
	sids      []string // pairs for names
	notice    []string // parameters that the diary shows of callbacks
	early     bool     // browsers answer before Dial returns
	away      map[string]bool
	tapes     []*fakeTape
	cutOff    []recording.Recording
	told      []string      // parameters that the diary shows of documents and recordings
	stop      func()        // ends Run and waits for it
	speech    time.Duration // how long a text takes to be spoken
}

// person is a browser and its line.
type person struct {
	w    *world
	name string

	// Guarded by w.mu.
	sid    string
	hungUp bool
	line   *fakeLine
}

// inWorld runs a scenario with a clock of its own.
func inWorld(t *testing.T, scenario func(w *world)) {
	t.Helper()
	inWorldAfter(t, nil, scenario)
}

// inWorldAfter is inWorld after a crash that cut recordings off.
func inWorldAfter(t *testing.T, cutOff []recording.Recording, scenario func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{
			T: t, documents: map[string]string{}, failing: map[string]int{}, clips: map[*int16]string{},
			people: map[string]*person{}, away: map[string]bool{}, cutOff: cutOff, names: strings.NewReplacer(),
		}
		w.x = New(Config{
			AccountSID: "AC1",
			Numbers:    []Number{{PhoneNumber: "+1555", VoiceURL: site + "/number", StatusCallbackURL: site + "/status"}},
			Applications: []Application{
				{SID: "AP1", VoiceURL: site + "/call", FallbackURL: site + "/fallback", StatusCallbackURL: site + "/status"},
				{SID: "AP2"},
				{SID: "AP3", Echo: true},
			},
			Audio: w, Browsers: w, Speech: w, Web: w, Recordings: w, Music: w.clip("music"), Logger: slog.New(slog.DiscardHandler),
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = w.x.Run(ctx)
		}()
		w.stop = func() { cancel(); <-ended }
		defer func() { // also when the scenario gives up
			w.stop()
			w.nothingLeft()
		}()
		scenario(w)
	})
}

// nothingLeft checks what must hold after every scenario.
func (w *world) nothingLeft() {
	w.Helper()
	if len(w.x.rooms) > 0 || len(w.x.placed) > 0 {
		w.Errorf("%d rooms and %d placed legs are left", len(w.x.rooms), len(w.x.placed))
	}
	for _, c := range w.x.order {
		if c.over && (c.leg != nil || c.port != nil || c.line != nil) {
			w.Errorf("the call of %s is over, and holds its leg or line", c.rec.From)
		}
	}
	for _, tape := range w.tapes {
		if !tape.closed {
			w.Errorf("recording %s goes on", tape.opts.SID)
		}
	}
	for _, m := range w.mirrors {
		if !m.closed {
			w.Error("a mirror is left")
		}
	}
	for _, p := range w.people {
		if p.line != nil && !p.line.closed {
			w.Errorf("%s's line is left open", p.name)
		}
		if p.sid != "" && !p.hungUp {
			w.Errorf("%s's leg is left", p.name)
		}
	}
}

func (w *world) clip(name string) audio.Clip {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := audio.Clip{Samples: []int16{1}}
	w.clips[&c.Samples[0]] = name
	return c
}

// note adds a line to the diary.
func (w *world) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.diary = append(w.diary, fmt.Sprintf(format, args...))
}

func (w *world) call(sid, name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sids = append(w.sids, sid, name)
	w.names = strings.NewReplacer(w.sids...)
}

// expect waits until nothing moves and compares the diary since the last time.
func (w *world) expect(lines ...string) {
	w.Helper()
	synctest.Wait()
	w.mu.Lock()
	got := w.diary
	w.diary = nil
	names := w.names
	w.mu.Unlock()
	for i := range got {
		got[i] = names.Replace(got[i])
	}
	if diff := cmp.Diff(lines, got); diff != "" {
		w.Fatalf("diary (-want +got):\n%s", diff)
	}
}

// unordered is expect where two things happen side by side.
func (w *world) unordered(lines ...string) {
	w.Helper()
	synctest.Wait()
	w.mu.Lock()
	slices.SortFunc(w.diary, func(a, b string) int { return strings.Compare(b, a) })
	w.mu.Unlock()
	w.expect(lines...)
}

// skip waits until nothing moves and forgets the diary.
func (w *world) skip() {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.diary = nil
}

// hear waits until nothing moves and compares what a person hears: a clip, with
// "*" when it plays for ever, or "room NAMES", or "silence".
func (w *world) hear(p *person, want string) {
	w.Helper()
	synctest.Wait()
	if got := w.ears(p); got != want {
		w.Fatalf("%s hears %q, want %q", p.name, got, want)
	}
}

func (w *world) ears(p *person) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := p.line
	switch {
	case l == nil || l.closed:
		return "nothing"
	case l.room == "" || l.held:
		return l.playing
	}
	var others []string
	for _, o := range w.people {
		if o != p && o.line != nil && !o.line.closed && o.line.room == l.room && !o.line.held && !o.line.muted && (o.line.coached == nil || o.line.coached == p) {
			others = append(others, o.name)
		}
	}
	slices.Sort(others)
	return strings.TrimSpace("room " + strings.Join(others, " "))
}

func (w *world) serve(path, response string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.documents[site+path] = "<Response>" + response + "</Response>"
}

// Document answers TwiML.
func (w *world) Document(_ context.Context, req webhook.Request) (twiml.Document, error) {
	line := req.Method + " " + strings.TrimPrefix(req.URL, site) + " " + req.Params.Get("CallSid")
	for _, name := range []string{"CallStatus", "DialCallStatus", "ErrorCode", "ErrorUrl", "FriendlyName", "mood"} {
		if v := req.Params.Get(name); v != "" && (name != "CallStatus" || v != "in-progress") {
			line += " " + name + "=" + v
		}
	}
	w.note("%s", line+w.about(req.Params))
	w.mu.Lock()
	defer w.mu.Unlock()
	if code := w.failing[req.URL]; code != 0 {
		return nil, &webhook.Error{Code: code, URL: req.URL, Err: errors.New("fails")}
	}
	return twiml.Parse([]byte(w.documents[req.URL]))
}

// about shows of a request what a scenario wants told.
func (w *world) about(params url.Values) (words string) {
	for _, name := range w.told {
		if v := params.Get(name); v != "" {
			words += " " + name + "=" + v
		}
	}
	return words
}

// Clip answers a sound named like its URL.
func (w *world) Clip(_ context.Context, url string) (audio.Clip, error) {
	w.mu.Lock()
	code := w.failing[url]
	w.mu.Unlock()
	if code != 0 {
		return audio.Clip{}, &webhook.Error{Code: code, URL: url, Err: errors.New("fails")}
	}
	return w.clip(strings.TrimPrefix(url, site+"/")), nil
}

// Say answers a clip named like its text.
func (w *world) Say(_ context.Context, text, _ string) (audio.Clip, error) {
	time.Sleep(w.speech)
	return w.clip(text), nil
}

// Notify writes a callback down, by its event or else by its address.
func (w *world) Notify(_ string, req webhook.Request) {
	if req.Params.Has("RecordingSid") {
		w.note("-> %s %s%s", strings.TrimPrefix(req.URL, site), req.Params.Get("CallSid"), w.about(req.Params))
		return
	}
	event := req.Params.Get("StatusCallbackEvent")
	if event == "" {
		event = req.Params.Get("CallStatus")
	}
	words := []string{"->", event, req.Params.Get("SequenceNumber")}
	if sid := req.Params.Get("CallSid"); sid != "" {
		words = append(words, sid)
	}
	for _, name := range w.notice {
		if v := req.Params.Get(name); v != "" {
			words = append(words, v)
		}
	}
	w.note("%s", strings.Join(words, " "))
}

// Open seats the person whose port it is.
func (w *world) Open(port conference.Port) Line {
	w.mu.Lock()
	defer w.mu.Unlock()
	p, ok := port.(*person)
	if !ok {
		w.mirrors = append(w.mirrors, &fakeLine{w: w, playing: "silence"})
		return w.mirrors[len(w.mirrors)-1]
	}
	p.line = &fakeLine{w: w, playing: "silence"}
	return p.line
}

// Dial rings a person.
func (w *world) Dial(sid, identity string, _ map[string]string, _ url.Values) (Leg, error) {
	if w.away[identity] {
		return nil, ErrNotRegistered
	}
	w.call(sid, identity)
	p := w.person(identity)
	w.mu.Lock()
	p.sid = sid
	w.mu.Unlock()
	if w.early {
		w.x.Answered(p)
	}
	return p, nil
}

func (w *world) person(name string) *person {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := &person{w: w, name: name}
	w.people[name] = p
	return p
}

// Read and Write make a person a port; nobody calls them here.
func (p *person) Read(*audio.Frame) bool { return false }
func (p *person) Write(*audio.Frame)     {}

func (p *person) Port() conference.Port { return p }

func (p *person) SID() string {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	return p.sid
}

func (p *person) Ringing(sid string) {
	p.w.call(sid, p.name)
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	p.sid = sid
}

// Answer has the media path up at once.
func (p *person) Answer() {
	p.w.note("%s is answered", p.name)
	p.w.x.Answered(p)
}

func (p *person) Hangup(code int, message string) {
	if code != 0 {
		p.w.note("%s is told %d", p.name, code)
	}
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	p.hungUp = true
}

// places has a person call the application.
func (w *world) places(name string) *person {
	p := w.person(name)
	w.x.Invited(p, Caller{Identity: name, ApplicationSID: "AP1"}, url.Values{"To": {"+1555"}})
	return p
}

// ring has REST call a person with a document at path.
func (w *world) ring(name, path string, change ...func(*NewCall)) *person {
	w.Helper()
	n := NewCall{
		To: "client:" + name, From: "+1555", Identity: name, Start: Target{URL: site + path},
		Callback: Callback{Target{URL: site + "/status"}, []string{"initiated", "ringing", "answered", "completed"}},
	}
	for _, c := range change {
		c(&n)
	}
	rec, err := w.x.CreateCall(w.Context(), n)
	if err != nil {
		w.Fatal(err)
	}
	w.call(rec.SID, name)
	synctest.Wait()
	return w.people[name]
}

// answers is ring, answered at once.
func (w *world) answers(name, path string) *person {
	w.Helper()
	p := w.ring(name, path)
	w.x.Answered(p)
	synctest.Wait()
	return p
}

// conference returns the live conference of that name.
func (w *world) conference(name string) Conference {
	w.Helper()
	all, err := w.x.Conferences(w.Context(), func(c Conference) bool { return c.Name == name })
	if err != nil || len(all) == 0 {
		w.Fatalf("conference %s: %v, %v", name, all, err)
	}
	w.call(all[0].SID, name)
	return all[0]
}

// fakeLine remembers what a line was told.
type fakeLine struct {
	w           *world // its mu guards the rest
	playing     string
	done        func()
	room        string
	held, muted bool
	coached     conference.Port
	closed      bool
	tape        conference.Tape
	taps        []conference.Tape
}

func (l *fakeLine) Play(c audio.Clip, loops int, done func()) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	l.playing, l.done = l.w.clips[&c.Samples[0]], done
	if loops == 0 {
		l.playing += "*"
	}
}

func (l *fakeLine) Stop() { l.set(func() { l.playing, l.done = "silence", nil }) }
func (l *fakeLine) Speak(c audio.Clip) {
	l.w.note("%d samples are said", len(c.Samples))
}
func (l *fakeLine) Record(t conference.Tape) {
	l.set(func() { l.tape = t })
}
func (l *fakeLine) Tap(t conference.Tape) { l.set(func() { l.taps = append(l.taps, t) }) }
func (l *fakeLine) Untap(t conference.Tape) {
	l.set(func() { l.taps = slices.DeleteFunc(l.taps, func(o conference.Tape) bool { return o == t }) })
}
func (l *fakeLine) Join(room string)        { l.set(func() { l.room = room }) }
func (l *fakeLine) Leave()                  { l.set(func() { l.room = "" }) }
func (l *fakeLine) Mute(on bool)            { l.set(func() { l.muted = on }) }
func (l *fakeLine) Hold(on bool)            { l.set(func() { l.held = on }) }
func (l *fakeLine) Coach(p conference.Port) { l.set(func() { l.coached = p }) }
func (l *fakeLine) Close()                  { l.set(func() { l.closed = true }) }

func (l *fakeLine) set(do func()) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	do()
}

// ends lets what a person hears come to its end.
func (p *person) ends() {
	synctest.Wait()
	p.w.mu.Lock()
	done := p.line.done
	p.line.playing, p.line.done = "silence", nil
	p.w.mu.Unlock()
	done()
	synctest.Wait()
}
