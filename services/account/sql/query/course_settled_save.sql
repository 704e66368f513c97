INSERT INTO course_settled (
    account_id, account_version
)
SELECT
    unnest($1::uuid[]), unnest($2::bigint[])
ON CONFLICT (account_id) DO UPDATE SET
    account_version = excluded.account_version
