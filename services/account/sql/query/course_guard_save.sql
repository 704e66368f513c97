INSERT INTO course_guard (
    course_id, account_id, organization, title, state, course_version
)
SELECT
    course_id, account_id, organization, nullif(title, ''), state,
    course_version
FROM unnest(
    $1::text[], $2::uuid[], $3::text[], $4::text[], $5::int2[], $6::int8[]
) AS changed (
    course_id, account_id, organization, title, state, course_version
)
ON CONFLICT (course_id) DO UPDATE SET
    account_id = excluded.account_id, organization = excluded.organization,
    title = excluded.title, state = excluded.state,
    course_version = excluded.course_version
