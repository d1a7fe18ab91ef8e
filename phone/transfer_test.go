package phone_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/phone"
	"warmdesk/store"
	"warmdesk/twilio"
	"warmdesk/twilio/twiliotest"
)

// office is a whole desk, database and all, against the double of Twilio.
type office struct {
	*twiliotest.Double
	t       *testing.T
	api     string // of the double
	url     string // of the desk
	db      string
	handler atomic.Pointer[http.ServeMux] // nil while the desk is down
	desk    *desk.Desk
	ahead   atomic.Int64 // nanoseconds by which the desk's clock is
	broken  atomic.Bool  // the database cannot be written
	stop    func()
	say     string // the announcement; empty: nothing is recorded
}

// shelf is a database that may be out of order.
type shelf struct {
	desk.Store
	broken *atomic.Bool
}

func (s *shelf) SaveCall(ctx context.Context, save desk.Save) error {
	if s.broken.Load() {
		return errors.New("disk full")
	}
	return s.Store.SaveCall(ctx, save)
}

type nobodyLooks struct{}

func (nobodyLooks) Changed() {}

func newOffice(t *testing.T, people ...string) *office {
	t.Helper()
	return newOfficeThat(t, "", people...)
}

// newOfficeThat tells its callers something first, because it records them.
func newOfficeThat(t *testing.T, says string, people ...string) *office {
	t.Helper()
	o := &office{t: t, say: says, db: filepath.Join(t.TempDir(), "desk.db")}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux := o.handler.Load()
		if mux == nil {
			panic(http.ErrAbortHandler) // there is no desk: the connection breaks
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(site.Close)
	o.url = site.URL
	o.Double = twiliotest.New(twiliotest.Config{
		AccountSID: account, AuthToken: token, Number: "+15550100", Identities: people,
		VoiceURL: o.url + "/conference/connect/client", StatusCallback: o.url + "/conference/status",
	})
	t.Cleanup(o.Close)
	for _, name := range people {
		o.Agent(name)
	}
	api := httptest.NewServer(o.Double)
	t.Cleanup(api.Close)
	o.api = api.URL
	o.begin(people...)
	t.Cleanup(func() { o.stop() })
	return o
}

// begin starts the desk, as a process would.
func (o *office) begin(people ...string) {
	o.t.Helper()
	s, err := store.Open(context.Background(), store.Config{URL: o.db})
	if err != nil {
		o.t.Fatal(err)
	}
	transport := &http.Transport{}
	client, err := twilio.NewClient(twilio.Config{AccountSID: account, Password: token, BaseURL: o.api, HTTP: &http.Client{Transport: transport}})
	if err != nil {
		o.t.Fatal(err)
	}
	cfg := phone.Config{
		Client: client, Account: account, AuthToken: token, PublicURL: o.url, Number: "+15550100",
		Heard: hears(phone.Heard{MusicURL: o.url + "/assets/music.wav"}), Logger: discard(),
	}
	var roster []agent.Agent
	for _, name := range people {
		roster = append(roster, agent.Agent{ID: agent.ID(name), Name: name})
	}
	o.desk, err = desk.New(context.Background(), desk.Config{
		Store: &shelf{s, &o.broken}, Phone: phone.NewCarrier(cfg), Feed: nobodyLooks{}, Account: account, Recovery: true, Rules: desk.Rules{Announcements: map[string]string{"": o.say}}, Roster: roster, Logger: discard(),
		Now: func() time.Time { return time.Now().Add(time.Duration(o.ahead.Load())) },
	})
	if err != nil {
		o.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- o.desk.Run(ctx) }()
	mux := http.NewServeMux()
	phone.NewWebhooks(cfg, o.desk).Register(mux)
	o.handler.Store(mux)
	o.stop = func() {
		o.stop = func() {}
		o.handler.Store(nil)
		cancel()
		if err := <-ended; err != nil {
			o.t.Error(err)
		}
		if err := s.Close(); err != nil {
			o.t.Error(err)
		}
		transport.CloseIdleConnections()
	}
}

// ready makes an agent available, as fetching a token on the tutorial's routes
// does.
func (o *office) ready(name string) {
	o.t.Helper()
	if err := o.desk.TokenFetched(o.t.Context(), agent.ID(name), time.Now().Add(time.Hour)); err != nil {
		o.t.Fatal(err)
	}
}

// ask makes an agent ask for something, as soon as it is allowed.
func (o *office) ask(kind call.RequestKind, by, to string) {
	o.t.Helper()
	var err error
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		for _, c := range o.desk.View().Calls {
			_, err = o.desk.Request(o.t.Context(), desk.Request{Call: c.ID, Kind: kind, By: agent.ID(by), To: agent.ID(to)})
			if err == nil {
				return
			}
		}
	}
	o.t.Fatalf("%s by %s: %v", kind, by, err)
}

// until waits until the only call is in a stage.
func (o *office) until(want call.Stage) {
	o.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if calls := o.desk.View().Calls; len(calls) == 1 && calls[0].Stage == want {
			return
		}
	}
	o.t.Fatalf("the call did not become %s: %+v", want, o.desk.View().Calls)
}

// over waits until nobody is left on the line, within a time.
func (o *office) over(within time.Duration) {
	o.t.Helper()
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if len(o.Live()) == 0 {
			return
		}
	}
	o.t.Fatalf("%d legs are left after %v", len(o.Live()), within)
}

func (o *office) noFaults() {
	o.t.Helper()
	if faults := o.Faults(); len(faults) != 0 {
		o.t.Errorf("faults: %q", faults)
	}
}

// connect brings a customer and ana together.
func (o *office) connect() (dana, ana *twiliotest.Leg) {
	o.t.Helper()
	o.ready("ana")
	dana = o.Call("+15550001")
	ana = o.Agent("ana").Ringing(o.t)
	dana.WaitFor(o.t, "music")
	ana.Answer()
	dana.WaitFor(o.t, "people: ana")
	return dana, ana
}

// longestGap is how long a customer may hear nothing while people change.
const longestGap = 300 * time.Millisecond

// The tutorial's six steps.
func TestWarmTransfer(t *testing.T) {
	o := newOffice(t, "ana", "ben")
	dana, ana := o.connect()
	if heard := dana.Heard(); len(heard) < 3 || !strings.Contains(strings.Join(heard, "|"), "words: "+call.Welcome+"|music") {
		t.Errorf("dana heard %q", heard)
	}
	if ana.Param("kind") != "offer" || ana.Param("call") == "" || ana.Param("leg") == "" {
		t.Errorf("ana's page got %q", ana.Param("kind"))
	}
	o.ready("ben")
	o.ask(call.Invite, "ana", "ben")
	o.Agent("ben").Ringing(t).Answer()
	dana.WaitFor(t, "people: ana, ben")
	o.ask(call.Leave, "ana", "")
	ana.WaitFor(t, "completed")
	dana.WaitFor(t, "people: ben")
	dana.HangUp()
	o.over(time.Second)
	if dana.Silence() > longestGap {
		t.Errorf("dana heard nothing for %v", dana.Silence())
	}
	o.noFaults()
}

// Every status callback comes twice.
func TestRepeatedCallbacks(t *testing.T) {
	o := newOffice(t, "ana", "ben")
	o.Callbacks(func(url.Values) int { return 2 })
	dana, ana := o.connect()
	o.ready("ben")
	o.ask(call.Invite, "ana", "ben")
	o.Agent("ben").Ringing(t).Answer()
	dana.WaitFor(t, "people: ana, ben")
	o.ask(call.Leave, "ana", "")
	ana.WaitFor(t, "completed")
	dana.HangUp()
	o.over(time.Second)
	o.noFaults()
}

func TestTwoCustomersAtOnce(t *testing.T) {
	o := newOffice(t, "ana", "ben")
	dana, _ := o.connect()
	o.ready("ben")
	eve := o.Call("+15550002")
	o.Agent("ben").Ringing(t).Answer()
	eve.WaitFor(t, "people: ben")
	dana.WaitFor(t, "people: ana")
	dana.HangUp()
	dana.WaitFor(t, "completed")
	eve.WaitFor(t, "people: ben")
	eve.HangUp()
	o.over(time.Second)
}

func TestCustomerLeavesWhileItRings(t *testing.T) {
	o := newOffice(t, "ana")
	o.ready("ana")
	dana := o.Call("+15550001")
	ring := o.Agent("ana").Ringing(t)
	dana.HangUp()
	ring.WaitFor(t, "canceled")
	o.over(time.Second)
}

// The answer to a dial is lost on the way: the phone rings once, not twice.
func TestLostAnswerOfADial(t *testing.T) {
	o := newOffice(t, "ana")
	o.LoseAnswers(func(r *http.Request) bool {
		return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/Calls.json")
	})
	dana, _ := o.connect()
	if legs := o.Legs(); len(legs) != 2 {
		t.Errorf("%d legs were made", len(legs))
	}
	dana.HangUp()
	o.over(time.Second)
}

// While every REST request fails or hangs, the customer hears welcome and music
// at once; the ring comes as soon as it can.
func TestCarrierInTrouble(t *testing.T) {
	for name, trouble := range map[string]func(*office, bool){
		"refuses": func(o *office, on bool) { o.FailREST(map[bool]int{true: 500}[on]) },
		"slows":   func(o *office, on bool) { o.FailREST(map[bool]int{true: 429}[on]) },
		"hangs":   func(o *office, on bool) { o.HangREST(map[bool]time.Duration{true: 30 * time.Second}[on]) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, "ana")
			o.ready("ana")
			trouble(o, true)
			began := time.Now()
			dana := o.Call("+15550001")
			dana.WaitFor(t, "music")
			if took := time.Since(began); took > time.Second {
				t.Errorf("music came after %v", took)
			}
			trouble(o, false)
			o.Agent("ana").Ringing(t).Answer()
			dana.WaitFor(t, "people: ana")
			dana.HangUp()
			o.over(time.Second)
		})
	}
}

// The desk is killed in mid-call and started again: the conversation goes on, and
// the transfer is made afterwards.
func TestRestartInMidCall(t *testing.T) {
	o := newOffice(t, "ana", "ben")
	dana, ana := o.connect()
	o.until(call.Talking)
	o.stop()
	dana.WaitFor(t, "people: ana")
	o.begin("ana", "ben")
	o.ready("ben")
	o.ask(call.Invite, "ana", "ben")
	o.Agent("ben").Ringing(t).Answer()
	dana.WaitFor(t, "people: ana, ben")
	o.stop()
	ana.HangUp() // nobody hears of it
	dana.WaitFor(t, "people: ben")
	o.begin("ana", "ben")
	o.ask(call.End, "ben", "") // ben has become the owner
	dana.WaitFor(t, "completed")
	o.over(time.Second)
}

// The only agent's line ends while the desk is down: when it is back, the
// customer has music again, and the next agent is rung. That the desk has not
// even heard of the conversation makes no difference.
func TestOwnerLostWhileTheDeskIsDown(t *testing.T) {
	for name, test := range map[string]struct {
		copies func(url.Values) int
		words  string
	}{
		"after talking":             {words: call.WordsRecovering},
		"before anything was heard": {copies: onlyTheFirst, words: call.Welcome},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, "ana", "ben")
			o.Callbacks(test.copies)
			dana, ana := o.connect()
			if test.copies == nil {
				o.until(call.Talking)
			}
			o.stop()
			ana.HangUp()
			dana.WaitFor(t, "silence")
			heard := len(dana.Heard())
			o.Callbacks(nil)
			o.begin("ana", "ben")
			dana.WaitFor(t, "music")
			if again := dana.Heard()[heard:]; again[0] != "words: "+test.words {
				t.Errorf("dana heard %q", again)
			}
			if test.copies == nil {
				return // for ana, 15 s
			}
			o.ready("ben")
			o.Agent("ben").Ringing(t).Answer()
			dana.WaitFor(t, "people: ben")
		})
	}
}

// onlyTheFirst drops all of a conference's events but the first.
func onlyTheFirst(form url.Values) int {
	if form.Has("StatusCallbackEvent") && form.Get("SequenceNumber") != "1" {
		return 0
	}
	return 1
}
