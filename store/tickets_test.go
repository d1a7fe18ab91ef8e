package store

import (
	"testing"
	"time"
)

func TestTickets(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), Config{URL: Memory})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for _, identity := range []string{"caller_1", "caller_2"} {
		if err := s.SaveTicket(t.Context(), identity, now, now.Add(5*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	use := func(identity, sid string, want bool) {
		t.Helper()
		if ok, err := s.UseTicket(t.Context(), identity, sid, now); err != nil || ok != want {
			t.Errorf("%s by %s: %v %v", identity, sid, ok, err)
		}
	}
	use("caller_0", "CA0", false)
	use("caller_1", "CA1", true)
	use("caller_1", "CA2", false)
	use("caller_1", "CA1", true) // the carrier asks again
	now = now.Add(5 * time.Minute)
	use("caller_2", "CA3", false) // too late
	use("caller_1", "CA1", true)
	now = now.Add(ticketKept)
	if err := s.SaveTicket(t.Context(), "caller_3", now, now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	use("caller_1", "CA1", false) // forgotten
}
