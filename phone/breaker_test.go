package phone_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/phone"
	"warmdesk/twilio"
)

// Kinds of answers.
var (
	fine      error
	down      = &twilio.Error{Status: 503, Code: 20503, Message: "Service Unavailable"}
	stranger  = &twilio.Error{Status: 401, Code: 20003, Message: "Authenticate"}
	wrong     = &twilio.Error{Status: 400, Code: 21211, Message: "The 'To' number is not valid"}
	timeOut   = context.DeadlineExceeded
	tooMany   = &twilio.Error{Status: 429, Code: 20429, Message: "Too Many Requests"}
	comeLater = &twilio.Error{Status: 429, Code: 20429, Message: "Too Many Requests", RetryAfter: 20 * time.Second}
)

// breaking is a breaker and its clock.
type breaking struct {
	*phone.Breaker
	t   *testing.T
	now time.Time
}

func newBreaking(t *testing.T) *breaking {
	b := &breaking{t: t, now: start()}
	b.Breaker = phone.NewBreaker(func() time.Time { return b.now }, func() float64 { return 0 })
	return b
}

// sends says whether a request is let through, and if so, how it ended.
func (b *breaking) sends(vital, want bool, end error) {
	b.t.Helper()
	err := b.Allow(vital)
	if (err == nil) != want {
		b.t.Errorf("at %v, vital %v: %v", b.now.Sub(start()), vital, err)
	}
	if err == nil {
		b.Ended(end)
	}
}

func (b *breaking) wait(d time.Duration) { b.now = b.now.Add(d) }

func TestBreaker(t *testing.T) {
	for name, failure := range map[string]error{"5xx": down, "401": stranger, "time-out": timeOut, "429": tooMany, "broken": errors.New("connection reset")} {
		t.Run(name, func(t *testing.T) {
			b := newBreaking(t)
			b.sends(false, true, failure)
			b.sends(false, true, failure)
			b.sends(false, true, fine) // in a row, it says
			b.sends(false, true, failure)
			b.sends(false, true, wrong) // is an answer, too
			if b.Trouble() != (desk.Trouble{}) {
				t.Errorf("trouble too soon: %+v", b.Trouble())
			}
			for range 3 {
				b.sends(false, true, failure)
			}
			if tr := b.Trouble(); tr.Since != b.now || tr.Why.Said == "" {
				t.Errorf("trouble is %+v", tr)
			}
			for _, pause := range []time.Duration{1, 2, 4, 8, 8} { // seconds
				b.sends(false, false, nil)
				b.sends(true, true, failure)
				b.wait(pause*time.Second - time.Millisecond)
				b.sends(false, false, nil)
				b.wait(time.Millisecond)
				b.sends(false, true, failure)
			}
			if tr := b.Trouble(); tr.Since != start() {
				t.Errorf("since %v", tr.Since)
			}
			b.sends(true, true, fine)
			b.sends(false, true, fine)
			if b.Trouble() != (desk.Trouble{}) {
				t.Errorf("trouble that is over: %+v", b.Trouble())
			}
		})
	}
}

// One finds out, and the others wait for the answer.
func TestBreakerProbesWithOne(t *testing.T) {
	b := newBreaking(t)
	for range 3 {
		b.sends(false, true, down)
	}
	b.wait(time.Second)
	if err := b.Allow(false); err != nil {
		t.Fatal(err)
	}
	b.sends(false, false, nil)
	b.Ended(nil)
	b.sends(false, true, fine)
}

// What the carrier asks for is kept from the first time on, and no longer than is
// good for a caller.
func TestBreakerComesLater(t *testing.T) {
	b := newBreaking(t)
	b.sends(false, true, comeLater)
	b.wait(19 * time.Second)
	b.sends(false, false, nil)
	b.sends(true, true, wrong)
	b.sends(false, true, &twilio.Error{Status: 429, RetryAfter: time.Hour})
	b.wait(call.RetryMost - time.Second)
	b.sends(false, false, nil)
	b.wait(time.Second)
	b.sends(false, true, fine)
}

// While the carrier fails, what a live customer depends on is sent, and nothing
// else; what is held back says so, and when to come again.
func TestCarrierHoldsBack(t *testing.T) {
	p, r := newCarrier(t, nil)
	r.status = http.StatusInternalServerError
	c := conversation(t)
	carry := func(kind call.ActionKind, leg call.LegID) call.Result {
		return p.Carry(t.Context(), c, call.Action{Kind: kind, Leg: leg, Key: "k", Attempt: 1})
	}
	for range 3 {
		if result := carry(call.Dial, "one-3"); result.Verdict != call.Unknown || result.Refusal.Said == "" || result.Why == "" {
			t.Errorf("a failed dial: %+v", result)
		}
	}
	asked := r.count()
	for _, kind := range []call.ActionKind{call.Dial, call.Find, call.Look, call.Collect} {
		result := carry(kind, "one-3")
		if result.Verdict != call.TryBack || result.Why != "" || result.RetryIn < time.Second/2 || result.RetryIn > 3*time.Second || result.Refusal.Said == "" {
			t.Errorf("%s held back: %+v", kind, result)
		}
	}
	if _, err := p.Strangers(t.Context(), func(string) bool { return false }); err == nil {
		t.Error("strangers were asked for")
	}
	if n := r.count(); n != asked {
		t.Errorf("sent %d", n-asked)
	}
	for i, kind := range []call.ActionKind{call.Hold, call.Unhold, call.Enter, call.Hang} {
		carry(kind, "one-1")
		if r.count() != asked+i+1 {
			t.Errorf("%s was not sent", kind)
		}
	}
	// Whether a hold has happened must be seen before anything else is asked for.
	c.Doing = append(c.Doing, call.Doing{Key: "place:one-1", Kind: call.Hold, Unknown: true})
	if carry(call.Look, ""); r.count() == asked+4 {
		t.Error("a look that somebody waits for was not sent")
	}
}

// Too many at once come back at times of their own.
func TestCarrierSpreadsTooMany(t *testing.T) {
	for _, test := range []struct {
		kind        call.ActionKind
		attempt     int
		least, most time.Duration
	}{
		{call.Look, 1, 20 * time.Second, 21 * time.Second},
		{call.Look, 9, 20 * time.Second, 28 * time.Second},
		{call.Hang, 2, 20 * time.Second, 22 * time.Second}, // and the rulebook shortens it
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "20")
			w.WriteHeader(http.StatusTooManyRequests)
		}))
		p := carrierAt(t, server.URL)
		result := p.Carry(t.Context(), conversation(t), call.Action{Kind: test.kind, Leg: "one-2", Key: "k", Attempt: test.attempt})
		if result.Verdict != call.TryBack || result.RetryIn < test.least || result.RetryIn > test.most {
			t.Errorf("%s, attempt %d: %+v", test.kind, test.attempt, result)
		}
		server.Close()
	}
}

// The account's queue is told of, and offers stay out of it while it is long.
func TestCarrierTellsOfTheQueue(t *testing.T) {
	p, r := newCarrier(t, map[string]string{"POST /Calls.json": `{"sid":"CA9","queue_time":"9000"}`})
	c := conversation(t)
	dial := func() call.Result {
		return p.Carry(t.Context(), c, call.Action{Kind: call.Dial, Leg: "one-3", Key: "dial:one-3", Attempt: 1})
	}
	if result := dial(); result.Verdict != call.Done || result.Queued != 9*time.Second {
		t.Errorf("a target: %+v", result)
	}
	c.Leg("one-3").Purpose = call.Offer
	if result := dial(); result.Verdict != call.TryBack || result.RetryIn < 7*time.Second || r.count() != 1 {
		t.Errorf("an offer: %+v", result)
	}
}

// Whoever takes no requests at all is found out though nobody asks for anything.
func TestWatchFindsOut(t *testing.T) {
	p, r := newCarrier(t, nil)
	r.status = http.StatusUnauthorized
	told := make(chan desk.Trouble, 1)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- p.Watch(ctx, func(tr desk.Trouble) { told <- tr }) }()
	if tr := <-told; !strings.Contains(tr.Why.Said, "HTTP 401") {
		t.Errorf("told %+v", tr)
	}
	cancel()
	<-ended
}

// The trouble is told, and its end is found though nobody asks for anything.
func TestWatch(t *testing.T) {
	p, r := newCarrier(t, map[string]string{"GET /Conferences.json": `{"conferences":[]}`})
	told := make(chan desk.Trouble, 10)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- p.Watch(ctx, func(tr desk.Trouble) { told <- tr }) }()
	set := func(status int) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.status = status
	}
	set(http.StatusUnauthorized)
	for range 3 {
		p.Carry(t.Context(), conversation(t), call.Action{Kind: call.Hang, Leg: "one-2", Key: "k", Attempt: 1})
	}
	if tr := <-told; tr.Since.IsZero() || tr.Why.Said == "" {
		t.Errorf("told %+v", tr)
	}
	set(0)
	if tr := <-told; tr != (desk.Trouble{}) {
		t.Errorf("told %+v of the end", tr)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}
