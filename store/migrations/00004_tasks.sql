-- +goose Up

-- What a customer was told outside the room (call.Leg).
ALTER TABLE legs ADD COLUMN told TEXT NOT NULL DEFAULT '';

-- What customers have left to do (agent.Task). A recording makes one task of its
-- call, and so does a number, however often we hear of them.
CREATE TABLE tasks (
    id         TEXT    NOT NULL PRIMARY KEY,
    account    TEXT    NOT NULL,
    call       TEXT    NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
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
    UNIQUE (call, kind, number, recording)
) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_open ON tasks (account, due_at) WHERE done_at = 0;

-- +goose Down

DROP TABLE tasks;
ALTER TABLE legs DROP COLUMN told;
