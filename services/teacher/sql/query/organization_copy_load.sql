SELECT
    code, kind, status, managing_centre, parent_code, merged_into, version,
    incarnation
FROM organization_copy
WHERE code = ANY($1::text[])
ORDER BY code
