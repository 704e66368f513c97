SELECT
    folded, account_id
FROM login_claim
WHERE folded = ANY($1::text[])
ORDER BY folded
FOR UPDATE
