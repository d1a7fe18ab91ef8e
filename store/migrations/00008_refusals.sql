-- Why the carrier has not dialled a leg, and how long a dial waited there (call.Leg). queued is nanoseconds.

-- +goose Up

ALTER TABLE legs ADD COLUMN refusal_code INTEGER NOT NULL DEFAULT 0;
ALTER TABLE legs ADD COLUMN refusal_said TEXT    NOT NULL DEFAULT '';
ALTER TABLE legs ADD COLUMN refusal_do   TEXT    NOT NULL DEFAULT '';
ALTER TABLE legs ADD COLUMN queued       INTEGER NOT NULL DEFAULT 0;

-- +goose Down

ALTER TABLE legs DROP COLUMN queued;
ALTER TABLE legs DROP COLUMN refusal_do;
ALTER TABLE legs DROP COLUMN refusal_said;
ALTER TABLE legs DROP COLUMN refusal_code;
