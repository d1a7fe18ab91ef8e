package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmdesk/call"
	"warmdesk/desk"
)

func TestTickets(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), Config{URL: Memory})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	save := func(ticket desk.Ticket) desk.Ticket {
		t.Helper()
		if err := s.SaveTicket(t.Context(), ticket); err != nil {
			t.Fatal(err)
		}
		return ticket
	}
	one := save(desk.Ticket{Identity: "caller_1", Given: now, Expires: now.Add(5 * time.Minute),
		Vouched: call.Vouched{ID: "42", Name: "Dana", Phone: "+15550001", Email: "dana@example.com", Topic: "Invoice"}})
	save(desk.Ticket{Identity: "caller_2", Given: now, Expires: now.Add(5 * time.Minute)})
	use := func(identity, sid string, want desk.Ticket) {
		t.Helper()
		got, err := s.UseTicket(t.Context(), identity, sid, now)
		if diff := cmp.Diff(want, got); diff != "" || errors.Is(err, desk.ErrNotFound) != (want == desk.Ticket{}) || err != nil && !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s by %s: %v\n%s", identity, sid, err, diff)
		}
	}
	use("caller_0", "CA0", desk.Ticket{})
	use("caller_1", "CA1", one)
	use("caller_1", "CA2", desk.Ticket{})
	use("caller_1", "CA1", one) // the carrier asks again
	now = now.Add(5 * time.Minute)
	use("caller_2", "CA3", desk.Ticket{}) // too late
	use("caller_1", "CA1", one)
	now = now.Add(ticketKept)
	save(desk.Ticket{Identity: "caller_3", Given: now, Expires: now.Add(time.Minute)})
	use("caller_1", "CA1", desk.Ticket{}) // forgotten
}
