-- Tasks that belong to no call: somebody asked on the page to be called back.

-- +goose Up
CREATE TABLE tasks_with_requests (
    id         TEXT    NOT NULL PRIMARY KEY,
    account    TEXT    NOT NULL,
    call       TEXT    REFERENCES calls (id) ON DELETE CASCADE, -- NULL: none
    kind       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    number     TEXT    NOT NULL,
    recording  TEXT    NOT NULL,
    length     INTEGER NOT NULL, -- nanoseconds
    created_at INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    owner      TEXT    NOT NULL,
    done_at    INTEGER NOT NULL,
    done_by    TEXT    NOT NULL,
    topic      TEXT    NOT NULL DEFAULT '',
    suits      TEXT    NOT NULL DEFAULT '', -- when they want to be called
    UNIQUE (call, kind, number, recording)
) STRICT, WITHOUT ROWID;
INSERT INTO tasks_with_requests (id, account, call, kind, name, number, recording, length, created_at, due_at, owner, done_at, done_by)
    SELECT id, account, call, kind, name, number, recording, length, created_at, due_at, owner, done_at, done_by FROM tasks;
DROP TABLE tasks;
ALTER TABLE tasks_with_requests RENAME TO tasks;
CREATE INDEX tasks_open ON tasks (account, due_at) WHERE done_at = 0;

-- +goose Down
CREATE TABLE tasks_of_calls (
    id         TEXT    NOT NULL PRIMARY KEY,
    account    TEXT    NOT NULL,
    call       TEXT    NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    kind       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    number     TEXT    NOT NULL,
    recording  TEXT    NOT NULL,
    length     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    owner      TEXT    NOT NULL,
    done_at    INTEGER NOT NULL,
    done_by    TEXT    NOT NULL,
    UNIQUE (call, kind, number, recording)
) STRICT, WITHOUT ROWID;
INSERT INTO tasks_of_calls SELECT id, account, call, kind, name, number, recording, length, created_at, due_at, owner, done_at, done_by
    FROM tasks WHERE call IS NOT NULL;
DROP TABLE tasks;
ALTER TABLE tasks_of_calls RENAME TO tasks;
CREATE INDEX tasks_open ON tasks (account, due_at) WHERE done_at = 0;
