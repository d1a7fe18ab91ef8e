-- +goose Up

-- What a report counts, without the texts that a search looks in, and of the parts those that count.
CREATE INDEX digests_counts ON digests (account, started, outcome, answered, wait, transfers);
CREATE INDEX parts_counts ON parts (call, who, spoke, talked, missed) WHERE spoke <> 0 OR missed <> 0;

-- +goose Down

DROP INDEX parts_counts;
DROP INDEX digests_counts;
