package phone_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"warmdesk/agent"
	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/phone"
	"warmdesk/twilio"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account = "AC00000000000000000000000000000001"
	token   = "secret-token"
	public  = "https://desk.example.test"
)

// start is when the calls of these tests begin.
func start() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }

// fakeDesk keeps calls in memory, by the real rulebook.
type fakeDesk struct {
	recovery bool
	broken   error // what every method answers while set
	later    time.Duration
	calls    map[call.ID]call.Call
	facts    []call.Event
	raw      url.Values // of the last word
}

func (d *fakeDesk) Name(id agent.ID) string { return string(id) }

func (d *fakeDesk) Arrive(ctx context.Context, e call.Arrived, raw url.Values) (call.Call, error) {
	if d.broken != nil {
		return call.Call{}, d.broken
	}
	for _, c := range d.calls {
		if c.LegBySID(e.SID) != nil {
			return c, nil
		}
	}
	for id, c := range d.calls {
		if e.Return != "" && c.Return == e.Return {
			return d.Fact(ctx, id, e, raw)
		}
	}
	e.Call, e.Recovery = call.ID("call-"+e.SID), d.recovery
	c := call.Create(e, start())
	d.calls[c.ID], d.raw = c, raw
	return c, nil
}

func (d *fakeDesk) Fact(_ context.Context, id call.ID, e call.Event, raw url.Values) (call.Call, error) {
	if d.broken != nil {
		return call.Call{}, d.broken
	}
	c, ok := d.calls[id]
	if !ok {
		return call.Call{}, desk.ErrNotFound
	}
	d.facts, d.raw = append(d.facts, e), raw
	c, err := call.Step(c, e, start().Add(d.later))
	d.calls[id] = c
	return c, err
}

func (d *fakeDesk) Resolve(_ context.Context, account, ref string) (call.ID, error) {
	if d.broken != nil {
		return "", d.broken
	}
	for id, c := range d.calls {
		if string(id) == ref || (c.Account == account && c.LegBySID(ref) != nil) {
			return id, nil
		}
	}
	return "", desk.ErrNotFound
}

func (d *fakeDesk) Call(_ context.Context, id call.ID) (call.Call, error) {
	c, ok := d.calls[id]
	if d.broken != nil || !ok {
		return call.Call{}, errors.Join(d.broken, desk.ErrNotFound)
	}
	return c, nil
}

// step applies an event that the test makes happen.
func (d *fakeDesk) step(t *testing.T, id call.ID, e call.Event) call.Call {
	t.Helper()
	c, err := call.Step(d.calls[id], e, start().Add(d.later))
	if err != nil {
		t.Fatal(err)
	}
	d.calls[id] = c
	return c
}

// site is a desk behind its webhooks.
type site struct {
	*fakeDesk
	mux *http.ServeMux
	log strings.Builder
}

func newSite() *site { return newSiteWith(phone.Heard{}) }

// newSiteWith is one whose customers hear what h says, besides the music.
func newSiteWith(h phone.Heard) *site {
	h.MusicURL = public + "/assets/music.wav"
	s := &site{fakeDesk: &fakeDesk{recovery: true, calls: map[call.ID]call.Call{}}, mux: http.NewServeMux()}
	phone.NewWebhooks(phone.Config{
		Account: account, AuthToken: token, PublicURL: public + "/", Number: "+15550100",
		Heard: hears(h), Logger: slog.New(slog.NewTextHandler(&s.log, nil)),
	}, s.fakeDesk).Register(s.mux)
	return s
}

// send makes a request of any kind.
func (s *site) send(path, body, signature string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if signature != "" {
		r.Header.Set(twilio.SignatureHeader, signature)
	}
	w := httptest.NewRecorder()
	s.mux.ServeHTTP(w, r)
	return w
}

// signed posts a genuine webhook.
func (s *site) signed(path string, form url.Values) *httptest.ResponseRecorder {
	return s.send(path, form.Encode(), twilio.Sign(token, public+path, form))
}

// post posts a genuine webhook and returns the document.
func (s *site) post(t *testing.T, path string, pairs ...string) string {
	t.Helper()
	form := url.Values{"AccountSid": {account}, "Direction": {"inbound"}, "CallStatus": {"in-progress"}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	w := s.signed(path, form)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/xml") {
		t.Fatalf("%s: %d %s %s", path, w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	_, doc, _ := strings.Cut(w.Body.String(), "\n")
	return doc
}

func (s *site) arrive(t *testing.T) string {
	t.Helper()
	return s.post(t, "/conference/connect/client", "CallSid", "CA1", "From", "+15550001", "CallStatus", "ringing")
}

// ring offers the customer of CA1 to ana, whose leg is call-CA1-2.
func (s *site) ring(t *testing.T) {
	t.Helper()
	s.arrive(t)
	s.step(t, "call-CA1", call.Offered{Agent: "ana"})
}

func discard() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// hears is customers hearing the same all the time.
func hears(h phone.Heard) func() phone.Heard { return func() phone.Heard { return h } }
