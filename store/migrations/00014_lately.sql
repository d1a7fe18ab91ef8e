-- +goose Up

-- How often a customer of the web page has called lately: there every call has a number of its own.
CREATE INDEX calls_name ON calls (account, name, started_at);

-- +goose Down

DROP INDEX calls_name;
