INSERT INTO unit_load (
    organization, pending
)
SELECT
    organization, pending
FROM unnest(
    $1::text[], $2::int4[]
) AS changed (
    organization, pending
)
ON CONFLICT (organization) DO UPDATE SET
    pending = excluded.pending
