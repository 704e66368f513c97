SELECT
    account_id, organization
FROM business_account
WHERE account_id = ANY($1::uuid[])
ORDER BY account_id
