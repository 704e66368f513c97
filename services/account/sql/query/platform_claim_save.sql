INSERT INTO platform_claim (
    name, organization
)
SELECT
    name, organization
FROM (
    SELECT
        unnest($1::text[]) AS name, unnest($2::text[]) AS organization
) AS changed
ON CONFLICT (name) DO UPDATE SET
    organization = excluded.organization
