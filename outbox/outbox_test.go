package outbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.uber.org/goleak"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/history"
	"warmdesk/outbox"
	"warmdesk/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// got is one request a receiver had, and answer what it is told.
type got struct {
	id   string
	typ  string
	call string
}

// receiver is a real server that checks every signature with the convention's own
// library and answers as the test likes.
type receiver struct {
	t      *testing.T
	secret string
	server *httptest.Server

	mu     sync.Mutex
	all    []got
	answer func(n int, g got, w http.ResponseWriter, r *http.Request) // n from 1; nil: 204
	heard  chan struct{}
}

func newReceiver(t *testing.T, secret string, answer func(n int, g got, w http.ResponseWriter, r *http.Request)) *receiver {
	v := &receiver{t: t, secret: secret, answer: answer, heard: make(chan struct{}, 1000)}
	v.server = httptest.NewServer(v)
	t.Cleanup(v.server.Close)
	return v
}

func (v *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		v.t.Error(err)
	}
	verifier, err := standardwebhooks.NewWebhook(v.secret)
	if err == nil {
		err = verifier.Verify(body, r.Header)
	}
	var sent struct{ ID, Type, Call string }
	if err == nil {
		err = json.Unmarshal(body, &sent)
	}
	if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" || sent.ID != r.Header.Get("webhook-id") {
		v.t.Errorf("%s %v: %v: %s", r.Method, r.Header, err, body)
	}
	g := got{sent.ID, sent.Type, sent.Call}
	v.mu.Lock()
	v.all = append(v.all, g)
	n := len(v.all)
	v.mu.Unlock()
	v.heard <- struct{}{}
	if v.answer != nil {
		v.answer(n, g, w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (v *receiver) ids() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	ids := make([]string, len(v.all))
	for i, g := range v.all {
		ids[i] = g.id
	}
	return ids
}

// wait waits for n requests.
func (v *receiver) wait(n int) {
	v.t.Helper()
	for range n {
		select {
		case <-v.heard:
		case <-time.After(10 * time.Second):
			v.t.Fatalf("the receiver has had %q", v.ids())
		}
	}
}

// world is a store with an outbox.
type world struct {
	t      *testing.T
	path   string
	store  *store.Store
	box    *outbox.Outbox
	log    *logs
	secret string
	stop   func()
}

type logs struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, path: filepath.Join(t.TempDir(), "desk.db"), log: &logs{}, secret: outbox.NewSecret()}
	w.open()
	t.Cleanup(func() {
		w.close()
		if t.Failed() {
			t.Log(w.log)
		}
	})
	return w
}

func (w *world) open() {
	w.t.Helper()
	var err error
	if w.store, err = store.Open(context.Background(), store.Config{URL: w.path}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) close() {
	if w.stop != nil {
		w.stop()
		w.stop = nil
	}
	if err := w.store.Close(); err != nil {
		w.t.Error(err)
	}
}

// quick is a schedule for tests: three tries in all.
func quick() []time.Duration { return []time.Duration{20 * time.Millisecond, 20 * time.Millisecond} }

// begin starts an outbox for these URLs on the store.
func (w *world) begin(schedule []time.Duration, urls ...string) *outbox.Outbox {
	w.t.Helper()
	box := w.build(schedule, urls...)
	w.box = box
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- box.Run(ctx) }()
	before := w.stop
	w.stop = func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Error("Run:", err)
		}
		if before != nil {
			before()
		}
	}
	return box
}

func (w *world) build(schedule []time.Duration, urls ...string) *outbox.Outbox {
	w.t.Helper()
	var receivers []*outbox.Receiver
	for _, u := range urls {
		r, err := outbox.Parse(u, false)
		if err != nil {
			w.t.Fatal(err)
		}
		receivers = append(receivers, r)
	}
	secret, err := outbox.ParseSecret(w.secret)
	if err != nil {
		w.t.Fatal(err)
	}
	return outbox.New(outbox.Config{
		Store: w.store, Receivers: receivers, Secrets: []outbox.Secret{secret}, Schedule: schedule,
		Timeout: 500 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(w.log, nil)),
	})
}

// tell saves a new call with n events for the receivers.
func (w *world) tell(box *outbox.Outbox, id string, n int) {
	w.t.Helper()
	s := desk.Save{Call: call.Create(call.Arrived{Call: call.ID(id), Account: "AC1", SID: "CA" + id}, time.Now()), Receivers: box.Receivers()}
	for i := range n {
		s.Events = append(s.Events, history.Event{ID: fmt.Sprintf("%s-%d", id, i+1), Type: history.CallStarted, At: time.Now(), Call: call.ID(id), Version: 1})
	}
	if err := w.store.SaveCall(w.t.Context(), s); err != nil {
		w.t.Fatal(err)
	}
	box.Written()
}

// delivery waits until the log says this of an event.
func (w *world) delivery(event string, status outbox.Status) outbox.Delivery {
	w.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; {
		list, err := w.box.Deliveries(w.t.Context(), 100)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, d := range list {
			if d.Event == event && d.Status == status {
				return d
			}
		}
		if time.Now().After(end) {
			w.t.Fatalf("%s is not %s: %+v", event, status, list)
		}
		time.Sleep(2 * time.Millisecond) // polling, with the deadline above
	}
}

func TestDelivered(t *testing.T) {
	w := newWorld(t)
	v := newReceiver(t, w.secret, nil)
	box := w.begin(quick(), v.server.URL+"/hook?key=hidden")
	w.tell(box, "one", 3)
	v.wait(3)
	if want := []string{"one-1", "one-2", "one-3"}; !slices.Equal(v.ids(), want) {
		t.Errorf("came %q", v.ids())
	}
	d := w.delivery("one-3", outbox.Delivered)
	if d.Code != http.StatusNoContent || d.Error != "" || d.Tries != 1 || strings.Contains(d.Receiver, "hidden") || !strings.HasPrefix(d.Receiver, v.server.URL+"/hook#") {
		t.Errorf("%+v", d)
	}
	counts, err := box.Counts(t.Context())
	if c := counts[outbox.Shown(d.Receiver)]; err != nil || c != (outbox.Count{Delivered: 3}) {
		t.Errorf("%+v, %v", counts, err)
	}
	if strings.Contains(w.log.String(), "hidden") || strings.Contains(w.log.String(), w.secret[6:]) {
		t.Error("the log tells a secret")
	}
}

// A receiver that fails and recovers has every event, those of a call in order,
// and a repeated one under the same id.
func TestFailingReceiver(t *testing.T) {
	w := newWorld(t)
	v := newReceiver(t, w.secret, func(n int, g got, w http.ResponseWriter, _ *http.Request) {
		if n <= 2 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	box := w.begin(quick(), v.server.URL)
	w.tell(box, "one", 2)
	v.wait(4)
	if want := []string{"one-1", "one-1", "one-1", "one-2"}; !slices.Equal(v.ids(), want) {
		t.Errorf("came %q", v.ids())
	}
	if d := w.delivery("one-1", outbox.Delivered); d.Tries != 3 {
		t.Errorf("%+v", d)
	}
}

func TestGivenUp(t *testing.T) {
	w := newWorld(t)
	v := newReceiver(t, w.secret, func(n int, g got, w http.ResponseWriter, _ *http.Request) {
		if g.id == "one-1" {
			w.WriteHeader(http.StatusBadRequest)
		}
	})
	box := w.begin(quick(), v.server.URL)
	w.tell(box, "one", 2)
	d := w.delivery("one-1", outbox.GivenUp)
	if d.Tries != 3 || d.Code != 400 || d.Error != "the receiver answered 400" || !d.Next.IsZero() {
		t.Errorf("%+v", d)
	}
	w.delivery("one-2", outbox.Delivered) // the rest of the call goes on
	if !strings.Contains(w.log.String(), `msg="webhook given up"`) {
		t.Error("the log does not say so")
	}
	if c, err := box.Counts(t.Context()); err != nil || c[outbox.Shown(v.server.URL)] != (outbox.Count{Delivered: 1, Failed: 3, GivenUp: 1}) {
		t.Errorf("%+v, %v", c, err)
	}
	// By hand it is sent once more, with all its tries.
	if err := box.Retry(t.Context(), d.Number); err != nil {
		t.Fatal(err)
	}
	v.wait(4 + 3)
	if err := box.Retry(t.Context(), 999); err == nil {
		t.Error("there is no 999")
	}
}

// A receiver that hangs delays nobody else, and its attempts end in time.
func TestHangingReceiver(t *testing.T) {
	w := newWorld(t)
	release := make(chan struct{})
	hangs := newReceiver(t, w.secret, func(_ int, _ got, _ http.ResponseWriter, r *http.Request) { <-release })
	defer close(release) // before the server is closed
	works := newReceiver(t, w.secret, nil)
	box := w.begin([]time.Duration{time.Minute}, hangs.server.URL, works.server.URL)
	for i := range 10 {
		w.tell(box, fmt.Sprint("call", i), 2)
	}
	works.wait(20)
	hangs.wait(1)
	d := w.delivery(hangs.ids()[0], outbox.Delivered) // at the one that works
	if d.Receiver != works.server.URL {
		t.Errorf("%+v", d)
	}
	for end := time.Now().Add(10 * time.Second); !strings.Contains(w.log.String(), "no answer in time"); {
		if time.Now().After(end) {
			t.Fatal("the attempt does not end")
		}
		time.Sleep(2 * time.Millisecond) // polling, with the deadline above
	}
}

// A redirect is not followed: the signed event is for the configured URL alone.
func TestRedirect(t *testing.T) {
	w := newWorld(t)
	other := newReceiver(t, w.secret, nil)
	v := newReceiver(t, w.secret, func(_ int, _ got, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.server.URL, http.StatusTemporaryRedirect)
	})
	box := w.begin(quick(), v.server.URL)
	w.tell(box, "one", 1)
	if d := w.delivery("one-1", outbox.GivenUp); d.Code != 307 || d.Error != "the receiver answered 307, and redirects are not followed" {
		t.Errorf("%+v", d)
	}
	if ids := other.ids(); len(ids) > 0 {
		t.Errorf("the other one was told %q", ids)
	}
}

// A receiver that lies about its answer, or never ends it, has taken the event
// with its status. More than a little is not read.
func TestLyingReceiver(t *testing.T) {
	w := newWorld(t)
	var written int
	done := make(chan struct{})
	v := newReceiver(t, w.secret, func(n int, _ got, w http.ResponseWriter, r *http.Request) {
		if n == 1 {
			w.Header().Set("Content-Length", "1000000000")
			w.Write([]byte("ok"))
			return
		}
		defer close(done)
		for {
			m, err := w.Write(make([]byte, 64<<10))
			if written += m; err != nil || written > 1<<30 {
				return
			}
		}
	})
	box := w.begin(quick(), v.server.URL)
	w.tell(box, "one", 2)
	w.delivery("one-1", outbox.Delivered)
	w.delivery("one-2", outbox.Delivered)
	<-done
	if written > 64<<20 {
		t.Errorf("%d bytes were read", written)
	}
}

// 410 stops what goes to this URL, until it is asked for by hand.
func TestGone(t *testing.T) {
	w := newWorld(t)
	gone := newReceiver(t, w.secret, func(n int, _ got, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			w.WriteHeader(http.StatusGone)
		}
	})
	works := newReceiver(t, w.secret, nil)
	box := w.begin(quick(), gone.server.URL, works.server.URL)
	w.tell(box, "one", 1)
	d := w.delivery("one-1", outbox.GivenUp)
	w.tell(box, "two", 1)
	works.wait(2)
	if ids := gone.ids(); len(ids) != 1 {
		t.Errorf("the one that is gone was told %q", ids)
	}
	if err := box.Retry(t.Context(), d.Number); err != nil {
		t.Fatal(err)
	}
	gone.wait(3)
}

// What was committed is delivered though the process died before it could, and
// what it was about to deliver arrives under the same id.
func TestKilledBetweenCommitAndDelivery(t *testing.T) {
	w := newWorld(t)
	v := newReceiver(t, w.secret, nil)
	w.tell(w.build(quick(), v.server.URL), "one", 2) // nobody runs it
	w.close()
	w.open()
	w.begin(quick(), v.server.URL)
	v.wait(2)
	w.delivery("one-2", outbox.Delivered)

	// Killed after the receiver had it and before that was saved: the lease of the
	// dead runs out.
	w.tell(w.build(quick(), v.server.URL), "two", 1)
	w.stop()
	w.stop = nil
	if _, err := w.store.ClaimDeliveries(t.Context(), v.server.URL, time.Now(), time.Now().Add(50*time.Millisecond), 1); err != nil {
		t.Fatal(err)
	}
	w.close()
	w.open()
	w.begin(quick(), v.server.URL)
	if d := w.delivery("two-1", outbox.Delivered); d.Event != "two-1" {
		t.Errorf("%+v", d)
	}
	if want := []string{"one-1", "one-2", "two-1"}; !slices.Equal(slices.Compact(v.ids()), want) {
		t.Errorf("came %q", v.ids())
	}
}

// Stopped in the middle of an attempt, it is made again at the next start, at
// once.
func TestStoppedInAnAttempt(t *testing.T) {
	w := newWorld(t)
	release := make(chan struct{})
	v := newReceiver(t, w.secret, func(n int, _ got, _ http.ResponseWriter, r *http.Request) {
		if n == 1 {
			<-release
		}
	})
	box := w.begin([]time.Duration{time.Hour}, v.server.URL)
	w.tell(box, "one", 1)
	v.wait(1)
	w.stop()
	w.stop = nil
	close(release)
	w.begin([]time.Duration{time.Hour}, v.server.URL)
	v.wait(1)
	w.delivery("one-1", outbox.Delivered)
}

// Two desks on one database deliver each event once.
func TestTwoOutboxes(t *testing.T) {
	w := newWorld(t)
	v := newReceiver(t, w.secret, nil)
	a, b := w.begin(quick(), v.server.URL), w.begin(quick(), v.server.URL)
	const calls = 30
	for i := range calls {
		w.tell(a, fmt.Sprintf("call%02d", i), 2)
		b.Written()
	}
	v.wait(2 * calls)
	w.delivery(fmt.Sprintf("call%02d-2", calls-1), outbox.Delivered)
	w.stop()
	w.stop = nil
	ids := v.ids()
	slices.Sort(ids)
	if n := len(slices.Compact(ids)); n != 2*calls || len(v.ids()) != n {
		t.Errorf("%d requests for %d events", len(v.ids()), n)
	}
}
