SELECT
    code, version, incarnation, name, folded, kind, county, establishment,
    managing_centre, parent_code, phone, email, address, website, status,
    merged_into, active_chiefs
FROM v_organization
WHERE code = ANY($1::text[])
ORDER BY code
