-- +goose Up

-- What lists find and reports count of a call that is over (history.Digest), written with the step that ends it. Form is
-- history.DigestForm: a digest of an older one is made anew.
CREATE TABLE digests (
    account   TEXT    NOT NULL,
    call      TEXT    NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    form      INTEGER NOT NULL,
    started   INTEGER NOT NULL,
    outcome   TEXT    NOT NULL,
    answered  INTEGER NOT NULL,
    wait      INTEGER NOT NULL, -- seconds
    transfers TEXT    NOT NULL,
    text      TEXT    NOT NULL, -- what a search looks in, in lower case
    PRIMARY KEY (account, call)
) STRICT, WITHOUT ROWID;
CREATE INDEX digests_call ON digests (call);

-- Who had a part in those calls: agents, and teams as team/NAME.
CREATE TABLE parts (
    account TEXT    NOT NULL,
    who     TEXT    NOT NULL,
    call    TEXT    NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    spoke   INTEGER NOT NULL,
    talked  INTEGER NOT NULL, -- seconds
    missed  INTEGER NOT NULL,
    PRIMARY KEY (account, who, call)
) STRICT, WITHOUT ROWID;
CREATE INDEX parts_call ON parts (call);

-- +goose Down

DROP TABLE parts;
DROP TABLE digests;
