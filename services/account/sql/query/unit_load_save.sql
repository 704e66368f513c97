INSERT INTO unit_load (
    organization, pending
)
SELECT
    organization, pending
FROM (
    SELECT
        unnest($1::text[]) AS organization, unnest($2::int4[]) AS pending
) AS changed
ON CONFLICT (organization) DO UPDATE SET
    pending = excluded.pending
