INSERT INTO officer_copy (account_id, person_id, organization, role,
    permissions, status, version, incarnation)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[],
    $5::integer[], $6::smallint[], $7::bigint[], $8::bigint[])
ON CONFLICT (account_id) DO UPDATE SET
    person_id = excluded.person_id,
    organization = excluded.organization,
    role = excluded.role,
    permissions = excluded.permissions,
    status = excluded.status,
    version = excluded.version,
    incarnation = excluded.incarnation
