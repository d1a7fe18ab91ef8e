package staff

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"warmdesk/agent"
)

// Store keeps users, sessions, links, failed sign-ins and the audit trail. Every
// method is durable when it returns nil and changes nothing when it returns an
// error; several desks may use one store.
type Store interface {
	// Users loads everybody, by id.
	Users(ctx context.Context) ([]User, error)
	// SaveUser carries a change out in one transaction. ErrTaken, ErrNotFound.
	SaveUser(ctx context.Context, c Change) error
	// Session finds the session that has a token of this digest; ErrNotFound. It may
	// be over: the rules know.
	Session(ctx context.Context, token Digest) (Session, error)
	// SessionOf finds a session by its id; ErrNotFound.
	SessionOf(ctx context.Context, id string) (Session, error)
	// BeginSession writes a new session and forgets failed sign-ins and sessions not
	// seen since forget.
	BeginSession(ctx context.Context, s Session, succeeded []string, forget time.Time, d Deed) error
	// UseSession writes next where was is still what is stored, and says whether it
	// did: somebody else may have been faster.
	UseSession(ctx context.Context, was, next Session) (bool, error)
	// EndSessions deletes the session of this id, or all of a user but that one.
	EndSession(ctx context.Context, id string, d Deed) error
	EndSessions(ctx context.Context, user agent.ID, but string, d Deed) error
	// SaveLink replaces the links of the same user.
	SaveLink(ctx context.Context, l Link, d Deed) error
	// Link finds a link; ErrNotFound.
	Link(ctx context.Context, digest Digest) (Link, error)
	// Attempts loads failed sign-ins; those there are none of are missing.
	Attempts(ctx context.Context, keys []string) ([]Attempts, error)
	// SaveAttempts writes them, and forgets those whose last is before forget.
	SaveAttempts(ctx context.Context, list []Attempts, forget time.Time) error
	// AppendDeed adds a line to the audit trail.
	AppendDeed(ctx context.Context, d Deed) error
	// Deeds loads lines, newest first, from before that number on; 0: from the newest.
	Deeds(ctx context.Context, before int64, limit int) ([]Deed, error)
}

// Change is a change of one user, to be written as a whole.
type Change struct {
	User User
	New  bool // ErrTaken when there is one already; otherwise ErrNotFound when there is none
	// First: only when there is no user at all; otherwise ErrTaken.
	First bool
	// Link is used up by the change; ErrNotFound when it is not there. Zero: none.
	Link Digest
	// EndSessions signs the user out everywhere but in the session KeepSession.
	EndSessions bool
	KeepSession string
	// DropLinks takes back the links made for the user.
	DropLinks bool
	Deed      Deed
}

// Fixed is somebody whom the configuration lets sign in (AGENTS).
type Fixed struct {
	ID       agent.ID
	Name     string
	Password string
}

// Config is everything a Staff needs.
type Config struct {
	Store Store
	// Fixed are the people of AGENTS. A stored user of the same id comes first.
	Fixed  []Fixed
	Logger *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Staff is who may sign in and who is signed in. Its methods may be called from
// many goroutines.
type Staff struct {
	store  Store
	fixed  []Fixed
	log    *slog.Logger
	now    func() time.Time
	hashes *hasher

	tries sync.Mutex // held from reading failed sign-ins to having written them

	wake chan struct{} // to Run: something has changed here

	mu     sync.Mutex
	users  []User // as of looked; never changed in place
	looked time.Time
	// told is the roster as Run has last told of it, and telling is closed when it
	// tells again; nil while Run does not run.
	told    []agent.Agent
	telling chan struct{}
}

// New builds a Staff.
func New(cfg Config) *Staff {
	s := &Staff{store: cfg.Store, fixed: cfg.Fixed, log: cfg.Logger, now: cfg.Now, hashes: newHasher(), wake: make(chan struct{}, 1)}
	if s.now == nil {
		s.now = time.Now
	}
	return s
}

// Users are those who may sign in, by id: the stored ones, and those of the
// configuration. The latter are admins until a stored user is: somebody must be
// able to add the others, and whoever sets AGENTS can do anything already.
func (s *Staff) Users(ctx context.Context) ([]User, error) {
	users, err := s.store.Users(ctx)
	if err != nil {
		return nil, fmt.Errorf("load users: %w", err)
	}
	role := Admin
	if slices.ContainsFunc(users, func(u User) bool { return u.Role == Admin && !u.Disabled && u.Hash != "" }) {
		role = Agent
	}
	for _, f := range s.fixed {
		if !slices.ContainsFunc(users, func(u User) bool { return u.ID == f.ID }) {
			users = append(users, User{ID: f.ID, Name: f.Name, Role: role})
		}
	}
	slices.SortFunc(users, func(a, b User) int { return cmp.Compare(a.ID, b.ID) })
	return users, nil
}

// lately are Users as they were less than a second ago: every request asks for
// them. Whoever is disabled loses the sessions at once.
func (s *Staff) lately(ctx context.Context) ([]User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if s.users != nil && !now.Before(s.looked) && now.Sub(s.looked) < time.Second {
		return s.users, nil
	}
	users, err := s.Users(ctx)
	if err == nil {
		s.users, s.looked = users, now
	}
	return users, err
}

// save carries a change out. What was known of the users holds no longer.
func (s *Staff) save(ctx context.Context, c Change) error {
	err := s.store.SaveUser(ctx, c)
	s.mu.Lock()
	s.users = nil
	s.mu.Unlock()
	s.look()
	return err
}

// look has Run look at the users at once.
func (s *Staff) look() {
	select {
	case s.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// introduceTime is the longest that somebody's sign-in waits for the desk.
const introduceTime = 2 * time.Second

// introduce has somebody who was stored beside us, by the command line for example,
// known here before they are let in: the desk has a place for them when their page
// asks for it. Whoever is known already waits for nothing.
func (s *Staff) introduce(ctx context.Context, id agent.ID) {
	ctx, cancel := context.WithTimeout(ctx, introduceTime)
	defer cancel()
	for {
		s.mu.Lock()
		if !slices.ContainsFunc(s.users, func(u User) bool { return u.ID == id }) {
			s.users = nil
		}
		known, telling := slices.ContainsFunc(s.told, func(a agent.Agent) bool { return a.ID == id }), s.telling
		s.mu.Unlock()
		if known || telling == nil {
			return
		}
		s.look()
		select {
		case <-telling:
		case <-ctx.Done():
			return // the desk learns of them in time
		}
	}
}

// tells notes what Run has told of; nil: nothing any more.
func (s *Staff) tells(roster []agent.Agent, again chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.telling != nil {
		close(s.telling)
	}
	s.told, s.telling = roster, again
}

// Roster is who works at the desk, and who did: those who are disabled.
func Roster(users []User) (roster, former []agent.Agent) {
	for _, u := range users {
		a := agent.Agent{ID: u.ID, Name: u.Name, Phone: u.Phone}
		if u.Disabled {
			former = append(former, a)
		} else {
			roster = append(roster, a)
		}
	}
	return roster, former
}

// lookEvery is how soon a change made elsewhere, by the command line for example,
// is noticed.
const lookEvery = 2 * time.Second

// Run tells changed of the roster whenever it is another one, until ctx ends. It
// is told again while it fails, or says that somebody who is to go is still in a
// call.
func (s *Staff) Run(ctx context.Context, changed func(ctx context.Context, roster, former []agent.Agent) (again bool)) error {
	var last []agent.Agent
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	s.tells(nil, make(chan struct{}))
	defer s.tells(nil, nil)
	for again := true; ; {
		users, err := s.Users(ctx)
		roster, former := Roster(users)
		switch {
		case err != nil && ctx.Err() == nil:
			s.log.Error("look at the users", "err", err)
		case err == nil && (again || !slices.EqualFunc(last, roster, agent.Agent.Same)):
			again, last = changed(ctx, roster, former), roster
			s.tells(roster, make(chan struct{}))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		case <-s.wake:
		}
	}
}

// Add stores a new user, without a password unless one is given.
func (s *Staff) Add(ctx context.Context, u User, password string, by Origin) error {
	if err := u.Check(); err != nil {
		return err
	}
	u.Created = s.now()
	if password != "" {
		var err error
		if u, err = s.withPassword(ctx, u, password); err != nil {
			return err
		}
	}
	return s.save(ctx, Change{User: u, New: true, Deed: s.deed(by, UserAdded, string(u.ID)+" "+string(u.Role))})
}

func (s *Staff) withPassword(ctx context.Context, u User, password string) (User, error) {
	if err := u.CheckPassword(password); err != nil {
		return u, err
	}
	hash, err := s.hashes.make(ctx, password)
	u.Hash, u.PasswordSet = hash, s.now()
	return u, err
}

// SetPassword gives a stored user a password and signs them out everywhere but in
// the session by.Session. ErrNotFound.
func (s *Staff) SetPassword(ctx context.Context, id agent.ID, password string, by Origin) error {
	u, err := s.stored(ctx, id)
	if err != nil {
		return err
	}
	if u, err = s.withPassword(ctx, u, password); err != nil {
		return err
	}
	return s.save(ctx, Change{User: u, EndSessions: true, KeepSession: by.Session, DropLinks: true, Deed: s.deed(by, PasswordChanged, string(id))})
}

// ErrFixed: people of the configuration are changed there.
var ErrFixed = errors.New("this user is named in AGENTS and is changed there")

// SetDisabled takes a stored user's sign-in away and ends their sessions, or
// gives it back. A call they are in goes on. ErrNotFound, ErrLastAdmin.
func (s *Staff) SetDisabled(ctx context.Context, id agent.ID, disabled bool, by Origin) error {
	u, err := s.stored(ctx, id)
	if err != nil {
		return err
	}
	what := UserEnabled
	if disabled {
		what = UserDisabled
	}
	u.Disabled = disabled
	return s.change(ctx, Change{User: u, EndSessions: disabled, DropLinks: disabled, Deed: s.deed(by, what, string(id))})
}

// SetRole gives a stored user another role. ErrNotFound, ErrRole, ErrLastAdmin.
func (s *Staff) SetRole(ctx context.Context, id agent.ID, role Role, by Origin) error {
	if !role.Valid() {
		return ErrRole
	}
	u, err := s.stored(ctx, id)
	if err != nil {
		return err
	}
	u.Role = role
	return s.change(ctx, Change{User: u, Deed: s.deed(by, RoleChanged, string(id)+" "+string(role))})
}

// SetPhone gives a stored user another number where they take calls; empty: none.
// ErrNotFound, ErrPhone.
func (s *Staff) SetPhone(ctx context.Context, id agent.ID, phone string, by Origin) error {
	u, err := s.stored(ctx, id)
	if err != nil {
		return err
	}
	u.Phone = phone
	if err := u.Check(); err != nil {
		return err
	}
	return s.change(ctx, Change{User: u, Deed: s.deed(by, PhoneChanged, string(id))})
}

// ErrLastAdmin: somebody must be able to add the others.
var ErrLastAdmin = errors.New("this is the last admin: make somebody else an admin first")

// change saves a change unless it leaves nobody who could undo it.
func (s *Staff) change(ctx context.Context, c Change) error {
	users, err := s.store.Users(ctx)
	if err != nil {
		return fmt.Errorf("load users: %w", err)
	}
	admins, left := 0, 0
	for _, u := range users {
		if u.Role == Admin && !u.Disabled {
			admins++
			if u.ID != c.User.ID || c.User.Role == Admin && !c.User.Disabled {
				left++
			}
		}
	}
	if admins > 0 && left == 0 && len(s.fixed) == 0 {
		return ErrLastAdmin
	}
	return s.save(ctx, c)
}

func (s *Staff) stored(ctx context.Context, id agent.ID) (User, error) {
	users, err := s.store.Users(ctx)
	if err != nil {
		return User{}, fmt.Errorf("load users: %w", err)
	}
	if i := slices.IndexFunc(users, func(u User) bool { return u.ID == id }); i >= 0 {
		return users[i], nil
	}
	if slices.ContainsFunc(s.fixed, func(f Fixed) bool { return f.ID == id }) {
		return User{}, ErrFixed
	}
	return User{}, ErrNotFound
}

// Origin is who asks for something, and from where.
type Origin struct {
	User    agent.ID // empty: nobody who is signed in
	Session string   // the id of their session; empty: none
	Address string
}

func (s *Staff) deed(by Origin, what What, on string) Deed {
	return Deed{At: s.now(), Who: by.User, Address: by.Address, What: what, On: on, Outcome: Done}
}

// Note adds a line to the audit trail.
func (s *Staff) Note(ctx context.Context, by Origin, what What, on, outcome string) error {
	d := s.deed(by, what, on)
	d.Outcome = outcome
	return s.store.AppendDeed(ctx, d)
}

// Deeds is the audit trail, newest first, from before that number on; 0: from the
// newest.
func (s *Staff) Deeds(ctx context.Context, before int64, limit int) ([]Deed, error) {
	return s.store.Deeds(ctx, before, limit)
}

// meant is the user people mean by what they type: an id, or the name of just one.
func meant(users []User, typed string) (User, bool) {
	typed = strings.TrimSpace(typed)
	var found []User
	for _, u := range users {
		if string(u.ID) == typed {
			return u, true
		}
		if strings.EqualFold(u.Name, typed) {
			found = append(found, u)
		}
	}
	if len(found) != 1 {
		return User{}, false
	}
	return found[0], true
}
