INSERT INTO course_guard (
    course_id, account_id, organization, title, state, course_version
)
SELECT
    unnest($1::text[]), unnest($2::uuid[]), unnest($3::text[]),
    unnest($4::text[]), unnest($5::smallint[]), unnest($6::bigint[])
ON CONFLICT (course_id) DO UPDATE SET
    account_id = excluded.account_id, organization = excluded.organization,
    title = excluded.title, state = excluded.state,
    course_version = excluded.course_version
