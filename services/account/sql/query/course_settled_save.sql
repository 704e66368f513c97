INSERT INTO course_settled (
    account_id, account_version
)
SELECT
    account_id, account_version
FROM (
    SELECT
        unnest($1::uuid[]) AS account_id, unnest($2::int8[]) AS account_version
) AS changed
ON CONFLICT (account_id) DO UPDATE SET
    account_version = excluded.account_version
