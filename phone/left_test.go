package phone

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmdesk/call"
	"warmdesk/desk"
	"warmdesk/twilio"
)

// keeper notes what it is told, and fails as often as it is told to.
type keeper struct {
	kept  []desk.LeftBehind
	fails int
}

func (k *keeper) TakeUp(_ context.Context, b desk.LeftBehind) error {
	if k.fails > 0 {
		k.fails--
		return errors.New("no store")
	}
	k.kept = append(k.kept, b)
	return nil
}

// Only messages count that somebody left in a call to our number that is over; each
// is taken up once, but for one that could not be kept.
func TestMessagesLeftBehind(t *testing.T) {
	const number = "+15550100"
	type object = map[string]any
	calls := map[string]object{
		"CA1": {"direction": "inbound", "to": number, "from": "+15550001", "status": "completed", "date_created": "Sun, 22 Nov 2026 09:00:00 +0000", "end_time": "Sun, 22 Nov 2026 09:01:00 +0000"},
		"CA2": {"direction": "inbound", "to": "+15550199", "from": "+15550002", "status": "completed"},    // another program's number
		"CA3": {"direction": "outbound-api", "to": number, "from": "+15550003", "status": "completed"},    // a test call of somebody's
		"CA4": {"direction": "inbound", "to": number, "from": "+266696687", "status": "in-progress"},      // who speaks still
		"CA5": {"direction": "inbound", "to": number, "from": "+15550005", "status": "completed"},         // who said nothing that is kept
		"CA6": {"direction": "inbound", "to": number, "from": "+15550006", "status": "completed", "x": 1}, // recorded as a whole
	}
	recordings := []object{
		{"sid": "RE2", "call_sid": "CA1", "status": "completed", "source": "RecordVerb", "duration": "2", "start_time": "Sun, 22 Nov 2026 09:00:40 +0000"},
		{"sid": "RE1", "call_sid": "CA1", "status": "completed", "source": "RecordVerb", "duration": "5", "start_time": "Sun, 22 Nov 2026 09:00:10 +0000"},
		{"sid": "RE3", "call_sid": "CA2", "status": "completed", "source": "RecordVerb", "duration": "5"},
		{"sid": "RE4", "call_sid": "CA3", "status": "completed", "source": "RecordVerb", "duration": "5"},
		{"sid": "RE5", "call_sid": "CA4", "status": "completed", "source": "RecordVerb", "duration": "5"},
		{"sid": "RE6", "call_sid": "CA5", "status": "processing", "source": "RecordVerb"},
		{"sid": "RE7", "call_sid": "CA6", "status": "completed", "source": "DialVerb", "duration": "60"},
		{"sid": "RE8", "call_sid": "CA7", "status": "completed", "source": "RecordVerb", "duration": "5"}, // of a call that is deleted
	}
	asked := 0
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		var body any = object{"recordings": recordings}
		if name, ok := strings.CutPrefix(r.URL.Path, "/2010-04-01/Accounts/AC1/Calls/"); ok {
			asked++
			c, known := calls[strings.TrimSuffix(name, ".json")]
			if !known {
				w.WriteHeader(http.StatusNotFound)
				c = object{"code": 20404, "message": "not found"}
			}
			body = c
		} else if got := r.URL.Query().Get("DateCreated>"); got != "2026-11-21T10:00:00Z" {
			t.Errorf("recordings since %s", got)
		}
		if err := json.NewEncoder(w).Encode(body); err != nil {
			t.Error(err)
		}
	}))
	defer api.Close()
	client, err := twilio.NewClient(twilio.Config{AccountSID: "AC1", Password: "x", BaseURL: api.URL})
	if err != nil {
		t.Fatal(err)
	}
	k := &keeper{fails: 1}
	m := NewMessages(Config{Client: client, Account: "AC1", Number: number, Logger: slog.New(slog.DiscardHandler)}, k)
	since := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	if err := m.look(t.Context(), since); err == nil {
		t.Error("what could not be kept is said to be")
	}
	for range 3 {
		if err := m.look(t.Context(), since); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	want := []desk.LeftBehind{{
		Caller:   call.Arrived{Account: "AC1", SID: "CA1", Number: "+15550001"},
		Messages: []call.Message{{RecordingSID: "RE1", Length: 5 * time.Second}, {RecordingSID: "RE2", Length: 2 * time.Second}},
		Began:    began, Over: began.Add(time.Minute),
	}}
	if d := cmp.Diff(want, k.kept); d != "" {
		t.Error(d)
	}
	if asked > 12 { // a call in progress is asked for again, the others are known
		t.Errorf("%d calls were asked for", asked)
	}
	calls["CA4"]["status"] = "completed"
	if err := m.look(t.Context(), since); err != nil || len(k.kept) != 2 || k.kept[1].Caller.Number != "" {
		t.Errorf("who has hung up since: %+v %v", k.kept[1:], err)
	}
}
