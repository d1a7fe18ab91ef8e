package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmdesk/staff"
)

func users(t *testing.T, s Store) {
	ctx := t.Context()
	ana := staff.User{ID: "ana", Name: "Ana", Role: staff.Admin, Phone: "+4930123456", Hash: "$argon2id$…", Created: Now(), PasswordSet: Now().Add(time.Second)}
	ben := staff.User{ID: "ben", Name: "Ben", Role: staff.Agent, Created: Now()}
	save := func(c staff.Change) error { t.Helper(); return s.SaveUser(ctx, c) }
	want := func(list ...staff.User) {
		t.Helper()
		if got, err := s.Users(ctx); err != nil || !cmp.Equal(got, list) {
			t.Fatalf("%v\n%s", err, cmp.Diff(list, got))
		}
	}
	want()
	must(t, save(staff.Change{User: ana, New: true, First: true, Deed: staff.Deed{At: Now(), What: staff.UserAdded, On: "ana", Outcome: staff.Done}}))
	wantErr(t, save(staff.Change{User: ben, New: true, First: true}), staff.ErrTaken)
	wantErr(t, save(staff.Change{User: ana, New: true, Deed: staff.Deed{What: staff.UserAdded}}), staff.ErrTaken)
	wantErr(t, save(staff.Change{User: ben, Deed: staff.Deed{What: staff.RoleChanged}}), staff.ErrNotFound)
	must(t, save(staff.Change{User: ben, New: true}))
	want(ana, ben)
	for i, user := range []staff.User{ana, ben, ben} {
		must(t, s.BeginSession(ctx, staff.Session{ID: string(rune('a' + i)), User: user.ID, Token: staff.Digest{byte(i + 1)}, Seen: Now()}, nil, time.Time{}, staff.Deed{}))
	}
	must(t, s.SaveLink(ctx, staff.Link{Digest: staff.Digest{9}, User: "ben", Expires: Now()}, staff.Deed{}))
	ben.Disabled, ben.Role = true, staff.Lead
	must(t, save(staff.Change{User: ben, EndSessions: true, KeepSession: "c", DropLinks: true}))
	want(ana, ben)
	for id, there := range map[string]bool{"a": true, "b": false, "c": true} {
		if _, err := s.SessionOf(ctx, id); (err == nil) != there {
			t.Errorf("session %s: %v", id, err)
		}
	}
	_, err := s.Link(ctx, staff.Digest{9})
	wantErr(t, err, staff.ErrNotFound)
	list, err := s.Deeds(ctx, 0, 10)
	if err != nil || len(list) != 1 {
		t.Errorf("what failed was written down, or what was not to be: %+v, %v", list, err)
	}
}

func links(t *testing.T, s Store) {
	ctx := t.Context()
	first := staff.Link{Digest: staff.Digest{1}, Expires: Now().Add(time.Hour)}
	must(t, s.SaveLink(ctx, staff.Link{Digest: staff.Digest{7}, Expires: Now()}, staff.Deed{}))
	must(t, s.SaveLink(ctx, first, staff.Deed{}))
	_, err := s.Link(ctx, staff.Digest{7}) // replaced
	wantErr(t, err, staff.ErrNotFound)
	if got, err := s.Link(ctx, first.Digest); err != nil || got != first {
		t.Errorf("%+v, %v", got, err)
	}
	ana := staff.User{ID: "ana", Name: "Ana", Role: staff.Admin}
	must(t, s.SaveUser(ctx, staff.Change{User: ana, New: true, Link: first.Digest}))
	wantErr(t, s.SaveUser(ctx, staff.Change{User: ana, Link: first.Digest}), staff.ErrNotFound)
	wantErr(t, s.SaveUser(ctx, staff.Change{User: staff.User{ID: "eve"}, New: true, Link: first.Digest}), staff.ErrNotFound)
	if got, err := s.Users(ctx); err != nil || len(got) != 1 {
		t.Errorf("a used link made a user: %+v, %v", got, err)
	}
}

func sessions(t *testing.T, s Store) {
	ctx := t.Context()
	old := staff.Session{ID: "old", User: "ana", Began: Now(), Seen: Now(), Token: staff.Digest{5}, Since: Now()}
	one := staff.Session{ID: "one", User: "ana", Began: Now(), Seen: Now().Add(time.Hour), Token: staff.Digest{1}, Since: Now()}
	must(t, s.BeginSession(ctx, old, nil, time.Time{}, staff.Deed{}))
	must(t, s.BeginSession(ctx, one, nil, Now().Add(time.Second), staff.Deed{}))
	_, err := s.Session(ctx, old.Token) // forgotten
	wantErr(t, err, staff.ErrNotFound)
	next := one
	next.Next, next.NextSince, next.Old, next.OldUntil = staff.Digest{2}, Now(), staff.Digest{3}, Now().Add(time.Minute)
	if saved, err := s.UseSession(ctx, one, next); err != nil || !saved {
		t.Fatalf("use: %v, %v", saved, err)
	}
	for token := range 3 {
		if got, err := s.Session(ctx, staff.Digest{byte(token + 1)}); err != nil || got != next {
			t.Errorf("token %d: %v\n%s", token+1, err, cmp.Diff(next, got))
		}
	}
	late := one
	late.Next = staff.Digest{4}
	if saved, err := s.UseSession(ctx, one, late); err != nil || saved {
		t.Errorf("another request was first: %v, %v", saved, err)
	}
	for range 2 {
		must(t, s.EndSession(ctx, "one", staff.Deed{}))
	}
	_, err = s.SessionOf(ctx, "one")
	wantErr(t, err, staff.ErrNotFound)
	for i, id := range []string{"x", "y", "z"} {
		must(t, s.BeginSession(ctx, staff.Session{ID: id, User: "ben", Seen: Now(), Token: staff.Digest{byte(10 + i)}}, nil, time.Time{}, staff.Deed{}))
	}
	must(t, s.EndSessions(ctx, "ben", "y", staff.Deed{}))
	for id, there := range map[string]bool{"x": false, "y": true, "z": false} {
		if _, err := s.SessionOf(ctx, id); (err == nil) != there {
			t.Errorf("session %s: %v", id, err)
		}
	}
}

func attempts(t *testing.T, s Store) {
	ctx := t.Context()
	a := staff.Attempts{Key: "account:1", Failures: 5, Last: Now(), Until: Now().Add(30 * time.Second)}
	b := staff.Attempts{Key: "address:1", Failures: 1, Last: Now().Add(time.Minute)}
	must(t, s.SaveAttempts(ctx, []staff.Attempts{a, b}, time.Time{}))
	got, err := s.Attempts(ctx, []string{"account:1", "address:1", "none"})
	if err != nil || !cmp.Equal(got, []staff.Attempts{a, b}) {
		t.Fatalf("%v: %+v", err, got)
	}
	b.Failures = 2
	must(t, s.SaveAttempts(ctx, []staff.Attempts{b}, Now().Add(time.Second))) // a is locked for longer than that
	if got, err = s.Attempts(ctx, []string{"account:1", "address:1"}); err != nil || !cmp.Equal(got, []staff.Attempts{a, b}) {
		t.Errorf("%v: %+v", err, got)
	}
	must(t, s.SaveAttempts(ctx, nil, Now().Add(31*time.Second)))
	must(t, s.BeginSession(ctx, staff.Session{ID: "s", User: "ana", Token: staff.Digest{1}, Seen: Now()}, []string{"address:1"}, time.Time{}, staff.Deed{}))
	if got, err = s.Attempts(ctx, []string{"account:1", "address:1"}); err != nil || len(got) != 0 {
		t.Errorf("%v: not forgotten: %+v", err, got)
	}
}

func deeds(t *testing.T, s Store) {
	ctx := t.Context()
	want := []staff.Deed{
		{At: Now(), Who: "ana", Address: "192.0.2.1", What: staff.Exported, On: "calls", Outcome: staff.Done},
		{At: Now(), Address: staff.CommandLine, What: staff.UserAdded, On: "ben agent", Outcome: staff.Failed},
	}
	for i := range want {
		must(t, s.AppendDeed(ctx, want[i]))
		want[i].Number = int64(i + 1)
	}
	got, err := s.Deeds(ctx, 0, 10)
	if err != nil || !cmp.Equal(got, []staff.Deed{want[1], want[0]}) {
		t.Errorf("%v\n%s", err, cmp.Diff(want, got))
	}
	if got, err = s.Deeds(ctx, 2, 10); err != nil || !cmp.Equal(got, want[:1]) {
		t.Errorf("before the second: %v %+v", err, got)
	}
	if got, err = s.Deeds(ctx, 0, 1); err != nil || !cmp.Equal(got, want[1:]) {
		t.Errorf("one: %v %+v", err, got)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
