-- +goose Up

-- What the carrier has recorded: of a conversation ('call') and messages ('message').
CREATE TABLE recordings (
    sid        TEXT    NOT NULL PRIMARY KEY, -- the carrier's id
    account    TEXT    NOT NULL,
    call       TEXT    NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    kind       TEXT    NOT NULL,
    at         INTEGER NOT NULL, -- when it was known to be complete
    length     INTEGER NOT NULL, -- nanoseconds; 0: not known
    deleted_at INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX recordings_call ON recordings (call, at);
CREATE INDEX recordings_age ON recordings (account, at) WHERE deleted_at = 0;

INSERT OR IGNORE INTO recordings (sid, account, call, kind, at, length)
    SELECT recording, account, call, 'message', created_at, length FROM tasks WHERE recording <> '';

-- What is to be deleted at the carrier, until it says that it is.
CREATE TABLE deletions (
    account  TEXT    NOT NULL,
    kind     TEXT    NOT NULL, -- 'recording' or 'call'
    sid      TEXT    NOT NULL,
    call     TEXT    NOT NULL,
    why      TEXT    NOT NULL,
    tries    INTEGER NOT NULL DEFAULT 0,
    next_try INTEGER NOT NULL,
    error    TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (account, kind, sid)
) STRICT, WITHOUT ROWID;
CREATE INDEX deletions_due ON deletions (account, next_try);

ALTER TABLE calls ADD COLUMN erased_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX calls_number ON calls (account, number) WHERE number <> '';
CREATE INDEX calls_kept ON calls (account, ended_at) WHERE erased_at = 0 AND stage = 'ended';

-- +goose Down

DROP INDEX calls_kept;
DROP INDEX calls_number;
ALTER TABLE calls DROP COLUMN erased_at;
DROP TABLE deletions;
DROP TABLE recordings;
