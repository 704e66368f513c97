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
FROM (
    SELECT
        unnest($1::text[]) AS code, unnest($2::text[]) AS name,
        unnest($3::int2[]) AS kind, unnest($4::text[]) AS county,
        unnest($5::text[]) AS establishment,
        unnest($6::text[]) AS managing_centre,
        unnest($7::text[]) AS parent_code, unnest($8::text[]) AS phone,
        unnest($9::text[]) AS email, unnest($10::text[]) AS address,
        unnest($11::text[]) AS website, unnest($12::int2[]) AS status,
        unnest($13::text[]) AS merged_into,
        unnest($14::int4[]) AS active_chiefs,
        unnest($15::timestamptz[]) AS closed_at, unnest($16::int8[]) AS version
) AS changed
ON CONFLICT (code) DO UPDATE SET
    name = excluded.name, kind = excluded.kind, county = excluded.county,
    establishment = excluded.establishment,
    managing_centre = excluded.managing_centre,
    parent_code = excluded.parent_code, phone = excluded.phone,
    email = excluded.email, address = excluded.address,
    website = excluded.website, status = excluded.status,
    merged_into = excluded.merged_into, active_chiefs = excluded.active_chiefs,
    closed_at = excluded.closed_at, version = excluded.version
