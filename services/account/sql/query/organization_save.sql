INSERT INTO organization (
    code, name, kind, county, establishment, managing_centre, parent_code,
    phone, email, address, website, status, merged_into, active_chiefs,
    closed_at, version
)
SELECT
    unnest($1::text[]), unnest($2::text[]), unnest($3::smallint[]),
    unnest($4::text[]), unnest($5::text[]), unnest($6::text[]),
    unnest($7::text[]), unnest($8::text[]), unnest($9::text[]),
    unnest($10::text[]), unnest($11::text[]), unnest($12::smallint[]),
    unnest($13::text[]), unnest($14::integer[]), unnest($15::timestamptz[]),
    unnest($16::bigint[])
ON CONFLICT (code) DO UPDATE SET
    name = excluded.name, kind = excluded.kind, county = excluded.county,
    establishment = excluded.establishment,
    managing_centre = excluded.managing_centre,
    parent_code = excluded.parent_code, phone = excluded.phone,
    email = excluded.email, address = excluded.address,
    website = excluded.website, status = excluded.status,
    merged_into = excluded.merged_into, active_chiefs = excluded.active_chiefs,
    closed_at = excluded.closed_at, version = excluded.version
