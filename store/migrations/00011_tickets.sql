-- Tickets of customers' pages: each serves for one call. Forgotten an hour after they are over.

-- +goose Up
CREATE TABLE tickets (
    identity   TEXT    NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL,
    call_sid   TEXT    NOT NULL DEFAULT '' -- the leg that has used it
) STRICT;

CREATE INDEX tickets_expires ON tickets (expires_at);

-- +goose Down
DROP TABLE tickets;
