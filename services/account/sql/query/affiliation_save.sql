INSERT INTO affiliation (
    person_id, organizations, version
)
SELECT
    person_id, nullif(organizations, ''), version
FROM (
    SELECT
        unnest($1::uuid[]) AS person_id, unnest($2::text[]) AS organizations,
        unnest($3::int8[]) AS version
) AS changed
ON CONFLICT (person_id) DO UPDATE SET
    organizations = excluded.organizations, version = excluded.version
