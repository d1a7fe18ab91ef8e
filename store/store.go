// Package store keeps what the desk must not forget in an SQLite file: calls
// with their legs, claims and actions under way, the timeline, the roster and
// who is signed in. It decides nothing; the rules are in call, agent and desk.
//
// One connection writes, a few read. A write is one transaction, checked
// against the version it was computed from, so several desks may share a file.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"warmdesk/desk"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Memory is the URL of a database that is forgotten when it is closed.
const Memory = ":memory:"

// readers is how many reads may run beside each other and beside a write. A
// load takes a tenth of a millisecond, so more would wait for the processors.
const readers = 2

// Config says where the data is.
type Config struct {
	// URL is the path of an SQLite file, which is created readable by its owner
	// alone, or Memory. postgres:// is refused until PostgreSQL is supported.
	URL string
}

// Store is an open database. It implements desk.Store.
type Store struct {
	db     *sql.DB
	writer chan *lane    // holds the one writing lane
	reader chan *lane    // the writer's channel for a database in memory
	lanes  []*lane       // all of them, to be closed
	long   chan struct{} // held by readLong

	writes  chan write    // to runWriter
	closing chan struct{} // closed by Close
	written chan struct{} // closed when runWriter has ended
}

var _ desk.Store = (*Store)(nil)

// Open opens the database, creating it or bringing its tables up to date. Its
// errors are written for the person who set the URL.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	name, err := dataSource(cfg.URL)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", cfg.URL, err)
	}
	s := &Store{db: db, long: make(chan struct{}, 1), writes: make(chan write), closing: make(chan struct{}), written: make(chan struct{})}
	if err := s.open(ctx, cfg.URL == Memory); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", cfg.URL, err), s.close())
	}
	go s.runWriter()
	return s, nil
}

func (s *Store) open(ctx context.Context, memory bool) error {
	if memory {
		// Each connection would be a database of its own.
		s.db.SetMaxOpenConns(1)
	}
	if err := migrate(ctx, s.db); err != nil {
		return err
	}
	var err error
	if s.writer, err = s.openLanes(ctx, 1); err != nil {
		return err
	}
	if memory {
		s.reader = s.writer
		return nil
	}
	s.reader, err = s.openLanes(ctx, readers)
	return err
}

func (s *Store) openLanes(ctx context.Context, n int) (chan *lane, error) {
	lanes := make(chan *lane, n)
	for range n {
		l, err := newLane(ctx, s.db)
		if err != nil {
			return nil, err
		}
		s.lanes = append(s.lanes, l)
		lanes <- l
	}
	return lanes, nil
}

// Close waits for what is under way and closes the file. It is called once, and
// nothing may be read afterwards.
func (s *Store) Close() error {
	close(s.closing)
	<-s.written
	for range cap(s.writer) {
		<-s.writer
	}
	if s.reader != s.writer {
		for range cap(s.reader) {
			<-s.reader
		}
	}
	return s.close()
}

func (s *Store) close() error {
	var errs []error
	for _, l := range s.lanes {
		errs = append(errs, l.close())
	}
	return errors.Join(append(errs, s.db.Close())...)
}

// pragmas hold for every connection.
//
// synchronous=FULL waits for the disk at each commit: with NORMAL a call that
// was acknowledged would survive kill -9 but not the loss of power. Measured on
// two cores, processor time of a new call: FULL 0.17 ms alone and 0.06 ms when
// 16 come at once and share commits, NORMAL 0.09 ms alone. A customer's webhook
// may cost 0.10 ms under load, so FULL can be afforded.
//
// secure_delete=ON zeroes what is deleted or overwritten: who is erased is not to
// be found in the file.
const pragmas = "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=secure_delete(1)"

// dataSource turns the configured URL into the driver's, and makes the file so
// that its mode is right: it holds phone numbers.
func dataSource(configured string) (string, error) {
	switch scheme, _, found := strings.Cut(configured, "://"); {
	case configured == "":
		return "", errors.New("no database is named: DATABASE_URL is the path of an SQLite file")
	case configured == Memory:
		return "file::memory:?" + pragmas, nil
	case found && (scheme == "postgres" || scheme == "postgresql"):
		return "", errors.New("PostgreSQL is not supported yet: let DATABASE_URL be the path of an SQLite file")
	case found:
		return "", fmt.Errorf("a database of the kind %s:// is not known: let DATABASE_URL be the path of an SQLite file", scheme)
	}
	path, err := filepath.Abs(configured)
	if err != nil {
		return "", fmt.Errorf("find database %s: %w", configured, err)
	}
	if err := makeFile(path); err != nil {
		return "", err
	}
	u := url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(path), "/"), RawQuery: pragmas}
	return u.String(), nil
}

// makeFile creates the file where it is missing and says in words why it
// cannot be used.
func makeFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	switch {
	case err == nil:
		return f.Close()
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the database %s cannot be created: its folder does not exist", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the database %s cannot be written: permission denied", path)
	}
	if info, statErr := os.Stat(path); statErr == nil && info.IsDir() {
		return fmt.Errorf("the database %s cannot be written: it is a folder", path)
	}
	return fmt.Errorf("the database cannot be written: %w", err)
}

// migrate brings the tables up to date, each migration in its transaction.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("find migrations: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	current, newest, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the tables: %w", err)
	}
	if current > newest {
		return fmt.Errorf("it was written by a newer version of this program (tables %d, known here up to %d)", current, newest)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring the tables up to date: %w", err)
	}
	return nil
}
