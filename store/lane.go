package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"warmdesk/desk"
)

// lane is one connection with its prepared statements, used by one goroutine
// at a time.
type lane struct {
	conn       *sql.Conn
	statements map[string]*sql.Stmt
}

func newLane(ctx context.Context, db *sql.DB) (*lane, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &lane{conn: conn, statements: map[string]*sql.Stmt{}}, nil
}

func (l *lane) close() error {
	var errs []error
	for _, stmt := range l.statements {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, l.conn.Close())...)
}

// prepare keeps one statement per text; all texts are constants.
func (l *lane) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := l.statements[query]; ok {
		return stmt, nil
	}
	stmt, err := l.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	l.statements[query] = stmt
	return stmt, nil
}

func (l *lane) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := l.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

// each runs a query and calls scan for every row.
func (l *lane) each(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	stmt, err := l.prepare(ctx, query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := scan(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// read runs fn on a snapshot of the database.
func (s *Store) read(ctx context.Context, fn func(context.Context, *lane) error) error {
	return transact(ctx, s.reader, "BEGIN", fn)
}

// write runs fn in a transaction that is kept if fn returns nil. Unique rows
// that exist already make it desk.ErrConflict.
func (s *Store) write(ctx context.Context, fn func(context.Context, *lane) error) error {
	return transact(ctx, s.writer, "BEGIN IMMEDIATE", fn)
}

// transact waits for a lane while ctx lasts. What has begun is not interrupted:
// it takes less than a millisecond, and the driver would watch ctx with a
// goroutine per statement.
func transact(ctx context.Context, lanes chan *lane, begin string, fn func(context.Context, *lane) error) (err error) {
	var l *lane
	select {
	case l = <-lanes:
	case <-ctx.Done():
		return fmt.Errorf("wait for the database: %w", context.Cause(ctx))
	}
	defer func() { lanes <- l }()
	ctx = context.WithoutCancel(ctx)
	if _, err := l.exec(ctx, begin); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if err != nil {
			// A failed COMMIT may have ended the transaction already; what counts
			// is the first error.
			_, _ = l.exec(ctx, "ROLLBACK")
		}
	}()
	if err := fn(ctx, l); err != nil {
		return asConflict(err)
	}
	if _, err := l.exec(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", asConflict(err))
	}
	return nil
}

// asConflict marks an error that says that somebody else has the row.
func asConflict(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if ok && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY) {
		return fmt.Errorf("%w: %w", desk.ErrConflict, err)
	}
	return err
}
