INSERT INTO platform_claim (
    name, organization
)
SELECT
    name, organization
FROM unnest(
    $1::text[], $2::text[]
) AS changed (
    name, organization
)
ON CONFLICT (name) DO UPDATE SET
    organization = excluded.organization
