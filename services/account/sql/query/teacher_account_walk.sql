SELECT account_id::text, person_id::text, version
FROM teacher_account
WHERE account_id > $1::uuid
ORDER BY account_id LIMIT $2::integer
