-- Who is known to be apart from the conversation (call.Leg). A leg from before counts as one that may be in the room.

-- +goose Up

ALTER TABLE legs ADD COLUMN hold_sure INTEGER NOT NULL DEFAULT 0;
ALTER TABLE legs ADD COLUMN admitted  INTEGER NOT NULL DEFAULT 1;
ALTER TABLE legs ADD COLUMN parked    INTEGER NOT NULL DEFAULT 0;
-- An action whose answer no longer tells how its leg is (call.Doing).
ALTER TABLE actions ADD COLUMN void INTEGER NOT NULL DEFAULT 0;

-- +goose Down

ALTER TABLE actions DROP COLUMN void;
ALTER TABLE legs DROP COLUMN parked;
ALTER TABLE legs DROP COLUMN admitted;
ALTER TABLE legs DROP COLUMN hold_sure;
