-- What admins set while the desk runs (package settings): each version as a JSON document of what somebody has set, and
-- uploaded music.

-- +goose Up

CREATE TABLE settings (
    version  INTEGER NOT NULL PRIMARY KEY,
    at       INTEGER NOT NULL,
    who      TEXT    NOT NULL,
    document TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sounds (
    id  TEXT NOT NULL PRIMARY KEY, -- made from the sound
    wav BLOB NOT NULL
) STRICT;

-- +goose Down
DROP TABLE sounds;
DROP TABLE settings;
