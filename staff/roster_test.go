package staff_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/staff"
)

// Whoever comes and goes is told, also when another process changed it.
func TestRunTellsOfChanges(t *testing.T) {
	o := newOffice(t)
	o.add("root", "Root", staff.Admin)
	ctx, stop := context.WithCancel(t.Context())
	told := make(chan string, 10)
	done := make(chan error)
	go func() {
		done <- o.Run(ctx, func(_ context.Context, roster, former []agent.Agent) bool {
			words := []string{}
			for _, a := range roster {
				words = append(words, a.Name)
			}
			words = append(words, "/")
			for _, a := range former {
				words = append(words, a.Name)
			}
			told <- strings.Join(words, " ")
			return false
		})
	}()
	want := func(words string) {
		t.Helper()
		if got := <-told; got != words {
			t.Errorf("told %q, want %q", got, words)
		}
	}
	want("Root /")
	o.add("ana", "Ana", staff.Agent)
	want("Ana Root /")
	elsewhere := staff.New(staff.Config{Store: o.db})
	if err := elsewhere.SetDisabled(ctx, "ana", true, staff.Origin{}); err != nil {
		t.Fatal(err)
	}
	want("Root / Ana")

	// Whoever signs in is told of before they are let in.
	begun := time.Now()
	if err := elsewhere.Add(ctx, staff.User{ID: "ben", Name: "Ben", Role: staff.Agent}, "a long password", staff.Origin{}); err != nil {
		t.Fatal(err)
	}
	o.enter("ben", "a long password")
	select {
	case got := <-told:
		if got != "Ben Root / Ana" {
			t.Errorf("told %q", got)
		}
	default:
		t.Errorf("ben was let in after %v, and nobody told of him", time.Since(begun))
	}
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// The desk is told of a user's phone, and of who is disabled by name only.
func TestRoster(t *testing.T) {
	roster, former := staff.Roster([]staff.User{{ID: "ana", Name: "Ana", Phone: "+4930123456"}, {ID: "ben", Name: "Ben", Disabled: true}})
	if len(roster) != 1 || roster[0].Phone != "+4930123456" || len(former) != 1 || former[0].Name != "Ben" {
		t.Errorf("%+v and %+v", roster, former)
	}
}
