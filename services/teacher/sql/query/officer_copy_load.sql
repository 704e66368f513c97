SELECT
    account_id, person_id, organization, role, permissions, status, version,
    incarnation
FROM officer_copy
WHERE account_id = ANY($1::uuid[])
ORDER BY account_id
