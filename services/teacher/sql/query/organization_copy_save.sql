INSERT INTO organization_copy (
    code, kind, status, managing_centre, parent_code, merged_into, version,
    incarnation
)
SELECT
    unnest($1::text[]), unnest($2::smallint[]), unnest($3::smallint[]),
    unnest($4::text[]), unnest($5::text[]), unnest($6::text[]),
    unnest($7::bigint[]), unnest($8::bigint[])
ON CONFLICT (code) DO UPDATE SET
    kind = excluded.kind, status = excluded.status,
    managing_centre = excluded.managing_centre,
    parent_code = excluded.parent_code, merged_into = excluded.merged_into,
    version = excluded.version, incarnation = excluded.incarnation
