INSERT INTO organization_copy (
    code, kind, status, managing_centre, parent_code, version, incarnation
)
SELECT
    unnest($1::text[]), unnest($2::smallint[]), unnest($3::smallint[]),
    unnest($4::text[]), unnest($5::text[]), unnest($6::bigint[]),
    unnest($7::bigint[])
ON CONFLICT (code) DO UPDATE SET
    kind = excluded.kind, status = excluded.status,
    managing_centre = excluded.managing_centre,
    parent_code = excluded.parent_code, version = excluded.version,
    incarnation = excluded.incarnation
