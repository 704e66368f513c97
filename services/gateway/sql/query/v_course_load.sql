SELECT
    course_id, version, incarnation, account_id, organization, title, state
FROM v_course
WHERE course_id = ANY($1::text[])
ORDER BY course_id
