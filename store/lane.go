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

// transact runs the steps in one transaction: all are kept, or none.
func (l *lane) transact(ctx context.Context, begin string, steps ...step) (err error) {
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
	for _, do := range steps {
		if err := do(ctx, l); err != nil {
			return err
		}
	}
	if _, err := l.exec(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// step is a part of a transaction. It changes nothing but the database, so that
// it may be run again after a rollback.
type step func(context.Context, *lane) error

// read runs do on a snapshot of the database. It waits for a lane while ctx
// lasts; what has begun is not interrupted, because it takes less than a
// millisecond and the driver would watch ctx with a goroutine per statement.
func (s *Store) read(ctx context.Context, do step) error {
	select {
	case l := <-s.reader:
		defer func() { s.reader <- l }()
		return l.transact(context.WithoutCancel(ctx), "BEGIN", do)
	case <-ctx.Done():
		return fmt.Errorf("wait for the database: %w", context.Cause(ctx))
	}
}

// readLong is read for what may take many milliseconds: one at a time, so that
// there is always a lane for calls.
func (s *Store) readLong(ctx context.Context, do step) error {
	select {
	case s.long <- struct{}{}:
		defer func() { <-s.long }()
		return s.read(ctx, do)
	case <-ctx.Done():
		return fmt.Errorf("wait for the database: %w", context.Cause(ctx))
	}
}

// write runs do in a transaction that is kept if do returns nil. A unique row
// that exists already makes it desk.ErrConflict. While ctx lasts it waits to be
// begun, and then to the end.
func (s *Store) write(ctx context.Context, do step) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	w := write{do, make(chan error, 1)}
	select {
	case s.writes <- w:
		return <-w.done
	case <-ctx.Done():
		return fmt.Errorf("wait for the database: %w", context.Cause(ctx))
	case <-s.closing:
		return errors.New("the database is closed")
	}
}

// write is a step that somebody waits for.
type write struct {
	do   step
	done chan error // buffered
}

// batch bounds how many writes share a commit.
const batch = 64

// runWriter commits what came while the last commit waited for the disk
// together: under load most of the cost of a commit is shared.
func (s *Store) runWriter() {
	defer close(s.written)
	// The driver would start a goroutine per statement for a context that ends.
	ctx := context.Background()
	for {
		var writes []write
		select {
		case w := <-s.writes:
			writes = append(writes, w)
		case <-s.closing:
			return
		}
		for more := true; more && len(writes) < batch; {
			select {
			case w := <-s.writes:
				writes = append(writes, w)
			default:
				more = false
			}
		}
		l := <-s.writer
		l.commit(ctx, writes)
		s.writer <- l
	}
}

// commit carries writes out and answers every one. If one of several fails, the
// others are not to suffer: each is tried by itself.
func (l *lane) commit(ctx context.Context, writes []write) {
	steps := make([]step, len(writes))
	for i, w := range writes {
		steps[i] = w.do
	}
	err := l.transact(ctx, "BEGIN IMMEDIATE", steps...)
	if err != nil && len(writes) > 1 {
		for _, w := range writes {
			l.commit(ctx, []write{w})
		}
		return
	}
	for _, w := range writes {
		w.done <- asConflict(err)
	}
}

// asConflict marks an error that says that somebody else has the row.
func asConflict(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if ok && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY) {
		return fmt.Errorf("%w: %w", desk.ErrConflict, err)
	}
	return err
}
