SELECT code::text, code::text, version
FROM organization
WHERE code > $1::text
ORDER BY code LIMIT $2::integer
