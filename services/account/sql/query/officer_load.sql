-- By hand: it reads business accounts with their units, and teachers' accounts,
-- which have no unit.
SELECT
    a.account_id, a.organization, a.person_id, a.role, a.permissions, a.status,
    o.kind, o.status AS unit_status, a.version
FROM business_account AS a
JOIN organization AS o ON o.code = a.organization
WHERE a.account_id = ANY($1::uuid[])
UNION ALL
SELECT account_id, ''::text, person_id, 0::smallint, 0, status, 0::smallint,
    0::smallint, version
FROM teacher_account
WHERE account_id = ANY($1::uuid[])
ORDER BY account_id
