package phone_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"warmdesk/desk"
	"warmdesk/phone"
	"warmdesk/store"
	"warmdesk/twilio"
)

// body is the form of a webhook as long as Twilio's are.
func body(sid string) url.Values {
	f := url.Values{}
	for _, name := range strings.Fields("ApiVersion CallToken CalledCity CalledCountry CalledState CalledZip CallerCity CallerCountry CallerState CallerZip " +
		"FromCity FromCountry FromState FromZip ToCity ToCountry ToState ToZip") {
		f.Set(name, "value")
	}
	for name, value := range map[string]string{
		"AccountSid": account, "CallSid": sid, "CallStatus": "ringing", "Called": "+15550100", "To": "+15550100",
		"Caller": "+15550001", "From": "+15550001", "Direction": "inbound",
	} {
		f.Set(name, value)
	}
	return f
}

// benchmark posts a webhook per iteration, 16 at a time, to a desk with its
// database on disk. There is no network: the floor program has it.
func benchmark(b *testing.B, path string, told desk.Outbox, sid func(n int64) string) {
	s, err := store.Open(context.Background(), store.Config{URL: filepath.Join(b.TempDir(), "desk.db")})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	cfg := phone.Config{Account: account, AuthToken: token, PublicURL: public, Heard: hears(phone.Heard{MusicURL: public + "/music.wav"}), Logger: discard()}
	d, err := desk.New(context.Background(), desk.Config{
		Store: s, Phone: phone.NewCarrier(cfg), Feed: nobodyLooks{}, Account: account, Recovery: true, Outbox: told, Logger: discard(),
	})
	if err != nil {
		b.Fatal(err)
	}
	mux := http.NewServeMux()
	phone.NewWebhooks(cfg, d).Register(mux)
	post := func(path, sid string) {
		form := body(sid)
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set(twilio.SignatureHeader, twilio.Sign(token, public+path, form))
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Errorf("%d %s", w.Code, w.Body)
		}
	}
	post("/conference/connect/client", sid(0))
	var n atomic.Int64
	b.SetParallelism(max(1, 16/runtime.GOMAXPROCS(0)))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			post(path, sid(n.Add(1)))
		}
	})
}

// BenchmarkArrive is a new customer: signature, call saved, document.
func BenchmarkArrive(b *testing.B) {
	benchmark(b, "/conference/connect/client", nil, func(n int64) string { return "CA" + strconv.FormatInt(n, 10) })
}

// BenchmarkWait is a customer's wait document.
func BenchmarkWait(b *testing.B) {
	benchmark(b, "/conference/wait", nil, func(int64) string { return "CA1" })
}

// BenchmarkArriveTold is a new customer of whom another system is to be told.
func BenchmarkArriveTold(b *testing.B) {
	benchmark(b, "/conference/connect/client", receivers{"https://crm.example.com"}, func(n int64) string { return "CA" + strconv.FormatInt(n, 10) })
}

// receivers is an outbox that is never emptied.
type receivers []string

func (r receivers) Receivers() []string { return r }
func (receivers) Written()              {}
