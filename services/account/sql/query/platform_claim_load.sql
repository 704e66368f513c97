SELECT
    name, organization
FROM platform_claim
WHERE name = ANY($1::text[])
ORDER BY name
FOR UPDATE
