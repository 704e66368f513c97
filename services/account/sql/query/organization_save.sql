INSERT INTO organization (
    code, name, kind, county, establishment, managing_centre, parent_code,
    phone, email, address, website, status, merged_into, active_chiefs,
    closed_at, version
)
SELECT
    code, name, kind, nullif(county, ''), nullif(establishment, ''),
    nullif(managing_centre, ''), nullif(parent_code, ''), nullif(phone, ''),
    nullif(email, ''), nullif(address, ''), nullif(website, ''), status,
    nullif(merged_into, ''), active_chiefs, closed_at, version
FROM unnest(
    $1::text[], $2::text[], $3::int2[], $4::text[], $5::text[], $6::text[],
    $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::int2[],
    $13::text[], $14::int4[], $15::timestamptz[], $16::int8[]
) AS changed (
    code, name, kind, county, establishment, managing_centre, parent_code,
    phone, email, address, website, status, merged_into, active_chiefs,
    closed_at, version
)
ON CONFLICT (code) DO UPDATE SET
    name = excluded.name, kind = excluded.kind, county = excluded.county,
    establishment = excluded.establishment,
    managing_centre = excluded.managing_centre,
    parent_code = excluded.parent_code, phone = excluded.phone,
    email = excluded.email, address = excluded.address,
    website = excluded.website, status = excluded.status,
    merged_into = excluded.merged_into, active_chiefs = excluded.active_chiefs,
    closed_at = excluded.closed_at, version = excluded.version
