-- Who may sign in and who is signed in (package staff), and the audit trail. Sessions of before are over: everybody signs
-- in once more. Times are nanoseconds since 1970 in UTC, 0 is "never".

-- +goose Up

CREATE TABLE users (
    id           TEXT    NOT NULL PRIMARY KEY,
    name         TEXT    NOT NULL,
    role         TEXT    NOT NULL,
    phone        TEXT    NOT NULL,
    hash         TEXT    NOT NULL, -- argon2id, PHC string; empty: no password yet
    disabled     INTEGER NOT NULL,
    created      INTEGER NOT NULL,
    password_set INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

DROP TABLE sessions;

-- Tokens are kept as their SHA-256 only.
CREATE TABLE sessions (
    id         TEXT    NOT NULL PRIMARY KEY,
    user       TEXT    NOT NULL,
    began      INTEGER NOT NULL,
    seen       INTEGER NOT NULL,
    token      BLOB    NOT NULL UNIQUE,
    since      INTEGER NOT NULL,
    next       BLOB    UNIQUE, -- NULL: none
    next_since INTEGER NOT NULL,
    old        BLOB    UNIQUE,
    old_until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_user ON sessions (user);
CREATE INDEX sessions_seen ON sessions (seen);

-- One-time links; the one of the first admin names no user.
CREATE TABLE links (
    digest  BLOB    NOT NULL PRIMARY KEY,
    user    TEXT    NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Failed sign-ins.
CREATE TABLE attempts (
    key          TEXT    NOT NULL PRIMARY KEY,
    failures     INTEGER NOT NULL,
    last         INTEGER NOT NULL,
    locked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX attempts_last ON attempts (last);

-- Who did what to whom; rows are only ever added.
CREATE TABLE audit (
    number  INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    who     TEXT    NOT NULL,
    address TEXT    NOT NULL,
    what    TEXT    NOT NULL,
    on_whom TEXT    NOT NULL,
    outcome TEXT    NOT NULL
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_remains BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE audit;
DROP TABLE attempts;
DROP TABLE links;
DROP TABLE sessions;
DROP TABLE users;
CREATE TABLE sessions (
    token_hash BLOB    NOT NULL PRIMARY KEY,
    agent      TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_expiry ON sessions (expires_at);
