SELECT account_id::text, organization::text, version
FROM business_account
WHERE account_id > $1::uuid
ORDER BY account_id LIMIT $2::integer
