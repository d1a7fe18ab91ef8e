package staff

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"warmdesk/agent"
)

// ErrWrong: the name and the password do not fit together. Nothing more is told.
var ErrWrong = errors.New("that name and password do not fit together")

// ErrSignedOut: there is no such session, or no longer.
var ErrSignedOut = errors.New("not signed in")

// LockedError: too many sign-ins have failed.
type LockedError struct{ For time.Duration }

func (e *LockedError) Error() string {
	return fmt.Sprintf("too many sign-ins have failed; the next may be tried in %v", e.For.Round(time.Second))
}

// Identity is who a request comes from.
type Identity struct {
	User    User
	Session string // its id
}

// SignIn begins a session and returns its token. known are tokens of older
// sessions that the browser still has. ErrWrong, ErrBusy, *LockedError.
func (s *Staff) SignIn(ctx context.Context, typed, password string, known []string, address string) (User, string, error) {
	if typed == "" || password == "" {
		return User{}, "", ErrWrong // nobody's guess
	}
	users, err := s.Users(ctx)
	if err != nil {
		return User{}, "", err
	}
	u, found := meant(users, typed)
	account := string(u.ID)
	if !found {
		account = typed
	}
	by := Origin{Address: address}
	keys := attemptKeys(account, address, s.knownSession(ctx, u.ID, known))
	wait, last, err := s.try(ctx, keys)
	if err != nil || wait > 0 {
		return User{}, "", errors.Join(err, lockedFor(wait))
	}
	fits, weak, err := s.fits(ctx, u, password)
	switch {
	case err != nil:
		return User{}, "", err
	case !found || !fits || u.Disabled:
		outcome := Failed
		switch {
		case fits && u.Disabled:
			outcome = Disabled
		case last:
			outcome = Locked
		}
		// On names a user only: what else was typed may be a password.
		return User{}, "", errors.Join(ErrWrong, s.Note(ctx, by, SignedIn, string(u.ID), outcome))
	}
	if weak {
		s.rehash(ctx, u, password)
	}
	token, err := s.begin(ctx, u.ID, slices.Collect(maps.Keys(keys)), address, SignedIn)
	return u, token, err
}

func lockedFor(wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	return &LockedError{wait}
}

// begin writes a new session; succeeded are failed sign-ins to be forgotten.
func (s *Staff) begin(ctx context.Context, id agent.ID, succeeded []string, address string, what What) (string, error) {
	token, now := newToken(), s.now()
	session := Session{ID: ulid.Make().String(), User: id, Began: now, Seen: now, Token: digestOf(token), Since: now}
	d := s.deed(Origin{User: id, Session: session.ID, Address: address}, what, string(id))
	if err := s.store.BeginSession(ctx, session, succeeded, now.Add(-KnownTime), d); err != nil {
		return "", fmt.Errorf("begin session of %s: %w", id, err)
	}
	s.introduce(ctx, id)
	return token, nil
}

// knownSession is the id of a session of this user that the browser once had.
func (s *Staff) knownSession(ctx context.Context, id agent.ID, known []string) string {
	const most = 8 // cookies of one browser that are looked at
	for _, token := range known[:min(len(known), most)] {
		old, err := s.store.Session(ctx, digestOf(token))
		if err == nil && id != "" && old.User == id {
			return old.ID
		}
	}
	return ""
}

// try counts a sign-in as failed before it is looked at, or tells how long there
// is to wait; last is set when this one, if it fails, locks the next.
func (s *Staff) try(ctx context.Context, keys map[string]int) (wait time.Duration, last bool, err error) {
	s.tries.Lock()
	defer s.tries.Unlock()
	now := s.now()
	list, err := s.store.Attempts(ctx, slices.Collect(maps.Keys(keys)))
	if err != nil {
		return 0, false, fmt.Errorf("load failed sign-ins: %w", err)
	}
	next := make([]Attempts, 0, len(keys))
	for key, limit := range keys {
		a := Attempts{Key: key}
		if i := slices.IndexFunc(list, func(a Attempts) bool { return a.Key == key }); i >= 0 {
			a = list[i]
		}
		wait = max(wait, a.Locked(now))
		next = append(next, a.Failed(limit, now))
	}
	if wait > 0 {
		return wait, false, nil
	}
	last = slices.ContainsFunc(next, func(a Attempts) bool { return a.Locked(now) > 0 })
	return 0, last, s.store.SaveAttempts(ctx, next, now.Add(-quiet))
}

// fits checks a password. It takes the same time for people who do not exist, and
// for those of the configuration.
func (s *Staff) fits(ctx context.Context, u User, password string) (fits, weak bool, err error) {
	if len(password) > MostPassword {
		password = ""
	}
	fits, weak, err = s.hashes.check(ctx, password, u.Hash)
	if u.Hash != "" || err != nil {
		return fits, weak, err
	}
	want, fixed := "", false
	for _, f := range s.fixed {
		if f.ID == u.ID && u.Created.IsZero() { // no stored user of this id
			want, fixed = f.Password, true
		}
	}
	got, expected := sha256.Sum256([]byte(password)), sha256.Sum256([]byte(want))
	return subtle.ConstantTimeCompare(got[:], expected[:]) == 1 && fixed, false, nil
}

// rehash keeps a password with today's parameters. It can wait for the next time.
func (s *Staff) rehash(ctx context.Context, u User, password string) {
	hash, err := s.hashes.make(ctx, password)
	if err == nil {
		u.Hash = hash
		err = s.save(ctx, Change{User: u})
	}
	if err != nil {
		s.log.Error("hash a password anew", "user", u.ID, "err", err)
	}
}

// Check tells who a browser's token belongs to. fresh, when not empty, is the token
// the browser is to use from now on. ErrSignedOut.
func (s *Staff) Check(ctx context.Context, token string) (who Identity, fresh string, err error) {
	d, now := digestOf(token), s.now()
	was, err := s.store.Session(ctx, d)
	if errors.Is(err, ErrNotFound) || err == nil && (!was.Live(now) || !was.Has(d, now)) {
		return who, "", ErrSignedOut
	}
	if err == nil {
		who, err = s.identity(ctx, was)
	}
	if err != nil {
		return Identity{}, "", err
	}
	fresh = newToken()
	next, given := was.Use(d, digestOf(fresh), now)
	if next != was {
		saved, err := s.store.UseSession(ctx, was, next)
		if err != nil {
			return Identity{}, "", fmt.Errorf("note the use of a session: %w", err)
		}
		given = given && saved // or another request was first, and its answer has the new token
	}
	if !given {
		fresh = ""
	}
	return who, fresh, nil
}

// Still tells whether the session of an open page holds, and notes its use.
// ErrSignedOut.
func (s *Staff) Still(ctx context.Context, session string) (Identity, error) {
	now := s.now()
	was, err := s.store.SessionOf(ctx, session)
	if errors.Is(err, ErrNotFound) || err == nil && !was.Live(now) {
		return Identity{}, ErrSignedOut
	}
	if err != nil {
		return Identity{}, fmt.Errorf("look at a session: %w", err)
	}
	who, err := s.identity(ctx, was)
	if err != nil {
		return Identity{}, err
	}
	next, _ := was.Use(Digest{}, Digest{}, now)
	if next != was {
		if _, err := s.store.UseSession(ctx, was, next); err != nil {
			return Identity{}, fmt.Errorf("note the use of a session: %w", err)
		}
	}
	return who, nil
}

func (s *Staff) identity(ctx context.Context, of Session) (Identity, error) {
	users, err := s.lately(ctx)
	if err != nil {
		return Identity{}, err
	}
	i := slices.IndexFunc(users, func(u User) bool { return u.ID == of.User })
	if i < 0 || users[i].Disabled {
		return Identity{}, ErrSignedOut
	}
	return Identity{users[i], of.ID}, nil
}

// SignOut ends one session.
func (s *Staff) SignOut(ctx context.Context, by Origin) error {
	return s.store.EndSession(ctx, by.Session, s.deed(by, SignedOut, string(by.User)))
}

// SignOutEverywhere ends every session of a user.
func (s *Staff) SignOutEverywhere(ctx context.Context, id agent.ID, by Origin) error {
	return s.store.EndSessions(ctx, id, "", s.deed(by, SignedOutAll, string(id)))
}

// ChangePassword is a user's own change, who says the old password too. It counts
// as a sign-in that may fail. ErrWrong, ErrFixed, *LockedError.
func (s *Staff) ChangePassword(ctx context.Context, old, password string, by Origin) error {
	u, err := s.stored(ctx, by.User)
	if err != nil {
		return err
	}
	keys := attemptKeys(string(u.ID), by.Address, by.Session)
	if wait, _, err := s.try(ctx, keys); err != nil || wait > 0 {
		return errors.Join(err, lockedFor(wait))
	}
	fits, _, err := s.fits(ctx, u, old)
	if err != nil {
		return err
	}
	if !fits {
		return errors.Join(ErrWrong, s.Note(ctx, by, PasswordChanged, string(u.ID), Failed))
	}
	if err := s.forget(ctx, keys); err != nil {
		return err
	}
	return s.SetPassword(ctx, u.ID, password, by)
}

// forget takes back what try has counted.
func (s *Staff) forget(ctx context.Context, keys map[string]int) error {
	s.tries.Lock()
	defer s.tries.Unlock()
	var list []Attempts
	for key := range keys {
		list = append(list, Attempts{Key: key})
	}
	return s.store.SaveAttempts(ctx, list, s.now().Add(-quiet))
}
