-- The teams an agent belongs to, separated by commas (agent.Agent).

-- +goose Up

ALTER TABLE agents ADD COLUMN teams TEXT NOT NULL DEFAULT '';

-- +goose Down

ALTER TABLE agents DROP COLUMN teams;
