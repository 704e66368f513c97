INSERT INTO unit_load (
    organization, pending
)
SELECT
    unnest($1::text[]), unnest($2::integer[])
ON CONFLICT (organization) DO UPDATE SET
    pending = excluded.pending
