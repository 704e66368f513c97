-- A returned row is new. No row: the key was used before.
INSERT INTO import (import_id, scope, idempotency_key, request_hash, kind,
       organization, state, report, created_at, warned)
VALUES ($1::uuid, $2::text, $3::text, $4::bytea, $5::smallint, $6::text,
        $7::smallint, $8::text, $9::timestamptz, $10::integer)
    ON CONFLICT DO NOTHING
RETURNING import_id
