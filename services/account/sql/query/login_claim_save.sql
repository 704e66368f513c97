INSERT INTO login_claim (
    folded, account_id
)
SELECT
    folded, account_id
FROM unnest(
    $1::text[], $2::uuid[]
) AS changed (
    folded, account_id
)
ON CONFLICT (folded) DO UPDATE SET
    account_id = excluded.account_id
