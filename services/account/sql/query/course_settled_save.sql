INSERT INTO course_settled (
    account_id, account_version
)
SELECT
    account_id, account_version
FROM unnest(
    $1::uuid[], $2::int8[]
) AS changed (
    account_id, account_version
)
ON CONFLICT (account_id) DO UPDATE SET
    account_version = excluded.account_version
