package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func newTestClient(t *testing.T, handler http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c, err := NewClient(Config{AccountSID: testAccount, Password: "token", BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCreateCallSendsTheForm(t *testing.T) {
	c := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != testAccount || password != "token" {
			t.Errorf("authenticated as %s:%s", user, password)
		}
		if want := "/2010-04-01/Accounts/" + testAccount + "/Calls.json"; r.Method != "POST" || r.URL.Path != want {
			t.Errorf("%s %s, want POST %s", r.Method, r.URL.Path, want)
		}
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		want := map[string][]string{
			"To": {"client:agent1?leg=1"}, "From": {"+15550001"}, "Url": {"https://a.test/x"}, "Timeout": {"21"},
			"StatusCallback": {"https://a.test/s"}, "StatusCallbackEvent": {"ringing", "completed"},
		}
		if diff := cmp.Diff(want, map[string][]string(r.PostForm)); diff != "" {
			t.Errorf("form (-want +got):\n%s", diff)
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"sid":"CA1","status":"queued","start_time":null,"date_created":"Thu, 1 Jun 2017 20:48:32 +0000","new_field":[]}`))
	})
	call, err := c.CreateCall(t.Context(), NewCall{
		To: "client:agent1?leg=1", From: "+15550001", URL: "https://a.test/x", StatusCallback: "https://a.test/s",
		StatusCallbackEvents: []string{"ringing", "completed"}, Timeout: 20*time.Second + time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	if call.SID != "CA1" || call.Status != CallQueued || !call.StartTime.IsZero() ||
		!call.DateCreated.Equal(time.Date(2017, 6, 1, 20, 48, 32, 0, time.UTC)) {
		t.Errorf("call = %+v", call)
	}
}

func TestUpdateParticipant(t *testing.T) {
	c := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		if got := r.URL.EscapedPath(); got != "/2010-04-01/Accounts/"+testAccount+"/Conferences/CF1/Participants/a%20b.json" {
			t.Errorf("path %s", got)
		}
		want := map[string][]string{"Hold": {"true"}, "HoldUrl": {"https://a.test/h"}, "HoldMethod": {"POST"}, "Muted": {"false"}}
		if diff := cmp.Diff(want, map[string][]string(r.PostForm)); diff != "" {
			t.Error(diff)
		}
		_, _ = w.Write([]byte(`{"call_sid":"CA1","hold":true}`))
	})
	yes, no := true, false
	p, err := c.UpdateParticipant(t.Context(), "CF1", "a b", ParticipantUpdate{Hold: &yes, Muted: &no, HoldURL: "https://a.test/h", HoldMethod: "POST"})
	if err != nil || !p.Hold {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestErrorsKeepTheirStatus(t *testing.T) {
	for name, c := range map[string]struct {
		status            int
		contentType, body string
		want              Error
	}{
		"Twilio's shape": {
			404, "application/json; charset=utf-8", `{"code":20404,"message":"not found","more_info":"https://x","status":404}`,
			Error{Status: 404, Code: 20404, Message: "not found", MoreInfo: "https://x"},
		},
		"a gateway's page": {503, "text/html", "<h1>busy</h1>", Error{Status: 503, Message: "Service Unavailable: <h1>busy</h1>"}},
		"nothing":          {502, "", "", Error{Status: 502, Message: "Bad Gateway"}},
		"a redirect":       {307, "application/json", "{}", Error{Status: 307, Message: "Temporary Redirect: {}"}},
	} {
		client := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", c.contentType)
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		})
		err := client.DeleteParticipant(t.Context(), "CF1", "CA1")
		e, ok := errors.AsType[*Error](err)
		if !ok || *e != c.want {
			t.Errorf("%s: %#v", name, err)
		}
		if IsCode(err, CodeNotFound) != (c.want.Code == CodeNotFound) {
			t.Errorf("%s: IsCode", name)
		}
	}
}

func TestErrorsTellWhenToComeAgain(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-1": 0, "soon": 0,
		time.Now().Add(time.Hour).UTC().Format(http.TimeFormat):  time.Hour,
		time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat): 0,
	} {
		client := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		err := client.DeleteParticipant(t.Context(), "CF1", "CA1")
		e, ok := errors.AsType[*Error](err)
		if !ok || e.RetryAfter > want || e.RetryAfter < want-time.Minute {
			t.Errorf("Retry-After %q: %v", header, err)
		}
	}
}

func TestListFollowsPages(t *testing.T) {
	const next = "/2010-04-01/Accounts/" + testAccount + "/Calls.json?Page=1&PageToken=x"
	c := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		answer := map[string]any{"calls": []map[string]any{{"sid": "CA3"}}, "next_page_uri": nil}
		if r.URL.Query().Get("Page") == "" {
			if r.URL.Query().Get("To") != "client:agent1" {
				t.Errorf("query %s", r.URL.RawQuery)
			}
			answer = map[string]any{"calls": []map[string]any{{"sid": "CA1"}, {"sid": "CA2"}}, "next_page_uri": next}
		}
		_ = json.NewEncoder(w).Encode(answer)
	})
	for limit, want := range map[int]int{0: 3, 1: 1, 2: 2, 3: 3, 10: 3} {
		calls, err := c.ListCalls(t.Context(), CallFilter{To: "client:agent1", Limit: limit})
		if err != nil || len(calls) != want {
			t.Errorf("limit %d: %d calls, %v", limit, len(calls), err)
		}
	}
}

func TestListRefusesAnotherHost(t *testing.T) {
	c := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(`{"conferences":[{"sid":"CF1"}],"next_page_uri":"//evil.test/x"}`))
	})
	if _, err := c.ListConferences(t.Context(), ConferenceFilter{}); err == nil {
		t.Error("the credentials were sent to another host")
	}
}

func TestContextEndsARequest(t *testing.T) {
	arrived := make(chan struct{})
	c := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	if _, err := c.FetchCall(ctx, "CA1"); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
}

func TestNewClientChecks(t *testing.T) {
	for name, cfg := range map[string]Config{
		"no account": {},
		"no host":    {AccountSID: testAccount, BaseURL: "api.twilio.com"},
		"a file":     {AccountSID: testAccount, BaseURL: "file:///x"},
	} {
		if _, err := NewClient(cfg); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
