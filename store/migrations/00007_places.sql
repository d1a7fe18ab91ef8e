-- Where a leg is that is not with its call, and two names for what had one (call.Call: LostIn, Place, OwnerUntil).

-- +goose Up

ALTER TABLE legs ADD COLUMN elsewhere INTEGER NOT NULL DEFAULT 0;
ALTER TABLE legs ADD COLUMN astray_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE legs ADD COLUMN strays    INTEGER NOT NULL DEFAULT 0;

UPDATE calls SET rest = json_remove(json_set(rest,
        '$.place', rest ->> '$.was',
        '$.owner_until', CASE WHEN coalesce(rest ->> '$.lost_agent', '') = '' THEN coalesce(rest ->> '$.lost_until', 0) ELSE 0 END), '$.was')
    WHERE stage = 'awaiting' AND rest ->> '$.was' IS NOT NULL;
UPDATE calls SET rest = json_remove(json_set(rest, '$.lost_in', rest ->> '$.was'), '$.was')
    WHERE rest ->> '$.was' IS NOT NULL;

-- +goose Down

UPDATE calls SET rest = json_remove(json_set(rest,
        '$.was', rest ->> '$.place',
        '$.lost_until', CASE WHEN coalesce(rest ->> '$.owner_until', 0) = 0 THEN coalesce(rest ->> '$.lost_until', 0) ELSE rest ->> '$.owner_until' END),
        '$.place', '$.owner_until')
    WHERE rest ->> '$.place' IS NOT NULL;
UPDATE calls SET rest = json_remove(json_set(rest, '$.was', rest ->> '$.lost_in'), '$.lost_in')
    WHERE rest ->> '$.lost_in' IS NOT NULL;

ALTER TABLE legs DROP COLUMN strays;
ALTER TABLE legs DROP COLUMN astray_at;
ALTER TABLE legs DROP COLUMN elsewhere;
