INSERT INTO affiliation (
    person_id, version, incarnation, organizations
)
SELECT
    unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::bigint[]),
    unnest($4::text[])
ON CONFLICT (person_id) DO UPDATE SET
    version = excluded.version, incarnation = excluded.incarnation,
    organizations = excluded.organizations
