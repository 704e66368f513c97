INSERT INTO course_guard (
    course_id, account_id, organization, title, state, course_version
)
SELECT
    course_id, account_id, organization, nullif(title, ''), state,
    course_version
FROM (
    SELECT
        unnest($1::text[]) AS course_id, unnest($2::uuid[]) AS account_id,
        unnest($3::text[]) AS organization, unnest($4::text[]) AS title,
        unnest($5::int2[]) AS state, unnest($6::int8[]) AS course_version
) AS changed
ON CONFLICT (course_id) DO UPDATE SET
    account_id = excluded.account_id, organization = excluded.organization,
    title = excluded.title, state = excluded.state,
    course_version = excluded.course_version
