SELECT
    code, name, kind, county, establishment, managing_centre, parent_code,
    phone, email, address, website, status, merged_into, active_chiefs,
    closed_at, version
FROM organization
WHERE code = ANY($1::text[])
ORDER BY code
