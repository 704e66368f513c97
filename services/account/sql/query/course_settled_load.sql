SELECT
    account_id, account_version
FROM course_settled
WHERE account_id = ANY($1::uuid[])
ORDER BY account_id
