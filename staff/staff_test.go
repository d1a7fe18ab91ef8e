package staff_test

import (
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"warmdesk/agent"
	"warmdesk/staff"
	"warmdesk/store"
)

// office is a staff on a real database, with a clock of its own.
type office struct {
	*staff.Staff
	t   *testing.T
	db  *store.Store
	now time.Time
}

const (
	elsewhere = "203.0.113.9"
	home      = "192.0.2.1"
	secret    = "correct horse"
)

func newOffice(t *testing.T, fixed ...staff.Fixed) *office {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{URL: store.Memory})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	o := &office{t: t, db: db, now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	o.Staff = staff.New(staff.Config{Store: db, Fixed: fixed, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return o.now }})
	return o
}

func (o *office) add(id agent.ID, name string, role staff.Role) {
	o.t.Helper()
	if err := o.Add(o.t.Context(), staff.User{ID: id, Name: name, Role: role}, secret, staff.Origin{}); err != nil {
		o.t.Fatal(err)
	}
}

// enter signs in and gives the token.
func (o *office) enter(name, password string, known ...string) string {
	o.t.Helper()
	_, token, err := o.SignIn(o.t.Context(), name, password, known, home)
	if err != nil {
		o.t.Fatalf("sign in %s: %v", name, err)
	}
	return token
}

// try signs in from an address and tells what came of it.
func (o *office) try(name, password, address string, known ...string) string {
	_, _, err := o.SignIn(o.t.Context(), name, password, known, address)
	locked, isLocked := errors.AsType[*staff.LockedError](err)
	switch {
	case err == nil:
		return "in"
	case isLocked:
		return locked.For.String()
	case errors.Is(err, staff.ErrWrong):
		return "wrong"
	}
	return err.Error()
}

// holds tells whether a token still signs in, and the one to be used from now on.
func (o *office) holds(token string) (bool, string) {
	o.t.Helper()
	_, fresh, err := o.Check(o.t.Context(), token)
	if err != nil && !errors.Is(err, staff.ErrSignedOut) {
		o.t.Fatal(err)
	}
	return err == nil, fresh
}

func TestLockoutBacksOff(t *testing.T) {
	for _, name := range []string{"ana", "nobody of this name"} { // the answers are the same
		o := newOffice(t)
		o.add("ana", "Ana", staff.Agent)
		for _, step := range []struct {
			after time.Duration
			want  string
		}{
			{0, "wrong"}, {0, "wrong"}, {0, "wrong"}, {0, "wrong"}, {0, "wrong"},
			{0, "30s"}, {29 * time.Second, "1s"}, {time.Second, "wrong"},
			{0, "1m0s"}, {time.Minute, "wrong"},
			{0, "2m0s"}, {2 * time.Minute, "wrong"}, {4 * time.Minute, "wrong"}, {8 * time.Minute, "wrong"}, {15 * time.Minute, "wrong"},
			{0, "15m0s"}, {15 * time.Minute, "wrong"},
			{0, "15m0s"}, {time.Hour, "wrong"}, {0, "wrong"}, // a quiet hour forgets
		} {
			o.now = o.now.Add(step.after)
			if got := o.try(name, "guess guess", elsewhere); got != step.want {
				t.Fatalf("%s at %s: %s, want %s", name, o.now.Format(time.TimeOnly), got, step.want)
			}
		}
	}
}

func TestLockoutSpares(t *testing.T) {
	o := newOffice(t)
	o.add("ana", "Ana", staff.Agent)
	o.add("ben", "Ben", staff.Agent)
	token := o.enter("Ana", secret)
	for range 5 {
		o.try("ana", "guess guess", elsewhere)
	}
	if ok, _ := o.holds(token); !ok {
		t.Error("guessing elsewhere ended a session")
	}
	if got := o.try("ana", secret, home); got != "30s" {
		t.Errorf("a browser nobody knows: %s", got)
	}
	o.now = o.now.Add(staff.IdleTime) // the session is over, the browser still known
	for range 5 {
		o.try("ana", "guess guess", elsewhere)
	}
	if got := o.try("ana", secret, home, token); got != "in" {
		t.Errorf("her own browser: %s", got)
	}
	for range 5 {
		o.try("ana", "guess guess", home, token)
	}
	if got := o.try("ana", secret, home, token); got != "30s" {
		t.Errorf("guessing in her browser: %s", got)
	}
	if got := o.try("ben", secret, elsewhere, token); got != "in" { // somebody else's session is no help, and no harm
		t.Errorf("a colleague: %s", got)
	}
}

func TestOneAddressGuessesManyNames(t *testing.T) {
	o := newOffice(t)
	o.add("ana", "Ana", staff.Agent)
	for i := range 20 {
		if got := o.try("user"+string(rune('a'+i)), "guess guess", "2001:db8::1"); got != "wrong" {
			t.Fatalf("try %d: %s", i, got)
		}
	}
	if got := o.try("ana", secret, "2001:db8::ffff:2"); got != "30s" { // the same /64
		t.Errorf("a neighbour's address: %s", got)
	}
	if got := o.try("ana", secret, home); got != "in" {
		t.Errorf("another address: %s", got)
	}
}

// Sign-ins under way count, so many at once are no way around.
func TestManyGuessesAtOnce(t *testing.T) {
	o := newOffice(t)
	o.add("ana", "Ana", staff.Agent)
	var mu sync.Mutex
	answers := map[string]int{}
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			got := o.try("ana", "guess guess", elsewhere)
			mu.Lock()
			defer mu.Unlock()
			answers[got]++
		})
	}
	all.Wait()
	if answers["wrong"] != 5 || answers["30s"] != 7 {
		t.Errorf("%v", answers)
	}
}

func TestSessionsEnd(t *testing.T) {
	o := newOffice(t)
	o.add("ana", "Ana", staff.Agent)
	idle, busy := o.enter("ana", secret), o.enter("ana", secret)
	for range 3 {
		o.now = o.now.Add(staff.IdleTime - time.Minute)
		ok, fresh := o.holds(busy)
		if !ok || fresh == "" {
			t.Fatalf("a session in use ended at %v, or kept its token", o.now)
		}
		busy = fresh
		if ok, _ := o.holds(busy); !ok {
			t.Fatal("the new token is not good")
		}
	}
	if ok, _ := o.holds(idle); ok {
		t.Error("an idle session lasts")
	}
	o.now = o.now.Add(3 * time.Minute)
	if ok, _ := o.holds(busy); ok {
		t.Error("a session lasts longer than a day")
	}
}

func TestTokensRotate(t *testing.T) {
	o := newOffice(t)
	o.add("ana", "Ana", staff.Agent)
	first := o.enter("ana", secret)
	if first == o.enter("ana", secret) {
		t.Error("two sign-ins have one token")
	}
	o.now = o.now.Add(59 * time.Minute)
	if _, fresh := o.holds(first); fresh != "" {
		t.Error("a new token too early")
	}
	o.now = o.now.Add(time.Minute)
	_, lost := o.holds(first) // the answer gets lost
	if _, again := o.holds(first); lost == "" || again != "" {
		t.Errorf("tokens %q, then %q: one at a time", lost, again)
	}
	o.now = o.now.Add(2 * time.Minute)
	ok, second := o.holds(first)
	if !ok || second == "" || second == lost {
		t.Fatalf("after a lost answer: %v, %q", ok, second)
	}
	if ok, _ := o.holds(second); !ok {
		t.Fatal("the new token is not good")
	}
	if ok, _ := o.holds(first); !ok {
		t.Error("a request under way with the old token is refused")
	}
	o.now = o.now.Add(time.Minute)
	if ok, _ := o.holds(first); ok {
		t.Error("the old token stays good")
	}
	if ok, _ := o.holds(lost); ok {
		t.Error("the lost token is good")
	}
	if ok, fresh := o.holds(second); !ok || fresh != "" {
		t.Error("the second token is not good")
	}
}

func TestChangesEndSessions(t *testing.T) {
	o := newOffice(t)
	o.add("root", "Root", staff.Admin)
	ctx := t.Context()
	for name, change := range map[string]func(id agent.ID) error{
		"disabled":            func(id agent.ID) error { return o.SetDisabled(ctx, id, true, staff.Origin{}) },
		"another password":    func(id agent.ID) error { return o.SetPassword(ctx, id, "another one", staff.Origin{}) },
		"signed out by other": func(id agent.ID) error { return o.SignOutEverywhere(ctx, id, staff.Origin{}) },
	} {
		id := agent.ID(strings.ReplaceAll(name, " ", "_"))
		o.add(id, name, staff.Agent)
		one, two := o.enter(string(id), secret), o.enter(string(id), secret)
		if err := change(id); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		a, _ := o.holds(one)
		b, _ := o.holds(two)
		if a || b {
			t.Errorf("%s: still signed in", name)
		}
	}
	if got := o.try("disabled", secret, home); got != "wrong" {
		t.Errorf("a disabled user signs in: %s", got)
	}
}

func TestOwnPassword(t *testing.T) {
	o := newOffice(t)
	o.add("ana", "Ana", staff.Agent)
	mine, other := o.enter("ana", secret), o.enter("ana", secret)
	who, _, err := o.Check(t.Context(), mine)
	if err != nil {
		t.Fatal(err)
	}
	by := staff.Origin{User: "ana", Session: who.Session, Address: home}
	for _, c := range []struct {
		old, password string
		want          error
	}{
		{"wrong wrong", "another one", staff.ErrWrong}, {secret, "short", staff.ErrShort}, {secret, strings.Repeat("x", 2000), staff.ErrLong},
		{secret, "another one", nil},
	} {
		if err := o.ChangePassword(t.Context(), c.old, c.password, by); !errors.Is(err, c.want) {
			t.Errorf("from %q to %.20q: %v, want %v", c.old, c.password, err, c.want)
		}
	}
	if ok, _ := o.holds(mine); !ok {
		t.Error("whoever changes the password is signed out")
	}
	if ok, _ := o.holds(other); ok {
		t.Error("the other browser is still signed in")
	}
	o.enter("ana", "another one")
}

func TestPeopleOfTheConfiguration(t *testing.T) {
	o := newOffice(t, staff.Fixed{ID: "agent1", Name: "Ana", Password: "secret"}, staff.Fixed{ID: "agent2", Name: "Ben", Password: "other"})
	role := func(token string) staff.Role {
		t.Helper()
		o.now = o.now.Add(time.Second)
		who, _, err := o.Check(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		return who.User.Role
	}
	token := o.enter("ana", "secret")
	if got := role(token); got != staff.Admin {
		t.Errorf("alone: %s", got)
	}
	o.add("dana", "Dana", staff.Agent)
	if got := role(token); got != staff.Admin {
		t.Errorf("beside an agent: %s", got)
	}
	o.add("root", "Root", staff.Admin)
	if got := role(token); got != staff.Agent {
		t.Errorf("beside an admin: %s", got)
	}
	o.add("agent2", "Benjamin", staff.Lead) // stored: AGENTS counts no more
	if got := o.try("agent2", "other", home); got != "wrong" {
		t.Errorf("the old password: %s", got)
	}
	o.enter("benjamin", secret)
	if err := o.SetPassword(t.Context(), "agent1", "another one", staff.Origin{}); !errors.Is(err, staff.ErrFixed) {
		t.Errorf("a password of AGENTS was changed: %v", err)
	}
}

func TestTheLastAdminStays(t *testing.T) {
	o := newOffice(t)
	o.add("root", "Root", staff.Admin)
	ctx := t.Context()
	if err := o.SetDisabled(ctx, "root", true, staff.Origin{}); !errors.Is(err, staff.ErrLastAdmin) {
		t.Errorf("disabled: %v", err)
	}
	if err := o.SetRole(ctx, "root", staff.Lead, staff.Origin{}); !errors.Is(err, staff.ErrLastAdmin) {
		t.Errorf("made a lead: %v", err)
	}
	o.add("ana", "Ana", staff.Admin)
	if err := o.SetRole(ctx, "root", staff.Lead, staff.Origin{}); err != nil {
		t.Errorf("with another admin: %v", err)
	}
}

func TestLinks(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	old, err := o.FirstLink(ctx, staff.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	first, err := o.FirstLink(ctx, staff.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	use := func(token string, id agent.ID, password string) error {
		_, _, err := o.UseLink(ctx, token, id, "Ana", password, home)
		return err
	}
	for name, c := range map[string]struct {
		token    string
		id       agent.ID
		password string
		want     error
	}{
		"replaced": {old, "ana", secret, staff.ErrLink}, "made up": {"00", "ana", secret, staff.ErrLink},
		"a bad id": {first, "A", secret, staff.ErrID}, "a short password": {first, "ana", "x", staff.ErrShort},
	} {
		if err := use(c.token, c.id, c.password); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if err := use(first, "ana", secret); err != nil {
		t.Fatal(err)
	}
	if err := use(first, "eve", secret); !errors.Is(err, staff.ErrLink) {
		t.Errorf("used twice: %v", err)
	}
	if _, err := o.FirstLink(ctx, staff.Origin{}); !errors.Is(err, staff.ErrTaken) {
		t.Errorf("a second first admin: %v", err)
	}
	if users, err := o.Users(ctx); err != nil || len(users) != 1 || users[0].Role != staff.Admin {
		t.Errorf("%+v, %v", users, err)
	}
	if err := o.Add(ctx, staff.User{ID: "ben", Name: "Ben", Role: staff.Agent}, "", staff.Origin{}); err != nil {
		t.Fatal(err)
	}
	if got := o.try("ben", "", home); got != "wrong" {
		t.Errorf("without a password: %s", got)
	}
	invite, err := o.Invite(ctx, "ben", staff.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	if u, err := o.OpenLink(ctx, invite); err != nil || u.ID != "ben" {
		t.Errorf("%+v, %v", u, err)
	}
	o.now = o.now.Add(24 * time.Hour)
	if err := use(invite, "", secret); !errors.Is(err, staff.ErrLink) {
		t.Errorf("after a day: %v", err)
	}
}

// The trail tells who came and who did not, and never what was typed.
func TestAuditTrail(t *testing.T) {
	o := newOffice(t)
	o.add("ana", "Ana", staff.Agent)
	o.try("ana", "my wrong password", home)
	o.try("my password, in the wrong field", "x", home)
	o.enter("ana", secret)
	list, err := o.Deeds(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range list {
		got = append(got, strings.Join([]string{string(d.What), string(d.Who), d.On, d.Address, d.Outcome}, "|"))
	}
	want := []string{"sign_in|ana|ana|192.0.2.1|ok", "sign_in|||192.0.2.1|failed", "sign_in||ana|192.0.2.1|failed", "user_added||ana agent||ok"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q", got)
	}
}

// A hash of weaker parameters is made anew when its owner signs in.
func TestWeakHashesAreMadeAnew(t *testing.T) {
	o := newOffice(t)
	// Of the reference implementation, the password being "password", with one round.
	const weak = "$argon2id$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$9qWtwbpyPd3vm1rB1GThgPzZ3/ydHL92zKL+15XZypg"
	ana := staff.User{ID: "ana", Name: "Ana", Role: staff.Agent, Hash: weak, Created: o.now, PasswordSet: o.now}
	if err := o.db.SaveUser(t.Context(), staff.Change{User: ana, New: true}); err != nil {
		t.Fatal(err)
	}
	o.enter("ana", "password")
	users, err := o.Users(t.Context())
	if err != nil || users[0].Hash == weak || !strings.Contains(users[0].Hash, "t=2") || !users[0].PasswordSet.Equal(ana.PasswordSet) {
		t.Errorf("%+v, %v", users, err)
	}
	o.enter("ana", "password")
}
