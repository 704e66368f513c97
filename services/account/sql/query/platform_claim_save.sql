INSERT INTO platform_claim (
    name, organization
)
SELECT
    unnest($1::text[]), unnest($2::text[])
ON CONFLICT (name) DO UPDATE SET
    organization = excluded.organization
