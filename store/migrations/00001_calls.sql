-- The data model of docs/transfer.md. Times are nanoseconds since 1970 in UTC, 0 is "not yet" or "never".

-- +goose Up

CREATE TABLE calls (
    id         TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    account    TEXT    NOT NULL,
    room       TEXT    NOT NULL, -- the first customer leg's CallSid, for ever
    number     TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    recovery   INTEGER NOT NULL,
    stage      TEXT    NOT NULL,
    generation INTEGER NOT NULL,
    since      INTEGER NOT NULL,
    deadline   INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    waiting_at INTEGER NOT NULL,
    talked_at  INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL,
    returned   TEXT    NOT NULL,
    owner      TEXT    NOT NULL,
    target     TEXT    NOT NULL,
    leg_seq    INTEGER NOT NULL,
    rest       TEXT    NOT NULL  -- JSON: what nobody searches for
) STRICT, WITHOUT ROWID;

CREATE INDEX calls_live ON calls (account, started_at, id) WHERE stage <> 'ended';

CREATE TABLE legs (
    call         TEXT    NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL, -- in the call's list, from 0
    id           TEXT    NOT NULL, -- begins with the call's id
    role         TEXT    NOT NULL,
    agent        TEXT    NOT NULL,
    purpose      TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    release      TEXT    NOT NULL,
    account_sid  TEXT    NOT NULL,
    call_sid     TEXT,             -- NULL until the carrier has told it
    call_status  INTEGER NOT NULL,
    outcome      TEXT    NOT NULL,
    call_seq     INTEGER NOT NULL,
    room_sid     TEXT,
    room_seq     INTEGER NOT NULL,
    in_room      INTEGER NOT NULL,
    held         INTEGER NOT NULL,
    muted        INTEGER NOT NULL,
    self_muted   INTEGER NOT NULL,
    planned_at   INTEGER NOT NULL,
    rang_at      INTEGER NOT NULL,
    answered_at  INTEGER NOT NULL,
    over_at      INTEGER NOT NULL,
    out_since    INTEGER NOT NULL,
    dial_unknown INTEGER NOT NULL,
    looks        INTEGER NOT NULL,
    moves        INTEGER NOT NULL,
    looked_at    INTEGER NOT NULL,
    PRIMARY KEY (call, position),
    UNIQUE (account_sid, call_sid)
) STRICT, WITHOUT ROWID;

-- An agent's one ring or one live customer, across all calls.
CREATE TABLE claims (
    agent TEXT NOT NULL PRIMARY KEY,
    call  TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    leg   TEXT NOT NULL, -- empty while an owner is coming back
    kind  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX claims_call ON claims (call);

-- Actions under way, and those that wait for their next attempt.
CREATE TABLE actions (
    call       TEXT    NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    key        TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    attempt    INTEGER NOT NULL,
    running    INTEGER NOT NULL,
    until      INTEGER NOT NULL, -- while running: the lease
    not_before INTEGER NOT NULL, -- while waiting: the next attempt
    unknown    INTEGER NOT NULL,
    PRIMARY KEY (call, position)
) STRICT, WITHOUT ROWID;

-- What happened; rows are only ever added.
CREATE TABLE timeline (
    call    TEXT    NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    number  INTEGER NOT NULL, -- within the call, from 1
    at      INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    agent   TEXT    NOT NULL,
    other   TEXT    NOT NULL,
    outcome TEXT    NOT NULL,
    why     TEXT    NOT NULL,
    raw     TEXT    NOT NULL, -- the callback behind it, as a form
    PRIMARY KEY (call, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE agents (
    id          TEXT    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    presence    TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    since       INTEGER NOT NULL,
    idle_since  INTEGER NOT NULL,
    token_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who is signed in. The cookie itself is not kept, only its SHA-256.
CREATE TABLE sessions (
    token_hash BLOB    NOT NULL PRIMARY KEY,
    agent      TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_expiry ON sessions (expires_at);

-- +goose Down

DROP TABLE sessions;
DROP TABLE agents;
DROP TABLE timeline;
DROP TABLE actions;
DROP TABLE claims;
DROP TABLE legs;
DROP TABLE calls;
