SELECT
    course_id, account_id, organization, title, state, course_version
FROM course_guard
WHERE course_id = ANY($1::text[])
ORDER BY course_id
