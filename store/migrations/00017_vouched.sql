-- When a customer's page asked to call, which is where their place in line counts from, and what the site around it has
-- signed of them (call.Vouched, JSON).

-- +goose Up
ALTER TABLE tickets ADD COLUMN given_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tickets ADD COLUMN vouched TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE tickets DROP COLUMN vouched;
ALTER TABLE tickets DROP COLUMN given_at;
