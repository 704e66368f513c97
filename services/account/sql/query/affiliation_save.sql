INSERT INTO affiliation (
    person_id, version, incarnation, organizations
)
SELECT
    person_id, version, incarnation, nullif(organizations, '')
FROM unnest(
    $1::uuid[], $2::int8[], $3::int8[], $4::text[]
) AS changed (
    person_id, version, incarnation, organizations
)
ON CONFLICT (person_id) DO UPDATE SET
    version = excluded.version, incarnation = excluded.incarnation,
    organizations = excluded.organizations
