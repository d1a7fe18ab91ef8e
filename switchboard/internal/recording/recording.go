// Package recording keeps what is recorded, by <Record> or of whole calls: a WAV file for each recording and
// a note of what it is, in a folder that outlives the process. What was being
// recorded when the process died is there at the next Open, up to its last
// second.
package recording

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"warmdesk/twilio"
)

// Errors of a Store.
var (
	ErrNotFound   = errors.New("recording: no such recording")
	ErrInProgress = errors.New("recording: still in progress")
)

// Recording is one message, or the recording of a call.
type Recording struct {
	SID     string `json:"sid"` // RE…
	CallSID string `json:"call_sid"`
	// Status is twilio's: in-progress, paused or stopped of what is being recorded,
	// and completed.
	Status string `json:"status"`
	// Source is twilio's, too; "" is that of a message.
	Source  string    `json:"source,omitempty"`
	Started time.Time `json:"started"`
	Updated time.Time `json:"updated"`
	// Duration of what the file holds; 0 while it is in progress.
	Duration time.Duration `json:"duration"` // ns
	// Callback and Method are who is to be told that it is completed; "" nobody.
	Callback string `json:"callback,omitempty"`
	Method   string `json:"method,omitempty"`
}

// Seconds is the length as Twilio tells it: whole seconds, and never none of
// something that can be heard.
func (r Recording) Seconds() int { return max(1, int(r.Duration.Round(time.Second)/time.Second)) }

// Store is the folder. Its methods may be called from any goroutine.
type Store struct {
	root *os.Root
	log  *slog.Logger

	mu       sync.Mutex
	all      map[string]Recording
	repaired []Recording
}

// Names of a recording's two files.
const (
	audioExt = ".wav"
	noteExt  = ".json"
	partExt  = ".part" // a note that is being written
)

var sidPattern = regexp.MustCompile(`^RE[0-9a-f]{32}$`)

// Open makes the folder, if it is not there, and reads what is in it. Messages
// that were cut off are completed; files without a sound or without a note are
// removed. Nobody but its owner may look into the folder.
func Open(dir string, log *slog.Logger) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("recordings: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("recordings: %w", err)
	}
	s := &Store{root: root, log: log, all: map[string]Recording{}}
	names, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("recordings: %w", err), root.Close())
	}
	for _, entry := range names {
		if sid, ok := strings.CutSuffix(entry.Name(), noteExt); ok && sidPattern.MatchString(sid) {
			s.load(sid)
		}
	}
	for _, entry := range names {
		s.sweep(entry.Name())
	}
	return s, nil
}

// Close frees the folder. No tape may be running.
func (s *Store) Close() error { return s.root.Close() }

// load reads one note, and completes what was cut off.
func (s *Store) load(sid string) {
	var r Recording
	note, err := s.root.ReadFile(sid + noteExt)
	if err == nil {
		err = json.Unmarshal(note, &r)
	}
	if err == nil && r.SID != sid {
		err = fmt.Errorf("the note is of %q", r.SID)
	}
	if err == nil && r.Status != twilio.RecordingCompleted {
		err = s.repair(&r)
	}
	if err != nil {
		s.log.Warn("recording dropped", "recording", sid, "error", err)
		return // sweep removes it
	}
	s.all[sid] = r
}

// repair completes a recording that the end of the process cut off.
func (s *Store) repair(r *Recording) error {
	f, err := s.root.OpenFile(r.SID+audioExt, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	samples := (info.Size() - headerSize) / sampleSize
	if samples <= 0 {
		return errors.New("it has no sound")
	}
	if err := finish(f, samples); err != nil {
		return err
	}
	r.Status, r.Duration, r.Updated = twilio.RecordingCompleted, durationOf(samples), time.Now()
	s.repaired = append(s.repaired, *r)
	return s.note(*r)
}

// Repaired returns the recordings that Open has completed, once: nobody has been
// told of them.
func (s *Store) Repaired() []Recording {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.repaired
	s.repaired = nil
	return taken
}

// sweep removes a file of ours that belongs to no recording.
func (s *Store) sweep(name string) {
	sid, ext := name, ""
	if i := strings.IndexByte(name, '.'); i >= 0 {
		sid, ext = name[:i], name[i:]
	}
	_, known := s.all[sid]
	ours := sidPattern.MatchString(sid) && slices.Contains([]string{audioExt, noteExt, noteExt + partExt}, ext)
	if ours && (!known || ext == noteExt+partExt) {
		if err := s.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.log.Warn("remains of a recording stay", "file", name, "error", err)
		}
	}
}

// note writes what a recording is beside it.
func (s *Store) note(r Recording) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	part := r.SID + noteExt + partExt
	if err := s.root.WriteFile(part, append(b, '\n'), 0o600); err != nil {
		return err
	}
	return s.root.Rename(part, r.SID+noteExt)
}

// set puts a recording into the books.
func (s *Store) set(r Recording) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all[r.SID] = r
}

// status notes how far a recording under way has come. It is not worth a write:
// after a crash it is completed, whatever it was.
func (s *Store) status(sid, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.all[sid]; ok && r.Status != twilio.RecordingCompleted {
		r.Status, r.Updated = status, time.Now()
		s.all[sid] = r
	}
}

// drop forgets a recording and removes its files: first the note, so that what
// is left by an accident is swept up.
func (s *Store) drop(sid string) error {
	s.mu.Lock()
	delete(s.all, sid)
	s.mu.Unlock()
	var errs error
	for _, ext := range []string{noteExt, audioExt} {
		if err := s.root.Remove(sid + ext); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = errors.Join(errs, err)
		}
	}
	return errs
}

// Get returns one recording, or ErrNotFound.
func (s *Store) Get(sid string) (Recording, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.all[sid]
	if !ok {
		return Recording{}, ErrNotFound
	}
	return r, nil
}

// List returns the recordings that keep accepts, newest first.
func (s *Store) List(keep func(Recording) bool) []Recording {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Recording
	for _, r := range s.all {
		if keep(r) {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b Recording) int {
		return cmp.Or(b.Started.Compare(a.Started), cmp.Compare(a.SID, b.SID))
	})
	return list
}

// Audio opens the WAV file of a completed recording: 8 kHz, one channel, 16 bits
// linear. Its errors are ErrNotFound and ErrInProgress, and those of the disk.
func (s *Store) Audio(sid string) (*os.File, error) {
	if err := s.settled(sid); err != nil {
		return nil, err
	}
	f, err := s.root.Open(sid + audioExt)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	return f, err
}

// Delete removes a completed recording. Its errors are those of Audio.
func (s *Store) Delete(sid string) error {
	if err := s.settled(sid); err != nil {
		return err
	}
	return s.drop(sid)
}

func (s *Store) settled(sid string) error {
	r, err := s.Get(sid)
	if err == nil && r.Status != twilio.RecordingCompleted {
		err = ErrInProgress
	}
	return err
}
