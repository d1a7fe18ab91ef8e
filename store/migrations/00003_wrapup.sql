-- The time after a call, and what an agent wants to be afterwards (agent.Agent).

-- +goose Up

ALTER TABLE agents ADD COLUMN wrap_until  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN wrap_call   TEXT    NOT NULL DEFAULT '';
ALTER TABLE agents ADD COLUMN next        TEXT    NOT NULL DEFAULT '';
ALTER TABLE agents ADD COLUMN next_reason TEXT    NOT NULL DEFAULT '';

-- +goose Down

ALTER TABLE agents DROP COLUMN next_reason;
ALTER TABLE agents DROP COLUMN next;
ALTER TABLE agents DROP COLUMN wrap_call;
ALTER TABLE agents DROP COLUMN wrap_until;
