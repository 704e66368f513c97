INSERT INTO login_claim (
    folded, account_id
)
SELECT
    folded, account_id
FROM (
    SELECT
        unnest($1::text[]) AS folded, unnest($2::uuid[]) AS account_id
) AS changed
ON CONFLICT (folded) DO UPDATE SET
    account_id = excluded.account_id
