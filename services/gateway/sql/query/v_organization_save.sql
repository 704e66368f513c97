INSERT INTO v_organization (
    code, version, incarnation, name, folded, kind, county, establishment,
    managing_centre, parent_code, phone, email, address, website, status,
    merged_into, active_chiefs
)
SELECT
    unnest($1::text[]), unnest($2::bigint[]), unnest($3::bigint[]),
    unnest($4::text[]), unnest($5::text[]), unnest($6::smallint[]),
    unnest($7::text[]), unnest($8::text[]), unnest($9::text[]),
    unnest($10::text[]), unnest($11::text[]), unnest($12::text[]),
    unnest($13::text[]), unnest($14::text[]), unnest($15::smallint[]),
    unnest($16::text[]), unnest($17::integer[])
ON CONFLICT (code) DO UPDATE SET
    version = excluded.version, incarnation = excluded.incarnation,
    name = excluded.name, folded = excluded.folded, kind = excluded.kind,
    county = excluded.county, establishment = excluded.establishment,
    managing_centre = excluded.managing_centre,
    parent_code = excluded.parent_code, phone = excluded.phone,
    email = excluded.email, address = excluded.address,
    website = excluded.website, status = excluded.status,
    merged_into = excluded.merged_into, active_chiefs = excluded.active_chiefs
