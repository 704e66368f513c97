INSERT INTO officer_copy (
    account_id, person_id, organization, role, permissions, status, version,
    incarnation
)
SELECT
    unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[]),
    unnest($4::smallint[]), unnest($5::integer[]), unnest($6::smallint[]),
    unnest($7::bigint[]), unnest($8::bigint[])
ON CONFLICT (account_id) DO UPDATE SET
    person_id = excluded.person_id, organization = excluded.organization,
    role = excluded.role, permissions = excluded.permissions,
    status = excluded.status, version = excluded.version,
    incarnation = excluded.incarnation
