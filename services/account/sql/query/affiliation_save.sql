INSERT INTO affiliation (
    person_id, version, incarnation, organizations
)
SELECT
    person_id, version, incarnation, nullif(organizations, '')
FROM (
    SELECT
        unnest($1::uuid[]) AS person_id, unnest($2::int8[]) AS version,
        unnest($3::int8[]) AS incarnation, unnest($4::text[]) AS organizations
) AS changed
ON CONFLICT (person_id) DO UPDATE SET
    version = excluded.version, incarnation = excluded.incarnation,
    organizations = excluded.organizations
