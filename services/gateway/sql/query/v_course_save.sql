INSERT INTO v_course (
    course_id, version, incarnation, account_id, organization, title, state
)
SELECT
    unnest($1::text[]), unnest($2::bigint[]), unnest($3::bigint[]),
    unnest($4::uuid[]), unnest($5::text[]), unnest($6::text[]),
    unnest($7::smallint[])
ON CONFLICT (course_id) DO UPDATE SET
    version = excluded.version, incarnation = excluded.incarnation,
    account_id = excluded.account_id, organization = excluded.organization,
    title = excluded.title, state = excluded.state
