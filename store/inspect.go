package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Condition is what Inspect found of a database.
type Condition struct {
	Exists bool
	Size   int64 // bytes
	// Version is that of its tables, Newest the one that this program makes.
	Version, Newest int64
}

// Inspect looks at the database of a URL, which a desk may be using: whether it
// can be read and written and its pages hold together. It changes nothing and
// makes no file. Its errors are written for the person who set the URL.
func Inspect(ctx context.Context, configured string) (c Condition, err error) {
	if c.Newest, err = newestMigration(); err != nil {
		return c, err
	}
	path, err := filepath.Abs(configured)
	if err != nil {
		return c, fmt.Errorf("find database %s: %w", configured, err)
	}
	info, err := os.Stat(path)
	switch {
	case configured == Memory:
		return c, nil
	case strings.Contains(configured, "://") || configured == "":
		_, err := dataSource(configured) // refuses it, and says why
		return c, err
	case errors.Is(err, fs.ErrNotExist):
		return c, writableFolder(filepath.Dir(path))
	case err != nil:
		return c, fmt.Errorf("the database %s cannot be looked at: %w", configured, err)
	case info.IsDir():
		return c, fmt.Errorf("the database %s is a folder", configured)
	}
	c.Exists, c.Size = true, info.Size()
	u := url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(path), "/"), RawQuery: "mode=rw&_txlock=immediate&_pragma=busy_timeout(5000)"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return c, fmt.Errorf("open database %s: %w", configured, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return c, c.look(ctx, db, configured)
}

func (c *Condition) look(ctx context.Context, db *sql.DB, name string) error {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return fmt.Errorf("the database %s cannot be read: %w", name, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("the database %s is damaged: %s", name, verdict)
	}
	// _txlock=immediate: the lock of a writer is taken, and given back.
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("the database %s cannot be written: %w", name, err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	var tables int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'").Scan(&tables); err != nil {
		return fmt.Errorf("the database %s cannot be read: %w", name, err)
	}
	if tables == 0 {
		return nil // its tables are made at the start
	}
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&c.Version); err != nil {
		return fmt.Errorf("the version of the database %s cannot be read: %w", name, err)
	}
	return nil
}

// newestMigration is the highest number of ours.
func newestMigration() (newest int64, err error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		number, _, _ := strings.Cut(filepath.Base(name), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("migration %s: %w", name, err)
		}
		newest = max(newest, n)
	}
	return newest, nil
}

// writableFolder reports why a file cannot be made in a folder.
func writableFolder(folder string) error {
	f, err := os.CreateTemp(folder, ".warmdesk-*")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the database cannot be created: the folder %s does not exist", folder)
	case err != nil:
		return fmt.Errorf("the database cannot be created in %s: %w", folder, err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
