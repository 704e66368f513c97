INSERT INTO organization_copy (code, kind, status, managing_centre,
    parent_code, version, incarnation)
SELECT * FROM unnest($1::text[], $2::smallint[], $3::smallint[], $4::text[],
    $5::text[], $6::bigint[], $7::bigint[])
ON CONFLICT (code) DO UPDATE SET
    kind = excluded.kind,
    status = excluded.status,
    managing_centre = excluded.managing_centre,
    parent_code = excluded.parent_code,
    version = excluded.version,
    incarnation = excluded.incarnation
