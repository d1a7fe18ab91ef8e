-- Events on their way to other systems (outbox.Delivery): one row for each event and receiver, written with the step of
-- the call that they tell of.

-- +goose Up
CREATE TABLE deliveries (
    number   INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- in the order the events happened
    event    TEXT    NOT NULL,
    type     TEXT    NOT NULL,
    call     TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    receiver TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    status   TEXT    NOT NULL,
    tries    INTEGER NOT NULL DEFAULT 0,
    next_try INTEGER,          -- also the end of a lease; NULL while an older one of the call is pending, and when done
    tried_at INTEGER NOT NULL DEFAULT 0,
    code     INTEGER NOT NULL DEFAULT 0,
    error    TEXT    NOT NULL DEFAULT '',
    UNIQUE (event, receiver)
) STRICT;

CREATE INDEX deliveries_due ON deliveries (receiver, next_try, number) WHERE status = 'pending' AND next_try IS NOT NULL;
CREATE INDEX deliveries_call ON deliveries (receiver, call, number) WHERE status = 'pending';
CREATE INDEX deliveries_tried ON deliveries (tried_at) WHERE tried_at > 0;

-- +goose Down
DROP TABLE deliveries;
