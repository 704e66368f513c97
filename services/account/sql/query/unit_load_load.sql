SELECT
    organization, pending
FROM unit_load
WHERE organization = ANY($1::text[])
ORDER BY organization
