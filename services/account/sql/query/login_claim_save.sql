INSERT INTO login_claim (
    folded, account_id
)
SELECT
    unnest($1::text[]), unnest($2::uuid[])
ON CONFLICT (folded) DO UPDATE SET
    account_id = excluded.account_id
