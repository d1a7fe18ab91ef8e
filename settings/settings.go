package settings

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"warmdesk/agent"
	"warmdesk/pace"
	"warmdesk/staff"
)

// Saved is one version of what was set, as stored: only what somebody has set is in
// it, so that what nobody has set follows the program.
type Saved struct {
	Version  int64 // from 1; 0: nothing was ever set
	At       time.Time
	Who      agent.ID
	Document []byte // JSON
}

// Sound is an uploaded piece, as it is played.
type Sound struct {
	ID  string
	WAV []byte
}

// Store keeps the versions. Every method is durable when it returns nil and changes
// nothing when it returns an error; several desks may use one store.
type Store interface {
	// Settings loads a version, 0: the newest. The zero Saved when nothing was ever set;
	// ErrNotFound when that version is not kept.
	Settings(ctx context.Context, version int64) (Saved, error)
	// SettingsVersion is the newest version. It is asked every second.
	SettingsVersion(ctx context.Context) (int64, error)
	// SaveSettings writes a version, the piece that comes with it, if any, and a line of
	// the audit trail, and forgets what is older than it needs to be. ErrChanged when
	// there is such a version already.
	SaveSettings(ctx context.Context, s Saved, with *Sound, d staff.Deed) error
	// Sound loads a piece; ErrNotFound.
	Sound(ctx context.Context, id string) (Sound, error)
}

// Errors of what is asked for.
var (
	ErrNotFound = errors.New("there is no such version, or piece")
	ErrChanged  = errors.New("somebody else has changed the settings meanwhile")
	ErrSection  = errors.New("there is no such part of the settings")
	ErrNothing  = errors.New("there is nothing to undo")
)

// State is the settings as they are in force.
type State struct {
	Version  int64
	Document Document
	Undo     bool // the last change can be undone
}

// Config is everything Settings need.
type Config struct {
	Store Store
	// Defaults hold where nothing was set.
	Defaults Document
	// Fixed are the fields that the environment sets, like wrapUp.seconds, and by which
	// variable. Defaults has their values.
	Fixed map[string]string
	// Changed is told of what is in force from now on, by one goroutine at a time;
	// nil: nobody is. A change has come into force everywhere here when Change returns.
	Changed func(context.Context, State)
	Logger  *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Settings are what is set. Methods may be called from many goroutines.
type Settings struct {
	cfg      Config
	defaults fields
	state    atomic.Pointer[State]
	change   sync.Mutex // held while another state comes into force
}

// New loads what was set.
func New(ctx context.Context, cfg Config) (*Settings, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Changed == nil {
		cfg.Changed = func(context.Context, State) {}
	}
	s := &Settings{cfg: cfg, defaults: split(cfg.Defaults)}
	for field := range cfg.Fixed {
		if section, name := cut(field); s.defaults[section][name] == nil {
			return nil, fmt.Errorf("the settings have no field %q that a variable could set", field)
		}
	}
	saved, err := cfg.Store.Settings(ctx, 0)
	if err != nil {
		return nil, fmt.Errorf("load the settings: %w", err)
	}
	state, err := s.read(saved)
	if err != nil {
		return nil, err
	}
	s.state.Store(&state)
	return s, nil
}

// Now is what is in force. The document is not to be changed.
func (s *Settings) Now() State { return *s.state.Load() }

// Fixed are the fields that the environment sets, and by which variable.
func (s *Settings) Fixed() map[string]string { return maps.Clone(s.cfg.Fixed) }

// read makes a state of what was stored.
func (s *Settings) read(saved Saved) (State, error) {
	stored, err := parse(saved.Document)
	if err != nil {
		return State{}, fmt.Errorf("settings of version %d: %w", saved.Version, err)
	}
	d, err := s.over(stored)
	if err != nil {
		return State{}, fmt.Errorf("settings of version %d: %w", saved.Version, err)
	}
	return State{Version: saved.Version, Document: d, Undo: saved.Version > 0}, nil
}

// over is the defaults with what was stored, and what is fixed over that.
func (s *Settings) over(stored fields) (Document, error) {
	return join(s.defaults, stored, func(section, name string) bool { return s.cfg.Fixed[section+"."+name] != "" })
}

// Request is a wish to set fields of a section, each to a JSON value.
type Request struct {
	Version int64 // the one that whoever asks has seen
	Section string
	Set     map[string][]byte
	// With is an uploaded piece, which one of the fields names; nil: none.
	With *Sound
}

// Change sets fields. *InvalidError, ErrChanged, ErrSection; nothing is changed then.
func (s *Settings) Change(ctx context.Context, r Request, by staff.Origin) (State, error) {
	if s.defaults[r.Section] == nil {
		return s.Now(), ErrSection
	}
	old, stored, err := s.load(ctx, r.Version)
	if err != nil {
		return s.Now(), err
	}
	if err := s.checkFields(r); err != nil {
		return s.Now(), err
	}
	next := stored.with(r.Section, r.Set)
	d, err := s.over(next)
	if err != nil {
		return s.Now(), err
	}
	if err := d.check(r.Section); err != nil {
		return s.Now(), err
	}
	names := slices.Sorted(maps.Keys(r.Set))
	return s.save(ctx, old, next, r.With, tell(r.Section, names, split(s.Now().Document), split(d)), by)
}

// Undo takes back the change that made this version. Once more, it is made again.
// ErrChanged, ErrNothing.
func (s *Settings) Undo(ctx context.Context, version int64, by staff.Origin) (State, error) {
	old, _, err := s.load(ctx, version)
	if err != nil {
		return s.Now(), err
	}
	if old.Version == 0 {
		return s.Now(), ErrNothing
	}
	var before Saved
	if old.Version > 1 {
		if before, err = s.cfg.Store.Settings(ctx, old.Version-1); err != nil {
			return s.Now(), err
		}
	}
	fields, err := parse(before.Document)
	if err != nil {
		return s.Now(), err
	}
	return s.save(ctx, old, fields, nil, fmt.Sprintf("undone: version %d", version), by)
}

// load is the newest version, which has to be the one that was seen.
func (s *Settings) load(ctx context.Context, seen int64) (Saved, fields, error) {
	saved, err := s.cfg.Store.Settings(ctx, 0)
	if err != nil {
		return saved, nil, fmt.Errorf("load the settings: %w", err)
	}
	if saved.Version != seen {
		s.Look(ctx)
		return saved, nil, ErrChanged
	}
	stored, err := parse(saved.Document)
	return saved, stored, err
}

func (s *Settings) save(ctx context.Context, old Saved, next fields, with *Sound, what string, by staff.Origin) (State, error) {
	saved := Saved{Version: old.Version + 1, At: s.cfg.Now(), Who: by.User, Document: next.encode()}
	deed := staff.Deed{At: saved.At, Who: by.User, Address: by.Address, What: staff.SettingsChanged, On: what, Outcome: staff.Done}
	if err := s.cfg.Store.SaveSettings(ctx, saved, with, deed); err != nil {
		return s.Now(), fmt.Errorf("save the settings: %w", err)
	}
	// It is saved: whoever asked may be gone, it comes into force all the same.
	err := s.take(context.WithoutCancel(ctx), saved)
	return s.Now(), err
}

// take lets a version come into force, unless a newer one has.
func (s *Settings) take(ctx context.Context, saved Saved) error {
	s.change.Lock()
	defer s.change.Unlock()
	if saved.Version <= s.Now().Version {
		return nil
	}
	state, err := s.read(saved)
	if err != nil {
		return err
	}
	s.state.Store(&state)
	s.cfg.Logger.Info("settings", "version", state.Version, "by", saved.Who)
	s.cfg.Changed(ctx, state)
	return nil
}

// lookEvery is how soon a change that another process has made is in force here.
const lookEvery = time.Second

// Run looks for changes that other processes have made, until ctx ends.
func (s *Settings) Run(ctx context.Context) error {
	return pace.Every(ctx, lookEvery, s.Look)
}

// Look takes what another process has set, if it has.
func (s *Settings) Look(ctx context.Context) {
	version, err := s.cfg.Store.SettingsVersion(ctx)
	if err == nil && version == s.Now().Version {
		return
	}
	var saved Saved
	if err == nil {
		saved, err = s.cfg.Store.Settings(ctx, 0)
	}
	if err == nil {
		err = s.take(ctx, saved)
	}
	if err != nil && ctx.Err() == nil {
		s.cfg.Logger.Error("look at the settings", "err", err)
	}
}

// Sound is an uploaded piece; ErrNotFound.
func (s *Settings) Sound(ctx context.Context, id string) (Sound, error) {
	return s.cfg.Store.Sound(ctx, id)
}
