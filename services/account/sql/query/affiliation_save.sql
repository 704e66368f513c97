INSERT INTO affiliation (
    person_id, organizations, version
)
SELECT
    person_id, nullif(organizations, ''), version
FROM unnest(
    $1::uuid[], $2::text[], $3::int8[]
) AS changed (
    person_id, organizations, version
)
ON CONFLICT (person_id) DO UPDATE SET
    organizations = excluded.organizations, version = excluded.version
