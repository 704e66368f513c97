SELECT
    code, kind, status, managing_centre, parent_code
FROM organization
WHERE code = ANY($1::text[])
ORDER BY code
