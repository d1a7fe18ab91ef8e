package storetest

import (
	"testing"
	"time"

	"warmdesk/call"
	"warmdesk/desk"
)

// lately: a customer is known by the number, or by the name where the number is a
// page's; and the last call to end need not be the last to begin.
func lately(t *testing.T, s Store) {
	if at, err := s.LastEnded(t.Context(), "AC1"); err != nil || !at.IsZero() {
		t.Fatalf("before any call: %v, %v", at, err)
	}
	for _, made := range []struct {
		id, account, number, name string
		ago                       time.Duration
		ended                     time.Duration // ago; 0: goes on
	}{
		{"01A", "AC1", "+15550001", "", 8 * 24 * time.Hour, 7 * 24 * time.Hour},
		{"01B", "AC1", "+15550001", "Dana", 3 * time.Hour, time.Minute},
		{"01C", "AC1", "client:caller_1", "Dana", 2 * time.Hour, time.Hour},
		{"01D", "AC1", "client:caller_2", "Emil", time.Hour, 30 * time.Minute},
		{"01E", "AC1", "+15550001", "", time.Minute, 0},
		{"01F", "AC2", "+15550001", "", time.Minute, time.Second},
	} {
		c := arrive(made.id)
		c.Account, c.Number, c.Name, c.StartedAt = made.account, made.number, made.name, Now().Add(-made.ago)
		c.Legs[0].SID, c.Room = "CA-lately-"+made.id, "CA-lately-"+made.id
		if made.ended > 0 {
			c.Stage, c.EndedAt = call.Ended, Now().Add(-made.ended)
		}
		save(t, s, desk.Save{Call: c})
	}
	week := Now().Add(-7 * 24 * time.Hour)
	for _, test := range []struct {
		number, name string
		want         int
	}{
		{"+15550001", "", 2}, {"+15550001", "Emil", 2}, {"+15550002", "Dana", 0},
		{"client:caller_9", "Dana", 2}, {"client:caller_1", "", 0}, {"client:caller_1", "Noor", 0},
	} {
		if n, err := s.CountCalls(t.Context(), "AC1", test.number, test.name, week); err != nil || n != test.want {
			t.Errorf("%q, %q: %d calls, want %d: %v", test.number, test.name, n, test.want, err)
		}
	}
	if at, err := s.LastEnded(t.Context(), "AC1"); err != nil || !at.Equal(Now().Add(-time.Minute)) {
		t.Errorf("the last call ended at %v, %v", at, err)
	}
}
